"""Changing, closing, reopening and deleting a rejection over HTTP."""

from datetime import timedelta

from app.kit.clock import SetClock
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
    patch,
    plan_of,
    post,
)
from tests.domains.rejections.test_api_recording import EVERYTHING

NULLABLE = (
    *("role_title", "applied_on", "interviewed_on", "channel", "stated_reason", "source"),
    *("job_url", "location", "work_mode", "notes", "reapply_on"),
    *("company_id", "contact_id", "opportunity_id"),
)
REQUIRED = (*("company_name", "stage", "decided_by", "rejected_on", "reasons", "tags", "status"),)


async def test_null_clears_what_can_be_empty_and_nothing_else(person: Person) -> None:
    rejection = await post(person, "/v1/rejections", **EVERYTHING)
    path = f"/v1/rejections/{rejection['id']}"
    for name in REQUIRED:
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    assert await get(person, path) == rejection

    cleared = await change(person, path, **dict.fromkeys(NULLABLE))
    assert {name for name, value in cleared.items() if value is None} == {*NULLABLE, "closed_on"}
    assert {name: cleared[name] for name in REQUIRED} == {n: rejection[n] for n in REQUIRED}


async def test_every_field_can_be_changed_later(person: Person) -> None:
    rejection = await person.record_rejection()
    path = f"/v1/rejections/{rejection['id']}"
    changed = await change(person, path, **EVERYTHING)
    assert {name: changed[name] for name in EVERYTHING} == EVERYTHING
    assert changed["revision"] > rejection["revision"]
    assert await get(person, path) == changed
    assert finding_of(await patch(person, path, job_url="file:///etc")) == (
        "/job_url",
        "web_address",
    )
    assert finding_of(await patch(person, path, start_plan=True))[0] == "/start_plan"


async def test_lists_are_replaced_as_a_whole(person: Person) -> None:
    rejection = await post(person, "/v1/rejections", **EVERYTHING)
    path = f"/v1/rejections/{rejection['id']}"
    reasons = [{"code": "other", "basis": "stated"}]
    changed = await change(person, path, tags=["new"], reasons=reasons)
    assert changed["tags"] == ["new"]
    assert changed["reasons"] == reasons
    assert (await change(person, path, tags=[]))["tags"] == []


async def test_a_new_name_is_found_and_the_old_one_is_not(person: Person) -> None:
    rejection = await person.record_rejection(company_name="Alpha")
    await change(person, f"/v1/rejections/{rejection['id']}", company_name="Omega")
    assert await items(person, "/v1/rejections", company_name="alpha") == []
    assert len(await items(person, "/v1/rejections", company_name="omega")) == 1


async def test_a_change_that_changes_nothing_keeps_the_revision(person: Person) -> None:
    rejection = await post(person, "/v1/rejections", **EVERYTHING)
    path = f"/v1/rejections/{rejection['id']}"
    again = await person.http.patch(path, json=EVERYTHING, headers={"If-Match": '"0"'})
    assert expect(again, 200) == rejection
    stale = await person.http.patch(path, json={"notes": "x"}, headers={"If-Match": '"0"'})
    assert code_of(stale, 412) == "precondition-failed"


async def test_closing_keeps_the_day_and_reopening_forgets_it(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    path = f"/v1/rejections/{rejection['id']}"
    assert finding_of(await patch(person, path, closed_on="2026-03-11")) == (
        "/closed_on",
        "not_closed",
    )
    clock.advance(timedelta(days=1))
    assert (await change(person, path, status="closed"))["closed_on"] == "2026-03-12"
    clock.advance(timedelta(days=1))
    assert (await change(person, path, notes="still closed"))["closed_on"] == "2026-03-12"
    assert (await change(person, path, closed_on="2026-03-01"))["closed_on"] == "2026-03-01"
    assert finding_of(await patch(person, path, status="open", closed_on="2026-03-02")) == (
        "/closed_on",
        "not_closed",
    )
    reopened = await change(person, path, status="open")
    assert (reopened["status"], reopened["closed_on"]) == ("open", None)
    closed = await change(person, path, status="closed", closed_on="2026-02-28")
    assert closed["closed_on"] == "2026-02-28"


async def test_a_closed_rejection_always_has_its_day(person: Person) -> None:
    rejection = await person.record_rejection()
    path = f"/v1/rejections/{rejection['id']}"
    await change(person, path, status="closed", closed_on="2026-03-01")
    assert (await change(person, path, closed_on=None))["closed_on"] == "2026-03-11"


async def test_the_day_of_closing_is_the_persons_own(person: Person, clock: SetClock) -> None:
    rejection = await person.record_rejection()
    clock.instant = clock.instant.replace(hour=23, minute=30)
    closed = await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
    assert closed["closed_on"] == "2026-03-12"


async def test_open_and_closed_follow_each_other_and_staying_changes_nothing(
    person: Person,
) -> None:
    rejection = await person.record_rejection()
    path = f"/v1/rejections/{rejection['id']}"
    assert await change(person, path, status="open") == rejection
    closed = await change(person, path, status="closed")
    assert await change(person, path, status="closed") == closed
    assert (await change(person, path, status="open"))["status"] == "open"
    assert finding_of(await patch(person, path, status="archived"))[0] == "/status"


async def test_deleting_takes_plans_and_steps_along_and_leaves_check_ins(
    person: Person,
) -> None:
    kept = await person.record_rejection(company_name="Kept")
    rejection = await person.record_rejection()
    plan = await plan_of(person, rejection)
    about = await check_in(person, rejection_id=rejection["id"], note="mine to keep")
    elsewhere = await check_in(person, rejection_id=kept["id"])
    other_plan = await plan_of(person, kept)

    await delete(person, f"/v1/rejections/{rejection['id']}")

    gone = [f"/v1/rejections/{rejection['id']}", f"/v1/recovery-plans/{plan['id']}"]
    gone += [f"/v1/recovery-steps/{step['id']}" for step in plan["steps"]]
    for path in gone:
        assert code_of(await person.http.get(path), 404) == "not-found"
    detached = await get(person, f"/v1/check-ins/{about['id']}")
    assert (detached["rejection_id"], detached["note"]) == (None, "mine to keep")
    assert detached["revision"] > about["revision"]
    assert (await get(person, f"/v1/check-ins/{elsewhere['id']}"))["rejection_id"] == kept["id"]
    assert await plan_of(person, kept) == other_plan
    actions = await get(person, "/v1/next-actions", include="all")
    steps = {step["id"] for step in plan["steps"]}
    assert not steps.intersection(item["record_id"] for item in actions["items"])


async def test_a_strangers_rejection_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    rejection = await person.record_rejection()
    path = f"/v1/rejections/{rejection['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        body = {"notes": "x"} if method == "PATCH" else None
        answer = await stranger.http.request(method, path, json=body, headers={"If-Match": "*"})
        assert code_of(answer, 404) == "not-found"
    assert await get(person, path) == rejection
