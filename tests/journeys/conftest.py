"""Lives each story of the table of practices again with one of its operations taken away."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.kit.problems import NotFound
from app.web.problems import respond
from app.web.routing import Route
from tests.conftest import ENGINES
from tests.journeys.practices import needed_by


class NeverMissed(Exception):  # noqa: N818 -- says what is wrong, and is caught by nothing.
    """A story did not ask for an operation that was taken away from it."""


WAYS_TO_FAIL = (AssertionError, LookupError, ValueError)
"""How a story fails whose operation is gone; everything else is a fault of the test."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Once whole, and once without each operation of its row, which has to fail."""
    module, story = metafunc.module.__file__.rpartition("/")[2], metafunc.function.__name__
    operations = needed_by(module, story)
    if not operations:
        return
    gone = pytest.mark.xfail(strict=True, raises=WAYS_TO_FAIL, reason="an operation is gone")
    metafunc.parametrize(
        "taken_away",
        [None, *(pytest.param(one, marks=(gone, pytest.mark.thorough)) for one in operations)],
        ids=["whole", *(f"without {operation}" for operation in operations)],
        indirect=True,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is missing over HTTP is missing on any database: one engine is enough for that."""
    items[:] = [item for item in items if not _is_idle(item)]


def _is_idle(item: pytest.Item) -> bool:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return bool(parameters.get("taken_away")) and parameters.get("database_url") != ENGINES[0]


@pytest.fixture
def taken_away(request: pytest.FixtureRequest) -> str | None:
    """The operation that the application lacks, if any."""
    found: str | None = getattr(request, "param", None)
    return found


@pytest.fixture(autouse=True)
def _take_away(
    request: pytest.FixtureRequest, taken_away: str | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    if taken_away is None:
        yield
        return
    app: FastAPI = request.getfixturevalue("app")
    asked = []

    async def absent(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await respond(NotFound(), scope["path"])(scope, receive, send)

    (route,) = [r for r in app.routes if isinstance(r, Route) and r.operation == taken_away]
    monkeypatch.setattr(route, "app", absent)
    yield
    if not asked:
        raise NeverMissed(taken_away)
