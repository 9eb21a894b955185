"""Addresses, methods and media types: what is not there is said as a problem."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.web.routing import Route
from tests.conftest import Person

PROBLEM = "application/problem+json"


def check_problem(answer: httpx.Response, status: int, code: str, path: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["instance"] == path
    assert body["title"]


async def test_what_is_not_there_is_a_problem(person: Person) -> None:
    for path in (
        "/nowhere",
        "/v1",
        "/v1/rejections/",
        f"/v1/rejections/{uuid4()}/",
        "/v1/rejections//timeline",
        "/v2/rejections",
        "/V1/rejections",
        f"/v1/rejections/{uuid4()}",
        f"/v1/rejections/{uuid4()}/timeline",
    ):
        check_problem(await person.http.get(path), 404, "not-found", path)
    missing = f"/v1/rejections/{uuid4()}"
    any_revision = {"If-Match": "*"}
    changed = await person.http.patch(missing, json={"notes": "x"}, headers=any_revision)
    check_problem(changed, 404, "not-found", missing)
    check_problem(
        await person.http.delete(missing, headers=any_revision), 404, "not-found", missing
    )


async def test_an_address_tells_every_method_it_knows(any_client: httpx.AsyncClient) -> None:
    one = f"/v1/rejections/{uuid4()}"
    for method, path, allowed in (
        ("PUT", one, "DELETE, GET, HEAD, PATCH"),
        ("POST", one, "DELETE, GET, HEAD, PATCH"),
        ("OPTIONS", "/v1/rejections", "GET, HEAD, POST"),
        ("PATCH", "/v1/rejections", "GET, HEAD, POST"),
        ("GET", "/v1/sessions/current", "DELETE"),
        ("HEAD", "/v1/password-resets", "POST"),
        ("PURGE", "/v1/me", "DELETE, GET, HEAD, PATCH"),
        ("POST", "/healthz", "GET, HEAD"),
    ):
        answer = await any_client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == allowed, (method, path)
        if method != "HEAD":
            check_problem(answer, 405, "method-not-allowed", path)


def test_wherever_an_address_is_read_it_knows_head(any_app: FastAPI) -> None:
    reading = [r for r in any_app.router.routes if "GET" in getattr(r, "methods", ())]
    assert reading
    assert all(isinstance(route, Route) for route in reading)


async def test_head_has_the_headers_of_get(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    for path in (at, "/v1/rejections", "/v1/me", "/healthz", "/v1/vocabularies", "/openapi.json"):
        told, read = await person.http.head(path), await person.http.get(path)
        assert told.status_code == read.status_code == 200
        varying = {"x-request-id"}
        headers = [
            {name: value for name, value in answer.headers.items() if name not in varying}
            for answer in (told, read)
        ]
        assert headers[0] == headers[1], path


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("application/*;q=0.1", 200),
        ("text/html, */*;q=0.8", 200),
        ("application/json; charset=utf-8", 200),
        ("APPLICATION/JSON", 200),
        ("", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0.000, text/html", 406),
        ("application/xml, text/*", 406),
    ],
)
async def test_only_who_can_read_json_is_answered(
    any_client: httpx.AsyncClient, accept: str, status: int
) -> None:
    answer = await any_client.get("/healthz", headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        check_problem(answer, 406, "not-acceptable", "/healthz")


async def test_only_json_in_utf_8_without_encoding_is_read(person: Person) -> None:
    raw = b'{"company_name": "Example GmbH", "stage": "offer"}'
    cases: list[tuple[dict[str, str], int]] = [
        ({"Content-Type": "application/json"}, 201),
        ({"Content-Type": 'Application/JSON; charset="UTF-8"'}, 201),
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/merge-patch+json"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
    ]
    for headers, status in cases:
        answer = await person.http.post("/v1/rejections", content=raw, headers=headers)
        assert answer.status_code == status, headers
        if status == 415:
            check_problem(answer, 415, "unsupported-media-type", "/v1/rejections")
    assert len((await person.http.get("/v1/rejections")).json()["items"]) == 2


async def test_nothing_that_was_sent_is_passed_over_in_silence(person: Person) -> None:
    rejection = await person.record_rejection()
    at = f"/v1/rejections/{rejection['id']}"
    cases: list[tuple[str, str, dict[str, Any], str]] = [
        ("GET", "/v1/rejections?colour=vermilion", {}, "query.colour"),
        ("GET", "/v1/rejections?limit=1&limit=2", {}, "query.limit"),
        ("GET", "/v1/rejections?limit=0", {}, "query.limit"),
        ("GET", "/v1/rejections?limit=101", {}, "query.limit"),
        ("GET", "/v1/rejections?limit=1e1", {}, "query.limit"),
        ("GET", "/v1/rejections?sort=company_name", {}, "query.sort"),
        ("GET", f"{at}?colour=vermilion", {}, "query.colour"),
        ("GET", at, {"content": b"{}"}, ""),
        ("POST", "/v1/rejections?dry_run=1", {"json": {}}, "query.dry_run"),
        ("PATCH", at, {"json": {"colour": "vermilion"}, "headers": {"If-Match": "*"}}, "/colour"),
        ("GET", "/v1/rejections/not-an-id", {}, "path.rejection_id"),
    ]
    for method, path, given, pointer in cases:
        refused = await person.http.request(method, path, **given)
        assert refused.status_code == 422, (method, path)
        assert pointer in {error["pointer"] for error in refused.json()["errors"]}, path
        assert "vermilion" not in refused.text


async def test_a_literal_address_is_not_taken_for_an_id(person: Person) -> None:
    refused = await person.http.delete("/v1/sessions/refresh")
    check_problem(refused, 405, "method-not-allowed", "/v1/sessions/refresh")
    assert refused.headers["Allow"] == "POST"
