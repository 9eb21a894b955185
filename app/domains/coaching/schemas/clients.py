"""The wire shapes of clients, one by one and at a glance."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.auth.terms import ConsentCategory
from app.domains.accounts.rules.emails import EmailAddress
from app.domains.accounts.terms import MAX_DISPLAY_NAME_CHARACTERS
from app.domains.coaching.terms import (
    MAX_CLIENTS_ON_A_PAGE,
    MAX_COHORT_CHARACTERS,
    MAX_EXTERNAL_ID_CHARACTERS,
    Attention,
    ClientStatus,
    ConsentState,
)
from app.kit.fields import FromText, Id, Instant, Line, whole
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Revision

MAX_COUNTED = 1_000_000

ExternalId = Annotated[str, Line(MAX_EXTERNAL_ID_CHARACTERS), Field(examples=["S-2041"])]
Cohort = Annotated[str, Line(MAX_COHORT_CHARACTERS), Field(examples=["Spring 2026"])]
Count = Annotated[int, whole(0, MAX_COUNTED)]
Categories = Annotated[list[ConsentCategory], Field(max_length=len(ConsentCategory))]

ACCOUNT_ID = "The person's account: name it in `Rebound-Account` to act for them."
EXTERNAL_ID = "What your own system calls the person; no two clients have the same."
COACH_ID = "The membership of the coach who looks after the person."


class ClientPatch(Patch):
    """Changes to what the organisation keeps of a client."""

    examples: ClassVar[Examples] = {
        "Sort them in": {"external_id": "S-2041", "cohort": "Spring 2026"},
        "Give them to nobody for now": {"coach_id": None},
        "End the relation": {"status": "ended"},
    }

    external_id: ExternalId | None = Field(default=None, description=EXTERNAL_ID)
    cohort: Cohort | None = None
    coach_id: Id | None = Field(default=None, description=COACH_ID)
    status: ClientStatus = OMITTABLE


class OrganizationClient(BaseModel):
    """A person whom the organisation accompanies, as it knows them itself."""

    account_id: Id = Field(description=ACCOUNT_ID)
    external_id: ExternalId | None = Field(description=EXTERNAL_ID)
    cohort: Cohort | None
    coach_id: Id | None = Field(description=COACH_ID)
    status: ClientStatus
    created_at: Instant
    updated_at: Instant
    revision: Revision = Field(description="Quoted, it is the ETag of the client.")


class ClientConsent(BaseModel):
    """What the person agreed to, as far as it counts for you."""

    state: ConsentState
    readable: Categories = Field(description="What you may read now, in any of their records.")
    writable: Categories = Field(description="What you may change as well.")
    expires_at: Instant | None = Field(
        description="When the first of the grants in force ends; null without one."
    )


class ClientAtAGlance(OrganizationClient):
    """A client with what their consent lets you see: null where it does not cover it."""

    consent: ClientConsent
    display_name: Annotated[str, Line(MAX_DISPLAY_NAME_CHARACTERS)] | None = Field(
        description="With `profile`, if they gave one.", examples=["Sam"]
    )
    email: EmailAddress | None = Field(description="With `profile`.")
    open_rejections: Count | None = Field(description="With `rejections`.")
    open_plans: Count | None = Field(description="With `plans`: those that are active.")
    overdue_steps: Count | None = Field(
        description="With `plans`: open steps of active plans whose day has passed for the person."
    )
    next_event_at: Instant | None = Field(
        description="With `opportunities`: the soonest interview or other event ahead."
    )
    last_activity_at: Instant | None = Field(
        description="When something was last recorded in any category that you may read."
    )


class ClientPage(BaseModel):
    """Some clients, in the order asked for."""

    items: Annotated[list[ClientAtAGlance], Field(max_length=MAX_CLIENTS_ON_A_PAGE)]
    next_cursor: NextCursor


class ClientSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class ClientQuery(ListQuery):
    """Which clients, in which order."""

    limit: Annotated[int, Field(ge=1, le=MAX_CLIENTS_ON_A_PAGE), FromText] = Field(
        default=50, description="How many items at most: a whole caseload fits on a page."
    )
    sort: ClientSort = ClientSort.CREATED_AT_DESC
    coach: Id | None = Field(default=None, description=COACH_ID)
    cohort: Cohort | None = None
    external_id: ExternalId | None = None
    status: ClientStatus | None = None
    attention: Attention | None = Field(
        default=None, description="Who may need you. What you may not see counts for nobody."
    )
    q: Annotated[str, Line(MAX_EXTERNAL_ID_CHARACTERS)] | None = Field(
        default=None,
        description=(
            "Is contained in the external id, the cohort or (with `profile`) the display name, "
            "whatever the case."
        ),
        examples=["spring"],
    )
