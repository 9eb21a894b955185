"""Lists with several items in them, made by the contract."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.contract.answers import check_success
from tests.contract.document import (
    WHOSE,
    Json,
    Operation,
    by_id,
    collections,
    creator,
    kind_of,
    operations,
    plain,
)
from tests.contract.requests import DAY, INSTANT, UNIQUE, Request, good_request
from tests.contract.scene import Person

ROUNDS = 3
HAPPENING: Mapping[str, Callable[[Person], Awaitable[None]]] = {
    "get_job": Person.wait,
    "list_access_log": Person.be_looked_at,
    "list_clients": Person.accompany,
    "list_organization_events": Person.be_told,
}
"""Lists whose items come of what others do."""

MADE_BY = {"list_webhook_deliveries": "ping_webhook_endpoint"}
"""Lists below a record whose items no operation makes that is asked for the record by a field."""

paged = tuple(one for one in operations() if "cursor" in one.parameters("query"))
"""The lists that can be long."""


def sorts(operation: Operation) -> tuple[str | None, ...]:
    """The orders a list offers; None stands for that of a list without a choice."""
    schema = operation.parameters("query").get("sort")
    return tuple(schema["enum"]) if schema else (None,)


async def stocked(operation: Operation, person: Person) -> Request:
    """A request to a list in which this person has several items, some of them alike."""
    path = {
        name: await person.make(collections()[name], name) for name in operation.parameters("path")
    }
    clock = person.scene.clock
    for number in range(ROUNDS):
        await add(operation, person, path, number)
        await add(operation, person, path, number)
        clock.advance(timedelta(seconds=1))
    clock.advance(timedelta(seconds=-ROUNDS))
    return Request(operation, path)


async def add(operation: Operation, person: Person, path: Mapping[str, str], number: int) -> None:
    """One more item for a list, or one of each kind that can refer to the record it belongs to."""
    if operation.id in HAPPENING:
        await HAPPENING[operation.id](person)
        return
    if path.keys() <= {WHOSE}:
        making = creator(operation.path)
        assert making is not None, f"{operation}: no POST {operation.path} makes its items"
        await _create(making, person, {}, number)
        return
    if operation.id in MADE_BY:
        making = by_id(MADE_BY[operation.id])
        for _ in range(2):
            request = replace(await good_request(making, person), path=path)
            check_success(making, await person.send(request))
        return
    for making in operations():
        fields = (making.body or {}).get("properties", {})
        if "Idempotency-Key" in making.parameters("header") and path.keys() <= fields.keys():
            await _create(making, person, path, number)


async def _create(
    making: Operation, person: Person, references: Mapping[str, str], number: int
) -> None:
    request = await good_request(making, person)
    body = {**request.body, **references}
    for field, schema in (making.body or {})["properties"].items():
        if field in _sorted_by(making) and (making.id, field) not in UNIQUE:
            body |= {field: _varied(plain(schema), number)}
    answer = await person.send(replace(request, body=body))
    if answer.status_code != 409:  # There is at most one of its kind.
        check_success(making, answer)


def _sorted_by(making: Operation) -> set[str]:
    """The fields by which the list that shows what an operation creates can be sorted."""
    return {
        (sort or "").removeprefix("-")
        for one in paged
        if one.path == making.path
        for sort in sorts(one)
    }


def _varied(schema: Json, number: int) -> Any:
    """The good value for a number of things in a row."""
    kind = kind_of(schema)
    if kind == "date":
        return (date.fromisoformat(DAY) - timedelta(days=number)).isoformat()
    if kind == "date-time":
        return INSTANT.replace(":30:", f":{30 - number}:")
    if kind == "integer":
        return schema["minimum"] + number
    return f"Sample text {number}"
