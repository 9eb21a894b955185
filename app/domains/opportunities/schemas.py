"""The wire shapes of opportunities, their stage history, and goals."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.opportunities.terms import (
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_TARGET,
    MAX_TITLE_CHARACTERS,
    MAX_URL_CHARACTERS,
    GoalMetric,
    GoalPeriod,
    GoalStatus,
    OpportunityStatus,
)
from app.domains.rejections.terms import RejectionSource, RejectionStage
from app.kit.fields import Day, Id, Instant, Line, Text, WebAddress, whole
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

Name = Annotated[str, Line(MAX_NAME_CHARACTERS)]
Url = Annotated[str, WebAddress(MAX_URL_CHARACTERS)]
Notes = Annotated[str, Text(MAX_NOTES_CHARACTERS)]
Title = Annotated[str, Line(MAX_TITLE_CHARACTERS)]
Target = Annotated[int, whole(1, MAX_TARGET)]


class OpportunityCreate(Request):
    """A role to go for. Company and role are enough, and any status to begin with."""

    examples: ClassVar[Examples] = {
        "Remember it for later": {"company_name": "Example GmbH", "role_title": "Data analyst"},
        "Already applied": {
            "company_name": "Example GmbH",
            "role_title": "Data analyst",
            "status": "applied",
        },
        "Everything you know": {
            "company_name": "Example GmbH",
            "role_title": "Data analyst",
            "source": "referral",
            "url": "https://example.com/jobs/data-analyst",
            "status": "interviewing",
            "next_stage": "interview",
            "next_event_at": "2026-03-16T09:30:00Z",
            "applied_on": "2026-03-02",
            "notes": "They work with forecasts every day; ask how the team reviews them.",
        },
    }

    id: Id = OMITTABLE
    company_name: Name = omittable("Finds or makes the company, unless `company_id` names it.")
    company_id: Id = omittable("One of your companies, when it is not the one of the name.")
    role_title: Name
    source: RejectionSource | None = None
    url: Url | None = None
    status: OpportunityStatus = Field(
        default=OpportunityStatus.SAVED, description="Where it stands; saved unless you say so."
    )
    next_stage: RejectionStage | None = Field(default=None, description="What comes next.")
    next_event_at: Instant | None = Field(default=None, description="When that takes place.")
    applied_on: Day = omittable("Today in your time zone when applied, unless you say so.")
    previous_opportunity_id: Id | None = Field(
        default=None, description="The earlier application, when this one is a reapplication."
    )
    notes: Notes | None = None


class OpportunityPatch(Patch):
    """Changes to an opportunity. Set `status` to move it on, or to correct how it ended."""

    examples: ClassVar[Examples] = {
        "An invitation came": {
            "status": "interviewing",
            "next_stage": "interview",
            "next_event_at": "2026-03-16T09:30:00Z",
        },
        "Move it on": {"status": "applied"},
        "Take a value back": {"next_stage": None, "next_event_at": None},
    }

    company_name: Name = OMITTABLE
    company_id: Id | None = None
    role_title: Name = OMITTABLE
    source: RejectionSource | None = None
    url: Url | None = None
    status: OpportunityStatus = OMITTABLE
    next_stage: RejectionStage | None = None
    next_event_at: Instant | None = None
    applied_on: Day | None = None
    previous_opportunity_id: Id | None = None
    notes: Notes | None = None


class Opportunity(Record):
    """A role you go for, and where that stands."""

    company_name: Name
    company_id: Id | None
    role_title: Name
    source: RejectionSource | None
    url: Url | None
    status: OpportunityStatus
    next_stage: RejectionStage | None
    next_event_at: Instant | None
    applied_on: Day | None
    previous_opportunity_id: Id | None
    notes: Notes | None


class OpportunityPage(BaseModel):
    """Some opportunities, in the order asked for."""

    items: Annotated[list[Opportunity], Field(max_length=100)]
    next_cursor: NextCursor


class OpportunitySort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"
    UPDATED_AT_DESC = "-updated_at"
    UPDATED_AT = "updated_at"


class OpportunityQuery(ListQuery):
    """Which opportunities, in which order."""

    sort: OpportunitySort = OpportunitySort.CREATED_AT_DESC
    status: OpportunityStatus | None = None
    company_id: Id | None = None
    company_name: Name | None = Field(
        default=None, description="Is contained in the company's name, whatever the case."
    )
    previous_opportunity_id: Id | None = Field(
        default=None, description="Is a reapplication after this one."
    )


class StageChange(Record):
    """A change of an opportunity's status."""

    opportunity_id: Id
    from_status: OpportunityStatus | None = Field(
        description=(
            "Where it stood before; null where the history begins. The same as `to_status` when a "
            "further rejection says what stood already."
        )
    )
    to_status: OpportunityStatus
    changed_at: Instant
    rejection_id: Id | None = Field(description="The rejection that brought it.")


class StageHistory(BaseModel):
    """Some changes of an opportunity's status, in the order asked for."""

    items: Annotated[list[StageChange], Field(max_length=100)]
    next_cursor: NextCursor


class StageHistorySort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CHANGED_AT_DESC = "-changed_at"
    CHANGED_AT = "changed_at"


class StageHistoryQuery(ListQuery):
    """How much of the history, in which order."""

    sort: StageHistorySort = StageHistorySort.CHANGED_AT_DESC
    rejection_id: Id | None = Field(default=None, description="Was brought by this rejection.")


class GoalCreate(Request):
    """A goal to set yourself: learning and effort, which are in your hands."""

    examples: ClassVar[Examples] = {
        "Each week": {
            "title": "Two good applications a week",
            "metric": "applications",
            "target": 2,
            "period": "week",
        },
        "Once, until a day": {
            "title": "Practise the case study",
            "metric": "practice_sessions",
            "target": 3,
            "period": "once",
            "starts_on": "2026-03-02",
            "ends_on": "2026-03-15",
        },
    }

    id: Id = OMITTABLE
    title: Title
    metric: GoalMetric = Field(description="What counts.")
    target: Target = Field(description="How often in each period.")
    period: GoalPeriod = Field(description="When the count begins anew; weeks start on Monday.")
    starts_on: Day = omittable("Today in your time zone unless you say so.")
    ends_on: Day | None = Field(default=None, description="The last day, not before the first.")
    status: GoalStatus = Field(
        default=GoalStatus.ACTIVE, description="Where it stands; active unless you say so."
    )


class GoalPatch(Patch):
    """Changes to a goal. Set `status` when it is achieved, let go, or taken up again."""

    examples: ClassVar[Examples] = {
        "Achieved": {"status": "achieved"},
        "A kinder number": {"target": 1},
        "Without an end": {"ends_on": None},
    }

    title: Title = OMITTABLE
    metric: GoalMetric = OMITTABLE
    target: Target = OMITTABLE
    period: GoalPeriod = OMITTABLE
    starts_on: Day = OMITTABLE
    ends_on: Day | None = None
    status: GoalStatus = OMITTABLE


class Goal(Record):
    """A goal. How far you are is not part of it: it changes with what you do elsewhere."""

    title: Title
    metric: GoalMetric
    target: Target
    period: GoalPeriod
    starts_on: Day
    ends_on: Day | None
    status: GoalStatus


class GoalPage(BaseModel):
    """Some goals, in the order asked for."""

    items: Annotated[list[Goal], Field(max_length=100)]
    next_cursor: NextCursor


class GoalSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    STARTS_ON_DESC = "-starts_on"
    STARTS_ON = "starts_on"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class GoalQuery(ListQuery):
    """Which goals, in which order."""

    sort: GoalSort = GoalSort.STARTS_ON_DESC
    status: GoalStatus | None = None
    metric: GoalMetric | None = None
