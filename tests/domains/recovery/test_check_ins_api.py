"""Check-ins over HTTP: what they say, and which steps they tick."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
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
    statuses,
    step_of,
)

TICKED = {"check_in", "decompress"}


def done(plan: dict[str, Any]) -> set[str]:
    return {step["kind"] for step in plan["steps"] if step["status"] == "done"}


async def test_a_check_in_comes_back_as_sent(person: Person) -> None:
    rejection = await person.record_rejection()
    said = {
        "rejection_id": rejection["id"],
        "checked_in_at": "2026-03-10T22:15:00.123456Z",
        "mood": 2,
        "energy": 5,
        "emotions": ["sad", "relieved"],
        "dwelling": False,
        "note": "Slept well.\nWoke early.",
    }
    recorded = await check_in(person, **said)
    assert {name: recorded[name] for name in said} == said
    assert recorded["support"] == {"href": "/v1/support-resources"}
    assert recorded["support_card"] is recorded["refocus"] is None
    stored = await get(person, f"/v1/check-ins/{recorded['id']}")
    assert stored == {
        name: value for name, value in recorded.items() if name not in ("support_card", "refocus")
    }
    short = await check_in(person)
    assert short["checked_in_at"] == "2026-03-11T12:00:00Z"
    assert (short["emotions"], short["dwelling"], short["note"]) == ([], None, None)
    assert await items(person, "/v1/check-ins") == [
        await get(person, f"/v1/check-ins/{short['id']}"),
        stored,
    ]


async def test_what_cannot_be_is_refused(person: Person, stranger: Person) -> None:
    theirs = await stranger.record_rejection()
    recorded = await check_in(person)
    path = f"/v1/check-ins/{recorded['id']}"
    refused: list[tuple[dict[str, Any], str]] = [
        ({"mood": 0}, "/mood"),
        ({"mood": 6}, "/mood"),
        ({"mood": "3"}, "/mood"),
        ({"energy": 2.5}, "/energy"),
        ({"energy": True}, "/energy"),
        ({"emotions": ["sad", "sad"]}, "/emotions"),
        ({"emotions": ["schadenfreude"]}, "/emotions/0"),
        ({"dwelling": "yes"}, "/dwelling"),
        ({"note": "x" * 5001}, "/note"),
        ({"rejection_id": theirs["id"]}, "/rejection_id"),
        ({"rejection_id": str(uuid4())}, "/rejection_id"),
        ({"checked_in_at": "2026-03-12T12:00:01Z"}, "/checked_in_at"),
        ({"checked_in_at": 1773230400}, "/checked_in_at"),
        ({"feeling": "fine"}, "/feeling"),
    ]
    for fields, pointer in refused:
        body = {"mood": 3, "energy": 3, **fields}
        posted = await person.http.post("/v1/check-ins", json=body)
        assert finding_of(posted)[0] == pointer, fields
        assert finding_of(await patch(person, path, **fields))[0] == pointer, fields
    assert len(await items(person, "/v1/check-ins")) == 1
    assert (await check_in(person, checked_in_at="2026-03-12T12:00:00Z"))["mood"] == 3


async def test_a_check_in_ticks_the_steps_of_its_rejection_that_stand_for_it(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(stage="final_round")
    other = await person.record_rejection()
    await check_in(person)
    assert done(await plan_of(person, rejection)) == set()

    clock.advance(timedelta(hours=3))
    recorded = await check_in(
        person, rejection_id=rejection["id"], checked_in_at="2026-03-11T13:00:00Z"
    )
    plan = await plan_of(person, rejection)
    assert done(plan) == TICKED
    for kind in TICKED:
        step = step_of(plan, kind)
        assert step["evidence"] == {"collection": "check_ins", "id": recorded["id"]}
        assert (step["done_by"], step["done_at"]) == ("event", "2026-03-11T15:00:00Z")
    assert done(await plan_of(person, other)) == set()

    # The second check-in step waits for its day.
    await check_in(person, rejection_id=rejection["id"])
    assert await plan_of(person, rejection) == plan
    clock.advance(timedelta(days=7))
    await check_in(person, rejection_id=rejection["id"])
    last = (await plan_of(person, rejection))["steps"][-1]
    assert (last["kind"], last["status"]) == ("check_in", "done")


async def test_sending_a_check_in_again_changes_nothing(person: Person) -> None:
    rejection = await person.record_rejection()
    body = {"id": str(uuid4()), "rejection_id": rejection["id"], "mood": 2, "energy": 2}
    key = {"Idempotency-Key": "tonight"}
    first = expect(await person.http.post("/v1/check-ins", json=body, headers=key), 201)
    plan = await plan_of(person, rejection)
    step = step_of(plan, "decompress")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="pending")
    plan = await plan_of(person, rejection)

    again = await person.http.post("/v1/check-ins", json=body, headers=key)
    assert expect(again, 201) == first
    assert again.headers["Idempotency-Replayed"] == "true"
    assert expect(await person.http.post("/v1/check-ins", json=body), 200) == first
    assert await plan_of(person, rejection) == plan
    assert len(await items(person, "/v1/check-ins")) == 1
    other = await person.http.post("/v1/check-ins", json={**body, "mood": 3})
    assert code_of(other, 409) == "id-taken"


async def test_moving_a_check_in_moves_its_ticks_and_nothing_else(person: Person) -> None:
    first, second = await person.record_rejection(), await person.record_rejection()
    by_hand = step_of(await plan_of(person, first), "reflect")
    await change(person, f"/v1/recovery-steps/{by_hand['id']}", status="done")
    recorded = await check_in(person, rejection_id=first["id"])
    path = f"/v1/check-ins/{recorded['id']}"
    plan = await plan_of(person, first)

    await change(person, path, mood=4, note="better")
    assert await plan_of(person, first) == plan
    moved = await change(person, path, rejection_id=second["id"])
    assert moved["rejection_id"] == second["id"]
    assert done(await plan_of(person, first)) == {"reflect"}
    there = await plan_of(person, second)
    assert done(there) == TICKED
    assert step_of(there, "check_in")["evidence"]["id"] == recorded["id"]
    await change(person, path, rejection_id=None)
    assert done(await plan_of(person, second)) == set()


async def test_deleting_a_check_in_reopens_exactly_what_it_ticked(person: Person) -> None:
    rejection = await person.record_rejection()
    plan = await plan_of(person, rejection)
    by_hand = step_of(plan, "decompress")
    await change(person, f"/v1/recovery-steps/{by_hand['id']}", status="done")
    ticking = await check_in(person, rejection_id=rejection["id"])
    later = await check_in(person, rejection_id=rejection["id"])
    assert done(await plan_of(person, rejection)) == TICKED

    await delete(person, f"/v1/check-ins/{later['id']}")
    assert done(await plan_of(person, rejection)) == TICKED
    await delete(person, f"/v1/check-ins/{ticking['id']}")
    after = await plan_of(person, rejection)
    assert done(after) == {"decompress"}
    assert step_of(after, "check_in")["evidence"] is None
    assert step_of(after, "check_in")["done_at"] is None
    assert code_of(await person.http.get(f"/v1/check-ins/{ticking['id']}"), 404) == "not-found"


async def test_a_tick_that_the_person_made_their_own_stays(person: Person) -> None:
    rejection = await person.record_rejection()
    recorded = await check_in(person, rejection_id=rejection["id"])
    step = step_of(await plan_of(person, rejection), "check_in")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="pending")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    await delete(person, f"/v1/check-ins/{recorded['id']}")
    assert done(await plan_of(person, rejection)) == {"check_in"}


async def test_a_plan_is_completed_by_a_check_in_and_comes_back_without_it(
    person: Person,
) -> None:
    rejection = await person.record_rejection(decided_by="none")
    step = step_of(await plan_of(person, rejection), "follow_company")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="skipped")
    recorded = await check_in(person, rejection_id=rejection["id"])
    assert (await plan_of(person, rejection))["status"] == "completed"
    await delete(person, f"/v1/check-ins/{recorded['id']}")
    back = await plan_of(person, rejection)
    assert back["status"] == "active"
    assert statuses(back) == {"check_in": "pending", "follow_company": "skipped"}


async def test_deleting_all_check_ins_leaves_what_was_done(
    person: Person, stranger: Person
) -> None:
    rejection = await person.record_rejection()
    for mood in (1, 2, 3):
        await check_in(person, rejection_id=rejection["id"], mood=mood)
    kept = await check_in(stranger)
    expect(await person.http.delete("/v1/check-ins"), 204)
    assert await items(person, "/v1/check-ins") == []
    plan = await plan_of(person, rejection)
    assert done(plan) == TICKED
    assert [step_of(plan, kind)["evidence"] for kind in TICKED] == [None, None]
    assert [item["id"] for item in await items(stranger, "/v1/check-ins")] == [kept["id"]]
    expect(await person.http.delete("/v1/check-ins"), 204)


async def test_without_consent_nothing_is_noted_but_what_is_there_stays_the_persons(
    make_person: MakePerson,
) -> None:
    person = await make_person(wellbeing_tracking=False)
    body = {"mood": 3, "energy": 3}
    refused = await person.http.post("/v1/check-ins", json=body)
    assert code_of(refused, 403) == "consent-missing"
    assert refused.json()["consent"] == "wellbeing_tracking"
    assert await items(person, "/v1/check-ins") == []

    await change(person, "/v1/me", wellbeing_tracking=True)
    first, second, third = [await check_in(person, mood=mood) for mood in (1, 2, 3)]
    await change(person, "/v1/me", wellbeing_tracking=False)
    assert code_of(await person.http.post("/v1/check-ins", json=body), 403) == "consent-missing"
    path = f"/v1/check-ins/{first['id']}"
    assert code_of(await patch(person, path, mood=5), 403) == "consent-missing"
    assert (await get(person, path))["mood"] == 1
    await delete(person, path)
    assert {item["id"] for item in await items(person, "/v1/check-ins")} == {
        second["id"],
        third["id"],
    }
    expect(await person.http.delete("/v1/check-ins"), 204)
    assert await items(person, "/v1/check-ins") == []


async def test_check_ins_are_found_by_rejection_and_time(person: Person) -> None:
    rejection = await person.record_rejection()
    path = "/v1/check-ins"
    about, early, late = [
        await check_in(person, **fields)
        for fields in (
            {"rejection_id": rejection["id"], "checked_in_at": "2026-03-10T10:00:00Z"},
            {"checked_in_at": "2026-03-09T10:00:00Z"},
            {"checked_in_at": "2026-03-11T10:00:00Z"},
        )
    ]

    async def ids(**params: Any) -> list[str]:
        return [item["id"] for item in await items(person, path, **params)]

    assert await ids() == [late["id"], about["id"], early["id"]]
    assert await ids(sort="checked_in_at") == [early["id"], about["id"], late["id"]]
    assert await ids(rejection_id=rejection["id"]) == [about["id"]]
    assert await ids(checked_in_after="2026-03-10T11:00:00+01:00") == [late["id"], about["id"]]
    assert await ids(checked_in_before="2026-03-10T09:59:59Z") == [early["id"]]
    assert [item["id"] for item in await pages(person, path, limit=2)] == await ids()


async def test_a_strangers_check_in_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    recorded = await check_in(person)
    path = f"/v1/check-ins/{recorded['id']}"
    for method in ("GET", "PATCH", "DELETE"):
        body = {"mood": 5} if method == "PATCH" else None
        answer = await stranger.http.request(method, path, json=body, headers={"If-Match": "*"})
        assert code_of(answer, 404) == "not-found"
    assert (await get(person, path))["mood"] == 3
