"""What happened around a rejection: each room registers the moments its tables know.

A moment is a table, the column that says when, and what to call it. All moments are one UNION,
paged like any list; a new room appears in it by registering.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
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
from app.db.transaction import Transaction
from app.db.types import Id, UtcDateTime

Key = tuple[datetime, UUID, str]


@dataclass(frozen=True)
class Moment:
    """One kind of item: rows of `table` where `at` is set and `when` holds.

    `title` is the text to show; without one the reader gets the label of `type`. `through` is the
    table that knows the rejection when `table` does not, with the column that refers to it.
    """

    type: str
    table: Table
    at: Column[Any]
    title: ColumnElement[Any] | None = None
    when: ColumnElement[bool] | None = None
    through: tuple[Table, Column[Any]] | None = None

    def statement(self) -> Select[Any]:
        """The items of this kind of one rejection."""
        table = self.table
        holder = self.through[0] if self.through else table
        statement = select(
            self.at.label("at"),
            literal(self.type, String).label("type"),
            literal(table.name, String).label("collection"),
            table.c.id.label("id"),
            (null() if self.title is None else self.title).label("title"),
        ).where(
            table.c.owner_id == bindparam("owner"),
            holder.c.rejection_id == bindparam("rejection"),
            self.at.is_not(None),
        )
        if self.through is not None:
            other, column = self.through
            statement = statement.join(
                other, and_(other.c.owner_id == table.c.owner_id, other.c.id == column)
            )
        return statement if self.when is None else statement.where(self.when)


_moments: list[Moment] = []


def register(*moments: Moment) -> None:
    """Let the timeline know of further kinds of items."""
    _moments.extend(moments)


class Timeline:
    """The items of one rejection, latest first, from every table that registered."""

    def __init__(self, transaction: Transaction, owner_id: UUID) -> None:
        self.transaction = transaction
        self.owner_id = owner_id

    async def page(
        self,
        rejection_id: UUID,
        known: Sequence[Mapping[str, Any]],
        *,
        limit: int,
        cursor: str | None,
    ) -> Page:
        """One page. `known` are items that the caller has at hand, such as days of the rejection.

        Raises:
            InvalidCursor: the cursor was made for another timeline.
        """
        cursors = self.transaction.database.cursors
        binding = f"timeline {self.owner_id.hex} {rejection_id.hex}"
        items = union_all(*(moment.statement() for moment in _moments)).subquery()
        statement = select(items)
        values: dict[str, Any] = {"owner": self.owner_id, "rejection": rejection_id}
        position: Key | None = None
        if cursor is not None:
            at, id_, type_ = cursors.decode(binding, cursor)
            position = (datetime.fromisoformat(at), UUID(id_), type_)
            # Among stored items instant and id decide; the type only parts the days that one
            # rejection tells of itself, and the engines would not sort it alike.
            statement = statement.where(
                tuple_(items.c.at, items.c.id)
                < tuple_(
                    bindparam("at", position[0], UtcDateTime()),
                    bindparam("id", position[1], Id()),
                )
            )
        statement = statement.order_by(items.c.at.desc(), items.c.id.desc()).limit(limit + 1)
        stored = [row._mapping for row in await self._rows(statement, values)]  # noqa: SLF001 -- SQLAlchemy's public name
        fresh = [item for item in known if position is None or _key(item) < position]
        found = sorted([*stored, *fresh], key=_key, reverse=True)
        if len(found) <= limit:
            return Page(found, None)
        last = found[limit - 1]
        after = [last["at"].isoformat(), last["id"].hex, last["type"]]
        return Page(found[:limit], cursors.encode(binding, after))

    async def _rows(self, statement: Select[Any], values: dict[str, Any]) -> Sequence[Any]:
        return (await self.transaction.execute(statement, values)).all()


def _key(item: Mapping[str, Any]) -> Key:
    return item["at"], item["id"], item["type"]
