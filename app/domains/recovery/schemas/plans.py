"""The wire shapes of plans and their templates."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field, StrictBool

from app.domains.recovery.schemas.fields import Effort, Guidance, Title
from app.domains.recovery.schemas.steps import RecoveryStep
from app.domains.recovery.terms import MAX_STEPS_PER_PLAN, PlanStatus, StepKind
from app.kit.fields import Id, Instant, Line, whole
from app.kit.practices import Practice
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

TemplateKey = Annotated[str, Line(40), Field(examples=["interview"])]


class PlanCreate(Request):
    """A plan to start: for a rejection by its own template, or any template, or empty."""

    examples: ClassVar[Examples] = {
        "From a template": {"title": "Get back into practice", "template_key": "application"},
        "Empty, for steps of your own": {"title": "My own way", "pause_until": None},
    }

    id: Id = OMITTABLE
    rejection_id: Id | None = None
    template_key: TemplateKey | None = Field(
        default=None,
        description="From `GET /v1/plan-templates`; without it the rejection's own, else no steps.",
    )
    plan_template_id: Id | None = Field(
        default=None,
        description="A template of the organisation for which you act for somebody.",
    )
    title: Title | None = Field(default=None, description="The template's title without it.")
    pause_until: Instant | None = None


class PlanPatch(Patch):
    """Changes to a plan. Set `status` to complete, abandon or take it up again."""

    examples: ClassVar[Examples] = {
        "End the pause": {"pause_until": None},
        "Complete it": {"status": "completed"},
        "Let it go": {"status": "abandoned"},
    }

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
