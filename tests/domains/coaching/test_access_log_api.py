"""The access log as its person reads it."""

from datetime import timedelta
from typing import Any

import pytest

from app.auth.terms import ConsentCategory
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.conftest import NOON, MakePerson, Person
from tests.domains.acting import code_of, expect, finding_of, items, pages
from tests.domains.coaching.consenting import Circle, decide, make_circle
from tests.domains.organizing import add_client, bearer, make_key, on_behalf

LOG = "/v1/access-log"


@pytest.fixture
async def circle(database: Database, make_person: MakePerson) -> Circle:
    return await make_circle(database, make_person)


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["access"], one["category"], one["operation_id"]) for one in entries]


async def test_reading_stands_there_once_an_hour_and_every_change_by_itself(
    circle: Circle, clock: SetClock
) -> None:
    rejection = await circle.person.record_rejection()
    grant = await circle.give(categories=["rejections", "plans"], access="write")
    assert await items(circle.person, LOG) == []
    for _ in range(3):
        assert (await circle.read()).status_code == 200
    (entry,) = await items(circle.person, LOG)
    assert entry == {
        "id": entry["id"],
        "occurred_at": NOON.isoformat().replace("+00:00", "Z"),
        "access": "read",
        "category": "rejections",
        "operation_id": "list_rejections",
        "actor_kind": "member",
        "actor_name": "A sample coach",
        "organization_id": str(circle.organization),
        "organization_name": "Example Career Service",
        "client": "tests",
        "grant_id": grant["id"],
    }
    clock.advance(timedelta(minutes=59))
    path = f"/v1/rejections/{rejection['id']}"
    assert (await circle.read(path)).status_code == 200
    assert await items(circle.person, LOG) == [entry]
    assert (await circle.read("/v1/recovery-plans")).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert (await circle.read()).status_code == 200
    for notes in ("Call them", "Write to them"):
        clock.advance(timedelta(seconds=1))
        headers = {**on_behalf(circle.person), "If-Match": "*"}
        expect(await circle.coach.http.patch(path, json={"notes": notes}, headers=headers), 200)
    program = {**circle.key, **on_behalf(circle.person)}
    clock.advance(timedelta(seconds=1))
    expect(await circle.analyst.http.get("/v1/rejections", headers=program), 200)

    entries = await items(circle.person, LOG)
    assert told(entries) == [
        ("read", "rejections", "list_rejections"),
        ("write", "rejections", "update_rejection"),
        ("write", "rejections", "update_rejection"),
        ("read", "rejections", "list_rejections"),
        ("read", "plans", "list_recovery_plans"),
        ("read", "rejections", "list_rejections"),
    ]
    by_program = entries[0]
    assert (by_program["actor_kind"], by_program["client"]) == (
        "organization_key",
        "A sample program",
    )


async def test_what_was_refused_before_anything_was_seen_stands_nowhere(circle: Circle) -> None:
    grant = await circle.give(categories=["plans"])
    assert code_of(await circle.read(), 403) == "consent-missing"
    expect(await decide(circle.person, grant, status="revoked"), 200)
    assert (await circle.read("/v1/recovery-plans")).status_code == 404
    assert await items(circle.person, LOG) == []


async def test_it_is_paged_and_filtered(
    circle: Circle, database: Database, make_person: MakePerson, clock: SetClock
) -> None:
    other = await make_circle(database, make_person, name="Sample University")
    other.person = circle.person
    await circle.give(categories=[*ConsentCategory], access="write")
    await add_client(database, other.organization, circle.person)
    await other.give(categories=["rejections"])
    for path in ("/v1/rejections", "/v1/lessons", "/v1/contacts"):
        clock.advance(timedelta(hours=1))
        assert (await circle.read(path)).status_code == 200
    clock.advance(timedelta(hours=1))
    assert (await other.read()).status_code == 200
    clock.advance(timedelta(hours=1))
    body = {"name": "Sample GmbH"}
    expect(
        await circle.coach.http.post("/v1/companies", json=body, headers=on_behalf(circle.person)),
        201,
    )

    entries = await items(circle.person, LOG)
    assert [one["category"] for one in entries] == [
        "network",
        "rejections",
        "network",
        "reflections",
        "rejections",
    ]
    assert await pages(circle.person, LOG, limit=2) == entries
    second = entries[1]
    assert await items(circle.person, LOG, organization_id=str(other.organization)) == [second]
    assert second["organization_name"] == "Sample University"
    assert await items(circle.person, LOG, category="network") == [entries[0], entries[2]]
    assert await items(circle.person, LOG, access="write") == entries[:1]
    assert await items(circle.person, LOG, access="read", category="network") == [entries[2]]
    assert await items(circle.person, LOG, occurred_after=second["occurred_at"]) == entries[:2]
    assert await items(circle.person, LOG, occurred_before=second["occurred_at"]) == entries[1:]
    wrong = await circle.person.http.get(LOG, params={"category": "everything"})
    assert finding_of(wrong)[0] == "query.category"


async def test_nobody_but_the_person_sees_it(
    circle: Circle, stranger: Person, database: Database
) -> None:
    await circle.person.record_rejection()
    await circle.give(categories=[*ConsentCategory], access="write")
    assert (await circle.read()).status_code == 200
    assert await items(stranger, LOG) == []
    assert await items(circle.coach, LOG) == []
    refused = await circle.coach.http.get(LOG, headers=on_behalf(circle.person))
    assert code_of(refused, 403) == "owner-only"
    program = await stranger.http.get(LOG, headers=circle.key)
    assert code_of(program, 403) == "account-not-named"
    program = await stranger.http.get(LOG, headers={**circle.key, **on_behalf(circle.person)})
    assert code_of(program, 403) == "owner-only"
    key = bearer(await make_key(database, circle.person.id))
    assert len(expect(await stranger.http.get(LOG, headers=key), 200)["items"]) == 1
