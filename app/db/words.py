"""The words of every searched record, kept in the transaction that writes it.

Each room registers the tables whose texts are searched; repositories and deletion keep the words
of these tables by themselves. It is one plain table with the same statements on both engines, and
its rows go with the records they were read from: no text survives in an index of its own.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnClause,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    String,
    Table,
    TableClause,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.transaction import Database, Transaction
from app.db.types import Id
from app.kit.problems import Unauthenticated
from app.kit.words import MAX_WORD_CHARACTERS, forms_of, words_in

MAX_WORDS = 2_000
"""Different words of one record that are found; those after them are not."""

IN_TITLE, AS_WRITTEN, IN_PRIVATE = 1, 2, 4
"""The bits of a weight: the title has the form; a word is written so, and not merely stemmed; the
form stands nowhere but in texts that only the person sees."""

RECORDS_AT_ONCE = 500
"""Records that one transaction of a rebuild compares."""

Record = Mapping[Any, Any]
"""What stands in a row, by the names of its columns."""


def _exact(characters: int) -> String:
    """Text in the order of its characters on both engines, whatever the database's own order is.

    Only then are the words that begin alike neighbours in an index.
    """
    plain = String(characters)
    return plain.with_variant(String(characters, collation="C"), "postgresql")


class SearchWord(Base):
    """A record holds a form of a word."""

    __tablename__ = "search_words"
    registration: ClassVar[Registration] = Registration("owner_id", export=False, erasure="cascade")
    __table_args__ = (
        CheckConstraint("weight BETWEEN 0 AND 7", name="weight"),
        Index(None, "owner_id", "collection", "id"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[str] = mapped_column(_exact(MAX_WORD_CHARACTERS), primary_key=True)
    collection: Mapped[str] = mapped_column(_exact(60), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    weight: Mapped[int] = mapped_column(SmallInteger)


@dataclass(frozen=True)
class Searched:
    """A table whose records are found by their words.

    `title` is the column that names a record, if one does. `texts` are further columns: texts, or
    JSON whose strings count. Of an object in such JSON only the strings under `keys` do, so that no
    code of a vocabulary is taken for something a person wrote. By the words of `private` texts only
    the person finds it.
    """

    table: Table
    texts: tuple[Column[Any], ...]
    title: Column[Any] | None = None
    keys: Collection[str] = ()
    private: tuple[Column[Any], ...] = ()
    columns: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        names = {column.name for column in (*self.texts, *self.private)}
        titles = set() if self.title is None else {self.title.name}
        object.__setattr__(self, "columns", frozenset(names | titles))

    def title_of(self, record: Record) -> str | None:
        """What names a record."""
        return None if self.title is None else record.get(self.title.name)

    def texts_of(self, record: Record, *, private: bool = False) -> Iterator[str]:
        """What else a person wrote in a record: what others may see of it, or what they may not."""
        for column in self.private if private else self.texts:
            yield from self._strings(record.get(column.name))

    def _strings(self, value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for one in value:
                yield from self._strings(one)
        elif isinstance(value, dict):
            for key in self.keys:
                yield from self._strings(value.get(key))

    def weights_of(self, record: Record) -> dict[str, int]:
        """The forms of a record's words, each with its weight."""
        weights: dict[str, int] = {}
        seen: set[str] = set()
        title = self.title_of(record)
        for place, texts in (
            (IN_TITLE, [title] if title else []),
            (0, self.texts_of(record)),
            (IN_PRIVATE, self.texts_of(record, private=True)),
        ):
            for word in (one.word for text in texts for one in words_in(text)):
                if word in seen:
                    continue
                if len(seen) == MAX_WORDS:
                    return weights
                seen.add(word)
                for form in forms_of(word):
                    weight = place | (AS_WRITTEN if form == word else 0)
                    if place != IN_PRIVATE or weights.get(form, IN_PRIVATE) & IN_PRIVATE:
                        # A form that others may see tells nothing of the private texts.
                        weights[form] = weights.get(form, 0) | weight
        return weights


_searched: dict[Table, Searched] = {}


def register(*tables: Searched) -> None:
    """Let the search know of further tables."""
    _searched.update({one.table: one for one in tables})


def searched() -> dict[str, Searched]:
    """Every searched table by its name."""
    return {table.name: one for table, one in _searched.items()}


_words = table_of(SearchWord)
# The room of people stands above this one: its table is named.
_accounts = TableClause("accounts", ColumnClause("id", Id()))

_OF_RECORDS = (
    _words.c.owner_id == bindparam("owner"),
    _words.c.collection == bindparam("of"),
    _words.c.id.in_(bindparam("ids", expanding=True)),
)
_FIND = select(_words.c.id, _words.c.word, _words.c.weight).where(*_OF_RECORDS)
_FORGET = delete(_words).where(*_OF_RECORDS)
_ADD = insert(_words)
_REMOVE = delete(_words).where(
    _words.c.owner_id == bindparam("owner"),
    _words.c.word == bindparam("gone"),
    _words.c.collection == bindparam("of"),
    _words.c.id == bindparam("record"),
)
_PEOPLE = (
    select(_accounts.c.id)
    .where(_accounts.c.id > bindparam("after", type_=Id()))
    .order_by(_accounts.c.id)
    .limit(RECORDS_AT_ONCE)
)
_REMOVE_STRANGE = delete(_words).where(
    _words.c.owner_id == bindparam("owner"),
    _words.c.collection.not_in(bindparam("known", expanding=True)),
)


def concerns(table: Table, columns: Iterable[str]) -> bool:
    """Whether records of a table are found by what stands in any of these columns."""
    found = _searched.get(table)
    return found is not None and not found.columns.isdisjoint(columns)


async def learn(
    transaction: Transaction,
    owner_id: UUID,
    table: Table,
    records: Sequence[Record],
    *,
    new: bool = False,
) -> int:
    """Let records of one table be found by the words they have now; how many entries changed.

    Does nothing for a table that is not searched. `new` says that none of them was known before.
    """
    if (one := _searched.get(table)) is None or not records:
        return 0
    mine = {"owner": owner_id, "of": table.name}
    before: set[tuple[Any, ...]] = set()
    if not new:
        ids = [record["id"] for record in records]
        before = {tuple(row) for row in await transaction.execute(_FIND, {**mine, "ids": ids})}
    after = {
        (record["id"], word, weight)
        for record in records
        for word, weight in one.weights_of(record).items()
    }
    if gone := before - after:
        await transaction.execute(
            _REMOVE, [{**mine, "record": id_, "gone": word} for id_, word, _ in gone]
        )
    if added := after - before:
        await transaction.execute(
            _ADD,
            [
                {
                    "owner_id": owner_id,
                    "word": word,
                    "collection": table.name,
                    "id": id_,
                    "weight": weight,
                }
                for id_, word, weight in sorted(added, key=_by_word)
            ],
        )
    return len(gone) + len(added)


def _by_word(entry: tuple[Any, ...]) -> str:
    """In the order of the key, so that rows which are written together lie together."""
    return str(entry[1])


async def forget(
    transaction: Transaction, owner_id: UUID, table: Table, ids: Sequence[UUID]
) -> None:
    """Let deleted records no longer be found."""
    if table in _searched:
        await transaction.execute(_FORGET, {"owner": owner_id, "of": table.name, "ids": ids})


async def rebuild(database: Database) -> AsyncIterator[int]:
    """Read the words of everybody's records anew; per person, how many entries were wrong.

    It can run while the program serves: each transaction compares a few hundred records of one
    person, under that person's lock.
    """
    after = UUID(int=0)
    while True:
        async with database.read(everyone=True) as transaction:
            owners = (await transaction.execute(_PEOPLE, {"after": after})).scalars().all()
        for owner_id in owners:
            try:
                yield await _rebuild_one(database, owner_id)
            except Unauthenticated:
                continue  # The account was deleted meanwhile, and its words with it.
        if not owners:
            return
        after = owners[-1]


async def _rebuild_one(database: Database, owner_id: UUID) -> int:
    mine = {"owner": owner_id}
    changed = 0
    for table in _searched:
        last, found = UUID(int=0), RECORDS_AT_ONCE
        while found == RECORDS_AT_ONCE:
            async with database.write() as transaction:
                transaction.enter(owner_id)
                await transaction.revise(owner_id)
                rows = await transaction.execute(_records_after(table), {**mine, "after": last})
                records = rows.mappings().all()
                changed += await learn(transaction, owner_id, table, records)
            found = len(records)
            last = records[-1]["id"] if records else last
    async with database.write() as transaction:
        transaction.enter(owner_id)
        await transaction.revise(owner_id)
        for table in _searched:
            changed += (await transaction.execute(_orphans(table), mine)).rowcount
        strange = await transaction.execute(_REMOVE_STRANGE, {**mine, "known": list(searched())})
        return changed + strange.rowcount


@cache
def _records_after(table: Table) -> Select[Any]:
    return (
        select(table)
        .where(
            table.c.owner_id == bindparam("owner"),
            table.c.id > bindparam("after", type_=table.c.id.type),
        )
        .order_by(table.c.id)
        .limit(RECORDS_AT_ONCE)
    )


@cache
def _orphans(table: Table) -> Any:
    """Words of records that are gone."""
    kept = select(table.c.id).where(table.c.owner_id == bindparam("owner"))
    return delete(_words).where(
        _words.c.owner_id == bindparam("owner"),
        _words.c.collection == table.name,
        _words.c.id.not_in(kept),
    )
