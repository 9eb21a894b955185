"""Problems on the wire: `application/problem+json` (RFC 9457), made in one place.

What the caller sent is never part of an answer: a refused value may be a password or a journal.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args
from urllib.parse import quote

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic_core.core_schema import ErrorType
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.db.engine import is_temporary
from app.kit import problems
from app.kit.problems import Problem
from app.web.rendering import encode

MEDIA_TYPE = "application/problem+json"
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

MAX_FINDINGS = 50

log = structlog.get_logger()


PATH_CHARACTERS = "/:@!$&'()*+,;="
"""What a path holds unescaped, besides letters, digits and `-._~` (RFC 3986, section 3.3)."""


def respond(problem: Problem, path: str) -> Response:
    """The answer for a problem met at `path`."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "instance": quote(path, safe=PATH_CHARACTERS),
    }
    if problem.detail:
        body["detail"] = problem.detail
    headers = {"Cache-Control": "no-store", **problem.headers}
    content = encode({**body, **problem.members})
    return Response(content, problem.status, headers, media_type=MEDIA_TYPE)


def as_problem(error: BaseException) -> Problem:
    """What an exception means for the caller; the unexpected becomes a 500 and is logged."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return problems.Invalid(errors=findings(error.errors()))
        case IntegrityError():
            return problems.Conflict()
        case HTTPException():
            return _from_framework(error)
        case _:
            pass
    if is_temporary(error):
        return problems.Unavailable(headers={"Retry-After": "1"})
    log.error("unexpected", exc_info=error, exception=type(error).__name__)
    return problems.ServerFault()


def _from_framework(error: HTTPException) -> Problem:
    kinds: dict[int, type[Problem]] = {
        404: problems.NotFound,
        405: problems.MethodNotAllowed,
        413: problems.TooLarge,
    }
    kind = kinds.get(error.status_code)
    return kind(headers=error.headers) if kind else problems.ServerFault()


def findings(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Validation errors as location, code and message, without the value."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for error in errors:
        pointer, code = _pointer(error["loc"]), error["type"]
        finding = {"pointer": pointer, "code": code, "message": _message(error)}
        found.setdefault((pointer, code), finding)
    return list(found.values())[:MAX_FINDINGS]


def _pointer(location: Iterable[str | int]) -> str:
    place, *rest = location
    # The name of an unknown field comes from the caller: it is named only if it looks like one.
    parts = [
        str(part) if isinstance(part, int) or _FIELD_NAME.fullmatch(part) else "?" for part in rest
    ]
    if place == "body":
        return "".join(f"/{part}" for part in parts)
    return ".".join([str(place), *parts])


_MESSAGES = {
    "missing": "is required",
    "repeated": "is given more than once",
    "extra_forbidden": "is not a field of this request",
    "string_type": "must be text",
    "string_unicode": "must be valid Unicode text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "model_attributes_type": "must be an object",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "string_pattern_mismatch": "does not have the right form",
}


_ONE_OF_MANY = re.compile(r"(\b1 \w+)s\b")
_PYDANTIC = frozenset(get_args(ErrorType))


def _message(error: Mapping[str, Any]) -> str:
    """Built from the rule that was broken; Pydantic's own text may quote the value."""
    kind = error["type"]
    if template := _BOUND_MESSAGES.get(kind):
        return _ONE_OF_MANY.sub(r"\1", template.format(**error["ctx"]))
    if kind in _PYDANTIC:
        return _MESSAGES.get(kind, "is not acceptable")
    # A code of our own (`app.kit.fields`), whose message is a fixed text of ours.
    return str(error.get("msg") or _MESSAGES.get(kind, "is not acceptable"))


_BOUND_MESSAGES = {
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
}
