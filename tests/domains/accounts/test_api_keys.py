"""API keys over HTTP: made, shown once, used, listed and revoked, for people and organisations."""

import asyncio
import string
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import func, select

from app.auth import tokens
from app.auth.models import ApiKey
from app.auth.scopes import SCOPES_OF_ORGANIZATIONS, SCOPES_OF_PEOPLE, Scope
from app.auth.service import purge_expired
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.terms import MAX_KEYS
from app.domains.coaching.terms import MembershipStatus
from app.kit.clock import SetClock
from tests.conftest import NOON, MakePerson, Person
from tests.domains.accounts.conftest import PASSWORD, Mails, SignUp
from tests.domains.acting import code_of, expect, finding_of, get, post
from tests.domains.organizing import (
    add_member,
    bearer,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)

KEYS = "/v1/api-keys"


def wanted(*scopes: Scope, **fields: Any) -> dict[str, Any]:
    """What a key is asked for with."""
    return {"name": "Sample backup", "scopes": list(scopes or [Scope.REJECTIONS_READ]), **fields}


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(person, KEYS, **params))["items"]
    return found


async def test_a_key_is_shown_once_and_acts_for_its_person(
    person: Person, client: httpx.AsyncClient, database: Database
) -> None:
    rejection = await person.record_rejection()
    answer = await person.http.post(KEYS, json=wanted(), headers={"Idempotency-Key": "x"})
    made = expect(answer, 201)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"] == KEYS
    assert "ETag" not in answer.headers
    key = made.pop("key")
    assert tokens.is_well_formed(key, tokens.LIVE_KEY)
    assert key.startswith(made["prefix"])
    assert made == {
        "id": made["id"],
        "name": "Sample backup",
        "prefix": key[:14],
        "scopes": ["rejections:read"],
        "created_at": NOON.isoformat().replace("+00:00", "Z"),
        "expires_at": (NOON + timedelta(days=90)).isoformat().replace("+00:00", "Z"),
        "last_used_at": None,
    }
    assert await listed(person) == [made]
    found = await client.get("/v1/rejections", headers=bearer(key))
    assert expect(found, 200)["items"] == [rejection]
    (used,) = await listed(person)
    assert used == {**made, "last_used_at": made["created_at"]}
    # Nothing in the database tells the key.
    async with database.read() as transaction:
        (row,) = (await transaction.execute(select(table_of(ApiKey)))).all()
    assert key not in repr(row)
    assert row.key_hash == tokens.digest_of(key)


async def test_a_key_can_do_what_its_scopes_say_and_no_more(
    person: Person, client: httpx.AsyncClient
) -> None:
    key = bearer((await post(person, KEYS, **wanted(Scope.REJECTIONS_WRITE)))["key"])
    body = {"company_name": "Example GmbH", "stage": "offer"}
    expect(await client.post("/v1/rejections", json=body, headers=key), 201)
    for path, scope in (("/v1/rejections", "rejections:read"), ("/v1/me", "profile:read")):
        refused = await client.get(path, headers=key)
        assert code_of(refused, 403) == "missing-scope"
        assert refused.json()["required_scope"] == scope


async def test_a_key_is_no_recent_sign_in(person: Person, client: httpx.AsyncClient) -> None:
    key = bearer((await post(person, KEYS, **wanted(Scope.PROFILE_WRITE)))["key"])
    gone = await client.delete("/v1/me", headers={**key, "If-Match": "*"})
    assert code_of(gone, 403) == "recent-sign-in-required"
    body = {"current_password": PASSWORD, "new_password": "two walks by the river at dawn"}
    changed = await client.post("/v1/me/password", json=body, headers=key)
    assert code_of(changed, 403) == "recent-sign-in-required"
    # It belongs to no session that it could end.
    assert code_of(await client.delete("/v1/sessions/current", headers=key), 404) == "not-found"


async def test_a_revoked_key_is_refused_from_the_next_request_on(
    person: Person, stranger: Person, client: httpx.AsyncClient
) -> None:
    made = await post(person, KEYS, **wanted())
    key = bearer(made["key"])
    path = f"{KEYS}/{made['id']}"
    assert (await client.get("/v1/rejections", headers=key)).status_code == 200
    assert code_of(await stranger.http.delete(path), 404) == "not-found"
    assert (await client.get("/v1/rejections", headers=key)).status_code == 200
    expect(await person.http.delete(path), 204)
    assert code_of(await client.get("/v1/rejections", headers=key), 401) == "unauthenticated"
    assert code_of(await person.http.delete(path), 404) == "not-found"
    assert await listed(person) == []


async def test_a_key_is_good_until_it_expires_and_then_goes(
    person: Person, client: httpx.AsyncClient, clock: SetClock, database: Database
) -> None:
    end = (NOON + timedelta(days=2)).isoformat()
    made = await post(person, KEYS, **wanted(expires_at=end))
    key = bearer(made["key"])
    clock.advance(timedelta(days=2) - timedelta(microseconds=1))
    assert (await client.get("/v1/rejections", headers=key)).status_code == 200
    assert len(await listed(person)) == 1
    clock.advance(timedelta(microseconds=1))
    assert (await client.get("/v1/rejections", headers=key)).status_code == 401
    assert await listed(person) == []
    clock.advance(timedelta(microseconds=1))
    await purge_expired(database)
    async with database.read() as transaction:
        left = await transaction.execute(select(func.count()).select_from(table_of(ApiKey)))
        assert left.scalar_one() == 0


async def test_a_key_ends_ahead_and_within_a_year(person: Person) -> None:
    for off, code in (
        (timedelta(0), "in_the_past"),
        (timedelta(days=-1), "in_the_past"),
        (timedelta(days=365, seconds=1), "too_late"),
    ):
        answer = await person.http.post(KEYS, json=wanted(expires_at=(NOON + off).isoformat()))
        assert finding_of(answer) == ("/expires_at", code)
    year = (NOON + timedelta(days=365)).isoformat()
    await post(person, KEYS, **wanted(expires_at=year))


async def test_the_last_use_is_noted_at_most_every_five_minutes(
    person: Person, client: httpx.AsyncClient, clock: SetClock
) -> None:
    key = bearer((await post(person, KEYS, **wanted()))["key"])
    noted = []
    for _ in range(4):
        assert (await client.get("/v1/rejections", headers=key)).status_code == 200
        (one,) = await listed(person)
        noted.append(one["last_used_at"][11:16])
        clock.advance(timedelta(minutes=2, seconds=31))
    assert noted == ["12:00", "12:00", "12:05", "12:05"]


async def test_what_is_no_key_is_refused(
    person: Person, client: httpx.AsyncClient, database: Database
) -> None:
    key = (await post(person, KEYS, **wanted()))["key"]
    letters = set(string.ascii_letters + string.digits)
    for place in range(len(tokens.LIVE_KEY), len(key)):
        other = sorted(letters - {key[place]})[place % 60]
        for wrong in (key[:place] + other + key[place + 1 :], key[:place]):
            refused = await client.get("/v1/rejections", headers=bearer(wrong))
            assert refused.status_code == 401, wrong
    for wrong in (
        tokens.new_token(tokens.LIVE_KEY).text,
        tokens.new_token(tokens.TEST_KEY).text,
        tokens.example_token(tokens.LIVE_KEY),
        key.replace("live", "test"),
        key.swapcase(),
        f"{key}x",
        f"{key} {key}",
        "rbk_live_",
    ):
        refused = await client.get("/v1/rejections", headers=bearer(wrong))
        assert code_of(refused, 401) == "unauthenticated"
    assert (await client.get("/v1/rejections", headers=bearer(key))).status_code == 200


async def test_nobody_has_more_than_twenty(person: Person, stranger: Person) -> None:
    """Also when many are made at the same moment."""
    answers = await asyncio.gather(
        *(person.http.post(KEYS, json=wanted()) for _ in range(MAX_KEYS + 4))
    )
    assert sorted(one.status_code for one in answers) == [201] * MAX_KEYS + [409] * 4
    refused = await person.http.post(KEYS, json=wanted())
    assert code_of(refused, 409) == "too-many-api-keys"
    mine = await listed(person)
    assert len(mine) == MAX_KEYS
    await post(stranger, KEYS, **wanted())
    expect(await person.http.delete(f"{KEYS}/{mine[0]['id']}"), 204)
    await post(person, KEYS, **wanted())


async def test_a_key_makes_keys_with_no_more_than_it_holds(
    person: Person, client: httpx.AsyncClient
) -> None:
    own = [Scope.KEYS_MANAGE, Scope.PLANS_READ]
    key = bearer((await post(person, KEYS, **wanted(*own)))["key"])
    body = wanted(Scope.PLANS_READ, Scope.PLANS_WRITE)
    answer = await client.post(KEYS, json=body, headers=key)
    assert finding_of(answer) == ("/scopes/1", "beyond_own")
    made = expect(await client.post(KEYS, json=wanted(Scope.PLANS_READ), headers=key), 201)
    found = await client.get("/v1/recovery-plans", headers=bearer(made["key"]))
    assert found.status_code == 200
    assert code_of(await client.get(KEYS, headers=bearer(made["key"])), 403) == "missing-scope"


async def test_each_owner_has_scopes_that_make_sense(person: Person, database: Database) -> None:
    organization = await make_organization(database)
    await add_member(database, organization, person, OrganizationRole.ADMIN)
    for scope in Scope:
        mine = await person.http.post(KEYS, json=wanted(scope))
        theirs = await person.http.post(KEYS, json=wanted(scope, organization_id=str(organization)))
        for answer, sensible in ((mine, SCOPES_OF_PEOPLE), (theirs, SCOPES_OF_ORGANIZATIONS)):
            if scope in sensible:
                made = expect(answer, 201)
                expect(await person.http.delete(f"{KEYS}/{made['id']}"), 204)
            else:
                assert finding_of(answer) == ("/scopes/0", "not_for_owner")
    assert set(Scope) - SCOPES_OF_PEOPLE == {Scope.ORG_READ, Scope.ORG_WRITE}
    assert set(Scope) - SCOPES_OF_ORGANIZATIONS == {Scope.PROFILE_WRITE, Scope.ACCESS_LOG_READ}


async def test_scopes_are_named_one_by_one(person: Person) -> None:
    for wrong in ([], ["everything"], ["*"], ["plans:read", "plans:read"]):
        answer = await person.http.post(KEYS, json={"name": "Sample backup", "scopes": wrong})
        assert finding_of(answer)[0].startswith("/scopes")
    answer = await person.http.post(KEYS, json={"name": "Sample backup"})
    assert finding_of(answer) == ("/scopes", "missing")


@pytest.mark.parametrize("is_test", [False, True])
async def test_an_organisations_key_acts_for_its_clients_who_agreed(
    person: Person,
    make_person: MakePerson,
    client: httpx.AsyncClient,
    database: Database,
    is_test: bool,
) -> None:
    admin = await make_person()
    organization = await make_organization(database, is_test=is_test)
    await add_member(database, organization, admin, OrganizationRole.ADMIN)
    mine = {"organization_id": str(organization)}
    scopes = (Scope.REJECTIONS_READ, Scope.KEYS_MANAGE)
    made = await post(admin, KEYS, **wanted(*scopes, **mine))
    key = bearer(made.pop("key"))
    assert made["prefix"].startswith("rbk_test_" if is_test else "rbk_live_")
    # It is no key of the admin.
    assert await listed(admin) == []
    assert await listed(admin, **mine) == [made]
    headers = {**key, **on_behalf(person)}
    assert (await client.get("/v1/rejections", headers=headers)).status_code == 404
    await give_grant(database, organization, person)
    assert (await client.get("/v1/rejections", headers=headers)).status_code == 200

    # The program manages the organisation's keys itself, with no more than it holds.
    found = expect(await client.get(KEYS, headers=key), 200)["items"]
    assert [one["id"] for one in found] == [made["id"]]
    answer = await client.post(KEYS, json=wanted(Scope.PLANS_READ), headers=key)
    assert finding_of(answer) == ("/scopes/0", "beyond_own")
    for body in (wanted(), wanted(**mine)):
        second = expect(await client.post(KEYS, json=body, headers=key), 201)
        assert second["prefix"][:9] == made["prefix"][:9]
        expect(await client.delete(f"{KEYS}/{second['id']}", headers=key), 204)
    expect(await admin.http.delete(f"{KEYS}/{made['id']}"), 204)
    assert (await client.get("/v1/rejections", headers=headers)).status_code == 401


async def test_a_key_of_the_other_kind_is_refused(
    person: Person, client: httpx.AsyncClient, database: Database
) -> None:
    """A test key opens no real organisation, and a live key none that is there for trying out."""
    for is_test in (False, True):
        organization = await make_organization(database, is_test=is_test)
        await give_grant(database, organization, person)
        for kind in (tokens.LIVE_KEY, tokens.TEST_KEY):
            key = await make_key(database, organization, kind=kind)
            headers = {**bearer(key), **on_behalf(person)}
            found = await client.get("/v1/rejections", headers=headers)
            assert found.status_code == (200 if is_test == (kind == tokens.TEST_KEY) else 401)
    own = await make_key(database, person.id, kind=tokens.TEST_KEY)
    assert (await client.get("/v1/rejections", headers=bearer(own))).status_code == 401


async def test_only_a_signed_in_admin_or_its_program_manages_an_organisations_keys(
    stranger: Person, make_person: MakePerson, client: httpx.AsyncClient, database: Database
) -> None:
    organization, other = await make_organization(database), await make_organization(database)
    admin, coach, analyst, gone, elsewhere = [await make_person() for _ in range(5)]
    await add_member(database, organization, admin, OrganizationRole.ADMIN)
    await add_member(database, organization, coach)
    await add_member(database, organization, analyst, OrganizationRole.ANALYST)
    await add_member(
        database,
        organization,
        gone,
        OrganizationRole.ADMIN,
        status=MembershipStatus.DEACTIVATED,
    )
    await add_member(database, other, elsewhere, OrganizationRole.ADMIN)
    mine = {"organization_id": str(organization)}
    made = await post(admin, KEYS, **wanted(**mine))
    foreign = bearer(await make_key(database, other))
    own_key = bearer(await make_key(database, admin.id))
    ways: list[tuple[Person, dict[str, str], int, str]] = [
        (coach, {}, 403, "role-missing"),
        (analyst, {}, 403, "role-missing"),
        (gone, {}, 404, "not-found"),
        (elsewhere, {}, 404, "not-found"),
        (stranger, {}, 404, "not-found"),
        (stranger, foreign, 404, "not-found"),
        (admin, own_key, 403, "session-needed"),
    ]
    for who, headers, status, code in ways:
        listing = await who.http.get(KEYS, params=mine, headers=headers)
        assert code_of(listing, status) == code
        making = await who.http.post(KEYS, json=wanted(**mine), headers=headers)
        if code == "not-found":
            assert finding_of(making) == ("/organization_id", "unknown")
        else:
            assert code_of(making, status) == code
        if code != "session-needed":
            revoking = await who.http.delete(f"{KEYS}/{made['id']}", headers=headers)
            assert code_of(revoking, 404) == "not-found"
    nowhere = await admin.http.get(KEYS, params={"organization_id": str(uuid4())})
    assert code_of(nowhere, 404) == "not-found"
    assert [one["id"] for one in await listed(admin, **mine)] == [made["id"]]
    # Taking away is always possible.
    expect(await admin.http.delete(f"{KEYS}/{made['id']}", headers=own_key), 204)


async def test_a_coach_acts_by_a_key_of_their_own_as_by_a_session(
    person: Person, stranger: Person, client: httpx.AsyncClient, database: Database
) -> None:
    organization = await make_organization(database)
    await add_member(database, organization, stranger)
    await give_grant(database, organization, person)
    key = bearer((await post(stranger, KEYS, **wanted()))["key"])
    headers = {**key, **on_behalf(person)}
    assert (await client.get("/v1/rejections", headers=headers)).status_code == 200
    refused = await client.get("/v1/recovery-plans", headers=headers)
    assert code_of(refused, 403) == "missing-scope"


async def test_nobody_manages_keys_for_somebody_else(
    person: Person, stranger: Person, database: Database
) -> None:
    organization = await make_organization(database)
    await add_member(database, organization, stranger)
    await give_grant(database, organization, person)
    key = await post(person, KEYS, **wanted())
    headers = on_behalf(person)
    for answer in (
        await stranger.http.get(KEYS, headers=headers),
        await stranger.http.post(KEYS, json=wanted(), headers=headers),
        await stranger.http.delete(f"{KEYS}/{key['id']}", headers=headers),
    ):
        assert code_of(answer, 403) == "owner-only"


async def test_a_new_password_revokes_the_persons_keys_and_leaves_the_organisations(
    sign_up: SignUp, client: httpx.AsyncClient, database: Database, mails: Mails
) -> None:
    sam = await sign_up()
    organization = await make_organization(database)
    admin = Person(UUID(sam.tokens["account_id"]), sam.tokens["access_token"], client)
    await add_member(database, organization, admin, OrganizationRole.ADMIN)
    theirs = expect(await sam.post(KEYS, wanted(organization_id=str(organization))), 201)["key"]

    async def change() -> None:
        body = {"current_password": PASSWORD, "new_password": "two walks by the river at dawn"}
        expect(await sam.post("/v1/me/password", body), 204)
        sam.password = body["new_password"]

    async def reset() -> None:
        await client.post("/v1/password-resets", json={"email": sam.email})
        token = (await mails.one()).token
        body = {"token": token, "new_password": "three walks by the river at noon"}
        expect(await client.post("/v1/password-reset-confirmations", json=body), 204)
        sam.password = body["new_password"]

    for renew in (change, reset):
        mine = expect(await sam.post(KEYS, wanted()), 201)["key"]
        assert (await client.get("/v1/rejections", headers=bearer(mine))).status_code == 200
        await renew()
        assert "API keys" in (await mails.fresh())[-1].text
        assert (await client.get("/v1/rejections", headers=bearer(mine))).status_code == 401
        # The organisation's program goes on, whoever made its key.
        found = await client.get("/v1/rejections", headers=bearer(theirs))
        assert code_of(found, 403) == "account-not-named"
        await sam.sign_in()
        assert expect(await client.get(KEYS, headers=sam.headers), 200)["items"] == []


async def test_who_deletes_the_account_takes_the_keys_along(
    person: Person, client: httpx.AsyncClient
) -> None:
    key = bearer((await post(person, KEYS, **wanted()))["key"])
    assert (await person.http.delete("/v1/me", headers={"If-Match": "*"})).status_code == 204
    assert (await client.get("/v1/rejections", headers=key)).status_code == 401
