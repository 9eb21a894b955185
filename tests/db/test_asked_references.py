"""References as questions: what a column can name, for every reference in the schema."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Table

from app.auth.caller import Holder
from app.db.references import absent, read_through, reference_columns
from app.db.transaction import Database
from tests.db.rows import fill, references

pytestmark = pytest.mark.thorough


def column_of(constraint: ForeignKeyConstraint) -> Column[Any]:
    """The column of a reference that names the other record."""
    return next(e.parent for e in constraint.elements if e.column.name == "id")


REFERENCES = [
    pytest.param(table, column_of(constraint), id=f"{table.name}-{column_of(constraint).name}")
    for table, constraint in references()
    if "on_delete" in constraint.info
]


@pytest.mark.parametrize(("table", "column"), REFERENCES)
async def test_a_column_names_ones_own_records_only(
    house: Database, table: Table, column: Column[Any]
) -> None:
    assert column in reference_columns(table)
    person, stranger = uuid4(), uuid4()
    async with house.write(everyone=True) as transaction:
        rows = {who: await fill(transaction, who) for who in (person, stranger)}
    (key,) = (key for key in column.foreign_keys if key.column.name == "id")
    referred = key.column.table.name
    mine, theirs, none = rows[person][referred]["id"], rows[stranger][referred]["id"], uuid4()
    async with house.read(everyone=True) as transaction:
        asked = [mine, theirs, none]
        assert await absent(transaction, Holder(person), column, asked) == {theirs, none}
        assert await absent(transaction, Holder(stranger), column, asked) == {mine, none}
        assert await absent(transaction, Holder(person), column, [mine]) == set()
        assert await absent(transaction, Holder(person), column, []) == set()
        for wanted, found in ((mine, mine), (theirs, None), (none, None)):
            assert await read_through(transaction, person, column, wanted, "id") == found


def test_the_owner_is_no_reference_to_another_record() -> None:
    tables = {table for table, _ in references()}
    assert tables
    for table in tables:
        assert "owner_id" not in {column.name for column in reference_columns(table)}
