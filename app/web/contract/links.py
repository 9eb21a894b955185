"""Links from an answer to what can be done next with its record (OpenAPI 3.1, "Link Object").

They follow from the paths: a record that `GET /v1/plans/{plan_id}` shows is linked from every
answer that carries it, to the operations below that address and to the lists that can be asked
for `plan_id`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.web.routing import Route

Json = dict[str, Any]

RECORD_ID = "$response.body#/id"
RECORD_TAG = "$response.header.ETag"


def add_links(paths: Json, routes: Sequence[Route]) -> None:
    """Add links to the answers of every operation that shows or makes a record."""
    for shown in (route for route in routes if _shows_a_record(route)):
        collection, name = _split(shown)
        sources = [
            route
            for route in routes
            if route.path_format in (collection, shown.path_format) and _answers_a_record(route)
        ]
        for source in sources:
            links = {
                target.operation: _link(target, name)
                for target in _targets(routes, shown.path_format, name)
                if target is not source
            }
            operation = paths[source.path_format][source.method.lower()]
            for status in ("200", "201"):
                if status in operation["responses"]:
                    operation["responses"][status]["links"] = links


def record_names(routes: Iterable[Route]) -> dict[str, str]:
    """By the collection's path, the name that paths give a record's id: `rejection_id`."""
    return dict(_split(route) for route in routes if _shows_a_record(route))


def _shows_a_record(route: Route) -> bool:
    return route.method == "GET" and route.path_format.endswith("}")


def _split(route: Route) -> tuple[str, str]:
    collection, _, name = route.path_format.rpartition("/")
    return collection, name[1:-1]


def _answers_a_record(route: Route) -> bool:
    return route.method == "PATCH" or _shows_a_record(route) or route.creates


def _targets(routes: Sequence[Route], path: str, name: str) -> Iterable[Route]:
    for route in routes:
        if route.path_format == path or (
            route.method == "GET"
            and (route.path_format.startswith(f"{path}/") or name in route.query_names)
        ):
            yield route


def _link(target: Route, name: str) -> Json:
    parameters = {name: RECORD_ID}
    if "If-Match" in target.header_names:
        parameters["If-Match"] = RECORD_TAG
    return {
        "operationId": target.operation,
        "description": f"{target.summary}, with this record's id as `{name}`.",
        "parameters": parameters,
    }
