"""Everything that can go wrong for a caller, as one tree of exceptions.

A `Problem` is raised anywhere, ends the transaction, and is rendered once (`app.web.problems`)
as `application/problem+json` (RFC 9457). Every code has a page under `/problems/{code}` made from
`title` and `explanation`. Rooms add their own in `errors.py`.

    Problem
      BadRequest          400   invalid-json, invalid-csv, invalid-cursor
      Unauthenticated     401
      Forbidden           403   missing-scope, consent-missing
      NotFound            404
      MethodNotAllowed    405
      NotAcceptable       406
      Conflict            409   id-taken, id-deleted, invalid-transition, ...
      PreconditionFailed  412
      TooLarge            413
      UnsupportedMedia    415
      Invalid             422
      PreconditionMissing 428
      TooManyRequests     429
      ServerFault         500
      Unavailable         503
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar


class Problem(Exception):  # noqa: N818 -- RFC 9457 calls it a problem, and so do callers.
    """A refusal that the caller can understand and act on.

    `detail` and `members` reach the caller: they never carry what the caller sent.
    `keeps_changes` marks a problem that states facts of its own (a failed sign-in is counted, a
    stolen token family is revoked): its transaction is committed before the answer is sent.
    `extra_members` says for the contract what else its document carries: by name a JSON Schema
    with an example.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    explanation: ClassVar[str]
    keeps_changes: ClassVar[bool] = False
    extra_members: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(
        self,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


class MalformedJson(Problem):
    status, code, title = 400, "invalid-json", "The body is not valid JSON"
    explanation = (
        "The body could not be read as JSON (RFC 8259) in UTF-8. Besides syntax errors this covers "
        "duplicate keys, NaN and Infinity, lone surrogates, and nesting deeper than 32 levels."
    )


class MalformedCsv(Problem):
    status, code, title = 400, "invalid-csv", "The body is not a readable table"
    explanation = (
        "The body could not be read as CSV (RFC 4180) in UTF-8. Its first line names the columns, "
        "each once; cells are parted by commas or semicolons, and quotes are closed."
    )


class InvalidCursor(Problem):
    status, code, title = 400, "invalid-cursor", "The cursor does not belong to this list"
    explanation = (
        "A cursor is only good for the list, the sort and the filters that produced it, and only "
        "unchanged. Start again without `cursor`."
    )


class Unauthenticated(Problem):
    status, code, title = 401, "unauthenticated", "Sign in to use this"
    explanation = (
        "The request carried no access token, or one that is unknown, expired or revoked. Get a "
        "new one with `POST /v1/sessions/refresh` or `POST /v1/sessions` and send it as "
        "`Authorization: Bearer <token>`."
    )

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="rebound"'}, **members)


class MissingScope(Problem):
    status, code, title = 403, "missing-scope", "This token may not do that"
    explanation = (
        "The token is valid but was not given the scope this operation needs. The member "
        "`required_scope` names it."
    )
    extra_members: ClassVar = {
        "required_scope": {
            "type": "string",
            "maxLength": 40,
            "pattern": "^[a-z_]+:[a-z]+$",
            "description": "The scope that the operation needs.",
            "examples": ["rejections:write"],
        }
    }


class ConsentMissing(Problem):
    status, code, title = 403, "consent-missing", "The person has not agreed to this"
    explanation = (
        "This kind of data is only kept or shown with the person's consent. The member `consent` "
        "names what is missing; for check-ins, set `wellbeing_tracking` to true in the profile. "
        "`GET /v1/support-resources` shows places that help and needs no consent."
    )
    extra_members: ClassVar = {
        "consent": {
            "type": "string",
            "maxLength": 40,
            "pattern": "^[a-z_]+$",
            "description": "The consent that is missing.",
            "examples": ["wellbeing_tracking"],
        }
    }


class NotFound(Problem):
    status, code, title = 404, "not-found", "There is nothing here for you"
    explanation = (
        "Nothing with this address exists among the records you may see. A record of another "
        "person and a record that never existed get the same answer."
    )


class MethodNotAllowed(Problem):
    status, code, title = 405, "method-not-allowed", "This address does not know that method"
    explanation = "The `Allow` header lists every method this address answers to."


class NotAcceptable(Problem):
    status, code, title = 406, "not-acceptable", "This address cannot answer in that media type"
    explanation = "Answers are `application/json`; refusals are `application/problem+json`."


class RequestTimeout(Problem):
    status, code, title = 408, "request-timeout", "The body took too long to arrive"
    explanation = "The request body did not arrive in time. Send it again in one go."


class Conflict(Problem):
    status, code, title = 409, "conflict", "This clashes with what is already stored"
    explanation = (
        "Storing this would break a rule that holds between records, for example a reference to "
        "a record that does not exist."
    )


class IdTaken(Problem):
    status, code, title = 409, "id-taken", "This id already names a different record"
    explanation = (
        "You supplied an `id` that one of your records already has, with other contents. Use a "
        "fresh id, or PATCH the record you have."
    )


class IdDeleted(Problem):
    status, code, title = 409, "id-deleted", "This id named a record that was deleted"
    explanation = (
        "An id is not used twice, so that other devices cannot confuse the two. Use a fresh one."
    )


class InvalidTransition(Problem):
    status, code, title = 409, "invalid-transition", "This status cannot follow the present one"
    explanation = "The member `allowed` lists the statuses that can follow the present one."
    extra_members: ClassVar = {
        "allowed": {
            "type": "array",
            "maxItems": 20,
            "items": {"type": "string", "maxLength": 40, "pattern": "^[a-z_]+$"},
            "description": "The statuses that can follow the present one.",
            "examples": [["open"]],
        }
    }


class KeyInFlight(Problem):
    status, code, title = 409, "idempotency-key-in-flight", "The first request is still running"
    explanation = (
        "Another request with this Idempotency-Key has not finished yet. Wait a moment and send "
        "the same request again."
    )


class PreconditionFailed(Problem):
    status, code, title = 412, "precondition-failed", "The record has changed since you read it"
    explanation = (
        "`If-Match` names an older revision than the stored one. Read the record again, apply your "
        "change to it, and send the new `ETag`."
    )


class TooLarge(Problem):
    status, code, title = 413, "too-large", "The request is too large"
    explanation = "A request body may have up to 1 MiB, counted on the bytes received."


class UnsupportedMedia(Problem):
    status, code, title = 415, "unsupported-media-type", "Send JSON"
    explanation = (
        "Bodies are `application/json` (PATCH also takes `application/merge-patch+json`), in "
        "UTF-8, without Content-Encoding. A few operations take `text/csv` as well; their contract "
        "says so."
    )


class Invalid(Problem):
    status, code, title = 422, "invalid", "Some values are not acceptable"
    explanation = (
        "The member `errors` lists each one: `pointer` says where (a JSON Pointer into the body, "
        "or `query`, `path` or `header` and a name), `code` and `message` say what is wrong."
    )
    extra_members: ClassVar = {
        "errors": {
            "type": "array",
            "maxItems": 50,
            "items": {"$ref": "#/components/schemas/Finding"},
            "description": "Every value that is not acceptable.",
            "examples": [[{"pointer": "/stage", "code": "missing", "message": "is required"}]],
        }
    }

    def __init__(self, detail: str | None = None, *, errors: Iterable[Mapping[str, str]]) -> None:
        super().__init__(detail, errors=list(errors))


class KeyReused(Problem):
    status, code, title = 422, "idempotency-key-reused", "This key was used for another request"
    explanation = (
        "An Idempotency-Key belongs to one request body for 24 hours. Use a fresh key for a "
        "different request."
    )


class PreconditionMissing(Problem):
    status, code, title = 428, "precondition-missing", "Say which revision you are changing"
    explanation = (
        "PATCH and DELETE need `If-Match` with the `ETag` of the record as you last read it (or "
        "`*` to change whatever is there)."
    )


class TooManyRequests(Problem):
    status, code, title = 429, "too-many-requests", "Too many requests"
    explanation = "Wait the number of seconds in `Retry-After`, then go on."


class HeadersTooLarge(Problem):
    status, code, title = 431, "headers-too-large", "The request headers are too large"
    explanation = "Header fields together may have up to 16 KiB."


class ServerFault(Problem):
    status, code, title = 500, "internal", "Something broke on our side"
    explanation = (
        "Nothing was stored. The `X-Request-Id` header of the answer finds the fault in the log."
    )


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "Not ready just now"
    explanation = (
        "The database is busy or out of reach. Nothing was stored; wait the number of seconds in "
        "`Retry-After` and send the same request again."
    )


def invalid(pointer: str, code: str, message: str) -> Invalid:
    """An `Invalid` with one finding, for rules that no schema can express."""
    return Invalid(errors=[{"pointer": pointer, "code": code, "message": message}])


def catalogue() -> dict[str, type[Problem]]:
    """Every problem the running program can answer with, by code."""
    found: dict[str, type[Problem]] = {}
    for problem in _descendants(Problem):
        if found.setdefault(problem.code, problem) is not problem:
            raise TypeError(f"two problems share the code {problem.code!r}")
    return dict(sorted(found.items()))


def _descendants(kind: type[Problem]) -> Iterator[type[Problem]]:
    for child in kind.__subclasses__():
        if "code" in vars(child):
            yield child
        yield from _descendants(child)
