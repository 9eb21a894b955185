"""The wire shapes of what coaches prepare and assign: an organisation's templates, and steps."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.recovery.schemas.fields import Effort, Guidance, Title
from app.domains.recovery.terms import (
    MAX_ASSIGNED_AT_ONCE,
    MAX_STEPS_PER_PLAN,
    MAX_TEMPLATE_DAYS,
    AssignmentOutcome,
    StepKind,
)
from app.kit.fields import Day, Distinct, Id, whole
from app.kit.ids import example_id
from app.kit.practices import Practice
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

Days = Annotated[int, whole(0, MAX_TEMPLATE_DAYS)]
OPENS_AFTER = "Days after the plan starts; the step is not offered before."
DUE_AFTER = "Days after the plan starts."

TemplateName = Annotated[Title, Field(examples=["Interview practice in two weeks"])]


class OrganizationTemplateStepCreate(Request):
    """A step to be taken over into each plan."""

    kind: StepKind = StepKind.CUSTOM
    practice: Practice
    title: Title
    guidance: Guidance | None = None
    effort_minutes: Effort = 10
    opens_after_days: Days | None = Field(default=None, description=OPENS_AFTER)
    due_after_days: Days | None = Field(default=None, description=DUE_AFTER)


NewSteps = Annotated[
    list[OrganizationTemplateStepCreate], Field(min_length=1, max_length=MAX_STEPS_PER_PLAN)
]


class OrganizationPlanTemplateCreate(Request):
    """A plan that coaches of the organisation can start for a client, or assign to many."""

    examples: ClassVar[Examples] = {
        "Two steps": {
            "name": "Interview practice in two weeks",
            "description": "For everybody who had a first interview.",
            "steps": [
                {
                    "kind": "custom",
                    "practice": "C1",
                    "title": "Write down three questions you were asked",
                    "guidance": None,
                    "effort_minutes": 15,
                    "opens_after_days": None,
                    "due_after_days": 3,
                },
                {
                    "kind": "prepare_next",
                    "practice": "E2",
                    "title": "Answer one of them aloud with a timer",
                    "guidance": "Two minutes are enough. Once is enough, too.",
                    "effort_minutes": 20,
                    "opens_after_days": 3,
                    "due_after_days": 10,
                },
            ],
        }
    }

    id: Id = OMITTABLE
    name: TemplateName
    description: Guidance | None = None
    steps: NewSteps


class OrganizationPlanTemplatePatch(Patch):
    """Changes to a template; plans that were started from it stay as they are."""

    examples: ClassVar[Examples] = {
        "Call it something else": {"name": "Interview practice"},
        "Replace all steps": {
            "steps": [
                {
                    "kind": "custom",
                    "practice": "E2",
                    "title": "Answer one question aloud with a timer",
                    "guidance": None,
                    "effort_minutes": 20,
                    "opens_after_days": None,
                    "due_after_days": 7,
                }
            ]
        },
    }

    name: TemplateName = OMITTABLE
    description: Guidance | None = None
    steps: NewSteps = OMITTABLE


class OrganizationTemplateStep(BaseModel):
    """A step of an organisation's template."""

    kind: StepKind
    practice: Practice
    title: Title
    guidance: Guidance | None
    effort_minutes: Effort
    opens_after_days: Days | None = Field(description=OPENS_AFTER)
    due_after_days: Days | None = Field(description=DUE_AFTER)


class OrganizationPlanTemplate(Record):
    """A plan that an organisation has thought out for its clients."""

    name: TemplateName
    description: Guidance | None
    steps: Annotated[list[OrganizationTemplateStep], Field(max_length=MAX_STEPS_PER_PLAN)]


class OrganizationPlanTemplatePage(BaseModel):
    """Some templates, in the order asked for."""

    items: Annotated[list[OrganizationPlanTemplate], Field(max_length=100)]
    next_cursor: NextCursor


class OrganizationPlanTemplateSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class OrganizationPlanTemplateQuery(ListQuery):
    """In which order."""

    sort: OrganizationPlanTemplateSort = OrganizationPlanTemplateSort.CREATED_AT_DESC


class AssignedStep(Request):
    """A step that is the same for everybody."""

    kind: StepKind = StepKind.CUSTOM
    practice: Practice
    title: Title
    guidance: Guidance | None = None
    effort_minutes: Effort = 10
    opens_on: Day | None = Field(default=None, description="Not offered before this day.")
    due_on: Day | None = None


class StepAssignmentCreate(Request):
    """What to assign, and to whom: a step, or a whole plan from a template."""

    examples: ClassVar[Examples] = {
        "A step for two clients": {
            "account_ids": [str(example_id("account_id")), str(example_id("other_account_id"))],
            "step": {
                "practice": "E2",
                "title": "Bring one interview question to our next talk",
                "effort_minutes": 10,
                "due_on": "2026-03-16",
            },
        },
        "A plan from a template": {
            "account_ids": [str(example_id("account_id"))],
            "plan_template_id": str(example_id("plan_template_id")),
        },
    }

    account_ids: Annotated[
        list[Id], Field(min_length=1, max_length=MAX_ASSIGNED_AT_ONCE), Distinct()
    ]
    step: AssignedStep | None = None
    plan_template_id: Id | None = Field(
        default=None, description="A template of the organisation, instead of `step`."
    )


class StepAssignment(BaseModel):
    """What became of the assignment for one person."""

    account_id: Id
    outcome: AssignmentOutcome
    plan_id: Id | None = Field(description="The plan that was started, or that holds the step.")
    step_id: Id | None = Field(description="The step, if it was a single one.")


class StepAssignments(BaseModel):
    """A result for each person, in the order in which they were named."""

    items: Annotated[list[StepAssignment], Field(max_length=MAX_ASSIGNED_AT_ONCE)]
