"""The Route: every operation of the API runs through it, and rooms get all conventions by it.

It reads the body, opens the one transaction, lets the guard authenticate on it, runs the endpoint,
renders, commits, and only then sends. Idempotency keys, ETags, conditional reads, `Location` and
media types are its business too; an endpoint holds none of that.
"""

import inspect
import warnings
from collections.abc import Callable, Collection, Coroutine, Iterator
from typing import Any, get_origin

import msgspec
from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from app.db.idempotency import Claim, claim
from app.db.transaction import Acting, Database, Transaction
from app.kit import problems
from app.kit.problems import Problem
from app.kit.schemas import Existing
from app.web.etags import matches, tag_of
from app.web.implied import UndocumentedProblem, implied_problems
from app.web.markers import (
    MANNERS,
    ON_BEHALF_OF,
    Caching,
    GuardMarker,
    Manners,
    Provided,
)
from app.web.problems import as_problem, findings, respond
from app.web.reading import (
    JSON,
    check_accept,
    check_headers,
    check_query,
    read_body,
    read_content,
)
from app.web.rendering import converter, encode, veil
from app.web.replaying import KEPT_HEADERS, digest_of, key_of, replayed

FIRST_REFUSAL = 400
"""Status codes from here on are refusals (RFC 9110, section 15)."""


class Route(APIRoute):
    """One operation. Refuses at import what declares neither a guard nor `@public`, or both."""

    method: str
    writes: bool
    operation: str
    manners: Manners
    guard: GuardMarker | None
    provided: dict[str, Provided]
    body_model: type[BaseModel] | None
    query_names: frozenset[str]
    creates: bool
    honours_keys: bool
    header_names: tuple[str, ...]
    problems: frozenset[type[Problem]]
    """Every problem it may answer with."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        super().__init__(path, endpoint, **given)
        self.public_reason: str | None = getattr(endpoint, "__public__", None)
        name = f"{endpoint.__module__}.{endpoint.__qualname__}"
        if (self.guard is None) == (self.public_reason is None):
            raise TypeError(f"{name}: declare a guard parameter or @public(reason), one of them")
        if not inspect.iscoroutinefunction(endpoint):
            raise TypeError(f"{name}: endpoints are `async def`")

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Read once, at import, what the endpoint declares; FastAPI asks for its handler here."""
        (self.method,) = self.methods or {"GET"}
        self.operation = self.operation_id or self.name
        self.manners = getattr(self.endpoint, MANNERS, Manners())
        self.writes = self.method != "GET" or self.manners.writes
        self.guard_name, self.guard = _find_guard(self.endpoint)
        self.provided = dict(_marked(self.endpoint, Provided))
        self.body_name, self.body_model = _find_body(self.dependant)
        self.transient = _transient_fields(self.body_model)
        query = _query_fields(self.dependant)
        self.query_names = frozenset(query)
        self.single_names = frozenset(n for n, k in query.items() if get_origin(k) is not list)
        self.creates = self.method == "POST" and self.status_code in (201, 202)
        self.honours_keys = self.creates and self.manners.caching is not Caching.SECRET
        self.header_names = tuple(self._read_headers())
        self.problems = frozenset({*implied_problems(self), *self.manners.problems})
        return self._handle

    def _read_headers(self) -> Iterator[str]:
        """The request headers that mean something to this operation, for the contract too."""
        named = {provided.header for provided in self.provided.values() if provided.header}
        yield from sorted(named)
        if self.guard is not None and "Accept-Language" not in named:
            yield "Accept-Language"
        if self.method == "GET" and self.manners.caching is not Caching.SECRET:
            yield "If-None-Match"
        if self.honours_keys:
            yield "Idempotency-Key"

    async def _handle(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except Exception as error:  # noqa: BLE001 -- the one place where exceptions become answers.
            problem = as_problem(error)
        if type(problem) not in self.problems:
            told = f"{self.operation} ({self.method} {self.path_format}) answers `{problem.code}`"
            advice = "its contract does not say so: name it in @manners(problems=...)"
            warnings.warn(f"{told}, and {advice}", UndocumentedProblem, stacklevel=1)
        return respond(problem, request.url.path)

    async def _answer(self, request: Request) -> Response:
        if self.response_field is not None:
            check_accept(request)
        raw = await read_body(request, request.app.state.settings.body_timeout_seconds)
        # Values are read before a connection is held; what is wrong with them is told only to a
        # caller whom the guard has let in.
        values, refusal = self._values(request, raw)
        database: Database = request.app.state.database
        # Acting for somebody else is noted, so reading writes then.
        writes = self.writes or (self.guard is not None and ON_BEHALF_OF in request.headers)
        async with database.write() if writes else database.read() as transaction:
            if self.guard is None or self.guard_name is None:
                return await self._admitted(request, transaction, values, refusal, None)
            admission = await self.guard.admit(request, transaction, self.operation)
            values[self.guard_name] = admission.capability
            caller = admission.caller
            if admission.record is None:
                return await self._admitted(request, transaction, values, refusal, caller)
            try:
                response = await self._admitted(request, transaction, values, refusal, caller)
            except Exception as error:
                if not getattr(error, "keeps_changes", False):
                    await transaction.discard()
                await admission.record()
                transaction.keep()
                raise
            await admission.record()
        return response

    async def _admitted(
        self,
        request: Request,
        transaction: Transaction,
        values: dict[str, Any],
        refusal: Problem | None,
        caller: Acting | None,
    ) -> Response:
        """The answer to a caller whom the guard has let in."""
        if refusal is not None:
            raise refusal
        for name, provided in self.provided.items():
            values[name] = provided.provide(request, transaction)
        body = values[self.body_name] if self.body_name else None
        claimed = await self._claim(request, transaction, caller, body)
        if claimed is not None and claimed.answer is not None:
            response = replayed(claimed.answer, self._headers())
        else:
            response = await self._run(request, values, claimed, caller)
        if self.manners.writes and request.method == "HEAD":
            # Only asking what an answer would be like is no fact worth keeping.
            await transaction.discard()
        if self.manners.finish is not None:
            answer = msgspec.json.decode(response.body)
            response.body = encode(self.manners.finish(caller, body, answer))
            response.headers["content-length"] = str(len(response.body))
        return response

    def _values(self, request: Request, raw: bytes) -> tuple[dict[str, Any], Problem | None]:
        """The endpoint's arguments from the request, or the problem with them."""
        values: dict[str, Any] = {}
        errors = check_query(request, self.query_names, self.single_names)
        errors += check_headers(request, self.header_names)
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
                values[self.body_name], wrong = read_content(
                    request, raw, self.body_model, self.manners.csv
                )
            except Problem as problem:
                return values, problem
            errors += wrong
        elif raw:
            errors.append({"loc": ("body",), "type": "extra_forbidden"})
        return values, problems.Invalid(errors=findings(errors)) if errors else None

    async def _claim(
        self, request: Request, transaction: Transaction, caller: Acting | None, body: Any
    ) -> Claim | None:
        if caller is None or not self.honours_keys:
            return None
        key = key_of(request)
        if key is None:
            return None
        digest = digest_of(request, body, self.transient, caller.hidden)
        return await claim(transaction, caller, self.operation, key, digest)

    async def _run(
        self,
        request: Request,
        values: dict[str, Any],
        claimed: Claim | None,
        caller: Acting | None,
    ) -> Response:
        try:
            result = await self.endpoint(**values)
        except Problem as problem:
            if problem.keeps_changes and claimed is not None:
                await claimed.forget()
            raise
        response = self._render(request, result, caller.hidden if caller else ())
        if claimed is not None:
            headers = {n: response.headers[n] for n in KEPT_HEADERS if n in response.headers}
            await claimed.keep(response.status_code, headers, bytes(response.body))
        return response

    def _render(self, request: Request, result: Any, hidden: Collection[str]) -> Response:
        if isinstance(result, Response):
            if hasattr(result, "body_iterator"):
                raise TypeError("a stream would be sent after the commit; spool it first")
            if result.status_code >= FIRST_REFUSAL:
                raise TypeError("raise a Problem instead of returning an error response")
            return result
        status, headers = self.status_code or 200, self._headers()
        if isinstance(result, Existing):
            result, status = result.record, 200
        if self.response_field is None:
            return Response(status_code=status, headers=headers)
        content = converter(self.response_model)(result)
        if hidden:
            veil(content, hidden)
        body = encode(content)
        if self.creates and (location := self._location(request, content)):
            headers["Location"] = location
        if self.manners.caching is not Caching.SECRET:
            headers["ETag"] = tag = tag_of(content, body)
            if self.method == "GET" and matches(request.headers.get("if-none-match"), tag):
                return Response(status_code=304, headers=headers)
        return Response(body, status, headers, JSON)

    def _headers(self) -> dict[str, str]:
        headers = {"Cache-Control": str(self.manners.caching)}
        if self.guard is not None:
            headers["Vary"] = f"Authorization, {ON_BEHALF_OF}, Accept-Language"
        elif self.manners.caching is Caching.PUBLIC:
            headers["Vary"] = "Accept-Language"
        return headers

    def _location(self, request: Request, content: Any) -> str | None:
        if self.manners.location is not None:
            named = {**request.path_params, **msgspec.structs.asdict(content)}
            return self.manners.location.format(**named)
        record_id = getattr(content, "id", None)
        return f"{request.url.path}/{record_id}" if record_id is not None else None


class Router(APIRouter):
    """The router of a room: an APIRouter whose operations are Routes named by their function."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            route_class=Route,
            generate_unique_id_function=lambda route: route.name,
            **given,
        )


def _marked(endpoint: Callable[..., Any], kind: Any) -> Iterator[tuple[str, Any]]:
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
    schema = fields[0].field_info.annotation
    if len(fields) > 1 or not isinstance(schema, type) or not issubclass(schema, BaseModel):
        raise TypeError(f"{dependant.call}: a body is exactly one schema")
    return fields[0].name, schema


def _query_fields(dependant: Dependant) -> dict[str, Any]:
    """The names of all query parameters with their types; a query schema counts by its fields."""
    found: dict[str, Any] = {}
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = annotation.model_fields.items()
            found |= {field.alias or name: field.annotation for name, field in fields}
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
