"""Comparing one's values with a company's, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.db.transaction import Database
from app.domains.reflections.events import (
    CultureFitDeleted,
    CultureFitRecorded,
    CultureFitUpdated,
)
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

PATH = "/v1/culture-fit-assessments"


def rated(value: str, importance: int, observed: int) -> dict[str, Any]:
    return {"value": value, "importance": importance, "observed": observed}


async def test_values_are_enough_and_the_rest_follows(person: Person) -> None:
    rejection = await person.record_rejection()
    answer = await person.http.post(
        PATH,
        json={
            "rejection_id": rejection["id"],
            "ratings": [rated("learning", 5, 4), rated("flexibility", 3, 2)],
        },
    )
    found = expect(answer, 201)
    assert answer.headers["Location"] == f"{PATH}/{found['id']}"
    assert (found["alignment_percent"], found["conclusion"]) == (56, "mixed")
    assert (found["company_id"], found["red_flags"]) == (None, [])
    assert await get(person, f"{PATH}/{found['id']}") == found
    for observed, conclusion in ((5, "aligned"), (3, "mixed"), (1, "misaligned")):
        fields = {"rejection_id": rejection["id"], "ratings": [rated("pay", 2, observed)]}
        assert (await post(person, PATH, **fields))["conclusion"] == conclusion


async def test_the_conclusion_is_the_persons_own_word(person: Person) -> None:
    rejection = await person.record_rejection()
    fields = {"rejection_id": rejection["id"], "ratings": [rated("pay", 5, 5)]}
    found = await post(person, PATH, **fields, conclusion="misaligned")
    assert (found["alignment_percent"], found["conclusion"]) == (100, "misaligned")
    path = f"{PATH}/{found['id']}"
    changed = await change(person, path, ratings=[rated("pay", 5, 1), rated("honesty", 5, 5)])
    assert (changed["alignment_percent"], changed["conclusion"]) == (50, "misaligned")
    assert (await change(person, path, conclusion="aligned"))["alignment_percent"] == 50
    cleared = await change(person, path, ratings=[])
    assert (cleared["alignment_percent"], cleared["conclusion"]) == (None, "aligned")
    assert finding_of(await patch(person, path, alignment_percent=80))[0] == "/alignment_percent"


async def test_it_is_about_a_rejection_or_a_company_of_ones_own(
    person: Person, stranger: Person, database: Database
) -> None:
    rejection, theirs = await person.record_rejection(), await stranger.record_rejection()
    company = await store(database, person, "companies")
    other = await store(database, stranger, "companies")
    answer = await person.http.post(PATH, json={"conclusion": "mixed"})
    assert finding_of(answer) == ("/rejection_id", "missing")
    for name, foreign in (("rejection_id", theirs["id"]), ("company_id", other)):
        for wrong in (foreign, str(uuid4())):
            answer = await person.http.post(PATH, json={name: wrong, "conclusion": "mixed"})
            assert finding_of(answer) == (f"/{name}", "unknown")
    found = await post(person, PATH, company_id=company, conclusion="mixed")
    path = f"{PATH}/{found['id']}"
    assert finding_of(await patch(person, path, company_id=None)) == ("/rejection_id", "missing")
    assert finding_of(await patch(person, path, company_id=other)) == ("/company_id", "unknown")
    moved = await change(person, path, company_id=None, rejection_id=rejection["id"])
    assert (moved["company_id"], moved["rejection_id"]) == (None, rejection["id"])
    # What is left when its rejection goes can still be changed.
    await delete(person, f"/v1/rejections/{rejection['id']}")
    kept = await get(person, path)
    assert kept["rejection_id"] is None
    assert kept["revision"] > moved["revision"]
    assert (await change(person, path, conclusion="aligned"))["conclusion"] == "aligned"


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({}, "/conclusion"),
    ({"ratings": []}, "/conclusion"),
    ({"conclusion": None}, "/conclusion"),
    ({"conclusion": "perfect"}, "/conclusion"),
    ({"ratings": [rated("pay", 0, 3)]}, "/ratings/0/importance"),
    ({"ratings": [rated("pay", 3, 6)]}, "/ratings/0/observed"),
    ({"ratings": [rated("glory", 3, 3)]}, "/ratings/0/value"),
    ({"ratings": [{"value": "pay", "importance": 3}]}, "/ratings/0/observed"),
    ({"ratings": [rated("pay", 3, 3), rated("pay", 1, 1)]}, "/ratings"),
    ({"conclusion": "mixed", "red_flags": ["x" * 501]}, "/red_flags/0"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    rejection = await person.record_rejection()
    for fields, pointer in IMPOSSIBLE:
        answer = await person.http.post(PATH, json={"rejection_id": rejection["id"], **fields})
        assert finding_of(answer)[0] == pointer, fields
    assert await items(person, PATH) == []


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    rejection = await person.record_rejection()
    body = {
        "id": str(uuid4()),
        "rejection_id": rejection["id"],
        "ratings": [rated("pay", 2, 3)],
        "red_flags": ["Nobody stays."],
    }
    first = expect(await person.http.post(PATH, json=body), 201)
    assert expect(await person.http.post(PATH, json=body), 200) == first
    other = {**body, "ratings": [rated("pay", 2, 4)]}
    assert code_of(await person.http.post(PATH, json=other), 409) == "id-taken"
    stale = {"If-Match": '"0"'}
    path = f"{PATH}/{first['id']}"
    same = await person.http.patch(path, json={"ratings": body["ratings"]}, headers=stale)
    assert expect(same, 200) == first
    answer = await person.http.patch(path, json={"ratings": []}, headers=stale)
    assert code_of(answer, 412) == "precondition-failed"


async def test_each_act_is_stated_with_what_it_is_about(person: Person, database: Database) -> None:
    witness = Witness(database, CultureFitRecorded, CultureFitUpdated, CultureFitDeleted)
    rejection = await person.record_rejection()
    company = await store(database, person, "companies")
    found = await post(person, PATH, rejection_id=rejection["id"], conclusion="mixed")
    path = f"{PATH}/{found['id']}"
    await change(person, path, company_id=company)
    await change(person, path, company_id=company)
    await change(person, path, rejection_id=None)
    await delete(person, path)
    recorded, added, taken, gone = witness.told()
    assert (str(recorded.rejection_id), recorded.company_id) == (rejection["id"], None)
    assert (str(added.rejection_id), str(added.company_id)) == (rejection["id"], company)
    assert taken.rejection_id is None
    assert str(gone.record_id) == found["id"]
    assert await stored_types(database, person, found["id"]) == [
        "culture_fit.recorded",
        "culture_fit.updated",
        "culture_fit.updated",
        "culture_fit.deleted",
    ]


async def test_each_filter_finds_what_it_names(
    person: Person, database: Database, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    company = await store(database, person, "companies")
    samples: dict[str, dict[str, Any]] = {
        "a": {"rejection_id": rejection["id"], "conclusion": "aligned"},
        "b": {"company_id": company, "conclusion": "mixed"},
        "c": {"rejection_id": rejection["id"], "company_id": company, "conclusion": "mixed"},
    }
    names = {}
    for name, fields in samples.items():
        names[(await post(person, PATH, **fields))["id"]] = name
        clock.advance(timedelta(minutes=1))
    for params, wanted in (
        ({}, "cba"),
        ({"sort": "created_at"}, "abc"),
        ({"rejection_id": rejection["id"]}, "ca"),
        ({"company_id": company}, "cb"),
        ({"conclusion": "mixed"}, "cb"),
        ({"conclusion": "mixed", "rejection_id": rejection["id"]}, "c"),
        ({"company_id": str(uuid4())}, ""),
    ):
        found = await items(person, PATH, **params)
        assert "".join(names[item["id"]] for item in found) == wanted, params
    assert await pages(person, PATH, limit=1) == await items(person, PATH)


async def test_it_stands_in_the_timeline(person: Person) -> None:
    rejection = await person.record_rejection()
    found = await post(person, PATH, rejection_id=rejection["id"], conclusion="mixed")
    told = await items(person, f"/v1/rejections/{rejection['id']}/timeline")
    (item,) = [one for one in told if one["type"] == "culture_fit.recorded"]
    assert (item["id"], item["collection"]) == (found["id"], "culture_fit_assessments")
    assert item["title"] == "Culture fit"


async def test_a_strangers_assessment_is_as_absent_as_none(
    person: Person, stranger: Person
) -> None:
    rejection = await person.record_rejection()
    found = await post(person, PATH, rejection_id=rejection["id"], conclusion="mixed")
    for method in ("GET", "PATCH", "DELETE"):
        answer = await stranger.http.request(
            method,
            f"{PATH}/{found['id']}",
            json={"conclusion": "aligned"} if method == "PATCH" else None,
            headers={"If-Match": "*"},
        )
        assert code_of(answer, 404) == "not-found"
    assert await get(person, f"{PATH}/{found['id']}") == found
