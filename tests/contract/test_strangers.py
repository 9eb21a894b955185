"""What one asks for in one's own name holds nothing of others, and refers to nothing of theirs.

Who is refused, and what they learn by it, is shown by the matrix (`test_matrix.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import pytest

from app.web.routing import Route
from tests.contract.answers import check_problem, check_success, seen
from tests.contract.document import (
    Json,
    Operation,
    by_id,
    collection_of,
    operations,
    plain,
    references,
)
from tests.contract.requests import Request, good_request
from tests.contract.scene import Scene

PUBLIC: Mapping[str, str] = {
    "create_account": "Whoever signs up has no account yet.",
    "create_session": "Whoever signs in has no token yet.",
    "refresh_session": "The refresh token is the credential.",
    "verify_email": "The mailed token is the credential.",
    "create_password_reset": "Whoever forgot the password cannot sign in.",
    "confirm_password_reset": "The mailed token is the credential.",
    "list_support_resources": "nobody needs an account to find help",
    "get_health": "a load balancer has no account; it learns nothing but that the process answers",
    "get_readiness": "a load balancer has no account; it learns nothing but ready or not",
    "list_vocabularies": "labels are the same for everyone",
    "list_event_types": "the words are the same for everyone",
}
PUBLIC_PAGES = {
    "/openapi.json",
    "/",
    "/docs",
    "/docs/config.json",
    "/docs/static/{name}",
    "/favicon.ico",
    "/problems",
    "/problems/{code}",
}
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WITHOUT_RECORDS = {"list_plan_templates", "list_questions", "list_reflection_prompts"}
"""Guarded lists that show nothing of a person's own."""

INSTEAD = frozenset(
    {
        ("start_recovery_plan", "plan_template_id", "template_key"),
        ("assign_steps", "plan_template_id", "step"),
    }
)
"""References that take the place of another field."""

ANSWERED_ONE_BY_ONE = ("assign_steps", "account_ids")
"""Each person gets an outcome of their own, and who is not there is told by it."""

guarded = [one for one in operations() if not one.is_public]
named = [one for one in guarded if one.parameters("path")]


def _fields(operation: Operation) -> Json:
    """The fields of an operation's usual answer."""
    content = operation.says["responses"][str(operation.success)].get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    found: Json = plain(schema).get("properties", {})
    return found


figures = [one for one in guarded if "sample_size" in _fields(one)]
"""Those that count records, and need show none."""


def pointing(request: Request, place: str, name: str, record_id: str) -> Request:
    """The same request with another id in one place."""
    if place == "path":
        return replace(request, path={**request.path, name: record_id})
    if place == "query":
        return request.asking(name, record_id)
    value = [record_id] if isinstance(request.body[name], list) else record_id
    return replace(request, body={**request.body, name: value})


async def test_these_operations_are_public_and_no_others(scenes: tuple[Scene, ...]) -> None:
    assert {one.id for one in operations() if one.is_public} == set(PUBLIC)
    routes = [route for route in scenes[0].app.router.routes if isinstance(route, Route)]
    reasons = {r.operation: r.public_reason for r in routes if r.include_in_schema and not r.guard}
    assert reasons == PUBLIC
    hidden = [route for route in routes if not route.include_in_schema]
    assert {route.path_format for route in hidden} == PUBLIC_PAGES
    assert all(route.public_reason for route in hidden)
    assert len(routes) == len(scenes[0].app.router.routes)


@pytest.mark.parametrize(
    ("operation", "place", "name"),
    [
        (one, *reference)
        for one in guarded
        for reference in references(one)
        if (one.id, reference[1]) != ANSWERED_ONE_BY_ONE
    ],
    ids=lambda part: getattr(part, "id", part),
)
async def test_no_reference_reaches_the_record_of_another(
    operation: Operation, place: str, name: str, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        owner, stranger = await scene.person(), await scene.person()
        foreign = await owner.make(collection_of(name), name)
        good = request = await good_request(operation, stranger)
        if request.body is not None:
            body = {k: v for k, v in request.body.items() if (operation.id, name, k) not in INSTEAD}
            request = replace(request, body=body)
        before = await scene.stored(owner, stranger)
        reaching = await stranger.send(pointing(request, place, name, foreign))
        guessing = await stranger.send(pointing(request, place, name, str(uuid4())))
        assert seen(reaching) == seen(guessing)
        if place == "query":
            shown = "sample_size" if operation in figures else "items"
            assert reaching.status_code == 200
            assert not reaching.json()[shown]
        else:
            problem = check_problem(operation, reaching, f"/{name} of another")
            found = [(one["pointer"], one["code"]) for one in problem["errors"]]
            assert found == [(f"/{name}", "unknown")]
        assert await scene.stored(owner, stranger) == before
        check_success(operation, await stranger.send(good))


async def test_steps_are_assigned_to_nobody_elses_clients(scenes: tuple[Scene, ...]) -> None:
    operation = by_id(ANSWERED_ONE_BY_ONE[0])
    for scene in scenes:
        owner, stranger = await scene.person(), await scene.person()
        foreign, nobody = await owner.make(None, "account_id"), str(uuid4())
        request = await good_request(operation, stranger)
        before = await scene.stored(owner, stranger)
        answer = await stranger.send(
            replace(request, body={**request.body, "account_ids": [foreign, nobody]})
        )
        outcomes = answer.json()["items"]
        assert [one.pop("account_id") for one in outcomes] == [foreign, nobody]
        assert outcomes[0] == outcomes[1]
        after = await scene.stored(owner, stranger)
        assert {name for name in before if before[name] != after[name]} == {"idempotency_answers"}


@pytest.mark.parametrize(
    "operation",
    [one for one in guarded if "id" in (one.body or {}).get("properties", {})],
    ids=lambda one: one.id,
)
async def test_an_id_that_another_has_used_is_free(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        owner, stranger = await scene.person(), await scene.person()
        request = await good_request(operation, owner)
        check_success(operation, await owner.send(request))
        before = await scene.rows_of(owner)
        theirs = await good_request(operation, stranger)
        body = {**theirs.body, "id": request.body["id"]}
        answer = await stranger.send(replace(theirs, body=body))
        check_success(operation, answer)
        assert answer.status_code == 201
        assert await scene.rows_of(owner) == before


@pytest.mark.parametrize(
    "operation",
    [one for one in guarded if one.method == "GET" and one not in (*named, *figures)],
    ids=lambda one: one.id,
)
async def test_a_list_shows_only_what_is_ones_own(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        owner, stranger = await scene.person(), await scene.person()
        await owner.stock()
        await stranger.stock()
        mine, theirs = [
            await one.send((await good_request(operation, one)).unfiltered())
            for one in (owner, stranger)
        ]
        check_success(operation, theirs)
        shown = set(UUID.findall(mine.text))
        assert bool(shown) != (operation.id in WITHOUT_RECORDS), mine.text
        assert not shown & set(UUID.findall(theirs.text))


@pytest.mark.parametrize("operation", figures, ids=lambda one: one.id)
async def test_figures_count_only_what_is_ones_own(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        owner, stranger = await scene.person(), await scene.person()
        await owner.stock()
        mine = await owner.send(Request(operation))
        theirs = await stranger.send(Request(operation))
        check_success(operation, theirs)
        assert mine.json()["sample_size"] > 0
        assert theirs.json()["sample_size"] == 0
        assert not UUID.findall(theirs.text)
        assert not re.search(r'"(count|of)":[1-9]', theirs.text)
