"""Browsers may call from the origins that are allowed, and from no other."""

import httpx
import pytest

from tests.conftest import Person

FRIEND, FOE = "https://app.example.com", "https://foe.example.com"

only_the_friend = pytest.mark.parametrize("changed_settings", [{"cors_origins": (FRIEND,)}])


def preflight(origin: str, method: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, if-match, idempotency-key",
    }


@only_the_friend
async def test_an_allowed_origin_may_call_and_read_the_headers(
    client: httpx.AsyncClient, person: Person
) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE"):
        asked = await client.options("/v1/rejections", headers=preflight(FRIEND, method))
        assert asked.status_code == 200
        assert asked.headers["Access-Control-Allow-Origin"] == FRIEND
        assert method in asked.headers["Access-Control-Allow-Methods"]
        allowed = asked.headers["Access-Control-Allow-Headers"].lower()
        assert all(name in allowed for name in ("authorization", "if-match", "idempotency-key"))
        assert "Access-Control-Allow-Credentials" not in asked.headers
    for answer in (
        await person.http.get("/v1/rejections", headers={"Origin": FRIEND}),
        await client.get("/v1/rejections", headers={"Origin": FRIEND}),
        await client.get("/nowhere", headers={"Origin": FRIEND}),
    ):
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        assert "Origin" in answer.headers["Vary"]
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        wanted = {"ETag", "Location", "Link", "RateLimit", "Retry-After", "X-Request-Id"}
        assert wanted <= exposed


@only_the_friend
async def test_a_foreign_origin_gets_nothing(client: httpx.AsyncClient) -> None:
    asked = await client.options("/v1/rejections", headers=preflight(FOE, "GET"))
    assert asked.status_code == 400
    assert "Access-Control-Allow-Origin" not in asked.headers
    for origin in (FOE, "null", f"{FRIEND}.foe.example.com", "http://app.example.com"):
        answer = await client.get("/healthz", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_without_the_setting_nobody_is_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/healthz", headers={"Origin": FRIEND})
    asked = await client.options("/healthz", headers=preflight(FRIEND, "GET"))
    assert asked.status_code == 405
    for headers in (answer.headers, asked.headers):
        assert not [name for name in headers if name.startswith("access-control")]
