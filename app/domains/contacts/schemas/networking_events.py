"""The wire shapes of networking events."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.contacts.schemas.fields import ContactIds, Name, Url
from app.domains.contacts.terms import (
    MAX_LOCATION_CHARACTERS,
    NetworkingEventKind,
    NetworkingEventStatus,
)
from app.kit.fields import Id, Instant, Line
from app.kit.ids import example_id
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

Location = Annotated[str, Line(MAX_LOCATION_CHARACTERS)]

CONTACT_IDS = "Whom you met there."


class NetworkingEventCreate(Request):
    """An occasion to meet people: an event, a group, or a talk over coffee."""

    examples: ClassVar[Examples] = {
        "Something to look at": {"name": "Data meetup", "kind": "meetup"},
        "You were there, and met somebody": {
            "name": "Data meetup",
            "kind": "meetup",
            "url": "https://example.com/meetup",
            "location": "Vienna",
            "starts_at": "2026-03-05T18:00:00Z",
            "status": "attended",
            "contact_ids": [str(example_id("contact_id"))],
        },
    }

    id: Id = OMITTABLE
    name: Name
    kind: NetworkingEventKind
    url: Url | None = None
    location: Location | None = None
    starts_at: Instant | None = None
    status: NetworkingEventStatus = NetworkingEventStatus.INTERESTED
    contact_ids: ContactIds = Field(default_factory=list, description=CONTACT_IDS)


class NetworkingEventPatch(Patch):
    """Changes to an occasion."""

    examples: ClassVar[Examples] = {
        "You were there": {"status": "attended"},
        "You met somebody": {"contact_ids": [str(example_id("contact_id"))]},
        "You left it out": {"status": "skipped"},
    }

    name: Name = OMITTABLE
    kind: NetworkingEventKind = OMITTABLE
    url: Url | None = None
    location: Location | None = None
    starts_at: Instant | None = None
    status: NetworkingEventStatus = OMITTABLE
    contact_ids: ContactIds = OMITTABLE


class NetworkingEvent(Record):
    """An occasion to meet people."""

    name: Name
    kind: NetworkingEventKind
    url: Url | None
    location: Location | None
    starts_at: Instant | None
    status: NetworkingEventStatus
    contact_ids: ContactIds = Field(description=CONTACT_IDS)


class NetworkingEventPage(BaseModel):
    """Some occasions, in the order asked for."""

    items: Annotated[list[NetworkingEvent], Field(max_length=100)]
    next_cursor: NextCursor


class NetworkingEventSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class NetworkingEventQuery(ListQuery):
    """Which occasions, in which order."""

    sort: NetworkingEventSort = NetworkingEventSort.CREATED_AT_DESC
    contact_id: Id | None = Field(default=None, description="You met this contact there.")
    kind: NetworkingEventKind | None = None
    status: NetworkingEventStatus | None = None
    starts_after: Instant | None = Field(default=None, description="At this time or later.")
    starts_before: Instant | None = Field(default=None, description="At this time or earlier.")
