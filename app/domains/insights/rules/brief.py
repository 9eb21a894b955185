"""What to carry into the next conversation.

Lists are ranked and cut, so that a brief can be read in a few minutes. What comes from the same
company stands first, then what comes from the same stage; the latest first among equals.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.domains.feedback.rules.data import QUESTIONS
from app.domains.insights.rules.figures import Figures, Rows
from app.domains.insights.terms import MAX_SHOWN, BriefReason, ChecklistItem
from app.domains.reflections.terms import Severity, SkillGapStatus
from app.domains.rejections.terms import RejectionStage
from app.kit.competencies import Competency
from app.kit.terms import Language

TO_LEARN = frozenset({SkillGapStatus.OPEN, SkillGapStatus.IN_PROGRESS})

_RANK = {reason: place for place, reason in enumerate(BriefReason)}
_SEVERITY = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True, kw_only=True)
class Past:
    """The outlines of what a person has been through, and what they look for."""

    rejections: Rows = ()
    opportunities: Rows = ()
    reflections: Rows = ()
    feedback: Rows = ()
    lessons: Rows = ()
    gaps: Rows = ()
    fits: Rows = ()
    contacts: Rows = ()
    values: Iterable[Mapping[str, Any]] = ()
    by_id: Mapping[UUID | None, Any] = field(init=False)

    def __post_init__(self) -> None:
        known = (*self.rejections, *self.opportunities, *self.reflections, *self.feedback)
        object.__setattr__(self, "by_id", {one.id: one for one in known})


@dataclass(frozen=True)
class Place:
    """Where something comes from, as far as that is known."""

    company_id: UUID | None = None
    stage: RejectionStage | None = None


def competencies_of(stage: RejectionStage) -> frozenset[Competency]:
    """What the question bank has questions about at a stage."""
    return frozenset(one.competency for one in QUESTIONS if stage in one.stages)


def preparation_brief(opportunity: Any, past: Past, language: Language) -> Figures:
    """The brief for an opportunity."""
    said = {
        "lessons": _lessons(opportunity, past),
        "answers": _answers(opportunity, past),
        "gaps": _gaps(past.gaps),
        "red_flags": _red_flags(opportunity, past),
        "mismatches": _mismatches(opportunity, past),
        "values": _values(opportunity, past),
        "people": _people(opportunity, past.contacts),
    }
    items = _checklist(opportunity, said)
    return {
        "opportunity_id": opportunity.id,
        "company_id": opportunity.company_id,
        "company_name": opportunity.company_name,
        "role_title": opportunity.role_title,
        "next_stage": opportunity.next_stage,
        "next_event_at": opportunity.next_event_at,
        **{name: rows[:MAX_SHOWN] for name, rows in said.items()},
        "checklist": [{"item": item, "text": item.label(language)} for item in items],
    }


def _place_of(past: Past, rejection_id: UUID | None, opportunity_id: UUID | None = None) -> Place:
    """Where a rejection or an opportunity took place; the rejection knows more."""
    if (rejection := past.by_id.get(rejection_id)) is not None:
        return Place(rejection.company_id, rejection.stage)
    if (opportunity := past.by_id.get(opportunity_id)) is not None:
        return Place(opportunity.company_id)
    return Place()


def _reason(opportunity: Any, place: Place, *, asked_here: bool = False) -> BriefReason:
    """Why something from a place is of use for an opportunity."""
    if place.company_id is not None and place.company_id == opportunity.company_id:
        return BriefReason.SAME_COMPANY
    if place.stage is not None and place.stage is opportunity.next_stage:
        return BriefReason.SAME_STAGE
    return BriefReason.ASKED_HERE if asked_here else BriefReason.OPEN


def _ranked(
    found: Iterable[tuple[BriefReason, Any, Figures]], latest: Callable[[Any], Any]
) -> list[Figures]:
    """By reason, the latest first among equals, then in the order found."""
    newest_first = sorted(found, key=lambda one: latest(one[1]), reverse=True)
    by_reason = sorted(newest_first, key=lambda one: _RANK[one[0]])
    return [{**figures, "reason": reason} for reason, _, figures in by_reason]


def _lessons(opportunity: Any, past: Past) -> list[Figures]:
    """The lessons that are open, by where they come from."""
    found = (
        (
            _reason(opportunity, _source_of(past, lesson)),
            lesson,
            {
                "lesson_id": lesson.id,
                "text": lesson.text,
                "practice": lesson.practice,
                "competency": lesson.competency,
            },
        )
        for lesson in past.lessons
    )
    return _ranked(found, lambda lesson: (lesson.created_at, lesson.id))


def _source_of(past: Past, lesson: Any) -> Place:
    """Where a lesson comes from: its rejection, or what its feedback or reflection is about."""
    if lesson.source_rejection_id is not None:
        return _place_of(past, lesson.source_rejection_id)
    source = past.by_id.get(lesson.source_feedback_id or lesson.source_reflection_id)
    if source is None:
        return Place()
    return _place_of(past, source.rejection_id, getattr(source, "opportunity_id", None))


def _answers(opportunity: Any, past: Past) -> list[Figures]:
    """The stronger answers that can be asked for next.

    Those from this company, those from reflections on a rejection at the next stage, and those
    about a competency that the question bank has at that stage. While no next stage is known, all.
    """
    stage = opportunity.next_stage
    asked = frozenset[Competency]() if stage is None else competencies_of(stage)
    found = [
        (
            _reason(opportunity, place, asked_here=answer["competency"] in asked),
            reflection,
            {"reflection_id": reflection.id, **answer},
        )
        for reflection in past.reflections
        for place in (_place_of(past, reflection.rejection_id, reflection.opportunity_id),)
        for answer in reflection.answers
        if answer["stronger_answer"] is not None
    ]
    fitting = (one for one in found if stage is None or one[0] is not BriefReason.OPEN)
    return _ranked(fitting, lambda reflection: (reflection.occurred_on, reflection.id))


def _gaps(gaps: Rows) -> list[Figures]:
    """The gaps to learn, those that most rejections name first, then the most severe."""
    open_ones = sorted(
        (one for one in gaps if one.status in TO_LEARN),
        key=lambda one: (-len(one.rejection_ids), -_SEVERITY[one.severity], one.id),
    )
    names = ("name", "kind", "severity", "status", "progress_percent")
    return [
        {
            "skill_gap_id": one.id,
            **{name: getattr(one, name) for name in names},
            "rejections": len(one.rejection_ids),
        }
        for one in open_ones
    ]


def _fits(past: Past) -> Iterator[tuple[Any, Place]]:
    """The assessments, the latest first, and where each is about."""
    for fit in sorted(past.fits, key=lambda one: (one.created_at, one.id), reverse=True):
        place = _place_of(past, fit.rejection_id)
        yield fit, Place(fit.company_id or place.company_id, place.stage)


def _reflections(past: Past) -> Iterator[tuple[Any, Place]]:
    """The reflections, the latest first, and where each is about."""
    for one in sorted(past.reflections, key=lambda row: (row.occurred_on, row.id), reverse=True):
        yield one, _place_of(past, one.rejection_id, one.opportunity_id)


def _red_flags(opportunity: Any, past: Past) -> list[Figures]:
    """What put the person off: first what they assessed, then what they reflected on."""
    return _seen(
        opportunity,
        [
            *(
                ("culture_fit_assessments", fit, place, text)
                for fit, place in _fits(past)
                for text in fit.red_flags
            ),
            *(
                ("reflections", reflection, place, text)
                for reflection, place in _reflections(past)
                for text in reflection.red_flags
            ),
        ],
    )


def _mismatches(opportunity: Any, past: Past) -> list[Figures]:
    found = (
        ("reflections", reflection, place, text)
        for reflection, place in _reflections(past)
        for text in reflection.mismatches
    )
    return _seen(opportunity, found)


def _seen(opportunity: Any, found: Iterable[tuple[str, Any, Place, str]]) -> list[Figures]:
    """Each text once, whatever its case, with the record that gives the best reason for it."""
    shown = [
        {
            "collection": collection,
            "record_id": row.id,
            "text": text,
            "reason": _reason(opportunity, place),
        }
        for collection, row, place, text in found
    ]
    kept: dict[str, Figures] = {}
    for one in sorted(shown, key=lambda seen: _RANK[seen["reason"]]):
        kept.setdefault(one["text"].casefold(), one)
    return list(kept.values())


def _values(opportunity: Any, past: Past) -> list[Figures]:
    """The person's values, what matters most first, with what was last seen of each here."""
    observed: dict[str, int] = {}
    for fit, place in _fits(past):
        if _reason(opportunity, place) is BriefReason.SAME_COMPANY:
            for rating in fit.ratings:
                observed.setdefault(rating["value"], rating["observed"])
    wanted = sorted(past.values, key=lambda one: (-one["importance"], one["value"]))
    return [{**one, "observed": observed.get(one["value"])} for one in wanted]


def _people(opportunity: Any, contacts: Rows) -> list[Figures]:
    """The contacts at the company, those last in touch with first."""
    here = [
        one
        for one in contacts
        if one.company_id is not None and one.company_id == opportunity.company_id
    ]
    in_touch = sorted(
        (one for one in here if one.last_interaction_at is not None),
        key=lambda one: (one.last_interaction_at, one.id),
        reverse=True,
    )
    names = ("name", "role", "relationship", "connection_status", "last_interaction_at")
    return [
        {"contact_id": one.id, **{name: getattr(one, name) for name in names}}
        for one in [*in_touch, *(one for one in here if one.last_interaction_at is None)]
    ]


WORTH_DOING: Mapping[ChecklistItem, str | None] = {
    ChecklistItem.WRITE_DOWN_THE_DATE: None,
    ChecklistItem.READ_ABOUT_THEM: None,
    ChecklistItem.CHOOSE_A_LESSON: "lessons",
    ChecklistItem.SAY_ANSWERS_ALOUD: "answers",
    ChecklistItem.SPEAK_OF_A_GAP: "gaps",
    ChecklistItem.ASK_ABOUT_RED_FLAGS: "red_flags",
    ChecklistItem.CHECK_VALUES: "values",
    ChecklistItem.WRITE_TO_SOMEBODY: "people",
    ChecklistItem.PLAN_TO_LOOK_BACK: None,
}
"""The list of a brief that must hold something for an item to be worth doing; None for always."""


def _checklist(opportunity: Any, said: Mapping[str, list[Figures]]) -> list[ChecklistItem]:
    """What to do, from what there is; a date that is in the calendar need not be written down."""
    worth = [item for item, name in WORTH_DOING.items() if name is None or said[name]]
    if opportunity.next_event_at is not None:
        worth.remove(ChecklistItem.WRITE_DOWN_THE_DATE)
    return worth
