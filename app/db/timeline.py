"""What happened around a rejection: each room registers the moments its tables know.

A moment is a table, the column that says when, and what to call it. All moments are one UNION,
paged like any list; a new room appears in it by registering. Days are a UNION of their own: when a
day begins depends on where the person lives, which no database can be asked on both engines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    Table,
    and_,
    bindparam,
    literal,
    null,
    select,
    tuple_,
    union_all,
)

from app.db.paging import Page
from app.db.transaction import Owner, Transaction
from app.db.types import Id, UtcDateTime
from app.db.veils import shown
from app.kit.clock import local_day, start_of_day

Key = tuple[datetime, UUID, str]


@dataclass(frozen=True)
class Moment:
    """One kind of item: rows of `table` where `at` is set and `when` holds.

    `at` is an instant, or a day, which stands at its first instant where the person lives. `title`
    is the text to show; without one the reader gets the label of `type`. `through` is the table
    that knows the rejection when `table` does not, with the column that joins the two: a reference
    from `table` to it, or from it (a link) to `table`. `about` is the column that names the
    rejection where it is not called `rejection_id`.
    """

    type: str
    table: Table
    at: Column[Any]
    title: ColumnElement[Any] | None = None
    when: ColumnElement[bool] | None = None
    through: tuple[Table, Column[Any]] | None = None
    about: Column[Any] | None = None

    @property
    def is_day(self) -> bool:
        """Whether `at` is a day of the calendar."""
        return isinstance(self.at.type, Date)

    def statement(self, caller: Owner) -> Select[Any]:
        """The items of this kind of one rejection, as far as the caller sees them."""
        table = self.table
        holder = self.through[0] if self.through else table
        about = holder.c.rejection_id if self.about is None else self.about
        statement = select(
            self.at.label("at"),
            literal(self.type, String).label("type"),
            literal(table.name, String).label("collection"),
            table.c.id.label("id"),
            (null() if self.title is None else self.title).label("title"),
        ).where(
            table.c.owner_id == bindparam("owner"),
            about == bindparam("rejection"),
            self.at.is_not(None),
        )
        if self.through is not None:
            other, column = self.through
            joined = other.c.id if column.table is table else table.c.id
            statement = statement.join(
                other, and_(other.c.owner_id == table.c.owner_id, joined == column)
            )
        if self.when is not None:
            statement = statement.where(self.when)
        return shown(statement, table, caller)


_moments: list[Moment] = []


def register(*moments: Moment) -> None:
    """Let the timeline know of further kinds of items."""
    _moments.extend(moments)


class Timeline:
    """The items of one rejection, latest first, from every table that registered."""

    def __init__(self, transaction: Transaction, caller: Owner) -> None:
        self.transaction = transaction
        self.caller = caller

    async def page(
        self,
        rejection_id: UUID,
        known: Sequence[Mapping[str, Any]],
        *,
        zone: ZoneInfo,
        limit: int,
        cursor: str | None,
    ) -> Page:
        """One page. `known` are items that the caller has at hand, such as days of the rejection.

        `zone` is where the person lives.

        Raises:
            InvalidCursor: the cursor was made for another timeline.
        """
        cursors = self.transaction.database.cursors
        binding = f"timeline {self.caller.owner_id.hex} {rejection_id.hex}"
        position: Key | None = None
        if cursor is not None:
            at, id_, type_ = cursors.decode(binding, cursor)
            position = (datetime.fromisoformat(at), UUID(id_), type_)
        values = {"owner": self.caller.owner_id, "rejection": rejection_id}
        stored = [
            *await self._instants(values, position, limit + 1),
            *await self._days(values, position, limit + 1, zone),
        ]
        fresh = [item for item in [*stored, *known] if position is None or _key(item) < position]
        found = sorted(fresh, key=_key, reverse=True)
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        after = [last["at"].isoformat(), last["id"].hex, last["type"]]
        return Page(found[:limit], cursors.encode(binding, after))

    async def _instants(
        self, values: Mapping[str, Any], position: Key | None, most: int
    ) -> Sequence[Mapping[str, Any]]:
        items = self._items(days=False)
        if items is None:
            return ()
        statement = select(items)
        if position is not None:
            # Among stored items instant and id decide; the type only parts the days that one
            # rejection tells of itself, and the engines would not sort it alike.
            statement = statement.where(
                tuple_(items.c.at, items.c.id)
                < tuple_(
                    bindparam("at", position[0], UtcDateTime()),
                    bindparam("id", position[1], Id()),
                )
            )
        return await self._latest(statement, items, values, most)

    async def _days(
        self, values: Mapping[str, Any], position: Key | None, most: int, zone: ZoneInfo
    ) -> Sequence[Mapping[str, Any]]:
        items = self._items(days=True)
        if items is None:
            return ()
        statement = select(items)
        if position is not None:
            at, id_, _ = position
            day = local_day(at, zone)
            last = bindparam("day", day, Date())
            if start_of_day(day, zone) == at:
                after_id = bindparam("id", id_, Id())
                statement = statement.where(tuple_(items.c.at, items.c.id) < tuple_(last, after_id))
            else:
                statement = statement.where(items.c.at <= last)
        rows = await self._latest(statement, items, values, most)
        return [{**row, "at": start_of_day(row["at"], zone)} for row in rows]

    def _items(self, *, days: bool) -> Subquery | None:
        """What the caller sees of the moments that are days, or instants."""
        kinds = [
            one.statement(self.caller)
            for one in _moments
            if one.is_day is days and self.caller.sees(one.table.name)
        ]
        return union_all(*kinds).subquery() if kinds else None

    async def _latest(
        self, statement: Select[Any], items: Subquery, values: Mapping[str, Any], most: int
    ) -> Sequence[Mapping[str, Any]]:
        ordered = statement.order_by(items.c.at.desc(), items.c.id.desc()).limit(most)
        rows = await self.transaction.execute(ordered, values)
        return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name


def _key(item: Mapping[str, Any]) -> Key:
    return item["at"], item["id"], item["type"]
