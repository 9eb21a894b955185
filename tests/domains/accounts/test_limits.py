"""Guessing passwords is slow for everyone, and locks nobody out of their own account."""

import asyncio
from datetime import timedelta

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.models import SignInAttempt
from app.domains.accounts.service import purge_sign_in_attempts
from app.kit.clock import SetClock
from tests.domains.accounts.conftest import PASSWORD, SignUp, from_address, sign_in

WRONG = "not the right one at all"


async def fail(http: httpx.AsyncClient, email: str = "sam@example.com") -> int:
    return (await sign_in(http, email, WRONG)).status_code


async def test_after_five_wrong_passwords_even_the_right_one_waits(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock
) -> None:
    await sign_up()
    assert [await fail(client) for _ in range(6)] == [401] * 5 + [429]
    clock.advance(timedelta(minutes=5))
    answer = await sign_in(client, "sam@example.com", PASSWORD)
    assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-sign-ins")
    assert answer.headers["Retry-After"] == "600"
    clock.advance(timedelta(seconds=600))
    assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 201


async def test_unknown_addresses_are_limited_alike(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    await sign_up()
    for _ in range(5):
        await fail(client)
        await fail(client, "kim@example.com")
    known = await sign_in(client, "sam@example.com", WRONG)
    unknown = await sign_in(client, "kim@example.com", WRONG)
    assert known.status_code == 429
    assert known.content == unknown.content
    assert known.headers["Retry-After"] == unknown.headers["Retry-After"]


async def test_guesses_side_by_side_get_no_more_answers(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    await sign_up()
    statuses = await asyncio.gather(*(fail(client) for _ in range(12)))
    assert sorted(statuses) == [401] * 5 + [429] * 7


async def test_one_address_gets_twenty_failures_over_all_accounts(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    statuses = [await fail(client, f"person{n // 4}@example.com") for n in range(21)]
    assert statuses == [401] * 20 + [429]
    async with from_address(app, "198.51.100.7") as elsewhere:
        assert await fail(elsewhere, "person5@example.com") == 401


async def test_an_ipv6_network_counts_as_one_address(app: FastAPI) -> None:
    statuses = []
    for n in range(6):
        async with from_address(app, f"2001:db8:1:2::{n + 1:x}") as http:
            statuses.append(await fail(http))
    assert statuses == [401] * 5 + [429]
    async with from_address(app, "2001:db8:1:3::1") as neighbour:
        assert await fail(neighbour) == 401


async def test_strangers_cannot_lock_the_owner_out(
    client: httpx.AsyncClient, sign_up: SignUp, app: FastAPI
) -> None:
    await sign_up()
    for n in range(10):
        async with from_address(app, f"198.51.100.{n}") as attacker:
            assert [await fail(attacker) for _ in range(5)] == [401] * 5
    # Fifty failures within the hour: an address that never succeeded has one attempt left ...
    async with from_address(app, "203.0.113.9") as newcomer:
        assert [await fail(newcomer) for _ in range(2)] == [401, 429]
    # ... the one that did has its five, and the owner gets in from a new one as well.
    assert [await fail(client) for _ in range(4)] == [401] * 4
    assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 201
    async with from_address(app, "203.0.113.10") as hotel:
        assert (await sign_in(hotel, "sam@example.com", PASSWORD)).status_code == 201


async def test_a_success_forgives_the_slips_before_it(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    await sign_up()
    for _ in range(2):
        assert [await fail(client) for _ in range(4)] == [401] * 4
        assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 201


async def test_only_keyed_digests_are_stored(client: httpx.AsyncClient, database: Database) -> None:
    await fail(client)
    async with database.read(everyone=True) as transaction:
        (row,) = (await transaction.execute(select(table_of(SignInAttempt)))).all()
    assert (len(row.email_digest), len(row.address_digest)) == (16, 16)
    assert not row.succeeded


async def test_attempts_are_purged_when_they_no_longer_count(
    client: httpx.AsyncClient, sign_up: SignUp, database: Database, clock: SetClock
) -> None:
    async def outcomes() -> list[bool]:
        async with database.read(everyone=True) as transaction:
            rows = await transaction.execute(select(table_of(SignInAttempt).c.succeeded))
            return sorted(rows.scalars())

    await sign_up()
    await fail(client)
    await purge_sign_in_attempts(database)
    assert await outcomes() == [False, True]
    clock.advance(timedelta(hours=1, seconds=1))
    await purge_sign_in_attempts(database)
    assert await outcomes() == [True]
    clock.advance(timedelta(days=90))
    await purge_sign_in_attempts(database)
    assert await outcomes() == []


async def test_a_signed_in_person_cannot_guess_their_way_to_the_password_either(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    body = {"current_password": WRONG, "new_password": "another walk along the river"}
    answers = [await account.post("/v1/me/password", body) for _ in range(6)]
    assert [a.status_code for a in answers] == [403] * 5 + [429]
    assert answers[0].json()["type"] == "/problems/wrong-password"
    assert (await sign_in(client, account.email, PASSWORD)).status_code == 429
