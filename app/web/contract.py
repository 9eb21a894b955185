"""The OpenAPI contract: FastAPI's schema, brought to what strangers' tools accept without remark.

Everything here follows from the routes themselves, so a new room gets it by using the Route:
security from its guard, problems from what its operations can meet, headers from the Route's
manners. Nothing is written per operation.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.responses import Response
from starlette.routing import BaseRoute

from app.kit import problems
from app.kit.ids import example_id
from app.kit.preconditions import IF_MATCH_PATTERN
from app.kit.problems import Problem
from app.web.markers import Caching, public
from app.web.problems import MEDIA_TYPE
from app.web.rates import UNLIMITED
from app.web.reading import MAX_HEADER_VALUE_CHARACTERS
from app.web.replaying import KEY_PATTERN, MAX_QUOTED_KEY_CHARACTERS
from app.web.routing import Route, Router
from app.web.tidying import tidy

Json = dict[str, Any]

BEARER = "accessToken"
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}

PROBLEM_SCHEMA: Json = {
    "type": "object",
    "description": "A refusal (RFC 9457). It never repeats what was sent.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "maxLength": 100,
            "description": "The address of a page that explains this kind of problem.",
        },
        "title": {"type": "string", "maxLength": 200},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 500},
        "instance": {"type": "string", "maxLength": 16384, "description": "The path asked for."},
        "errors": {
            "type": "array",
            "maxItems": 50,
            "items": {"$ref": "#/components/schemas/Finding"},
        },
        "allowed": {
            "type": "array",
            "maxItems": 20,
            "description": "The statuses that can follow the present one.",
            "items": {"type": "string", "maxLength": 40},
        },
        "required_scope": {"type": "string", "maxLength": 40},
        "consent": {"type": "string", "maxLength": 40},
        "plan_id": {
            "type": "string",
            "format": "uuid",
            "description": "The active plan that the rejection has already.",
        },
        "limit": {
            "type": "integer",
            "format": "int32",
            "minimum": 0,
            "maximum": 1000,
            "description": "How many there can be.",
        },
    },
}
FINDING_SCHEMA: Json = {
    "type": "object",
    "description": "One value that is not acceptable.",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {
            "type": "string",
            "maxLength": 500,
            "description": (
                "A JSON Pointer into the body, or `query`, `path` or `header`, a dot, and a name."
            ),
        },
        "code": {"type": "string", "maxLength": 60},
        "message": {"type": "string", "maxLength": 2000},
    },
}

HEADERS: Json = {
    "ETag": ("The revision of the record, for `If-Match` and `If-None-Match`.", 60),
    "Location": ("Where the record is found.", 300),
    "Retry-After": ("Seconds to wait before trying again.", 10),
    "WWW-Authenticate": ("How to authenticate.", 100),
    "Idempotency-Replayed": ("`true` when this is the stored answer to an earlier request.", 4),
    "X-Request-Id": ("Names this request in the server's log.", 64),
    "RateLimit-Policy": ("The limits in force.", 200),
    "RateLimit": ("What is left of the tightest limit, and seconds until it is full again.", 100),
    "Allow": ("Every method of this address.", 100),
}
RATES = ("RateLimit-Policy", "RateLimit")
PARAMETERS: Json = {
    "If-Match": (
        "The `ETag` of the record as you last read it, or `*`. Missing is 428, stale is 412."
    ),
    "If-None-Match": "An `ETag` you hold: the answer is 304 without a body if it still holds.",
    "Idempotency-Key": (
        "A fresh key per request. Repeating the request with it within 24 hours returns the "
        "first answer instead of storing twice."
    ),
    "Accept-Language": "Language of labels and texts: `en` or `de`.",
}
HEADER_FORMS: Json = {
    "If-Match": {"pattern": IF_MATCH_PATTERN},
    "Idempotency-Key": {
        "minLength": 1,
        "maxLength": MAX_QUOTED_KEY_CHARACTERS,
        "pattern": KEY_PATTERN,
    },
}
PROBLEM_HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}


def build(
    routes: Iterable[BaseRoute], *, version: str, description: str, tags: list[dict[str, str]]
) -> Json:
    """The contract of some routes, as plain JSON; operations follow the order of `tags`."""
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
        servers=[{"url": "/", "description": "This server"}],
        contact={"name": "The developers of Rebound"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    for route in described:
        operation = document["paths"][route.path_format][route.method.lower()]
        _describe(operation, route)
    schemas = document["components"]["schemas"]
    for gone in ("HTTPValidationError", "ValidationError"):
        schemas.pop(gone, None)
    schemas["Problem"], schemas["Finding"] = PROBLEM_SCHEMA, FINDING_SCHEMA
    document["components"]["securitySchemes"] = {
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "description": (
                "An access token from `POST /v1/sessions`, sent as `Authorization: Bearer rba_...`."
            ),
        }
    }
    document["components"]["headers"] = {
        name: {"description": text, "schema": {"type": "string", "maxLength": most}}
        for name, (text, most) in HEADERS.items()
    }
    tidy(document)
    return document


def to_text(document: Json) -> str:
    """The contract's bytes as they are committed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _describe(operation: Json, route: Route) -> None:
    operation["operationId"] = route.operation
    operation["security"] = [] if route.guard is None else [{BEARER: []}]
    if route.guard is not None:
        operation["description"] += f"\n\nNeeds the scope `{route.guard.scope_name}`."
    for parameter in operation.setdefault("parameters", []):
        if parameter["in"] == "path" and parameter["schema"].get("format") == "uuid":
            parameter["example"] = str(example_id(parameter["name"]))
    operation["parameters"].extend(_header_parameters(route))
    if not operation["parameters"]:
        del operation["parameters"]
    if route.method == "PATCH":
        content = operation["requestBody"]["content"]
        content["application/merge-patch+json"] = content["application/json"]
    successes = {k: v for k, v in operation["responses"].items() if k.startswith("2")}
    operation["responses"] = _responses(route, successes)


def _responses(route: Route, successes: Json) -> Json:
    """Everything an operation answers: what FastAPI knows of, and what the Route adds."""
    always = ("X-Request-Id", *(() if route.path_format in UNLIMITED else RATES))
    found = dict(successes)
    if route.creates and "id" in getattr(route.body_model, "model_fields", ()):
        earlier = {"description": "An earlier request with this `id` has stored it already."}
        found["200"] = {**found["201"], **earlier}
    for status, response in found.items():
        response["headers"] = _headers(*always, *_success_headers(route, status))
    if route.method == "GET" and route.manners.caching is not Caching.SECRET:
        unchanged = {"description": "What you hold still holds."}
        found["304"] = {**unchanged, "headers": _headers(*always, "ETag")}
    for code, kinds in _problems(route).items():
        found[str(code)] = {
            "description": " ".join(f"{kind.title} (`{kind.code}`)." for kind in kinds),
            "headers": _headers(*always, *PROBLEM_HEADERS.get(code, ())),
            "content": {
                MEDIA_TYPE: {
                    "schema": PROBLEM_REF,
                    "examples": {kind.code: {"value": _example(kind, route)} for kind in kinds},
                }
            },
        }
    return dict(sorted(found.items()))


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header_parameters(route: Route) -> Iterator[Json]:
    for name in route.header_names:
        schema = {"type": "string", "maxLength": MAX_HEADER_VALUE_CHARACTERS}
        yield {
            "name": name,
            "in": "header",
            "required": False,
            "description": PARAMETERS[name],
            "schema": schema | HEADER_FORMS.get(name, {}),
        }


def _success_headers(route: Route, status: str) -> Iterator[str]:
    if status == "204":
        return
    if route.manners.caching is not Caching.SECRET:
        yield "ETag"
    if route.creates and status in ("200", "201"):
        yield "Location"
    if route.honours_keys:
        yield "Idempotency-Replayed"


def _problems(route: Route) -> dict[int, list[type[Problem]]]:
    """Every problem an operation can answer with, by status: what its form implies, and its own."""
    kinds = {kind for applies, implied in IMPLIED_PROBLEMS if applies(route) for kind in implied}
    found: dict[int, list[type[Problem]]] = {}
    for kind in sorted({*kinds, *route.manners.problems}, key=lambda k: (k.status, k.code)):
        found.setdefault(kind.status, []).append(kind)
    return found


IMPLIED_PROBLEMS: tuple[tuple[Callable[[Route], bool], tuple[type[Problem], ...]], ...] = (
    (lambda _: True, (problems.Invalid, problems.ServerFault, problems.Unavailable)),
    (lambda route: route.response_field is not None, (problems.NotAcceptable,)),
    (lambda route: route.path_format not in UNLIMITED, (problems.TooManyRequests,)),
    (lambda route: route.guard is not None, (problems.Unauthenticated, problems.MissingScope)),
    (lambda route: "{" in route.path_format, (problems.NotFound,)),
    (
        lambda route: any(one.header == "If-Match" for one in route.provided.values()),
        (problems.PreconditionFailed, problems.PreconditionMissing),
    ),
    (
        lambda route: route.body_model is not None,
        (
            problems.MalformedJson,
            problems.RequestTimeout,
            problems.TooLarge,
            problems.UnsupportedMedia,
        ),
    ),
    (lambda route: route.method != "GET", (problems.Conflict,)),
    (
        lambda route: route.honours_keys,
        (problems.IdTaken, problems.IdDeleted, problems.KeyInFlight, problems.KeyReused),
    ),
    (lambda route: "cursor" in route.query_names, (problems.InvalidCursor,)),
)
"""Which problems follow from the form of an operation."""


def _example(kind: type[Problem], route: Route) -> Json:
    example: Json = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "instance": re.sub(r"\{(.*?)\}", lambda m: str(example_id(m[1])), route.path_format),
    }
    if kind is problems.Invalid:
        example["errors"] = [
            {"pointer": "/name", "code": "missing", "message": "is required"},
        ]
    if kind is problems.MissingScope and route.guard is not None:
        example["required_scope"] = route.guard.scope_name
    return example


def contract_router(document: Callable[[], Json]) -> Router:
    """Where the contract itself is read; it is made at the first request."""
    router = Router(include_in_schema=False)

    @router.get("/openapi.json")
    @public("the contract is the same for everyone")
    async def get_contract() -> Response:
        return Response(to_text(document()).encode(), media_type="application/json")

    return router
