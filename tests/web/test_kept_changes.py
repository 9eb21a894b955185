"""Some refusals state facts of their own, which stay although the request failed."""

from typing import Any

import httpx
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from app.auth.models import AccessToken, RefreshToken, Session
from app.auth.passwords import Passwords
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.models import SignInAttempt

ACCOUNT = {"email": "mira@example.com", "password": "a lamp beside the window"}


@pytest.fixture(autouse=True)
def cheap_hashes(database: Database) -> None:
    database.collaborators[Passwords] = Passwords(
        1, hasher=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    )


async def rows_of(database: Database, model: Any) -> list[Any]:
    async with database.read(everyone=True) as transaction:
        return list((await transaction.execute(select(table_of(model)))).all())


async def test_a_failed_sign_in_is_counted_although_its_request_failed(
    client: httpx.AsyncClient, database: Database
) -> None:
    assert (await client.post("/v1/accounts", json=ACCOUNT)).status_code == 201
    for email in (ACCOUNT["email"], "nobody@example.com"):
        body = {"email": email, "password": "not the one that was set"}
        assert (await client.post("/v1/sessions", json=body)).status_code == 401
    attempts = await rows_of(database, SignInAttempt)
    assert [attempt.succeeded for attempt in attempts] == [False, False]
    assert len({attempt.email_digest for attempt in attempts}) == 2
    assert await rows_of(database, Session) == []


async def test_a_refresh_token_that_comes_back_ends_its_session_although_it_is_refused(
    client: httpx.AsyncClient, database: Database
) -> None:
    await client.post("/v1/accounts", json=ACCOUNT)
    first = (await client.post("/v1/sessions", json=ACCOUNT)).json()
    stolen = {"refresh_token": first["refresh_token"]}
    second = (await client.post("/v1/sessions/refresh", json=stolen)).json()
    used = {"refresh_token": second["refresh_token"]}
    assert (await client.post("/v1/sessions/refresh", json=used)).status_code == 200

    refused = await client.post("/v1/sessions/refresh", json=stolen)
    assert refused.status_code == 401
    for model in (Session, AccessToken, RefreshToken):
        assert await rows_of(database, model) == [], model
    mine = {"Authorization": f"Bearer {second['access_token']}"}
    assert (await client.get("/v1/me", headers=mine)).status_code == 401
