"""The database itself refuses a reference to another person's row, or to none."""

from uuid import uuid4

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.transaction import Database
from tests.db.rows import fill, references, row_of

REFERENCES = [pytest.param(t, c, id=f"{t.name}-{c.column_keys[-1]}") for t, c in references()]


def pointing(constraint: ForeignKeyConstraint) -> str:
    """The column that names the other record."""
    return next(key for key in constraint.column_keys if key != "owner_id")


def test_there_are_references() -> None:
    assert {table.name for table, _ in references()} >= {
        "recovery_plans",
        "recovery_steps",
        "check_ins",
        "guard_firings",
        "access_tokens",
        "refresh_tokens",
    }


@pytest.mark.parametrize(("table", "constraint"), REFERENCES)
def test_a_reference_carries_its_owner(table: Table, constraint: ForeignKeyConstraint) -> None:
    assert constraint.column_keys[0] == "owner_id"
    if "on_delete" not in constraint.info:
        # Sessions and their tokens are no records: the database itself cascades.
        assert constraint.ondelete == "CASCADE"
        return
    assert (constraint.deferrable, constraint.initially) == (True, "DEFERRED")
    assert constraint.ondelete is None
    if constraint.info["on_delete"] == "detach":
        assert table.c[pointing(constraint)].nullable


@pytest.mark.parametrize(("table", "constraint"), REFERENCES)
async def test_a_row_that_refers_to_anothers_is_refused(
    house: Database, table: Table, constraint: ForeignKeyConstraint
) -> None:
    person, stranger = uuid4(), uuid4()
    async with house.write() as transaction:
        mine, theirs = await fill(transaction, person), await fill(transaction, stranger)
    referred = constraint.referred_table.name
    # The identical row, about the person's own record, is accepted.
    async with house.write() as transaction:
        await transaction.execute(insert(table), row_of(table, person, mine))
    for target in (theirs[referred]["id"], uuid4()):
        with pytest.raises(IntegrityError):
            async with house.write() as transaction:
                await transaction.execute(
                    insert(table), row_of(table, person, mine) | {pointing(constraint): target}
                )
        with pytest.raises(IntegrityError):
            async with house.write() as transaction:
                await transaction.execute(
                    update(table)
                    .where(table.c.owner_id == person)
                    .values({pointing(constraint): target})
                )
    async with house.read() as transaction:
        pointed = await transaction.execute(
            select(table.c[pointing(constraint)]).where(table.c.owner_id == person)
        )
        assert set(pointed.scalars()) == {mine[referred]["id"]}


@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        pytest.param(t, c, id=f"{t.name}-{c.column_keys[-1]}")
        for t, c in references()
        if "on_delete" in c.info
    ],
)
async def test_the_order_of_statements_does_not_matter_until_the_commit(
    house: Database, table: Table, constraint: ForeignKeyConstraint
) -> None:
    """A child may be written before its parent; what is missing at the commit is refused."""
    owner = uuid4()
    async with house.write() as transaction:
        rows = await fill(transaction, owner)
    parent = constraint.referred_table
    child = row_of(table, owner, rows) | {pointing(constraint): (new := uuid4())}
    async with house.write() as transaction:
        await transaction.execute(insert(table), child)
        await transaction.execute(insert(parent), row_of(parent, owner, rows) | {"id": new})
    with pytest.raises(IntegrityError):
        async with house.write() as transaction:
            await transaction.execute(
                parent.delete().where(parent.c.owner_id == owner, parent.c.id == new)
            )
    async with house.read() as transaction:
        kept = await transaction.execute(select(parent.c.id).where(parent.c.id == new))
        assert kept.scalar_one() == new
