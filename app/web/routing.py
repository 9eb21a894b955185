"""The Route: every operation of the API runs through it, and rooms get all conventions by it.

It reads the body, opens the one transaction, lets the guard authenticate on it, runs the endpoint,
renders, commits, and only then sends. Idempotency keys, ETags, conditional reads, `Location` and
media types are its business too; an endpoint holds none of that.
"""

import hashlib
import inspect
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_origin

import msgspec
from fastapi import APIRouter, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.db.idempotency import MAX_KEY_CHARACTERS, Claim, claim
from app.db.transaction import Database, Owner, Transaction
from app.kit import problems
from app.kit.problems import Problem
from app.kit.schemas import Existing
from app.kit.terms import Language, negotiate
from app.web.etags import matches, tag_of
from app.web.problems import as_problem, findings, respond
from app.web.reading import JSON, check_query, read_body, read_json, check_accept
from app.web.rendering import converter, encode

T = TypeVar("T")

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Caching(StrEnum):
    """What a cache may do with an answer."""

    PRIVATE = "private, no-cache"
    SECRET = "no-store"
    PUBLIC = "public, max-age=3600"


@dataclass(frozen=True)
class Admission:
    """A guard's decision: who calls, and the capability their endpoint gets."""

    caller: Owner
    capability: Any


@dataclass(frozen=True)
class GuardMarker(params.Depends):
    """The marker by which the Route knows guards; `app.auth.guards` implements it.

    To FastAPI it is a dependency without parameters, which the Route never asks FastAPI to solve.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "dependency", _solved_by_the_route)

    @property
    @abstractmethod
    def scope_name(self) -> str:
        """The scope this guard asks for, as the contract names it."""

    @abstractmethod
    async def admit(self, request: Request, transaction: Transaction) -> Admission:
        """Authenticate and authorise, raising a problem otherwise."""


@dataclass(frozen=True)
class Provided(params.Depends):
    """Marks a parameter that the Route takes from the request, after the guard has admitted it.

    `header` names the request header it reads, for the contract.
    """

    provide: Callable[[Request, Transaction], Any] = field(kw_only=True)
    header: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dependency", _solved_by_the_route)


async def _solved_by_the_route() -> None:
    raise RuntimeError("this parameter is solved by the Route, not by FastAPI")


OPEN_TRANSACTION = Provided(provide=lambda _, transaction: transaction)
"""Marks the parameter of a public endpoint that gets the transaction, opened at first use."""

RequestLanguage = Annotated[
    Language,
    Provided(
        provide=lambda request, _: negotiate(request.headers.get("accept-language")),
        header="Accept-Language",
    ),
]
"""The language a public endpoint answers in; guarded ones have `caller.language`."""


def public(reason: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare that anyone may call an endpoint, and why."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.__public__ = reason  # type: ignore[attr-defined]  # read back by the Route
        return endpoint

    return mark


@dataclass(frozen=True)
class Manners:
    """What an operation says beyond FastAPI's own arguments.

    problems: what the operation can answer with beyond what its form implies, for the contract.
    location: where a created record is found; by default the collection's path and the id.
    caching: PRIVATE for personal data, SECRET where the answer carries a secret, PUBLIC else.
    finish: turns the stored answer of a POST into the sent one, given the caller, the request's
    body and the answer. It runs on the first answer and on each replay; what it adds is not stored.
    """

    problems: tuple[type[Problem], ...] = ()
    location: str | None = None
    caching: Caching = Caching.PRIVATE
    finish: Callable[[Any, Any, dict[str, Any]], dict[str, Any]] | None = None


MANNERS = "__manners__"


def manners(**given: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Attach `Manners` to an endpoint."""

    def mark(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        setattr(endpoint, MANNERS, Manners(**given))
        return endpoint

    return mark


class Route(APIRoute):
    """One operation. Refuses at import what declares neither a guard nor `@public`, or both."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, endpoint, **given)
        self.public_reason: str | None = getattr(endpoint, "__public__", None)
        self.manners: Manners = getattr(endpoint, MANNERS, Manners())
        name = f"{endpoint.__module__}.{endpoint.__qualname__}"
        if (self.guard is None) == (self.public_reason is None):
            raise TypeError(f"{name}: declare a guard parameter or @public(reason), one of them")
        if not inspect.iscoroutinefunction(endpoint):
            raise TypeError(f"{name}: endpoints are `async def`")

    @property
    def operation(self) -> str:
        return self.operation_id or self.name

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # a narrower awaitable
        self.guard_name, self.guard = _find_guard(self.endpoint)
        self.method = next(iter(self.methods))
        self.body_name, self.body_model = _find_body(self.dependant)
        query = _query_fields(self.dependant)
        self.query_names = frozenset(query)
        self.single_names = frozenset(n for n, kind in query.items() if get_origin(kind) is not list)
        self.provided = dict(_marked(self.endpoint, Provided))
        self.idempotent = self.method == "POST" and (self.status_code or 200) in (201, 202)
        self.transient = _transient_fields(self.body_model)
        return self._handle

    async def _handle(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except Exception as error:  # noqa: BLE001 -- the one place where exceptions become answers.
            return respond(as_problem(error), request.url.path)

    async def _answer(self, request: Request) -> Response:
        if self.response_field is not None:
            check_accept(request)
        raw = await read_body(request, request.app.state.settings.body_timeout_seconds)
        database: Database = request.app.state.database
        async with database.write() if self.method in WRITES else database.read() as transaction:
            # Values are read before the guard runs, so that no connection waits for parsing; what
            # is wrong with them is told only to a caller who was let in.
            values, refusal = self._values(request, raw)
            caller: Owner | None = None
            if self.guard is not None and self.guard_name is not None:
                admission = await self.guard.admit(request, transaction)
                caller, values[self.guard_name] = admission.caller, admission.capability
            if refusal is not None:
                raise refusal
            for name, provided in self.provided.items():
                values[name] = provided.provide(request, transaction)
            claimed = await self._claim(request, transaction, caller, values)
            if claimed is not None and claimed.answer is not None:
                return self._replay(claimed, caller, values)
            try:
                result = await self.endpoint(**values)
            except Problem as problem:
                if problem.keeps_changes and claimed is not None:
                    await claimed.forget()
                raise
            response, content = self._render(request, result)
            if claimed is not None:
                kept = {
                    name: response.headers[name]
                    for name in ("location", "etag")
                    if name in response.headers
                }
                await claimed.keep(response.status_code, kept, response.body)  # type: ignore[arg-type]  # bytes: never streamed
            if self.manners.finish is not None and content is not None:
                self._finish(response, caller, values, content)
        return response

    def _values(self, request: Request, raw: bytes) -> tuple[dict[str, Any], Problem | None]:
        """The endpoint's arguments from the request, or the problem with them."""
        values: dict[str, Any] = {}
        errors = check_query(request, self.query_names, self.single_names)
        for fields, given in (
            (self.dependant.path_params, request.path_params),
            (self.dependant.query_params, request.query_params),
            (self.dependant.header_params, request.headers),
        ):
            if fields:
                found, wrong = request_params_to_args(fields, given)
                values.update(found)
                errors += wrong
        if self.body_model is not None and self.body_name is not None:
            try:
                values[self.body_name], wrong = read_json(request, raw, self.body_model)
            except Problem as problem:
                return values, problem
            errors += wrong
        elif raw:
            errors.append({"loc": ("body",), "type": "extra_forbidden"})
        return values, problems.Invalid(errors=findings(errors)) if errors else None

    # Idempotency

    async def _claim(
        self,
        request: Request,
        transaction: Transaction,
        caller: Owner | None,
        values: dict[str, Any],
    ) -> Claim | None:
        header = request.headers.get("idempotency-key")
        if header is None or caller is None or not self.honours_keys:
            return None
        key = header.strip()
        if len(key) >= 2 and key[0] == key[-1] == '"':
            key = key[1:-1]
        if not key or len(key) > MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
            raise problems.invalid(
                "header.Idempotency-Key", "rule", "must be 1 to 255 printable ASCII characters"
            )
        return await claim(
            transaction, caller.owner_id, self.operation, key, self._digest(request, values)
        )

    @property
    def honours_keys(self) -> bool:
        return self.idempotent and self.manners.caching is not Caching.SECRET

    def _digest(self, request: Request, values: dict[str, Any]) -> bytes:
        """What makes two requests the same: their address and what they said, not its spelling."""
        body = values.get(self.body_name) if self.body_name else None
        said = body.model_dump(mode="json", exclude_unset=True, exclude=self.transient) if body else None
        text = msgspec.json.encode([request.url.path, request.url.query, said], order="sorted")
        return hashlib.sha256(text).digest()

    def _replay(self, claimed: Claim, caller: Owner | None, values: dict[str, Any]) -> Response:
        answer = claimed.answer
        assert answer is not None  # noqa: S101 -- the caller asked.
        headers = {
            **(answer.headers or {}),
            "Idempotency-Replayed": "true",
            "Cache-Control": self.manners.caching,
        }
        response = Response(answer.body, answer.status, headers, JSON)
        if self.manners.finish is not None:
            self._finish(response, caller, values, msgspec.json.decode(answer.body))
        return response

    def _finish(
        self, response: Response, caller: Owner | None, values: dict[str, Any], content: Any
    ) -> None:
        assert self.manners.finish is not None  # noqa: S101 -- the caller asked.
        body = values.get(self.body_name) if self.body_name else None
        response.body = encode(self.manners.finish(caller, body, msgspec.to_builtins(content)))
        response.headers["content-length"] = str(len(response.body))

    # Answering

    def _render(self, request: Request, result: Any) -> tuple[Response, Any]:
        if isinstance(result, Response):
            if type(result) is not Response and hasattr(result, "body_iterator"):
                raise TypeError("a stream would be sent after the commit; spool it first")
            if result.status_code >= 400:
                raise TypeError("raise a Problem instead of returning an error response")
            return result, None
        status = self.status_code or 200
        headers = {"Cache-Control": str(self.manners.caching)}
        if self.guard is not None:
            headers["Vary"] = "Authorization, Accept-Language"
        elif self.manners.caching is Caching.PUBLIC:
            headers["Vary"] = "Accept-Language"
        if isinstance(result, Existing):
            result, status = result.record, 200
        if result is None or self.response_field is None:
            return Response(status_code=status, headers=headers), None
        content = converter(self.response_model)(result)
        body = encode(content)
        if self.idempotent:
            with suppress(AttributeError):
                headers["Location"] = self._location(request, content)
        if self.manners.caching is not Caching.SECRET:
            headers["ETag"] = tag = tag_of(content, body)
            if self.method == "GET" and matches(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers=headers), None
        return Response(body, status, headers, JSON), content

    def _location(self, request: Request, content: Any) -> str:
        if self.manners.location is not None:
            return self.manners.location.format(
                **{name: getattr(content, name, "") for name in ("id", "account_id")}
            )
        return f"{request.url.path}/{content.id}"


class Router(APIRouter):
    """The router of a room: an APIRouter whose operations are Routes named by their function."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            route_class=Route,
            generate_unique_id_function=lambda route: route.name,
            **given,
        )


def _marked(endpoint: Callable[..., Any], kind: type[T]) -> Iterator[tuple[str, T]]:
    """The parameters of an endpoint that are annotated with a marker of that kind."""
    for name, parameter in inspect.signature(endpoint, eval_str=True).parameters.items():
        for mark in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(mark, kind):
                yield name, mark


def _find_guard(endpoint: Callable[..., Any]) -> tuple[str | None, GuardMarker | None]:
    found = list(_marked(endpoint, GuardMarker))
    if len(found) > 1:
        raise TypeError(f"{endpoint.__qualname__}: one guard is enough")
    return found[0] if found else (None, None)


def _find_body(dependant: Dependant) -> tuple[str | None, type[BaseModel] | None]:
    fields = dependant.body_params
    if not fields:
        return None, None
    if len(fields) > 1 or not issubclass(fields[0].field_info.annotation or object, BaseModel):
        raise TypeError(f"{dependant.call}: a body is exactly one schema")
    return fields[0].name, fields[0].field_info.annotation  # type: ignore[return-value]  # checked above


def _query_fields(dependant: Dependant) -> dict[str, Any]:
    """The names of all query parameters with their types; a query schema counts by its fields."""
    found: dict[str, Any] = {}
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= {name: f.annotation for name, f in annotation.model_fields.items()}
        else:
            found[parameter.alias] = annotation
    return found


def _transient_fields(model: type[BaseModel] | None) -> set[str]:
    """Fields of a request that leave no trace, not even in a digest (see `app.kit.fields`)."""
    if model is None:
        return set()
    return {
        name
        for name, field in model.model_fields.items()
        if (field.json_schema_extra or {}).get("x-transient")  # type: ignore[union-attr]  # never a callable here
    }
