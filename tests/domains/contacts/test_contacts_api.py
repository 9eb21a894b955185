"""Contacts over HTTP: their company, their rhythm, and what remains of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domains.contacts.events import ContactDeleted, ContactRecorded, ContactUpdated
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

CONTACTS = "/v1/contacts"
EVERYTHING: dict[str, Any] = {
    "name": "Łucja Größe",
    "company_name": "Example GmbH",
    "role": "Head of data",
    "relationship": "interviewer",
    "email": "lucja@example.com",
    "phone": "+48 000 000000",
    "linkedin_url": "https://example.com/in/lucja",
    "met_on": "2026-02-20",
    "how_met": "In the second interview.\nWe spoke about forecasting.",
    "connection_status": "declined",
    "cadence_days": 42,
    "next_follow_up_on": "2026-04-03",
    "notes": "Likes to be written to.",
    "tags": ["data", "kind"],
}
NULLABLE = (
    *("company_id", "company_name", "role", "email", "phone", "linkedin_url", "met_on"),
    *("how_met", "cadence_days", "next_follow_up_on", "notes"),
)


async def add(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, CONTACTS, **{"name": "Sam Sample", **fields})


async def company(person: Person, name: str = "Example GmbH") -> dict[str, Any]:
    return await post(person, "/v1/companies", name=name)


async def test_a_name_is_enough(person: Person) -> None:
    answer = await person.http.post(CONTACTS, json={"name": "Sam Sample"})
    contact = expect(answer, 201)
    assert answer.headers["Location"] == f"{CONTACTS}/{contact['id']}"
    assert await get(person, answer.headers["Location"]) == contact
    assert {name for name, value in contact.items() if value is None} == {
        *NULLABLE,
        "last_interaction_at",
    }
    assert (contact["relationship"], contact["connection_status"]) == ("other", "none")


async def test_everything_that_is_sent_comes_back_and_can_be_changed(person: Person) -> None:
    contact = await post(person, CONTACTS, **EVERYTHING)
    assert {name: contact[name] for name in EVERYTHING} == EVERYTHING
    assert await items(person, CONTACTS) == [contact]
    path = f"{CONTACTS}/{contact['id']}"
    cleared = await change(person, path, **dict.fromkeys(NULLABLE))
    assert {name for name, value in cleared.items() if value is None} == {
        *NULLABLE,
        "last_interaction_at",
    }
    for name in ("name", "relationship", "connection_status", "tags"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    again = await change(person, path, **EVERYTHING)
    assert {name: again[name] for name in EVERYTHING} == EVERYTHING
    stamped = await patch(person, path, last_interaction_at="2026-03-01T00:00:00Z")
    assert finding_of(stamped)[0] == "/last_interaction_at"


async def test_a_typed_company_is_found_or_made(person: Person) -> None:
    first = await add(person, company_name="Example GmbH")
    second = await add(person, company_name="EXAMPLE gmbh")
    assert (second["company_id"], second["company_name"]) == (first["company_id"], "EXAMPLE gmbh")
    (found,) = await items(person, "/v1/companies")
    assert (found["id"], found["name"]) == (first["company_id"], "Example GmbH")


async def test_a_named_company_wins_over_a_typed_one_and_lends_its_name(person: Person) -> None:
    mine = await company(person)
    lent = await add(person, company_id=mine["id"])
    assert (lent["company_id"], lent["company_name"]) == (mine["id"], "Example GmbH")
    typed = await add(person, company_id=mine["id"], company_name="Example, Vienna")
    assert (typed["company_id"], typed["company_name"]) == (mine["id"], "Example, Vienna")
    assert await items(person, "/v1/companies") == [mine]


async def test_changing_the_company_follows_the_same_rules(person: Person) -> None:
    alpha, beta = await company(person, "Alpha"), await company(person, "Beta")
    contact = await add(person, company_id=alpha["id"])
    path = f"{CONTACTS}/{contact['id']}"

    def stands(found: dict[str, Any]) -> tuple[str | None, str | None]:
        return found["company_id"], found["company_name"]

    assert stands(await change(person, path, company_id=beta["id"])) == (beta["id"], "Beta")
    assert stands(await change(person, path, company_name="ALPHA")) == (alpha["id"], "ALPHA")
    both = {"company_id": alpha["id"], "company_name": "Beta"}
    assert stands(await change(person, path, **both)) == (alpha["id"], "Beta")
    # Sent again, it changes nothing, so that a lost answer does no harm.
    again = await person.http.patch(path, json=both, headers={"If-Match": '"0"'})
    assert stands(expect(again, 200)) == (alpha["id"], "Beta")
    assert stands(await change(person, path, company_id=None)) == (None, "Beta")
    assert stands(await change(person, path, company_name="Gamma"))[1] == "Gamma"
    assert stands(await change(person, path, company_name=None)) == (None, None)
    assert [one["name"] for one in await items(person, "/v1/companies")] == [
        "Alpha",
        "Beta",
        "Gamma",
    ]


async def test_a_strangers_company_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    theirs = await company(stranger)
    contact = await add(person)
    for company_id in (theirs["id"], str(uuid4())):
        answer = await person.http.post(CONTACTS, json={"name": "x", "company_id": company_id})
        assert finding_of(answer) == ("/company_id", "unknown")
        changed = await patch(person, f"{CONTACTS}/{contact['id']}", company_id=company_id)
        assert finding_of(changed) == ("/company_id", "unknown")


async def test_the_same_id_again_is_the_same_contact(person: Person) -> None:
    body = {"id": str(uuid4()), **EVERYTHING}
    first = expect(await person.http.post(CONTACTS, json=body), 201)
    assert expect(await person.http.post(CONTACTS, json=body), 200) == first
    named = await person.http.post(CONTACTS, json={**body, "name": "Somebody else"})
    assert code_of(named, 409) == "id-taken"
    typed = {"id": str(uuid4()), "name": "Sam", "company_name": "New GmbH", "cadence_days": 7}
    made = expect(await person.http.post(CONTACTS, json=typed), 201)
    assert expect(await person.http.post(CONTACTS, json=typed), 200) == made


async def test_a_cadence_begins_today_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = clock.instant.replace(hour=23, minute=30)
    for zone, first in (("Europe/Berlin", "2026-03-19"), ("America/New_York", "2026-03-18")):
        person = await make_person(time_zone=zone)
        assert (await add(person, cadence_days=7))["next_follow_up_on"] == first
        chosen = await add(person, cadence_days=7, next_follow_up_on="2026-05-01")
        assert chosen["next_follow_up_on"] == "2026-05-01"


async def test_a_new_cadence_moves_the_day_that_the_old_one_had_set(person: Person) -> None:
    contact = await add(person, cadence_days=7)
    path = f"{CONTACTS}/{contact['id']}"

    async def day_after(**fields: Any) -> str | None:
        found: str | None = (await change(person, path, **fields))["next_follow_up_on"]
        return found

    assert await day_after(cadence_days=30) == "2026-04-10"
    assert await day_after(cadence_days=None) is None
    assert await day_after(cadence_days=14) == "2026-03-25"
    assert await day_after(next_follow_up_on="2026-06-01") == "2026-06-01"
    assert await day_after(cadence_days=7) == "2026-06-01"
    assert await day_after(cadence_days=8, next_follow_up_on=None) is None
    assert await day_after(notes="quiet for now") is None


async def test_a_day_that_was_set_in_another_zone_still_follows_the_cadence(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = clock.instant.replace(hour=23, minute=30)
    person = await make_person(time_zone="Europe/Berlin")
    contact = await add(person, cadence_days=7)
    company = await post(person, "/v1/companies", name="Alpha", cadence_days=7, following=True)
    assert contact["next_follow_up_on"] == company["next_engagement_on"] == "2026-03-19"
    # The contact was added on the 11th there, so that their week ends on the 18th.
    await change(person, "/v1/me", time_zone="America/New_York")
    due = (await get(person, "/v1/follow-ups", on="2026-03-19"))["items"]
    assert [one["reason"] for one in due] == ["first_contact"] * 2
    moved = await change(person, f"{CONTACTS}/{contact['id']}", cadence_days=30)
    assert moved["next_follow_up_on"] == "2026-04-10"
    engaged = await change(person, f"/v1/companies/{company['id']}", cadence_days=None)
    assert engaged["next_engagement_on"] is None


async def test_a_new_name_goes_with_what_was_between_you(person: Person) -> None:
    contact, other = await add(person, name="Sam Wrongly"), await add(person, name="Kim Wrongly")
    talks = [
        await post(person, "/v1/interactions", contact_id=one["id"], kind="call", status=status)
        for one, status in ((contact, "done"), (contact, "planned"), (other, "done"))
    ]

    async def found(q: str) -> set[str]:
        hits = await get(person, "/v1/search", q=q, collection="interactions")
        return {hit["id"] for hit in hits["items"]}

    path = f"{CONTACTS}/{contact['id']}"
    renamed = await change(person, path, name="Sam Rightly")
    mine = {one["id"] for one in talks[:2]}
    for before in talks[:2]:
        after = await get(person, f"/v1/interactions/{before['id']}")
        assert after["contact_name"] == "Sam Rightly"
        assert after["revision"] == renamed["revision"] > before["revision"]
    assert await get(person, f"/v1/interactions/{talks[2]['id']}") == talks[2]
    assert await found("Rightly") == mine
    assert await found("Wrongly") == {talks[2]["id"]}
    await change(person, path, notes="Likes to be written to.")
    kept = await get(person, f"/v1/interactions/{talks[0]['id']}")
    assert kept["revision"] == renamed["revision"]
    await delete(person, path)
    kept = await get(person, f"/v1/interactions/{talks[0]['id']}")
    assert (kept["contact_id"], kept["contact_name"]) == (None, "Sam Rightly")
    assert await found("Rightly") == mine


async def test_each_filter_and_order_finds_what_it_says(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await add(stranger, name="Åsa", tags=["data"])
    for fields in (
        {"name": "Åsa", "company_name": "Alpha", "relationship": "mentor", "tags": ["data"]},
        {"name": "ben", "connection_status": "connected", "tags": ["Data", "run"]},
        {"name": "Cem", "company_name": "alpha", "relationship": "mentor"},
    ):
        clock.advance(timedelta(minutes=1))
        await add(person, **fields)
    (alpha,) = await items(person, "/v1/companies")
    found: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["ben", "Cem", "Åsa"]),
        ({"sort": "-name"}, ["Åsa", "Cem", "ben"]),
        ({"sort": "created_at"}, ["Åsa", "ben", "Cem"]),
        ({"sort": "-updated_at"}, ["Cem", "ben", "Åsa"]),
        ({"company_id": alpha["id"]}, ["Cem", "Åsa"]),
        ({"company_id": str(uuid4())}, []),
        ({"relationship": "mentor"}, ["Cem", "Åsa"]),
        ({"connection_status": "connected"}, ["ben"]),
        ({"tag": "data"}, ["Åsa"]),
        ({"name": "åS"}, ["Åsa"]),
        ({"name": "E", "relationship": "mentor"}, ["Cem"]),
    ]
    for params, names in found:
        whole = await items(person, CONTACTS, **params)
        assert [one["name"] for one in whole] == names, params
        assert await pages(person, CONTACTS, limit=1, **params) == whole


async def test_deleting_a_contact_keeps_what_was_between_you(person: Person) -> None:
    contact = await add(person)
    rejection = await person.record_rejection(contact_id=contact["id"])
    done = await post(person, "/v1/interactions", contact_id=contact["id"], kind="call")
    event = await post(
        person,
        "/v1/networking-events",
        name="Meetup",
        kind="meetup",
        contact_ids=[contact["id"]],
    )

    await delete(person, f"{CONTACTS}/{contact['id']}")

    assert code_of(await person.http.get(f"{CONTACTS}/{contact['id']}"), 404) == "not-found"
    kept = await get(person, f"/v1/interactions/{done['id']}")
    assert (kept["contact_id"], kept["contact_name"]) == (None, "Sam Sample")
    met = await get(person, f"/v1/networking-events/{event['id']}")
    assert met["contact_ids"] == []
    told_by = await get(person, f"/v1/rejections/{rejection['id']}")
    assert told_by["contact_id"] is None
    for before, after in ((done, kept), (event, met), (rejection, told_by)):
        assert after["revision"] > before["revision"]


async def test_each_change_is_stated(person: Person, told: list[Event]) -> None:
    mine = await company(person)
    told.clear()
    contact = await add(person, company_id=mine["id"])
    path = f"{CONTACTS}/{contact['id']}"
    await change(person, path, connection_status="connected", company_id=None)
    await change(person, path, connection_status="connected")
    await delete(person, path)
    assert {str(event.record_id) for event in told} == {contact["id"]}
    recorded, updated, deleted = told
    assert isinstance(recorded, ContactRecorded)
    assert (str(recorded.company_id), recorded.connection_status) == (mine["id"], "none")
    assert isinstance(updated, ContactUpdated)
    assert (updated.company_id, updated.connection_status) == (None, "connected")
    assert isinstance(deleted, ContactDeleted)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"email": "not an address"}, "/email"),
        ({"linkedin_url": "linkedin.com/in/sam"}, "/linkedin_url"),
        ({"relationship": "friend"}, "/relationship"),
        ({"cadence_days": 0}, "/cadence_days"),
        ({"cadence_days": 1.5}, "/cadence_days"),
        ({"tags": ["same", "same"]}, "/tags"),
        ({"company_id": None}, "/company_id"),
        ({"name": "x" * 201}, "/name"),
    ],
)
async def test_what_cannot_be_is_refused(
    person: Person, fields: dict[str, Any], pointer: str
) -> None:
    answer = await person.http.post(CONTACTS, json={"name": "Sam Sample", **fields})
    assert finding_of(answer)[0] == pointer
    assert await items(person, CONTACTS) == []
