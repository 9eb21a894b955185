"""The dwelling guard over HTTP: when it fires, what it offers, and what it keeps quiet."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domains.recovery.rules.data import REFOCUS_STEP
from app.kit.clock import SetClock
from app.kit.terms import Language
from tests.conftest import Person
from tests.domains.acting import (
    GERMAN,
    change,
    check_in,
    expect,
    get,
    items,
    plan_of,
    post,
    step_of,
)

DAY = timedelta(days=1)
SETTLED = datetime(2026, 3, 18, 12, tzinfo=UTC)
"""Seven days after the no of 11 March."""


async def dwell(person: Person, rejection: dict[str, Any], **fields: Any) -> Any:
    """What is offered after a check-in of somebody whose thoughts keep going back."""
    said = {"rejection_id": rejection["id"], "dwelling": True, **fields}
    return (await check_in(person, **said))["refocus"]


async def fire(person: Person, clock: SetClock, rejection: dict[str, Any]) -> Any:
    """Three days of dwelling that end on the day on which the guard can first fire."""
    for days in (2, 1):
        clock.instant = SETTLED - days * DAY
        assert await dwell(person, rejection) is None
    clock.instant = SETTLED
    offer = await dwell(person, rejection)
    assert offer is not None
    return offer


async def offered(person: Person, **params: Any) -> list[str]:
    found = await get(person, "/v1/next-actions", include="all", **params)
    return [item["title"] for item in found["items"]]


async def test_three_days_of_dwelling_bring_one_step_forward(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    offer = await fire(person, clock, rejection)
    assert offer["rejection_id"] == rejection["id"]
    assert offer["muted_until"] == "2026-03-25T12:00:00Z"
    plan = await plan_of(person, rejection)
    step = plan["steps"][-1]
    assert step["id"] == offer["step_id"]
    assert (step["kind"], step["origin"], step["title"]) == ("refocus", "engine", offer["title"])
    assert (step["guidance"], step["due_on"]) == (offer["guidance"], None)
    # Its words are the person's to write.
    assert (step["cue"], step["action"]) == (None, None)
    own = {"cue": "When I open my mailbox,", "action": "then I take three breaths."}
    written = await change(person, f"/v1/recovery-steps/{step['id']}", **own)
    assert {name: written[name] for name in own} == own


async def test_the_guard_waits_for_three_days_in_a_row_of_their_own_and_for_a_week(
    person: Person, clock: SetClock
) -> None:
    early, same_day, broken, long_ago, unanswered = [
        await person.record_rejection(company_name=name) for name in "abcde"
    ]
    for days in (3, 2, 1):
        clock.instant = SETTLED - days * DAY
        assert await dwell(person, early) is None
    clock.instant = SETTLED
    for _ in range(4):
        assert await dwell(person, same_day) is None
    for days, fields in enumerate(({}, {}, {"dwelling": False}, {}, {})):
        clock.instant = SETTLED + days * DAY
        assert await dwell(person, broken, **fields) is None
        assert await dwell(person, unanswered, **({"dwelling": None} if days else {})) is None
    for days in (0, 13, 14):
        clock.instant = SETTLED + days * DAY
        assert await dwell(person, long_ago) is None


async def test_a_low_mood_alone_is_not_dwelling(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    for days in range(5):
        clock.instant = SETTLED + days * DAY
        for dwelling in (None, False):
            said = {"mood": 1, "energy": 1, "emotions": ["sad", "hurt"], "dwelling": dwelling}
            recorded = await check_in(person, rejection_id=rejection["id"], **said)
            assert recorded["refocus"] is None
    assert "refocus" not in {step["kind"] for step in (await plan_of(person, rejection))["steps"]}


async def test_the_guard_rests_for_two_weeks_and_does_not_pile_up_steps(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    first = await fire(person, clock, rejection)
    for days in range(1, 14):
        clock.instant = SETTLED + days * DAY
        assert await dwell(person, rejection) is None
    clock.instant = SETTLED + 14 * DAY
    second = await dwell(person, rejection)
    assert second["step_id"] == first["step_id"]
    assert second["muted_until"] == "2026-04-08T12:00:00Z"

    await change(person, f"/v1/recovery-steps/{first['step_id']}", status="done")
    for days in (26, 27):
        clock.instant = SETTLED + days * DAY
        assert await dwell(person, rejection) is None
    clock.instant = SETTLED + 28 * DAY
    third = await dwell(person, rejection)
    assert third["step_id"] != first["step_id"]
    kinds = [step["kind"] for step in (await plan_of(person, rejection))["steps"]]
    assert kinds.count("refocus") == 2


async def test_only_the_way_forward_is_offered_for_a_week(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    clock.instant = SETTLED - DAY
    other = await person.record_rejection(company_name="Other", stage="application")
    offer = await fire(person, clock, rejection)
    theirs = step_of(await plan_of(person, other), "assess_gaps")["title"]
    assert sorted(await offered(person)) == sorted([offer["title"], theirs])

    await change(person, f"/v1/recovery-steps/{offer['step_id']}", status="done")
    clock.instant = SETTLED + 7 * DAY - timedelta(seconds=1)
    assert await offered(person) == [theirs]
    # What the person asks for is not hidden.
    assert len(await items(person, "/v1/recovery-steps", status="pending")) > 1
    clock.advance(timedelta(seconds=1))
    assert len(await offered(person)) == 2


async def test_a_closed_rejection_is_left_alone(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
    for days in range(5):
        clock.instant = SETTLED + days * DAY
        assert await dwell(person, rejection) is None


async def test_who_let_the_plan_go_gets_the_words_but_no_step(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(reapply_on="2026-03-17")
    plan = await plan_of(person, rejection)
    await change(person, f"/v1/recovery-plans/{plan['id']}", status="abandoned")
    clock.instant = SETTLED - DAY
    assert await offered(person) == ["Think about applying again at Example GmbH"]
    offer = await fire(person, clock, rejection)
    assert offer["step_id"] is None
    assert offer["title"]
    assert len((await plan_of(person, rejection))["steps"]) == len(plan["steps"])
    # Muted is what would lead back to the rejection, whether or not it has a plan.
    assert await offered(person) == []
    clock.instant = SETTLED + 7 * DAY
    assert await offered(person) == ["Think about applying again at Example GmbH"]


async def test_a_plan_that_was_complete_goes_on_with_the_step(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(stage="application")
    plan = await plan_of(person, rejection)
    for step in plan["steps"]:
        await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    offer = await fire(person, clock, rejection)
    after = await plan_of(person, rejection)
    assert (after["status"], after["steps"][-1]["id"]) == ("active", offer["step_id"])


async def test_a_full_plan_takes_no_further_step(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    plan = await plan_of(person, rejection)
    for _ in range(30 - len(plan["steps"])):
        await post(person, "/v1/recovery-steps", plan_id=plan["id"], title="Mine")
    offer = await fire(person, clock, rejection)
    assert offer["step_id"] is None
    assert len((await plan_of(person, rejection))["steps"]) == 30


async def test_what_is_entered_late_says_nothing_about_now(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    clock.instant = SETTLED
    about = {"rejection_id": rejection["id"], "dwelling": True}
    days = [(SETTLED - number * DAY).isoformat() for number in (2, 1, 0)]
    first, _, _ = [
        await check_in(person, **{**about, "dwelling": bool(number)}, checked_in_at=at)
        for number, at in enumerate(days)
    ]
    # Corrected later, the latest three are three days of dwelling. An older one is not the
    # moment to say so, the next one is.
    await change(person, f"/v1/check-ins/{first['id']}", dwelling=True)
    old = (SETTLED - 5 * DAY).isoformat()
    assert await dwell(person, rejection, checked_in_at=old) is None
    clock.advance(DAY)
    assert await dwell(person, rejection) is not None


async def test_the_offer_is_in_the_persons_language(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    for days in (2, 1):
        clock.instant = SETTLED - days * DAY
        await dwell(person, rejection)
    clock.instant = SETTLED
    body = {"rejection_id": rejection["id"], "mood": 3, "energy": 3, "dwelling": True}
    answer = await person.http.post("/v1/check-ins", json=body, headers=GERMAN)
    offer = expect(answer, 201)["refocus"]
    step = await get(person, f"/v1/recovery-steps/{offer['step_id']}")
    assert (step["title"], step["guidance"]) == (offer["title"], offer["guidance"])
    assert offer["title"] == REFOCUS_STEP.title[Language.DE]
    assert offer["guidance"] == REFOCUS_STEP.guidance[Language.DE]


async def test_what_the_guard_took_for_a_reason_can_be_taken_back(
    person: Person, clock: SetClock
) -> None:
    for way in ("correct", "delete", "delete all"):
        clock.instant = SETTLED - 3 * DAY
        rejection = await person.record_rejection(company_name=way)
        clock.instant = SETTLED + 8 * DAY
        said: dict[str, Any] = {}
        for _ in range(3):
            said = await check_in(person, rejection_id=rejection["id"], dwelling=True)
            clock.advance(DAY)
        assert said["refocus"] is not None
        muted = await offered(person)
        path = f"/v1/check-ins/{said['id']}"
        if way == "correct":
            await change(person, path, dwelling=False)
        elif way == "delete":
            expect(await person.http.delete(path, headers={"If-Match": "*"}), 204)
        else:
            expect(await person.http.delete("/v1/check-ins"), 204)
        assert await offered(person) != muted, way
        await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
