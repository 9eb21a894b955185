"""Examples of requests and answers.

Those of requests are written beside their schemas (`Request.examples`). Those of answers are made
from them: what a caller sent comes back, the rest is the plainest value its schema takes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.kit.ids import example_id
from app.kit.schemas import Request
from app.web.contract.links import record_names
from app.web.routing import Route

Json = dict[str, Any]

PLAIN_TEXTS = {
    "uuid": str(example_id("id")),
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:30:00Z",
    "uri": "https://example.com",
}
"""What stands for a text of some format."""

A_SMALL_NUMBER = 3


class NoExampleError(LookupError):
    """No value can be made up for a text: its field needs `examples`."""


def of_request(model: type[Request]) -> Json:
    """The examples of a request body, as OpenAPI names them."""
    return {
        re.sub(r"\W+", "_", summary.lower()).strip("_"): {"summary": summary, "value": dict(value)}
        for summary, value in model.examples.items()
    }


def add_to_answers(document: Json, routes: Sequence[Route]) -> None:
    """Add an example to every answer with a body for which one can be made.

    It stands once for each schema under `components/examples`.
    """
    samples = _Samples(document["components"]["schemas"], _known_values(document, routes))
    found = document["components"].setdefault("examples", {})
    for route in routes:
        operation = document["paths"][route.path_format][route.method.lower()]
        for response in operation["responses"].values():
            content = response.get("content", {}).get("application/json")
            if content is not None and "$ref" in content["schema"]:
                name = _target(content["schema"])
                try:
                    found[name] = {"summary": "An answer", "value": samples.of(content["schema"])}
                except NoExampleError:
                    continue  # The gates name the operation whose answer lacks its example.
                content["examples"] = {"answer": {"$ref": f"#/components/examples/{name}"}}


def _known_values(document: Json, routes: Sequence[Route]) -> dict[str, Json]:
    """By the schemas of a record, the values of its fields that examples of requests tell."""
    known: dict[str, Json] = {}
    for collection, name in record_names(routes).items():
        values: Json = {"id": str(example_id(name))}
        of_this = [r for r in routes if r.path_format in (collection, f"{collection}/{{{name}}}")]
        for route in of_this:
            model = route.body_model
            if route.creates and model and issubclass(model, Request) and model.examples:
                *_, fullest = sorted(model.examples.values(), key=len)
                values |= fullest
        for route in of_this:
            operation = document["paths"][route.path_format][route.method.lower()]
            for schema_name in _record_schemas(operation, document["components"]["schemas"]):
                known[schema_name] = values
    return known


def _record_schemas(operation: Json, schemas: Json) -> Iterator[str]:
    """The names of the schemas in which an operation answers a record or a list of records."""
    for status in ("200", "201"):
        content = operation["responses"].get(status, {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if "$ref" in schema:
            name = _target(schema)
            yield name
            items = schemas[name].get("properties", {}).get("items", {}).get("items", {})
            if "$ref" in items:
                yield _target(items)


def _target(schema: Json) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


class _Samples:
    """Makes values for schemas."""

    def __init__(self, schemas: Json, known: Mapping[str, Json]) -> None:
        self._schemas = schemas
        self._known = known

    def of(self, schema: Json, name: str = "") -> Any:
        """The plainest value that a schema takes.

        Raises:
            NoExampleError: it would have to make up a text.
        """
        if "$ref" in schema:
            return self._named(_target(schema), name)
        for given in ("examples", "enum"):
            if given in schema:
                return schema[given][0]
        for given in ("const", "default"):
            if given in schema:
                return schema[given]
        return self._made_up(schema, name)

    def _made_up(self, schema: Json, name: str) -> Any:
        kind = schema.get("type")
        if "anyOf" in schema or isinstance(kind, list):
            value: Any = None
        elif kind == "object":
            value = self._object(schema, {})
        elif kind == "array":
            value = [self.of(schema["items"], name)]
        elif kind == "boolean":
            value = False
        elif kind == "integer":
            value = max(schema["minimum"], min(A_SMALL_NUMBER, schema["maximum"]))
        else:
            value = self._text(schema, name)
        return value

    def _named(self, schema_name: str, name: str) -> Any:
        schema = self._schemas[schema_name]
        if schema.get("type") == "object" and "examples" not in schema:
            return self._object(schema, self._known.get(schema_name, {}))
        return self.of(schema, name)

    def _object(self, schema: Json, known: Json) -> Json:
        return {
            name: known[name] if name in known else self.of(inner, name)
            for name, inner in schema.get("properties", {}).items()
        }

    def _text(self, schema: Json, name: str) -> str:
        if schema.get("format") == "uuid" and name != "id":
            return str(example_id(name))
        try:
            return PLAIN_TEXTS[schema.get("format", "")]
        except KeyError:
            raise NoExampleError(name) from None
