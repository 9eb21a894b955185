"""Tidying generated schemas: strip noise, say nullable the 3.1 way, leave no stand-in default."""

import json
from typing import Any

Json = dict[str, Any]

SCHEMA_WORDS = ("type", "anyOf", "enum", "$ref")
LITERAL = ("example", "examples", "enum")
"""Under these stand values, not schemas."""

NULL = {"type": "null"}
INT32_MAX = 2**31 - 1
INT64_MAX = 2**63 - 1
LENGTHS = {"uuid": 36, "date": 10, "date-time": 35}
"""The most characters of a text in these formats; a date-time has up to nine decimals."""


def tidy(node: Any) -> None:
    """Tidy a contract, or a part of it, in place."""
    if isinstance(node, list):
        for item in node:
            tidy(item)
    elif isinstance(node, dict):
        _flatten_nullable(node)
        _strip(node)
        _say_defaults(node)
        _bound(node)
        for key, item in node.items():
            if key not in LITERAL:
                tidy(item)
        if node.get("in") == "query":
            _never_null(node["schema"])


def _strip(node: Json) -> None:
    """Remove titles that repeat the name, defaults that stand for absence, and our own marks."""
    if isinstance(node.get("title"), str) and not node.keys().isdisjoint(SCHEMA_WORDS):
        del node["title"]
    if "default" in node and node["default"] is None:
        del node["default"]
    node.pop("x-transient", None)
    for bound in ("minimum", "maximum"):
        if isinstance(node.get(bound), float) and node[bound].is_integer():
            # FastAPI turns every bound into a float, which rounds the largest one up.
            node[bound] = min(int(node[bound]), INT64_MAX)


def _say_defaults(node: Json) -> None:
    """Put the defaults of fields into words: by the keyword, some generators require the field."""
    for field in node.get("properties", {}).values():
        if field.get("default") is not None:
            text = f"{field.get('description', '')} Default: `{json.dumps(field.pop('default'))}`."
            field["description"] = text.strip()


def _bound(node: Json) -> None:
    """Say the bounds that a format implies, for tools that look for the words."""
    kinds = node.get("type")
    if kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds):
        wide = node.get("maximum", INT32_MAX) > INT32_MAX
        node.setdefault("format", "int64" if wide else "int32")
    elif node.get("format") in LENGTHS:
        node.setdefault("maxLength", LENGTHS[node["format"]])


def _flatten_nullable(node: Json) -> None:
    """`anyOf: [x, null]` becomes `type: [x, "null"]` where x is a plain type."""
    choices = node.get("anyOf")
    if not isinstance(choices, list) or NULL not in choices:
        return
    inner, *others = (choice for choice in choices if choice != NULL)
    if not others and isinstance(inner.get("type"), str):
        del node["anyOf"]
        node.update({**inner, **node, "type": [inner["type"], "null"]})
        if "enum" in node:
            node["enum"] = [*node["enum"], None]


def _never_null(schema: Json) -> None:
    """A query parameter is left out, never null."""
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "anyOf" in schema:
        inner = next(choice for choice in schema.pop("anyOf") if choice != NULL)
        schema.update({**inner, **schema})
    if isinstance(schema.get("enum"), list):
        schema["enum"] = [value for value in schema["enum"] if value is not None]
