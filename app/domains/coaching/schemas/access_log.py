"""The wire shapes of the access log."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.auth.terms import (
    MAX_ACTOR_NAME_CHARACTERS,
    MAX_CLIENT_NAME_CHARACTERS,
    MAX_OPERATION_CHARACTERS,
    ActorKind,
    ConsentAccess,
    ConsentCategory,
)
from app.kit.fields import Id, Instant, Line, Text
from app.kit.schemas import ListQuery, NextCursor


class AccessEntry(BaseModel):
    """Somebody else read or changed data of yours; names are those of that time."""

    id: Id
    occurred_at: Instant
    access: ConsentAccess = Field(description="`read`, or `write` for a change.")
    category: ConsentCategory
    operation_id: Annotated[
        str, Field(max_length=MAX_OPERATION_CHARACTERS, pattern="^[a-z_]+$")
    ] = Field(
        description="What was called; of several reads in an hour the first.",
        examples=["list_rejections"],
    )
    actor_kind: ActorKind
    actor_name: Annotated[str, Line(MAX_ACTOR_NAME_CHARACTERS)] = Field(
        description="The member, or the organisation's program.", examples=["A sample coach"]
    )
    organization_id: Id
    organization_name: Annotated[str, Line(MAX_ACTOR_NAME_CHARACTERS)] = Field(
        examples=["Example Career Service"]
    )
    client: Annotated[str, Text(MAX_CLIENT_NAME_CHARACTERS)] | None = Field(
        description="The app or key that was used.", examples=["Sample Platform 1.0"]
    )
    grant_id: Id = Field(description="The grant of yours that allowed it.")


class AccessEntryPage(BaseModel):
    """Some entries, the latest first."""

    items: Annotated[list[AccessEntry], Field(max_length=100)]
    next_cursor: NextCursor


class AccessLogQuery(ListQuery):
    """Which entries; the latest come first."""

    organization_id: Id | None = None
    category: ConsentCategory | None = None
    access: ConsentAccess | None = None
    occurred_after: Instant | None = Field(default=None, description="At this time or later.")
    occurred_before: Instant | None = Field(default=None, description="At this time or earlier.")

    @property
    def order(self) -> str:
        """There is but one."""
        return "-occurred_at"
