"""Building the contract's document from routes, and serving it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.kit.fields import Text
from app.kit.ids import example_id
from app.kit.schemas import Request
from app.kit.sheets import Sheet
from app.web.contract import examples, headers
from app.web.contract.links import add_links
from app.web.contract.messages import Message, add_messages
from app.web.contract.refusals import Refusals
from app.web.contract.tidying import tidy
from app.web.limits import MAX_BODY_BYTES
from app.web.markers import ON_BEHALF_OF, Caching, public
from app.web.routing import Route, Router

Json = dict[str, Any]

BEARER, ACCOUNT = "accessToken", "onBehalfOf"
SERVER: Json = {
    "url": "/",
    "description": "The server you read this on: production, or a local demo.",
    "x-internal": False,
}


def build(
    routes: Iterable[BaseRoute],
    *,
    version: str,
    description: str,
    tags: list[dict[str, str]],
    messages: Iterable[Message] = (),
) -> Json:
    """The contract of some routes, as plain JSON; operations follow the order of `tags`.

    `messages` are what the server sends by itself.
    """
    order = [tag["name"] for tag in tags]
    described = [r for r in routes if isinstance(r, Route) and r.include_in_schema]
    described.sort(key=lambda route: order.index(str(route.tags[0])))
    document = get_openapi(
        title="Rebound",
        version=version,
        summary="What to do after a job rejection.",
        description=description,
        routes=described,
        tags=tags,
        servers=[SERVER],
        contact={"name": "The developers of Rebound"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    schemas = document["components"]["schemas"]
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    add_messages(document, messages)
    tidy(document)
    refusals = Refusals()
    for route in described:
        operation = document["paths"][route.path_format][route.method.lower()]
        _describe(operation, route)
        operation["responses"] = {
            **_successes(operation["responses"], route, schemas),
            **refusals.of(route),
        }
    add_links(document["paths"], described)
    examples.add_to_answers(document, described)
    schemas.update(refusals.schemas())
    document["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "responses": dict(sorted(refusals.responses.items())),
        "examples": dict(sorted(document["components"]["examples"].items())),
        "headers": headers.ANSWER_HEADERS,
        "securitySchemes": {
            BEARER: {
                "type": "http",
                "scheme": "bearer",
                "description": (
                    "An access token from `POST /v1/sessions`, or an API key: paste the part that "
                    "begins with `rba_` or `rbk_`. It is sent as `Authorization: Bearer rba_...`."
                ),
            },
            ACCOUNT: {
                "type": "apiKey",
                "in": "header",
                "name": ON_BEHALF_OF,
                "description": (
                    "Leave it empty for your own records. To act for somebody who agreed to it, "
                    "give the id of their account: everything then happens under their grant, and "
                    "stands in their access log. It identifies nobody by itself."
                ),
            },
        },
    }
    return document


def to_text(document: Json) -> str:
    """The contract's bytes as they are committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _describe(operation: Json, route: Route) -> None:
    operation["operationId"] = route.operation
    operation["security"] = [] if route.guard is None else [{BEARER: []}]
    if route.guard is not None:
        if route.guard.takes_on_behalf(route.operation):
            operation["security"].append({BEARER: [], ACCOUNT: []})
        operation["description"] += f"\n\nNeeds the scope `{route.guard.scope_name}`."
    parameters: list[Json] = operation.pop("parameters", [])
    for parameter in parameters:
        name = parameter["name"]
        if parameter["in"] == "path" and parameter["schema"].get("format") == "uuid":
            parameter["example"] = str(example_id(name))
            parameter.setdefault("description", f"The `id` of the {name.removesuffix('_id')}.")
        if name == "sort":
            parameter["description"] = "The order of the items; a leading minus turns it around."
        parameter.setdefault("description", f"Only items with this `{name}`.")
    if parameters := [*parameters, *headers.parameters(route)]:
        operation["parameters"] = parameters
    if route.body_model is not None and issubclass(route.body_model, Request):
        content = operation["requestBody"]["content"]
        content["application/json"]["examples"] = examples.of_request(route.body_model)
        if route.method == "PATCH":
            content["application/merge-patch+json"] = content["application/json"]
        if route.manners.csv is not None:
            content["text/csv"] = _table(route.manners.csv)


def _table(sheet: Sheet) -> Json:
    """How the contract tells that a request may be a table."""
    return {
        "schema": {
            "type": "string",
            # So that tools offer to send a file.
            "format": "binary",
            "minLength": 1,
            "maxLength": MAX_BODY_BYTES,
            "pattern": Text.pattern,
            "description": (
                f"What `{sheet.rows}` says in JSON, one row for each: UTF-8, the names of the "
                "fields in the first line, cells parted by `,` or `;`. An empty cell is a field "
                "left out."
            ),
        },
        "examples": {"as_a_table": {"summary": "As a table", "value": sheet.example}},
    }


def _successes(known: Json, route: Route, schemas: Json) -> Json:
    """The 2xx and 304 answers of an operation: what FastAPI knows of, and what the Route adds."""
    found = {status: answer for status, answer in known.items() if status.startswith("2")}
    usual = str(route.status_code or 200)
    found[usual]["description"] = _first_sentence(found[usual], schemas)
    if route.creates and "id" in getattr(route.body_model, "model_fields", ()):
        earlier = {"description": "An earlier request with this `id` has stored it already."}
        found["200"] = {**found["201"], **earlier}
    if route.method == "GET" and route.manners.caching is not Caching.SECRET:
        found["304"] = {"description": "What you hold still holds."}
    return {
        status: {
            "description": answer["description"],
            "headers": headers.of_success(route, status),
            **({"content": dict(answer["content"])} if "content" in answer else {}),
        }
        for status, answer in sorted(found.items())
    }


def _first_sentence(answer: Json, schemas: Json) -> str:
    """What an answer is, by the first sentence of its schema's docstring."""
    content = answer.get("content", {}).get("application/json")
    if content is None:
        return "Done. There is no body."
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    text = str(schemas.get(name, {}).get("description", answer["description"]))
    return text.partition("\n")[0]


def contract_router(document: Callable[[], Json]) -> Router:
    """Where the contract itself is read; it is made at the first request."""
    router = Router(include_in_schema=False)

    @router.get("/openapi.json")
    @public("the contract is the same for everyone")
    async def get_contract() -> Response:
        return Response(to_text(document()).encode(), media_type="application/json")

    return router
