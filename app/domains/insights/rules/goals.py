"""What counts for a goal, and how far each is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domains.contacts.terms import InteractionDirection
from app.domains.insights.rules.figures import Figures, Records, attended, days_applied, head
from app.domains.opportunities.terms import GoalMetric, GoalPeriod, OpportunityStatus
from app.kit.periods import Period, end_of_month, month_of, week_of
from app.kit.practices import Practice

Moments = Iterable[date | None]
"""Days and instants; None where something has no day, and does not count."""


def _applications(records: Records) -> Iterator[date | None]:
    yield from days_applied(records).values()
    yield from (one.applied_on for one in records.rejections if one.opportunity_id is None)


def _interviews(records: Records) -> Iterator[date | None]:
    invited = [one for one in records.reached if one.to_status is OpportunityStatus.INTERVIEWING]
    told = {one.opportunity_id for one in invited}
    yield from (one.first_at for one in invited)
    yield from (one.interviewed_on for one in records.rejections if one.opportunity_id not in told)


METRICS: Mapping[GoalMetric, Callable[[Records], Moments]] = {
    # A rejection without an opportunity is an application of its own.
    GoalMetric.APPLICATIONS: _applications,
    # An opportunity that came to interviews, or a rejection that says when one was; each once.
    GoalMetric.INTERVIEWS: _interviews,
    GoalMetric.CONTACTS_ADDED: lambda records: (one.created_at for one in records.contacts),
    GoalMetric.FOLLOW_UPS_DONE: lambda records: (
        one.occurred_at
        for one in records.interactions
        if one.direction is InteractionDirection.OUTGOING
    ),
    GoalMetric.FEEDBACK_REQUESTED: lambda records: (one.sent_on for one in records.requests),
    GoalMetric.LESSONS_CAPTURED: lambda records: (one.created_at for one in records.lessons),
    GoalMetric.LESSONS_APPLIED: lambda records: (one.applied_on for one in records.lessons),
    # Steps done under "Learn from each interview", those of a plan and the person's own.
    GoalMetric.PRACTICE_SESSIONS: lambda records: (
        one.done_at for one in records.steps if one.practice is Practice.PREPARE
    ),
}
"""What counts for each metric, by the moments at which it happened."""


@dataclass(frozen=True)
class Window:
    """The days on which things count for a goal; without an end they are counted up to today."""

    goal: Any
    first: date
    last: date | None


def window_of(goal: Any, today: date) -> Window:
    """The days of a goal's current period.

    A goal that has not begun stands in its first period, one that is over in its last. A period is
    cut where the goal begins or ends.
    """
    if goal.period is GoalPeriod.ONCE:
        return Window(goal, goal.starts_on, goal.ends_on)
    day = max(today, goal.starts_on)
    day = day if goal.ends_on is None else min(day, goal.ends_on)
    if goal.period is GoalPeriod.WEEK:
        first, last = week_of(day), week_of(day) + timedelta(days=6)
    else:
        first, last = month_of(day), end_of_month(day)
    return Window(
        goal,
        max(first, goal.starts_on),
        last if goal.ends_on is None else min(last, goal.ends_on),
    )


def covering(period: Period, windows: Sequence[Window], today: date) -> Period:
    """The days that have to be known for a period and for some goals."""
    first = min([period.first, *(one.first for one in windows)])
    last = max([period.last, today, *(one.last for one in windows if one.last is not None)])
    return Period(first, last, period.zone)


def overview_figures(
    records: Records, period: Period, windows: Sequence[Window], today: date
) -> Figures:
    """A few counts of everything in a period, and how far the goals are."""
    done = {metric: _days(moments(records), period.zone) for metric, moments in METRICS.items()}
    counts = {
        "rejections": sum(one.rejected_on in period for one in records.rejections),
        "feedback_received": sum(one.received_on in period for one in records.feedback),
        "reflections": sum(one.occurred_on in period for one in records.reflections),
        "events_attended": len(attended(records, period)),
        "steps_done": sum(one.done_at in period for one in records.steps),
    }
    activity = {metric: sum(day in period for day in days) for metric, days in done.items()}
    return {
        **head(period, sum(counts.values()) + sum(activity.values())),
        **counts,
        "activity": [{"metric": metric, "count": count} for metric, count in activity.items()],
        "goals": [_progress(window, done[window.goal.metric], today) for window in windows],
    }


def _days(moments: Moments, zone: ZoneInfo) -> list[date]:
    everywhere = Period(date.min, date.max, zone)
    return [everywhere.day_of(moment) for moment in moments if moment is not None]


def _progress(window: Window, days: Iterable[date], today: date) -> Figures:
    goal = window.goal
    done = sum(window.first <= day <= (window.last or today) for day in days)
    return {
        "goal_id": goal.id,
        "title": goal.title,
        "metric": goal.metric,
        "target": goal.target,
        "done": done,
        "first": window.first,
        "last": window.last,
        "achieved": done >= goal.target,
    }
