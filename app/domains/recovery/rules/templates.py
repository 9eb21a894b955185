"""Which steps a plan begins with, and on which days they are due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domains.recovery.errors import unknown_template
from app.domains.recovery.rules.data import REFOCUS_STEP, TEMPLATES, Template, TemplateStep
from app.domains.recovery.terms import StepKind
from app.domains.rejections.terms import DecidedBy, RejectionChannel, RejectionStage
from app.kit.clock import local_day
from app.kit.practices import Practice
from app.kit.terms import Language

TEMPLATE_BY_DECIDER: Mapping[DecidedBy, str] = {
    DecidedBy.CANDIDATE: "own_decision",
    DecidedBy.NONE: "no_decision",
}
"""Asked first: after one's own decision, or nobody's, the stage matters little."""

TEMPLATE_BY_STAGE: Mapping[RejectionStage, str] = {
    RejectionStage.APPLICATION: "application",
    RejectionStage.SCREENING: "screening",
    RejectionStage.ASSESSMENT: "screening",
    RejectionStage.INTERVIEW: "interview",
    RejectionStage.FINAL_ROUND: "final_round",
    RejectionStage.OFFER: "final_round",
}


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """A step to be stored; positions in a plan begin at 1."""

    position: int
    kind: StepKind
    practice: Practice
    title: str
    guidance: str | None
    effort_minutes: int
    opens_on: date | None
    due_on: date | None


def human_contact(
    stage: RejectionStage, channel: RejectionChannel | None, *, contact_linked: bool
) -> bool:
    """Whether there is a person to thank or to ask.

    Either a contact is linked, or the "no" came at screening or later by something other than
    portal or silence. An unknown channel is no proof of a person.
    """
    personal = channel not in (None, RejectionChannel.PORTAL, RejectionChannel.SILENCE)
    return contact_linked or (personal and stage is not RejectionStage.APPLICATION)


def choose_template(stage: RejectionStage, decided_by: DecidedBy) -> Template:
    """The template for a rejection: by who decided, else by stage."""
    return TEMPLATES[TEMPLATE_BY_DECIDER.get(decided_by) or TEMPLATE_BY_STAGE[stage]]


def template(key: str) -> Template:
    """The template with this key.

    Raises:
        Invalid: there is none.
    """
    try:
        return TEMPLATES[key]
    except KeyError:
        raise unknown_template() from None


def plan_steps(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    chosen: Template,
    language: Language,
    *,
    rejected_on: date | None,
    started_at: datetime,
    pause_until: datetime | None,
    zone: ZoneInfo,
    with_human_contact: bool,
) -> tuple[NewStep, ...]:
    """The steps with which a plan begins, in order, their texts in one language.

    Days are the person's local calendar days, counted from three of them: a thank-you or a
    feedback request from the rejection, because its window does not wait (feedback requests are
    best answered within 24 to 48 hours); rest and the first check-in from the start of the plan;
    everything else from the end of the pause, so that nothing falls due in it. A day that has
    passed when the plan starts is left out: no step is overdue when it is born. A plan without a
    rejection counts from its start.
    """
    started_on = local_day(started_at, zone)
    days = {
        "rejection": rejected_on or started_on,
        "start": started_on,
        "pause": max(started_on, local_day(pause_until, zone) if pause_until else started_on),
    }
    steps = [step for step in chosen.steps if with_human_contact or not step.needs_human_contact]
    return tuple(
        _new_step(step, language, position, days) for position, step in enumerate(steps, start=1)
    )


@dataclass(frozen=True, kw_only=True)
class CoachStep:
    """A step of an organisation's template, its days counted from the day it is assigned."""

    kind: StepKind
    practice: Practice
    title: str
    guidance: str | None
    effort_minutes: int
    opens_after_days: int | None
    due_after_days: int | None


def coach_steps(steps: Iterable[CoachStep], today: date) -> tuple[NewStep, ...]:
    """The steps with which a plan from an organisation's template begins, in their order.

    Days are counted from `today` where the person lives.
    """

    def after(days: int | None) -> date | None:
        return None if days is None else today + timedelta(days=days)

    return tuple(
        NewStep(
            position=position,
            kind=step.kind,
            practice=step.practice,
            title=step.title,
            guidance=step.guidance,
            effort_minutes=step.effort_minutes,
            opens_on=after(step.opens_after_days),
            due_on=after(step.due_after_days),
        )
        for position, step in enumerate(steps, start=1)
    )


def refocus_step(language: Language, position: int) -> NewStep:
    """The step that the dwelling guard offers. It has no due day: it is an offer."""
    return _new_step(REFOCUS_STEP, language, position, {})


def _new_step(
    step: TemplateStep, language: Language, position: int, days: Mapping[str, date]
) -> NewStep:
    opens_on = due_on = None
    if step.opens_after_days is not None:
        opens_on = days["rejection"] + timedelta(days=step.opens_after_days)
    if step.due is not None:
        day = days[step.due.counted_from] + timedelta(days=step.due.days)
        due_on = day if day >= days["start"] else None
    return NewStep(
        position=position,
        kind=step.kind,
        practice=step.practice,
        title=step.title[language],
        guidance=step.guidance[language],
        effort_minutes=step.effort_minutes,
        opens_on=opens_on,
        due_on=due_on,
    )
