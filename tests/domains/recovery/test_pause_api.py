"""The pause at the head of a plan over HTTP: how long it is, and what it keeps quiet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, check_in, expect, finding_of, get, patch, plan_of, post


async def offered(person: Person, **params: Any) -> list[tuple[str, str]]:
    """The titles and reasons of the next actions."""
    found = await get(person, "/v1/next-actions", **params)
    return [(item["title"], item["reason"]) for item in found["items"]]


async def test_the_pause_is_as_long_as_the_person_chose(make_person: MakePerson) -> None:
    for hours, until in (
        (0, None),
        (1, "2026-03-11T13:00:00Z"),
        (48, "2026-03-13T12:00:00Z"),
        (336, "2026-03-25T12:00:00Z"),
    ):
        person = await make_person(pause_hours=hours)
        plan = await plan_of(person, await person.record_rejection())
        assert plan["pause_until"] == until


async def test_the_pause_counts_from_the_no_where_it_came_earlier(person: Person) -> None:
    for rejected_on, until in (
        ("2026-03-12", "2026-03-13T12:00:00Z"),
        ("2026-03-11", "2026-03-13T12:00:00Z"),
        # The day before ended at 23:00 UTC in Berlin.
        ("2026-03-10", "2026-03-12T23:00:00Z"),
        ("2026-03-09", "2026-03-11T23:00:00Z"),
        ("2026-03-08", None),
        ("2025-03-08", None),
    ):
        plan = await plan_of(person, await person.record_rejection(rejected_on=rejected_on))
        assert plan["pause_until"] == until, rejected_on


async def test_there_is_no_pause_after_an_application_or_ones_own_decision(
    person: Person,
) -> None:
    for fields in (
        {"stage": "application"},
        {"stage": "application", "decided_by": "none"},
        {"stage": "offer", "decided_by": "candidate"},
    ):
        plan = await plan_of(person, await person.record_rejection(**fields))
        assert plan["pause_until"] is None
    frozen = await plan_of(person, await person.record_rejection(decided_by="none"))
    assert frozen["pause_until"] == "2026-03-13T12:00:00Z"


async def test_the_pause_offers_rest_then_nothing_then_a_window_that_closes(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(channel="phone")
    plan = await plan_of(person, rejection)
    await post(
        person,
        "/v1/recovery-steps",
        plan_id=plan["id"],
        title="My own",
        due_on="2026-03-11",
        effort_minutes=1,
    )
    assert await offered(person) == [("Note how you are", "part_of_pause")]
    assert await offered(person, include="all") == [("Note how you are", "part_of_pause")]

    await check_in(person, rejection_id=rejection["id"])
    assert await offered(person, include="all") == []

    # The thank-you is due on the 13th; a day before that day ends, its window is closing.
    clock.instant = datetime(2026, 3, 12, 22, 59, tzinfo=UTC)
    assert await offered(person) == []
    clock.advance(timedelta(minutes=1))
    assert await offered(person) == [("Say thank you", "window_closing")]

    # The pause ends to the second.
    clock.instant = datetime(2026, 3, 13, 11, 59, 59, tzinfo=UTC)
    assert await offered(person) == [("Say thank you", "window_closing")]
    clock.advance(timedelta(seconds=1))
    thank = next(step for step in plan["steps"] if step["kind"] == "thank")
    feedback = next(step for step in plan["steps"] if step["kind"] == "request_feedback")
    await change(person, f"/v1/recovery-steps/{thank['id']}", status="skipped")
    await change(person, f"/v1/recovery-steps/{feedback['id']}", status="skipped")
    assert await offered(person) == [("My own", "overdue")]


async def test_in_all_pauses_together_one_window_is_offered_or_none_if_the_person_says_so(
    make_person: MakePerson, clock: SetClock
) -> None:
    for allowed, expected in ((True, ["window_closing"]), (False, [])):
        person = await make_person(allow_during_pause=allowed, pause_hours=72)
        for company in ("First", "Second"):
            rejection = await person.record_rejection(company_name=company, channel="email")
            await check_in(person, rejection_id=rejection["id"])
        clock.advance(timedelta(hours=47))
        found = await offered(person, include="all")
        assert [reason for _, reason in found] == expected
        clock.advance(timedelta(hours=-47))


async def test_the_person_ends_the_pause_or_begins_one(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection(rejected_on="2026-03-08", stage="screening")
    plan = await plan_of(person, rejection)
    path = f"/v1/recovery-plans/{plan['id']}"
    await check_in(person, rejection_id=rejection["id"])
    assert [reason for _, reason in await offered(person)] == ["due_soon"]

    paused = await change(person, path, pause_until="2026-03-20T10:00:00+02:00")
    assert paused["pause_until"] == "2026-03-20T08:00:00Z"
    assert [step["due_on"] for step in paused["steps"]] == [s["due_on"] for s in plan["steps"]]
    assert await offered(person) == []
    clock.instant = datetime(2026, 3, 20, 8, tzinfo=UTC)
    assert len(await offered(person)) == 1
    clock.instant = datetime(2026, 3, 12, 8, tzinfo=UTC)
    assert await offered(person) == []
    assert (await change(person, path, pause_until=None))["pause_until"] is None
    assert len(await offered(person)) == 1
    assert finding_of(await patch(person, path, pause_until="tomorrow"))[0] == "/pause_until"


async def test_a_pause_keeps_applying_again_quiet_too(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection(reapply_on="2026-03-11")
    assert await offered(person, include="all") == [("Note how you are", "part_of_pause")]
    await check_in(person, rejection_id=rejection["id"])
    assert await offered(person, include="all") == []
    clock.advance(timedelta(hours=48))
    assert await offered(person) == [("Think about applying again at Example GmbH", "reapply_date")]


async def test_a_plan_may_be_started_with_a_pause(person: Person) -> None:
    body = {"template_key": "interview", "pause_until": "2026-03-14T12:00:00Z"}
    plan = expect(await person.http.post("/v1/recovery-plans", json=body), 201)
    assert plan["pause_until"] == "2026-03-14T12:00:00Z"
    reflect = next(step for step in plan["steps"] if step["kind"] == "reflect")
    assert reflect["due_on"] == "2026-03-16"
    assert {reason for _, reason in await offered(person)} == {"part_of_pause"}


async def test_who_gets_the_mail_on_friday_evening_has_a_weekend(
    person: Person, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 3, 13, 18, 30, tzinfo=UTC)
    rejection = await person.record_rejection(channel="email")
    plan = await plan_of(person, rejection)
    assert plan["pause_until"] == "2026-03-15T18:30:00Z"
    pressing = [s["kind"] for s in plan["steps"] if s["due_on"] and s["due_on"] < "2026-03-16"]
    assert pressing == ["decompress", "check_in", "thank", "request_feedback"]
    await check_in(person, rejection_id=rejection["id"], mood=2)
    saturday = clock.instant + timedelta(hours=16)
    for hours in range(0, 13, 2):
        clock.instant = saturday + timedelta(hours=hours)
        assert await offered(person, include="all") == []
    # On Sunday a thank-you still fits, and on Monday there is still time for it.
    clock.instant = datetime(2026, 3, 15, 11, tzinfo=UTC)
    assert await offered(person, include="all") == [("Say thank you", "window_closing")]
    clock.instant = datetime(2026, 3, 16, 8, tzinfo=UTC)
    assert await offered(person) == [("Say thank you", "overdue")]
