"""What happened to plans, steps and check-ins. What is stored of it holds no mood and no words."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.domains.recovery.terms import DoneBy, SkipReason, StepKind
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _PlanEvent(Event):
    collection: ClassVar[str] = "recovery_plans"
    rejection_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class RecoveryPlanStarted(_PlanEvent):
    """A plan began, by recording a rejection or by the person's wish."""

    type: ClassVar[str] = "recovery_plan.started"
    template_key: str | None


@dataclass(frozen=True, kw_only=True)
class RecoveryPlanCompleted(_PlanEvent):
    """A plan came to its end: its last step, the person's word, or the rejection's closing."""

    type: ClassVar[str] = "recovery_plan.completed"


@dataclass(frozen=True, kw_only=True)
class RecoveryPlanAbandoned(_PlanEvent):
    """A person let a plan go."""

    type: ClassVar[str] = "recovery_plan.abandoned"


@dataclass(frozen=True, kw_only=True)
class RecoveryPlanReopened(_PlanEvent):
    """A plan that had ended is active again."""

    type: ClassVar[str] = "recovery_plan.reopened"


@dataclass(frozen=True, kw_only=True)
class _StepEvent(Event):
    collection: ClassVar[str] = "recovery_steps"
    plan_id: UUID
    kind: StepKind


@dataclass(frozen=True, kw_only=True)
class RecoveryStepCompleted(_StepEvent):
    """A step was done, by the person's tick or by an event that stands for it."""

    type: ClassVar[str] = "recovery_step.completed"
    done_by: DoneBy


@dataclass(frozen=True, kw_only=True)
class RecoveryStepSkipped(_StepEvent):
    """A step was left out; a reason is never demanded."""

    type: ClassVar[str] = "recovery_step.skipped"
    skip_reason: SkipReason | None


@dataclass(frozen=True, kw_only=True)
class RecoveryStepOverdue(_StepEvent):
    """The day of an open step is over where the person lives; told once for each such day."""

    type: ClassVar[str] = "recovery_step.overdue"


@dataclass(frozen=True, kw_only=True)
class RecoveryStepReopened(_StepEvent):
    """A step that was done or skipped is open again."""

    type: ClassVar[str] = "recovery_step.reopened"


@dataclass(frozen=True, kw_only=True)
class _CheckInEvent(Event):
    collection: ClassVar[str] = "check_ins"
    rejection_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CheckInRecorded(_CheckInEvent):
    """A person noted how they are."""

    type: ClassVar[str] = "check_in.recorded"
    checked_in_at: datetime


@dataclass(frozen=True, kw_only=True)
class CheckInUpdated(_CheckInEvent):
    """A check-in was corrected; only a move to another rejection matters to steps."""

    type: ClassVar[str] = "check_in.updated"
    checked_in_at: datetime


@dataclass(frozen=True, kw_only=True)
class CheckInDeleted(_CheckInEvent):
    """A check-in is gone."""

    type: ClassVar[str] = "check_in.deleted"
