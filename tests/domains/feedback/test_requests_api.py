"""Asking for feedback over HTTP."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from app.db.transaction import Database
from app.domains.feedback.rules.requests import REQUEST_TRANSITIONS
from app.domains.feedback.terms import FeedbackRequestStatus
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    change,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    post,
)
from tests.domains.feedback.asking import (
    QUESTION,
    REQUESTS,
    about,
    add_contact,
    answer,
    ask,
    path_of,
    types,
)

NEVER_SENT = ("draft", "cancelled")
STATUSES = [status.value for status in FeedbackRequestStatus]


async def test_a_draft_needs_a_rejection_a_channel_and_a_question(person: Person) -> None:
    rejection = await person.record_rejection()
    answer = await person.http.post(
        REQUESTS,
        json={"rejection_id": rejection["id"], "channel": "email", "questions": [QUESTION]},
    )
    request = expect(answer, 201)
    assert answer.headers["Location"] == path_of(request)
    assert answer.headers["ETag"] == f'"{request["revision"]}"'
    assert {name for name, value in request.items() if value is None} == {
        *("contact_id", "subject", "message"),
        *("sent_on", "nudge_on", "nudged_on", "closes_on"),
    }
    assert (request["status"], request["questions"]) == ("draft", [QUESTION])
    assert await get(person, path_of(request)) == request
    assert await items(person, REQUESTS) == [request]


async def test_everything_that_is_sent_comes_back(person: Person, database: Database) -> None:
    rejection = await person.record_rejection()
    everything = {
        "rejection_id": rejection["id"],
        "contact_id": await add_contact(person, database),
        "channel": "linkedin",
        "questions": ["Wie wirkte mein Auftritt?", "What was missing?", QUESTION],
        "subject": "Danke — und eine Frage",
        "message": "Hallo,\n\nvielen Dank für das Gespräch!",
        "status": "declined",
        "sent_on": "2026-02-27",
    }
    request = await post(person, REQUESTS, **everything)
    assert {name: request[name] for name in everything} == everything
    assert (request["nudge_on"], request["closes_on"]) == ("2026-03-06", "2026-03-20")
    assert await get(person, path_of(request)) == request


@pytest.mark.parametrize("status", STATUSES)
async def test_a_request_can_be_noted_as_it_stands(
    person: Person, told: list[Event], status: str
) -> None:
    request = await ask(person, status=status)
    sent = status not in NEVER_SENT
    days = (request["sent_on"], request["nudge_on"], request["closes_on"])
    assert days == (("2026-03-11", "2026-03-18", "2026-04-01") if sent else (None,) * 3)
    [event] = told
    assert event.type == f"feedback_request.{'sent' if status == 'sent' else 'recorded'}"
    assert about(event) == {
        "record_id": request["id"],
        "rejection_id": request["rejection_id"],
        "contact_id": None,
        "status": status,
        "sent_on": date(2026, 3, 11) if sent else None,
    }


HAPPENED = {
    "draft": "withdrawn",
    "sent": "sent",
    "received": "received",
    "declined": "declined",
    "no_response": "no_response",
    "cancelled": "updated",
}


@pytest.mark.parametrize(("before", "after"), list(product(STATUSES, repeat=2)))
async def test_a_status_follows_another_only_as_listed(
    person: Person, told: list[Event], before: str, after: str
) -> None:
    request = await ask(person, status=before)
    told.clear()
    answer = await patch(person, path_of(request), status=after)
    allowed = [status.value for status in REQUEST_TRANSITIONS[FeedbackRequestStatus(before)]]
    if after == before:
        assert expect(answer, 200) == request
        assert told == []
    elif after in allowed:
        changed = expect(answer, 200)
        assert changed["status"] == after
        assert (changed["sent_on"] is None) == (after in NEVER_SENT)
        [event] = told
        assert event.type == f"feedback_request.{HAPPENED[after]}"
        assert about(event)["status"] == after
        assert await get(person, path_of(request)) == changed
    else:
        assert code_of(answer, 409) == "invalid-transition"
        assert answer.json()["allowed"] == allowed
        assert told == []
        assert await get(person, path_of(request)) == request


DAYS = [
    ("Pacific/Kiritimati", "2026-03-11T09:59:59", "2026-03-11"),
    ("Pacific/Kiritimati", "2026-03-11T10:00:00", "2026-03-12"),
    ("Pacific/Pago_Pago", "2026-03-11T10:59:59", "2026-03-10"),
    ("Europe/Berlin", "2026-03-28T22:30:00", "2026-03-28"),
    ("Europe/Berlin", "2026-03-29T22:30:00", "2026-03-30"),
]


async def test_it_is_sent_on_the_day_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    for zone, at, today in DAYS:
        person = await make_person(time_zone=zone)
        clock.instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        request = await change(person, path_of(await ask(person)), status="sent")
        day = date.fromisoformat(today)
        assert request["sent_on"] == today, (zone, at)
        assert request["nudge_on"] == (day + timedelta(days=7)).isoformat()
        assert request["closes_on"] == (day + timedelta(days=21)).isoformat()


async def test_the_days_follow_the_day_of_sending_and_go_with_it(person: Person) -> None:
    request = await change(person, path_of(await ask(person)), status="sent", sent_on="2026-03-01")
    path = path_of(request)
    assert (request["nudge_on"], request["closes_on"]) == ("2026-03-08", "2026-03-22")
    moved = await change(person, path, sent_on="2026-03-03")
    assert (moved["nudge_on"], moved["closes_on"]) == ("2026-03-10", "2026-03-24")
    await change(person, path, nudged_on="2026-03-10")
    draft = await change(person, path, status="draft")
    assert [draft[name] for name in ("sent_on", "nudge_on", "nudged_on", "closes_on")] == [None] * 4
    again = await change(person, path, status="sent")
    assert (again["sent_on"], again["nudged_on"]) == ("2026-03-11", None)


async def test_a_day_of_sending_must_be_possible(person: Person) -> None:
    draft = await ask(person)
    rejection = {"id": draft["rejection_id"]}
    body = {"rejection_id": rejection["id"], "channel": "email", "questions": [QUESTION]}
    refused = await person.http.post(REQUESTS, json={**body, "sent_on": "2026-03-10"})
    assert finding_of(refused) == ("/sent_on", "not_sent")
    refused = await person.http.post(
        REQUESTS, json={**body, "status": "sent", "sent_on": "2026-03-13"}
    )
    assert finding_of(refused) == ("/sent_on", "in_the_future")
    assert (await ask(person, rejection, status="sent", sent_on="2026-03-12"))["sent_on"]
    path = path_of(draft)
    for fields, finding in (
        ({"sent_on": "2026-03-10"}, ("/sent_on", "not_sent")),
        ({"status": "cancelled", "sent_on": "2026-03-10"}, ("/sent_on", "not_sent")),
        ({"status": "sent", "sent_on": "2026-03-13"}, ("/sent_on", "in_the_future")),
        ({"status": "sent", "sent_on": None}, ("/sent_on", "date")),
    ):
        assert finding_of(await patch(person, path, **fields)) == finding
    assert await get(person, path) == draft


async def test_one_nudge_is_enough(person: Person, told: list[Event], clock: SetClock) -> None:
    request = await ask(person, status="sent", sent_on="2026-03-02")
    path = path_of(request)
    clock.advance(timedelta(days=1))
    told.clear()
    nudged = await change(person, path, nudged_on="2026-03-12")
    assert (nudged["nudged_on"], nudged["status"]) == ("2026-03-12", "sent")
    assert types(told) == ["feedback_request.nudged"]
    # The same again changes nothing; another one is refused, and told when the first was.
    assert await change(person, path, nudged_on="2026-03-12") == nudged
    refused = await patch(person, path, nudged_on="2026-03-13")
    assert code_of(refused, 409) == "already-nudged"
    assert refused.json()["nudged_on"] == "2026-03-12"
    assert told == []
    assert await get(person, path) == nudged
    # A wrong day can be put right.
    assert (await change(person, path, nudged_on=None))["nudged_on"] is None
    assert types(told) == ["feedback_request.updated"]
    assert (await change(person, path, nudged_on="2026-03-11"))["nudged_on"] == "2026-03-11"


async def test_a_nudge_must_be_possible(person: Person) -> None:
    for status in STATUSES:
        if status != "sent":
            request = await ask(person, status=status)
            refused = await patch(person, path_of(request), nudged_on="2026-03-11")
            assert finding_of(refused) == ("/nudged_on", "not_sent"), status
    request = await ask(person, status="sent", sent_on="2026-03-05")
    path = path_of(request)
    for fields, finding in (
        ({"nudged_on": "2026-03-04"}, ("/nudged_on", "before_sent")),
        ({"nudged_on": "2026-03-13"}, ("/nudged_on", "in_the_future")),
        ({"status": "received", "nudged_on": "2026-03-10"}, ("/nudged_on", "not_sent")),
        ({"status": "draft", "nudged_on": "2026-03-10"}, ("/nudged_on", "not_sent")),
    ):
        assert finding_of(await patch(person, path, **fields)) == finding
    assert await get(person, path) == request
    await change(person, path, nudged_on="2026-03-10")
    assert finding_of(await patch(person, path, sent_on="2026-03-11")) == (
        "/sent_on",
        "after_nudge",
    )


async def test_a_nudge_and_other_changes_can_come_together(
    person: Person, told: list[Event]
) -> None:
    request = await ask(person)
    told.clear()
    path = path_of(request)
    await change(person, path, status="sent", sent_on="2026-03-02", nudged_on="2026-03-09")
    assert types(told) == ["feedback_request.sent", "feedback_request.nudged"]
    request = await ask(person, status="sent")
    told.clear()
    await change(person, path_of(request), nudged_on="2026-03-11", message="Just a word.")
    assert types(told) == ["feedback_request.updated", "feedback_request.nudged"]


async def test_what_was_asked_can_be_changed_and_cleared(
    person: Person, database: Database, told: list[Event]
) -> None:
    contact = await add_contact(person, database)
    request = await ask(person, subject="A question", message="Dear team", contact_id=contact)
    path = path_of(request)
    told.clear()
    changed = await change(person, path, channel="phone", questions=["What was missing?"])
    assert (changed["channel"], changed["questions"]) == ("phone", ["What was missing?"])
    assert changed["revision"] > request["revision"]
    cleared = await change(person, path, contact_id=None, subject=None, message=None)
    assert [cleared[name] for name in ("contact_id", "subject", "message")] == [None] * 3
    assert types(told) == ["feedback_request.updated"] * 2
    for name in ("channel", "questions", "status"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    for name in ("rejection_id", "closes_on", "nudge_on"):
        assert finding_of(await patch(person, path, **{name: "2026-03-11"}))[0] == f"/{name}"


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"questions": []}, "/questions"),
    ({"questions": [QUESTION, "b", "c", "d"]}, "/questions"),
    ({"questions": [QUESTION, QUESTION]}, "/questions"),
    ({"questions": ["two\nlines"]}, "/questions/0"),
    ({"questions": [" "]}, "/questions/0"),
    ({"channel": "pigeon"}, "/channel"),
    ({"channel": None}, "/channel"),
    ({"status": "answered"}, "/status"),
    ({"nudged_on": "2026-03-11"}, "/nudged_on"),
    ({"rejection_id": str(uuid4())}, "/rejection_id"),
    ({"contact_id": str(uuid4())}, "/contact_id"),
    ({"subject": "x" * 201}, "/subject"),
    ({"message": "x" * 10_001}, "/message"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    rejection = await person.record_rejection()
    good = {"rejection_id": rejection["id"], "channel": "email", "questions": [QUESTION]}
    for fields, pointer in IMPOSSIBLE:
        refused = await person.http.post(REQUESTS, json={**good, **fields})
        assert finding_of(refused)[0] == pointer
    assert await items(person, REQUESTS) == []


async def test_records_of_others_are_as_absent_as_none(
    person: Person, stranger: Person, database: Database
) -> None:
    theirs = await stranger.record_rejection()
    their_contact = await add_contact(stranger, database)
    mine = await ask(person)
    good = {"rejection_id": mine["rejection_id"], "channel": "email", "questions": [QUESTION]}
    for name, foreign in (("rejection_id", theirs["id"]), ("contact_id", their_contact)):
        reaching = await person.http.post(REQUESTS, json={**good, name: foreign})
        guessing = await person.http.post(REQUESTS, json={**good, name: str(uuid4())})
        assert finding_of(reaching) == (f"/{name}", "unknown")
        assert reaching.json() == guessing.json()
    refused = await patch(person, path_of(mine), contact_id=their_contact)
    assert finding_of(refused) == ("/contact_id", "unknown")
    for method in ("GET", "PATCH", "DELETE"):
        body = {"subject": "x"} if method == "PATCH" else None
        answer = await stranger.http.request(
            method, path_of(mine), json=body, headers={"If-Match": "*"}
        )
        assert code_of(answer, 404) == "not-found"
    assert await get(person, path_of(mine)) == mine


async def test_a_client_may_choose_the_id_and_send_it_again(
    person: Person, told: list[Event]
) -> None:
    rejection = await person.record_rejection()
    body = {
        "id": str(uuid4()),
        "rejection_id": rejection["id"],
        "channel": "email",
        "questions": [QUESTION],
        "status": "sent",
        "sent_on": "2026-03-10",
    }
    first = expect(await person.http.post(REQUESTS, json=body), 201)
    assert expect(await person.http.post(REQUESTS, json=body), 200) == first
    assert types(told) == ["feedback_request.sent"]
    other = {**body, "channel": "phone"}
    assert code_of(await person.http.post(REQUESTS, json=other), 409) == "id-taken"
    await delete(person, path_of(first))
    assert code_of(await person.http.post(REQUESTS, json=body), 409) == "id-deleted"


async def test_a_change_asks_for_the_revision_that_was_read(person: Person) -> None:
    request = await ask(person)
    path, stale = path_of(request), {"If-Match": '"1"'}
    for method, body in (("PATCH", {"status": "sent"}), ("DELETE", None)):
        assert code_of(await person.http.request(method, path, json=body), 428)
        refused = await person.http.request(method, path, json=body, headers=stale)
        assert code_of(refused, 412) == "precondition-failed"
    held = {"If-Match": f'"{request["revision"]}"'}
    sent = await person.http.patch(path, json={"status": "sent"}, headers=held)
    assert expect(sent, 200)["status"] == "sent"
    # An answer was lost: the same again is no new change.
    again = await person.http.patch(path, json={"status": "sent"}, headers=held)
    assert expect(again, 200) == sent.json()


async def test_each_filter_finds_what_it_says_in_either_order(
    person: Person, stranger: Person, database: Database, clock: SetClock
) -> None:
    first, second = await person.record_rejection(), await person.record_rejection()
    contact = await add_contact(person, database)
    made = []
    for rejection, fields in (
        (first, {}),
        (first, {"status": "sent", "contact_id": contact}),
        (second, {"status": "sent"}),
    ):
        clock.advance(timedelta(minutes=1))
        made.append((await ask(person, rejection, **fields))["id"])
    await ask(stranger)
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [2, 1, 0]),
        ({"sort": "created_at"}, [0, 1, 2]),
        ({"rejection_id": first["id"]}, [1, 0]),
        ({"contact_id": contact}, [1]),
        ({"status": "sent"}, [2, 1]),
        ({"status": "sent", "rejection_id": first["id"]}, [1]),
        ({"status": "cancelled"}, []),
        ({"rejection_id": str(uuid4())}, []),
    ]
    for params, wanted in expected:
        found = await items(person, REQUESTS, **params)
        assert [made.index(one["id"]) for one in found] == wanted, params
        assert await pages(person, REQUESTS, limit=1, **params) == found


async def test_deleting_a_request_keeps_the_feedback_that_answered_it(
    person: Person, told: list[Event]
) -> None:
    request = await ask(person, status="sent")
    heard = await answer(person, request)
    told.clear()
    await delete(person, path_of(request))
    assert types(told) == ["feedback_request.deleted", "feedback.updated"]
    assert code_of(await person.http.get(path_of(request)), 404) == "not-found"
    kept = await get(person, path_of(heard))
    assert (kept["request_id"], kept["verbatim"]) == (None, heard["verbatim"])
    assert kept["revision"] > heard["revision"]


async def test_deleting_a_rejection_takes_requests_and_feedback_with_it(person: Person) -> None:
    request = await ask(person, status="sent")
    heard = await answer(person, request)
    await delete(person, f"/v1/rejections/{request['rejection_id']}")
    for path in (path_of(request), path_of(heard)):
        assert code_of(await person.http.get(path), 404) == "not-found"


async def test_closing_a_rejection_leaves_what_was_sent_open_to_an_answer(person: Person) -> None:
    request = await ask(person, status="sent")
    await change(person, f"/v1/rejections/{request['rejection_id']}", status="closed")
    assert await get(person, path_of(request)) == request
    await answer(person, request)
    assert (await get(person, path_of(request)))["status"] == "received"
