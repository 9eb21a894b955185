"""Next actions and reminders over all rooms: what is offered, why, and what settles it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.contract.document import operations_of
from tests.domains.acting import GERMAN, change, expect, get, items, patch, plan_of, post

ALL = {"include": "all"}
NOBODYS_NAME = ("Example GmbH", "Kim Sample")


async def offered(person: Person, **params: Any) -> dict[str, dict[str, Any]]:
    """The next actions by the collection of their records."""
    found = (await get(person, "/v1/next-actions", **params))["items"]
    return {item["collection"]: item for item in found}


async def reminded(person: Person, **params: Any) -> list[tuple[str, str]]:
    found = (await get(person, "/v1/reminders", **params))["items"]
    return [(item["collection"], item["at"]) for item in found]


async def opportunity_at(person: Person, at: str, **fields: Any) -> dict[str, Any]:
    return await post(
        person,
        "/v1/opportunities",
        **{
            "company_name": "Example GmbH",
            "role_title": "Data analyst",
            "status": "interviewing",
            "next_stage": "interview",
            "next_event_at": at,
            **fields,
        },
    )


async def contact_due(person: Person, day: str) -> dict[str, Any]:
    return await post(
        person,
        "/v1/contacts",
        name="Kim Sample",
        relationship="peer",
        next_follow_up_on=day,
    )


async def asked(person: Person, **fields: Any) -> dict[str, Any]:
    """A feedback request sent a week ago, about a rejection without a plan."""
    rejection = await person.record_rejection(start_plan=False)
    return await post(
        person,
        "/v1/feedback-requests",
        rejection_id=rejection["id"],
        channel="email",
        questions=["What was missing?"],
        status="sent",
        sent_on="2026-03-04",
        **fields,
    )


async def test_an_interview_of_tomorrow_leads_to_its_preparation(person: Person) -> None:
    soon = await opportunity_at(person, "2026-03-12T09:00:00Z")
    item = (await offered(person))["opportunities"]
    assert (item["record_id"], item["revision"]) == (soon["id"], soon["revision"])
    assert (item["operation_id"], item["reason"]) == ("get_preparation_brief", "event_soon")
    assert item["title"] == "Get ready for what comes next at Example GmbH"
    # Tomorrow evening is more than a day ahead, and still tomorrow.
    path = f"/v1/opportunities/{soon['id']}"
    await change(person, path, next_event_at="2026-03-12T19:00:00Z")
    item = (await offered(person))["opportunities"]
    assert (item["reason"], item["due_on"]) == ("due_soon", "2026-03-12")
    for later in ("2026-03-13T08:00:00Z", "2026-03-11T08:00:00Z"):
        await change(person, path, next_event_at=later)
        assert "opportunities" not in await offered(person)


async def test_what_is_over_needs_no_preparation(person: Person) -> None:
    for status in ("rejected", "withdrawn", "closed", "accepted"):
        await opportunity_at(person, "2026-03-12T09:00:00Z", status=status)
    assert await offered(person) == {}
    assert await reminded(person) == []


async def test_a_request_is_nudged_once_a_week_after_it_was_sent(
    person: Person, clock: SetClock
) -> None:
    request = await asked(person)
    item = (await offered(person))["feedback_requests"]
    assert (item["record_id"], item["reason"]) == (request["id"], "nudge_due")
    assert item["title"] == "Remind Example GmbH once of your request for feedback"
    answer = await person.http.patch(
        f"/v1/feedback-requests/{request['id']}",
        json={"nudged_on": "2026-03-11"},
        headers={"If-Match": f'"{item["revision"]}"'},
    )
    expect(answer, 200)
    assert "feedback_requests" not in await offered(person, **ALL)
    clock.advance(timedelta(days=8))
    assert "feedback_requests" not in await offered(person, **ALL)


async def test_nobody_is_prompted_to_nudge_about_what_they_are_done_with(person: Person) -> None:
    request = await asked(person)
    await change(person, f"/v1/rejections/{request['rejection_id']}", status="closed")
    assert "feedback_requests" not in await offered(person, **ALL)
    await change(person, f"/v1/feedback-requests/{request['id']}", status="received")
    await change(person, f"/v1/rejections/{request['rejection_id']}", status="open")
    assert "feedback_requests" not in await offered(person, **ALL)


async def test_whom_to_have_a_few_words_with(person: Person) -> None:
    contact = await contact_due(person, "2026-03-11")
    company = await post(
        person,
        "/v1/companies",
        name="Sample AG",
        following=True,
        next_engagement_on="2026-03-09",
    )
    found = await offered(person)
    for collection, record, name in (
        ("contacts", contact, "Kim Sample"),
        ("companies", company, "Sample AG"),
    ):
        item = found[collection]
        assert (item["record_id"], item["operation_id"]) == (record["id"], "record_interaction")
        assert item["title"] == f"Have a few words with {name}"
    await post(person, "/v1/interactions", contact_id=contact["id"], kind="message", status="done")
    assert set(await offered(person)) == {"companies"}


async def test_what_is_done_elsewhere_is_taken_off_the_days_few_things(
    make_person: MakePerson,
) -> None:
    person = await make_person(next_actions_per_day=2)
    await opportunity_at(person, "2026-03-12T09:00:00Z")
    contact = await contact_due(person, "2026-03-11")
    request = await asked(person)
    assert len(await offered(person)) == 2
    await change(person, f"/v1/feedback-requests/{request['id']}", nudged_on="2026-03-11")
    assert set(await offered(person)) == {"opportunities"}
    await post(person, "/v1/interactions", contact_id=contact["id"], kind="message", status="done")
    assert await offered(person) == {}
    assert set(await offered(person, **ALL)) == {"opportunities"}
    assert set(await offered(person, on="2026-03-12")) == {"opportunities"}


async def test_every_item_names_an_operation_of_the_contract(person: Person) -> None:
    await opportunity_at(person, "2026-03-12T09:00:00Z")
    await contact_due(person, "2026-03-11")
    await asked(person)
    await person.record_rejection(
        company_name="Another AG", reapply_on="2026-03-01", start_plan=False
    )
    document = expect(await person.http.get("/openapi.json"), 200)
    known = {operation.id: operation for operation in operations_of(document)}
    found = await offered(person, **ALL)
    assert set(found) == {"opportunities", "contacts", "feedback_requests", "rejections"}
    for item in found.values():
        assert item["operation_id"] in known


# Reminders


async def test_a_phone_learns_what_is_to_come_and_nobody_who_looks_at_it(person: Person) -> None:
    await opportunity_at(person, "2026-03-16T09:00:00Z")
    await contact_due(person, "2026-03-13")
    request = await asked(person)
    await change(person, f"/v1/feedback-requests/{request['id']}", sent_on="2026-03-08")
    rejection = await person.record_rejection(
        company_name="Another AG", stage="final_round", reapply_on="2026-03-20"
    )
    answer = await get(person, "/v1/reminders")
    assert answer["until"] == "2026-03-25"
    times = {item["collection"]: item["at"] for item in answer["items"]}
    assert times["contacts"] == "2026-03-13T08:00:00Z"
    assert times["feedback_requests"] == "2026-03-15T08:00:00Z"
    assert times["opportunities"] == "2026-03-15T09:00:00Z"
    assert times["rejections"] == "2026-03-20T08:00:00Z"
    plan = await plan_of(person, rejection)
    due = {step["id"]: step["due_on"] for step in plan["steps"]}
    for item in answer["items"]:
        if item["collection"] == "recovery_steps":
            assert item["at"] >= f"{due[item['record_id']]}T08:00:00Z"
    for text in (item["neutral_text"] for item in answer["items"]):
        assert not any(name in text for name in (*NOBODYS_NAME, "Another AG"))
        assert "reject" not in text.lower()
    german = expect(await person.http.get("/v1/reminders", headers=GERMAN), 200)
    assert [item["id"] for item in german["items"]] == [item["id"] for item in answer["items"]]
    assert german["items"][0]["neutral_text"] != answer["items"][0]["neutral_text"]


async def test_reminders_keep_quiet_hours_and_the_local_morning(make_person: MakePerson) -> None:
    person = await make_person(time_zone="Pacific/Auckland")
    await contact_due(person, "2026-03-13")
    assert await reminded(person) == [("contacts", "2026-03-12T20:00:00Z")]
    await change(person, "/v1/me", quiet_hours={"from": "21:00", "to": "10:30"})
    assert await reminded(person) == [("contacts", "2026-03-12T21:30:00Z")]


async def test_reminders_reach_as_far_as_asked_and_no_further_than_60_days(
    person: Person,
) -> None:
    await contact_due(person, "2026-05-09")
    assert await reminded(person, until="2026-05-08") == []
    assert await reminded(person, until="2026-05-09") == [("contacts", "2026-05-09T07:00:00Z")]
    far = await get(person, "/v1/reminders", until="2030-01-01")
    assert (far["until"], len(far["items"])) == ("2026-05-10", 1)
    past = await get(person, "/v1/reminders", until="2026-03-01")
    assert (past["until"], past["items"]) == ("2026-03-01", [])


async def test_a_pause_is_not_broken_by_a_reminder(make_person: MakePerson) -> None:
    person = await make_person(pause_hours=14 * 24)
    rejection = await person.record_rejection(stage="interview", channel="phone")
    plan = await plan_of(person, rejection)
    steps = {step["id"]: step for step in plan["steps"]}
    found = (await get(person, "/v1/reminders", until="2026-05-01"))["items"]
    assert found
    early = {
        steps[item["record_id"]]["kind"]
        for item in found
        if item["at"] < plan["pause_until"] and item["collection"] == "recovery_steps"
    }
    assert early - {"check_in", "decompress"} == {"thank"}, "its moment does not wait"
    await change(person, "/v1/me", allow_during_pause=False)
    for item in (await get(person, "/v1/reminders", until="2026-05-01"))["items"]:
        if steps[item["record_id"]]["kind"] not in ("check_in", "decompress"):
            assert item["at"] >= plan["pause_until"]


async def test_an_act_that_ticks_a_step_counts_once(make_person: MakePerson) -> None:
    person = await make_person(next_actions_per_day=2, pause_hours=0)
    rejection = await person.record_rejection(channel="phone")
    for number in range(3):
        await opportunity_at(person, f"2026-03-12T0{number}:00:00Z")
    thanks: dict[str, Any] = {
        "kind": "thank_you_note",
        "status": "done",
        "company_id": rejection["company_id"],
    }
    await post(person, "/v1/interactions", **thanks)
    [step] = await items(person, "/v1/recovery-steps", status="done")
    assert step["evidence"]["collection"] == "interactions"
    assert len((await get(person, "/v1/next-actions"))["items"]) == 1


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_an_act_counts_on_the_persons_own_day(
    make_person: MakePerson, clock: SetClock, zone: str
) -> None:
    person = await make_person(next_actions_per_day=1, pause_hours=0, time_zone=zone)
    rejection = await person.record_rejection(rejected_on="2026-03-01")
    # Half an hour before midnight where the person lives, which is another day in UTC or will be.
    clock.instant = datetime(2026, 3, 20, 23, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert len((await get(person, "/v1/next-actions"))["items"]) == 1
    step = (await plan_of(person, rejection))["steps"][0]
    await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    assert (await get(person, "/v1/next-actions"))["items"] == []
    clock.advance(timedelta(hours=1))
    assert len((await get(person, "/v1/next-actions"))["items"]) == 1


async def test_what_others_write_takes_nothing_off_the_day(make_person: MakePerson) -> None:
    person = await make_person(next_actions_per_day=1)
    contact = await contact_due(person, "2026-03-11")
    company = await post(person, "/v1/companies", name="Sample AG")
    mail: dict[str, Any] = {"kind": "message", "status": "done", "direction": "incoming"}
    await post(person, "/v1/interactions", company_id=company["id"], **mail)
    assert (await offered(person))["contacts"]["record_id"] == contact["id"]


async def test_nobody_is_reminded_of_what_is_anothers(person: Person, stranger: Person) -> None:
    await contact_due(person, "2026-03-13")
    await opportunity_at(person, "2026-03-12T09:00:00Z")
    await asked(person)
    assert await reminded(stranger) == []
    assert await offered(stranger, **ALL) == {}
    assert len(await items(person, "/v1/contacts")) == 1
    assert (await patch(stranger, "/v1/me", next_actions_per_day=1)).status_code == 200
