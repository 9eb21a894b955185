"""Looking back, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.db.transaction import Database
from app.domains.reflections.events import (
    LessonUpdated,
    ReflectionDeleted,
    ReflectionRecorded,
    ReflectionUpdated,
)
from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    GERMAN,
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

PATH = "/v1/reflections"

EVERYTHING: dict[str, Any] = {
    "kind": "interview",
    "occurred_on": "2026-03-10",
    "ratings": {
        "preparation": 4,
        "communication": 1,
        "technical": 5,
        "rapport": 3,
        "questions_asked": 2,
    },
    "strengths": ["Ich blieb ruhig.", "Good examples"],
    "weaknesses": ["Zu lang\nund zu leise"],
    "answers": [
        {
            "question": "Wie gehst du mit Kritik um?",
            "competency": "listening",
            "answer_given": "Gut.",
            "stronger_answer": "Ein Beispiel: die Abnahme im Mai.",
        },
        {
            "question": "Your salary?",
            "competency": None,
            "answer_given": None,
            "stronger_answer": None,
        },
    ],
    "red_flags": ["Three managers in a year"],
    "mismatches": ["On site"],
    "would_change": "Ask earlier.",
    "next_time": {"cue": "When they ask for questions,", "action": "I ask about the team."},
    "time_spent_minutes": 25,
}
UNRATED = dict.fromkeys(EVERYTHING["ratings"])


async def test_a_kind_is_enough(person: Person) -> None:
    answer = await person.http.post(PATH, json={"kind": "application"})
    found = expect(answer, 201)
    assert answer.headers["Location"] == f"{PATH}/{found['id']}"
    assert answer.headers["ETag"] == f'"{found["revision"]}"'
    assert found["occurred_on"] == "2026-03-11"
    assert found["ratings"] == UNRATED
    for name in ("strengths", "weaknesses", "answers", "red_flags", "mismatches"):
        assert found[name] == []
    for name in ("rejection_id", "opportunity_id", "would_change", "next_time"):
        assert found[name] is None
    assert await get(person, f"{PATH}/{found['id']}") == found


async def test_everything_that_is_sent_comes_back(person: Person) -> None:
    rejection = await person.record_rejection()
    fields = {"rejection_id": rejection["id"], **EVERYTHING}
    found = await post(person, PATH, **fields)
    assert {name: found[name] for name in fields} == fields
    assert await get(person, f"{PATH}/{found['id']}") == found
    assert await items(person, PATH) == [found]


async def test_today_is_the_day_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    for zone, at, today in (
        ("Pacific/Kiritimati", "2026-03-11T10:00:00", "2026-03-12"),
        ("Pacific/Pago_Pago", "2026-03-11T10:59:59", "2026-03-10"),
    ):
        person = await make_person(time_zone=zone)
        clock.instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        assert (await post(person, PATH, kind="process"))["occurred_on"] == today


async def test_nobody_looks_back_on_what_is_to_come(person: Person) -> None:
    await post(person, PATH, kind="process", occurred_on="2026-03-12")
    late = {"kind": "process", "occurred_on": "2026-03-13"}
    assert finding_of(await person.http.post(PATH, json=late)) == ("/occurred_on", "in_the_future")
    (found,) = await items(person, PATH)
    answer = await patch(person, f"{PATH}/{found['id']}", occurred_on="2027-01-01")
    assert finding_of(answer) == ("/occurred_on", "in_the_future")


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"kind": "dream"}, "/kind"),
    ({"kind": None}, "/kind"),
    ({"ratings": {"rapport": 0}}, "/ratings/rapport"),
    ({"ratings": {"rapport": 6}}, "/ratings/rapport"),
    ({"ratings": {"looks": 3}}, "/ratings/looks"),
    ({"ratings": None}, "/ratings"),
    ({"strengths": [""]}, "/strengths/0"),
    ({"strengths": ["x"] * 21}, "/strengths"),
    ({"answers": [{"competency": "writing"}]}, "/answers/0/question"),
    ({"answers": [{"question": "?", "competency": "magic"}]}, "/answers/0/competency"),
    ({"next_time": {"cue": "When it rains,"}}, "/next_time/action"),
    ({"time_spent_minutes": 0}, "/time_spent_minutes"),
    ({"time_spent_minutes": 601}, "/time_spent_minutes"),
    ({"would_change": "x" * 5001}, "/would_change"),
    ({"mood": 3}, "/mood"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        answer = await person.http.post(PATH, json={"kind": "interview", **fields})
        assert finding_of(answer)[0] == pointer, fields
    assert await items(person, PATH) == []


async def test_a_rating_is_changed_without_touching_the_others(person: Person) -> None:
    found = await post(person, PATH, **EVERYTHING)
    path = f"{PATH}/{found['id']}"
    changed = await change(person, path, ratings={"rapport": 5, "technical": None})
    assert changed["ratings"] == {**EVERYTHING["ratings"], "rapport": 5, "technical": None}
    again = await person.http.patch(
        path, json={"ratings": {"rapport": 5}}, headers={"If-Match": '"0"'}
    )
    assert expect(again, 200) == changed
    assert await change(person, path, ratings={}) == changed


async def test_every_field_can_be_changed_later_and_cleared_where_it_may(person: Person) -> None:
    rejection = await person.record_rejection()
    found = await post(person, PATH, kind="process")
    path = f"{PATH}/{found['id']}"
    fields = {"rejection_id": rejection["id"], **EVERYTHING}
    changed = await change(person, path, **fields)
    assert {name: changed[name] for name in fields} == fields
    assert changed["revision"] > found["revision"]
    nullable = ("rejection_id", "opportunity_id", "would_change", "next_time", "time_spent_minutes")
    cleared = await change(person, path, **dict.fromkeys(nullable))
    assert {name for name, value in cleared.items() if value is None} == set(nullable)
    for name in ("kind", "occurred_on", "ratings", "strengths", "answers"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    assert await get(person, path) == cleared


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    # The second answer is sent without what may be left out, and is the same request.
    body = {"id": str(uuid4()), **EVERYTHING, "answers": [{"question": "Your salary?"}]}
    first = expect(await person.http.post(PATH, json=body), 201)
    assert expect(await person.http.post(PATH, json=body), 200) == first
    other = {**body, "answers": [{"question": "Your salary?", "competency": "writing"}]}
    assert code_of(await person.http.post(PATH, json=other), 409) == "id-taken"
    await delete(person, f"{PATH}/{first['id']}")
    assert code_of(await person.http.post(PATH, json=body), 409) == "id-deleted"


async def test_a_change_needs_the_revision_that_was_read(person: Person) -> None:
    found = await post(person, PATH, kind="process")
    path = f"{PATH}/{found['id']}"
    stale = {"If-Match": '"0"'}
    answer = await person.http.patch(path, json={"would_change": "x"}, headers=stale)
    assert code_of(answer, 412) == "precondition-failed"
    assert code_of(await person.http.delete(path, headers=stale), 412) == "precondition-failed"
    assert code_of(await person.http.delete(path), 428) == "precondition-missing"
    assert await get(person, path) == found


async def test_it_is_about_ones_own_records_only(
    person: Person, stranger: Person, database: Database
) -> None:
    theirs = await stranger.record_rejection()
    other = await store(database, stranger, "opportunities")
    found = await post(person, PATH, kind="process")
    for name, foreign in (("rejection_id", theirs["id"]), ("opportunity_id", other)):
        for wrong in (foreign, str(uuid4())):
            answer = await person.http.post(PATH, json={"kind": "process", name: wrong})
            assert finding_of(answer) == (f"/{name}", "unknown")
            answer = await patch(person, f"{PATH}/{found['id']}", **{name: wrong})
            assert finding_of(answer) == (f"/{name}", "unknown")
    both = {"kind": "process", "rejection_id": theirs["id"], "opportunity_id": other}
    errors = expect(await person.http.post(PATH, json=both), 422)["errors"]
    assert {one["pointer"] for one in errors} == {"/rejection_id", "/opportunity_id"}
    assert await items(person, PATH) == [found]
    for method in ("GET", "PATCH", "DELETE"):
        answer = await stranger.http.request(
            method,
            f"{PATH}/{found['id']}",
            json={"kind": "process"} if method == "PATCH" else None,
            headers={"If-Match": "*"},
        )
        assert code_of(answer, 404) == "not-found"


async def test_each_filter_finds_what_it_names(
    person: Person, database: Database, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    opportunity = await store(database, person, "opportunities")
    samples: dict[str, dict[str, Any]] = {
        "a": {"kind": "application", "occurred_on": "2026-02-01"},
        "b": {"kind": "interview", "rejection_id": rejection["id"], "occurred_on": "2026-02-10"},
        "c": {"kind": "interview", "opportunity_id": opportunity, "occurred_on": "2026-02-10"},
        "d": {"kind": "process", "rejection_id": rejection["id"], "occurred_on": "2026-03-01"},
    }
    names = {}
    for name, fields in samples.items():
        names[(await post(person, PATH, **fields))["id"]] = name
        clock.advance(timedelta(minutes=1))
    expected: list[tuple[dict[str, str], str]] = [
        ({}, "abcd"),
        ({"kind": "interview"}, "bc"),
        ({"rejection_id": rejection["id"]}, "bd"),
        ({"opportunity_id": opportunity}, "c"),
        ({"rejection_id": rejection["id"], "kind": "process"}, "d"),
        ({"rejection_id": str(uuid4())}, ""),
        ({"occurred_on_after": "2026-02-10"}, "bcd"),
        ({"occurred_on_before": "2026-02-10"}, "abc"),
    ]
    for params, wanted in expected:
        found = await items(person, PATH, **params)
        assert sorted(names[item["id"]] for item in found) == list(wanted), params
    for sort in ("-occurred_on", "occurred_on", "-created_at", "created_at"):
        whole = await items(person, PATH, sort=sort)
        assert await pages(person, PATH, sort=sort, limit=1) == whole
        told = [item[sort.removeprefix("-")] for item in whole]
        assert told == sorted(told, reverse=sort.startswith("-"))
    assert await items(person, PATH) == await items(person, PATH, sort="-occurred_on")


async def test_each_act_is_stated_with_what_it_is_about(person: Person, database: Database) -> None:
    witness = Witness(database, ReflectionRecorded, ReflectionUpdated, ReflectionDeleted)
    one, other = [(await person.record_rejection())["id"] for _ in range(2)]
    found = await post(person, PATH, kind="process", rejection_id=one)
    path = f"{PATH}/{found['id']}"
    (recorded,) = witness.told()
    assert isinstance(recorded, ReflectionRecorded)
    assert (str(recorded.rejection_id), recorded.opportunity_id) == (one, None)
    await change(person, path, rejection_id=other)
    await change(person, path, rejection_id=None)
    await change(person, path, rejection_id=None)
    moved, taken = witness.told()
    assert str(moved.rejection_id) == other
    assert taken.rejection_id is None
    await delete(person, path)
    (gone,) = witness.told()
    assert str(gone.record_id) == found["id"]
    assert await stored_types(database, person, found["id"]) == [
        "reflection.recorded",
        "reflection.updated",
        "reflection.updated",
        "reflection.deleted",
    ]


async def test_lessons_from_it_go_with_it_to_another_rejection(
    person: Person, database: Database
) -> None:
    witness = Witness(database, LessonUpdated)
    one, other = [(await person.record_rejection())["id"] for _ in range(2)]
    reflection, quiet = [await post(person, PATH, kind="process", rejection_id=one) for _ in "ab"]
    lesson, _ = [
        await post(
            person,
            "/v1/lessons",
            text="Ask early.",
            source={"collection": "reflections", "id": source["id"]},
        )
        for source in (reflection, quiet)
    ]
    path = f"{PATH}/{reflection['id']}"
    await change(person, path, would_change="Ask sooner.")
    assert witness.told() == []
    for before, after in ((one, other), (other, None), (None, one)):
        await change(person, path, rejection_id=after)
        (moved,) = witness.told()
        assert str(moved.record_id) == lesson["id"]
        assert moved.status == moved.before().status == "open"
        assert [moved.before().source_rejection_id, moved.source_rejection_id] == [
            found and UUID(found) for found in (before, after)
        ]


async def test_deleting_the_rejection_keeps_the_reflection(person: Person) -> None:
    rejection = await person.record_rejection()
    found = await post(person, PATH, **EVERYTHING, rejection_id=rejection["id"])
    await delete(person, f"/v1/rejections/{rejection['id']}")
    kept = await get(person, f"{PATH}/{found['id']}")
    assert kept["revision"] > found["revision"]
    changing = ("rejection_id", "revision", "updated_at")
    assert {n: v for n, v in kept.items() if n not in changing} == {
        n: v for n, v in found.items() if n not in changing
    }
    assert kept["rejection_id"] is None


async def test_it_stands_in_the_timeline_without_its_words(person: Person) -> None:
    rejection = await person.record_rejection()
    found = await post(person, PATH, **EVERYTHING, rejection_id=rejection["id"])
    await post(person, PATH, kind="process")
    path = f"/v1/rejections/{rejection['id']}/timeline"
    told = [one for one in await items(person, path) if one["collection"] == "reflections"]
    assert [(one["type"], one["id"], one["title"]) for one in told] == [
        ("reflection.recorded", found["id"], "Reflection")
    ]
    answer = await person.http.get(path, headers=GERMAN)
    assert "Rückblick" in answer.text
    assert "ruhig" not in answer.text
