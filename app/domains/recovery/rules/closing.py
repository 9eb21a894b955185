"""What closing and reopening a rejection does, and when a plan is complete on its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.domains.recovery.rules.facts import (
    OPEN,
    PlanFacts,
    PlanState,
    StepChange,
    StepFacts,
    StepState,
)
from app.domains.recovery.terms import PlanStatus, SkipReason, StepStatus


@dataclass(frozen=True, kw_only=True)
class PlanChange:
    """What becomes of a plan, `None` if it stays as it is, and of its steps."""

    state: PlanState | None = None
    steps: tuple[StepChange, ...] = ()


def close_with_rejection(plan: PlanFacts, steps: Iterable[StepFacts]) -> PlanChange:
    """An active plan is completed and its open steps are skipped; other plans are left alone.

    Each skipped step keeps the status it had, and the plan keeps that closing completed it.
    """
    if plan.status is not PlanStatus.ACTIVE:
        return PlanChange()
    skipped = tuple(
        StepChange(
            step=step,
            state=StepState(
                status=StepStatus.SKIPPED,
                skip_reason=SkipReason.REJECTION_CLOSED,
                skipped_from=step.status,
            ),
        )
        for step in steps
        if step.is_open
    )
    completed = PlanState(status=PlanStatus.COMPLETED, completed_with_rejection=True)
    return PlanChange(state=completed, steps=skipped)


def reopen_with_rejection(plan: PlanFacts, steps: Iterable[StepFacts]) -> PlanChange:
    """Exactly what closing took away comes back: those steps, and the plan if closing ended it.

    A restored step gets the status it had; that is a correction, not a transition.
    """
    restored = tuple(
        StepChange(step=step, state=StepState(status=step.skipped_from or StepStatus.PENDING))
        for step in steps
        if step.status is StepStatus.SKIPPED and step.skip_reason is SkipReason.REJECTION_CLOSED
    )
    ended_by_closing = plan.status is PlanStatus.COMPLETED and plan.completed_with_rejection
    return PlanChange(
        state=PlanState(status=PlanStatus.ACTIVE) if ended_by_closing else None, steps=restored
    )


def follow_steps(
    plan: PlanFacts, before: Collection[StepStatus], after: Collection[StepStatus]
) -> PlanState | None:
    """What a plan becomes when its steps went from `before` to `after`; `None` if it stays.

    An active plan is complete when its last open step is done or skipped. A completed plan that
    had nothing open becomes active again when a step is reopened or added, unless closing the
    rejection completed it: then it waits for the rejection to be reopened. A plan that the person
    completed with steps still open stays so. Rebound's own rule.

    Where the rejection is closed, or another plan of it has become active meanwhile, the caller
    leaves the plan completed: there is one active plan at most, and none of a closed rejection.
    """
    had_open, has_open = bool(OPEN.intersection(before)), bool(OPEN.intersection(after))
    if plan.status is PlanStatus.ACTIVE and had_open and not has_open and after:
        return PlanState(status=PlanStatus.COMPLETED)
    comes_back = plan.status is PlanStatus.COMPLETED and not plan.completed_with_rejection
    if comes_back and has_open and not had_open:
        return PlanState(status=PlanStatus.ACTIVE)
    return None
