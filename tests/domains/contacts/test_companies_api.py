"""Companies over HTTP: found by name, followed, renamed, deleted."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domains.contacts.events import CompanyDeleted, CompanyRecorded, CompanyUpdated
from app.kit.clock import SetClock
from app.kit.events import Event
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

COMPANIES = "/v1/companies"
EVERYTHING: dict[str, Any] = {
    "name": "Größe & Söhne",
    "website": "https://example.com",
    "linkedin_url": "https://example.com/company/7",
    "following": True,
    "follow_channels": ["newsletter", "blog"],
    "cadence_days": 45,
    "next_engagement_on": "2026-04-01",
    "notes": "They write about their work.",
}


async def test_a_name_is_enough(person: Person) -> None:
    answer = await person.http.post(COMPANIES, json={"name": "Example GmbH"})
    company = expect(answer, 201)
    assert answer.headers["Location"] == f"{COMPANIES}/{company['id']}"
    assert await get(person, answer.headers["Location"]) == company
    assert (company["following"], company["follow_channels"]) == (False, [])
    assert company["cadence_days"] is company["next_engagement_on"] is company["notes"] is None


async def test_everything_that_is_sent_comes_back_and_can_be_changed(person: Person) -> None:
    company = await post(person, COMPANIES, **EVERYTHING)
    assert {name: company[name] for name in EVERYTHING} == EVERYTHING
    assert await items(person, COMPANIES) == [company]
    path = f"{COMPANIES}/{company['id']}"
    nullable = ("website", "linkedin_url", "cadence_days", "next_engagement_on", "notes")
    cleared = await change(person, path, **dict.fromkeys(nullable))
    assert {name for name, value in cleared.items() if value is None} == set(nullable)
    for name in ("name", "following", "follow_channels"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"


async def test_a_name_is_taken_whatever_its_case_and_spaces(
    person: Person, stranger: Person
) -> None:
    await post(stranger, COMPANIES, name="Straßenbau AG")
    company = await post(person, COMPANIES, name="Straßenbau AG")
    for name in ("straßenbau ag", "STRASSENBAU AG", " Straßenbau  AG "):
        problem = await person.http.post(COMPANIES, json={"name": name})
        assert code_of(problem, 409) == "company-exists"
        assert problem.json()["company_id"] == company["id"]
    assert len(await items(person, COMPANIES)) == 1


async def test_a_company_is_renamed_but_not_to_a_name_that_is_taken(person: Person) -> None:
    alpha = await post(person, COMPANIES, name="Alpha")
    beta = await post(person, COMPANIES, name="Beta")
    path = f"{COMPANIES}/{beta['id']}"
    problem = await patch(person, path, name="ALPHA")
    assert code_of(problem, 409) == "company-exists"
    assert problem.json()["company_id"] == alpha["id"]
    assert (await change(person, path, name="BETA"))["name"] == "BETA"
    await change(person, f"{COMPANIES}/{alpha['id']}", name="Gamma")
    assert (await change(person, path, name="Alpha"))["name"] == "Alpha"
    assert [one["name"] for one in await items(person, COMPANIES)] == ["Alpha", "Gamma"]


async def test_the_same_id_again_is_the_same_company(person: Person) -> None:
    body = {"id": str(uuid4()), **EVERYTHING}
    first = expect(await person.http.post(COMPANIES, json=body), 201)
    assert expect(await person.http.post(COMPANIES, json=body), 200) == first
    other = await person.http.post(COMPANIES, json={**body, "notes": "other"})
    assert code_of(other, 409) == "id-taken"
    await delete(person, f"{COMPANIES}/{first['id']}")
    assert code_of(await person.http.post(COMPANIES, json=body), 409) == "id-deleted"


async def test_many_who_type_a_new_name_at_once_make_one_company(person: Person) -> None:
    answers = await asyncio.gather(
        *(
            person.http.post("/v1/contacts", json={"name": f"Sam {n}", "company_name": name})
            for n, name in enumerate(("Example GmbH", "example gmbh", "EXAMPLE GMBH") * 2)
        )
    )
    (company,) = await items(person, COMPANIES)
    assert {expect(answer, 201)["company_id"] for answer in answers} == {company["id"]}
    assert len({answer.json()["company_name"] for answer in answers}) == 3


async def test_the_list_finds_by_name_and_by_being_followed(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await post(stranger, COMPANIES, name="Übermut")
    for name, following in (("Übermut", True), ("apfel 100%", False), ("Birne", True)):
        clock.advance(timedelta(minutes=1))
        await post(person, COMPANIES, name=name, following=following)
    found: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["apfel 100%", "Birne", "Übermut"]),
        ({"sort": "-name"}, ["Übermut", "Birne", "apfel 100%"]),
        ({"sort": "created_at"}, ["Übermut", "apfel 100%", "Birne"]),
        ({"sort": "-created_at"}, ["Birne", "apfel 100%", "Übermut"]),
        ({"name": "ÜBER"}, ["Übermut"]),
        ({"name": "%"}, ["apfel 100%"]),
        ({"following": "true"}, ["Birne", "Übermut"]),
        ({"following": "false"}, ["apfel 100%"]),
        ({"following": "false", "name": "birne"}, []),
    ]
    for params, names in found:
        assert [one["name"] for one in await items(person, COMPANIES, **params)] == names, params
        whole = await items(person, COMPANIES, **params)
        assert await pages(person, COMPANIES, limit=1, **params) == whole
    for odd in ("1", "True", "yes", ""):
        answer = await person.http.get(COMPANIES, params={"following": odd})
        assert finding_of(answer)[0] == "query.following"


async def test_deleting_a_company_leaves_its_name_where_it_was_typed(person: Person) -> None:
    contact = await post(person, "/v1/contacts", name="Sam", company_name="Example GmbH")
    rejection = await person.record_rejection(company_name="example gmbh")
    company_id = contact["company_id"]
    assert rejection["company_id"] == company_id
    done = await post(person, "/v1/interactions", company_id=company_id, kind="social_engagement")

    await delete(person, f"{COMPANIES}/{company_id}")

    assert code_of(await person.http.get(f"{COMPANIES}/{company_id}"), 404) == "not-found"
    for path, before in (
        (f"/v1/contacts/{contact['id']}", contact),
        (f"/v1/rejections/{rejection['id']}", rejection),
        (f"/v1/interactions/{done['id']}", done),
    ):
        after = await get(person, path)
        assert after["revision"] > before["revision"]
        kept = {"company_id": None, "revision": after["revision"]}
        assert {**before, **kept, "updated_at": after["updated_at"]} == after


async def test_each_change_is_stated(person: Person, told: list[Event]) -> None:
    company = await post(person, COMPANIES, name="Example GmbH")
    path = f"{COMPANIES}/{company['id']}"
    await change(person, path, following=True)
    await change(person, path, following=True)
    await delete(person, path)
    await person.record_rejection(company_name="Typed", start_plan=False)
    typed, mine = told.pop(), told
    assert [(type(event), getattr(event, "following", None)) for event in mine] == [
        (CompanyRecorded, False),
        (CompanyUpdated, True),
        (CompanyDeleted, None),
    ]
    assert {str(event.record_id) for event in mine} == {company["id"]}
    assert isinstance(typed, CompanyRecorded)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"website": "example.com"}, "/website"),
        ({"following": "yes"}, "/following"),
        ({"follow_channels": ["fax"]}, "/follow_channels/0"),
        ({"follow_channels": ["blog", "blog"]}, "/follow_channels"),
        ({"cadence_days": 0}, "/cadence_days"),
        ({"cadence_days": 367}, "/cadence_days"),
        ({"next_engagement_on": None}, "/next_engagement_on"),
        ({"name": " "}, "/name"),
    ],
)
async def test_what_cannot_be_is_refused(
    person: Person, fields: dict[str, Any], pointer: str
) -> None:
    answer = await person.http.post(COMPANIES, json={"name": "Example GmbH", **fields})
    assert finding_of(answer)[0] == pointer
    assert await items(person, COMPANIES) == []
