"""The headers of requests and answers, as the contract tells of them."""

from collections.abc import Iterator
from typing import Any

from app.kit.preconditions import IF_MATCH_PATTERN
from app.web.markers import Caching
from app.web.rates import is_limited
from app.web.reading import MAX_HEADER_VALUE_CHARACTERS, PRINTABLE
from app.web.replaying import KEY_PATTERN, MAX_QUOTED_KEY_CHARACTERS
from app.web.routing import Route

Json = dict[str, Any]


def _header(description: str, **form: Any) -> Json:
    return {"description": description, "schema": {"type": "string", **form}}


ANSWER_HEADERS: Json = {
    "ETag": _header(
        "The revision of a record, quoted, for `If-Match` and `If-None-Match`; of a list or a "
        "computed answer a weak tag, for `If-None-Match` only.",
        maxLength=60,
        pattern='^(W/)?"[^"]*"$',
    ),
    "Location": _header("Where the record is found.", maxLength=300, format="uri-reference"),
    "Retry-After": _header("Seconds to wait before trying again.", maxLength=10, pattern=r"^\d+$"),
    "WWW-Authenticate": _header("How to authenticate.", maxLength=100, pattern=PRINTABLE),
    "Idempotency-Replayed": _header(
        "`true` when this is the stored answer to an earlier request with the same key; absent "
        "otherwise.",
        enum=["true"],
    ),
    "X-Request-Id": _header(
        "Names this request in the server's log; yours if you sent one.",
        maxLength=64,
        pattern="^[A-Za-z0-9._-]+$",
    ),
    "RateLimit-Policy": _header("The limits in force.", maxLength=200, pattern=PRINTABLE),
    "RateLimit": _header(
        "What is left of the tightest limit, and seconds until it is full again.",
        maxLength=100,
        pattern=PRINTABLE,
    ),
    "Allow": _header("Every method of this address.", maxLength=100, pattern="^[A-Z, ]+$"),
    "Access-Control-Allow-Origin": _header(
        "The origin of your page, if the operator allows it (`REBOUND_CORS_ORIGINS`); absent "
        "otherwise.",
        maxLength=300,
        pattern=PRINTABLE,
    ),
}
"""Every header of an answer, which the contract refers to by name."""

SOMETIMES = frozenset({"Access-Control-Allow-Origin", "Idempotency-Replayed"})
"""Headers that an answer carries only in the circumstances that their texts tell."""

RATES = ("RateLimit-Policy", "RateLimit")
BY_STATUS = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
"""What a refusal adds, by its status."""

REQUEST_HEADERS: Json = {
    "If-Match": _header(
        "The `ETag` of the record as you last read it, or `*`. Missing is 428, stale is 412.",
        maxLength=MAX_HEADER_VALUE_CHARACTERS,
        pattern=IF_MATCH_PATTERN,
    ),
    "If-None-Match": _header(
        "An `ETag` you hold: the answer is 304 without a body if it still holds.",
        maxLength=MAX_HEADER_VALUE_CHARACTERS,
        pattern=PRINTABLE,
    ),
    "Idempotency-Key": _header(
        "A fresh key per request. Repeating the request with it within 24 hours returns the "
        "first answer instead of storing twice.",
        minLength=1,
        maxLength=MAX_QUOTED_KEY_CHARACTERS,
        pattern=KEY_PATTERN,
    ),
    "Accept-Language": _header(
        "Language of labels and texts: `en` or `de`.",
        maxLength=MAX_HEADER_VALUE_CHARACTERS,
        pattern=PRINTABLE,
    ),
}


def of_success(route: Route, status: str) -> Json:
    """The headers of a 2xx or 304 answer."""
    return _refer(*_always(limited=is_limited(route.path_format)), *_of_success(route, status))


def of_refusal(status: int, *, limited: bool) -> Json:
    """The headers of a refusal; `limited` where the address counts against rate limits."""
    return _refer(*_always(limited=limited), *BY_STATUS.get(status, ()))


def parameters(route: Route) -> list[Json]:
    """The request headers that mean something to an operation."""
    return [
        {"name": name, "in": "header", "required": False, **REQUEST_HEADERS[name]}
        for name in route.header_names
    ]


def _always(*, limited: bool) -> tuple[str, ...]:
    return ("X-Request-Id", "Access-Control-Allow-Origin", *(RATES if limited else ()))


def _of_success(route: Route, status: str) -> Iterator[str]:
    if status == "204":
        return
    if route.manners.caching is not Caching.SECRET:
        yield "ETag"
    if status == "304":
        return
    accepted = "202" if route.status_code == 202 and route.manners.location else "201"  # noqa: PLR2004 -- as in HTTP
    if route.creates and status in ("200", "201", accepted):
        yield "Location"
    if route.honours_keys:
        yield "Idempotency-Replayed"


def _refer(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
