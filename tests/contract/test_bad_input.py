"""Bad input gets a clear 4xx, the same on both engines; nothing is stored, nothing repeated.

Every case changes one value of a request which, unchanged, is answered 2xx at the end.
"""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.contract.answers import check_problem, check_success
from tests.contract.bad import MARKER, Case, bad_requests
from tests.contract.document import WHOSE, Operation, operations
from tests.contract.requests import Request, good_request
from tests.contract.scene import Person, Scene
from tests.contract.stocking import add

Outcomes = dict[str, tuple[int, Any]]


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)
async def test_one_bad_value_is_refused_and_leaves_no_trace(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    outcomes: dict[str, Outcomes] = {}
    for scene in scenes:
        person = await scene.person()
        good = await good_request(operation, person)
        before = await scene.stored(person)
        outcomes[scene.engine] = {
            case.wrong: await refusal(case, person) for case in bad_requests(good)
        }
        assert await scene.stored(person) == before
        check_success(operation, await person.send(good))
    assert outcomes["sqlite"] == outcomes["postgresql"]


async def refusal(case: Case, person: Person) -> tuple[int, Any]:
    """Send a bad request; what it is told, but for the address."""
    answer = await person.send(case.request)
    problem = check_problem(case.request.operation, answer, case.wrong)
    instance = problem.pop("instance")
    # Of an address that is bad itself, `instance` is the only place that shows it.
    shown = answer.text.replace(instance, "") if MARKER in instance else answer.text
    assert MARKER not in shown, f"{case.wrong}: {answer.text}"
    assert not any(MARKER in value for value in answer.headers.values()), case.wrong
    code = problem["type"].removeprefix("/problems/")
    assert code in case.codes, f"{case.request.operation}, {case.wrong}: {answer.text}"
    if code == "invalid":
        assert problem["errors"], case.wrong
    return answer.status_code, problem


paged = [one for one in operations() if "cursor" in one.parameters("query")]


@dataclass
class Walker:
    """Somebody who stands in the middle of every list."""

    person: Person
    pages: dict[Operation, Request]
    """For each list its first page, of one item."""
    cursors: dict[Operation, str]


@pytest.fixture(scope="module")
async def walkers(scenes: tuple[Scene, ...]) -> tuple[tuple[Walker, Walker], ...]:
    """For each engine two people who are in the middle of every list."""
    return tuple([(await walker(scene), await walker(scene)) for scene in scenes])


async def walker(scene: Scene) -> Walker:
    person = await scene.person()
    pages = {one: await first_page(one, person) for one in paged}
    return Walker(person, pages, {one: await next_cursor(pages[one], person) for one in paged})


@pytest.mark.parametrize("operation", paged, ids=lambda one: one.id)
async def test_a_cursor_is_good_for_its_own_list_only(
    operation: Operation, walkers: tuple[tuple[Walker, Walker], ...]
) -> None:
    for walker, stranger in walkers:
        person, cursor = walker.person, walker.cursors[operation]
        page = walker.pages[operation].asking("cursor", cursor)
        check_success(operation, await person.send(page))
        wrongs = {
            "garbage": MARKER,
            "altered": _altered(cursor),
            "cut short": cursor[:-2],
            "of another person": stranger.cursors[operation],
        }
        wrongs |= {f"of {one.id}": walker.cursors[one] for one in paged if one != operation}
        if operation.parameters("path").keys() - {WHOSE}:
            another = await first_page(operation, person)
            wrongs["of the same list below another record"] = await next_cursor(another, person)
        refused = {wrong: page.asking("cursor", other) for wrong, other in wrongs.items()}
        for name, value in (await good_request(operation, person)).query:
            if name not in ("limit", "sort"):
                refused[f"with a filter by {name}"] = page.asking(name, value)
        for word in other_sorts(operation):
            refused[f"sorted by {word}"] = page.asking("sort", word)
        for wrong, request in refused.items():
            await refusal(Case(wrong, request, ("invalid-cursor",)), person)
        for wrong, text in {"empty": "", "NUL": "%00", "long": MARKER * 101, "odd": "a.b"}.items():
            await refusal(Case(f"cursor: {wrong}", page.asking("cursor", text)), person)


@pytest.mark.parametrize("operation", paged, ids=lambda one: one.id)
async def test_a_cursor_leads_to_the_next_page_in_every_order(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        person = await scene.person()
        page = await first_page(operation, person)
        for word in ("", *other_sorts(operation)):
            first = page.asking("sort", word) if word else page
            second = first.asking("cursor", await next_cursor(first, person))
            answers = [await person.send(first), await person.send(second)]
            check_success(operation, answers[1])
            (one,), (other,) = (answer.json()["items"] for answer in answers)
            assert one != other


def other_sorts(operation: Operation) -> list[str]:
    """The orders of a list beside its usual one."""
    sort = operation.parameters("query").get("sort", {"enum": [], "default": None})
    return [word for word in sort["enum"] if word != sort["default"]]


async def first_page(operation: Operation, person: Person) -> Request:
    good = await good_request(operation, person)
    return Request(operation, good.path, (("limit", "1"),))


async def next_cursor(page: Request, person: Person) -> str:
    """The cursor behind the first of at least two items."""
    answer = await person.send(page)
    if answer.is_success and answer.json()["next_cursor"] is None:
        if page.path:
            for _ in range(2):
                await add(page.operation, person, page.path, 0)
        else:
            await person.stock()
        answer = await person.send(page)
    check_success(page.operation, answer)
    cursor = answer.json()["next_cursor"]
    assert cursor, f"{page.operation}: two records must fill more than one page of one"
    return str(cursor)


def _altered(cursor: str) -> str:
    middle = len(cursor) // 2
    return cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]


async def test_a_refusal_names_a_page_that_explains_it(scenes: tuple[Scene, ...]) -> None:
    codes = {
        code
        for operation in operations()
        for status in operation.says["responses"]
        for code in operation.problem_codes(int(status))
    }
    assert len(codes) > 20
    for code in sorted(codes):
        page: httpx.Response = await scenes[0].anyone.get(f"/problems/{code}")
        assert page.status_code == 200, code
