"""How the contract tells of the problems that operations can answer with.

A refusal of the same status and the same kinds stands once under `components/responses` and is
referred to by every operation that can answer with it.
"""

from typing import Any

from app.kit.fields import Line, Text
from app.kit.ids import example_id
from app.kit.problems import Problem
from app.web.contract import headers
from app.web.problems import MEDIA_TYPE
from app.web.rates import is_limited
from app.web.routing import Route

Json = dict[str, Any]

FINDING: Json = {
    "type": "object",
    "description": "One value that is not acceptable.",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {
            "type": "string",
            "maxLength": 500,
            "pattern": Text.pattern,
            "description": (
                "A JSON Pointer into the body, or `query`, `path` or `header`, a dot, and a name."
            ),
        },
        "code": {
            "type": "string",
            "maxLength": 60,
            "pattern": "^[a-z0-9_]+$",
            "description": "What is wrong, for programs.",
        },
        "message": {
            "type": "string",
            "maxLength": 2000,
            "pattern": Text.pattern,
            "description": "What is wrong, for people; in English.",
        },
    },
}
PROBLEM: Json = {
    "type": "object",
    "description": "A refusal (RFC 9457). It never repeats what was sent.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "maxLength": 100,
            "description": "The address of a page that explains this kind of problem.",
        },
        "title": {"type": "string", "maxLength": 200, "pattern": Line.pattern},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 500, "pattern": Text.pattern},
        "instance": {
            "type": "string",
            "format": "uri-reference",
            "maxLength": 16384,
            "description": "The path asked for.",
        },
    },
}
INSTANCE = f"/v1/rejections/{example_id('rejection_id')}"


class Refusals:
    """Collects the refusals of all operations, each kept once."""

    def __init__(self) -> None:
        self._kinds: set[type[Problem]] = set()
        self.responses: Json = {}

    def of(self, route: Route) -> Json:
        """The refusals of an operation, by status, as references."""
        by_status: dict[int, list[type[Problem]]] = {}
        for kind in sorted(route.problems, key=lambda kind: (kind.status, kind.code)):
            by_status.setdefault(kind.status, []).append(kind)
        limited = is_limited(route.path_format)
        return {
            str(status): {
                "$ref": f"#/components/responses/{self._add(status, kinds, limited=limited)}"
            }
            for status, kinds in by_status.items()
        }

    def schemas(self) -> Json:
        """The schemas of problems, with the members that the collected kinds add."""
        added = {
            name: schema
            for kind in sorted(self._kinds, key=lambda kind: kind.code)
            for name, schema in kind.extra_members.items()
        }
        properties = {**PROBLEM["properties"], **dict(sorted(added.items()))}
        return {"Problem": {**PROBLEM, "properties": properties}, "Finding": FINDING}

    def _add(self, status: int, kinds: list[type[Problem]], *, limited: bool) -> str:
        name = "Or".join(kind.__name__ for kind in kinds) + ("" if limited else "Unlimited")
        self._kinds.update(kinds)
        self.responses[name] = {
            "description": " ".join(f"{kind.title} (`{kind.code}`)." for kind in kinds),
            "headers": headers.of_refusal(status, limited=limited),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {kind.code: _example(kind) for kind in kinds},
                }
            },
        }
        return name


def _example(kind: type[Problem]) -> Json:
    members = {name: schema["examples"][0] for name, schema in kind.extra_members.items()}
    return {
        "summary": kind.title,
        "value": {
            "type": f"/problems/{kind.code}",
            "title": kind.title,
            "status": kind.status,
            "instance": INSTANCE,
            **members,
        },
    }
