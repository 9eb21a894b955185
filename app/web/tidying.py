"""Tidying generated schemas: strip noise, say nullable the 3.1 way, leave no stand-in default."""

from typing import Any

Json = dict[str, Any]

SCHEMA_WORDS = ("type", "anyOf", "enum", "$ref")
LITERAL = ("example", "examples", "enum")
"""Under these stand values, not schemas."""

NULL = {"type": "null"}


def tidy(node: Any) -> None:
    """Tidy a contract, or a part of it, in place."""
    if isinstance(node, list):
        for item in node:
            tidy(item)
    elif isinstance(node, dict):
        _strip(node)
        _flatten_nullable(node)
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
            node[bound] = int(node[bound])  # FastAPI turns every bound into a float.


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
