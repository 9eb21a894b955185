"""A room that is not like the others fails the gates, in words that name its operation."""

from typing import Annotated, Any, ClassVar

import httpx
import pytest
from pydantic import BaseModel, Field

from app import main
from app.kit.fields import Id, Line
from app.kit.problems import Problem
from app.kit.schemas import Examples, Record, Request
from app.main import create_app
from app.settings import Settings
from app.web.implied import UndocumentedProblem
from app.web.markers import manners, public
from app.web.routing import Router
from tests.contract.document import Json
from tests.contract.gates import remarks

Name = Annotated[str, Line(80)]


class SeatTakenError(Problem):
    status, code, title = 409, "sample-seat-taken", "This seat is taken"
    explanation = "It exists in this test only."


class SeatCreate(Request):
    """A seat to keep."""

    examples: ClassVar[Examples] = {"By name": {"name": "Window"}}

    name: Name


class Seat(Record):
    """A kept seat."""

    name: Name


class BareCreate(Request):
    """A request that shows nobody what to send."""

    name: Name


class Note(BaseModel):
    """An answer whose text nobody can make up."""

    text: Name


class WideCreate(Request):
    """A request that takes a text of any length."""

    examples: ClassVar[Examples] = {"By name": {"name": "Window"}}

    name: str


def _contract_with(router: Router, monkeypatch: pytest.MonkeyPatch) -> Json:
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, router))
    main.specification.cache_clear()
    try:
        return main.specification()
    finally:
        main.specification.cache_clear()


def _room(schema: type[Request], *problems: type[Problem]) -> Router:
    """A room with one operation that keeps a seat and one that shows it."""
    router = Router(prefix="/v1/seats", tags=["Service"])

    @router.post("", status_code=201, summary="Keep a seat")
    @manners(problems=problems)
    @public("only a test asks")
    async def keep_seat(body: schema) -> Seat:  # type: ignore[valid-type]  # a class, made above
        """Keep a seat."""
        raise SeatTakenError

    @router.get("/{seat_id}", summary="Get a seat")
    @public("only a test asks")
    async def get_seat(seat_id: Id) -> Seat:
        """One seat."""
        raise SeatTakenError

    return router


def test_a_room_like_the_others_passes_every_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    assert remarks(_contract_with(_room(SeatCreate), monkeypatch)) == []


def test_a_request_without_an_example_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = remarks(_contract_with(_room(BareCreate), monkeypatch))
    assert (
        "keep_seat (POST /v1/seats): its application/json has no example; "
        "add `examples` to its schema"
    ) in found


def test_an_answer_without_an_example_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router(tags=["Service"])

    @router.get("/v1/notes", summary="List notes")
    @public("only a test asks")
    async def list_notes() -> Note:
        """Every note."""
        return Note(text="Sample")

    (found,) = remarks(_contract_with(router, monkeypatch))
    assert found.startswith("list_notes (GET /v1/notes): its 200 answer (application/json) has no")


def test_a_text_without_a_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = remarks(_contract_with(_room(WideCreate), monkeypatch))
    assert (
        "keep_seat (POST /v1/seats): `/name` of its request is of type string, without `maxLength`"
        in (found)
    )


def test_a_filter_without_a_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    router = Router(tags=["Service"])

    @router.get("/v1/notes", summary="List notes")
    @public("only a test asks")
    async def list_notes(word: str, most: Annotated[int, Field(ge=1)]) -> None:
        """Every note."""

    found = " ".join(remarks(_contract_with(router, monkeypatch)))
    assert (
        "list_notes (GET /v1/notes): `query.word` of its request is of type string, without"
        in found
    )
    assert "`query.most` of its request is of type integer, without `maximum`" in found


@pytest.fixture
def scratch(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes an application with one more room."""

    def with_room(router: Router) -> httpx.AsyncClient:
        monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, router))
        transport = httpx.ASGITransport(create_app(settings))
        return httpx.AsyncClient(transport=transport, base_url="http://rebound.test")

    return with_room


async def test_a_problem_that_the_contract_does_not_name_is_told_by_whoever_meets_it(
    scratch: Any,
) -> None:
    async with scratch(_room(SeatCreate)) as client:
        with pytest.warns(
            UndocumentedProblem,
            match=r"keep_seat \(POST /v1/seats\) answers `sample-seat-taken`.*@manners\(problems",
        ):
            await client.post("/v1/seats", json={"name": "Window"})


async def test_a_problem_that_the_contract_names_is_an_answer_like_any_other(scratch: Any) -> None:
    async with scratch(_room(SeatCreate, SeatTakenError)) as client:
        answer = await client.post("/v1/seats", json={"name": "Window"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/sample-seat-taken")
