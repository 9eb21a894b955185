"""The wire shapes of companies."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StrictBool

from app.domains.contacts.schemas.fields import CadenceDays, Name, Notes, Url
from app.domains.contacts.terms import FollowChannel
from app.kit.fields import Day, Distinct, Id, Truth
from app.kit.schemas import (
    OMITTABLE,
    Examples,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    omittable,
)

FollowChannels = Annotated[list[FollowChannel], Field(max_length=len(FollowChannel)), Distinct()]


class CompanyCreate(Request):
    """A company to keep in view. Typing its name anywhere else makes it, too."""

    examples: ClassVar[Examples] = {
        "A name is enough": {"name": "Example GmbH"},
        "Follow it, with a word every other month": {
            "name": "Example GmbH",
            "website": "https://example.com",
            "linkedin_url": "https://example.com/company/example",
            "following": True,
            "follow_channels": ["linkedin", "newsletter"],
            "cadence_days": 60,
            "next_engagement_on": "2026-05-04",
            "notes": "They publish what their teams work on.",
        },
    }

    id: Id = OMITTABLE
    name: Name = Field(description="Unique among your companies, whatever its case.")
    website: Url | None = None
    linkedin_url: Url | None = None
    following: StrictBool = Field(
        default=False, description="Whether you follow it; only then it is ever due."
    )
    follow_channels: FollowChannels = Field(default_factory=list)
    cadence_days: CadenceDays | None = Field(
        default=None, description="How many days may pass between two engagements."
    )
    next_engagement_on: Day = omittable("By the cadence from today unless you say so.")
    notes: Notes | None = None


class CompanyPatch(Patch):
    """Changes to a company. Set `following` to follow it, or to let it be."""

    examples: ClassVar[Examples] = {
        "Follow it": {"following": True, "follow_channels": ["career_page"]},
        "Less often": {"cadence_days": 90},
        "Not for now": {"next_engagement_on": None},
    }

    name: Name = OMITTABLE
    website: Url | None = None
    linkedin_url: Url | None = None
    following: StrictBool = OMITTABLE
    follow_channels: FollowChannels = OMITTABLE
    cadence_days: CadenceDays | None = Field(
        default=None, description="A change moves the day that the old cadence had set."
    )
    next_engagement_on: Day | None = None
    notes: Notes | None = None


class Company(Record):
    """An employer you keep in view."""

    name: Name
    website: Url | None
    linkedin_url: Url | None
    following: StrictBool
    follow_channels: FollowChannels
    cadence_days: CadenceDays | None
    next_engagement_on: Day | None = Field(
        description="Moved on by the cadence with a done interaction; a later day you chose stays."
    )
    notes: Notes | None


class CompanyPage(BaseModel):
    """Some companies, in the order asked for."""

    items: Annotated[list[Company], Field(max_length=100)]
    next_cursor: NextCursor


class CompanySort(StrEnum):
    """The orders of the list; a leading minus turns one round."""

    NAME = "name"
    NAME_DESC = "-name"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class CompanyQuery(ListQuery):
    """Which companies, in which order."""

    sort: CompanySort = CompanySort.NAME
    name: Name | None = Field(
        default=None, description="Is contained in the name, whatever the case."
    )
    following: Truth | None = None
