"""A request that is answered 2xx, for every operation, made from the contract.

What a schema cannot tell stands in four short places: `SAMPLES` (a good value by field name),
`CHOICES` (fields whose first word would not do in an operation), `UNIQUE` (fields that take a value
once) and `_credentials` (what only the person knows). An operation that needs more fails with a
sentence that says what to add.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from tests.contract.document import (
    WHOSE,
    Json,
    Operation,
    collection_of,
    collections,
    kind_of,
    plain,
)

if TYPE_CHECKING:
    from tests.contract.scene import Person

PASSWORD = "a quiet walk along the river"
DAY = "2026-03-02"
INSTANT = "2026-03-10T09:30:00Z"

SAMPLES: Mapping[str, str] = {
    "time_zone": "Europe/Vienna",
    "locale": "de-AT",
    "country": "AT",
    "from": "22:00",
    "to": "07:00",
    "job_url": "https://example.com/jobs/1",
    "url": "https://example.com/1",
    "website": "https://example.com",
    "linkedin_url": "https://example.com/in/sam",
    "template_key": "interview",
}
CHOICES: Mapping[str, Json] = {
    "record_rejection": {"start_plan": False},  # So that a plan can be started for it.
    "add_opportunity": {"previous_opportunity_id": None},  # Or each would need one before it.
    # Only who acts for an organisation's client has such templates; and one thing is assigned.
    "start_recovery_plan": {"plan_template_id": None},
    "assign_steps": {"plan_template_id": None},
    "update_rejection": {"status": "closed"},  # Only a closed one has `closed_on`.
    "record_interaction": {"status": "done"},  # Only a done one has `occurred_at`.
    "update_interaction": {"status": "done"},
    "update_recovery_step": {"status": "skipped", "skip_reason": "not_now"},
    "record_feedback_request": {"status": "sent"},  # Only what was sent has `sent_on`.
    "update_feedback_request": {"status": "sent"},  # Only what was sent can be nudged.
    "record_feedback": {"request_id": None},  # A request about the same rejection is needed.
    "update_feedback": {"request_id": None},
    "capture_lesson": {"status": "applied"},  # Only an applied one has `applied_on`.
    "update_lesson": {"status": "applied"},
    "create_invitation": {"role": None, "coach_id": None},  # A client has no role.
    # A key of their own, with a scope that every caller of it holds.
    "create_api_key": {"organization_id": None, "scopes": ["keys:manage"]},
    "update_grant": {"status": "active"},
    "invite_batch": {"role": None, "coach_id": None},
    "update_invitation": {"status": "withdrawn"},  # The one status that can be set.
    "redeliver_webhook_messages": {"delivery_id": None},  # It says it in one way, by `since`.
}

UNIQUE = frozenset(
    {
        ("add_company", "name"),
        ("create_invitation", "external_id"),
        ("invite_batch", "external_id"),
        ("record_skill_gap", "name"),
        ("update_client", "external_id"),
        ("update_company", "name"),
        ("update_skill_gap", "name"),
    }
)
"""Fields of an operation whose value no other record of the person may have."""


def chosen_by_chance() -> str:
    """A word that nobody else has, of digits only: no stem of it tells two of them apart."""
    return f"{uuid4().int % 10**32:032}"


@dataclass(frozen=True)
class Request:
    """A request to an operation; `content` stands for bytes that are not simply `body` as JSON."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    body: Any = None
    content: bytes | None = None
    chunked: bool = False

    @property
    def text(self) -> str:
        """The body as JSON."""
        return json.dumps(self.body)

    def saying(self, content: str | bytes, **headers: str) -> "Request":
        """The same request with other bytes for a body."""
        data = content if isinstance(content, bytes) else content.encode()
        return replace(self, content=data, headers={**self.headers, **headers})

    def asking(self, name: str, value: str) -> "Request":
        """The same request with another value for a query parameter, percent-encoded already."""
        rest = tuple(one for one in self.query if one[0] != name)
        return replace(self, query=(*rest, (name, value)))

    def unfiltered(self) -> "Request":
        """The same request with those query parameters alone that must be there."""
        needed = self.operation.needed("query")
        return replace(self, query=tuple(one for one in self.query if one[0] in needed))

    def with_headers(self, **headers: str | bytes | None) -> "Request":
        """The same request with other headers; None leaves one out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**{k: v for k, v in self.headers.items() if k not in named}, **named}
        return replace(self, headers={k: v for k, v in merged.items() if v is not None})

    async def send(
        self, http: httpx.AsyncClient, credentials: Mapping[str, str] | None = None
    ) -> httpx.Response:
        path = self.operation.path
        for name, value in self.path.items():
            path = path.replace(f"{{{name}}}", value)
        query = "&".join(f"{name}={value}" for name, value in self.query)
        content: bytes | AsyncIterator[bytes] | None = self.content
        if content is None and self.body is not None:
            content = self.text.encode()
        if self.chunked and isinstance(content, bytes):
            content = _in_chunks(content)
        headers = [*self.headers.items(), *(credentials or {}).items()]
        return await http.request(
            self.operation.method,
            f"{path}?{query}" if query else path,
            content=content,
            headers=[(_latin(name), _latin(value)) for name, value in headers],
        )


async def good_request(operation: Operation, person: "Person") -> Request:
    """A request of this person to this operation that is answered 2xx."""
    path = {}
    for name in operation.parameters("path"):
        path[name] = await person.make(collections()[name], name)
    query = [
        (name, quote(_written(await _value(operation, name, schema, person))))
        for name, schema in operation.parameters("query").items()
        if name not in ("cursor", WHOSE)
    ]
    headers: dict[str, str | bytes] = {}
    if "Idempotency-Key" in operation.parameters("header"):
        headers["Idempotency-Key"] = str(uuid4())
    body = None
    if operation.body is not None:
        headers["Content-Type"] = "application/json"
        secret = await _credentials(operation, person)
        left = {k: v for k, v in operation.body["properties"].items() if k not in secret}
        body = await _value(operation, "body", {**operation.body, "properties": left}, person)
        body |= secret
    request = Request(operation, path, tuple(query), headers, body)
    if "If-Match" in operation.parameters("header"):
        read = Request(Operation(operation.path, "GET"), path)
        request = request.with_headers(If_Match=(await person.send(read)).headers["ETag"])
    return request


def _written(value: Any) -> str:
    """A value as it stands in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


async def _credentials(  # noqa: PLR0911 -- one case for each caller
    operation: Operation, person: "Person"
) -> Json:
    """What this person knows: their address, their tokens, what was mailed to them, the time."""
    http = person.scene.anyone
    match operation.id:
        case "create_session":
            return {"email": person.email}
        case "refresh_session":
            return {"refresh_token": person.tokens["refresh_token"]}
        case "verify_email":
            address = f"{chosen_by_chance()}@example.com"
            body = {"new_email": address, "password": PASSWORD}
            await http.post("/v1/me/email-changes", json=body, headers=person.authorization)
            return {"token": await person.scene.mailed_token(address)}
        case "confirm_password_reset":
            await http.post("/v1/password-resets", json={"email": person.email})
            return {"token": await person.scene.mailed_token(person.email)}
        case "create_api_key":
            return {"expires_at": person.scene.ahead()}
        case "update_grant":
            return {"expires_at": person.scene.ahead(days=50)}
        case "create_grant":
            # Only oneself can be both asked and agree.
            return {"account_id": person.id, "expires_at": person.scene.ahead()}
        case "accept_invitation":
            return {"token": await person.scene.invitation()}
        case _:
            return {}


async def _value(operation: Operation, name: str, schema: Json, person: "Person") -> Any:
    """A good value for a schema."""
    kind = kind_of(schema)
    if kind == "object":
        if set(schema["properties"]) == {"collection", "id"}:
            return await _reference(schema, person)
        chosen = CHOICES.get(operation.id, {})
        return {
            key: chosen[key]
            if key in chosen
            else await _value(operation, key, plain(inner), person)
            for key, inner in schema["properties"].items()
        }
    if kind == "array":
        return [await _value(operation, name, plain(schema["items"]), person)]
    if kind == "uuid":
        return await _id(name, person)
    if kind == "string":
        return _text(operation, name, schema, person.word)
    simple = {"boolean": True, "date": DAY, "date-time": INSTANT}
    return simple[kind] if kind in simple else schema.get("minimum", schema.get("enum", [0])[0])


async def _id(name: str, person: "Person") -> str:
    """A fresh id, or that of a record of this person which the name refers to."""
    if name in ("id", "record_id"):  # A new one, or a filter that any record would do for.
        return str(uuid4())
    return await person.make(collection_of(name), name)


async def _reference(schema: Json, person: "Person") -> Json:
    """One record of this person in the first of several collections."""
    collection = plain(schema["properties"]["collection"])["enum"][0]
    record_id = await person.make(f"/v1/{collection.replace('_', '-')}", collection)
    return {"collection": collection, "id": record_id}


def _text(operation: Operation, name: str, schema: Json, word: str) -> str:
    if schema.get("format") == "email":
        return f"{chosen_by_chance()}@example.com"
    if schema.get("format") == "password":
        return PASSWORD
    changed = "Changed" if operation.method == "PATCH" else "Sample"
    value = SAMPLES.get(name, f"{changed} text {word}"[: schema["maxLength"]].strip())
    if (operation.id, name) in UNIQUE:
        value = f"{value} {chosen_by_chance()}"
    assert re.search(schema.get("pattern", ""), value) or name in ("token", "refresh_token"), (
        f"{operation}: add a good value for `{name}` to SAMPLES in tests/contract/requests.py"
    )
    return value


async def _in_chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


def _latin(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
