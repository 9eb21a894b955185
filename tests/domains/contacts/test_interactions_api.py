"""Interactions over HTTP: drafted, planned, done, taken back, and what that moves."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from app.domains.contacts.events import (
    ContactUpdated,
    InteractionCompleted,
    InteractionDeleted,
    InteractionRecorded,
    InteractionReopened,
    InteractionUpdated,
)
from app.domains.contacts.rules import INTERACTION_TRANSITIONS
from app.domains.contacts.terms import InteractionStatus
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

INTERACTIONS = "/v1/interactions"


async def contact_of(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, "/v1/contacts", **{"name": "Sam Sample", **fields})


async def company_of(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, "/v1/companies", **{"name": "Example GmbH", **fields})


async def record(person: Person, contact: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return await post(
        person, INTERACTIONS, **{"contact_id": contact["id"], "kind": "call", **fields}
    )


async def again(person: Person, contact: dict[str, Any]) -> dict[str, Any]:
    return await get(person, f"/v1/contacts/{contact['id']}")


def path_of(interaction: dict[str, Any]) -> str:
    return f"{INTERACTIONS}/{interaction['id']}"


async def test_whom_and_what_are_enough(person: Person) -> None:
    contact = await contact_of(person)
    answer = await person.http.post(
        INTERACTIONS, json={"contact_id": contact["id"], "kind": "call"}
    )
    done = expect(answer, 201)
    assert answer.headers["Location"] == path_of(done)
    assert await get(person, path_of(done)) == done
    assert (done["direction"], done["status"]) == ("outgoing", "done")
    assert done["occurred_at"] == "2026-03-11T12:00:00Z"
    assert done["contact_name"] == "Sam Sample"
    assert done["company_id"] is done["rejection_id"] is done["subject"] is done["body"] is None


async def test_everything_that_is_sent_comes_back_and_can_be_changed(person: Person) -> None:
    contact, company = await contact_of(person), await company_of(person)
    rejection = await person.record_rejection(start_plan=False)
    everything = {
        "contact_id": contact["id"],
        "company_id": company["id"],
        "rejection_id": rejection["id"],
        "kind": "thank_you_note",
        "direction": "incoming",
        "subject": "Danke!",
        "body": "Liebe Sam,\nvielen Dank.",
        "status": "done",
        "occurred_at": "2026-03-10T08:00:00.5Z",
    }
    done = await post(person, INTERACTIONS, **everything)
    shown = {**everything, "occurred_at": "2026-03-10T08:00:00.500000Z"}
    assert {name: done[name] for name in everything} == shown
    other = await contact_of(person, name="Kim Beispiel")
    changed = await change(
        person, path_of(done), contact_id=other["id"], subject=None, body=None, company_id=None
    )
    assert (changed["contact_name"], changed["company_id"]) == ("Kim Beispiel", None)
    assert changed["subject"] is changed["body"] is None
    for name in ("kind", "direction", "status", "occurred_at"):
        assert finding_of(await patch(person, path_of(done), **{name: None}))[0] == f"/{name}"
    named = await patch(person, path_of(done), contact_name="Somebody")
    assert finding_of(named)[0] == "/contact_name"


async def test_an_interaction_is_with_somebody(person: Person) -> None:
    answer = await person.http.post(INTERACTIONS, json={"kind": "call"})
    assert finding_of(answer) == ("/contact_id", "missing")
    company, contact = await company_of(person), await contact_of(person)
    with_company = await post(person, INTERACTIONS, company_id=company["id"], kind="message")
    assert with_company["contact_name"] is None
    removed = await patch(person, path_of(with_company), company_id=None)
    assert finding_of(removed) == ("/contact_id", "missing")
    moved = await change(person, path_of(with_company), company_id=None, contact_id=contact["id"])
    assert (moved["contact_name"], moved["company_id"]) == ("Sam Sample", None)
    back = await change(person, path_of(with_company), company_id=company["id"], contact_id=None)
    assert (back["contact_name"], back["contact_id"]) == (None, None)
    # What lost its contact can still be changed.
    done = await record(person, contact)
    await delete(person, f"/v1/contacts/{contact['id']}")
    assert (await change(person, path_of(done), subject="x"))["contact_name"] == "Sam Sample"


async def test_the_records_of_strangers_are_as_absent_as_none(
    person: Person, stranger: Person
) -> None:
    mine = await contact_of(person)
    done = await record(person, mine)
    theirs = {
        "contact_id": (await contact_of(stranger))["id"],
        "company_id": (await company_of(stranger))["id"],
        "rejection_id": (await stranger.record_rejection())["id"],
    }
    for name, foreign in theirs.items():
        for record_id in (foreign, str(uuid4())):
            body = {"contact_id": mine["id"], "kind": "call", name: record_id}
            answers = [
                await person.http.post(INTERACTIONS, json=body),
                await patch(person, path_of(done), **{name: record_id}),
            ]
            for answer in answers:
                assert finding_of(answer) == (f"/{name}", "unknown")
    assert await items(person, INTERACTIONS) == [done]


PAIRS = list(product(InteractionStatus, repeat=2))


@pytest.mark.parametrize(("before", "after"), PAIRS)
async def test_every_pair_of_statuses_is_allowed_or_refused_as_listed(
    person: Person, before: InteractionStatus, after: InteractionStatus
) -> None:
    recorded = await record(person, await contact_of(person), status=before)
    assert recorded["status"] == before
    answer = await patch(person, path_of(recorded), status=after)
    if after is before:
        assert expect(answer, 200) == recorded
    elif after in INTERACTION_TRANSITIONS[before]:
        changed = expect(answer, 200)
        assert changed["status"] == after
        assert (changed["occurred_at"] is not None) is (after is InteractionStatus.DONE)
    else:
        problem = expect(answer, 409)
        assert problem["type"] == "/problems/invalid-transition"
        assert problem["allowed"] == list(INTERACTION_TRANSITIONS[before])
        assert await get(person, path_of(recorded)) == recorded


async def test_only_what_is_done_has_a_time_and_not_one_to_come(
    person: Person, clock: SetClock
) -> None:
    contact = await contact_of(person)
    for status in ("draft", "planned", "cancelled"):
        body = {"contact_id": contact["id"], "kind": "call", "status": status}
        assert (await post(person, INTERACTIONS, **body))["occurred_at"] is None
        answer = await person.http.post(
            INTERACTIONS, json={**body, "occurred_at": "2026-03-01T00:00:00Z"}
        )
        assert finding_of(answer) == ("/occurred_at", "not_done")
    ahead = {"contact_id": contact["id"], "kind": "call", "occurred_at": "2026-03-12T12:00:00Z"}
    await post(person, INTERACTIONS, **ahead)
    too_far = {**ahead, "occurred_at": "2026-03-12T12:00:01Z"}
    answer = await person.http.post(INTERACTIONS, json=too_far)
    assert finding_of(answer) == ("/occurred_at", "in_the_future")

    planned = await record(person, contact, status="planned")
    early = await patch(person, path_of(planned), occurred_at="2026-03-01T00:00:00Z")
    assert finding_of(early) == ("/occurred_at", "not_done")
    clock.advance(timedelta(hours=2))
    done = await change(person, path_of(planned), status="done")
    assert done["occurred_at"] == "2026-03-11T14:00:00Z"
    clock.advance(timedelta(hours=2))
    changed = await change(person, path_of(planned), subject="later")
    assert changed["occurred_at"] == "2026-03-11T14:00:00Z"
    moved = await change(person, path_of(planned), occurred_at="2026-03-01T00:00:00Z")
    assert moved["occurred_at"] == "2026-03-01T00:00:00Z"
    back = await patch(
        person, path_of(planned), status="planned", occurred_at="2026-03-02T00:00:00Z"
    )
    assert finding_of(back) == ("/occurred_at", "not_done")
    assert (await change(person, path_of(planned), status="planned"))["occurred_at"] is None


async def test_a_contact_knows_the_latest_of_what_was_done(person: Person) -> None:
    contact = await contact_of(person)

    async def last() -> str | None:
        found: str | None = (await again(person, contact))["last_interaction_at"]
        return found

    await record(person, contact, status="planned")
    assert await last() is None
    assert (await again(person, contact))["revision"] == contact["revision"]
    older = await record(person, contact, occurred_at="2026-02-01T10:00:00Z")
    newer = await record(person, contact, occurred_at="2026-03-01T10:00:00Z")
    await record(person, contact, occurred_at="2026-01-01T10:00:00Z")
    assert await last() == "2026-03-01T10:00:00Z"
    await change(person, path_of(older), occurred_at="2026-03-05T10:00:00Z")
    assert await last() == "2026-03-05T10:00:00Z"
    await change(person, path_of(older), status="planned")
    assert await last() == "2026-03-01T10:00:00Z"
    await delete(person, path_of(newer))
    assert await last() == "2026-01-01T10:00:00Z"


async def test_an_interaction_that_moves_to_another_counts_there(person: Person) -> None:
    one, other = await contact_of(person), await contact_of(person, name="Kim")
    done = await record(person, one, kind="connection_request")
    assert (await again(person, one))["connection_status"] == "requested"
    await change(person, path_of(done), contact_id=other["id"])
    left, reached = await again(person, one), await again(person, other)
    assert (left["last_interaction_at"], left["connection_status"]) == (None, "none")
    assert reached["last_interaction_at"] == done["occurred_at"]
    assert reached["connection_status"] == "requested"


async def test_what_is_done_moves_the_next_follow_up_by_the_cadence(
    make_person: MakePerson,
) -> None:
    # 22:30 in Berlin is the next day's morning on Kiritimati.
    at = "2026-03-10T21:30:00Z"
    for zone, next_on in (("Europe/Berlin", "2026-04-09"), ("Pacific/Kiritimati", "2026-04-10")):
        person = await make_person(time_zone=zone)
        contact = await contact_of(person, cadence_days=30, next_follow_up_on="2026-03-01")
        await record(person, contact, occurred_at=at)
        after = await again(person, contact)
        assert (after["next_follow_up_on"], after["last_interaction_at"]) == (next_on, at)


async def test_taking_it_back_takes_the_day_back_that_it_had_set(person: Person) -> None:
    contact = await contact_of(person, cadence_days=30)
    path = f"/v1/contacts/{contact['id']}"

    async def next_on() -> str | None:
        found: str | None = (await again(person, contact))["next_follow_up_on"]
        return found

    first = await record(person, contact, occurred_at="2026-03-01T10:00:00Z")
    assert await next_on() == "2026-03-31"
    second = await record(person, contact, occurred_at="2026-03-10T10:00:00Z")
    assert await next_on() == "2026-04-09"
    await change(person, path_of(second), status="planned")
    assert await next_on() == "2026-03-31"
    await delete(person, path_of(first))
    assert await next_on() == "2026-04-10"  # From the day the contact was added.
    await change(person, path_of(second), status="done", occurred_at="2026-03-10T10:00:00Z")
    await change(person, path, next_follow_up_on="2026-06-01")
    await delete(person, path_of(second))
    assert await next_on() == "2026-06-01"  # The person's own choice.


async def test_what_was_long_ago_takes_no_chosen_day_away(person: Person) -> None:
    contact = await contact_of(person, cadence_days=30, next_follow_up_on="2026-06-01")
    company = await company_of(person, cadence_days=30, next_engagement_on="2026-06-01")

    async def days_after(at: str) -> tuple[str, str]:
        await record(person, contact, company_id=company["id"], occurred_at=at)
        met, engaged = await again(person, contact), await get(person, company_path)
        assert met["last_interaction_at"] == at
        return met["next_follow_up_on"], engaged["next_engagement_on"]

    company_path = f"/v1/companies/{company['id']}"
    assert await days_after("2025-10-01T10:00:00Z") == ("2026-06-01",) * 2
    assert (await get(person, "/v1/follow-ups"))["items"] == []
    # Nor does a word today, which settles what was planned for the days before the next one.
    assert await days_after("2026-03-10T10:00:00Z") == ("2026-06-01",) * 2
    await change(person, f"/v1/contacts/{contact['id']}", next_follow_up_on="2026-03-20")
    await change(person, company_path, next_engagement_on="2026-03-20")
    assert await days_after("2026-03-11T10:00:00Z") == ("2026-04-10",) * 2


async def test_without_a_cadence_it_settles_what_was_planned_for_today(person: Person) -> None:
    for planned_on, left in (("2026-03-11", None), ("2026-03-01", None), ("2026-03-12",) * 2):
        contact = await contact_of(person, next_follow_up_on=planned_on)
        await record(person, contact)
        assert (await again(person, contact))["next_follow_up_on"] == left


async def test_what_is_done_with_a_company_moves_its_next_engagement(person: Person) -> None:
    company = await company_of(person, following=True, cadence_days=30)
    path = f"/v1/companies/{company['id']}"
    assert company["next_engagement_on"] == "2026-04-10"

    async def next_on() -> str | None:
        found: str | None = (await get(person, path))["next_engagement_on"]
        return found

    body = {"company_id": company["id"], "kind": "social_engagement"}
    first = await post(person, INTERACTIONS, **body, occurred_at="2026-03-02T10:00:00Z")
    assert await next_on() == "2026-04-01"
    second = await post(person, INTERACTIONS, **body, status="planned")
    assert await next_on() == "2026-04-01"
    await change(person, path_of(second), status="done")
    assert await next_on() == "2026-04-10"
    await change(person, path_of(second), status="planned")
    assert await next_on() == "2026-04-01"
    other = await company_of(person, name="Other", cadence_days=10)
    await change(person, path_of(first), company_id=other["id"])
    assert await next_on() == "2026-04-10"
    assert (await get(person, f"/v1/companies/{other['id']}"))["next_engagement_on"] == "2026-03-12"
    assert (await change(person, path, cadence_days=60))["next_engagement_on"] == "2026-05-10"
    await delete(person, path_of(first))
    await delete(person, path_of(second))
    assert await next_on() == "2026-05-10"


async def test_an_invitation_that_was_sent_is_known_until_it_is_taken_back(person: Person) -> None:
    contact = await contact_of(person)

    async def status() -> str:
        return str((await again(person, contact))["connection_status"])

    invitation = {"kind": "connection_request"}
    await record(person, contact, **invitation, direction="incoming")
    first = await record(person, contact, **invitation, status="planned")
    assert await status() == "none"
    await change(person, path_of(first), status="done")
    assert await status() == "requested"
    second = await record(person, contact, **invitation)
    await change(person, path_of(first), status="planned")
    assert await status() == "requested"  # There is the other one.
    await change(person, path_of(second), kind="message")
    assert await status() == "none"
    await change(person, path_of(first), status="done")
    await change(person, f"/v1/contacts/{contact['id']}", connection_status="connected")
    await delete(person, path_of(first))
    assert await status() == "connected"


async def test_a_status_set_by_hand_is_not_set_again(person: Person) -> None:
    contact = await contact_of(person)
    sent = await record(person, contact, kind="connection_request")
    await change(person, f"/v1/contacts/{contact['id']}", connection_status="none")
    await change(person, path_of(sent), subject="Hello")
    assert (await again(person, contact))["connection_status"] == "none"


async def test_the_same_id_again_is_the_same_interaction(person: Person) -> None:
    contact = await contact_of(person)
    body = {"id": str(uuid4()), "contact_id": contact["id"], "kind": "call"}
    first = expect(await person.http.post(INTERACTIONS, json=body), 201)
    assert expect(await person.http.post(INTERACTIONS, json=body), 200) == first
    other = await person.http.post(INTERACTIONS, json={**body, "kind": "message"})
    assert code_of(other, 409) == "id-taken"


async def test_each_filter_finds_what_it_says(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await record(stranger, await contact_of(stranger))
    contact, company = await contact_of(person), await company_of(person)
    rejection = await person.record_rejection(start_plan=False)
    names = {}
    for name, fields in {
        "a": {"occurred_at": "2026-02-01T00:00:00Z", "rejection_id": rejection["id"]},
        "b": {"kind": "message", "status": "draft", "company_id": company["id"]},
        "c": {"direction": "incoming", "occurred_at": "2026-03-01T00:00:00Z"},
    }.items():
        clock.advance(timedelta(minutes=1))
        names[(await record(person, contact, **fields))["id"]] = name
    found: list[tuple[dict[str, Any], str]] = [
        ({}, "cba"),
        ({"sort": "created_at"}, "abc"),
        ({"sort": "updated_at"}, "abc"),
        ({"contact_id": contact["id"]}, "cba"),
        ({"contact_id": str(uuid4())}, ""),
        ({"company_id": company["id"]}, "b"),
        ({"rejection_id": rejection["id"]}, "a"),
        ({"kind": "message"}, "b"),
        ({"direction": "incoming"}, "c"),
        ({"status": "done"}, "ca"),
        ({"occurred_after": "2026-02-01T00:00:00Z"}, "ca"),
        ({"occurred_after": "2026-02-01T00:00:01Z"}, "c"),
        ({"occurred_before": "2026-02-28T00:00:00Z"}, "a"),
    ]
    for params, wanted in found:
        whole = await items(person, INTERACTIONS, **params)
        assert "".join(names[one["id"]] for one in whole) == wanted, params
        assert await pages(person, INTERACTIONS, limit=1, **params) == whole


async def test_what_was_done_about_a_rejection_stands_in_its_timeline(person: Person) -> None:
    rejection = await person.record_rejection(start_plan=False)
    contact = await contact_of(person)
    about = {"rejection_id": rejection["id"]}
    done = await record(person, contact, **about, occurred_at="2026-03-11T11:00:00Z")
    await record(person, contact, **about, status="planned")
    company = await company_of(person, name="Other")
    other = await post(
        person, INTERACTIONS, **about, company_id=company["id"], kind="social_engagement"
    )
    timeline = f"/v1/rejections/{rejection['id']}/timeline"
    told = [one for one in await items(person, timeline) if one["collection"] == "interactions"]
    assert [(one["id"], one["type"], one["title"]) for one in told] == [
        (other["id"], "interaction.completed", "In touch"),
        (done["id"], "interaction.completed", "Sam Sample"),
    ]
    await delete(person, f"/v1/rejections/{rejection['id']}")
    assert (await get(person, path_of(done)))["rejection_id"] is None


async def test_each_change_is_stated(person: Person, told: list[Event]) -> None:
    contact = await contact_of(person)
    rejection = await person.record_rejection(start_plan=False)

    def stated() -> list[type[Event]]:
        found = [type(event) for event in told]
        told.clear()
        return found

    stated()
    draft = await record(person, contact, status="draft", kind="connection_request")
    assert stated() == [InteractionRecorded]
    await change(person, path_of(draft), status="planned")
    assert stated() == [InteractionUpdated]
    await change(person, path_of(draft), status="done", rejection_id=rejection["id"])
    completed, updated = told
    assert isinstance(completed, InteractionCompleted)
    assert isinstance(updated, ContactUpdated)
    assert updated.connection_status == "requested"
    assert (completed.kind, completed.direction, completed.status) == (
        "connection_request",
        "outgoing",
        "done",
    )
    assert str(completed.contact_id) == contact["id"]
    assert str(completed.rejection_id) == rejection["id"]
    assert completed.company_id is None
    assert completed.occurred_at is not None
    stated()
    await change(person, path_of(draft), subject="Hello")
    assert stated() == [InteractionUpdated]
    await change(person, path_of(draft), status="planned")
    assert stated() == [InteractionReopened, ContactUpdated]
    await change(person, path_of(draft), status="cancelled")
    assert stated() == [InteractionUpdated]
    done = await record(person, contact)
    assert stated() == [InteractionCompleted, ContactUpdated]
    await delete(person, path_of(done))
    assert stated() == [InteractionDeleted, ContactUpdated]
    await delete(person, path_of(draft))
    assert stated() == [InteractionDeleted]
