"""What could be offered as a next action: a function for each kind of thing there is to do."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.facts import PlanFacts, StepFacts
from app.domains.recovery.terms import PlanStatus, StepKind, WhyNow
from app.domains.rejections.terms import DecidedBy
from app.kit.clock import end_of_day, local_day
from app.kit.practices import Practice
from app.kit.terms import Language

STEP_OPERATION = "update_recovery_step"
REJECTION_OPERATION = "update_rejection"
REQUEST_OPERATION = "update_feedback_request"
INTERACTION_OPERATION = "record_interaction"
BRIEF_OPERATION = "get_preparation_brief"
"""Operation ids of the contract: the one request that settles an item."""

REAPPLY_EFFORT_MINUTES, BRIEF_EFFORT_MINUTES = 30, 20
NUDGE_EFFORT_MINUTES, FOLLOW_UP_EFFORT_MINUTES = 10, 10
SUGGESTION_SHOWN_FOR = timedelta(days=30)
"""A suggestion nobody asked for goes away by itself; a date the person set stays."""

REAPPLY_TITLES = {
    Language.EN: "Think about applying again at {name}",
    Language.DE: "Denk über eine neue Bewerbung bei {name} nach",
}
BRIEF_TITLES = {
    Language.EN: "Get ready for what comes next at {name}",
    Language.DE: "Bereite dich auf das Nächste bei {name} vor",
}
NUDGE_TITLES = {
    Language.EN: "Remind {name} once of your request for feedback",
    Language.DE: "Erinnere {name} einmal an deine Bitte um Feedback",
}
FOLLOW_UP_TITLES = {
    Language.EN: "Have a few words with {name}",
    Language.DE: "Wechsle ein paar Worte mit {name}",
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
        title=REAPPLY_TITLES[language].format(name=rejection.company_name),
        effort_minutes=REAPPLY_EFFORT_MINUTES,
        created_at=rejection.created_at,
        practice=Practice.STAY_ENGAGED,
        due_on=due_on,
        rejection_id=rejection.id,
        pause_until=pause_until,
        muted_until=muted_until,
        reason=reason,
    )


@dataclass(frozen=True, kw_only=True)
class Due:
    """A record of another room that asks for something: what every one of them tells.

    `name` is that of an employer or a person; the rest is about the rejection behind it, if any.
    """

    collection: str
    id: UUID
    revision: int
    created_at: datetime
    name: str
    rejection_id: UUID | None = None
    pause_until: datetime | None = None
    muted_until: datetime | None = None


def event_candidate(
    opportunity: Due, event_at: datetime, *, zone: ZoneInfo, language: Language
) -> Candidate:
    """Something ahead in an opportunity, to be ready for."""
    return Candidate(
        collection=opportunity.collection,
        record_id=opportunity.id,
        revision=opportunity.revision,
        operation_id=BRIEF_OPERATION,
        title=BRIEF_TITLES[language].format(name=opportunity.name),
        effort_minutes=BRIEF_EFFORT_MINUTES,
        created_at=opportunity.created_at,
        practice=Practice.PREPARE,
        due_on=local_day(event_at, zone),
        event_at=event_at,
    )


def nudge_candidate(request: Due, nudge_on: date, *, language: Language) -> Candidate:
    """The one friendly reminder of a feedback request that nobody has answered."""
    return Candidate(
        collection=request.collection,
        record_id=request.id,
        revision=request.revision,
        operation_id=REQUEST_OPERATION,
        title=NUDGE_TITLES[language].format(name=request.name),
        effort_minutes=NUDGE_EFFORT_MINUTES,
        created_at=request.created_at,
        practice=Practice.SPECIFIC_QUESTIONS,
        due_on=nudge_on,
        rejection_id=request.rejection_id,
        pause_until=request.pause_until,
        muted_until=request.muted_until,
        reason=WhyNow.NUDGE_DUE,
    )


def follow_up_candidate(due: Due, due_on: date, *, language: Language) -> Candidate:
    """A contact or a followed company to have a few words with."""
    return Candidate(
        collection=due.collection,
        record_id=due.id,
        revision=due.revision,
        operation_id=INTERACTION_OPERATION,
        title=FOLLOW_UP_TITLES[language].format(name=due.name),
        effort_minutes=FOLLOW_UP_EFFORT_MINUTES,
        created_at=due.created_at,
        practice=Practice.STAY_ENGAGED,
        due_on=due_on,
        reason=WhyNow.FOLLOW_UP_DUE,
    )
