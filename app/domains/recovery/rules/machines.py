"""Which status can follow which: two tables, and what a person's change does to a record."""

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from app.domains.recovery.errors import skip_reason_of_the_engine, skip_reason_without_skipping
from app.domains.recovery.rules.facts import PlanState, StepState
from app.domains.recovery.terms import DoneBy, PlanStatus, SkipReason, StepStatus
from app.kit.problems import InvalidTransition
from app.kit.terms import Term

Status = TypeVar("Status", bound=Term)

PLAN_TRANSITIONS: Mapping[PlanStatus, tuple[PlanStatus, ...]] = {
    PlanStatus.ACTIVE: (PlanStatus.COMPLETED, PlanStatus.ABANDONED),
    PlanStatus.COMPLETED: (PlanStatus.ACTIVE,),
    PlanStatus.ABANDONED: (PlanStatus.ACTIVE,),
}

STEP_TRANSITIONS: Mapping[StepStatus, tuple[StepStatus, ...]] = {
    StepStatus.PENDING: (StepStatus.IN_PROGRESS, StepStatus.DONE, StepStatus.SKIPPED),
    StepStatus.IN_PROGRESS: (StepStatus.DONE, StepStatus.SKIPPED),
    StepStatus.DONE: (StepStatus.PENDING,),
    StepStatus.SKIPPED: (StepStatus.PENDING,),
}


def check_transition(
    table: Mapping[Status, tuple[Status, ...]], before: Status, after: Status
) -> None:
    """Let a change of status through if `table` lists it; staying is always possible.

    Raises:
        InvalidTransition: the table does not list it.
    """
    if after not in (before, *table[before]):
        raise InvalidTransition(
            f"What is {before} cannot become {after}.", allowed=list(table[before])
        )


def plan_by_person(before: PlanStatus, after: PlanStatus) -> PlanState:
    """What a plan becomes when the person changes its status; its steps stay as they are.

    Raises:
        InvalidTransition: the table does not list the change.
    """
    check_transition(PLAN_TRANSITIONS, before, after)
    return PlanState(status=after)


def step_by_person(
    before: StepStatus, after: StepStatus, *, now: datetime, skip_reason: SkipReason | None = None
) -> StepState:
    """What a step becomes when the person changes its status.

    Ask only when the status really changes, or the time it was done is lost. A coach's step is
    skipped without a reason like any other.

    Raises:
        InvalidTransition: the table does not list the change.
        Invalid: a reason is given without skipping, or it is the engine's own.
    """
    check_transition(STEP_TRANSITIONS, before, after)
    check_skip_reason(after, skip_reason)
    if after is StepStatus.DONE:
        return StepState(status=after, done_by=DoneBy.PERSON, done_at=now)
    return StepState(status=after, skip_reason=skip_reason)


def check_skip_reason(status: StepStatus, skip_reason: SkipReason | None) -> None:
    """Let the reason through that a person gives for a step with this status.

    Raises:
        Invalid: a reason is given without skipping, or it is the engine's own.
    """
    if skip_reason is SkipReason.REJECTION_CLOSED:
        raise skip_reason_of_the_engine()
    if skip_reason is not None and status is not StepStatus.SKIPPED:
        raise skip_reason_without_skipping()
