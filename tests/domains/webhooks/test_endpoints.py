"""Endpoints over HTTP: who may have them, where they may point, and their secrets."""

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from app.auth.scopes import Scope
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.webhooks.models import WebhookEndpoint
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
    patch,
    post,
)
from tests.domains.organizing import add_member, make_key, make_organization

ENDPOINTS = "/v1/webhook-endpoints"
URL = "https://example.com/hooks"


def path_of(endpoint: dict[str, Any]) -> str:
    return f"{ENDPOINTS}/{endpoint['id']}"


async def test_an_endpoint_is_made_with_its_secret_shown_once(person: Person) -> None:
    answer = await person.http.post(ENDPOINTS, json={"url": URL})
    made = expect(answer, 201)
    assert answer.headers["Cache-Control"] == "no-store"
    secret = made.pop("secret")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert made == {
        "id": made["id"],
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
        "revision": made["revision"],
        "organization_id": None,
        "url": URL,
        "description": None,
        "event_types": None,
        "status": "active",
        "disabled_reason": None,
        "previous_secret_until": None,
    }
    assert await get(person, path_of(made)) == made
    assert await items(person, ENDPOINTS) == [made]


async def test_no_secret_stands_in_the_database(person: Person, database: Database) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    rotated = expect(await person.http.post(f"{path_of(made)}/secret-rotations"), 201)
    async with database.read(everyone=True) as transaction:
        row = (await transaction.execute(select(table_of(WebhookEndpoint)))).one()
    for shown in (made["secret"], rotated["secret"]):
        plain = base64.b64decode(shown.removeprefix("whsec_"))
        assert plain not in row.secret + row.previous_secret


async def test_an_endpoint_is_changed_switched_off_on_and_deleted(person: Person) -> None:
    made = await post(person, ENDPOINTS, url=URL, event_types=["goal.completed"])
    found = await change(person, path_of(made), description="Mine", event_types=None)
    assert (found["description"], found["event_types"]) == ("Mine", None)
    off = await change(person, path_of(made), status="disabled")
    assert (off["status"], off["disabled_reason"]) == ("disabled", "by_owner")
    assert await items(person, ENDPOINTS, status="active") == []
    on = await change(person, path_of(made), status="active")
    assert (on["status"], on["disabled_reason"]) == ("active", None)
    stale = await person.http.patch(
        path_of(made), json={"description": None}, headers={"If-Match": f'"{off["revision"]}"'}
    )
    assert code_of(stale, 412) == "precondition-failed"
    await delete(person, path_of(made))
    assert code_of(await person.http.get(path_of(made)), 404) == "not-found"
    assert await items(person, ENDPOINTS) == []


REFUSED = {
    "plain http": ("http://example.com/hooks", "not_https"),
    "a user": ("https://user@example.com/hooks", "malformed_url"),
    "a password": ("https://user:secret@example.com/", "malformed_url"),
    "a fragment": ("https://example.com/#here", "malformed_url"),
    "loopback": ("https://127.0.0.1/hooks", "address_inside"),
    "loopback as one number": ("https://2130706433/hooks", "address_inside"),
    "loopback in IPv6": ("https://[::1]/hooks", "address_inside"),
    "the metadata of a cloud": ("https://169.254.169.254/", "address_inside"),
    "a private network": ("https://10.1.2.3/hooks", "address_inside"),
    "a port for mail": ("https://example.com:25/hooks", "port_refused"),
}


@pytest.mark.parametrize("changed_settings", [{}], ids=["nothing inside is allowed"])
@pytest.mark.parametrize("url", REFUSED)
async def test_an_address_that_can_never_be_called_is_refused(person: Person, url: str) -> None:
    text, code = REFUSED[url]
    assert finding_of(await person.http.post(ENDPOINTS, json={"url": text})) == ("/url", code)
    made = await post(person, ENDPOINTS, url=URL)
    assert finding_of(await patch(person, path_of(made), url=text)) == ("/url", code)


async def test_there_are_twenty_endpoints_at_most(person: Person, stranger: Person) -> None:
    for _ in range(20):
        await post(person, ENDPOINTS, url=URL)
    answer = await person.http.post(ENDPOINTS, json={"url": URL})
    assert code_of(answer, 409) == "too-many-webhook-endpoints"
    assert answer.json()["limit"] == 20
    await post(stranger, ENDPOINTS, url=URL)


async def test_a_type_that_does_not_exist_is_refused(person: Person) -> None:
    answer = await person.http.post(ENDPOINTS, json={"url": URL, "event_types": ["mood.bad"]})
    assert finding_of(answer)[0] == "/event_types/0"


async def test_a_rotated_secret_has_its_time_beside_the_new_one(
    person: Person, clock: SetClock
) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    rotated = expect(await person.http.post(f"{path_of(made)}/secret-rotations"), 201)
    assert rotated["secret"] != made["secret"]
    until = clock.now() + timedelta(hours=24)
    assert rotated["previous_secret_until"] == until.isoformat().replace("+00:00", "Z")


async def test_the_endpoints_of_others_are_not_there(person: Person, stranger: Person) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    path = path_of(made)
    any_revision = {"If-Match": "*"}
    for answer in (
        await stranger.http.get(path),
        await stranger.http.patch(path, json={"description": "Mine"}, headers=any_revision),
        await stranger.http.delete(path, headers=any_revision),
        await stranger.http.post(f"{path}/secret-rotations"),
        await stranger.http.post(f"{path}/pings"),
        await stranger.http.get(f"{path}/deliveries"),
        await stranger.http.post(f"{path}/redeliveries", json={"since": "2026-03-01T00:00:00Z"}),
    ):
        assert code_of(answer, 404) == "not-found"
    assert await items(stranger, ENDPOINTS) == []
    assert await items(person, ENDPOINTS) != []


async def test_a_key_needs_the_scope(
    person: Person, database: Database, client: httpx.AsyncClient
) -> None:
    for scope, status in ((Scope.PROFILE_READ, 403), (Scope.WEBHOOKS_MANAGE, 201)):
        key = await make_key(database, person.id, scope)
        headers = {"Authorization": f"Bearer {key}"}
        answer = await client.post(ENDPOINTS, json={"url": URL}, headers=headers)
        assert answer.status_code == status
    assert len(await items(person, ENDPOINTS)) == 1


async def test_an_organisations_endpoints_are_for_its_admins_and_its_keys(
    person: Person, make_person: MakePerson, database: Database, client: httpx.AsyncClient
) -> None:
    organization_id = await make_organization(database)
    coach, analyst, other = [await make_person() for _ in range(3)]
    await add_member(database, organization_id, person, OrganizationRole.ADMIN)
    await add_member(database, organization_id, coach, OrganizationRole.COACH)
    await add_member(database, organization_id, analyst, OrganizationRole.ANALYST)
    its = {"organization_id": str(organization_id)}

    made = expect(await person.http.post(ENDPOINTS, json={"url": URL}, params=its), 201)
    del made["secret"]
    assert made["organization_id"] == str(organization_id)
    assert await items(person, ENDPOINTS, **its) == [made]
    assert await get(person, path_of(made), **its) == made
    # Without its name it is about the admin's own.
    assert await items(person, ENDPOINTS) == []
    assert code_of(await person.http.get(path_of(made)), 404) == "not-found"
    for member in (coach, analyst):
        assert code_of(await member.http.get(ENDPOINTS, params=its), 403) == "role-missing"
    assert code_of(await other.http.get(ENDPOINTS, params=its), 404) == "not-found"

    key = {"Authorization": f"Bearer {await make_key(database, organization_id)}"}
    assert expect(await client.get(ENDPOINTS, headers=key), 200)["items"] == [made]
    assert expect(await client.get(ENDPOINTS, headers=key, params=its), 200)["items"] == [made]
    elsewhere = {"organization_id": str(await make_organization(database))}
    answer = await client.get(ENDPOINTS, headers=key, params=elsewhere)
    assert code_of(answer, 404) == "not-found"
    log = await client.get(f"{path_of(made)}/deliveries", headers=key)
    assert expect(log, 200)["items"] == []


async def test_a_disabled_endpoint_is_neither_tried_nor_told_again(person: Person) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    await change(person, path_of(made), status="disabled")
    ping = await person.http.post(f"{path_of(made)}/pings")
    assert code_of(ping, 409) == "webhook-endpoint-disabled"
    again = await person.http.post(
        f"{path_of(made)}/redeliveries", json={"since": "2026-03-01T00:00:00Z"}
    )
    assert code_of(again, 409) == "webhook-endpoint-disabled"


@pytest.mark.parametrize(
    "body",
    [{}, {"delivery_id": None}, {"delivery_id": str(uuid4()), "since": "2026-03-01T00:00:00Z"}],
)
async def test_a_redelivery_says_in_one_way_what_is_meant(
    person: Person, body: dict[str, Any]
) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    answer = await person.http.post(f"{path_of(made)}/redeliveries", json=body)
    assert finding_of(answer) == ("/since", "one_of")


async def test_what_was_never_sent_cannot_be_sent_again_by_its_id(person: Person) -> None:
    made = await post(person, ENDPOINTS, url=URL)
    body = {"delivery_id": str(uuid4())}
    answer = await person.http.post(f"{path_of(made)}/redeliveries", json=body)
    assert finding_of(answer) == ("/delivery_id", "unknown")
