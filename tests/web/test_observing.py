"""Request ids, security headers, and logs that tell nothing of what people write."""

import io
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from app.web.markers import public
from app.web.observing import HSTS, configure_logging
from app.web.routing import Router
from tests.conftest import Person

SECRET = "my diary says"
router = Router(include_in_schema=False)


@router.get("/v1/broken")
@public("a test")
async def get_broken() -> Response:
    raise RuntimeError(SECRET) from ValueError(SECRET)


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_fault_is_logged_by_where_it_happened_and_not_by_what_it_says(
    app: FastAPI, client: httpx.AsyncClient, log: io.StringIO
) -> None:
    app.router.routes.extend(router.routes)
    configure_logging("info", log)
    answer = await client.get(f"/v1/broken?q={SECRET}", headers={"X-Request-Id": "r-1"})
    assert answer.status_code == 422
    answer = await client.get("/v1/broken", headers={"X-Request-Id": "r-2", "User-Agent": SECRET})
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] == "r-2"
    fault = next(line for line in lines(log) if line["event"] == "unexpected")
    assert fault["exception"] == "RuntimeError"
    assert fault["request_id"] == "r-2"
    assert any("test_observing.py" in frame for frame in fault["trace"])
    for word in (SECRET, "diary"):
        assert word not in log.getvalue()
        assert word not in answer.text


async def test_a_request_is_logged_by_its_route_and_never_by_what_it_carries(
    person: Person, log: io.StringIO
) -> None:
    configure_logging("debug", log)
    made = await person.record_rejection(notes=SECRET, company_name="Diary GmbH")
    await person.http.get(f"/v1/rejections/{made['id']}")
    await person.http.get("/v1/rejections", params={"company_name": "Diary"})
    await person.http.get(f"/{SECRET}")
    entries = [line for line in lines(log) if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in entries] == [
        ("POST", "/v1/rejections", 201),
        ("GET", "/v1/rejections/{rejection_id}", 200),
        ("GET", "/v1/rejections", 200),
        ("GET", "none", 404),
    ]
    fields = {"event", "level", "method", "milliseconds", "request_id", "route", "status"}
    assert all(set(line) == {*fields, "timestamp"} for line in entries)
    for word in ("diary", "Diary", person.token, str(person.id)):
        assert word not in log.getvalue()


async def test_a_request_id_is_taken_over_when_it_is_short_and_plain(
    any_client: httpx.AsyncClient,
) -> None:
    for good in ("a", "A-b_c.9", "x" * 64):
        answer = await any_client.get("/healthz", headers={"X-Request-Id": good})
        assert answer.headers["X-Request-Id"] == good
    made = set()
    for bad in ("", "x" * 65, "a b", 'a"b', "a\tb", "{}", "\u00e4"):
        headers = [(b"X-Request-Id", bad.encode())]
        answer = await any_client.get("/healthz", headers=headers)
        assert answer.headers["X-Request-Id"] != bad
        assert len(answer.headers["X-Request-Id"]) == 32
        made.add(answer.headers["X-Request-Id"])
    assert len(made) == 7


@pytest.mark.parametrize(
    ("changed_settings", "hsts"),
    [({}, None), ({"base_url": "https://rebound.example.com"}, HSTS)],
)
async def test_every_answer_carries_the_security_headers(
    client: httpx.AsyncClient, hsts: str | None
) -> None:
    for path in ("/healthz", "/v1/me", "/nowhere", "/openapi.json", "/docs", "/problems"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers.get("Strict-Transport-Security") == hsts
        assert headers["X-Request-Id"]
        assert "Server" not in headers
