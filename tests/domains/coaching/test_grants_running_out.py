"""The worker lets grants end with time, and tells of it two weeks before, once."""

import asyncio
from datetime import timedelta

import pytest

from app.auth import events
from app.auth.terms import GrantStatus
from app.db.jobs import run_due, schedule
from app.db.transaction import Database
from app.domains.accounts.service import standing_in
from app.domains.coaching.service.grants import run_out_grants
from app.kit.clock import SetClock
from app.kit.events import Event
from app.main import jobs
from tests.conftest import NOON, MakePerson
from tests.domains.acting import expect, get, items, listen
from tests.domains.coaching.consenting import GRANTS, Circle, decide, make_circle
from tests.domains.organizing import give_grant

A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def circle(database: Database, make_person: MakePerson) -> Circle:
    return await make_circle(database, make_person)


@pytest.fixture
def told(database: Database) -> list[Event]:
    return listen(database, events)


def types(told: list[Event]) -> list[str]:
    return [event.type for event in told]


async def test_a_grant_ends_by_itself_and_says_so_two_weeks_before(
    circle: Circle, database: Database, clock: SetClock, told: list[Event]
) -> None:
    grant = await circle.give()
    path = f"{GRANTS}/{grant['id']}"
    told.clear()
    clock.instant = NOON + timedelta(days=76) - A_MOMENT
    await run_out_grants(database)
    assert told == []
    clock.advance(A_MOMENT)
    for _ in range(2):
        await run_out_grants(database)
        assert types(told) == ["grant.expiring"]
        assert str(told[0].record_id) == grant["id"]
    assert (await get(circle.person, path))["status"] == "active"

    clock.instant = NOON + timedelta(days=90) - A_MOMENT
    await run_out_grants(database)
    assert (await circle.read()).status_code == 200
    clock.advance(A_MOMENT)
    # It counts no longer, even before the worker has come by.
    assert (await circle.read()).status_code == 404
    clock.advance(timedelta(minutes=3))
    for _ in range(2):
        await run_out_grants(database)
        assert types(told) == ["grant.expiring", "grant.expired"]
    ended = await get(circle.person, path)
    assert (ended["status"], ended["ended_at"]) == ("expired", grant["expires_at"])


async def test_a_later_end_is_told_of_anew(
    circle: Circle, database: Database, clock: SetClock, told: list[Event]
) -> None:
    grant = await circle.give()
    clock.advance(timedelta(days=80))
    await run_out_grants(database)
    later = (clock.now() + timedelta(days=30)).isoformat()
    expect(await decide(circle.person, grant, expires_at=later), 200)
    told.clear()
    await run_out_grants(database)
    assert told == []
    clock.advance(timedelta(days=20))
    await run_out_grants(database)
    assert types(told) == ["grant.expiring"]


async def test_only_grants_in_force_run_out(
    circle: Circle, database: Database, clock: SetClock, told: list[Event]
) -> None:
    others = [status for status in GrantStatus if status is not GrantStatus.ACTIVE]
    for status in others:
        await give_grant(database, circle.organization, circle.person, status=status)
    before = await items(circle.person, GRANTS)
    clock.advance(timedelta(days=100))
    await run_out_grants(database)
    assert told == []
    assert await items(circle.person, GRANTS) == before


async def test_everybody_has_their_turn_and_two_workers_do_it_once(
    database: Database,
    make_person: MakePerson,
    clock: SetClock,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing_in, "PEOPLE_AT_ONCE", 2)
    circle = await make_circle(database, make_person)
    people = [await make_person() for _ in range(5)]
    for person in people:
        for _ in range(2):
            await give_grant(database, circle.organization, person)
    clock.advance(timedelta(days=89))
    await asyncio.gather(*(run_out_grants(database) for _ in range(3)))
    assert types(told) == ["grant.expiring"] * 10
    clock.advance(timedelta(days=1))
    await asyncio.gather(*(run_out_grants(database) for _ in range(3)))
    assert types(told)[10:] == ["grant.expired"] * 10
    assert len({event.record_id for event in told[10:]}) == 10
    for person in people:
        assert [one["status"] for one in await items(person, GRANTS)] == ["expired"] * 2


async def test_it_is_one_of_the_workers_jobs(
    circle: Circle, database: Database, clock: SetClock, told: list[Event]
) -> None:
    await circle.give()
    clock.advance(timedelta(days=90))
    await schedule(database, jobs())
    await run_due(database, jobs())
    assert types(told) == ["grant.activated", "grant.expired"]
