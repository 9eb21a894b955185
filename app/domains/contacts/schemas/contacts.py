"""The wire shapes of contacts."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.accounts.rules.emails import EmailAddress
from app.domains.contacts.schemas.fields import CadenceDays, Name, Notes, Tag, Tags, Url
from app.domains.contacts.terms import (
    MAX_HOW_MET_CHARACTERS,
    MAX_PHONE_CHARACTERS,
    ConnectionStatus,
    ContactRelationship,
)
from app.kit.fields import Day, Id, Instant, Line, Text
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

Phone = Annotated[str, Line(MAX_PHONE_CHARACTERS)]
HowMet = Annotated[str, Text(MAX_HOW_MET_CHARACTERS)]

COMPANY_ID = "Wins over `company_name`."
COMPANY_NAME = "Finds or makes the company of this name."


class ContactCreate(Request):
    """Somebody to stay in touch with. A name is enough; add the rest when you know it."""

    examples: ClassVar[Examples] = {
        "A name is enough": {"name": "Sam Sample"},
        "Met in an interview, a word every six weeks": {
            "name": "Sam Sample",
            "company_name": "Example GmbH",
            "relationship": "interviewer",
            "cadence_days": 42,
        },
        "Everything you know": {
            "name": "Sam Sample",
            "company_id": str(example_id("company_id")),
            "company_name": "Example GmbH",
            "role": "Head of data",
            "relationship": "hiring_manager",
            "email": "sam@example.com",
            "phone": "+49 000 000000",
            "linkedin_url": "https://example.com/in/sam",
            "met_on": "2026-02-20",
            "how_met": "In the second interview; we spoke about forecasting.",
            "connection_status": "none",
            "cadence_days": 42,
            "next_follow_up_on": "2026-04-03",
            "notes": "Likes to be written to, not called.",
            "tags": ["data"],
        },
    }

    id: Id = OMITTABLE
    name: Name
    company_id: Id = omittable(COMPANY_ID)
    company_name: Name = omittable(COMPANY_NAME)
    role: Name | None = None
    relationship: ContactRelationship = ContactRelationship.OTHER
    email: EmailAddress | None = None
    phone: Phone | None = None
    linkedin_url: Url | None = None
    met_on: Day | None = None
    how_met: HowMet | None = None
    connection_status: ConnectionStatus = ConnectionStatus.NONE
    cadence_days: CadenceDays | None = Field(
        default=None, description="How many days may pass without a word."
    )
    next_follow_up_on: Day = omittable("By the cadence from today unless you say so.")
    notes: Notes | None = None
    tags: Tags = Field(default_factory=list)


class ContactPatch(Patch):
    """Changes to a contact."""

    examples: ClassVar[Examples] = {
        "You are connected now": {"connection_status": "connected"},
        "Get in touch on another day": {"next_follow_up_on": "2026-04-20"},
        "No rhythm any more": {"cadence_days": None},
    }

    name: Name = OMITTABLE
    company_id: Id | None = Field(default=None, description=COMPANY_ID)
    company_name: Name | None = Field(default=None, description=COMPANY_NAME)
    role: Name | None = None
    relationship: ContactRelationship = OMITTABLE
    email: EmailAddress | None = None
    phone: Phone | None = None
    linkedin_url: Url | None = None
    met_on: Day | None = None
    how_met: HowMet | None = None
    connection_status: ConnectionStatus = OMITTABLE
    cadence_days: CadenceDays | None = Field(
        default=None, description="A change moves the day that the old cadence had set."
    )
    next_follow_up_on: Day | None = None
    notes: Notes | None = None
    tags: Tags = OMITTABLE


class Contact(Record):
    """Somebody in your network."""

    name: Name
    company_id: Id | None
    company_name: Name | None
    role: Name | None
    relationship: ContactRelationship
    email: EmailAddress | None
    phone: Phone | None
    linkedin_url: Url | None
    met_on: Day | None
    how_met: HowMet | None
    connection_status: ConnectionStatus
    cadence_days: CadenceDays | None
    next_follow_up_on: Day | None = Field(
        description="Moved on by the cadence with a done interaction; a later day you chose stays."
    )
    last_interaction_at: Instant | None = Field(description="When the latest one was done.")
    notes: Notes | None
    tags: Tags


class ContactPage(BaseModel):
    """Some contacts, in the order asked for."""

    items: Annotated[list[Contact], Field(max_length=100)]
    next_cursor: NextCursor


class ContactSort(StrEnum):
    """The orders of the list; a leading minus turns one round."""

    NAME = "name"
    NAME_DESC = "-name"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class ContactQuery(ListQuery):
    """Which contacts, in which order."""

    sort: ContactSort = ContactSort.NAME
    name: Name | None = Field(
        default=None, description="Is contained in the name, whatever the case."
    )
    company_id: Id | None = None
    relationship: ContactRelationship | None = None
    connection_status: ConnectionStatus | None = None
    tag: Tag | None = None
