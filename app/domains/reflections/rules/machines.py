"""Which status can follow which: two tables, and what changes with a status."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from app.domains.reflections.errors import only_when_applied
from app.domains.reflections.rules.days import check_lived
from app.domains.reflections.terms import LessonStatus, SkillGapStatus
from app.kit.problems import InvalidTransition
from app.kit.terms import Term

Status = TypeVar("Status", bound=Term)

SKILL_GAP_TRANSITIONS: Mapping[SkillGapStatus, tuple[SkillGapStatus, ...]] = {
    SkillGapStatus.OPEN: (SkillGapStatus.IN_PROGRESS, SkillGapStatus.DISMISSED),
    SkillGapStatus.IN_PROGRESS: (SkillGapStatus.CLOSED, SkillGapStatus.DISMISSED),
    SkillGapStatus.CLOSED: (SkillGapStatus.OPEN,),
    SkillGapStatus.DISMISSED: (SkillGapStatus.OPEN,),
}

LESSON_TRANSITIONS: Mapping[LessonStatus, tuple[LessonStatus, ...]] = {
    LessonStatus.OPEN: (LessonStatus.APPLIED, LessonStatus.RETIRED),
    LessonStatus.APPLIED: (LessonStatus.OPEN, LessonStatus.RETIRED),
    LessonStatus.RETIRED: (LessonStatus.OPEN,),
}

COMPLETE_PERCENT = 100


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


def progress_of(
    before: SkillGapStatus | None, after: SkillGapStatus, given: int | None, kept: int
) -> int:
    """The progress to store, in percent; `before` is None for a new gap.

    A given number always holds. Closing completes it; reopening and everything else keeps it.
    """
    if given is not None:
        return given
    closes = after is SkillGapStatus.CLOSED and before is not SkillGapStatus.CLOSED
    return COMPLETE_PERCENT if closes else kept


def closing_day(
    before: SkillGapStatus | None, after: SkillGapStatus, kept: date | None, today: date
) -> date | None:
    """The day on which a gap was closed: kept while it stays closed, none while it is not.

    `before` is None for a new gap.
    """
    if after is not SkillGapStatus.CLOSED:
        return None
    return kept if before is SkillGapStatus.CLOSED else today


def application_of(
    status: LessonStatus, given: Mapping[str, Any], kept: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """The columns that tell where and when a lesson was applied.

    `given` has what the caller sent of them, `kept` what is stored. Both are cleared while the
    lesson is not applied; the day is today unless it is said.

    Raises:
        Invalid: something was given for a lesson that is not applied, or a day that lies ahead.
    """
    if status is not LessonStatus.APPLIED:
        for name in ("applied_to_opportunity_id", "applied_on"):
            if given.get(name) is not None:
                raise only_when_applied(name)
        return {"applied_to_opportunity_id": None, "applied_on": None}
    found = {**kept, **given}
    applied_on = found.get("applied_on") or today
    check_lived("applied_on", applied_on, today)
    return {
        "applied_to_opportunity_id": found.get("applied_to_opportunity_id"),
        "applied_on": applied_on,
    }
