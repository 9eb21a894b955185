"""References as questions: whether the records exist that a record is about to name.

The database refuses a broken reference when the transaction commits, without saying which one it
was. Asking first lets a caller be told the field. The tables to ask follow from the references
themselves, so a room need not know those of its neighbours. A use case asks with
`Repository.check_references`, for the columns of a table and its lists of ids (`app.db.links`).
"""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, Table, bindparam, select

from app.db.base import Base
from app.db.transaction import Owner, Transaction
from app.db.veils import shown
from app.kit.problems import Invalid


@cache
def reference_columns(table: Table) -> tuple[Column[Any], ...]:
    """The columns of a table that name another record of the same person."""
    return tuple(
        element.parent
        for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name))
        for element in constraint.elements
        if len(constraint.elements) > 1 and element.column.name == "id"
    )


@cache
def referred_table(column: Column[Any]) -> Table:
    """The table of the records that a column names."""
    (reference,) = (key for key in column.foreign_keys if key.column.name == "id")
    return reference.column.table


def collections_by_name() -> dict[str, str]:
    """The table that a column of each name refers to; the same for every column of that name."""
    return {
        column.name: referred_table(column).name
        for table in Base.metadata.tables.values()
        for column in reference_columns(table)
    }


@cache
def _present(column: Column[Any]) -> Select[Any]:
    table = referred_table(column)
    return select(table.c.id).where(
        table.c.owner_id == bindparam("owner"), table.c.id.in_(bindparam("ids", expanding=True))
    )


@cache
def _field(column: Column[Any], name: str) -> Select[Any]:
    table = referred_table(column)
    return select(table.c[name]).where(
        table.c.owner_id == bindparam("owner"), table.c.id == bindparam("record")
    )


async def absent(
    transaction: Transaction, caller: Owner, column: Column[Any], ids: Iterable[UUID]
) -> set[UUID]:
    """Those of some ids that a column cannot name, because the caller sees no such record.

    Ask after `Transaction.revise`, or the answer may be old before it is used.
    """
    wanted, table = set(ids), referred_table(column)
    if not wanted or not caller.sees(table.name):
        return wanted
    parameters = {"owner": caller.owner_id, "ids": list(wanted)}
    statement = shown(_present(column), table, caller)
    return wanted - set((await transaction.execute(statement, parameters)).scalars())


async def read_through(
    transaction: Transaction, owner_id: UUID, column: Column[Any], record_id: UUID, name: str
) -> Any:
    """One field of the record that a column names; None when there is no such record."""
    found = await transaction.execute(
        _field(column, name), {"owner": owner_id, "record": record_id}
    )
    return found.scalar_one_or_none()


def unknown(*pointers: str) -> Invalid:
    """The refusal of references that name no record of this person; hidden and absent alike."""
    message = "must be one of your records"
    return Invalid(
        errors=[{"pointer": one, "code": "unknown", "message": message} for one in pointers]
    )
