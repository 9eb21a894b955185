"""The contract as these tests read it: operations, their parameters, and plain schemas."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings

Json = dict[str, Any]

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

    @property
    def says(self) -> Json:
        found: Json = contract()["paths"][self.path][self.method.lower()]
        return found

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
        return plain(content["application/json"]["schema"]) if content else None

    def parameters(self, place: str) -> dict[str, Json]:
        """The schemas of its parameters in `path`, `query` or `header`, by name."""
        return {
            one["name"]: plain(one["schema"])
            for one in self.says.get("parameters", [])
            if one["in"] == place
        }

    def problem_codes(self, status: int) -> set[str]:
        """The codes of the problems it may answer with, by the contract."""
        content = self.says["responses"].get(str(status), {}).get("content", {})
        return set(content.get("application/problem+json", {}).get("examples", ()))

    def __str__(self) -> str:
        return f"{self.id} ({self.method} {self.path})"


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the contract."""
    return tuple(
        Operation(path, method.upper())
        for path, methods in contract()["paths"].items()
        for method in methods
        if method in METHODS
    )


def by_id(name: str) -> Operation:
    (found,) = (one for one in operations() if one.id == name)
    return found


@cache
def collections() -> dict[str, str]:
    """The list in which the record of a path parameter is found: `plan_id` and its address."""
    found = {}
    for operation in operations():
        before, _, rest = operation.path.partition("/{")
        if rest:
            found[rest.partition("}")[0]] = before
    return found


def creator(collection: str) -> Operation | None:
    """The operation that creates a record in a collection."""
    for one in operations():
        if (one.path, one.method) == (collection, "POST") and "201" in one.says["responses"]:
            return one
    return None


def plain(schema: Json) -> Json:
    """A schema with its reference followed, and whether it takes null said as `nullable`."""
    choices = schema.get("anyOf")
    if choices:
        (inner,) = (one for one in choices if one != {"type": "null"})
        schema = {**inner, **{k: v for k, v in schema.items() if k != "anyOf"}, "nullable": True}
    if "$ref" in schema:
        target = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
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
            yield from _below(f"{place}.{name}", schema)
    if operation.body is not None:
        yield from _below("", operation.body)


def _below(where: str, schema: Json) -> Iterator[tuple[str, Json]]:
    yield where, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _below(f"{where}/{name}", plain(inner))
    if "items" in schema:
        yield from _below(f"{where}/0", plain(schema["items"]))
