"""What the tests of several rooms do over HTTP, in few words."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import httpx

from app.db.transaction import Database
from app.kit.events import Event
from tests.conftest import Person

GERMAN = {"Accept-Language": "de"}


def expect(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


def code_of(answer: httpx.Response, status: int) -> str:
    """The code of the problem that an answer with this status reports."""
    return str(expect(answer, status)["type"]).removeprefix("/problems/")


def finding_of(answer: httpx.Response) -> tuple[str, str]:
    """Where and why a request was found unacceptable, of which there must be one reason."""
    (finding,) = expect(answer, 422)["errors"]
    return finding["pointer"], finding["code"]


async def get(person: Person, path: str, **params: Any) -> dict[str, Any]:
    """What stands at an address."""
    return expect(await person.http.get(path, params=params), 200)


async def post(
    person: Person, path: str, headers: Mapping[str, str] | None = None, **fields: Any
) -> dict[str, Any]:
    """A new record."""
    return expect(await person.http.post(path, json=fields, headers=headers), 201)


async def patch(person: Person, path: str, **fields: Any) -> httpx.Response:
    """The answer to a change of whatever revision is there."""
    return await person.http.patch(path, json=fields, headers={"If-Match": "*"})


async def change(person: Person, path: str, **fields: Any) -> dict[str, Any]:
    """The changed record."""
    return expect(await patch(person, path, **fields), 200)


async def delete(person: Person, path: str) -> None:
    """Delete whatever revision is there."""
    expect(await person.http.delete(path, headers={"If-Match": "*"}), 204)


async def items(person: Person, path: str, **params: Any) -> list[dict[str, Any]]:
    """The items of a list that fits on one page."""
    page = await get(person, path, **params)
    assert page.get("next_cursor") is None
    found: list[dict[str, Any]] = page["items"]
    return found


async def pages(person: Person, path: str, **params: Any) -> list[dict[str, Any]]:
    """The items of all pages of a list, each page full but the last."""
    page = await get(person, path, **params)
    found: list[dict[str, Any]] = page["items"]
    while (cursor := page["next_cursor"]) is not None:
        assert len(page["items"]) == params["limit"]
        page = await get(person, path, **params, cursor=cursor)
        assert page["items"], "a cursor leads to more"
        assert page["items"][0] not in found, "a cursor leads on"
        found = found + page["items"]
    return found


async def plan_of(person: Person, rejection: Mapping[str, Any]) -> dict[str, Any]:
    """The one plan of a rejection, with its steps."""
    (plan,) = await items(person, "/v1/recovery-plans", rejection_id=rejection["id"])
    return await get(person, f"/v1/recovery-plans/{plan['id']}")


def step_of(plan: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The first step of a kind in a plan."""
    return next(step for step in plan["steps"] if step["kind"] == kind)


def statuses(plan: Mapping[str, Any]) -> dict[str, str]:
    """The status of each kind of step in a plan that has each kind once."""
    assert len({step["kind"] for step in plan["steps"]}) == len(plan["steps"])
    return {step["kind"]: step["status"] for step in plan["steps"]}


async def check_in(person: Person, **fields: Any) -> dict[str, Any]:
    """A recorded check-in, about nothing special unless said otherwise."""
    return await post(person, "/v1/check-ins", **{"mood": 3, "energy": 3, **fields})


def listen(database: Database, events: ModuleType) -> list[Event]:
    """Every fact of one room's `events` that is stated from now on, in order."""
    found: list[Event] = []

    async def note(_: object, __: object, event: Event) -> None:
        found.append(event)

    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and "type" in vars(kind):
            database.reactions.on(kind, note)
    return found
