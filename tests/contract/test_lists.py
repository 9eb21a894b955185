"""Every list can be resumed: at any page, after changes, and on a server that was started anew."""

import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.document import Json, Operation, operations
from tests.contract.requests import Request
from tests.contract.scene import Person, Scene
from tests.contract.stocking import add, paged, sorts, stocked
from tests.fixtures.live import live_server

MOST_PAGES = 100

every_order = pytest.mark.parametrize(
    ("operation", "sort"),
    [(one, sort) for one in paged for sort in sorts(one)],
    ids=lambda part: getattr(part, "id", part),
)


def ordered(request: Request, sort: str | None) -> Request:
    return request if sort is None else request.asking("sort", sort)


async def page(person: Person, request: Request, limit: int, cursor: str | None = None) -> Json:
    asking = request.asking("limit", str(limit))
    if cursor is not None:
        asking = asking.asking("cursor", cursor)
    answer = await person.send(asking)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    assert len(found["items"]) <= limit
    return found


async def whole(person: Person, request: Request) -> list[Json]:
    found = await page(person, request, 100)
    assert found["next_cursor"] is None
    items: list[Json] = found["items"]
    return items


async def walk(person: Person, request: Request, cursor: str | None = None) -> list[Json]:
    """All items one by one, from the beginning or from a cursor on."""
    items: list[Json] = []
    for _ in range(MOST_PAGES):
        found = await page(person, request, 1, cursor)
        items += found["items"]
        cursor = found["next_cursor"]
        if cursor is None:
            return items
    raise AssertionError("the list does not end")


@pytest.fixture(scope="module")
async def restarted(
    scenes: tuple[Scene, ...], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[httpx.AsyncClient, ...]]:
    """The same databases behind server processes that were started later, with the same secret."""
    with ExitStack() as servers:
        urls = [
            servers.enter_context(_started(scene, tmp_path_factory.mktemp("restarted")))[0]
            for scene in scenes
        ]
        async with AsyncExitStack() as clients:
            yield tuple(
                [await clients.enter_async_context(httpx.AsyncClient(base_url=url)) for url in urls]
            )


def _started(
    scene: Scene, folder: Path
) -> AbstractContextManager[tuple[str, subprocess.Popen[bytes]]]:
    database_url = scene.app.state.settings.database_url
    return live_server(folder, database_url, rate_limits="off", sqlite_synchronous="NORMAL")


def name_of(item: Json) -> tuple[str, ...]:
    """What makes an item another one; a timeline tells several things of one record."""
    parts = ("collection", "type", "id", "account_id", "position")
    return tuple(item[part] for part in parts if part in item)


def comparable(value: Any) -> Any:
    """What an order goes by: as text, a second would come after the fractions that follow it."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def deleter(operation: Operation) -> Operation | None:
    """The operation that deletes an item of a list."""
    for one in operations():
        if one.method == "DELETE" and one.path.startswith(f"{operation.path}/{{"):
            return one
    return None


async def delete(operation: Operation, person: Person, path: Mapping[str, str], item: Json) -> None:
    (name,) = operation.parameters("path").keys() - path.keys()
    request = Request(operation, {**path, name: item["id"]}, headers={"If-Match": "*"})
    answer = await person.send(request)
    assert answer.status_code == 204, answer.text


@every_order
async def test_pages_of_one_hold_what_one_page_holds(
    operation: Operation, sort: str | None, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        person = await scene.person()
        request = ordered(await stocked(operation, person), sort)
        items = await whole(person, request)
        assert len(items) > 3, f"{operation}: too few items to walk through"
        assert await walk(person, request) == items
        assert len(set(map(name_of, items))) == len(items)
        if sort is not None:
            values = [comparable(item[sort.removeprefix("-")]) for item in items]
            assert values == sorted(values, reverse=sort.startswith("-"))


@every_order
async def test_a_kept_cursor_goes_on_after_changes_and_a_restart(
    operation: Operation,
    sort: str | None,
    scenes: tuple[Scene, ...],
    restarted: tuple[httpx.AsyncClient, ...],
) -> None:
    for scene, client in zip(scenes, restarted, strict=True):
        person = await scene.person()
        request = ordered(await stocked(operation, person), sort)
        before = [name_of(item) for item in await whole(person, request)]
        first = await page(person, request, 2)
        assert [name_of(item) for item in first["items"]] == before[:2]

        # The item at which the cursor stands goes, and one that is still to come.
        gone = []
        if (deleting := deleter(operation)) is not None:
            items = await whole(person, request)
            for item in (items[1], items[-1]):
                await delete(deleting, person, request.path, item)
                gone.append(name_of(item))
        await add(operation, person, request.path, 0)

        later = await Person(replace(scene, anyone=client), person.email).sign_in()
        rest = [name_of(item) for item in await walk(later, request, first["next_cursor"])]
        assert [one for one in rest if one in before] == [
            one for one in before[2:] if one not in gone
        ]
        assert len(set(rest)) == len(rest)
