"""What could be offered as a next action. A later room adds a function that makes candidates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.facts import PlanFacts, StepFacts
from app.domains.recovery.terms import PlanStatus, StepKind, WhyNow
from app.domains.rejections.terms import DecidedBy
from app.kit.clock import end_of_day
from app.kit.practices import Practice
from app.kit.terms import Language

STEP_OPERATION = "update_recovery_step"
REJECTION_OPERATION = "update_rejection"
"""Operation ids of the contract: the one request that settles an item."""

REAPPLY_EFFORT_MINUTES = 30
SUGGESTION_SHOWN_FOR = timedelta(days=30)
"""A suggestion nobody asked for goes away by itself; a date the person set stays."""

REAPPLY_TITLES = {
    Language.EN: "Think about applying again at {company}",
    Language.DE: "Denk über eine neue Bewerbung bei {company} nach",
}


class InPause(StrEnum):
    """What a pause does to a candidate."""

    SHOWN = "shown"
    ONE_WINDOW = "one_window"
    """Shown only while its window closes, and only one of them."""
    HIDDEN = "hidden"


IN_PAUSE = {
    StepKind.DECOMPRESS: InPause.SHOWN,
    StepKind.CHECK_IN: InPause.SHOWN,
    StepKind.THANK: InPause.ONE_WINDOW,
    StepKind.REQUEST_FEEDBACK: InPause.ONE_WINDOW,
}
"""Every other kind of step is hidden, whoever added it."""

WINDOW_KINDS = (StepKind.THANK, StepKind.REQUEST_FEEDBACK)
"""Steps whose good moment ends with their due day."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One thing that could be done.

    `pause_until` and `muted_until` are those of its rejection; `event_at` is the start of an
    event to be ready for; `window_closes_at` the end of a good moment; `reason` replaces the
    reason that its days would give.
    """

    collection: str
    record_id: UUID
    revision: int
    operation_id: str
    title: str
    effort_minutes: int
    created_at: datetime
    practice: Practice
    due_on: date | None = None
    rejection_id: UUID | None = None
    pause_until: datetime | None = None
    muted_until: datetime | None = None
    in_pause: InPause = InPause.HIDDEN
    event_at: datetime | None = None
    window_closes_at: datetime | None = None
    reason: WhyNow | None = None


def step_candidate(
    step: StepFacts,
    plan: PlanFacts,
    *,
    muted_until: datetime | None,
    today: date,
    zone: ZoneInfo,
) -> Candidate | None:
    """An open step of an active plan whose opening day has come; `None` for any other."""
    if plan.status is not PlanStatus.ACTIVE or not step.is_open or not step.opened(today):
        return None
    windowed = step.kind in WINDOW_KINDS and step.due_on is not None
    return Candidate(
        collection="recovery_steps",
        record_id=step.id,
        revision=step.revision,
        operation_id=STEP_OPERATION,
        title=step.title,
        effort_minutes=step.effort_minutes,
        created_at=step.created_at,
        practice=step.practice,
        due_on=step.due_on,
        rejection_id=plan.rejection_id,
        pause_until=plan.pause_until,
        # The guard mutes what would lead back to the rejection, not the way out of it.
        muted_until=None if step.kind is StepKind.REFOCUS else muted_until,
        in_pause=IN_PAUSE.get(step.kind, InPause.HIDDEN),
        window_closes_at=end_of_day(step.due_on, zone) if windowed and step.due_on else None,
    )


@dataclass(frozen=True, kw_only=True)
class ReapplyFacts:
    """What a rejection says about applying again.

    `suggested_on` is the day that the room of rejections would suggest.
    """

    id: UUID
    revision: int
    created_at: datetime
    company_name: str
    decided_by: DecidedBy
    reapply_on: date | None
    suggested_on: date


def reapply_candidate(
    rejection: ReapplyFacts,
    *,
    pause_until: datetime | None,
    muted_until: datetime | None,
    today: date,
    language: Language,
) -> Candidate | None:
    """Applying again, from the day the person set until they change it.

    Where no day is set, it is suggested six months after the rejection, for 30 days and without a
    due day, unless the person was the one who decided. The rejection may be closed by then.
    """
    due_on, reason = rejection.reapply_on, WhyNow.REAPPLY_DATE
    if due_on is None:
        ends_on = rejection.suggested_on + SUGGESTION_SHOWN_FOR
        if rejection.decided_by is DecidedBy.CANDIDATE:
            return None
        if not rejection.suggested_on <= today < ends_on:
            return None
        reason = WhyNow.REAPPLY_SUGGESTED
    elif due_on > today:
        return None
    return Candidate(
        collection="rejections",
        record_id=rejection.id,
        revision=rejection.revision,
        operation_id=REJECTION_OPERATION,
        title=REAPPLY_TITLES[language].format(company=rejection.company_name),
        effort_minutes=REAPPLY_EFFORT_MINUTES,
        created_at=rejection.created_at,
        practice=Practice.STAY_ENGAGED,
        due_on=due_on,
        rejection_id=rejection.id,
        pause_until=pause_until,
        muted_until=muted_until,
        reason=reason,
    )
