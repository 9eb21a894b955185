"""The database itself refuses a reference to another person's row, or to none."""

from itertools import combinations
from uuid import uuid4

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.base import Base
from app.db.transaction import Database
from tests.db.rows import Link, alternatives, fill, links, pointing, references, row_of

pytestmark = pytest.mark.thorough

REFERENCES = [pytest.param(t, c, id=f"{t.name}-{c.column_keys[-1]}") for t, c in references()]


def test_there_are_references() -> None:
    assert {table.name for table, _ in references()} >= {
        "recovery_plans",
        "recovery_steps",
        "check_ins",
        "guard_firings",
        "access_tokens",
        "refresh_tokens",
        "event_contacts",
        "skill_gap_rejections",
    }
    # A record may refer to another of its own kind, and a list of ids is a table of its own.
    assert ("opportunities", "opportunities") in {
        (table.name, constraint.referred_table.name) for table, constraint in references()
    }
    assert len(links()) >= 2


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
    async with house.write(everyone=True) as transaction:
        # A link has no id of its own, so that there can be only one between the same two.
        but = () if "id" in table.c else (table.name,)
        mine = await fill(transaction, person, but=but)
        theirs = await fill(transaction, stranger, but=but)
    referred = constraint.referred_table.name
    through = pointing(constraint)
    # The identical row, about the person's own record, is accepted.
    async with house.write(everyone=True) as transaction:
        await transaction.execute(insert(table), row_of(table, person, mine, through=through))
    for target in (theirs[referred]["id"], uuid4()):
        with pytest.raises(IntegrityError):
            async with house.write(everyone=True) as transaction:
                await transaction.execute(
                    insert(table), row_of(table, person, mine, through=through) | {through: target}
                )
        with pytest.raises(IntegrityError):
            async with house.write(everyone=True) as transaction:
                await transaction.execute(
                    update(table).where(table.c.owner_id == person).values({through: target})
                )
    async with house.read(everyone=True) as transaction:
        pointed = await transaction.execute(
            select(table.c[through]).where(table.c.owner_id == person)
        )
        assert set(pointed.scalars()) - {None} == {mine[referred]["id"]}


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
    async with house.write(everyone=True) as transaction:
        rows = await fill(transaction, owner)
    parent = constraint.referred_table
    through = pointing(constraint)
    child = row_of(table, owner, rows, through=through) | {through: (new := uuid4())}
    async with house.write(everyone=True) as transaction:
        await transaction.execute(insert(table), child)
        await transaction.execute(insert(parent), row_of(parent, owner, rows) | {"id": new})
    with pytest.raises(IntegrityError):
        async with house.write(everyone=True) as transaction:
            await transaction.execute(
                parent.delete().where(parent.c.owner_id == owner, parent.c.id == new)
            )
    async with house.read(everyone=True) as transaction:
        kept = await transaction.execute(select(parent.c.id).where(parent.c.id == new))
        assert kept.scalar_one() == new


GROUPS = [
    pytest.param(table, constraint.info["one_of"], id=str(constraint.name))
    for table in Base.metadata.sorted_tables
    for constraint in sorted(table.constraints, key=lambda c: str(c.name))
    if "one_of" in constraint.info
]


def test_there_are_references_to_one_of_several_collections() -> None:
    assert {param.id for param in GROUPS} == {
        "ck_comments_about",
        "ck_lessons_source",
        "ck_recovery_steps_evidence",
    }


@pytest.mark.parametrize(("table", "group"), GROUPS)
async def test_of_several_references_at_most_one_is_set(
    house: Database, table: Table, group: tuple[str, ...]
) -> None:
    """Each alone and none at all are accepted; any two together are not."""
    owner = uuid4()
    assert set(alternatives(table)) == set(group)
    assert {pointing(c) for t, c in references() if t is table} >= set(group)
    async with house.write(everyone=True) as transaction:
        rows = await fill(transaction, owner)
        # Each one in full: what it would be if it were the one.
        full = {name: row_of(table, owner, rows, through=name)[name] for name in group}
        for name in group:
            await transaction.execute(insert(table), row_of(table, owner, rows, through=name))
        none = row_of(table, owner, rows) | dict.fromkeys(group)
        await transaction.execute(insert(table), none)
    assert None not in full.values()
    for pair in combinations(group, 2):
        both = dict.fromkeys(group) | {name: full[name] for name in pair}
        with pytest.raises(IntegrityError):
            async with house.write(everyone=True) as transaction:
                await transaction.execute(insert(table), row_of(table, owner, rows) | both)
        with pytest.raises(IntegrityError):
            async with house.write(everyone=True) as transaction:
                await transaction.execute(
                    update(table).where(table.c.id == none["id"]).values(both)
                )


@pytest.mark.parametrize("link", links(), ids=lambda link: link.table.name)
async def test_a_list_holds_an_id_once(house: Database, link: Link) -> None:
    table = link.table
    assert [column.name for column in table.primary_key] == ["owner_id", *link.columns]
    assert set(table.c.keys()) == {"owner_id", *link.columns}
    owner = uuid4()
    async with house.write(everyone=True) as transaction:
        rows = await fill(transaction, owner)
    with pytest.raises(IntegrityError):
        async with house.write(everyone=True) as transaction:
            await transaction.execute(insert(table), rows[table.name])
