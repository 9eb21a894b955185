"""Deleting is for real: nothing dangles, and offline clients can learn of every row."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, select

from app.db.base import Base, owned_tables, table_of
from app.db.deletion import TOMBSTONES_KEPT, Tombstone, erase, purge_tombstones
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.db.rows import (
    Link,
    Rows,
    alternatives,
    fill,
    links,
    personal_tables,
    pointing,
    references,
    row_of,
    sample_of,
)

pytestmark = pytest.mark.thorough

TOMBSTONES = table_of(Tombstone)
PERSONAL = personal_tables()
RECORDS = [table for table in owned_tables() if table in PERSONAL]
RULES = [(t, c) for t, c in references() if t in RECORDS and "on_delete" in c.info]
World = dict[str, dict[UUID, Any]]
Pairs = dict[str, set[tuple[UUID, UUID]]]


async def look(database: Database, owner: UUID) -> World:
    """All records of a person by table and id."""
    found: World = {}
    async with database.snapshot(everyone=True) as transaction:
        for table in RECORDS:
            rows = await transaction.execute(select(table).where(table.c.owner_id == owner))
            found[table.name] = {row.id: row for row in rows}
    return found


async def look_at_links(database: Database, owner: UUID) -> Pairs:
    """What every list of ids of a person holds, as pairs of holder and target."""
    found: Pairs = {}
    async with database.snapshot(everyone=True) as transaction:
        for link in links():
            holder, target = (link.table.c[name] for name in link.columns)
            rows = await transaction.execute(
                select(holder.label("holder"), target.label("target")).where(
                    link.table.c.owner_id == owner
                )
            )
            found[link.table.name] = {(row.holder, row.target) for row in rows}
    return found


async def graves(database: Database, owner: UUID) -> dict[tuple[str, UUID], int]:
    async with database.read(everyone=True) as transaction:
        rows = await transaction.execute(select(TOMBSTONES).where(TOMBSTONES.c.owner_id == owner))
        return {(row.collection, row.id): row.revision for row in rows}


async def populate(database: Database, owner: UUID) -> Rows:
    """Several of everything, tied to the first of what it refers to in each way there is.

    One more of each is tied to nothing, where that can be. Of the records with lists of ids, the
    first holds two, the second only the first target, the third only the second target.
    """
    async with database.write(everyone=True) as transaction:
        rows = await fill(transaction, owner)
        others: dict[str, list[dict[str, Any]]] = {}
        for table in RECORDS:
            free = {pointing(c): None for t, c in RULES if t is table}
            made = [row_of(table, owner, rows, through=name) for name in alternatives(table)]
            if free and all(table.c[name].nullable for name in free):
                made.append(row_of(table, owner, rows) | free)
            made += [row_of(table, owner, rows) for _ in range(2 - len(made))]
            others[table.name] = made
            await transaction.execute(insert(table), made)
        for link in links():
            holders, targets = (
                [rows[name], *others[name]]
                for name in (link.holder.referred_table.name, link.target.referred_table.name)
            )
            for holder, target in ((0, 1), (1, 0), (2, 1)):
                ends = (holders[holder]["id"], targets[target]["id"])
                pair = dict(zip(link.columns, ends, strict=True))
                await transaction.execute(insert(link.table), {"owner_id": owner, **pair})
        await transaction.execute(TOMBSTONES.delete())
    return rows


def secrets_of(table: Table) -> dict[str, Any]:
    """What is unique among all people, made anew: only secrets are, and no client chooses them."""
    unique = [index for index in table.indexes if index.unique and index.info.get("across_people")]
    return {column.name: sample_of(column) for index in unique for column in index.columns}


async def copy(database: Database, owner: UUID, other: UUID) -> None:
    """The same records for somebody else, under the same ids: clients may choose them."""
    async with database.write(everyone=True) as transaction:
        rows: Rows = {"accounts": {"id": other}}
        for name in ("accounts", "heads"):
            table = Base.metadata.tables[name]
            await transaction.execute(insert(table), row_of(table, other, rows))
        for table in (*RECORDS, *(link.table for link in links())):
            found = await transaction.execute(select(table).where(table.c.owner_id == owner))
            copies = [{**row._mapping, **secrets_of(table), "owner_id": other} for row in found]
            await transaction.execute(insert(table), copies)


def orphans(world: World) -> list[str]:
    """Columns that name a record which is not there."""
    found = []
    for table, constraint in RULES:
        name = pointing(constraint)
        for row in world[table.name].values():
            target = getattr(row, name)
            if target is not None and target not in world[constraint.referred_table.name]:
                found.append(f"{table.name}.{name}")
    return found


def lists_of(pairs: Pairs, link: Link) -> dict[UUID, set[UUID]]:
    """What each record holds."""
    found: dict[UUID, set[UUID]] = {}
    for holder, target in pairs[link.table.name]:
        found.setdefault(holder, set()).add(target)
    return found


@pytest.mark.parametrize("table", RECORDS, ids=lambda table: table.name)
async def test_what_hangs_on_a_record_goes_with_it_or_is_detached(
    house: Database, table: Table
) -> None:
    owner, neighbour = uuid4(), uuid4()
    rows = await populate(house, owner)
    await copy(house, owner, neighbour)
    before, untouched = await look(house, owner), await look(house, neighbour)
    held, held_untouched = await look_at_links(house, owner), await look_at_links(house, neighbour)
    doomed = rows[table.name]["id"]

    async with house.write(everyone=True) as transaction:
        told = await erase(transaction, owner, table, {doomed})
        revision = await transaction.revise(owner)

    after, kept_links = await look(house, owner), await look_at_links(house, owner)
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
    # A tombstone for every record, and none for a link.
    assert await graves(house, owner) == dict.fromkeys(gone, revision)
    assert {after[name][one].revision for name, one in changed} <= {revision}
    # Exactly the rows that pointed at something gone were touched, as their references say.
    emptied: dict[tuple[str, UUID], dict[str, Any]] = {}
    for child, constraint in RULES:
        name = pointing(constraint)
        for one, row in before[child.name].items():
            lost = (constraint.referred_table.name, getattr(row, name)) in gone
            if lost and constraint.info["on_delete"] == "cascade":
                assert (child.name, one) in gone
            elif lost and (child.name, one) not in gone:
                emptied.setdefault((child.name, one), {})[name] = None
    # So were exactly the records whose list got shorter, and the list lost what is gone, no more.
    for link in links():
        holders, targets = link.holder.referred_table.name, link.target.referred_table.name
        assert kept_links[link.table.name] == {
            (holder, target)
            for holder, target in held[link.table.name]
            if (holders, holder) not in gone and (targets, target) not in gone
        }
        now = lists_of(kept_links, link)
        for holder, ids in lists_of(held, link).items():
            if (holders, holder) not in gone and now.get(holder) != ids:
                emptied.setdefault((holders, holder), {})
    assert changed == set(emptied)
    for (name, one), columns in emptied.items():
        stamp = {"revision": revision, "updated_at": house.clock.now()}
        wanted = {**before[name][one]._mapping, **columns, **stamp}
        assert dict(after[name][one]._mapping) == wanted
    assert await look(house, neighbour) == untouched
    assert await look_at_links(house, neighbour) == held_untouched
    assert await graves(house, neighbour) == {}


@pytest.mark.parametrize("link", links(), ids=lambda link: link.table.name)
async def test_a_list_that_gets_shorter_changes_the_record_that_shows_it(
    house: Database, link: Link
) -> None:
    """Deleting a target stamps the two records that held it; deleting a holder stamps nobody."""
    owner = uuid4()
    rows = await populate(house, owner)
    before, held = await look(house, owner), lists_of(await look_at_links(house, owner), link)
    holders, targets = link.holder.referred_table, link.target.referred_table
    gone = rows[targets.name]["id"]
    assert sorted(len(ids) for ids in held.values()) == [1, 1, 2]
    async with house.write(everyone=True) as transaction:
        await erase(transaction, owner, targets, {gone})
        revision = await transaction.revise(owner)
    after = (await look(house, owner))[holders.name]
    assert set(after) == set(before[holders.name])
    told = {one for one, row in after.items() if row.revision == revision}
    assert told == {one for one, ids in held.items() if gone in ids}
    assert len(told) == 2
    left = lists_of(await look_at_links(house, owner), link)
    assert left == {one: ids - {gone} for one, ids in held.items() if ids != {gone}}

    async with house.write(everyone=True) as transaction:
        await erase(transaction, owner, holders, {rows[holders.name]["id"]})
    assert (await look(house, owner))[targets.name].keys() == before[targets.name].keys() - {gone}
    assert rows[holders.name]["id"] not in lists_of(await look_at_links(house, owner), link)


async def test_a_chain_of_reapplications_loses_a_link_without_the_rest(house: Database) -> None:
    """The one after a deleted one is detached; several of a chain can go at once."""
    owner = uuid4()
    opportunities = Base.metadata.tables["opportunities"]
    async with house.write(everyone=True) as transaction:
        rows = await fill(transaction, owner)
        chain = [rows["opportunities"]]
        for _ in range(4):
            chain.append(
                row_of(opportunities, owner, rows) | {"previous_opportunity_id": chain[-1]["id"]}
            )
        await transaction.execute(insert(opportunities), chain[1:])
        await transaction.execute(TOMBSTONES.delete())
    first, second, third, fourth, fifth = (row["id"] for row in chain)

    async def previous() -> dict[UUID, UUID | None]:
        found = (await look(house, owner))["opportunities"]
        return {one: row.previous_opportunity_id for one, row in found.items()}

    async with house.write(everyone=True) as transaction:
        told = await erase(transaction, owner, opportunities, {second})
    assert told["opportunities"] == {second}
    assert await previous() == {first: None, third: None, fourth: third, fifth: fourth}
    async with house.write(everyone=True) as transaction:
        told = await erase(transaction, owner, opportunities, {third, fourth})
        revision = await transaction.revise(owner)
    assert told["opportunities"] == {third, fourth}
    assert await previous() == {first: None, fifth: None}
    found = (await look(house, owner))["opportunities"]
    assert [found[one].revision == revision for one in (first, fifth)] == [False, True]


def test_every_list_of_ids_says_which_record_shows_it() -> None:
    for link in links():
        marks = [
            (constraint.info["on_delete"], constraint.info["holds"])
            for constraint in (link.holder, link.target)
        ]
        assert marks == [("unlink", True), ("unlink", False)]
        # Its key finds what a record holds; who holds a target needs an index of its own.
        finders = {tuple(index.columns.keys()) for index in link.table.indexes}
        assert ("owner_id", link.columns[1]) in finders


async def test_every_reference_says_what_becomes_of_it() -> None:
    rules = {c.info.get("on_delete") for t, c in references() if t in RECORDS}
    assert rules == {"cascade", "detach"}
    linking = {link.table for link in links()}
    assert {c.info.get("on_delete") for t, c in references() if t in linking} == {"unlink"}


async def test_a_tombstone_tells_of_the_last_time_a_record_went(house: Database) -> None:
    owner = uuid4()
    rows = await populate(house, owner)
    rejections = Base.metadata.tables["rejections"]
    one = rows["rejections"]["id"]
    async with house.write(everyone=True) as transaction:
        await erase(transaction, owner, rejections, {one})
    first = (await graves(house, owner))["rejections", one]
    async with house.write(everyone=True) as transaction:
        await transaction.revise(owner)
        await transaction.execute(insert(rejections), rows["rejections"])
    async with house.write(everyone=True) as transaction:
        await erase(transaction, owner, rejections, {one})
    assert (await graves(house, owner))["rejections", one] == first + 2


async def test_tombstones_stand_for_half_a_year(house: Database, clock: SetClock) -> None:
    owner = uuid4()
    rows = await populate(house, owner)
    async with house.write(everyone=True) as transaction:
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
    async with house.write(everyone=True) as transaction:
        told = await erase(transaction, owner, check_ins, many)
    assert told["check_ins"] == many
    after = await look(house, owner)
    assert rows["check_ins"]["id"] not in after["check_ins"]
    assert orphans(after) == []
