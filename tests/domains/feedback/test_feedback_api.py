"""Keeping what came back, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.db.transaction import Database
from app.domains.feedback.events import FeedbackRequestUpdated
from app.domains.feedback.terms import FeedbackRequestStatus, FeedbackSource
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
    FEEDBACK,
    POINT,
    VERBATIM,
    about,
    add_contact,
    answer,
    ask,
    feedback_about,
    hear,
    path_of,
    types,
)

ANSWERABLE = ("sent", "received", "declined", "no_response")


async def status_of(person: Person, request: dict[str, Any]) -> str:
    """The status of a request now."""
    return str((await get(person, path_of(request)))["status"])


async def test_what_stood_in_the_rejection_itself_is_feedback_too(
    person: Person, told: list[Event]
) -> None:
    rejection = await person.record_rejection()
    answer = await person.http.post(
        FEEDBACK,
        json={
            "rejection_id": rejection["id"],
            "source": "rejection_message",
            "verbatim": VERBATIM,
        },
    )
    feedback = expect(answer, 201)
    assert answer.headers["Location"] == path_of(feedback)
    assert {name for name, value in feedback.items() if value is None} == {
        *("request_id", "contact_id", "restated", "usefulness"),
    }
    assert (feedback["received_on"], feedback["points"]) == ("2026-03-11", [])
    [event] = told
    assert event.type == "feedback.received"
    assert about(event) == {
        "record_id": feedback["id"],
        "rejection_id": rejection["id"],
        "request_id": None,
        "source": FeedbackSource.REJECTION_MESSAGE,
    }
    assert await get(person, path_of(feedback)) == feedback


async def test_words_are_kept_as_they_came(person: Person, database: Database) -> None:
    request = await ask(person, status="sent")
    everything = {
        "rejection_id": request["rejection_id"],
        "request_id": request["id"],
        "contact_id": await add_contact(person, database),
        "source": "call",
        "received_on": "2026-03-09",
        "verbatim": "  “Sehr gut vorbereitet”,\n\tsagten sie — aber … \U0001f642\n\n",
        "restated": "They liked the preparation.",
        "usefulness": 5,
        "points": [
            {**POINT, "quote": "Sehr gut\nvorbereitet", "direction": "strength"},
            {**POINT, "competency": "listening", "actionable": False},
        ],
    }
    feedback = await post(person, FEEDBACK, **everything)
    assert {name: feedback[name] for name in everything} == everything
    assert await items(person, FEEDBACK) == [feedback]
    longest = await hear(person, request["rejection_id"], verbatim="x" * 20_000)
    assert len((await get(person, path_of(longest)))["verbatim"]) == 20_000


async def test_a_point_may_leave_its_quote_out(person: Person) -> None:
    rejection = await person.record_rejection()
    body = {
        "id": str(uuid4()),
        **feedback_about(
            rejection["id"], points=[{k: v for k, v in POINT.items() if k != "quote"}]
        ),
    }
    first = expect(await person.http.post(FEEDBACK, json=body), 201)
    assert first["points"] == [POINT]
    assert expect(await person.http.post(FEEDBACK, json=body), 200) == first
    same = await patch(person, path_of(first), points=body["points"])
    assert expect(same, 200) == first


@pytest.mark.parametrize("status", [status.value for status in FeedbackRequestStatus])
async def test_feedback_answers_a_request_that_was_sent(
    person: Person, told: list[Event], status: str
) -> None:
    request = await ask(person, status=status)
    told.clear()
    body = feedback_about(request["rejection_id"], request_id=request["id"])
    recorded = await person.http.post(FEEDBACK, json=body)
    if status not in ANSWERABLE:
        assert code_of(recorded, 409) == "invalid-transition"
        assert told == []
        assert await items(person, FEEDBACK) == []
        assert await get(person, path_of(request)) == request
        return
    feedback = expect(recorded, 201)
    answered = await get(person, path_of(request))
    assert answered["status"] == "received"
    if status == "received":
        assert types(told) == ["feedback.received"]
        assert answered == request
    else:
        assert types(told) == ["feedback_request.received", "feedback.received"]
        assert answered["revision"] == feedback["revision"]
        assert answered["closes_on"] == request["closes_on"]
    # Once something came back, the request cannot be taken back to a draft.
    refused = await patch(person, path_of(request), status="draft")
    assert code_of(refused, 409) == "invalid-transition"


async def test_feedback_and_its_request_are_about_the_same_rejection(person: Person) -> None:
    request, other = await ask(person, status="sent"), await ask(person, status="sent")
    body = feedback_about(other["rejection_id"], request_id=request["id"])
    refused = await person.http.post(FEEDBACK, json=body)
    assert finding_of(refused) == ("/request_id", "other_rejection")
    feedback = await answer(person, other)
    refused = await patch(person, path_of(feedback), request_id=request["id"])
    assert finding_of(refused) == ("/request_id", "other_rejection")
    assert await get(person, path_of(feedback)) == feedback
    assert await status_of(person, request) == "sent"
    assert await status_of(person, other) == "received"


async def test_a_request_waits_again_when_nothing_answers_it_any_more(
    person: Person, told: list[Event]
) -> None:
    request = await ask(person, status="sent", sent_on="2026-03-02")
    first, second = await answer(person, request), await answer(person, request)
    told.clear()
    await delete(person, path_of(first))
    assert types(told) == ["feedback.deleted"]
    assert await status_of(person, request) == "received"
    await delete(person, path_of(second))
    assert [event.type for event in told] == ["feedback.deleted", "feedback_request.updated"]
    assert about(told[-1])["status"] == "sent"
    waiting = await get(person, path_of(request))
    assert {**waiting, "revision": 0, "updated_at": 0} == {
        **request,
        "revision": 0,
        "updated_at": 0,
    }
    assert waiting["revision"] > request["revision"]


@pytest.mark.parametrize("gone", ["deleted", "unlinked"])
@pytest.mark.parametrize("known_by", ["feedback", "patch"])
@pytest.mark.parametrize("status", [*ANSWERABLE])
async def test_a_request_goes_back_to_where_it_stood_when_nothing_answers_it(
    person: Person, told: list[Event], status: str, known_by: str, gone: str
) -> None:
    request = await ask(person, status=status)
    if known_by == "patch":
        await change(person, path_of(request), status="received")
    for _ in range(2):  # The second time it is remembered anew.
        feedback = await answer(person, request)
        assert await status_of(person, request) == "received"
        await change(person, path_of(request), channel="phone")
        await change(person, path_of(request), channel="email")
        told.clear()
        if gone == "deleted":
            await delete(person, path_of(feedback))
        else:
            await change(person, path_of(feedback), request_id=None)
        stood = "sent" if status == "received" else status
        assert await status_of(person, request) == stood
        [updated] = [one for one in told if isinstance(one, FeedbackRequestUpdated)]
        assert (updated.status, (updated.was or {})["status"]) == (stood, "received")
    left = await get(person, path_of(request))
    assert left.keys() == request.keys()
    assert "answered_from" not in left


async def test_feedback_can_turn_out_to_answer_another_request_or_none(
    person: Person, told: list[Event]
) -> None:
    first = await ask(person, status="sent")
    rejection = {"id": first["rejection_id"]}
    second, draft = await ask(person, rejection, status="no_response"), await ask(person, rejection)
    feedback = await answer(person, first)
    path = path_of(feedback)
    told.clear()

    moved = await change(person, path, request_id=second["id"])
    assert moved["request_id"] == second["id"]
    assert types(told) == [
        "feedback_request.received",
        "feedback.updated",
        "feedback_request.updated",
    ]
    assert [await status_of(person, one) for one in (first, second)] == ["sent", "received"]

    refused = await patch(person, path, request_id=draft["id"])
    assert code_of(refused, 409) == "invalid-transition"
    assert refused.json()["allowed"] == ["sent", "cancelled"]
    refused = await patch(person, path, request_id=str(uuid4()))
    assert finding_of(refused) == ("/request_id", "unknown")
    assert await get(person, path) == moved
    assert told == []

    alone = await change(person, path, request_id=None)
    assert alone["request_id"] is None
    assert types(told) == ["feedback.updated", "feedback_request.updated"]
    # Nobody is to nudge who never replied: it stands where it stood before the feedback.
    assert [await status_of(person, one) for one in (first, second)] == ["sent", "no_response"]


async def test_a_rating_waits_until_it_is_restated(person: Person, told: list[Event]) -> None:
    rejection = await person.record_rejection()
    too_early = ("/usefulness", "restate_first")
    for restated in ({}, {"restated": None}, {"restated": " \n\t"}):
        body = feedback_about(rejection["id"], usefulness=1, **restated)
        assert finding_of(await person.http.post(FEEDBACK, json=body)) == too_early
    feedback = await hear(person, rejection["id"])
    path = path_of(feedback)
    told.clear()
    refused = await patch(person, path, usefulness=1)
    assert finding_of(refused) == too_early
    (finding,) = refused.json()["errors"]
    assert "own words" in finding["message"]
    restated = await change(person, path, restated="They wanted more experience.")
    rated = await change(person, path, usefulness=4)
    assert (rated["restated"], rated["usefulness"]) == (restated["restated"], 4)
    # What was restated cannot be taken away under a rating.
    assert finding_of(await patch(person, path, restated=None)) == too_early
    assert await get(person, path) == rated
    both = await change(person, path, restated=None, usefulness=None)
    assert (both["restated"], both["usefulness"]) == (None, None)
    assert types(told) == ["feedback.updated"] * 3
    assert (await change(person, path, restated="Again.", usefulness=2))["usefulness"] == 2


async def test_what_was_noted_can_be_corrected(person: Person, database: Database) -> None:
    contact = await add_contact(person, database)
    rejection = await person.record_rejection()
    feedback = await hear(person, rejection["id"], contact_id=contact)
    path = path_of(feedback)
    better = {
        "verbatim": "Another candidate had much more experience.",
        "source": "call",
        "received_on": "2026-03-01",
        "points": [POINT],
        "contact_id": None,
    }
    changed = await change(person, path, **better)
    assert {name: changed[name] for name in better} == better
    assert changed["revision"] > feedback["revision"]
    for name in ("verbatim", "source", "received_on", "points"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    assert finding_of(await patch(person, path, rejection_id=rejection["id"]))[0] == "/rejection_id"


async def test_nothing_comes_back_in_the_future(make_person: MakePerson, clock: SetClock) -> None:
    clock.instant = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
    for zone, today in (("Pacific/Kiritimati", 12), ("Pacific/Pago_Pago", 10)):
        person = await make_person(time_zone=zone)
        rejection = await person.record_rejection()
        feedback = await hear(person, rejection["id"])
        assert feedback["received_on"] == f"2026-03-{today}"
        # One day is let through for whoever travels east of their profile.
        ahead = f"2026-03-{today + 2}"
        body = feedback_about(rejection["id"], received_on=ahead)
        refused = [
            await person.http.post(FEEDBACK, json=body),
            await patch(person, path_of(feedback), received_on=ahead),
        ]
        assert [finding_of(one) for one in refused] == [("/received_on", "in_the_future")] * 2
        assert await hear(person, rejection["id"], received_on=f"2026-03-{today + 1}")


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"verbatim": ""}, "/verbatim"),
    ({"verbatim": "x" * 20_001}, "/verbatim"),
    ({"source": "rumour"}, "/source"),
    ({"restated": "so", "usefulness": 0}, "/usefulness"),
    ({"restated": "so", "usefulness": 6}, "/usefulness"),
    ({"restated": "so", "usefulness": "4"}, "/usefulness"),
    ({"rejection_id": str(uuid4())}, "/rejection_id"),
    ({"request_id": str(uuid4())}, "/request_id"),
    ({"contact_id": str(uuid4())}, "/contact_id"),
    ({"points": [POINT] * 31}, "/points"),
    ({"points": [{**POINT, "competency": "charm"}]}, "/points/0/competency"),
    ({"points": [{**POINT, "direction": "sideways"}]}, "/points/0/direction"),
    ({"points": [{**POINT, "statement": "two\nlines"}]}, "/points/0/statement"),
    ({"points": [{**POINT, "actionable": "yes"}]}, "/points/0/actionable"),
    ({"points": [{**POINT, "quote": "x" * 1_001}]}, "/points/0/quote"),
    ({"points": [{**POINT, "weight": 1}]}, "/points/0/weight"),
    ({"points": [{k: v for k, v in POINT.items() if k != "actionable"}]}, "/points/0/actionable"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    rejection = await person.record_rejection()
    for fields, pointer in IMPOSSIBLE:
        body = {**feedback_about(rejection["id"]), **fields}
        assert finding_of(await person.http.post(FEEDBACK, json=body))[0] == pointer
    assert await items(person, FEEDBACK) == []


async def test_records_of_others_are_as_absent_as_none(
    person: Person, stranger: Person, database: Database
) -> None:
    theirs = await ask(stranger, status="sent")
    foreign = {
        "rejection_id": theirs["rejection_id"],
        "request_id": theirs["id"],
        "contact_id": await add_contact(stranger, database),
    }
    mine = await hear(person, (await person.record_rejection())["id"])
    for name, record_id in foreign.items():
        good = feedback_about(mine["rejection_id"])
        reaching = await person.http.post(FEEDBACK, json={**good, name: record_id})
        guessing = await person.http.post(FEEDBACK, json={**good, name: str(uuid4())})
        assert finding_of(reaching) == (f"/{name}", "unknown")
        assert reaching.json() == guessing.json()
        if name != "rejection_id":
            refused = await patch(person, path_of(mine), **{name: record_id})
            assert finding_of(refused) == (f"/{name}", "unknown")
    for method in ("GET", "PATCH", "DELETE"):
        body = {"verbatim": "x"} if method == "PATCH" else None
        refused = await stranger.http.request(
            method, path_of(mine), json=body, headers={"If-Match": "*"}
        )
        assert code_of(refused, 404) == "not-found"
    assert await get(person, path_of(mine)) == mine
    assert await get(stranger, path_of(theirs)) == theirs


async def test_a_repeated_answer_is_recorded_once(person: Person, told: list[Event]) -> None:
    request = await ask(person, status="sent")
    told.clear()
    body = {
        "id": str(uuid4()),
        **feedback_about(request["rejection_id"], request_id=request["id"], points=[POINT]),
    }
    first = expect(await person.http.post(FEEDBACK, json=body), 201)
    assert expect(await person.http.post(FEEDBACK, json=body), 200) == first
    assert types(told) == ["feedback_request.received", "feedback.received"]
    other = {**body, "verbatim": "Something else."}
    assert code_of(await person.http.post(FEEDBACK, json=other), 409) == "id-taken"


async def test_each_filter_finds_what_it_says_in_each_order(
    person: Person, stranger: Person, database: Database, clock: SetClock
) -> None:
    request = await ask(person, status="sent")
    other = await person.record_rejection()
    contact = await add_contact(person, database)
    made = []
    for rejection_id, fields in (
        (request["rejection_id"], {"request_id": request["id"], "received_on": "2026-03-05"}),
        (request["rejection_id"], {"contact_id": contact, "received_on": "2026-03-01"}),
        (other["id"], {"received_on": "2026-03-09"}),
    ):
        clock.advance(timedelta(minutes=1))
        made.append((await hear(person, rejection_id, **fields))["id"])
    await hear(stranger, (await stranger.record_rejection())["id"])
    expected: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [2, 0, 1]),
        ({"sort": "received_on"}, [1, 0, 2]),
        ({"sort": "created_at"}, [0, 1, 2]),
        ({"sort": "-created_at"}, [2, 1, 0]),
        ({"rejection_id": request["rejection_id"]}, [0, 1]),
        ({"request_id": request["id"]}, [0]),
        ({"contact_id": contact}, [1]),
        ({"contact_id": contact, "request_id": request["id"]}, []),
    ]
    for params, wanted in expected:
        found = await items(person, FEEDBACK, **params)
        assert [made.index(one["id"]) for one in found] == wanted, params
        assert await pages(person, FEEDBACK, limit=1, **params) == found
