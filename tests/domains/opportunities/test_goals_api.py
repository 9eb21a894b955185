"""Setting, changing, listing and deleting goals over HTTP."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from app.domains.opportunities.events import (
    GoalCompleted,
    GoalDeleted,
    GoalRecorded,
    GoalUpdated,
)
from app.domains.opportunities.terms import GoalMetric, GoalPeriod, GoalStatus
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

PATH = "/v1/goals"
LEAST: dict[str, Any] = {
    "title": "Two good applications a week",
    "metric": "applications",
    "target": 2,
    "period": "week",
}


async def set_goal(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, PATH, **{**LEAST, **fields})


def path_of(goal: dict[str, Any]) -> str:
    return f"{PATH}/{goal['id']}"


async def test_a_goal_begins_today_and_is_active(person: Person, stated: list[Event]) -> None:
    answer = await person.http.post(PATH, json=LEAST)
    goal = expect(answer, 201)
    assert answer.headers["Location"] == path_of(goal)
    assert {name: goal[name] for name in LEAST} == LEAST
    assert (goal["starts_on"], goal["ends_on"], goal["status"]) == ("2026-03-11", None, "active")
    assert await get(person, path_of(goal)) == goal
    assert stated == [GoalRecorded(record_id=UUID(goal["id"]), metric=GoalMetric.APPLICATIONS)]


async def test_today_is_the_day_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
    for zone, today in (("Pacific/Kiritimati", "2026-03-12"), ("Pacific/Pago_Pago", "2026-03-10")):
        assert (await set_goal(await make_person(time_zone=zone)))["starts_on"] == today


async def test_every_metric_can_be_counted_in_every_period(person: Person) -> None:
    for metric, period in product(GoalMetric, GoalPeriod):
        goal = await set_goal(person, metric=metric.value, period=period.value)
        assert (goal["metric"], goal["period"]) == (metric.value, period.value)


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "/title"),
    ({"title": None}, "/title"),
    ({"metric": "rejections_avoided"}, "/metric"),
    ({"target": 0}, "/target"),
    ({"target": 10_001}, "/target"),
    ({"target": 1.5}, "/target"),
    ({"period": "day"}, "/period"),
    ({"starts_on": None}, "/starts_on"),
    ({"status": None}, "/status"),
    ({"progress": 1}, "/progress"),
    ({"ends_on": "2026-03-10"}, "/ends_on"),
    ({"starts_on": "2026-05-01", "ends_on": "2026-04-30"}, "/ends_on"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        assert finding_of(await person.http.post(PATH, json={**LEAST, **fields}))[0] == pointer
    assert await items(person, PATH) == []


async def test_a_goal_never_ends_before_it_starts(person: Person) -> None:
    goal = await set_goal(person, starts_on="2026-03-01", ends_on="2026-03-01")
    path = path_of(goal)
    early = await patch(person, path, ends_on="2026-02-28")
    assert finding_of(early) == ("/ends_on", "ends_before_start")
    late = await patch(person, path, starts_on="2026-03-02")
    assert finding_of(late) == ("/starts_on", "ends_before_start")
    assert await get(person, path) == goal
    moved = await change(person, path, starts_on="2026-04-01", ends_on="2026-04-30")
    assert (moved["starts_on"], moved["ends_on"]) == ("2026-04-01", "2026-04-30")
    assert (await change(person, path, ends_on=None))["ends_on"] is None


async def test_every_status_follows_every_other(person: Person, stated: list[Event]) -> None:
    for before, after in product(GoalStatus, repeat=2):
        goal = await set_goal(person, status=before.value)
        assert goal["status"] == before.value
        named: dict[str, Any] = {
            "record_id": UUID(goal["id"]),
            "metric": GoalMetric.APPLICATIONS,
        }
        completed = [GoalCompleted(**named)] if before is GoalStatus.ACHIEVED else []
        assert stated == [GoalRecorded(**named), *completed]
        stated.clear()
        assert (await change(person, path_of(goal), status=after.value))["status"] == after.value
        fact = GoalCompleted if after is GoalStatus.ACHIEVED else GoalUpdated
        assert stated == ([] if before is after else [fact(**named)])
        stated.clear()


async def test_a_change_is_stated_and_achieving_only_once(
    person: Person, stated: list[Event]
) -> None:
    goal = await set_goal(person)
    path, goal_id = path_of(goal), UUID(goal["id"])
    stated.clear()
    await change(person, path, target=1, metric="interviews")
    await change(person, path, status="achieved", title="Done")
    await change(person, path, title="Done, and well", status="achieved")
    await delete(person, path)
    metric = GoalMetric.INTERVIEWS
    assert stated == [
        GoalUpdated(record_id=goal_id, metric=metric),
        GoalCompleted(record_id=goal_id, metric=metric),
        GoalUpdated(record_id=goal_id, metric=metric),
        GoalDeleted(record_id=goal_id),
    ]
    assert code_of(await person.http.get(path), 404) == "not-found"


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    body = {"id": str(uuid4()), **LEAST}
    first = expect(await person.http.post(PATH, json=body), 201)
    assert expect(await person.http.post(PATH, json=body), 200) == first
    other = await person.http.post(PATH, json={**body, "target": 3})
    assert code_of(other, 409) == "id-taken"
    await delete(person, path_of(first))
    assert code_of(await person.http.post(PATH, json=body), 409) == "id-deleted"


async def test_nobody_changes_a_goal_they_have_not_read(person: Person) -> None:
    goal = await set_goal(person)
    path, tag = path_of(goal), f'"{goal["revision"]}"'
    missing = await person.http.patch(path, json={"target": 1})
    assert code_of(missing, 428) == "precondition-missing"
    first = await person.http.patch(path, json={"target": 1}, headers={"If-Match": tag})
    assert expect(first, 200)["target"] == 1
    for answer in (
        await person.http.patch(path, json={"target": 3}, headers={"If-Match": tag}),
        await person.http.delete(path, headers={"If-Match": tag}),
    ):
        assert code_of(answer, 412) == "precondition-failed"
    assert (await get(person, path))["target"] == 1


async def test_each_filter_and_each_order_is_kept(person: Person, clock: SetClock) -> None:
    fields: dict[str, dict[str, Any]] = {
        "a": {"starts_on": "2026-03-03", "metric": "interviews", "status": "dropped"},
        "b": {"starts_on": "2026-03-01"},
        "c": {"starts_on": "2026-03-02", "metric": "interviews"},
    }
    names = {}
    for name, values in fields.items():
        names[(await set_goal(person, **values))["id"]] = name
        clock.advance(timedelta(minutes=1))
    expected = [
        ({}, "acb"),
        ({"sort": "starts_on"}, "bca"),
        ({"sort": "-starts_on"}, "acb"),
        ({"sort": "created_at"}, "abc"),
        ({"sort": "-created_at"}, "cba"),
        ({"status": "active"}, "cb"),
        ({"status": "achieved"}, ""),
        ({"metric": "interviews"}, "ac"),
        ({"metric": "interviews", "status": "active"}, "c"),
    ]
    for params, wanted in expected:
        found = await items(person, PATH, **params)
        assert "".join(names[item["id"]] for item in found) == wanted, params
        assert await pages(person, PATH, limit=1, **params) == found
