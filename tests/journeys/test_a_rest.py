"""Accept the "no": A1 give yourself time, A2 don't dwell. (A3, learn, is told with stage C.)"""

from datetime import timedelta

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, check_in, get, items, plan_of, step_of

DAY = timedelta(days=1)
RESTING = {"check_in", "decompress"}


async def test_a1_after_a_no_there_is_time_before_anything_is_asked(
    person: Person, clock: SetClock
) -> None:
    # She likes to have three days for herself, and says so once.
    await change(person, "/v1/me", pause_hours=72, allow_during_pause=False)
    rejection = await person.record_rejection(channel="phone")
    plan = await plan_of(person, rejection)
    assert plan["pause_until"] == "2026-03-14T12:00:00Z"
    kinds = {step["id"]: step["kind"] for step in plan["steps"]}

    async def offered() -> set[str]:
        found = await get(person, "/v1/next-actions", include="all")
        return {kinds[item["record_id"]] for item in found["items"]}

    # Each day there is at most something that does her good.
    for _ in range(3):
        assert await offered() <= RESTING
        clock.advance(DAY)

    # On the fourth day the rest of the plan is there, one thing at a time.
    clock.advance(DAY)
    rest = step_of(plan, "decompress")
    await change(person, f"/v1/recovery-steps/{rest['id']}", status="done")
    first = step_of(plan, "check_in")
    await change(person, f"/v1/recovery-steps/{first['id']}", status="done")
    assert len(await offered()) == 1
    assert not await offered() & RESTING

    # It comes too early: she takes two more days.
    await change(person, f"/v1/recovery-plans/{plan['id']}", pause_until="2026-03-17T12:00:00Z")
    assert await offered() == set()
    reminded = (await get(person, "/v1/reminders"))["items"]
    assert reminded
    assert all(item["at"] >= "2026-03-17T12:00:00Z" for item in reminded)
    await change(person, f"/v1/recovery-plans/{plan['id']}", pause_until=None)
    assert len(await offered()) == 1


async def test_a2_going_round_in_circles_ends_in_one_step_of_ones_own(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(channel="phone")
    plan = await plan_of(person, rejection)
    clock.advance(5 * DAY)
    for _ in range(2):
        said = await check_in(person, rejection_id=rejection["id"], mood=2, dwelling=True)
        assert said["refocus"] is None
        clock.advance(DAY)
    said = await check_in(person, rejection_id=rejection["id"], mood=2, dwelling=True)
    offer = said["refocus"]
    assert offer["muted_until"] == "2026-03-25T12:00:00Z"

    # Of this rejection nothing else is asked of her now; the way out is hers to write.
    found = await get(person, "/v1/next-actions", include="all")
    assert [item["record_id"] for item in found["items"]] == [offer["step_id"]]
    path = f"/v1/recovery-steps/{offer['step_id']}"
    await change(
        person,
        path,
        cue="When I catch myself at it after dinner,",
        action="I put on my shoes and walk once around the block.",
    )
    await change(person, path, status="done")
    assert (await get(person, "/v1/next-actions", include="all"))["items"] == []

    # What she said stays with her, and she lets the matter rest.
    told = await items(person, "/v1/check-ins", rejection_id=rejection["id"])
    assert [one["dwelling"] for one in told] == [True, True, True]
    closed = await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
    assert closed["closed_on"] == "2026-03-18"
    plan = await get(person, f"/v1/recovery-plans/{plan['id']}")
    assert plan["status"] == "completed"
    assert {step["status"] for step in plan["steps"]} == {"done", "skipped"}
