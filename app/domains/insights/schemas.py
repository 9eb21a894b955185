"""The wire shapes of insights."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.insights.terms import TimelineType
from app.kit.fields import FromText, Id, Instant
from app.kit.schemas import Cursor, NextCursor, Request


class TimelineItem(BaseModel):
    """Something that happened around a rejection; `collection` and `id` name the record."""

    at: Instant
    type: TimelineType
    collection: Annotated[str, Field(max_length=60, pattern="^[a-z_]+$")]
    id: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]


class TimelinePage(BaseModel):
    """Some of what happened, the latest first."""

    items: Annotated[list[TimelineItem], Field(max_length=100)]
    next_cursor: NextCursor


class TimelineQuery(Request):
    """How much of the timeline."""

    limit: Annotated[int, Field(ge=1, le=100), FromText] = 20
    cursor: Cursor | None = None
