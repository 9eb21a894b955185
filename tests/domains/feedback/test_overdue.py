"""The worker closes what nobody answered, when the last day has ended where its owner lives."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.auth.caller import Caller
from app.db.base import table_of
from app.db.jobs import run_due, schedule
from app.db.revisions import Head
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import caller_for, standing_in
from app.domains.feedback.events import FeedbackRequestNoResponse
from app.domains.feedback.repository import OverdueRequests
from app.domains.feedback.service.overdue import close_overdue_requests
from app.kit.clock import SetClock
from app.kit.events import Event
from app.kit.problems import Unauthenticated
from app.kit.terms import Language
from app.main import jobs
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, get, items, patch
from tests.domains.feedback.asking import REQUESTS, about, answer, ask, path_of, types

A_MOMENT = timedelta(microseconds=1)
LONG_AFTER = datetime(2026, 6, 1, tzinfo=UTC)


async def status_of(person: Person, request: dict[str, Any]) -> str:
    return str((await get(person, path_of(request)))["status"])


async def head_of(person: Person, database: Database) -> int:
    """The latest revision of anything a person owns."""
    heads = table_of(Head)
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(
            select(heads.c.revision).where(heads.c.owner_id == person.id)
        )
        return int(found.scalar_one())


ENDS = [
    # The zone, the day of sending, and the instant at which the 21st day after it has ended.
    ("Pacific/Kiritimati", "2026-03-02", "2026-03-23T10:00:00"),
    ("Europe/Berlin", "2026-03-02", "2026-03-23T23:00:00"),
    ("Pacific/Pago_Pago", "2026-03-02", "2026-03-24T11:00:00"),
    # Clocks went forward on 29 March in Berlin, a day of 23 hours.
    ("Europe/Berlin", "2026-03-07", "2026-03-28T23:00:00"),
    ("Europe/Berlin", "2026-03-08", "2026-03-29T22:00:00"),
]


async def test_a_request_closes_when_its_last_day_has_ended_where_the_person_lives(
    make_person: MakePerson, database: Database, clock: SetClock, told: list[Event]
) -> None:
    waiting = []
    for zone, sent_on, at in ENDS:
        person = await make_person(time_zone=zone)
        end = datetime.fromisoformat(at).replace(tzinfo=UTC)
        waiting.append((end, person, await ask(person, status="sent", sent_on=sent_on)))
    told.clear()
    for end, person, request in sorted(waiting, key=lambda one: one[0]):
        clock.instant = end - A_MOMENT
        await close_overdue_requests(database)
        assert told == []
        assert await get(person, path_of(request)) == request
        clock.instant = end
        # Reading alone never closes it.
        assert await get(person, path_of(request)) == request
        assert await items(person, REQUESTS, status="sent") == [request]
        await close_overdue_requests(database)
        closed = await get(person, path_of(request))
        assert closed["status"] == "no_response"
        assert closed["revision"] > request["revision"]
        assert closed["closes_on"] == request["closes_on"]
        [event] = told
        assert isinstance(event, FeedbackRequestNoResponse)
        assert about(event)["record_id"] == request["id"]
        assert about(event)["rejection_id"] == request["rejection_id"]
        told.clear()


async def test_only_what_was_sent_and_not_answered_is_closed(
    person: Person, database: Database, clock: SetClock, told: list[Event]
) -> None:
    others = [
        await ask(person, status=status)
        for status in ("draft", "received", "declined", "no_response", "cancelled")
    ]
    sent, answered = await ask(person, status="sent"), await ask(person, status="sent")
    await answer(person, answered)
    told.clear()
    clock.instant = LONG_AFTER
    await close_overdue_requests(database)
    assert [about(event)["record_id"] for event in told] == [sent["id"]]
    assert [await get(person, path_of(one)) for one in others] == others
    assert await status_of(person, answered) == "received"


async def test_closing_is_safe_to_repeat_and_leaves_the_others_untouched(
    make_person: MakePerson, database: Database, clock: SetClock, told: list[Event]
) -> None:
    east = await make_person(time_zone="Pacific/Kiritimati")
    west = await make_person(time_zone="Pacific/Pago_Pago")
    for person in (east, west):
        for _ in range(3):
            await ask(person, status="sent", sent_on="2026-03-02")
    told.clear()
    before = await head_of(west, database)
    clock.instant = datetime(2026, 3, 23, 10, tzinfo=UTC)
    await asyncio.gather(*(close_overdue_requests(database) for _ in range(3)))
    assert types(told) == ["feedback_request.no_response"] * 3
    after = await head_of(east, database)
    found = await items(east, REQUESTS, status="no_response")
    assert len(found) == 3
    # Nothing is written for people of whom nothing is due, not even their revision.
    await close_overdue_requests(database)
    assert told == []
    assert (await head_of(east, database), await head_of(west, database)) == (after, before)
    assert await items(east, REQUESTS, status="no_response") == found
    assert len(await items(west, REQUESTS, status="sent")) == 3


async def test_everybody_has_their_turn_however_few_are_taken_at_once(
    make_person: MakePerson,
    database: Database,
    clock: SetClock,
    told: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing_in, "PEOPLE_AT_ONCE", 2)
    # West of them all: found each time, and never due.
    waiting = [await make_person(time_zone="Pacific/Pago_Pago") for _ in range(4)]
    due = [await make_person(time_zone="Pacific/Kiritimati") for _ in range(4)]
    for person in (*waiting, *due):
        await ask(person, status="sent", sent_on="2026-03-02")
    told.clear()
    clock.instant = datetime(2026, 3, 23, 10, tzinfo=UTC)
    await close_overdue_requests(database)
    assert types(told) == ["feedback_request.no_response"] * 4
    for person in due:
        assert await items(person, REQUESTS, status="sent") == []
    for person in waiting:
        assert len(await items(person, REQUESTS, status="sent")) == 1


async def test_closing_and_what_follows_from_it_are_one(
    make_person: MakePerson, database: Database, clock: SetClock
) -> None:
    seen: list[Caller] = []
    person = await make_person(time_zone="Asia/Tokyo", locale="de", country="JP")
    request = await ask(person, status="sent")
    clock.instant = LONG_AFTER
    fails = True

    async def react(_: Transaction, caller: Caller, __: FeedbackRequestNoResponse) -> None:
        seen.append(caller)
        if fails:
            raise RuntimeError("another room broke")

    database.reactions.on(FeedbackRequestNoResponse, react)
    with pytest.raises(RuntimeError):
        await close_overdue_requests(database)
    assert await get(person, path_of(request)) == request
    fails = False
    await close_overdue_requests(database)
    assert await status_of(person, request) == "no_response"
    # Other rooms are told of the person in their own zone and language; no guard would let in
    # whom the worker stands in for.
    caller = seen[-1]
    assert (caller.owner_id, caller.actor_id) == (person.id, person.id)
    assert (caller.time_zone, caller.language, caller.country) == ("Asia/Tokyo", Language.DE, "JP")
    assert (caller.scopes, caller.session_id) == (frozenset(), None)


async def test_an_answer_that_comes_at_the_same_moment_is_not_lost(
    person: Person, database: Database, clock: SetClock
) -> None:
    requests = [await ask(person, status="sent") for _ in range(4)]
    clock.instant = LONG_AFTER
    await asyncio.gather(
        close_overdue_requests(database), *(answer(person, request) for request in requests)
    )
    assert {await status_of(person, request) for request in requests} == {"received"}


async def test_who_has_gone_is_passed_over(
    person: Person, database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await ask(person, status="sent")
    gone = uuid4()
    async with database.write(everyone=True) as transaction:
        with pytest.raises(Unauthenticated):
            await caller_for(transaction, gone)

    async def find(*_: object, **__: object) -> list[UUID]:
        return [gone, person.id]

    monkeypatch.setattr(OverdueRequests, "owners", find)
    clock.instant = LONG_AFTER
    await close_overdue_requests(database)
    assert await status_of(person, request) == "no_response"


async def test_a_late_answer_is_welcome(
    person: Person, database: Database, clock: SetClock, told: list[Event]
) -> None:
    request = await ask(person, status="sent")
    clock.instant = LONG_AFTER
    await close_overdue_requests(database)
    told.clear()
    late = await answer(person, request)
    assert await status_of(person, request) == "received"
    assert types(told) == ["feedback_request.received", "feedback.received"]
    # Taken back, it is closed as it was before: its time is over.
    await change(person, path_of(late), request_id=None)
    assert await status_of(person, request) == "no_response"
    refused = await patch(person, path_of(request), status="sent")
    assert refused.json()["allowed"] == ["received"]


async def test_the_worker_closes_what_is_overdue_every_hour(
    person: Person, database: Database, clock: SetClock
) -> None:
    await ask(person, status="sent", sent_on="2026-03-02")
    mine = [job for job in jobs() if job.run is close_overdue_requests]
    clock.instant = datetime(2026, 3, 23, 22, 30, tzinfo=UTC)
    await schedule(database, mine)
    assert await run_due(database, mine) == ["close_overdue_requests"]
    assert len(await items(person, REQUESTS, status="sent")) == 1
    clock.advance(timedelta(hours=1))
    assert await run_due(database, mine) == ["close_overdue_requests"]
    assert len(await items(person, REQUESTS, status="no_response")) == 1
