"""The bases of all wire shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.kit.cursors import MAX_CURSOR_CHARACTERS
from app.kit.fields import FromText, Id, Instant

MAX_REVISION = 2**63 - 1


def omittable(description: str | None = None) -> Any:
    """The default of a field that may be left out but never be null."""
    return Field(default=None, description=description)


OMITTABLE: Any = omittable()
"""The same without a description, as in every PATCH."""

TRANSIENT: dict[str, Any] = {"x-transient": True}
"""Marks a request field that is acted upon and then gone: never stored, logged or replayed."""

Cursor = Annotated[
    str, Field(min_length=1, max_length=MAX_CURSOR_CHARACTERS, pattern="^[A-Za-z0-9_-]+$")
]

Limit = Annotated[int, Field(ge=1, le=100), FromText]

LIMIT: Any = Field(default=20, description="How many items at most.")
CURSOR: Any = Field(
    default=None, description="`next_cursor` of the page before; only with the same filters."
)
"""The defaults of the parameters by which a list is paged."""

Revision = Annotated[int, Field(ge=0, le=MAX_REVISION, json_schema_extra={"format": "int64"})]


@dataclass(frozen=True)
class Existing:
    """A record that a repeated POST with the same id found in place: 200 instead of 201."""

    record: Any


Examples = Mapping[str, Mapping[str, Any]]
"""JSON objects as a caller would send them, by a sentence that says what each is for."""


class Request(BaseModel):
    """What a caller sends: unknown fields are refused.

    `examples` are bodies that work, the plainest first; the contract shows them, and a test holds
    every body to them. Answers in the contract repeat the values of the fullest.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    examples: ClassVar[Examples] = {}

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as plain data; objects in them with all their fields."""
        return self.model_dump(include=self.model_fields_set)


class Patch(Request):
    """A JSON Merge Patch (RFC 7396): what is sent replaces, null clears, the rest stays."""

    def changes(self, record: Any) -> dict[str, Any]:
        """The sent fields that differ from `record`; empty when the patch changes nothing."""
        sent = self.given()
        return {name: value for name, value in sent.items() if getattr(record, name) != value}


class Record(BaseModel):
    """What every record carries."""

    id: Id = Field(description="Chosen by the client or the server; never used twice.")
    created_at: Instant
    updated_at: Instant
    revision: Revision = Field(
        description="Grows with every change to anything you own; quoted, it is the ETag."
    )


class ListQuery(Request):
    """The parameters all lists share. A room adds `sort` and its filters."""

    reserved: ClassVar[frozenset[str]] = frozenset({"limit", "cursor", "sort"})

    limit: Limit = LIMIT
    cursor: Cursor | None = CURSOR

    @property
    def order(self) -> str:
        """The chosen sort; every list has one."""
        return str(getattr(self, "sort"))  # noqa: B009 -- each room's own enum.

    @property
    def filters(self) -> Mapping[str, Any]:
        """The filters that were given."""
        return {
            name: value
            for name in type(self).model_fields
            if name not in self.reserved and (value := getattr(self, name)) is not None
        }


NextCursor = Cursor | None
