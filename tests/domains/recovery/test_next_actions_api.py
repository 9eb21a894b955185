"""Next actions over HTTP: what is offered, in which order, and how one tap settles it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, change, check_in, expect, finding_of, get, plan_of, post

ALL = {"include": "all"}


async def actions(person: Person, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(person, "/v1/next-actions", **params))["items"]
    return found


async def titles(person: Person, **params: Any) -> list[str]:
    return [item["title"] for item in await actions(person, **params)]


async def own_steps(person: Person, steps: dict[str, dict[str, Any]]) -> dict[str, str]:
    """A plan without a rejection; from the titles of its steps to their ids."""
    plan = await post(person, "/v1/recovery-plans", title="My own")
    found = {}
    for title, fields in steps.items():
        step = await post(person, "/v1/recovery-steps", plan_id=plan["id"], title=title, **fields)
        found[title] = step["id"]
    return found


async def test_the_pressing_comes_first_then_the_short_then_the_order_of_practices(
    person: Person, clock: SetClock
) -> None:
    await own_steps(
        person,
        {
            "later": {"due_on": "2026-03-15", "effort_minutes": 1},
            "whenever, long": {"effort_minutes": 60},
            "whenever, short": {"effort_minutes": 5, "practice": "E3"},
            "whenever, short, early practice": {"effort_minutes": 5, "practice": "A1"},
            "long overdue": {"due_on": "2026-03-03", "effort_minutes": 2},
            "in three days": {"due_on": "2026-03-14", "effort_minutes": 3},
            "tomorrow, longer": {"due_on": "2026-03-12", "effort_minutes": 30},
            "overdue": {"due_on": "2026-03-04", "effort_minutes": 40},
            "today": {"due_on": "2026-03-11", "effort_minutes": 45},
            "not open yet": {"opens_on": "2026-03-12", "due_on": "2026-03-12"},
            "a window": {"due_on": "2026-03-11", "kind": "thank", "effort_minutes": 99},
        },
    )
    clock.advance(timedelta(seconds=1))
    await own_steps(person, {"younger": {"effort_minutes": 5, "practice": "A1"}})
    found = await actions(person, **ALL)
    assert [(item["title"], item["reason"]) for item in found] == [
        ("a window", "window_closing"),
        ("overdue", "overdue"),
        ("today", "due_today"),
        ("in three days", "due_soon"),
        ("tomorrow, longer", "due_soon"),
        ("later", "when_ready"),
        ("long overdue", "when_ready"),
        ("whenever, short, early practice", "when_ready"),
        ("younger", "when_ready"),
        ("whenever, short", "when_ready"),
        ("whenever, long", "when_ready"),
    ]
    assert await actions(person) == found[:3]


async def test_an_action_says_why_in_the_persons_language(person: Person) -> None:
    ids = await own_steps(person, {"today": {"due_on": "2026-03-11", "effort_minutes": 7}})
    step = await get(person, f"/v1/recovery-steps/{ids['today']}")
    (item,) = await actions(person)
    assert item == {
        "collection": "recovery_steps",
        "record_id": step["id"],
        "revision": step["revision"],
        "operation_id": "update_recovery_step",
        "title": "today",
        "reason": "due_today",
        "why_now": "It is planned for today.",
        "effort_minutes": 7,
        "due_on": "2026-03-11",
    }
    german = await person.http.get("/v1/next-actions", headers=GERMAN)
    assert expect(german, 200)["items"] == [{**item, "why_now": "Es ist für heute vorgesehen."}]


async def test_what_is_done_today_is_taken_off_the_days_few_things(
    make_person: MakePerson, clock: SetClock
) -> None:
    person = await make_person(next_actions_per_day=2)
    ids = await own_steps(person, {name: {} for name in "abcde"})
    assert await titles(person) == ["a", "b"]
    await change(person, f"/v1/recovery-steps/{ids['a']}", status="done")
    assert await titles(person) == ["b"]
    await change(person, f"/v1/recovery-steps/{ids['e']}", status="skipped")
    assert await titles(person) == ["b"]
    await change(person, f"/v1/recovery-steps/{ids['d']}", status="done")
    assert await titles(person) == []
    assert await titles(person, **ALL) == ["b", "c"]
    await change(person, f"/v1/recovery-steps/{ids['d']}", status="pending")
    assert await titles(person) == ["b"]
    # The next day begins at midnight in Berlin.
    clock.instant = datetime(2026, 3, 11, 22, 59, 59, tzinfo=UTC)
    assert await titles(person) == ["b"]
    clock.advance(timedelta(seconds=1))
    assert await titles(person) == ["b", "c"]


async def test_one_check_in_that_ticks_two_steps_is_one_act(make_person: MakePerson) -> None:
    person = await make_person(next_actions_per_day=2, pause_hours=0)
    await own_steps(person, {name: {"effort_minutes": 1} for name in "abc"})
    rejection = await person.record_rejection()
    await check_in(person, rejection_id=rejection["id"])
    done = [s for s in (await plan_of(person, rejection))["steps"] if s["status"] == "done"]
    assert len(done) == 2
    assert len(await titles(person)) == 1


async def test_each_rejection_gets_one_action_at_most(person: Person) -> None:
    for company in "abcd":
        await person.record_rejection(company_name=company, stage="application")
    await own_steps(person, {"x": {"due_on": "2026-03-11"}, "y": {"due_on": "2026-03-11"}})
    found = await titles(person, **ALL)
    assert found[:2] == ["x", "y"]
    assert found[2:] == ["Compare the role with what you bring"] * 4
    assert len(await titles(person)) == 3


async def test_a_day_can_be_previewed(person: Person) -> None:
    ids = await own_steps(
        person,
        {
            "opens later": {"opens_on": "2026-03-20", "effort_minutes": 1},
            "due later": {"due_on": "2026-03-20"},
        },
    )
    assert (await get(person, "/v1/next-actions"))["on"] == "2026-03-11"
    assert await titles(person) == ["due later"]
    preview = await get(person, "/v1/next-actions", on="2026-03-20")
    assert preview["on"] == "2026-03-20"
    assert [(item["title"], item["reason"]) for item in preview["items"]] == [
        ("due later", "due_today"),
        ("opens later", "when_ready"),
    ]
    # What is done today takes nothing off another day.
    await change(person, f"/v1/recovery-steps/{ids['due later']}", status="done")
    assert await titles(person, on="2026-03-20") == ["opens later"]
    rejection = await person.record_rejection()
    assert (await plan_of(person, rejection))["pause_until"] is not None
    reasons = [item["reason"] for item in await actions(person, on="2026-03-14", **ALL)]
    assert "part_of_pause" not in reasons
    for params in ({"on": "soon"}, {"include": "some"}):
        answer = await person.http.get("/v1/next-actions", params=params)
        assert finding_of(answer)[0] == f"query.{next(iter(params))}"


async def test_applying_again_is_offered_on_the_day_the_person_set(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(
        company_name="Example GmbH", start_plan=False, reapply_on="2026-03-12"
    )
    assert await actions(person) == []
    clock.advance(timedelta(days=1))
    (item,) = await actions(person)
    assert item["title"] == "Think about applying again at Example GmbH"
    assert (item["collection"], item["record_id"]) == ("rejections", rejection["id"])
    assert (item["operation_id"], item["reason"]) == ("update_rejection", "reapply_date")
    # It stays after the rejection is closed, until the person decides.
    await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
    clock.advance(timedelta(days=60))
    (item,) = await actions(person)
    later = await person.http.patch(
        f"/v1/rejections/{rejection['id']}",
        json={"reapply_on": "2026-12-01"},
        headers={"If-Match": f'"{item["revision"]}"'},
    )
    assert expect(later, 200)["reapply_on"] == "2026-12-01"
    assert await actions(person) == []


async def test_applying_again_is_suggested_after_half_a_year_for_a_month(
    person: Person, clock: SetClock
) -> None:
    await person.record_rejection(start_plan=False, rejected_on="2025-09-12")
    await person.record_rejection(
        start_plan=False, rejected_on="2025-09-12", decided_by="candidate"
    )
    assert await actions(person) == []
    clock.advance(timedelta(days=1))
    (item,) = await actions(person)
    assert (item["reason"], item["due_on"]) == ("reapply_suggested", None)
    clock.advance(timedelta(days=29))
    assert len(await actions(person)) == 1
    clock.advance(timedelta(days=1))
    assert await actions(person) == []


async def test_one_request_settles_an_action(person: Person, app: FastAPI) -> None:
    contract = (await person.http.get("/openapi.json")).json()
    where = {
        operation["operationId"]: (method, path)
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    }
    await own_steps(person, {"a step": {}})
    await person.record_rejection(start_plan=False, reapply_on="2026-03-01")
    settling = {
        "update_recovery_step": {"status": "done"},
        "update_rejection": {"reapply_on": None},
    }
    found = await actions(person)
    assert {item["operation_id"] for item in found} == set(settling)
    for item in found:
        method, path = where[item["operation_id"]]
        name = path.split("{")[1].rstrip("}")
        answer = await person.http.request(
            method,
            path.format(**{name: item["record_id"]}),
            json=settling[item["operation_id"]],
            headers={"If-Match": f'"{item["revision"]}"'},
        )
        assert expect(answer, 200)["revision"] > item["revision"]
        left = {one["record_id"] for one in await actions(person)}
        assert item["record_id"] not in left


async def test_nobody_is_offered_what_is_anothers(person: Person, stranger: Person) -> None:
    await person.record_rejection(reapply_on="2026-03-01")
    await own_steps(person, {"mine": {}})
    assert await actions(stranger, **ALL) == []
    assert len(await actions(person, **ALL)) == 2
