"""The wire shapes of plans, steps, check-ins, next actions and support."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StrictBool

from app.domains.recovery.terms import (
    LEAST_RATING,
    MAX_ACTION_CHARACTERS,
    MAX_CUE_CHARACTERS,
    MAX_EFFORT_MINUTES,
    MAX_EMOTIONS,
    MAX_GUIDANCE_CHARACTERS,
    MAX_NOTE_CHARACTERS,
    MAX_STEPS_PER_PLAN,
    MAX_TITLE_CHARACTERS,
    MOST_RATING,
    DoneBy,
    Emotion,
    PlanStatus,
    Practice,
    SkipReason,
    StepKind,
    StepOrigin,
    StepStatus,
    SupportResourceKind,
    WhyNow,
)
from app.kit.fields import Day, Id, Instant, Line, Text, distinct, whole
from app.kit.schemas import (
    OMITTABLE,
    TRANSIENT,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    Revision,
    omittable,
)

MAX_POSITION = 1_000

Title = Annotated[str, Line(MAX_TITLE_CHARACTERS)]
Guidance = Annotated[str, Text(MAX_GUIDANCE_CHARACTERS)]
Cue = Annotated[str, Text(MAX_CUE_CHARACTERS)]
Action = Annotated[str, Text(MAX_ACTION_CHARACTERS)]
Note = Annotated[str, Text(MAX_NOTE_CHARACTERS)]
TemplateKey = Annotated[str, Line(40)]
Effort = Annotated[int, whole(1, MAX_EFFORT_MINUTES)]
Position = Annotated[int, whole(1, MAX_POSITION)]
Rating = Annotated[int, whole(LEAST_RATING, MOST_RATING)]
Emotions = Annotated[
    list[Emotion], Field(max_length=MAX_EMOTIONS), AfterValidator(distinct())
]
CollectionName = Annotated[str, Field(max_length=60, pattern="^[a-z_]+$")]


class RecordRef(BaseModel):
    """A record of one of several collections."""

    collection: CollectionName
    id: Id


# Steps


class StepCreate(Request):
    """A step of your own, at the end of a plan."""

    id: Id = OMITTABLE
    plan_id: Id
    title: Title
    kind: StepKind = StepKind.CUSTOM
    practice: Practice = Practice.PERSIST
    guidance: Guidance | None = None
    effort_minutes: Effort = 10
    opens_on: Day | None = Field(default=None, description="Not offered before this day.")
    due_on: Day | None = None
    cue: Cue | None = Field(default=None, description="The if of an if-then plan.")
    action: Action | None = Field(default=None, description="The then of an if-then plan.")


class StepPatch(Patch):
    """Changes to a step. Set `status` to work on it, tick it, leave it out or reopen it."""

    title: Title = OMITTABLE
    practice: Practice = OMITTABLE
    guidance: Guidance | None = None
    effort_minutes: Effort = OMITTABLE
    position: Position = OMITTABLE
    opens_on: Day | None = None
    due_on: Day | None = None
    cue: Cue | None = None
    action: Action | None = None
    status: StepStatus = OMITTABLE
    skip_reason: SkipReason | None = Field(
        default=None, description="Only with `status: skipped`; never demanded."
    )


class RecoveryStep(Record):
    """One thing to do in a plan."""

    plan_id: Id
    practice: Practice
    kind: StepKind
    title: Title
    guidance: Guidance | None
    effort_minutes: Effort
    position: Position
    opens_on: Day | None
    due_on: Day | None
    cue: Cue | None
    action: Action | None
    origin: StepOrigin
    status: StepStatus
    done_by: DoneBy | None
    done_at: Instant | None
    skip_reason: SkipReason | None
    evidence: RecordRef | None = Field(description="The record that ticked the step.")


class RecoveryStepPage(BaseModel):
    """Some steps, in the order asked for."""

    items: Annotated[list[RecoveryStep], Field(max_length=100)]
    next_cursor: NextCursor


class StepSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    POSITION = "position"
    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class StepQuery(ListQuery):
    """Which steps, in which order."""

    sort: StepSort = StepSort.POSITION
    plan_id: Id | None = None
    status: StepStatus | None = None
    kind: StepKind | None = None


# Plans


class PlanCreate(Request):
    """A plan to start: for a rejection by its own template, or any template, or empty."""

    id: Id = OMITTABLE
    rejection_id: Id | None = None
    template_key: TemplateKey | None = Field(
        default=None,
        description="From `GET /v1/plan-templates`; without it the rejection's own, else no steps.",
    )
    title: Title | None = Field(default=None, description="The template's title without it.")
    pause_until: Instant | None = None


class PlanPatch(Patch):
    """Changes to a plan. Set `status` to complete, abandon or take it up again."""

    title: Title = OMITTABLE
    pause_until: Instant | None = Field(
        default=None, description="The plan keeps quiet until then; null ends the pause."
    )
    status: PlanStatus = OMITTABLE


class RecoveryPlanSummary(Record):
    """A plan, without its steps."""

    rejection_id: Id | None
    title: Title
    template_key: TemplateKey | None
    template_version: Annotated[int, whole(1, 32_767)] | None
    pause_until: Instant | None
    status: PlanStatus


class RecoveryPlan(RecoveryPlanSummary):
    """A plan with its steps."""

    steps: Annotated[list[RecoveryStep], Field(max_length=MAX_STEPS_PER_PLAN)]


class RecoveryPlanPage(BaseModel):
    """Some plans, in the order asked for."""

    items: Annotated[list[RecoveryPlanSummary], Field(max_length=100)]
    next_cursor: NextCursor


class PlanSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class PlanQuery(ListQuery):
    """Which plans, in which order."""

    sort: PlanSort = PlanSort.CREATED_AT_DESC
    rejection_id: Id | None = None
    status: PlanStatus | None = None


class TemplateStep(BaseModel):
    """One step of a template."""

    kind: StepKind
    practice: Practice
    title: Title
    effort_minutes: Effort
    needs_human_contact: StrictBool


class PlanTemplate(BaseModel):
    """A plan to begin with."""

    key: TemplateKey
    version: Annotated[int, whole(1, 32_767)]
    title: Title
    description: Guidance
    steps: Annotated[list[TemplateStep], Field(max_length=MAX_STEPS_PER_PLAN)]


class PlanTemplates(BaseModel):
    """All templates, in the language asked for."""

    items: Annotated[list[PlanTemplate], Field(max_length=50)]
    next_cursor: NextCursor


# Next actions


class IncludeActions(StrEnum):
    """`all` lifts the daily cap; what a pause or a mute hides stays hidden."""

    ALL = "all"


class NextActionsQuery(Request):
    """For which day, and whether the cap holds."""

    on: Day | None = Field(default=None, description="Preview this day instead of now.")
    include: IncludeActions | None = None


class NextAction(BaseModel):
    """One thing to do now: `operation_id` on `record_id` with `revision` settles it."""

    collection: CollectionName
    record_id: Id
    revision: Revision
    operation_id: CollectionName
    title: Annotated[str, Line(400)]
    reason: WhyNow
    why_now: Annotated[str, Line(300)]
    effort_minutes: Effort
    due_on: Day | None


class NextActions(BaseModel):
    """A few things, the most pressing first; an empty list is an answer too."""

    on: Day
    items: Annotated[list[NextAction], Field(max_length=1_000)]


# Check-ins


class CheckInCreate(Request):
    """How you are. Mood and energy are single items of our own, not a validated scale."""

    id: Id = OMITTABLE
    rejection_id: Id | None = None
    checked_in_at: Instant = omittable("Now unless you say so.")
    mood: Rating = Field(description="1 very low to 5 very good.")
    energy: Rating = Field(description="1 none to 5 full.")
    emotions: Emotions = Field(default_factory=list)
    dwelling: StrictBool | None = Field(
        default=None, description="Whether your thoughts keep going back to it."
    )
    note: Note | None = None
    support_wanted: StrictBool = Field(
        default=False,
        description=(
            "Adds the support card to the answer. Nobody is alerted, and this wish is not stored."
        ),
        json_schema_extra=TRANSIENT,
    )


class CheckInPatch(Patch):
    """Corrections to a check-in."""

    rejection_id: Id | None = None
    checked_in_at: Instant = OMITTABLE
    mood: Rating = OMITTABLE
    energy: Rating = OMITTABLE
    emotions: Emotions = OMITTABLE
    dwelling: StrictBool | None = None
    note: Note | None = None


class SupportLink(BaseModel):
    """Where support is found, always."""

    href: Annotated[str, Field(max_length=100)]


class CheckIn(Record):
    """How you were at a moment."""

    rejection_id: Id | None
    checked_in_at: Instant
    mood: Rating
    energy: Rating
    emotions: Emotions
    dwelling: StrictBool | None
    note: Note | None
    support: SupportLink


class SupportResource(BaseModel):
    """A place that helps. `verified_on` is null where nobody has compared it with its source."""

    name: Annotated[str, Line(200)]
    kind: SupportResourceKind
    phones: Annotated[list[Annotated[str, Line(40)]], Field(max_length=10)]
    url: Annotated[str, Field(max_length=300)]
    source_url: Annotated[str, Field(max_length=300)]
    verified_on: Day | None
    languages: Annotated[list[Annotated[str, Line(20)]], Field(max_length=20)]


class SupportResources(BaseModel):
    """Places that help in a country, followed by those for anywhere."""

    country: Annotated[str, Field(min_length=2, max_length=2)] | None
    items: Annotated[list[SupportResource], Field(max_length=100)]


class SupportQuery(Request):
    """For which country; it is your choice and never guessed."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$", min_length=2, max_length=2)] | None = Field(
        default=None, description="ISO 3166-1 alpha-2, such as DE."
    )


class SupportCard(BaseModel):
    """A few words and places, for you only: nobody is alerted."""

    title: Title
    text: Guidance
    resources: Annotated[list[SupportResource], Field(max_length=100)]


class RefocusOffer(BaseModel):
    """A way forward when thoughts keep going back: one if-then step, and the choice to close.

    `step_id` is the step to write your own cue and action into; null where no plan could take it.
    """

    title: Title
    guidance: Guidance
    step_id: Id | None
    muted_until: Instant
    rejection_id: Id


class RecordedCheckIn(CheckIn):
    """The check-in you recorded, and what may help now."""

    support_card: SupportCard | None
    refocus: RefocusOffer | None


class CheckInPage(BaseModel):
    """Some check-ins, in the order asked for."""

    items: Annotated[list[CheckIn], Field(max_length=100)]
    next_cursor: NextCursor


class CheckInSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CHECKED_IN_AT_DESC = "-checked_in_at"
    CHECKED_IN_AT = "checked_in_at"


class CheckInQuery(ListQuery):
    """Which check-ins, in which order."""

    sort: CheckInSort = CheckInSort.CHECKED_IN_AT_DESC
    rejection_id: Id | None = None
    checked_in_after: Instant | None = Field(default=None, description="At this time or later.")
    checked_in_before: Instant | None = Field(default=None, description="At this time or earlier.")


Presented = dict[str, Any]
"""A row with the fields of its wire shape that are no columns."""
