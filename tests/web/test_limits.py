"""How much a request may weigh, counted on the bytes that arrive."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.web.limits import MAX_BODY_BYTES, MAX_HEADER_BYTES
from tests.conftest import Person

JSON = {"Content-Type": "application/json"}


def body_of(size: int) -> bytes:
    frame = b'{"company_name": "Example GmbH", "stage": "offer"}'
    return frame + b" " * (size - len(frame))


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def test_a_body_may_have_a_mebibyte_and_not_a_byte_more(person: Person) -> None:
    for content in (body_of(MAX_BODY_BYTES), in_pieces(body_of(MAX_BODY_BYTES))):
        stored = await person.http.post("/v1/rejections", content=content, headers=JSON)
        assert stored.status_code == 201
    large = body_of(MAX_BODY_BYTES + 1)
    for content in (large, in_pieces(large)):
        refused = await person.http.post("/v1/rejections", content=content, headers=JSON)
        assert refused.status_code == 413
        assert refused.json()["type"] == "/problems/too-large"
        assert refused.headers["Connection"] == "close"
    assert len((await person.http.get("/v1/rejections")).json()["items"]) == 2


@pytest.mark.parametrize("announced", [None, b"10", b"0", b"nonsense"])
async def test_what_the_body_claims_to_weigh_does_not_count(
    any_app: FastAPI, announced: bytes | None
) -> None:
    sent: list[Any] = []
    pieces = 0

    async def receive() -> dict[str, Any]:
        nonlocal pieces
        pieces += 1
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    if announced is not None:
        headers.append((b"content-length", announced))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/rejections",
        "raw_path": b"/v1/rejections",
        "query_string": b"",
        "headers": headers,
        "client": ("192.0.2.1", 1),
        "server": ("rebound.test", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    await any_app(scope, receive, send)
    assert sent[0]["status"] == 413
    assert pieces == MAX_BODY_BYTES // 65_536 + 1


async def test_a_body_that_announces_too_much_is_not_read_at_all(any_app: FastAPI) -> None:
    async def never() -> AsyncIterator[bytes]:
        pytest.fail("nobody should read this")
        yield b""  # type: ignore[unreachable]  # makes it a generator

    transport = httpx.ASGITransport(any_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as client:
        headers = {**JSON, "Content-Length": str(MAX_BODY_BYTES + 1)}
        refused = await client.post("/v1/rejections", content=never(), headers=headers)
    assert refused.status_code == 413


@pytest.mark.parametrize("where", ["header", "many", "query", "path"])
async def test_headers_and_address_have_a_limit_together(
    any_client: httpx.AsyncClient, where: str
) -> None:
    long = "x" * MAX_HEADER_BYTES
    headers, path = {}, "/v1/vocabularies"
    if where == "header":
        headers = {"X-Long": long}
    elif where == "many":
        headers = {f"X-{number}": "x" * 100 for number in range(170)}
    elif where == "query":
        path += f"?q={long}"
    else:
        path += f"/{long}"
    refused = await any_client.get(path, headers=headers)
    assert refused.status_code == 431
    assert refused.json()["type"] == "/problems/headers-too-large"
    assert ("xxx" in refused.text) == (where == "path")  # as the `instance`
    assert (await any_client.get("/v1/vocabularies", headers={"X-Long": long[:9000]})).is_success


async def test_thirty_three_levels_are_one_too_many(person: Person) -> None:
    for depth, status in ((31, 422), (32, 400)):
        nested: Any = 0
        for _ in range(depth):
            nested = [nested]
        body = json.dumps({"company_name": nested}).encode()
        refused = await person.http.post("/v1/rejections", content=body, headers=JSON)
        assert refused.status_code == status
