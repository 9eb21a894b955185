"""The wire shapes of follow-ups."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.contacts.schemas.fields import Name
from app.domains.contacts.terms import MAX_FOLLOW_UPS, FollowUpReason
from app.kit.fields import CollectionName, Day, Id, Instant, Line
from app.kit.ids import example_id
from app.kit.schemas import Request, Revision


class FollowUpQuery(Request):
    """For which day."""

    on: Day | None = Field(default=None, description="Preview this day instead of today.")


class FollowUp(BaseModel):
    """A contact or a company to have a few words with.

    `operation_id` with `record_id` as its `contact_id` or `company_id` settles it; a PATCH of the
    record with `revision` moves the day.
    """

    collection: CollectionName = Field(examples=["contacts"])
    record_id: Id = Field(examples=[str(example_id("contact_id"))])
    revision: Revision
    operation_id: CollectionName = Field(examples=["record_interaction"])
    name: Name = Field(examples=["Sam Sample"])
    reason: FollowUpReason
    why_now: Annotated[str, Line(300)] = Field(examples=["You planned to get in touch around now."])
    due_on: Day
    last_interaction_at: Instant | None


class FollowUps(BaseModel):
    """Who is due, the longest due first; an empty list is an answer too."""

    on: Day
    items: Annotated[list[FollowUp], Field(max_length=MAX_FOLLOW_UPS)]
