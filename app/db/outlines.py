"""Few columns of many records, to be counted: one statement for a collection.

A person has some thousand records at most, so that figures are counted in Python, where a day is
the same on both engines. What people wrote stays in the records.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Row,
    Table,
    and_,
    bindparam,
    or_,
    select,
)

from app.db.veils import shown
from app.kit.periods import Period

if TYPE_CHECKING:
    from app.db.transaction import Owner, Transaction


class Outline:
    """The outline of a collection: of all records of a person, or of those of a period.

    `names` are columns of the table, and `computed` are further ones. `days` are the days and
    instants by which a record belongs to a period; one of them is enough. `always` lets a record
    belong to every period, `when` leaves out what never counts.
    """

    def __init__(
        self,
        table: Table,
        names: str,
        *computed: ColumnElement[Any],
        days: str = "",
        always: ColumnElement[bool] | None = None,
        when: ColumnElement[bool] | None = None,
    ) -> None:
        self._table = table
        columns = (table.c[name] for name in names.split())
        everything = select(*columns, *computed).where(table.c.owner_id == bindparam("owner"))
        if when is not None:
            everything = everything.where(when)
        belongs = [_lies_within(table.c[day]) for day in days.split()]
        belongs += [] if always is None else [always]
        self._all = everything.order_by(table.c.id)
        self._some = everything.where(or_(*belongs)).order_by(table.c.id) if belongs else self._all

    async def read(
        self, transaction: "Transaction", caller: "Owner", period: Period | None
    ) -> Sequence[Row[Any]]:
        """The outline in the order of the ids, of a period or of all time.

        It is empty for whoever does not see the collection.
        """
        if not caller.sees(self._table.name):
            return ()
        owner = {"owner": caller.owner_id}
        statement = shown(self._all if period is None else self._some, self._table, caller)
        if period is None:
            return (await transaction.execute(statement, owner)).all()
        bounds = {
            "first": period.first,
            "last": period.last,
            "begins_at": period.begins_at,
            "ends_at": period.ends_at,
        }
        return (await transaction.execute(statement, {**owner, **bounds})).all()


def _lies_within(column: Column[Any]) -> ColumnElement[bool]:
    if isinstance(column.type, Date):
        return column.between(
            bindparam("first", type_=column.type), bindparam("last", type_=column.type)
        )
    return and_(
        column >= bindparam("begins_at", type_=column.type),
        column < bindparam("ends_at", type_=column.type),
    )
