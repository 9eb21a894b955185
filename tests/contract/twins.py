"""Requests beside the one of the victim: for what never was, and without what only they know."""

import re
from collections.abc import Container
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from app.auth import tokens
from app.auth.consent import COLLECTIONS
from app.auth.terms import ConsentCategory
from tests.contract.document import WHOSE, collection_of, references
from tests.contract.requests import Request

IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def absent(request: Request, keeps: Container[str] = ()) -> Request:
    """The same request with ids that never were in place of those it names."""
    path = {name: _never(one) if name not in keeps else one for name, one in request.path.items()}
    named = {WHOSE, "record_id", *(name for _, name in references(request.operation))}
    query = tuple((name, _never(one) if name in named else one) for name, one in request.query)
    headers = dict(request.headers)
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid4())
    body = request.body
    if isinstance(body, dict):
        body = {name: _never(one) if name in named else one for name, one in body.items()}
        body |= {
            name: {**one, "id": _never(one["id"])}
            for name, one in body.items()
            if _is_reference(one)
        }
    return replace(request, path=path, query=query, headers=headers, body=body)


def _is_reference(value: Any) -> bool:
    """Whether a value names a record of one of several collections."""
    return isinstance(value, dict) and value.keys() == {"collection", "id"}


def about(request: Request, organization_id: UUID) -> Request:
    """The same request about the records of an organisation."""
    if WHOSE in request.operation.parameters("query"):
        return request.asking(WHOSE, str(organization_id))
    return replace(request, body={**request.body, WHOSE: str(organization_id)})


def without_secret(request: Request) -> Request:
    """The same request with a token that nobody was given; who holds a mailed one is let in."""
    if not isinstance(request.body, dict) or "token" not in request.body:
        return request
    prefix = request.body["token"][: len(tokens.INVITATION)]
    return replace(request, body={**request.body, "token": tokens.new_token(prefix).text})


def _never(value: Any) -> Any:
    """As many fresh ids as there are in a value."""
    if isinstance(value, list):
        return [_never(one) for one in value]
    return IDS.sub(lambda _: str(uuid4()), value) if value is not None else None


def categories_of(request: Request) -> frozenset[ConsentCategory]:
    """The categories of the records to which a request refers beside its path."""
    named = {name for _, name in references(request.operation)}
    given = {**dict(request.query), **(request.body or {})}
    lists = [collection_of(name) for name, one in given.items() if name in named and one]
    lists += [one["collection"] for one in given.values() if _is_reference(one)]
    tables = {(one or "").rpartition("/")[2].replace("-", "_") for one in lists}
    return frozenset(COLLECTIONS[one] for one in tables if one in COLLECTIONS)
