"""The wire shapes of the timeline."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.insights.terms import TimelineType
from app.kit.fields import CollectionName, Id, Instant, Line
from app.kit.schemas import CURSOR, LIMIT, Cursor, Limit, NextCursor, Request


class TimelineItem(BaseModel):
    """Something that happened around a rejection; `collection` and `id` name the record."""

    at: Instant
    type: TimelineType
    collection: CollectionName = Field(examples=["recovery_steps"])
    id: Id
    title: Annotated[str, Line(200)] = Field(examples=["Send a thank-you note"])


class TimelinePage(BaseModel):
    """Some of what happened, the latest first."""

    items: Annotated[list[TimelineItem], Field(max_length=100)]
    next_cursor: NextCursor


class TimelineQuery(Request):
    """How much of the timeline."""

    limit: Limit = LIMIT
    cursor: Cursor | None = CURSOR
