"""What a rejection refers to, over HTTP: its company, who told it, and the opportunity it ended."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.contacts.models import Interaction
from app.domains.rejections import events
from app.domains.rejections.events import (
    RejectionClosed,
    RejectionDeleted,
    RejectionRecorded,
    RejectionReopened,
    RejectionUpdated,
)
from app.kit.events import Event
from tests.conftest import Person
from tests.domains.acting import (
    change,
    delete,
    expect,
    finding_of,
    get,
    items,
    listen,
    patch,
    plan_of,
    post,
)

REJECTIONS = "/v1/rejections"


@pytest.fixture
def told(database: Database) -> list[Event]:
    """Every fact about rejections that is stated from now on, in order."""
    return listen(database, events)


async def opportunity_of(person: Person) -> str:
    made = await post(
        person,
        "/v1/opportunities",
        company_name="Example GmbH",
        role_title="Data analyst",
        status="applied",
    )
    return str(made["id"])


async def contact_of(person: Person) -> str:
    return str((await post(person, "/v1/contacts", name="Sam Sample"))["id"])


async def test_the_typed_company_is_found_or_made(person: Person, stranger: Person) -> None:
    await stranger.record_rejection(company_name="Example GmbH")
    first = await person.record_rejection(company_name="Example GmbH")
    second = await person.record_rejection(company_name="EXAMPLE gmbh")
    assert (second["company_id"], second["company_name"]) == (first["company_id"], "EXAMPLE gmbh")
    contact = await post(person, "/v1/contacts", name="Sam", company_name="example GmbH")
    assert contact["company_id"] == first["company_id"]
    (company,) = await items(person, "/v1/companies")
    assert (company["id"], company["name"]) == (first["company_id"], "Example GmbH")
    assert (company["following"], company["cadence_days"]) == (False, None)


async def test_a_named_company_wins_over_the_typed_one(person: Person) -> None:
    company = await post(person, "/v1/companies", name="Example Holding")
    rejection = await person.record_rejection(company_id=company["id"], company_name="Example")
    assert (rejection["company_id"], rejection["company_name"]) == (company["id"], "Example")
    assert len(await items(person, "/v1/companies")) == 1


async def test_changing_the_company_follows_the_same_rules(person: Person) -> None:
    rejection = await person.record_rejection(company_name="Alpha")
    path = f"{REJECTIONS}/{rejection['id']}"
    beta = await post(person, "/v1/companies", name="Beta")

    def stands(found: dict[str, Any]) -> tuple[str | None, str]:
        return found["company_id"], found["company_name"]

    assert stands(await change(person, path, company_name="BETA")) == (beta["id"], "BETA")
    assert await change(person, path, company_name="BETA") == await get(person, path)
    back = await change(person, path, company_id=rejection["company_id"])
    assert stands(back) == (rejection["company_id"], "Alpha")
    assert await items(person, REJECTIONS, company_name="beta") == []
    assert stands(await change(person, path, company_id=None)) == (None, "Alpha")
    gamma = await change(person, path, company_name="Gamma", notes="They were renamed.")
    assert gamma["company_id"] not in (None, rejection["company_id"], beta["id"])


async def test_the_same_id_again_is_the_same_rejection(person: Person) -> None:
    body = {"id": str(uuid4()), "company_name": "Example GmbH", "stage": "offer"}
    first = expect(await person.http.post(REJECTIONS, json=body), 201)
    assert expect(await person.http.post(REJECTIONS, json=body), 200) == first
    assert len(await items(person, "/v1/companies")) == 1


async def test_what_it_refers_to_is_kept_shown_and_found(
    person: Person, database: Database
) -> None:
    links = {
        "company_id": (await post(person, "/v1/companies", name="Example GmbH"))["id"],
        "contact_id": await contact_of(person),
        "opportunity_id": await opportunity_of(person),
    }
    rejection = await person.record_rejection(**links)
    await person.record_rejection(company_name="Elsewhere")
    assert {name: rejection[name] for name in links} == links
    for name, record_id in links.items():
        assert await items(person, REJECTIONS, **{name: record_id}) == [rejection]
        assert await items(person, REJECTIONS, **{name: str(uuid4())}) == []
    path = f"{REJECTIONS}/{rejection['id']}"
    cleared = await change(person, path, **dict.fromkeys(links))
    assert {name: cleared[name] for name in links} == dict.fromkeys(links)
    again = await change(person, path, **links)
    assert {name: again[name] for name in links} == links


async def test_the_records_of_strangers_are_as_absent_as_none(
    person: Person, stranger: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    path = f"{REJECTIONS}/{rejection['id']}"
    theirs = {
        "company_id": (await post(stranger, "/v1/companies", name="Theirs"))["id"],
        "contact_id": await contact_of(stranger),
        "opportunity_id": await opportunity_of(stranger),
    }
    for name, foreign in theirs.items():
        for record_id in (foreign, str(uuid4())):
            body = {"company_name": "Example GmbH", "stage": "offer", name: record_id}
            answers = [
                await person.http.post(REJECTIONS, json=body),
                await patch(person, path, **{name: record_id}),
            ]
            for answer in answers:
                assert finding_of(answer) == (f"/{name}", "unknown")
    # Whoever is wrong in several places is told all of them.
    errors = expect(await patch(person, path, **theirs), 422)["errors"]
    assert {one["pointer"] for one in errors} == {f"/{name}" for name in theirs}
    assert {one["message"] for one in errors} == {"must be one of your records"}
    assert await items(person, REJECTIONS) == [rejection]
    assert len(await items(person, "/v1/recovery-plans")) == 1


async def test_a_linked_contact_is_somebody_to_thank(person: Person) -> None:
    rejection = await person.record_rejection(channel="portal", contact_id=await contact_of(person))
    kinds = {step["kind"] for step in (await plan_of(person, rejection))["steps"]}
    assert {"thank", "request_feedback", "connect"} <= kinds
    nobody = await person.record_rejection(channel="portal")
    kinds = {step["kind"] for step in (await plan_of(person, nobody))["steps"]}
    assert not {"thank", "request_feedback", "connect"} & kinds


async def test_the_facts_say_what_it_refers_to(
    person: Person, database: Database, told: list[Event]
) -> None:
    first, second = [await opportunity_of(person) for _ in range(2)]
    contact_id = await contact_of(person)
    rejection = await person.record_rejection(opportunity_id=first)
    path = f"{REJECTIONS}/{rejection['id']}"
    (recorded,) = told
    assert isinstance(recorded, RejectionRecorded)
    assert recorded.company_id == UUID(rejection["company_id"])
    assert (recorded.opportunity_id, recorded.contact_id) == (UUID(first), None)
    assert recorded.contact_linked is False
    told.clear()

    await change(person, path, opportunity_id=second, contact_id=contact_id)
    (updated,) = told
    assert isinstance(updated, RejectionUpdated)
    before = updated.before()
    assert before is not None
    assert (before.opportunity_id, before.contact_id) == (UUID(first), None)
    assert updated.opportunity_id == UUID(second)
    assert (updated.contact_id, updated.contact_linked) == (UUID(contact_id), True)
    told.clear()

    # A change that also closes it hides nothing.
    await change(person, path, opportunity_id=None, status="closed")
    updated, closed = told
    assert isinstance(updated, RejectionUpdated)
    before = updated.before()
    assert before is not None
    assert (before.opportunity_id, updated.opportunity_id) == (UUID(second), None)
    assert isinstance(closed, RejectionClosed)
    told.clear()
    await change(person, path, status="open")
    await change(person, path, status="closed", closed_on="2026-03-01")
    await change(person, path, closed_on="2026-03-02")
    assert [type(event) for event in told] == [
        RejectionReopened,
        RejectionClosed,
        RejectionUpdated,
    ]
    told.clear()

    await change(person, path, opportunity_id=first)
    await delete(person, path)
    _, deleted = told
    assert isinstance(deleted, RejectionDeleted)
    assert deleted.opportunity_id == UUID(first)


async def test_the_fact_of_a_deletion_is_told_while_the_record_is_there(
    person: Person, database: Database
) -> None:
    rejection = await person.record_rejection(start_plan=False)
    done = await post(
        person,
        "/v1/interactions",
        contact_id=await contact_of(person),
        kind="call",
        rejection_id=rejection["id"],
    )
    seen: list[Any] = []

    async def look(transaction: Any, _: object, event: RejectionDeleted) -> None:
        table = table_of(Interaction)
        row = await transaction.execute(table.select().where(table.c.id == UUID(done["id"])))
        seen.append(row.one().rejection_id)

    database.reactions.on(RejectionDeleted, look)
    await delete(person, f"{REJECTIONS}/{rejection['id']}")
    assert [str(found) for found in seen] == [rejection["id"]]
