"""Closing and reopening a rejection over HTTP: what happens to its plan."""

from typing import Any

from tests.conftest import Person
from tests.domains.acting import (
    change,
    check_in,
    code_of,
    delete,
    get,
    items,
    patch,
    plan_of,
    post,
    statuses,
    step_of,
)


async def set_status(person: Person, rejection: dict[str, Any], status: str) -> None:
    await change(person, f"/v1/rejections/{rejection['id']}", status=status)


async def test_closing_leaves_out_what_is_open_and_reopening_restores_exactly_that(
    person: Person,
) -> None:
    rejection = await person.record_rejection(channel="phone")
    plan = await plan_of(person, rejection)
    for kind, status in {
        "decompress": "done",
        "thank": "skipped",
        "request_feedback": "in_progress",
    }.items():
        step = step_of(plan, kind)
        await change(person, f"/v1/recovery-steps/{step['id']}", status=status)
    before = await plan_of(person, rejection)

    await set_status(person, rejection, "closed")
    closed = await plan_of(person, rejection)
    assert closed["status"] == "completed"
    assert statuses(closed) == {
        kind: "done" if kind == "decompress" else "skipped" for kind in statuses(before)
    }
    for step in closed["steps"]:
        by_person = step["kind"] in ("decompress", "thank")
        assert step["skip_reason"] == (None if by_person else "rejection_closed")
    assert await items(person, "/v1/recovery-steps", status="pending") == []
    assert (await get(person, "/v1/next-actions", include="all"))["items"] == []

    await set_status(person, rejection, "open")
    after = await plan_of(person, rejection)
    assert after["status"] == "active"
    assert statuses(after) == statuses(before)
    assert statuses(after)["request_feedback"] == "in_progress"
    for was, now in zip(before["steps"], after["steps"], strict=True):
        for changing in ("revision", "updated_at"):
            was.pop(changing)
            now.pop(changing)
        assert was == now


async def test_a_plan_that_had_ended_before_stays_as_it_was(person: Person) -> None:
    for status in ("completed", "abandoned"):
        rejection = await person.record_rejection()
        plan = await plan_of(person, rejection)
        ended = await change(person, f"/v1/recovery-plans/{plan['id']}", status=status)
        await set_status(person, rejection, "closed")
        assert await plan_of(person, rejection) == ended
        await set_status(person, rejection, "open")
        assert await plan_of(person, rejection) == ended


async def test_a_closed_rejection_takes_no_active_plan(person: Person) -> None:
    rejection = await person.record_rejection()
    plan = await plan_of(person, rejection)
    await set_status(person, rejection, "closed")
    body = {"rejection_id": rejection["id"]}
    started = await person.http.post("/v1/recovery-plans", json=body)
    assert code_of(started, 409) == "rejection-is-closed"
    back = await patch(person, f"/v1/recovery-plans/{plan['id']}", status="active")
    assert code_of(back, 409) == "rejection-is-closed"
    assert (await plan_of(person, rejection))["status"] == "completed"


async def test_a_step_reopened_meanwhile_does_not_bring_back_a_closed_rejections_plan(
    person: Person,
) -> None:
    # The first plan ended with its last step, before the rejection was closed; the second is
    # completed by closing it.
    rejection = await person.record_rejection(stage="application")
    first = await plan_of(person, rejection)
    for step in first["steps"]:
        await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    second = await post(person, "/v1/recovery-plans", rejection_id=rejection["id"])
    await set_status(person, rejection, "closed")

    for plan in (first, second):
        step = step_of(plan, "assess_gaps")
        await change(person, f"/v1/recovery-steps/{step['id']}", status="pending")
        shown = await get(person, f"/v1/recovery-plans/{plan['id']}")
        assert shown["status"] == "completed"
    assert (await get(person, "/v1/next-actions", include="all"))["items"] == []

    await set_status(person, rejection, "open")
    (active,) = await items(person, "/v1/recovery-plans", status="active")
    assert active["id"] == second["id"]


async def test_a_check_in_taken_back_while_closed_leaves_the_plan_completed(
    person: Person,
) -> None:
    rejection = await person.record_rejection(decided_by="none")
    told = await check_in(person, rejection_id=rejection["id"])
    plan = await plan_of(person, rejection)
    step = step_of(plan, "follow_company")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    assert (await plan_of(person, rejection))["status"] == "completed"
    await set_status(person, rejection, "closed")
    await delete(person, f"/v1/check-ins/{told['id']}")
    after = await plan_of(person, rejection)
    assert (after["status"], step_of(after, "check_in")["status"]) == ("completed", "skipped")
    # Nothing more is asked about what is closed; taken up again, there is something to do.
    await set_status(person, rejection, "open")
    after = await plan_of(person, rejection)
    assert (after["status"], step_of(after, "check_in")["status"]) == ("active", "pending")
    assert step_of(after, "follow_company")["status"] == "done"


async def test_a_check_in_about_a_closed_rejection_is_kept_and_ticks_nothing(
    person: Person,
) -> None:
    rejection = await person.record_rejection()
    await set_status(person, rejection, "closed")
    plan = await plan_of(person, rejection)
    told = await check_in(person, rejection_id=rejection["id"])
    assert told["rejection_id"] == rejection["id"]
    assert await plan_of(person, rejection) == plan
