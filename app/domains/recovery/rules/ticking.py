"""Events tick steps: what a person does anywhere counts here without a second tap."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from app.domains.recovery.events import CheckInRecorded
from app.domains.recovery.rules.facts import Evidence, StepChange, StepFacts, StepState
from app.domains.recovery.terms import DoneBy, StepKind, StepStatus

EVENT_TICKS: Mapping[str, tuple[StepKind, ...]] = {
    CheckInRecorded.type: (StepKind.CHECK_IN, StepKind.DECOMPRESS),
}
"""Which kinds of step an event stands for, by event type. A later room adds its line here."""


def steps_to_tick(
    kinds: Iterable[StepKind],
    steps: Iterable[StepFacts],
    *,
    evidence: Evidence,
    today: date,
    now: datetime,
) -> tuple[StepChange, ...]:
    """What an event completes among the `steps` it concerns: at most one step of each kind.

    That is the open step with the earliest position whose opening day has come on `today`, a
    local day. A kind that this very evidence has ticked before is left alone, so that seeing an
    event again changes nothing.
    """
    known = sorted(steps, key=lambda step: (step.position, step.id))
    changes = []
    for kind in kinds:
        same = [step for step in known if step.kind is kind]
        if any(step.evidence == evidence for step in same):
            continue
        ready = (step for step in same if step.is_open and step.opened(today))
        if step := next(ready, None):
            state = StepState(
                status=StepStatus.DONE, done_by=DoneBy.EVENT, done_at=now, evidence=evidence
            )
            changes.append(StepChange(step=step, state=state))
    return tuple(changes)


def steps_to_reopen(steps: Iterable[StepFacts], evidence: Evidence) -> tuple[StepChange, ...]:
    """What undoing an event takes back: the steps it ticked that are still done because of it."""
    return tuple(
        StepChange(step=step, state=StepState(status=StepStatus.PENDING))
        for step in steps
        if step.status is StepStatus.DONE and step.evidence == evidence
    )
