"""Messages that the server sends by itself, as the contract tells of them (`webhooks`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.web.reading import PRINTABLE

Json = dict[str, Any]

REFERENCE = "#/components/schemas/{model}"
MAX_HEADER_CHARACTERS = 200


@dataclass(frozen=True)
class Message:
    """One kind of message; `headers` are its own ones with what they say."""

    name: str
    operation: str
    tag: str
    summary: str
    description: str
    model: type[BaseModel]
    headers: Mapping[str, str]
    example: Mapping[str, Any]


def add_messages(document: Json, messages: Iterable[Message]) -> None:
    """Add messages to a contract, with their schemas."""
    for message in messages:
        schema = message.model.model_json_schema(ref_template=REFERENCE, mode="serialization")
        name = message.model.__name__
        schemas = document["components"]["schemas"]
        for inner, its in {**schema.pop("$defs", {}), name: schema}.items():
            schemas.setdefault(inner, its)
        reference = {"$ref": REFERENCE.format(model=name)}
        document.setdefault("webhooks", {})[message.name] = {"post": _operation(message, reference)}


def _operation(message: Message, schema: Json) -> Json:
    return {
        "tags": [message.tag],
        "summary": message.summary,
        "description": message.description,
        "operationId": message.operation,
        "security": [],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": text,
                "schema": {
                    "type": "string",
                    "maxLength": MAX_HEADER_CHARACTERS,
                    "pattern": PRINTABLE,
                },
            }
            for name, text in message.headers.items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": schema,
                    "examples": {
                        "message": {"summary": "A message", "value": dict(message.example)}
                    },
                }
            },
        },
        "responses": {
            "204": {"description": "You have it; any 2xx says so."},
            "410": {"description": "You want nothing more at this address."},
        },
    }
