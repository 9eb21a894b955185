"""Deleting is for real: nothing dangles, and offline clients can learn of every row."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, select

from app.db.base import Base, owned_tables, table_of
from app.db.deletion import TOMBSTONES_KEPT, Tombstone, erase, purge_tombstones
from app.db.revisions import AccountHead
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.db.rows import Rows, fill, references, row_of

TOMBSTONES, HEADS = table_of(Tombstone), table_of(AccountHead)
RECORDS = [table for table in owned_tables() if table.name != "accounts"]
World = dict[str, dict[UUID, Any]]


async def look(database: Database, owner: UUID) -> World:
    """All records of a person by table and id."""
    found: World = {}
    async with database.snapshot() as transaction:
        for table in RECORDS:
            rows = await transaction.execute(select(table).where(table.c.owner_id == owner))
            found[table.name] = {row.id: row for row in rows}
    return found


async def graves(database: Database, owner: UUID) -> dict[tuple[str, UUID], int]:
    async with database.read() as transaction:
        rows = await transaction.execute(select(TOMBSTONES).where(TOMBSTONES.c.owner_id == owner))
        return {(row.collection, row.id): row.revision for row in rows}


async def populate(database: Database, owner: UUID) -> Rows:
    """Two of everything, each tied to the first of what it refers to, and one tied to nothing."""
    async with database.write() as transaction:
        rows = await fill(transaction, owner)
        for table in RECORDS:
            await transaction.execute(insert(table), row_of(table, owner, rows))
            free = {c.column_keys[-1]: None for t, c in references() if t is table}
            if free and all(table.c[name].nullable for name in free):
                await transaction.execute(insert(table), row_of(table, owner, rows) | free)
        await transaction.execute(TOMBSTONES.delete())
    return rows


def orphans(world: World) -> list[str]:
    found = []
    for table, constraint in references():
        if table.name not in world:
            continue
        name = next(key for key in constraint.column_keys if key != "owner_id")
        for row in world[table.name].values():
            target = getattr(row, name)
            if target is not None and target not in world[constraint.referred_table.name]:
                found.append(f"{table.name}.{name}")
    return found


@pytest.mark.parametrize("table", RECORDS, ids=lambda table: table.name)
async def test_what_hangs_on_a_record_goes_with_it_or_is_detached(
    house: Database, table: Table
) -> None:
    owner, neighbour = uuid4(), uuid4()
    rows = await populate(house, owner)
    await populate(house, neighbour)
    before, untouched = await look(house, owner), await look(house, neighbour)
    doomed = rows[table.name]["id"]

    async with house.write() as transaction:
        told = await erase(transaction, owner, table, {doomed})
        revision = await transaction.revise(owner)

    after = await look(house, owner)
    assert orphans(after) == []
    gone = {(n, i) for n, kept in before.items() for i in kept if i not in after[n]}
    changed = {
        (name, record_id)
        for name, kept in after.items()
        for record_id, row in kept.items()
        if row != before[name][record_id]
    }
    assert (table.name, doomed) in gone
    assert {(name, one) for name, ids in told.items() for one in ids} == gone
    assert await graves(house, owner) == dict.fromkeys(gone, revision)
    assert {after[name][one].revision for name, one in changed} <= {revision}
    # Exactly the rows that pointed at something gone were touched, as their references say.
    for child, constraint in references():
        if child.name not in before or "on_delete" not in constraint.info:
            continue
        name = next(key for key in constraint.column_keys if key != "owner_id")
        for one, row in before[child.name].items():
            lost = (constraint.referred_table.name, getattr(row, name)) in gone
            if lost and constraint.info["on_delete"] == "cascade":
                assert (child.name, one) in gone
            elif lost and (child.name, one) not in gone:
                assert (child.name, one) in changed
                assert getattr(after[child.name][one], name) is None
    assert await look(house, neighbour) == untouched
    assert await graves(house, neighbour) == {}


async def test_every_reference_says_what_becomes_of_it() -> None:
    rules = {c.info.get("on_delete") for t, c in references() if t in RECORDS}
    assert rules == {"cascade", "detach"}


async def test_a_tombstone_tells_of_the_last_time_a_record_went(house: Database) -> None:
    owner = uuid4()
    rows = await populate(house, owner)
    rejections = Base.metadata.tables["rejections"]
    one = rows["rejections"]["id"]
    async with house.write() as transaction:
        await erase(transaction, owner, rejections, {one})
    first = (await graves(house, owner))["rejections", one]
    async with house.write() as transaction:
        await transaction.revise(owner)
        await transaction.execute(insert(rejections), rows["rejections"])
    async with house.write() as transaction:
        await erase(transaction, owner, rejections, {one})
    assert (await graves(house, owner))["rejections", one] == first + 2


async def test_tombstones_stand_for_half_a_year(house: Database, clock: SetClock) -> None:
    owner = uuid4()
    rows = await populate(house, owner)
    async with house.write() as transaction:
        await erase(
            transaction, owner, Base.metadata.tables["rejections"], {rows["rejections"]["id"]}
        )
    count = len(await graves(house, owner))
    assert count > 1
    clock.advance(TOMBSTONES_KEPT)
    await purge_tombstones(house)
    assert len(await graves(house, owner)) == count
    clock.advance(timedelta(seconds=1))
    await purge_tombstones(house)
    assert await graves(house, owner) == {}


async def test_more_records_than_a_statement_has_room_for_can_go_at_once(house: Database) -> None:
    """PostgreSQL's driver takes 32,767 parameters at most."""
    owner = uuid4()
    rows = await populate(house, owner)
    check_ins = Base.metadata.tables["check_ins"]
    many = {uuid4() for _ in range(33_000)} | {rows["check_ins"]["id"]}
    async with house.write() as transaction:
        told = await erase(transaction, owner, check_ins, many)
    assert told["check_ins"] == many
    after = await look(house, owner)
    assert rows["check_ins"]["id"] not in after["check_ins"]
    assert orphans(after) == []
