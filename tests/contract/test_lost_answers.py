"""Every write whose answer got lost can simply be sent again, and nothing happens twice."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from tests.contract.answers import check_problem, check_success
from tests.contract.document import Operation, operations
from tests.contract.requests import Request, good_request
from tests.contract.scene import Person, Scene
from tests.fixtures.lossy import Fate, each_once, lossy_client, traces, without_chance

REFUSED_AGAIN: Mapping[str, tuple[str, str]] = {
    "create_account": ("email-taken", "The account is there: sign in."),
    "delete_current_session": ("unauthenticated", "This device is signed out."),
    "delete_session": ("unauthenticated", "The session that was ended is the one that asks."),
    "delete_me": ("unauthenticated", "The account is gone."),
    "change_password": ("unauthenticated", "Every session has ended: sign in anew."),
    "verify_email": ("mailed-token-refused", "The token has done its work: sign in or go on."),
    "confirm_password_reset": ("mailed-token-refused", "Sign in with the new password."),
}
"""Writes that refuse their repetition, and what a client that repeats takes that for.

A DELETE of a record need not stand here: 404 says that the record is gone.
"""

STANDS_TWICE: Mapping[str, frozenset[str]] = {
    # Tokens are shown once and stored as hashes, so a lost answer cannot be sent again.
    "create_session": frozenset({"sessions", "access_tokens", "refresh_tokens"}),
    "refresh_session": frozenset({"access_tokens", "refresh_tokens"}),
    "create_email_change": frozenset({"mailed_tokens", "mails"}),
    "create_api_key": frozenset({"api_keys"}),
    # The secret of an endpoint is shown once; one that nobody knows is deleted, or replaced.
    "add_webhook_endpoint": frozenset({"webhook_endpoints"}),
    "rotate_webhook_secret": frozenset(),
}
"""Writes whose answer is a secret, and where their repetition leaves one thing more."""

writes = [one for one in operations() if one.method != "GET"]
creating = [one for one in writes if "Idempotency-Key" in one.parameters("header")]


@pytest.fixture(scope="module")
async def lossy_scenes(scenes: tuple[Scene, ...]) -> AsyncIterator[tuple[Scene, ...]]:
    """The same applications, reached on lines that lose each answer once."""
    async with AsyncExitStack() as stack:
        found = []
        for scene in scenes:
            fates = each_once(Fate.ANSWER_LOST)
            line = await stack.enter_async_context(lossy_client(scene.app, fates))
            found.append(replace(scene, anyone=line.client))
        yield tuple(found)


async def left_by(person: Person, request: Request) -> tuple[httpx.Response, dict[str, list[str]]]:
    """The answer to a request, and what the person and their mails look like then."""
    await person.scene.mails.fresh()
    answer = await person.send(request)
    found = await traces(person.scene.app.state.database, UUID(person.id))
    found["mails"] = [mail.subject for mail in await person.scene.mails.fresh()]
    return answer, found


@pytest.mark.parametrize("operation", writes, ids=lambda one: one.id)
async def test_what_is_sent_again_leaves_what_is_sent_once(
    operation: Operation, scenes: tuple[Scene, ...], lossy_scenes: tuple[Scene, ...]
) -> None:
    for scene, lossy in zip(scenes, lossy_scenes, strict=True):
        lucky, unlucky = await scene.person(), await scene.person()
        answer, wanted = await left_by(lucky, await good_request(operation, lucky))
        check_success(operation, answer)
        request = await good_request(operation, unlucky)
        unlucky.scene = lossy
        again, found = await left_by(unlucky, request)

        different = {name for name in wanted if found[name] != wanted[name]}
        assert different == STANDS_TWICE.get(operation.id, set()), (
            f"{operation}: sent twice because the first answer was lost, it leaves other data in "
            f"{different}. Take an Idempotency-Key, or say in tests/contract/test_lost_answers.py "
            "why that does no harm."
        )
        for name in different:
            assert len(found[name]) <= 2 * len(wanted[name])
        if operation.id in REFUSED_AGAIN:
            problem = check_problem(operation, again, "again")
            assert problem["type"] == f"/problems/{REFUSED_AGAIN[operation.id][0]}"
        elif operation.method == "DELETE" and operation.parameters("path"):
            assert check_problem(operation, again, "again")["type"] == "/problems/not-found"
        else:
            check_success(operation, again)
            assert again.status_code == answer.status_code
            if operation.id not in STANDS_TWICE:
                assert without_chance(again.text) == without_chance(answer.text)


@pytest.mark.parametrize("operation", creating, ids=lambda one: one.id)
async def test_a_key_or_an_id_of_its_own_is_enough_to_create_once(
    operation: Operation, scenes: tuple[Scene, ...], lossy_scenes: tuple[Scene, ...]
) -> None:
    for scene, lossy in zip(scenes, lossy_scenes, strict=True):
        for kept in ("a key", "an id"):
            lucky, unlucky = await scene.person(), await scene.person()
            answers = []
            for person, line in ((lucky, scene), (unlucky, lossy)):
                request = await good_request(operation, person)
                if request.body is None:
                    pass
                elif kept == "a key":
                    body = {name: value for name, value in request.body.items() if name != "id"}
                    request = replace(request, body=body)
                elif "id" in request.body:
                    request = request.with_headers(Idempotency_Key=None)
                person.scene = line
                answers.append(await left_by(person, request))
            (answer, wanted), (again, found) = answers
            assert found == wanted, f"{operation} with {kept} only"
            check_success(operation, again)
            assert without_chance(again.text) == without_chance(answer.text)


def test_the_exceptions_name_operations_of_the_contract() -> None:
    assert {*REFUSED_AGAIN, *STANDS_TWICE} <= {one.id for one in writes}
