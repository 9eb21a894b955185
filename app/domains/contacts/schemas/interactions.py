"""The wire shapes of interactions."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.contacts.schemas.fields import Name
from app.domains.contacts.terms import (
    MAX_BODY_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
)
from app.kit.fields import Id, Instant, Line, Text
from app.kit.ids import example_id
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

Subject = Annotated[str, Line(MAX_SUBJECT_CHARACTERS)]
Body = Annotated[str, Text(MAX_BODY_CHARACTERS)]


class InteractionCreate(Request):
    """Something between you and a contact or a company. Rebound sends nothing itself."""

    examples: ClassVar[Examples] = {
        "You have called": {"contact_id": str(example_id("contact_id")), "kind": "call"},
        "A comment on what a company posted": {
            "company_id": str(example_id("company_id")),
            "kind": "social_engagement",
        },
        "A thank-you note to send later": {
            "contact_id": str(example_id("contact_id")),
            "kind": "thank_you_note",
            "status": "draft",
            "body": "Dear Sam, thank you for the talk about forecasting.",
        },
        "Everything about a note that was sent": {
            "contact_id": str(example_id("contact_id")),
            "company_id": str(example_id("company_id")),
            "rejection_id": str(example_id("rejection_id")),
            "kind": "thank_you_note",
            "direction": "outgoing",
            "subject": "Thank you for the interview",
            "body": "Dear Sam, thank you for the talk about forecasting.",
            "status": "done",
            "occurred_at": "2026-03-03T08:15:00Z",
        },
    }

    id: Id = OMITTABLE
    contact_id: Id | None = Field(default=None, description="It or `company_id` is required.")
    company_id: Id | None = None
    rejection_id: Id | None = Field(default=None, description="The rejection it has to do with.")
    kind: InteractionKind
    direction: InteractionDirection = InteractionDirection.OUTGOING
    subject: Subject | None = None
    body: Body | None = None
    status: InteractionStatus = Field(
        default=InteractionStatus.DONE, description="Done unless you say so."
    )
    occurred_at: Instant = omittable("Only once it is done; now unless you say so.")


class InteractionPatch(Patch):
    """Changes to an interaction. Set `status` to plan it, to have it done, or to take it back."""

    examples: ClassVar[Examples] = {
        "Plan it": {"status": "planned"},
        "It is done": {"status": "done"},
        "It was not sent after all": {"status": "planned"},
        "Leave it": {"status": "cancelled"},
    }

    contact_id: Id | None = None
    company_id: Id | None = None
    rejection_id: Id | None = None
    kind: InteractionKind = OMITTABLE
    direction: InteractionDirection = OMITTABLE
    subject: Subject | None = None
    body: Body | None = None
    status: InteractionStatus = OMITTABLE
    occurred_at: Instant = OMITTABLE


class Interaction(Record):
    """Something between you and a contact or a company."""

    contact_id: Id | None
    contact_name: Name | None = Field(
        description="The contact's name as it is now; it stays when the contact is deleted.",
        examples=["Sam Sample"],
    )
    company_id: Id | None
    rejection_id: Id | None
    kind: InteractionKind
    direction: InteractionDirection
    subject: Subject | None
    body: Body | None
    status: InteractionStatus
    occurred_at: Instant | None


class InteractionPage(BaseModel):
    """Some interactions, in the order asked for."""

    items: Annotated[list[Interaction], Field(max_length=100)]
    next_cursor: NextCursor


class InteractionSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class InteractionQuery(ListQuery):
    """Which interactions, in which order."""

    sort: InteractionSort = InteractionSort.CREATED_AT_DESC
    contact_id: Id | None = None
    company_id: Id | None = None
    rejection_id: Id | None = None
    kind: InteractionKind | None = None
    direction: InteractionDirection | None = None
    status: InteractionStatus | None = None
    occurred_after: Instant | None = Field(default=None, description="At this time or later.")
    occurred_before: Instant | None = Field(default=None, description="At this time or earlier.")
