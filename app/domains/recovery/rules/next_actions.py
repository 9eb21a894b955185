"""What is offered now: a few things, the most pressing first, nothing during rest.

Order, compared from left to right: rank, fewest minutes, practice from A1 to E3, creation time,
id, collection. The ranks:

0  an event begins within 24 hours
1  a window closes within 24 hours
2  due today or up to 7 days overdue
3  due within 3 days
4  the rest; what is overdue for longer sinks here instead of nagging

Rebound's own rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.candidates import Candidate, InPause
from app.domains.recovery.rules.pause import is_paused
from app.domains.recovery.terms import MAX_NEXT_ACTIONS, WhyNow
from app.kit.clock import local_day, start_of_day
from app.kit.practices import Practice

SOON = timedelta(hours=24)
OVERDUE_DAYS = 7
AHEAD_DAYS = 3

EVENT_SOON, WINDOW_CLOSING, DUE, DUE_SOON, REST = range(5)

_PRACTICE_ORDER = {practice: place for place, practice in enumerate(Practice)}


@dataclass(frozen=True, kw_only=True)
class NextAction:
    """One item of the answer: what to do, why now, and the request that settles it."""

    collection: str
    record_id: UUID
    revision: int
    operation_id: str
    title: str
    why_now: WhyNow
    effort_minutes: int
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The instant for which next actions are asked, and the local day it falls on."""

    now: datetime
    today: date


def moment_of(on: date | None, now: datetime, zone: ZoneInfo) -> Moment:
    """Now, or the beginning of another local day that is previewed."""
    today = local_day(now, zone)
    if on is None or on == today:
        return Moment(now=now, today=today)
    return Moment(now=start_of_day(on, zone), today=on)


def rank(candidate: Candidate, moment: Moment) -> int:
    """How pressing a candidate is, 0 to 4 as listed above."""
    now, today, due_on = moment.now, moment.today, candidate.due_on
    if candidate.event_at is not None and now <= candidate.event_at <= now + SOON:
        return EVENT_SOON
    if _window_is_closing(candidate, now):
        return WINDOW_CLOSING
    if due_on is None or due_on < today - timedelta(days=OVERDUE_DAYS):
        return REST
    if due_on <= today:
        return DUE
    return DUE_SOON if due_on <= today + timedelta(days=AHEAD_DAYS) else REST


def sort_key(candidate: Candidate, moment: Moment) -> tuple[int, int, int, datetime, UUID, str]:
    """The total order of candidates."""
    return (
        rank(candidate, moment),
        candidate.effort_minutes,
        _PRACTICE_ORDER[candidate.practice],
        candidate.created_at,
        candidate.record_id,
        candidate.collection,
    )


def why_now(candidate: Candidate, moment: Moment) -> WhyNow:
    """The one reason that is told: the strongest that holds."""
    found = rank(candidate, moment)
    if found == EVENT_SOON:
        return WhyNow.EVENT_SOON
    if found == WINDOW_CLOSING:
        return WhyNow.WINDOW_CLOSING
    if is_paused(candidate.pause_until, moment.now):
        return WhyNow.PART_OF_PAUSE
    if candidate.reason is not None:
        return candidate.reason
    if found == DUE:
        return WhyNow.DUE_TODAY if candidate.due_on == moment.today else WhyNow.OVERDUE
    return WhyNow.DUE_SOON if found == DUE_SOON else WhyNow.WHEN_READY


def next_actions(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    candidates: Iterable[Candidate],
    moment: Moment,
    *,
    per_day: int,
    acts_done: int,
    allow_during_pause: bool,
    lift_cap: bool = False,
) -> tuple[NextAction, ...]:
    """What is offered at a moment, in order, at most one thing for each rejection.

    While a plan is paused only rest and check-ins of it are offered, and over all paused plans at
    most one thank-you or feedback request whose window closes within 24 hours, unless
    `allow_during_pause` is off. What the dwelling guard muted is left out. The rest is cut to
    `per_day` minus the acts done that day; `lift_cap` lifts only this.
    """
    offered: list[Candidate] = []
    rejections: set[UUID] = set()
    windows_left = 1 if allow_during_pause else 0
    for candidate in sorted(candidates, key=lambda one: sort_key(one, moment)):
        if candidate.muted_until is not None and candidate.muted_until > moment.now:
            continue
        if candidate.rejection_id in rejections:
            continue
        if is_paused(candidate.pause_until, moment.now):
            if candidate.in_pause is InPause.HIDDEN:
                continue
            if candidate.in_pause is InPause.ONE_WINDOW:
                if not windows_left or not _window_is_closing(candidate, moment.now):
                    continue
                windows_left -= 1
        if candidate.rejection_id is not None:
            rejections.add(candidate.rejection_id)
        offered.append(candidate)
    cap = MAX_NEXT_ACTIONS if lift_cap else max(0, per_day - acts_done)
    return tuple(_item(candidate, moment) for candidate in offered[:cap])


def _window_is_closing(candidate: Candidate, now: datetime) -> bool:
    closes_at = candidate.window_closes_at
    return closes_at is not None and now < closes_at <= now + SOON


def _item(candidate: Candidate, moment: Moment) -> NextAction:
    return NextAction(
        collection=candidate.collection,
        record_id=candidate.record_id,
        revision=candidate.revision,
        operation_id=candidate.operation_id,
        title=candidate.title,
        why_now=why_now(candidate, moment),
        effort_minutes=candidate.effort_minutes,
        due_on=candidate.due_on,
    )
