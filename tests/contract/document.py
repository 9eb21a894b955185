"""The contract as these tests read it: operations, their parameters, and plain schemas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings

Json = dict[str, Any]

WHOSE = "organization_id"
"""The parameter or field that says whose records are meant; without it, they are one's own."""

OF_ITS_RECORD = ("redeliver_webhook_messages", "delivery_id")
"""Names what belongs to the record in the path, and is looked for nowhere else."""

OTHERWISE_CALLED = {"coach": "membership_id", "coach_id": "membership_id"}
"""Fields that name a record by what it is for."""

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def contract() -> Json:
    """The contract of the application under test, built from its routes."""
    secret = SecretStr("a secret of the tests, long enough")
    found: Json = create_app(Settings(_env_file=None, secret_key=secret)).openapi()
    return found


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    path: str
    method: str
    contract: Json = field(default_factory=contract, compare=False, repr=False)

    @cached_property
    def says(self) -> Json:
        """What the contract tells of it, with references to answers followed."""
        found: Json = self.contract["paths"][self.path][self.method.lower()]
        answers = {
            status: followed(answer, self.contract) for status, answer in found["responses"].items()
        }
        return {**found, "responses": answers}

    @property
    def id(self) -> str:
        return str(self.says["operationId"])

    @property
    def is_public(self) -> bool:
        return bool(self.says["security"] == [])

    @property
    def success(self) -> int:
        """The status of its usual answer; 200 of a creating one answers a repeated id."""
        found = self.says["responses"]
        return 201 if "201" in found else min(int(status) for status in found)

    @property
    def body(self) -> Json | None:
        """The schema of its request body."""
        content = self.says.get("requestBody", {}).get("content")
        return plain(content["application/json"]["schema"], self.contract) if content else None

    def parameters(self, place: str) -> dict[str, Json]:
        """The schemas of its parameters in `path`, `query` or `header`, by name."""
        return {
            one["name"]: plain(one["schema"], self.contract)
            for one in self.says.get("parameters", [])
            if one["in"] == place
        }

    def needed(self, place: str) -> set[str]:
        """The names of those parameters in `path`, `query` or `header` that must be sent."""
        found = self.says.get("parameters", [])
        return {one["name"] for one in found if one["in"] == place and one.get("required")}

    def problem_codes(self, status: int) -> set[str]:
        """The codes of the problems it may answer with, by the contract."""
        content = self.says["responses"].get(str(status), {}).get("content", {})
        return set(content.get("application/problem+json", {}).get("examples", ()))

    def __str__(self) -> str:
        return f"{self.id} ({self.method} {self.path})"


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the contract."""
    return tuple(operations_of(contract()))


def operations_of(document: Json) -> Iterator[Operation]:
    """Every operation of some contract."""
    for path, methods in document["paths"].items():
        for method in methods:
            if method in METHODS:
                yield Operation(path, method.upper(), document)


def by_id(name: str) -> Operation:
    (found,) = (one for one in operations() if one.id == name)
    return found


@cache
def collections() -> dict[str, str]:
    """The list in which the record of a path parameter is found: `plan_id` and its address."""
    found: dict[str, str] = {}
    for operation in operations():
        for name in operation.parameters("path"):
            found.setdefault(name, operation.path.partition(f"/{{{name}}}")[0])
    return found


def collection_of(name: str) -> str | None:
    """The list in which the record is found that a field or parameter names.

    It may be called like a path parameter, with a word more (`applied_to_opportunity_id`) or less
    (`request_id`) before it; a list of ids is called like several (`rejection_ids`).
    """
    name = OTHERWISE_CALLED.get(name, name)
    single = f"{name.removesuffix('_ids')}_id" if name.endswith("_ids") else name
    alike = [known for known in collections() if single.endswith(f"_{known}")]
    longer = [known for known in collections() if known.endswith(f"_{single}")]
    return next(
        (collections()[one] for one in (single, *alike, *longer) if one in collections()), None
    )


def references(operation: Operation) -> list[tuple[str, str]]:
    """The query parameters and body fields that name another record, or a list of such."""
    query = operation.parameters("query")
    document = operation.contract
    body = (operation.body or {}).get("properties", {})
    return [
        (place, name)
        for place, fields in (("query", query), ("body", body))
        for name, schema in ((name, plain(one, document)) for name, one in fields.items())
        # `record_id` needs its `collection` beside it, and is a filter alone.
        if name not in ("id", "record_id", WHOSE) and kind_of(_item(schema, document)) == "uuid"
        if (operation.id, name) != OF_ITS_RECORD
    ]


def _item(schema: Json, document: Json) -> Json:
    """What a list holds; anything else as it is."""
    return plain(schema["items"], document) if kind_of(schema) == "array" else schema


def creator(collection: str) -> Operation | None:
    """The operation that creates a record in a collection."""
    for one in operations():
        if (one.path, one.method) == (collection, "POST") and "201" in one.says["responses"]:
            return one
    return None


def followed(node: Json, document: Json) -> Json:
    """What a reference points at; anything else as it is."""
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def plain(schema: Json, document: Json | None = None) -> Json:
    """A schema with its reference followed, and whether it takes null said as `nullable`."""
    choices = schema.get("anyOf")
    if choices:
        (inner,) = (one for one in choices if one != {"type": "null"})
        schema = {**inner, **{k: v for k, v in schema.items() if k != "anyOf"}, "nullable": True}
    if "$ref" in schema:
        found = document or contract()
        target = found["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        schema = {**target, **{k: v for k, v in schema.items() if k != "$ref"}}
    if isinstance(schema.get("type"), list):
        (kind,) = (one for one in schema["type"] if one != "null")
        schema = {**schema, "type": kind, "nullable": True}
    return schema


def kind_of(schema: Json) -> str:
    """In one word what a schema describes."""
    if "enum" in schema or "const" in schema:
        return "enum"
    if schema.get("format") in ("uuid", "date", "date-time"):
        return str(schema["format"])
    return str(schema.get("type", "anything"))


def request_schemas(operation: Operation) -> Iterator[tuple[str, Json]]:
    """Every schema in an operation's requests, however deep, with where it stands."""
    for place in ("path", "query", "header"):
        for name, schema in operation.parameters(place).items():
            yield from below(f"{place}.{name}", schema, operation.contract)
    if operation.body is not None:
        yield from below("", operation.body, operation.contract)


def answer_schemas(operation: Operation) -> Iterator[tuple[str, str, Json]]:
    """Every schema in an operation's answers, however deep: the status, where, and the schema."""
    for status, answer in operation.says["responses"].items():
        for content in answer.get("content", {}).values():
            schema = plain(content["schema"], operation.contract)
            for where, inner in below("", schema, operation.contract):
                yield status, where, inner


def below(where: str, schema: Json, document: Json) -> Iterator[tuple[str, Json]]:
    """A schema and all in it, with where each stands."""
    yield where, schema
    for name, inner in schema.get("properties", {}).items():
        yield from below(f"{where}/{name}", plain(inner, document), document)
    if "items" in schema:
        yield from below(f"{where}/0", plain(schema["items"], document), document)
