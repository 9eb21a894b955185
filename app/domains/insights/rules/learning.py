"""Lessons, gaps and reflections."""

from app.domains.insights.rules.figures import Figures, Records, head, tally
from app.domains.insights.terms import MAX_SHOWN, REPEATS_FROM
from app.domains.reflections.terms import LessonStatus, SkillGapStatus
from app.kit.periods import Period
from app.kit.practices import Practice


def learning_figures(records: Records, period: Period) -> Figures:
    """The figures of what a person learned in a period."""
    captured = [one for one in records.lessons if one.created_at in period]
    noted = [one for one in records.gaps if one.created_at in period]
    looked_back = [one for one in records.reflections if one.occurred_on in period]
    sample = len(captured) + len(noted) + len(looked_back)
    return {
        **head(period, sample),
        "lessons_captured": len(captured),
        "lessons_applied": sum(one.applied_on in period for one in records.lessons),
        "lessons_retired": sum(one.status is LessonStatus.RETIRED for one in captured),
        "lessons_by_practice": tally("practice", Practice, (one.practice for one in captured)),
        "gaps_by_status": tally("status", SkillGapStatus, (one.status for one in noted)),
        "gaps_closed": sum(one.closed_on in period for one in records.gaps),
        "repeating_gaps": _repeating(records, period),
        "reflections": len(looked_back),
        "minutes_reflected": sum(one.time_spent_minutes or 0 for one in looked_back),
    }


def _repeating(records: Records, period: Period) -> list[Figures]:
    """The gaps that several rejections of the period name, the most often named first."""
    of_period = {one.id for one in records.rejections if one.rejected_on in period}
    named = ((one, len(of_period.intersection(one.rejection_ids))) for one in records.gaps)
    several = sorted(
        ((gap, times) for gap, times in named if times >= REPEATS_FROM),
        key=lambda found: (-found[1], found[0].id),
    )
    return [
        {"skill_gap_id": gap.id, "name": gap.name, "status": gap.status, "rejections": times}
        for gap, times in several[:MAX_SHOWN]
    ]
