"""Adding, ticking and leaving out steps over HTTP, and what it does to their plan."""

from typing import Any
from uuid import uuid4

from tests.conftest import Person
from tests.domains.acting import (
    change,
    check_in,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    plan_of,
    post,
    step_of,
)

STEP = {
    "title": "Call an old colleague",
    "kind": "expand_network",
    "practice": "E3",
    "guidance": "Ten minutes are enough.",
    "effort_minutes": 10,
    "opens_on": "2026-03-12",
    "due_on": "2026-03-14",
    "cue": "When I have had coffee,",
    "action": "then I call.",
}
ALLOWED = {
    "pending": ["in_progress", "done", "skipped"],
    "in_progress": ["done", "skipped"],
    "done": ["pending"],
    "skipped": ["pending"],
}


async def own_plan(person: Person) -> dict[str, Any]:
    return await post(person, "/v1/recovery-plans", title="My own")


async def add_step(person: Person, plan: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return await post(
        person, "/v1/recovery-steps", plan_id=plan["id"], **{"title": "A step", **fields}
    )


async def test_a_step_of_ones_own_comes_last_and_comes_back_as_sent(
    person: Person, stranger: Person
) -> None:
    plan = await plan_of(person, await person.record_rejection(stage="application"))
    step = await add_step(person, plan, **STEP)
    assert {name: step[name] for name in STEP} == STEP
    assert (step["origin"], step["status"], step["position"]) == ("person", "pending", 3)
    assert (await get(person, f"/v1/recovery-plans/{plan['id']}"))["steps"][-1] == step
    plain = await add_step(person, plan)
    assert (plain["kind"], plain["practice"], plain["effort_minutes"]) == ("custom", "E1", 10)

    theirs = await own_plan(stranger)
    for plan_id in (theirs["id"], str(uuid4())):
        answer = await person.http.post(
            "/v1/recovery-steps", json={"plan_id": plan_id, "title": "x"}
        )
        assert finding_of(answer) == ("/plan_id", "unknown")


async def test_a_step_is_changed_field_by_field(person: Person) -> None:
    plan = await own_plan(person)
    step = await add_step(person, plan)
    path = f"/v1/recovery-steps/{step['id']}"
    changes = {name: value for name, value in STEP.items() if name != "kind"}
    changed = await change(person, path, **changes, position=7)
    assert {name: changed[name] for name in changes} == changes
    assert (changed["position"], changed["status"]) == (7, "pending")
    nullable = ("guidance", "opens_on", "due_on", "cue", "action")
    cleared = await change(person, path, **dict.fromkeys(nullable))
    assert [cleared[name] for name in nullable] == [None] * 5
    for name in ("title", "practice", "effort_minutes", "position", "status"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    for fields in ({"effort_minutes": 0}, {"effort_minutes": 481}, {"kind": "thank"}):
        assert finding_of(await patch(person, path, **fields))[0] == f"/{next(iter(fields))}"


async def test_only_the_listed_changes_of_a_steps_status_exist(person: Person) -> None:
    plan = await own_plan(person)
    for before, following in ALLOWED.items():
        for after in ALLOWED:
            step = await add_step(person, plan)
            path = f"/v1/recovery-steps/{step['id']}"
            held = await change(person, path, status=before)
            answer = await patch(person, path, status=after)
            if after == before:
                assert expect(answer, 200) == held
            elif after in following:
                changed = expect(answer, 200)
                done = after == "done"
                assert changed["status"] == after
                assert changed["done_by"] == ("person" if done else None)
                assert changed["done_at"] == ("2026-03-11T12:00:00Z" if done else None)
            else:
                assert code_of(answer, 409) == "invalid-transition"
                assert sorted(answer.json()["allowed"]) == sorted(following)
                assert await get(person, path) == held


async def test_leaving_out_may_have_a_reason_but_not_the_engines(person: Person) -> None:
    plan = await own_plan(person)
    step, other = await add_step(person, plan), await add_step(person, plan)
    path = f"/v1/recovery-steps/{step['id']}"
    reserved = ("/skip_reason", "reserved")
    early = await patch(person, path, skip_reason="not_now")
    assert finding_of(early) == ("/skip_reason", "not_skipped")
    ticked = await patch(person, path, status="done", skip_reason="not_now")
    assert finding_of(ticked) == ("/skip_reason", "not_skipped")
    closed = await patch(person, path, status="skipped", skip_reason="rejection_closed")
    assert finding_of(closed) == reserved
    assert (await change(person, path, status="skipped"))["skip_reason"] is None
    later = await patch(person, path, skip_reason="rejection_closed")
    assert finding_of(later) == reserved
    assert (await change(person, path, skip_reason="not_relevant"))["skip_reason"] == "not_relevant"
    assert (await change(person, path, status="pending"))["skip_reason"] is None

    whole = await change(
        person, f"/v1/recovery-steps/{other['id']}", status="skipped", skip_reason="other"
    )
    assert (whole["status"], whole["skip_reason"]) == ("skipped", "other")


async def test_a_plan_holds_thirty_steps(person: Person) -> None:
    plan = await own_plan(person)
    steps = [await add_step(person, plan, title=f"Step {number}") for number in range(30)]
    body = {"plan_id": plan["id"], "title": "One too many"}
    answer = await person.http.post("/v1/recovery-steps", json=body)
    assert code_of(answer, 409) == "too-many-steps"
    assert answer.json()["limit"] == 30
    shown = await get(person, f"/v1/recovery-plans/{plan['id']}")
    assert [step["position"] for step in shown["steps"]] == list(range(1, 31))

    await delete(person, f"/v1/recovery-steps/{steps[3]['id']}")
    assert (await add_step(person, plan))["position"] == 31


async def test_a_steps_change_is_its_plans_change(person: Person) -> None:
    plan, other = await own_plan(person), await own_plan(person)
    path = f"/v1/recovery-plans/{plan['id']}"

    async def tag(path: str = path) -> str:
        return (await person.http.get(path)).headers["ETag"]

    tags = [await tag()]
    step = await add_step(person, plan)
    tags.append(await tag())
    step_path = f"/v1/recovery-steps/{step['id']}"
    for fields in ({"title": "Renamed"}, {"status": "in_progress"}, {"status": "done"}):
        changed = await change(person, step_path, **fields)
        tags.append(await tag())
        assert tags[-1] == f'"{changed["revision"]}"'
    await delete(person, step_path)
    tags.append(await tag())
    assert len(set(tags)) == len(tags) == 6
    assert await tag(f"/v1/recovery-plans/{other['id']}") == f'"{other["revision"]}"'


async def test_a_change_that_changes_nothing_touches_neither_step_nor_plan(
    person: Person,
) -> None:
    plan = await own_plan(person)
    step = await add_step(person, plan, **STEP)
    path = f"/v1/recovery-plans/{plan['id']}"
    before = await person.http.get(path)
    said = {name: STEP[name] for name in ("title", "due_on", "effort_minutes")}
    again = await person.http.patch(
        f"/v1/recovery-steps/{step['id']}",
        json={**said, "status": "pending"},
        headers={"If-Match": '"1"'},
    )
    assert expect(again, 200) == step
    held = {"If-None-Match": before.headers["ETag"]}
    assert (await person.http.get(path, headers=held)).status_code == 304
    # The same holds for the plan's own fields.
    same = await patch(person, path, title="My own", pause_until=None, status="active")
    assert expect(same, 200) == before.json()


async def test_deleting_all_check_ins_is_a_change_of_the_plans_they_ticked(
    person: Person,
) -> None:
    rejection = await person.record_rejection()
    await check_in(person, rejection_id=rejection["id"])
    plan = await plan_of(person, rejection)
    assert step_of(plan, "check_in")["evidence"] is not None
    expect(await person.http.delete("/v1/check-ins"), 204)
    path = f"/v1/recovery-plans/{plan['id']}"
    fresh = await person.http.get(path, headers={"If-None-Match": f'"{plan["revision"]}"'})
    step = step_of(expect(fresh, 200), "check_in")
    assert (step["status"], step["evidence"]) == ("done", None)


async def test_steps_are_found_by_plan_status_and_kind(person: Person, stranger: Person) -> None:
    plan = await plan_of(person, await person.record_rejection(stage="final_round"))
    await person.record_rejection(stage="application")
    await stranger.record_rejection()
    await change(person, f"/v1/recovery-steps/{plan['steps'][0]['id']}", status="done")
    path = "/v1/recovery-steps"
    of_plan = await items(person, path, plan_id=plan["id"])
    assert of_plan == (await get(person, f"/v1/recovery-plans/{plan['id']}"))["steps"]
    assert await pages(person, path, plan_id=plan["id"], limit=2) == of_plan
    done = await items(person, path, status="done")
    assert [step["id"] for step in done] == [plan["steps"][0]["id"]]
    assert len(await items(person, path, kind="check_in", plan_id=plan["id"])) == 2
    assert len(await items(person, path, kind="assess_gaps")) == 2
    assert await items(person, path, kind="refocus") == []


async def test_a_strangers_plan_and_step_are_as_absent_as_none(
    person: Person, stranger: Person
) -> None:
    plan = await own_plan(person)
    step = await add_step(person, plan)
    held = {"If-Match": "*"}
    for path in (f"/v1/recovery-plans/{plan['id']}", f"/v1/recovery-steps/{step['id']}"):
        assert code_of(await stranger.http.get(path), 404) == "not-found"
        answer = await stranger.http.patch(path, json={"title": "x"}, headers=held)
        assert code_of(answer, 404) == "not-found"
    answer = await stranger.http.delete(f"/v1/recovery-steps/{step['id']}", headers=held)
    assert code_of(answer, 404) == "not-found"
    assert await items(stranger, "/v1/recovery-steps", plan_id=plan["id"]) == []
    assert await get(person, f"/v1/recovery-steps/{step['id']}") == step
