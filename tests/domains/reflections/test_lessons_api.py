"""Keeping and using lessons, over HTTP."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from app.db.transaction import Database
from app.domains.reflections.events import (
    LessonApplied,
    LessonCaptured,
    LessonDeleted,
    LessonUpdated,
)
from app.domains.reflections.rules.machines import LESSON_TRANSITIONS
from app.domains.reflections.terms import LessonStatus
from app.kit.clock import SetClock
from tests.conftest import Person
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
from tests.domains.reflections.others import Witness, store, stored_types

PATH = "/v1/lessons"
FACTS = (LessonCaptured, LessonUpdated, LessonApplied, LessonDeleted)


def source(collection: str, record_id: str) -> dict[str, str]:
    return {"collection": collection, "id": record_id}


async def test_one_sentence_is_enough(person: Person) -> None:
    answer = await person.http.post(PATH, json={"text": "Say the result first."})
    lesson = expect(answer, 201)
    assert answer.headers["Location"] == f"{PATH}/{lesson['id']}"
    assert lesson["status"] == "open"
    for name in ("practice", "competency", "source", "applied_to_opportunity_id", "applied_on"):
        assert lesson[name] is None
    assert await get(person, f"{PATH}/{lesson['id']}") == lesson
    assert await items(person, PATH) == [lesson]


async def test_a_lesson_comes_from_any_of_three_kinds_of_records(
    person: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    reflection = await post(person, "/v1/reflections", kind="process")
    feedback = await store(database, person, "feedback", rejection_id=rejection["id"])
    sources = [
        source("rejections", rejection["id"]),
        source("reflections", reflection["id"]),
        source("feedback", feedback),
    ]
    lesson = await post(person, PATH, text="x", practice="E2", competency="writing")
    path = f"{PATH}/{lesson['id']}"
    for one in sources:
        assert (await post(person, PATH, text="x", source=one))["source"] == one
        # From one kind to the next: only one of them is ever set.
        changed = await change(person, path, source=one)
        assert changed["source"] == one
        assert await change(person, path, source=one) == changed
        assert await get(person, path) == changed
    assert (await change(person, path, text="y"))["source"] == sources[-1]
    assert (await change(person, path, source=None))["source"] is None
    for name, wanted in (
        ("rejection_id", rejection["id"]),
        ("reflection_id", reflection["id"]),
        ("feedback_id", feedback),
    ):
        (found,) = await items(person, PATH, **{name: wanted})
        assert found["source"]["id"] == wanted
        assert await items(person, PATH, **{name: str(uuid4())}) == []


async def test_a_source_that_is_not_there_is_refused(
    person: Person, stranger: Person, database: Database
) -> None:
    rejection = await stranger.record_rejection()
    reflection = await post(stranger, "/v1/reflections", kind="process")
    feedback = await store(database, stranger, "feedback", rejection_id=rejection["id"])
    opportunity = await store(database, stranger, "opportunities")
    lesson = await post(person, PATH, text="x")
    for foreign in (
        source("rejections", rejection["id"]),
        source("reflections", reflection["id"]),
        source("feedback", feedback),
        source("rejections", str(uuid4())),
        source("reflections", rejection["id"]),
    ):
        answer = await person.http.post(PATH, json={"text": "x", "source": foreign})
        assert finding_of(answer) == ("/source/id", "unknown")
        answer = await patch(person, f"{PATH}/{lesson['id']}", source=foreign)
        assert finding_of(answer) == ("/source/id", "unknown")
    for wrong in (opportunity, str(uuid4())):
        fields = {"status": "applied", "applied_to_opportunity_id": wrong}
        answer = await person.http.post(PATH, json={"text": "x", **fields})
        assert finding_of(answer) == ("/applied_to_opportunity_id", "unknown")
        answer = await patch(person, f"{PATH}/{lesson['id']}", **fields)
        assert finding_of(answer) == ("/applied_to_opportunity_id", "unknown")
    assert await items(person, PATH) == [lesson]


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "/text"),
    ({"text": "x" * 2001}, "/text"),
    ({"practice": "Z9"}, "/practice"),
    ({"source": {"collection": "contacts", "id": str(uuid4())}}, "/source/collection"),
    ({"source": {"collection": "rejections"}}, "/source/id"),
    ({"status": "learned"}, "/status"),
    ({"applied_on": "2026-03-01"}, "/applied_on"),
    ({"status": "retired", "applied_on": "2026-03-01"}, "/applied_on"),
    ({"applied_to_opportunity_id": str(uuid4())}, "/applied_to_opportunity_id"),
    ({"status": "applied", "applied_on": "2026-03-13"}, "/applied_on"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        answer = await person.http.post(PATH, json={"text": "x", **fields})
        assert finding_of(answer)[0] == pointer, fields
    assert await items(person, PATH) == []


async def test_applying_takes_today_and_taking_it_back_forgets_it(
    person: Person, database: Database, clock: SetClock
) -> None:
    opportunity = await store(database, person, "opportunities")
    lesson = await post(person, PATH, text="x")
    path = f"{PATH}/{lesson['id']}"
    assert finding_of(await patch(person, path, applied_on="2026-03-01")) == (
        "/applied_on",
        "not_applied",
    )
    clock.advance(timedelta(hours=11, minutes=30))  # Past midnight where the person lives.
    applied = await change(person, path, status="applied", applied_to_opportunity_id=opportunity)
    assert (applied["applied_on"], applied["applied_to_opportunity_id"]) == (
        "2026-03-12",
        opportunity,
    )
    assert await items(person, PATH, applied_to_opportunity_id=opportunity) == [applied]
    clock.advance(timedelta(days=1))
    assert (await change(person, path, text="y"))["applied_on"] == "2026-03-12"
    assert (await change(person, path, applied_on="2026-03-01"))["applied_on"] == "2026-03-01"
    assert (await change(person, path, applied_on=None))["applied_on"] == "2026-03-13"
    assert finding_of(await patch(person, path, applied_on="2026-04-01"))[1] == "in_the_future"
    opened = await change(person, path, status="open")
    assert (opened["applied_on"], opened["applied_to_opportunity_id"]) == (None, None)
    assert await items(person, PATH, applied_to_opportunity_id=opportunity) == []
    already = await post(
        person,
        PATH,
        text="z",
        status="applied",
        applied_on="2026-02-01",
        applied_to_opportunity_id=opportunity,
    )
    assert (already["status"], already["applied_on"]) == ("applied", "2026-02-01")


@pytest.mark.parametrize(("before", "after"), list(product(LessonStatus, repeat=2)))
async def test_every_pair_of_statuses(
    person: Person, before: LessonStatus, after: LessonStatus
) -> None:
    lesson = await post(person, PATH, text="x", status=before)
    path = f"{PATH}/{lesson['id']}"
    answer = await patch(person, path, status=after)
    if after is before:
        assert expect(answer, 200) == lesson
    elif after in LESSON_TRANSITIONS[before]:
        assert expect(answer, 200)["status"] == after
    else:
        assert code_of(answer, 409) == "invalid-transition"
        assert answer.json()["allowed"] == list(LESSON_TRANSITIONS[before])
        assert await get(person, path) == lesson


async def test_each_act_is_stated_with_the_rejection_behind_it(
    person: Person, database: Database
) -> None:
    witness = Witness(database, *FACTS)
    opportunity = await store(database, person, "opportunities")
    one, other = [(await person.record_rejection())["id"] for _ in range(2)]
    about = await post(person, "/v1/reflections", kind="process", rejection_id=one)
    alone = await post(person, "/v1/reflections", kind="process")
    feedback = await store(database, person, "feedback", rejection_id=other)
    for lesson_source, rejection in (
        (None, None),
        (source("rejections", one), one),
        (source("reflections", about["id"]), one),
        (source("reflections", alone["id"]), None),
        (source("feedback", feedback), other),
    ):
        await post(person, PATH, text="x", source=lesson_source)
        (captured,) = witness.told()
        assert isinstance(captured, LessonCaptured)
        found = captured.source_rejection_id
        assert (str(found) if found else None, captured.status) == (rejection, LessonStatus.OPEN)

    lesson = await post(person, PATH, text="x", source=source("rejections", one))
    path = f"{PATH}/{lesson['id']}"
    await change(person, path, source=source("rejections", other))
    await change(person, path, status="applied", applied_to_opportunity_id=opportunity)
    await change(person, path, text="y")
    await change(person, path, status="open")
    await change(person, path, status="open")
    captured, moved, applied, reworded, opened = witness.told()
    assert str(captured.source_rejection_id) == one
    assert str(moved.source_rejection_id) == other
    assert isinstance(applied, LessonApplied)
    assert str(applied.applied_to_opportunity_id) == opportunity
    assert str(reworded.applied_to_opportunity_id) == opportunity
    assert (opened.status, opened.applied_to_opportunity_id) == (LessonStatus.OPEN, None)
    await delete(person, path)
    assert await stored_types(database, person, lesson["id"]) == [
        "lesson.captured",
        "lesson.updated",
        "lesson.applied",
        "lesson.updated",
        "lesson.updated",
        "lesson.deleted",
    ]
    used = await post(person, PATH, text="x", status="applied")
    assert await stored_types(database, person, used["id"]) == ["lesson.captured", "lesson.applied"]


async def test_a_lesson_outlives_what_it_came_from(person: Person) -> None:
    rejection = await person.record_rejection()
    reflection = await post(person, "/v1/reflections", kind="process")
    for collection, record in (("rejections", rejection), ("reflections", reflection)):
        lesson = await post(person, PATH, text="keep me", source=source(collection, record["id"]))
        await delete(person, f"/v1/{collection}/{record['id']}")
        kept = await get(person, f"{PATH}/{lesson['id']}")
        assert (kept["source"], kept["text"]) == (None, "keep me")
        assert kept["revision"] > lesson["revision"]


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    one, other = [(await person.record_rejection())["id"] for _ in range(2)]
    body = {"id": str(uuid4()), "text": "x", "source": source("rejections", one)}
    first = expect(await person.http.post(PATH, json=body), 201)
    assert expect(await person.http.post(PATH, json=body), 200) == first
    different = {**body, "source": source("rejections", other)}
    assert code_of(await person.http.post(PATH, json=different), 409) == "id-taken"
    assert code_of(await person.http.post(PATH, json={**body, "source": None}), 409) == "id-taken"


async def test_a_change_is_safe_to_repeat_and_needs_the_revision_otherwise(person: Person) -> None:
    rejection = await person.record_rejection()
    about = source("rejections", rejection["id"])
    fields: dict[str, Any] = {"text": "x", "source": about, "status": "applied"}
    lesson = await post(person, PATH, **fields)
    path, stale = f"{PATH}/{lesson['id']}", {"If-Match": '"0"'}
    assert expect(await person.http.patch(path, json=fields, headers=stale), 200) == lesson
    answer = await person.http.patch(path, json={"source": None}, headers=stale)
    assert code_of(answer, 412) == "precondition-failed"
    assert code_of(await person.http.delete(path, headers=stale), 412) == "precondition-failed"


async def test_each_filter_finds_what_it_names(person: Person, clock: SetClock) -> None:
    samples: dict[str, dict[str, Any]] = {
        "a": {"practice": "A3", "competency": "writing"},
        "b": {"practice": "E2", "status": "applied"},
        "c": {"practice": "E2", "competency": "writing", "status": "retired"},
    }
    names = {}
    for name, fields in samples.items():
        names[(await post(person, PATH, text="x", **fields))["id"]] = name
        clock.advance(timedelta(minutes=1))
    for params, wanted in (
        ({}, "cba"),
        ({"sort": "created_at"}, "abc"),
        ({"practice": "E2"}, "cb"),
        ({"competency": "writing"}, "ca"),
        ({"status": "open"}, "a"),
        ({"status": "retired", "competency": "writing"}, "c"),
        ({"applied_to_opportunity_id": str(uuid4())}, ""),
    ):
        found = await items(person, PATH, **params)
        assert "".join(names[item["id"]] for item in found) == wanted, params
    assert await pages(person, PATH, limit=1) == await items(person, PATH)


async def test_it_stands_in_the_timeline_of_the_rejection_it_comes_from(person: Person) -> None:
    rejection = await person.record_rejection()
    reflection = await post(person, "/v1/reflections", kind="process", rejection_id=rejection["id"])
    lessons = [
        await post(person, PATH, text="a secret", source=source("rejections", rejection["id"])),
        await post(person, PATH, text="a secret", source=source("reflections", reflection["id"])),
    ]
    await post(person, PATH, text="a secret")
    path = f"/v1/rejections/{rejection['id']}/timeline"
    told = [one for one in await items(person, path) if one["type"] == "lesson.captured"]
    assert {one["id"] for one in told} == {lesson["id"] for lesson in lessons}
    assert {one["title"] for one in told} == {"Lesson"}
    assert await pages(person, path, limit=1) == await items(person, path)


async def test_a_strangers_lesson_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    lesson = await post(person, PATH, text="x")
    for method in ("GET", "PATCH", "DELETE"):
        answer = await stranger.http.request(
            method,
            f"{PATH}/{lesson['id']}",
            json={"text": "y"} if method == "PATCH" else None,
            headers={"If-Match": "*"},
        )
        assert code_of(answer, 404) == "not-found"
    assert await get(person, f"{PATH}/{lesson['id']}") == lesson
