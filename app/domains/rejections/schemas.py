"""The wire shapes of rejections."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.domains.rejections.terms import (
    MAX_LOCATION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_REASONS,
    MAX_STATED_REASON_CHARACTERS,
    MAX_TAG_CHARACTERS,
    MAX_TAGS,
    MAX_URL_CHARACTERS,
    DecidedBy,
    ReasonBasis,
    ReasonCode,
    RejectionChannel,
    RejectionSource,
    RejectionStage,
    RejectionStatus,
    WorkMode,
)
from app.kit.fields import Day, Distinct, Id, Line, Text, WebAddress
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

CompanyName = Annotated[str, Line(MAX_NAME_CHARACTERS)]
RoleTitle = Annotated[str, Line(MAX_NAME_CHARACTERS)]
StatedReason = Annotated[str, Text(MAX_STATED_REASON_CHARACTERS)]
Location = Annotated[str, Line(MAX_LOCATION_CHARACTERS)]
JobUrl = Annotated[str, WebAddress(MAX_URL_CHARACTERS)]
Notes = Annotated[str, Text(MAX_NOTES_CHARACTERS)]
Tag = Annotated[str, Line(MAX_TAG_CHARACTERS)]


class Reason(BaseModel):
    """Why it was a "no", and whether the employer said so or you suppose it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: ReasonCode
    basis: ReasonBasis


def _by_code(reason: Reason) -> ReasonCode:
    return reason.code


Reasons = Annotated[list[Reason], Field(max_length=MAX_REASONS), Distinct(_by_code)]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS), Distinct()]

COMPANY_ID = "The company of `company_name`, found or made by it, unless you name another."
CONTACT_ID = "Who told you."
OPPORTUNITY_ID = "The opportunity that ends with it."


class RejectionCreate(Request):
    """A "no" to record. Company and stage are enough; add the rest when you learn it."""

    examples: ClassVar[Examples] = {
        "Two fields are enough": {"company_name": "Example GmbH", "stage": "application"},
        "After an interview, by phone": {
            "company_name": "Example GmbH",
            "stage": "interview",
            "channel": "phone",
        },
        "Everything you know": {
            "company_name": "Example GmbH",
            "role_title": "Data analyst",
            "stage": "final_round",
            "decided_by": "employer",
            "applied_on": "2026-02-02",
            "interviewed_on": "2026-02-20",
            "rejected_on": "2026-03-02",
            "channel": "email",
            "stated_reason": "Another candidate had more experience with forecasting.",
            "reasons": [{"code": "experience_level", "basis": "stated"}],
            "source": "referral",
            "job_url": "https://example.com/jobs/data-analyst",
            "location": "Vienna",
            "work_mode": "hybrid",
            "notes": "The team was kind. The case study went well.",
            "tags": ["data", "dream job"],
            "company_id": str(example_id("company_id")),
            "contact_id": str(example_id("contact_id")),
            "opportunity_id": str(example_id("opportunity_id")),
        },
        "You withdrew, and want no plan": {
            "company_name": "Example GmbH",
            "stage": "offer",
            "decided_by": "candidate",
            "start_plan": False,
        },
    }

    id: Id = OMITTABLE
    company_name: CompanyName
    stage: RejectionStage = Field(description="How far the application had come.")
    role_title: RoleTitle | None = None
    decided_by: DecidedBy = Field(
        default=DecidedBy.EMPLOYER, description="Who ended it; the employer unless you say so."
    )
    applied_on: Day | None = None
    interviewed_on: Day | None = None
    rejected_on: Day = omittable(
        "Today in your time zone unless you say so; after silence, the day you call it a no."
    )
    channel: RejectionChannel | None = Field(default=None, description="How the no arrived.")
    stated_reason: StatedReason | None = Field(
        default=None, description="What the employer said, in their words."
    )
    reasons: Reasons = Field(default_factory=list)
    source: RejectionSource | None = None
    job_url: JobUrl | None = None
    location: Location | None = None
    work_mode: WorkMode | None = None
    notes: Notes | None = None
    tags: Tags = Field(default_factory=list)
    reapply_on: Day | None = Field(
        default=None, description="The day on which to think about applying there again."
    )
    company_id: Id = omittable(COMPANY_ID)
    contact_id: Id | None = Field(default=None, description=CONTACT_ID)
    opportunity_id: Id | None = Field(default=None, description=OPPORTUNITY_ID)
    start_plan: StrictBool = Field(
        default=True, description="Whether a recovery plan starts with this rejection."
    )


class RejectionPatch(Patch):
    """Changes to a rejection. Set `status` to close it or to take it up again."""

    examples: ClassVar[Examples] = {
        "Add what you learned": {"notes": "They were kind on the phone."},
        "Close it": {"status": "closed"},
        "Take a value back": {"stated_reason": None, "reasons": []},
    }

    company_name: CompanyName = OMITTABLE
    stage: RejectionStage = OMITTABLE
    role_title: RoleTitle | None = None
    decided_by: DecidedBy = OMITTABLE
    applied_on: Day | None = None
    interviewed_on: Day | None = None
    rejected_on: Day = OMITTABLE
    channel: RejectionChannel | None = None
    stated_reason: StatedReason | None = None
    reasons: Reasons = OMITTABLE
    source: RejectionSource | None = None
    job_url: JobUrl | None = None
    location: Location | None = None
    work_mode: WorkMode | None = None
    notes: Notes | None = None
    tags: Tags = OMITTABLE
    reapply_on: Day | None = None
    company_id: Id | None = Field(default=None, description=COMPANY_ID)
    contact_id: Id | None = Field(default=None, description=CONTACT_ID)
    opportunity_id: Id | None = Field(default=None, description=OPPORTUNITY_ID)
    status: RejectionStatus = OMITTABLE
    closed_on: Day | None = None


class Rejection(Record):
    """A recorded "no"."""

    company_name: CompanyName
    role_title: RoleTitle | None
    stage: RejectionStage
    decided_by: DecidedBy
    applied_on: Day | None
    interviewed_on: Day | None
    rejected_on: Day
    channel: RejectionChannel | None
    stated_reason: StatedReason | None
    reasons: Reasons
    source: RejectionSource | None
    job_url: JobUrl | None
    location: Location | None
    work_mode: WorkMode | None
    notes: Notes | None
    tags: Tags
    reapply_on: Day | None
    status: RejectionStatus
    closed_on: Day | None
    company_id: Id | None = Field(description=COMPANY_ID)
    contact_id: Id | None = Field(description=CONTACT_ID)
    opportunity_id: Id | None = Field(description=OPPORTUNITY_ID)


class RejectionPage(BaseModel):
    """Some rejections, in the order asked for."""

    items: Annotated[list[Rejection], Field(max_length=100)]
    next_cursor: NextCursor


class RejectionSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    REJECTED_ON_DESC = "-rejected_on"
    REJECTED_ON = "rejected_on"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class RejectionQuery(ListQuery):
    """Which rejections, in which order."""

    sort: RejectionSort = RejectionSort.REJECTED_ON_DESC
    stage: RejectionStage | None = None
    status: RejectionStatus | None = None
    decided_by: DecidedBy | None = None
    reason: ReasonCode | None = Field(default=None, description="Has this reason, on any basis.")
    company_name: CompanyName | None = Field(
        default=None, description="Is contained in the company's name, whatever the case."
    )
    company_id: Id | None = None
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    tag: Tag | None = None
    rejected_on_after: Day | None = Field(default=None, description="On this day or later.")
    rejected_on_before: Day | None = Field(default=None, description="On this day or earlier.")
