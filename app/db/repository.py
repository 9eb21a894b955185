"""Repositories: born scoped to one owner, speaking Core, returning immutable rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Row, Table, bindparam, insert, select, update

from app.db import words
from app.db.deletion import FIND_TOMBSTONE, erase
from app.db.links import Links
from app.db.outlines import Outline
from app.db.paging import Listing, Page, Query
from app.db.references import absent, reference_columns, referred_table, unknown
from app.db.transaction import Owner, Transaction
from app.db.veils import PRIVATE, shown
from app.kit.ids import new_id
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.problems import IdDeleted, IdTaken, NotFound
from app.kit.schemas import Patch, Request


class Repository:
    """Statements on one collection, all of which carry `owner_id = :owner`.

    There is no way to load a record by its bare id. A subclass names its `table`, and its
    `listing`, its `lists` and what is `outlined` where it has them; further statements are its own
    methods.
    """

    table: ClassVar[Table]
    listing: ClassVar[Listing]
    outlined: ClassVar[Outline]
    lists: ClassVar[Sequence[Links]] = ()
    """Lists of ids that belong to each record, kept in link tables.

    They are read, checked and written with the record, by their names; a `listing` names their
    `ids` among its `columns`. A request gives such a list in the order of its ids, as it is read,
    so that equal lists compare equal.
    """

    private: ClassVar[Collection[str]] = ()
    """Columns that nobody but the person sees or writes."""

    _find: ClassVar[Any]
    _insert: ClassVar[Any]
    _insert_all: ClassVar[Any]
    _updates: ClassVar[dict[tuple[str, ...], Any]]

    def __init_subclass__(cls) -> None:
        table = cls.table
        cls._find = select(*table.c, *(links.ids for links in cls.lists)).where(
            table.c.owner_id == bindparam("owner"), table.c.id == bindparam("record")
        )
        cls._insert = insert(table).returning(*table.c)
        cls._insert_all = insert(table)
        cls._updates = {}

    def __init__(self, transaction: Transaction, caller: Owner) -> None:
        self.transaction = transaction
        self.caller = caller
        self.owner_id = caller.owner_id

    async def find(self, record_id: UUID) -> Row[Any] | None:
        """The record, or None when this person has none with that id that the caller may see."""
        return await self._find_by(shown(self._find, self.table, self.caller), record_id)

    async def get(self, record_id: UUID) -> Row[Any]:
        """The record.

        Raises:
            NotFound: this person has none with that id.
        """
        row = await self.find(record_id)
        if row is None:
            raise NotFound
        return row

    async def lock(self, record_id: UUID) -> Row[Any]:
        """The record, which nobody else changes until this transaction ends.

        Raises:
            NotFound: this person has none with that id.
        """
        await self.transaction.revise(self.owner_id)
        return await self.get(record_id)

    async def change(
        self, record_id: UUID, patch: Patch, precondition: Precondition
    ) -> tuple[Row[Any], dict[str, Any]]:
        """The locked record, and what a patch would change in what the caller sees of it.

        A patch that changes nothing needs no matching revision, so that a caller whose answer was
        lost can send it again (RFC 9110, section 13.1.1).

        Raises:
            NotFound: this person has none with that id.
            PreconditionFailed: the record has changed since the caller read it.
        """
        record = await self.lock(record_id)
        changes = patch.changes(self.as_seen(record))
        if changes:
            precondition.check(record.revision)
        return record, changes

    async def find_repeat(self, body: Request) -> Row[Any] | None:
        """The record that an earlier request with the same id and contents has stored.

        Raises:
            IdTaken: the id names a record with other contents.
        """
        given = body.given()
        if "id" not in given:
            return None
        await self.transaction.revise(self.owner_id)
        record = await self._find_by(self._find, given["id"])
        if record is None:
            return None
        if not self.caller.sees(PRIVATE) and await self.find(record.id) is None:
            raise IdTaken
        seen = self.as_seen(record)
        for name, value in given.items():
            if name in record._fields and getattr(seen, name) != value:
                raise IdTaken
        return record

    def as_seen(self, record: Row[Any]) -> Any:
        """A record as the caller sees it, with what is hidden from them left empty.

        What they send is compared with this, so that no answer tells a guess from a miss, and what
        they send back as they read it changes nothing.
        """
        hidden: dict[str, Any] = {
            column.name: None
            for column in reference_columns(self.table)
            if column.nullable and not self.caller.sees(referred_table(column).name)
        }
        for links in self.lists:
            if not self.caller.sees(referred_table(links.target).name):
                hidden[links.name] = []
        if not self.caller.sees(PRIVATE):
            hidden |= dict.fromkeys(self.private)
        if not hidden:
            return record
        return SimpleNamespace(**{**record._mapping, **hidden})  # noqa: SLF001 -- SQLAlchemy's public name

    async def check_references(
        self, values: Mapping[str, Any], pointers: Mapping[str, str] | None = None
    ) -> None:
        """Let values through whose references name records of this person; these stay meanwhile.

        `pointers` says by column where a reference stands in the request, if not under its name.

        Raises:
            Invalid: a reference names no record of this person; hidden and absent answer alike.
        """
        await self.transaction.revise(self.owner_id)
        wrong = [
            (pointers or {}).get(name, f"/{name}")
            for name, column, ids in self._references_in(values)
            if await absent(self.transaction, self.caller, column, ids)
        ]
        if wrong:
            raise unknown(*wrong)

    async def page(self, query: Query) -> Page:
        """One page of the list. A filter by a record that the caller does not see finds nothing.

        Raises:
            InvalidCursor: the cursor was made for another list, sort or filter.
        """
        cursors = self.transaction.database.cursors
        statement, parameters, binding = self.listing.prepare(self.owner_id, query, cursors)
        for name in query.filters:
            about = self.listing.filters[name].about
            if about is not None and not self.caller.sees(referred_table(about).name):
                return Page([], None)
        statement = shown(statement, self.table, self.caller)
        rows = (await self.transaction.execute(statement, parameters)).all()
        return self.listing.page(rows, query, binding, cursors)

    async def outline(self, period: Period | None = None) -> Sequence[Row[Any]]:
        """Few columns of the records of a period, or of all of them, in the order of their ids.

        There are none of a collection that the caller does not see.
        """
        return await self.outlined.read(self.transaction, self.caller, period)

    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        """Store a new record, under the id in `values` or a fresh one.

        Raises:
            IdDeleted: a record with that id was deleted before.
        """
        revision = await self.transaction.revise(self.owner_id)
        record_id = values.get("id")
        if record_id is None:
            record_id = new_id()
        elif await self._was_deleted(record_id):
            raise IdDeleted
        now = self.transaction.clock.now()
        stored = await self.transaction.execute(
            self._insert,
            {
                "created_at": now,
                **self._without_lists(values),
                "owner_id": self.owner_id,
                "id": record_id,
                "updated_at": now,
                "revision": revision,
            },
        )
        row = await self._with_lists(stored.one(), values)
        await self._learn([row._mapping], new=True)  # noqa: SLF001 -- SQLAlchemy's public name
        return row

    async def insert_all(self, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Store several new records in one statement, under fresh ids; their ids in order.

        Their lists of ids are empty.
        """
        if not rows:
            return []
        now = self.transaction.clock.now()
        stamp = {
            "owner_id": self.owner_id,
            "created_at": now,
            "updated_at": now,
            "revision": await self.transaction.revise(self.owner_id),
        }
        stored = [{**row, **stamp, "id": new_id()} for row in rows]
        await self.transaction.execute(self._insert_all, stored)
        await self._learn(stored, new=True)
        return [row["id"] for row in stored]

    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        """Change a record and stamp it with this transaction's revision.

        Raises:
            NotFound: this person has none with that id.
        """
        revision = await self.transaction.revise(self.owner_id)
        columns = self._without_lists(changes)
        names = tuple(sorted({*columns, "updated_at", "revision"}))
        statement = self._updates.get(names)
        if statement is None:
            statement = self._updates[names] = self._build_update(names)
        stored = await self.transaction.execute(
            statement,
            {
                "owner": self.owner_id,
                "record": record_id,
                **{f"new_{name}": value for name, value in columns.items()},
                "new_updated_at": self.transaction.clock.now(),
                "new_revision": revision,
            },
        )
        row = stored.one_or_none()
        if row is None:
            raise NotFound
        row = await self._with_lists(row, changes)
        if words.concerns(self.table, changes):
            await self._learn([row._mapping])  # noqa: SLF001 -- SQLAlchemy's public name
        return row

    async def delete(self, record_id: UUID) -> dict[str, set[UUID]]:
        """Delete a record with all that depends on it; the deleted ids by collection."""
        return await erase(self.transaction, self.owner_id, self.table, {record_id})

    async def _find_by(self, statement: Any, record_id: UUID) -> Row[Any] | None:
        found = await self.transaction.execute(
            statement, {"owner": self.owner_id, "record": record_id}
        )
        return found.one_or_none()

    def _references_in(
        self, values: Mapping[str, Any]
    ) -> Iterator[tuple[str, Column[Any], Collection[UUID]]]:
        """The references that values carry: their name, the column that holds them, the ids."""
        for column in reference_columns(self.table):
            if (named := values.get(column.name)) is not None:
                yield column.name, column, [named]
        for links in self.lists:
            yield links.name, links.target, values.get(links.name, ())

    def _without_lists(self, values: Mapping[str, Any]) -> dict[str, Any]:
        names = {links.name for links in self.lists}
        return {name: value for name, value in values.items() if name not in names}

    async def _with_lists(self, row: Row[Any], values: Mapping[str, Any]) -> Row[Any]:
        """A record that was just stored, with its lists; those among `values` are written first."""
        if not self.lists:
            return row
        for links in self.lists:
            if links.name in values:
                wanted = values[links.name]
                await links.replace(self.transaction, self.owner_id, row.id, wanted)
        return await self.get(row.id)

    async def _learn(self, records: Sequence[words.Record], *, new: bool = False) -> None:
        await words.learn(self.transaction, self.owner_id, self.table, records, new=new)

    async def _was_deleted(self, record_id: UUID) -> bool:
        found = await self.transaction.execute(
            FIND_TOMBSTONE,
            {"owner": self.owner_id, "collection": self.table.name, "record": record_id},
        )
        return found.one_or_none() is not None

    @classmethod
    def _build_update(cls, names: tuple[str, ...]) -> Any:
        table = cls.table
        return (
            update(table)
            .where(table.c.owner_id == bindparam("owner"), table.c.id == bindparam("record"))
            .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
            .returning(*table.c)
        )
