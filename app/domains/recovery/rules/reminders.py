"""When a phone may remind of something: early enough, not at night, not in a pause, not too often.

A reminder of a day comes at nine in the morning where the person lives, one of an event a day
before it, or an hour before where that has passed. Rest is kept: what a pause or a mute hides
waits for its end, and quiet hours move a reminder to their end, but one of an event that would
come too late to their beginning. What is overdue is not reminded of again, nor what has a window
that has closed by then. Rebound's own rule.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.candidates import Candidate, InPause
from app.domains.recovery.rules.pause import is_paused
from app.domains.recovery.terms import MAX_REMINDERS, ReminderText
from app.kit.clock import local_day, local_time

MORNING = time(9)
DAY_BEFORE, HOUR_BEFORE = timedelta(days=1), timedelta(hours=1)

TEXTS = {
    "recovery_steps": ReminderText.STEP,
    "opportunities": ReminderText.EVENT,
    "feedback_requests": ReminderText.NUDGE,
    "contacts": ReminderText.FOLLOW_UP,
    "companies": ReminderText.FOLLOW_UP,
    "rejections": ReminderText.REAPPLY,
}
"""What may be said of a record of each collection where anybody may read it."""


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """Local times between which nothing rings; they may span midnight."""

    starts: time
    ends: time

    def shift(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The instant itself, or the end of the quiet hours it falls into."""
        local = at.astimezone(zone)
        begun, over = local.time() >= self.starts, local.time() >= self.ends
        span_midnight = self.ends < self.starts
        if not ((begun or not over) if span_midnight else (begun and not over)):
            return at
        next_day = span_midnight and begun
        return local_time(local.date() + timedelta(days=next_day), self.ends, zone)

    def begin_before(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When the quiet hours begin into which an instant falls."""
        local = at.astimezone(zone)
        day_before = local.time() < self.starts
        return local_time(local.date() - timedelta(days=day_before), self.starts, zone)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """What a phone shows, and when.

    The id stays the same for a record, so that a newer answer replaces what an older one had
    scheduled.
    """

    id: UUID
    at: datetime
    text: ReminderText
    collection: str
    record_id: UUID


def reminder_at(
    candidate: Candidate,
    *,
    now: datetime,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    spared: bool = False,
) -> datetime | None:
    """When to remind of something; `None` if its time has passed or it has none.

    `spared` lets it come in a pause.
    """
    if candidate.event_at is not None:
        at = _before_event(candidate.event_at, now, zone, quiet)
    elif candidate.due_on is not None:
        at = local_time(candidate.due_on, MORNING, zone)
        rests = spared or candidate.in_pause is InPause.SHOWN
        for until in (None if rests else candidate.pause_until, candidate.muted_until):
            at = at if until is None else max(at, until)
        at = at if quiet is None else quiet.shift(at, zone)
    else:
        return None
    closes_at = candidate.window_closes_at
    return None if at <= now or (closes_at is not None and at >= closes_at) else at


def _before_event(
    event_at: datetime, now: datetime, zone: ZoneInfo, quiet: QuietHours | None
) -> datetime:
    early = event_at - DAY_BEFORE
    at = early if early > now else event_at - HOUR_BEFORE
    if quiet is None or (shifted := quiet.shift(at, zone)) == at:
        return at
    return shifted if shifted < event_at else quiet.begin_before(at, zone)


def _paused_window(candidate: Candidate, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the window of something that is paused would be reminded of, were there no pause."""
    at = reminder_at(candidate, now=now, zone=zone, quiet=None, spared=True)
    paused = at is not None and is_paused(candidate.pause_until, at)
    return at if paused and candidate.in_pause is InPause.ONE_WINDOW else None


def reminders(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    until: date,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    per_day: int,
    allow_during_pause: bool,
) -> tuple[Reminder, ...]:
    """What to remind of from now to the end of the local day `until`, the soonest first.

    On one local day all events, and at most `per_day` of what else there is; at most 64 in all.
    One thank-you or feedback request, the soonest, may come in a pause, unless
    `allow_during_pause` is off: its good moment does not wait.
    """
    known = list(candidates)
    windows = [(at, c.record_id) for c in known if (at := _paused_window(c, now, zone))]
    spared = min(windows)[1] if windows and allow_during_pause else None
    timed = []
    for one in known:
        at = reminder_at(one, now=now, zone=zone, quiet=quiet, spared=one.record_id == spared)
        if at is not None and local_day(at, zone) <= until:
            timed.append((at, one))
    timed.sort(key=lambda one: (one[0], one[1].record_id))
    on_day: Counter[date] = Counter()
    kept: list[Reminder] = []
    for at, candidate in timed:
        day = local_day(at, zone)
        on_day[day] += candidate.event_at is None
        if candidate.event_at is not None or on_day[day] <= per_day:
            kept.append(
                Reminder(
                    id=uuid5(candidate.record_id, candidate.collection),
                    at=at,
                    text=TEXTS[candidate.collection],
                    collection=candidate.collection,
                    record_id=candidate.record_id,
                )
            )
    kept.sort(key=lambda one: (one.at, one.id))
    return tuple(kept[:MAX_REMINDERS])
