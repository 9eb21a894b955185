"""What an operation must declare before it comes into being."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI

from app.auth.caller import Service
from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.web.markers import public
from app.web.routing import Route, Router

Reader = Annotated[Service, Guard(Service, Scope.PLANS_READ)]
Writer = Annotated[Service, Guard(Service, Scope.PLANS_WRITE)]


def test_every_operation_declares_who_may_call_it(any_app: FastAPI) -> None:
    open_to_all = {
        "create_account",
        "create_session",
        "refresh_session",
        "verify_email",
        "create_password_reset",
        "confirm_password_reset",
        "list_support_resources",
        "list_event_types",
        "list_vocabularies",
        "get_health",
        "get_readiness",
    }
    found = set()
    for route in any_app.router.routes:
        assert isinstance(route, Route), route
        assert (route.guard is None) != (route.public_reason is None)
        if route.public_reason is not None:
            assert len(route.public_reason) > 10 or not route.include_in_schema
            if route.include_in_schema:
                found.add(route.operation)
    assert found == open_to_all


def test_every_scope_is_asked_for_by_some_operation(any_app: FastAPI) -> None:
    asked = {r.guard.scope_name for r in any_app.router.routes if isinstance(r, Route) and r.guard}
    assert asked == {str(scope) for scope in Scope}


def test_an_operation_that_declares_nothing_or_too_much_does_not_come_into_being() -> None:
    async def nobody() -> None: ...
    async def both(service: Reader) -> None: ...
    async def two(reader: Reader, writer: Writer) -> None: ...
    def blocking(service: Reader) -> None: ...

    attempts: list[tuple[Any, str]] = [
        (nobody, "declare a guard parameter or @public"),
        (public("everyone")(both), "one of them"),
        (two, "one guard is enough"),
        (blocking, "async def"),
    ]
    for endpoint, complaint in attempts:
        with pytest.raises(TypeError, match=complaint):
            Router().add_api_route("/v1/x", endpoint)
        with pytest.raises(TypeError, match=complaint):
            Router().get("/v1/x")(endpoint)
    sound = Router()
    sound.add_api_route("/v1/x", public("everyone")(nobody))
    assert len(sound.routes) == 1


def test_a_body_is_exactly_one_schema() -> None:
    async def loose(body: dict[str, Any], service: Reader) -> None: ...
    async def listed(body: list[int], service: Reader) -> None: ...

    for endpoint in (loose, listed):
        with pytest.raises(TypeError, match="exactly one schema"):
            Router().add_api_route("/v1/x", endpoint, methods=["POST"])
