"""Sample rows for any table, made from the metadata: a new table is covered as it comes."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
)

import app.domains.coaching.models
import app.main  # noqa: F401 -- brings in every table
from app.db.base import Base
from app.db.revisions import BEGIN_HEAD
from app.db.transaction import Transaction
from app.db.types import Id, UtcDateTime
from tests.conftest import NOON

Rows = dict[str, dict[str, Any]]


def references() -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    """Every reference from a record to another one of the same person."""
    for table in personal_tables():
        for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name)):
            if len(constraint.elements) > 1:
                yield table, constraint


def pointing(constraint: ForeignKeyConstraint) -> str:
    """The column that names the other record."""
    return next(key for key in constraint.column_keys if key != "owner_id")


@dataclass(frozen=True)
class Link:
    """A table that holds lists of ids: what holds the list, and what is in it."""

    table: Table
    holder: ForeignKeyConstraint
    target: ForeignKeyConstraint

    @property
    def columns(self) -> tuple[str, str]:
        """The two columns besides the owner."""
        return pointing(self.holder), pointing(self.target)


def links() -> list[Link]:
    """Every link table."""
    found: dict[Table, dict[bool, ForeignKeyConstraint]] = {}
    for table, constraint in references():
        if constraint.info.get("on_delete") == "unlink":
            found.setdefault(table, {})[constraint.info["holds"]] = constraint
    return [Link(table, ends[True], ends[False]) for table, ends in found.items()]


def kept_tables(*of: str) -> list[Table]:
    """Every table with rows of such owners, the referred ones first."""
    return [
        mapper.local_table
        for table in Base.metadata.sorted_tables
        for mapper in Base.registry.mappers
        if mapper.local_table is table
        and mapper.class_.registration.owner is not None
        and mapper.class_.registration.of in of
    ]


def personal_tables() -> list[Table]:
    """Every table with rows of a person, the referred ones first."""
    return kept_tables("person", "either")


def sample_of(column: Column[Any]) -> Any:
    """A value that a column accepts; another one each time where it has to be unique."""
    kind = column.type
    makers: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        # The last word: the first would be "active", of which there may be one only.
        (Enum, lambda enum: enum.python_type(enum.enums[-1])),
        (String, lambda text: uuid4().hex[: text.length]),
        (LargeBinary, lambda _: uuid4().bytes * 2),
        (Id, lambda _: uuid4()),
        (UtcDateTime, lambda _: NOON),
        (JSON, lambda _: []),
        (Date, lambda _: NOON.date()),
        (Boolean, lambda _: True),
        (Integer, lambda _: 1),
    )
    return next(make(kind) for type_, make in makers if isinstance(kind, type_))


def alternatives(table: Table) -> list[str | None]:
    """The columns of which a row may set one, each in turn; None where a table has no such."""
    groups = [one.info["one_of"] for one in table.constraints if "one_of" in one.info]
    return [name for group in groups for name in group] or [None]


def row_of(
    table: Table, owner_id: UUID, rows: Rows, *, through: str | None = None
) -> dict[str, Any]:
    """A row of one person that refers to that person's other rows.

    Of several columns of which one may be set, it is `through`, or else the first. A reference that
    may be empty is empty where there is no row yet, as in the first of a chain.
    """
    values = {column.name: sample_of(column) for column in table.c}
    if "owner_id" in values:
        values["owner_id"] = owner_id
    elif table.name == "accounts":
        values["id"] = owner_id
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            referred = rows.get(element.column.table.name)
            if referred is not None:
                values[element.parent.name] = referred[element.column.name]
            elif element.parent.nullable:
                values[element.parent.name] = None
    for one in table.constraints:
        if choices := one.info.get("one_of"):
            chosen = through if through in choices else choices[0]
            values |= dict.fromkeys(name for name in choices if name != chosen)
    return values


async def fill(transaction: Transaction, owner_id: UUID, *, but: Collection[str] = ()) -> Rows:
    """One row in each table, all of them one person's or of an organisation that knows them.

    `but` names the tables to leave out.
    """
    rows: Rows = {"accounts": {"id": owner_id}}
    for table in kept_tables("person", "organization", "either"):
        if table.name not in but:
            rows[table.name] = row_of(table, owner_id, rows)
            is_of_person = table in personal_tables()
            transaction.enter(owner_id if is_of_person else rows["organizations"]["id"])
            await transaction.execute(insert(table), rows[table.name])
            if table.name == "organizations":
                head = {"owner_id": rows["organizations"]["id"], "revision": 1}
                await transaction.execute(BEGIN_HEAD, head)
    transaction.enter(owner_id)
    return rows
