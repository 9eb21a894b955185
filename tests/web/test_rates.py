"""Rate limits by credential and by address, told on every answer."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import MakePerson, Person

LIMITS = {"rate_limits": "on", "rate_limit_per_minute": 5, "address_limit_per_minute": 12}
STATE = re.compile(r'"(credential|address)";r=(\d+);t=(\d+)')


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    return LIMITS


def at(app: FastAPI, address: str, token: str | None = None) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 50_000))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=transport, base_url="http://rebound.test", headers=headers)


async def test_every_answer_tells_the_limits_and_what_is_left(
    client: httpx.AsyncClient, person: Person
) -> None:
    for answer, policy in (
        (await client.get("/v1/vocabularies"), "address"),
        (await client.get("/nowhere"), "address"),
        (await client.post("/v1/rejections"), "address"),
        (await person.http.get("/v1/me"), "credential"),
        (await person.http.post("/v1/rejections", json={}), "credential"),
    ):
        assert answer.headers["RateLimit-Policy"] == '"credential";q=5;w=60, "address";q=12;w=60'
        found = STATE.fullmatch(answer.headers["RateLimit"])
        assert found is not None
        assert found[1] == policy
        assert 1 <= int(found[3]) <= 60
    assert answer.headers["RateLimit"].startswith('"credential";r=3;')


async def test_a_credential_that_asks_too_often_waits_and_others_do_not(
    make_person: MakePerson,
) -> None:
    busy, calm = await make_person(), await make_person()
    for left in (4, 3, 2, 1, 0):
        answer = await busy.http.get("/v1/me")
        assert answer.status_code == 200
        assert answer.headers["RateLimit"].startswith(f'"credential";r={left};')
    refused = await busy.http.get("/v1/me")
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"] == f'"credential";r=0;t={refused.headers["Retry-After"]}'
    assert refused.headers["X-Request-Id"]
    assert (await calm.http.get("/v1/me")).status_code == 200


async def test_a_credential_is_counted_wherever_it_calls_from(app: FastAPI, person: Person) -> None:
    statuses = []
    for number in range(6):
        async with at(app, f"192.0.2.{number}", person.token) as client:
            statuses.append((await client.get("/v1/me")).status_code)
    assert statuses == [200] * 5 + [429]


async def test_inventing_tokens_does_not_help(app: FastAPI) -> None:
    answers = []
    for number in range(13):
        async with at(app, "192.0.2.1", f"rba_invented{number}") as client:
            answers.append(await client.get("/v1/me"))
    assert [answer.status_code for answer in answers] == [401] * 12 + [429]
    assert answers[-1].headers["RateLimit"].startswith('"address";r=0;')
    async with at(app, "192.0.2.2") as elsewhere:
        assert (await elsewhere.get("/v1/vocabularies")).status_code == 200


async def test_probes_of_health_are_never_limited(client: httpx.AsyncClient) -> None:
    for _ in range(15):
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
    assert (await client.get("/v1/vocabularies")).status_code == 200
