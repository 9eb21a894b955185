"""What could be offered as a next action: steps, and what records of other rooms ask for."""

from collections.abc import Mapping
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
"""The operation of the contract that settles a step; `ASKING` names those of other records."""

SUGGESTION_SHOWN_FOR = timedelta(days=30)
"""A suggestion nobody asked for goes away by itself; a date the person set stays."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How records of a collection ask for something: the one request that settles it, and why."""

    operation_id: str
    titles: Mapping[Language, str]
    effort_minutes: int
    practice: Practice
    reason: WhyNow | None = None


_FEW_WORDS = Asking(
    operation_id="record_interaction",
    titles={
        Language.EN: "Have a few words with {name}",
        Language.DE: "Wechsle ein paar Worte mit {name}",
    },
    effort_minutes=10,
    practice=Practice.STAY_ENGAGED,
    reason=WhyNow.FOLLOW_UP_DUE,
)
ASKING: Mapping[str, Asking] = {
    "opportunities": Asking(
        operation_id="get_preparation_brief",
        titles={
            Language.EN: "Get ready for what comes next at {name}",
            Language.DE: "Bereite dich auf das Nächste bei {name} vor",
        },
        effort_minutes=20,
        practice=Practice.PREPARE,
    ),
    "feedback_requests": Asking(
        operation_id="update_feedback_request",
        titles={
            Language.EN: "Remind {name} once of your request for feedback",
            Language.DE: "Erinnere {name} einmal an deine Bitte um Feedback",
        },
        effort_minutes=10,
        practice=Practice.SPECIFIC_QUESTIONS,
        reason=WhyNow.NUDGE_DUE,
    ),
    "contacts": _FEW_WORDS,
    "companies": _FEW_WORDS,
    "rejections": Asking(
        operation_id="update_rejection",
        titles={
            Language.EN: "Think about applying again at {name}",
            Language.DE: "Denk über eine neue Bewerbung bei {name} nach",
        },
        effort_minutes=30,
        practice=Practice.STAY_ENGAGED,
        reason=WhyNow.REAPPLY_DATE,
    ),
}
"""What records other than steps ask for, by their collection."""


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
class Due:
    """A record other than a step that asks for something on a day, or before an event.

    `name` is that of an employer or a person. The rest of what it can say is about the rejection
    behind it, as in a `Candidate`.
    """

    collection: str
    id: UUID
    revision: int
    created_at: datetime
    name: str
    due_on: date | None
    event_at: datetime | None = None
    rejection_id: UUID | None = None
    pause_until: datetime | None = None
    muted_until: datetime | None = None


def due_candidate(due: Due, language: Language, reason: WhyNow | None = None) -> Candidate:
    """What a record asks for; `reason` replaces the one that its collection gives."""
    asking = ASKING[due.collection]
    return Candidate(
        collection=due.collection,
        record_id=due.id,
        revision=due.revision,
        operation_id=asking.operation_id,
        title=asking.titles[language].format(name=due.name),
        effort_minutes=asking.effort_minutes,
        created_at=due.created_at,
        practice=asking.practice,
        due_on=due.due_on,
        rejection_id=due.rejection_id,
        pause_until=due.pause_until,
        muted_until=due.muted_until,
        event_at=due.event_at,
        reason=reason or asking.reason,
    )


def reapply_candidate(
    due: Due, decided_by: DecidedBy, suggested_on: date, *, today: date, language: Language
) -> Candidate | None:
    """Applying again, from the day the person set until they change it.

    Where no day is set, it is suggested from `suggested_on`, as the room of rejections would, for
    30 days and without a due day, unless the person was the one who decided. The rejection may be
    closed by then.
    """
    if due.due_on is not None:
        return due_candidate(due, language) if due.due_on <= today else None
    suggested = suggested_on <= today < suggested_on + SUGGESTION_SHOWN_FOR
    if decided_by is DecidedBy.CANDIDATE or not suggested:
        return None
    return due_candidate(due, language, WhyNow.REAPPLY_SUGGESTED)
