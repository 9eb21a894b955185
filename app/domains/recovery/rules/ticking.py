"""Facts tick steps: what a person does anywhere counts here without a second tap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.domains.recovery.rules.facts import Evidence, StepChange, StepFacts, StepState
from app.domains.recovery.rules.standing import Claim, Place, distance
from app.domains.recovery.terms import DoneBy, StepStatus


@dataclass(frozen=True, kw_only=True)
class PlacedStep:
    """A step, and what its plan is about."""

    step: StepFacts
    place: Place


def steps_to_tick(
    claims: Iterable[Claim],
    steps: Iterable[PlacedStep],
    *,
    evidence: Evidence,
    today: date,
    now: datetime,
) -> tuple[StepChange, ...]:
    """What a record completes among the `steps`: at most one for each thing it stands for.

    That is an open step whose opening day has come on `today`, a local day: the nearest to what
    the claim names, then the one with the earliest position, then by the ids of plan and step. A
    claim for which this very record has ticked a step before is left alone, so that seeing a fact
    again changes nothing.
    """
    known = list(steps)
    taken: set[UUID] = set()
    changes = []
    for claim in claims:
        near = {
            one.step.id: (far, one.step.position, one.step.plan_id, one.step.id)
            for one in known
            if one.step.kind is claim.kind and (far := distance(claim, one.place)) is not None
        }
        same = [one.step for one in known if one.step.id in near]
        if any(step.evidence == evidence for step in same):
            continue
        ready = [s for s in same if s.is_open and s.opened(today) and s.id not in taken]
        if step := min(ready, key=lambda one: near[one.id], default=None):
            taken.add(step.id)
            state = StepState(
                status=StepStatus.DONE, done_by=DoneBy.EVENT, done_at=now, evidence=evidence
            )
            changes.append(StepChange(step=step, state=state))
    return tuple(changes)


def steps_to_reopen(
    claims: Sequence[Claim], steps: Iterable[PlacedStep], evidence: Evidence
) -> tuple[StepChange, ...]:
    """What a record takes back: the steps it ticked for which it stands no longer.

    They are those that are still done because of it.
    """
    return tuple(
        StepChange(step=one.step, state=StepState(status=StepStatus.PENDING))
        for one in steps
        if one.step.status is StepStatus.DONE
        and one.step.evidence == evidence
        and not any(
            claim.kind is one.step.kind and distance(claim, one.place) is not None
            for claim in claims
        )
    )
