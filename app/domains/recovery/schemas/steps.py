"""The wire shapes of steps."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.domains.recovery.schemas.fields import Effort, Guidance, RecordRef, Title
from app.domains.recovery.terms import (
    MAX_ACTION_CHARACTERS,
    MAX_CUE_CHARACTERS,
    DoneBy,
    SkipReason,
    StepKind,
    StepOrigin,
    StepStatus,
)
from app.kit.fields import Day, Id, Instant, Text, whole
from app.kit.ids import example_id
from app.kit.practices import Practice
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

MAX_POSITION = 1_000

Cue = Annotated[str, Text(MAX_CUE_CHARACTERS)]
Action = Annotated[str, Text(MAX_ACTION_CHARACTERS)]
Position = Annotated[int, whole(1, MAX_POSITION)]


class StepCreate(Request):
    """A step of your own, at the end of a plan."""

    examples: ClassVar[Examples] = {
        "A step of your own": {
            "plan_id": str(example_id("plan_id")),
            "title": "Ask Kim to read my portfolio",
            "effort_minutes": 20,
        },
        "With an if-then plan": {
            "plan_id": str(example_id("plan_id")),
            "title": "Practise the case question aloud",
            "practice": "E2",
            "effort_minutes": 25,
            "due_on": "2026-03-09",
            "cue": "When I have had breakfast on Monday,",
            "action": "I answer the case question aloud, once, with a timer.",
        },
    }

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

    examples: ClassVar[Examples] = {
        "Tick it": {"status": "done"},
        "Leave it out": {"status": "skipped", "skip_reason": "not_now"},
        "Write your if-then plan into it": {
            "cue": "When I open my laptop after lunch,",
            "action": "I write the first two sentences of the thank-you note.",
        },
    }

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
    rejection_id: Id | None = Field(
        default=None, description="The steps of all plans of this rejection."
    )
    status: StepStatus | None = None
    kind: StepKind | None = None
