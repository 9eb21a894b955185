"""Noting and closing skill gaps, over HTTP."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from app.db.transaction import Database
from app.domains.reflections.events import (
    SkillGapClosed,
    SkillGapDeleted,
    SkillGapOpened,
    SkillGapUpdated,
)
from app.domains.reflections.rules.machines import SKILL_GAP_TRANSITIONS
from app.domains.reflections.terms import SkillGapStatus
from app.kit.clock import SetClock
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
from tests.domains.reflections.others import Witness, stored_types

PATH = "/v1/skill-gaps"
FACTS = (SkillGapOpened, SkillGapUpdated, SkillGapClosed, SkillGapDeleted)

EVERYTHING: dict[str, Any] = {
    "name": "Größenabschätzung",
    "kind": "experience",
    "severity": "high",
    "plan": "One a week.\nWith numbers.",
    "resources": [{"title": "A course", "url": "https://example.com/course"}],
    "target_on": "2027-01-31",
    "status": "in_progress",
    "progress_percent": 35,
}


async def rejections(person: Person, count: int) -> list[str]:
    """The ids of some rejections, in the order in which lists of ids come."""
    return sorted([(await person.record_rejection())["id"] for _ in range(count)])


async def test_a_name_is_enough(person: Person) -> None:
    answer = await person.http.post(PATH, json={"name": "Forecasting"})
    gap = expect(answer, 201)
    assert answer.headers["Location"] == f"{PATH}/{gap['id']}"
    assert answer.headers["ETag"] == f'"{gap["revision"]}"'
    said = {name: gap[name] for name in ("kind", "severity", "status", "progress_percent")}
    assert said == {"kind": "skill", "severity": "medium", "status": "open", "progress_percent": 0}
    assert gap["rejection_ids"] == gap["resources"] == []
    assert (gap["plan"], gap["target_on"]) == (None, None)
    assert "name_folded" not in gap
    assert await get(person, f"{PATH}/{gap['id']}") == gap


async def test_everything_that_is_sent_comes_back(person: Person) -> None:
    fields = {**EVERYTHING, "rejection_ids": await rejections(person, 3)}
    gap = await post(person, PATH, **fields)
    assert {name: gap[name] for name in fields} == fields
    assert await get(person, f"{PATH}/{gap['id']}") == gap
    assert await items(person, PATH) == [gap]
    bare = await post(person, PATH, name="Bare")
    del fields["name"]
    changed = await change(person, f"{PATH}/{bare['id']}", **{**fields, "status": "in_progress"})
    assert {name: changed[name] for name in fields} == fields


async def test_the_rejections_that_name_it_are_a_set(person: Person) -> None:
    first, second, third = await rejections(person, 3)
    gap = await post(person, PATH, name="Forecasting", rejection_ids=[third, first])
    path = f"{PATH}/{gap['id']}"
    assert gap["rejection_ids"] == [first, third]
    # The same set in another order changes nothing, so it needs no matching revision.
    same = await person.http.patch(
        path, json={"rejection_ids": [third, first]}, headers={"If-Match": '"0"'}
    )
    assert expect(same, 200) == gap
    for wanted in ([second], [first, second, third], [], [third]):
        changed = await change(person, path, rejection_ids=wanted)
        assert changed["rejection_ids"] == wanted
        assert changed["revision"] > gap["revision"]
        gap = changed
        assert await get(person, path) == gap
        assert await items(person, PATH) == [gap]
        for one in (first, second, third):
            assert await items(person, PATH, rejection_id=one) == [gap] * (one in wanted)
    assert finding_of(await patch(person, path, rejection_ids=[first, first]))[0] == (
        "/rejection_ids"
    )
    assert finding_of(await patch(person, path, rejection_ids=None))[0] == "/rejection_ids"


async def test_only_ones_own_rejections_can_name_it(person: Person, stranger: Person) -> None:
    (mine,), (theirs,) = await rejections(person, 1), await rejections(stranger, 1)
    gap = await post(person, PATH, name="Forecasting", rejection_ids=[mine])
    for wrong in (theirs, str(uuid4())):
        answer = await person.http.post(PATH, json={"name": "x", "rejection_ids": [mine, wrong]})
        assert finding_of(answer) == ("/rejection_ids", "unknown")
        answer = await patch(person, f"{PATH}/{gap['id']}", rejection_ids=[wrong])
        assert finding_of(answer) == ("/rejection_ids", "unknown")
    assert await items(person, PATH) == [gap]
    assert await items(stranger, PATH, rejection_id=mine) == []


async def test_there_is_one_gap_of_each_name_whatever_its_case(
    person: Person, stranger: Person
) -> None:
    gap = await post(person, PATH, name="Straße")
    other = await post(person, PATH, name="Other")
    refused = await person.http.post(PATH, json={"name": "STRASSE"})
    assert code_of(refused, 409) == "skill-gap-exists"
    assert refused.json()["skill_gap_id"] == gap["id"]
    refused = await patch(person, f"{PATH}/{other['id']}", name="strasse")
    assert code_of(refused, 409) == "skill-gap-exists"
    assert refused.json()["skill_gap_id"] == gap["id"]
    # Its own name in other letters is no clash, and a name that was left is free.
    assert (await change(person, f"{PATH}/{gap['id']}", name="STRASSE"))["name"] == "STRASSE"
    await change(person, f"{PATH}/{gap['id']}", name="Elsewhere")
    await post(person, PATH, name="straße")
    await post(stranger, PATH, name="Straße")
    assert len(await items(person, PATH)) == 3
    explained = await person.http.get("/problems/skill-gap-exists")
    assert "skill_gap_id" in explained.text


@pytest.mark.parametrize(("before", "after"), list(product(SkillGapStatus, repeat=2)))
async def test_every_pair_of_statuses(
    person: Person, before: SkillGapStatus, after: SkillGapStatus
) -> None:
    gap = await post(person, PATH, name="x", status=before)
    path = f"{PATH}/{gap['id']}"
    answer = await patch(person, path, status=after)
    if after is before:
        assert expect(answer, 200) == gap
    elif after in SKILL_GAP_TRANSITIONS[before]:
        assert expect(answer, 200)["status"] == after
    else:
        assert code_of(answer, 409) == "invalid-transition"
        assert answer.json()["allowed"] == list(SKILL_GAP_TRANSITIONS[before])
        assert await get(person, path) == gap


async def test_closing_completes_the_progress_unless_said_and_reopening_keeps_it(
    person: Person,
) -> None:
    gap = await post(person, PATH, name="x", status="in_progress", progress_percent=40)
    path = f"{PATH}/{gap['id']}"
    assert (await change(person, path, status="closed"))["progress_percent"] == 100
    assert (await change(person, path, status="open"))["progress_percent"] == 100
    assert (await change(person, path, progress_percent=60))["progress_percent"] == 60
    assert (await change(person, path, status="in_progress"))["progress_percent"] == 60
    # What is said holds, also when it is what was there before.
    closed = await change(person, path, status="closed", progress_percent=60)
    assert (closed["status"], closed["progress_percent"]) == ("closed", 60)
    assert (await change(person, path, plan="done"))["progress_percent"] == 60
    assert (await post(person, PATH, name="y", status="closed"))["progress_percent"] == 100
    said = await post(person, PATH, name="z", status="closed", progress_percent=90)
    assert said["progress_percent"] == 90


async def test_the_day_of_closing_is_kept_while_it_stays_closed(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 3, 11, 10, 30, tzinfo=UTC)
    for zone, today in (("Pacific/Kiritimati", 12), ("Pacific/Pago_Pago", 10)):
        person = await make_person(time_zone=zone)
        at_once = await post(person, PATH, name="x", status="closed")
        assert at_once["closed_on"] == f"2026-03-{today}"
        gap = await post(person, PATH, name="y")
        path = f"{PATH}/{gap['id']}"
        assert gap["closed_on"] is None
        assert (await change(person, path, status="in_progress"))["closed_on"] is None
        assert (await change(person, path, status="closed"))["closed_on"] == f"2026-03-{today}"
        clock.advance(timedelta(days=2))
        assert (await change(person, path, plan="done"))["closed_on"] == f"2026-03-{today}"
        assert (await change(person, path, status="open"))["closed_on"] is None
        await change(person, path, status="in_progress")
        closed = await change(person, path, status="closed")
        assert closed["closed_on"] == f"2026-03-{today + 2}"
        assert await get(person, path) == closed
        assert await items(person, PATH) == [closed, at_once]
        # Nobody says it but the clock.
        assert finding_of(await patch(person, path, closed_on="2026-03-01"))[0] == "/closed_on"
        clock.advance(timedelta(days=-2))


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "/name"),
    ({"name": "two\nlines"}, "/name"),
    ({"name": "x" * 201}, "/name"),
    ({"kind": "talent"}, "/kind"),
    ({"progress_percent": -1}, "/progress_percent"),
    ({"progress_percent": 101}, "/progress_percent"),
    ({"progress_percent": None}, "/progress_percent"),
    ({"resources": [{"title": "x", "url": "javascript:alert(1)"}]}, "/resources/0/url"),
    ({"resources": [{"url": "https://example.com"}]}, "/resources/0/title"),
    ({"rejection_ids": ["one"]}, "/rejection_ids/0"),
    ({"rejection_ids": [str(uuid4()) for _ in range(51)]}, "/rejection_ids"),
    ({"target_on": "soon"}, "/target_on"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        answer = await person.http.post(PATH, json={"name": "Forecasting", **fields})
        assert finding_of(answer)[0] == pointer, fields
    assert await items(person, PATH) == []


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    first, second = await rejections(person, 2)
    body = {"id": str(uuid4()), **EVERYTHING, "rejection_ids": [second, first]}
    gap = expect(await person.http.post(PATH, json=body), 201)
    assert expect(await person.http.post(PATH, json=body), 200) == gap
    assert code_of(await person.http.post(PATH, json={**body, "rejection_ids": []}), 409) == (
        "id-taken"
    )
    await delete(person, f"{PATH}/{gap['id']}")
    assert code_of(await person.http.post(PATH, json=body), 409) == "id-deleted"


async def test_deleting_a_rejection_takes_it_from_the_list(person: Person) -> None:
    first, second = await rejections(person, 2)
    gap = await post(person, PATH, name="x", rejection_ids=[first, second])
    untouched = await post(person, PATH, name="y", rejection_ids=[second])
    await delete(person, f"/v1/rejections/{first}")
    kept = await get(person, f"{PATH}/{gap['id']}")
    assert kept["rejection_ids"] == [second]
    assert kept["revision"] > gap["revision"]
    assert await get(person, f"{PATH}/{untouched['id']}") == untouched
    await delete(person, f"{PATH}/{gap['id']}")
    assert code_of(await person.http.get(f"{PATH}/{gap['id']}"), 404) == "not-found"
    assert await get(person, f"/v1/rejections/{second}")
    # The name is free again.
    await post(person, PATH, name="x")


async def test_each_act_is_stated_with_the_rejections_that_name_it(
    person: Person, database: Database
) -> None:
    witness = Witness(database, *FACTS)
    first, second = await rejections(person, 2)
    gap = await post(person, PATH, name="x", rejection_ids=[first])
    path = f"{PATH}/{gap['id']}"
    await change(person, path, rejection_ids=[first, second])
    await change(person, path, status="in_progress")
    await change(person, path, status="closed", rejection_ids=[second])
    await change(person, path, status="open")
    await change(person, path, status="dismissed")
    await change(person, path, status="dismissed")
    await change(person, path, status="open")
    await delete(person, path)
    told = witness.told()
    assert [
        (type(one), [str(i) for i in sorted(one.rejection_ids)], str(one.status))
        for one in told[:-1]
    ] == [
        (SkillGapOpened, [first], "open"),
        (SkillGapUpdated, [first, second], "open"),
        (SkillGapUpdated, [first, second], "in_progress"),
        (SkillGapClosed, [second], "closed"),
        (SkillGapOpened, [second], "open"),
        (SkillGapUpdated, [second], "dismissed"),
        (SkillGapOpened, [second], "open"),
    ]
    assert isinstance(told[-1], SkillGapDeleted)
    closed = await post(person, PATH, name="y", status="closed")
    assert await stored_types(database, person, closed["id"]) == [
        "skill_gap.opened",
        "skill_gap.closed",
    ]


async def test_each_filter_finds_what_it_names(person: Person, clock: SetClock) -> None:
    samples: dict[str, dict[str, Any]] = {
        "a": {"name": "Übung 100%", "kind": "skill", "severity": "low"},
        "b": {"name": "Rust", "kind": "tool", "severity": "high"},
        "c": {"name": "RUSSISCH", "kind": "language", "severity": "high", "status": "closed"},
    }
    names = {}
    for name, fields in samples.items():
        names[(await post(person, PATH, **fields))["id"]] = name
        clock.advance(timedelta(minutes=1))
    for params, wanted in (
        ({}, "cba"),
        ({"sort": "created_at"}, "abc"),
        ({"kind": "tool"}, "b"),
        ({"severity": "high"}, "cb"),
        ({"status": "open"}, "ba"),
        ({"name": "rus"}, "cb"),
        ({"name": "ÜB"}, "a"),
        ({"name": "%"}, "a"),
        ({"name": "rus", "status": "closed"}, "c"),
    ):
        found = await items(person, PATH, **params)
        assert "".join(names[item["id"]] for item in found) == wanted, params
    assert await pages(person, PATH, limit=1) == await items(person, PATH)


async def test_it_stands_in_the_timeline_of_each_rejection_that_names_it(person: Person) -> None:
    first, second = await rejections(person, 2)
    gap = await post(person, PATH, name="Forecasting", rejection_ids=[first, second])
    await post(person, PATH, name="Elsewhere", rejection_ids=[second])
    path = f"/v1/rejections/{first}/timeline"
    told = [one for one in await items(person, path) if one["type"] == "skill_gap.opened"]
    assert [(one["id"], one["title"]) for one in told] == [(gap["id"], "Forecasting")]
    assert await pages(person, path, limit=1) == await items(person, path)


async def test_a_strangers_gap_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    gap = await post(person, PATH, name="x")
    for method in ("GET", "PATCH", "DELETE"):
        answer = await stranger.http.request(
            method,
            f"{PATH}/{gap['id']}",
            json={"name": "y"} if method == "PATCH" else None,
            headers={"If-Match": "*"},
        )
        assert code_of(answer, 404) == "not-found"
    assert await get(person, f"{PATH}/{gap['id']}") == gap
