"""Lists of ids: kept in link tables, read with their record, replaced as a whole."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import AfterValidator
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.auth.caller import Holder
from app.db.base import Base
from app.db.links import Links
from app.db.paging import Filter, Listing
from app.db.repository import Repository
from app.db.transaction import Database
from app.kit.fields import Id
from app.kit.preconditions import Precondition
from app.kit.problems import IdTaken, PreconditionFailed, Unauthenticated
from app.kit.schemas import OMITTABLE, ListQuery, Patch, Request
from tests.db.rows import fill, row_of
from tests.db.rows import links as link_tables

TABLES = Base.metadata.tables
EVENTS, CONTACTS = TABLES["networking_events"], TABLES["contacts"]
MET = Links(TABLES["event_contacts"], "contact_ids", holder="event_id", target="contact_id")


class Occasions(Repository):
    """Networking events with the contacts met there, as a room would keep them."""

    table = EVENTS
    lists = (MET,)
    listing = Listing(
        table=EVENTS,
        sorts={"created_at": EVENTS.c.created_at},
        filters={"contact_id": Filter(MET.holds)},
        columns=(*EVENTS.c, MET.ids),
    )


class Asked(ListQuery):
    order: ClassVar[str] = "created_at"
    contact_id: Id | None = OMITTABLE


Ids = Annotated[list[UUID], AfterValidator(sorted)]


class Wanted(Patch):
    contact_ids: Ids = OMITTABLE


class Made(Request):
    id: UUID
    name: str
    contact_ids: Ids


@dataclass
class World:
    """One person with some contacts and occasions that are linked to nobody yet."""

    database: Database
    owner: UUID
    contacts: list[UUID]
    events: list[UUID]

    def occasions(self, transaction: Any) -> Occasions:
        return Occasions(transaction, Holder(self.owner))

    async def replace(
        self, event: UUID, wanted: Collection[UUID]
    ) -> tuple[tuple[set[UUID], set[UUID]], int]:
        """What a room does: replace the list and stamp its record."""
        async with self.database.write(everyone=True) as transaction:
            told = await MET.replace(transaction, self.owner, event, wanted)
            row = await self.occasions(transaction).update(event, {})
        return told, row.revision

    async def held(self, event: UUID) -> list[UUID]:
        async with self.database.read(everyone=True) as transaction:
            row = await self.occasions(transaction).get(event)
        found: list[UUID] = row.contact_ids
        return found

    async def holding(self, contact: UUID) -> set[UUID]:
        async with self.database.read(everyone=True) as transaction:
            query = Asked.model_validate({"contact_id": str(contact), "limit": "100"})
            page = await self.occasions(transaction).page(query)
        return {row.id for row in page.items}

    async def pairs(self) -> set[tuple[UUID, UUID]]:
        table = TABLES["event_contacts"]
        async with self.database.read(everyone=True) as transaction:
            rows = await transaction.execute(
                select(table.c.event_id, table.c.contact_id).where(table.c.owner_id == self.owner)
            )
            return {(row.event_id, row.contact_id) for row in rows}


async def build(house: Database) -> World:
    owner = uuid4()
    async with house.write(everyone=True) as transaction:
        rows = await fill(transaction, owner, but={link.table.name for link in link_tables()})
        contacts = [row_of(CONTACTS, owner, rows) for _ in range(5)]
        events = [row_of(EVENTS, owner, rows) for _ in range(3)]
        await transaction.execute(insert(CONTACTS), contacts)
        await transaction.execute(insert(EVENTS), events)
    return World(house, owner, [row["id"] for row in contacts], [row["id"] for row in events])


@pytest.fixture
async def world(house: Database) -> World:
    return await build(house)


async def test_a_list_is_empty_at_first_and_reads_in_the_order_of_its_ids(world: World) -> None:
    one = world.events[0]
    assert await world.held(one) == []
    backwards = sorted(world.contacts, reverse=True)
    for count in range(1, 6):  # Stored from the last to the first.
        told, _ = await world.replace(one, [*backwards[:count], backwards[0]])
        assert told == ({backwards[count - 1]}, set())
        assert await world.held(one) == sorted(backwards[:count])
    assert await world.held(world.events[1]) == []
    # A list shows it for each of its records, holders of nothing included.
    async with world.database.read(everyone=True) as transaction:
        page = await world.occasions(transaction).page(Asked())
    shown = {row.id: row.contact_ids for row in page.items}
    assert shown[one] == sorted(world.contacts)
    assert [shown[other] for other in world.events[1:]] == [[], []]


async def test_replacing_tells_what_came_and_what_went(world: World) -> None:
    one, (a, b, c, *_) = world.events[0], world.contacts
    assert (await world.replace(one, {a, b}))[0] == ({a, b}, set())
    assert (await world.replace(one, {b, c}))[0] == ({c}, {a})
    assert (await world.replace(one, {c, b}))[0] == (set(), set())
    assert (await world.replace(one, ()))[0] == (set(), {b, c})
    assert await world.held(one) == []


async def test_the_record_is_stamped_by_whoever_replaces_its_list(world: World) -> None:
    one, other = world.events[:2]
    _, revision = await world.replace(one, world.contacts[:2])
    async with world.database.read(everyone=True) as transaction:
        occasions = world.occasions(transaction)
        assert (await occasions.get(one)).revision == revision > 1
        assert (await occasions.get(other)).revision == 1


async def test_an_id_that_is_no_record_of_this_person_is_refused_at_the_commit(
    world: World, house: Database
) -> None:
    stranger = await build(house)
    one, mine = world.events[0], world.contacts[0]
    await world.replace(one, {mine})
    for foreign in (stranger.contacts[0], uuid4(), world.events[1]):
        with pytest.raises(IntegrityError):
            await world.replace(one, {mine, foreign})
        assert await world.held(one) == [mine]
    for holder in (stranger.events[0], uuid4()):
        with pytest.raises(IntegrityError):
            async with house.write(everyone=True) as transaction:
                await MET.replace(transaction, world.owner, holder, {mine})
    assert await world.pairs() == {(one, mine)}
    assert await stranger.pairs() == set()
    # The same ids in another's hands find nothing.
    assert await stranger.holding(mine) == set()


async def test_a_list_may_be_written_before_its_record(world: World) -> None:
    new = row_of(EVENTS, world.owner, {"accounts": {"id": world.owner}})
    async with world.database.write(everyone=True) as transaction:
        await MET.replace(transaction, world.owner, new["id"], world.contacts[:1])
        await transaction.execute(insert(EVENTS), new)
    assert await world.held(new["id"]) == world.contacts[:1]


async def test_lists_are_not_replaced_for_an_account_that_is_gone(house: Database) -> None:
    with pytest.raises(Unauthenticated):
        async with house.write(everyone=True) as transaction:
            await MET.replace(transaction, uuid4(), uuid4(), ())


async def test_two_writers_at_once_leave_one_of_their_lists(world: World) -> None:
    """Without the person's lock both would add to what the other one added."""
    one, (a, b, *_) = world.events[0], world.contacts
    for _ in range(5):
        await asyncio.gather(*(world.replace(one, {name}) for name in (a, b) * 3))
        assert await world.held(one) in ([a], [b])
        await world.replace(one, ())


async def test_a_patch_with_the_same_ids_in_another_order_changes_nothing(world: World) -> None:
    one, (a, b, c, *_) = world.events[0], world.contacts
    await world.replace(one, {a, b})
    stale = Precondition.parse('"1"')
    backwards = sorted({a, b}, reverse=True)
    async with world.database.write(everyone=True) as transaction:
        occasions = world.occasions(transaction)
        for same in (backwards, sorted(backwards)):
            record, changes = await occasions.change(one, Wanted(contact_ids=same), stale)
            assert (record.contact_ids, changes) == (sorted(backwards), {})
        fresh = Precondition.parse(f'"{(await occasions.get(one)).revision}"')
        for other in ([], [a], [a, b, c], [a, c]):
            with pytest.raises(PreconditionFailed):
                await occasions.change(one, Wanted(contact_ids=other), stale)
            _, changes = await occasions.change(one, Wanted(contact_ids=other), fresh)
            assert changes == {"contact_ids": sorted(other)}


async def test_a_repeat_has_the_same_ids_in_any_order(world: World) -> None:
    one, (a, b, c, *_) = world.events[0], world.contacts
    await world.replace(one, {a, b})
    async with world.database.write(everyone=True) as transaction:
        occasions = world.occasions(transaction)
        name = (await occasions.get(one)).name
        for same in ([a, b], [b, a]):
            assert await occasions.find_repeat(Made(id=one, name=name, contact_ids=same))
        for other in ([], [a], [a, b, c], [a, c]):
            with pytest.raises(IdTaken):
                await occasions.find_repeat(Made(id=one, name=name, contact_ids=other))
        with pytest.raises(IdTaken):
            await occasions.find_repeat(Made(id=one, name=f"{name}.", contact_ids=[a, b]))


ACTS = st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 4))), max_size=8)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
async def test_lists_are_like_sets(house: Database, acts: list[tuple[int, set[int]]]) -> None:
    """After any replacements the tables say what a set for each record would."""
    world = await build(house)
    sets: dict[UUID, set[UUID]] = {event: set() for event in world.events}
    for event_index, contact_indexes in acts:
        event = world.events[event_index]
        wanted = {world.contacts[index] for index in contact_indexes}
        told, _ = await world.replace(event, wanted)
        assert told == (wanted - sets[event], sets[event] - wanted)
        sets[event] = wanted
    for event, ids in sets.items():
        assert await world.held(event) == sorted(ids)
    for contact in world.contacts:
        assert await world.holding(contact) == {e for e, ids in sets.items() if contact in ids}
    assert await world.pairs() == {(event, one) for event, ids in sets.items() for one in ids}
