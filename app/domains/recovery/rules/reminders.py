"""When a phone may remind of something: early enough, not at night, not in a pause, not too often.

A reminder of a day comes at nine in the morning where the person lives, one of an event a day
before it, or an hour before where that has passed. Rest is kept: what a pause or a mute hides
waits for its end, and quiet hours move a reminder to their end. What is overdue is not reminded
of again. Rebound's own rule.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.domains.recovery.rules.candidates import Candidate, InPause
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
    candidate: Candidate, *, now: datetime, zone: ZoneInfo, quiet: QuietHours | None
) -> datetime | None:
    """When to remind of something; `None` if its time has passed or it has none."""
    if candidate.event_at is not None:
        early = candidate.event_at - DAY_BEFORE
        at = early if early > now else candidate.event_at - HOUR_BEFORE
    elif candidate.due_on is not None:
        at = local_time(candidate.due_on, MORNING, zone)
    else:
        return None
    if at <= now:
        return None
    rests_until = [] if candidate.in_pause is InPause.SHOWN else [candidate.pause_until]
    for until in (*rests_until, candidate.muted_until):
        at = at if until is None else max(at, until)
    if quiet is not None:
        at = quiet.shift(at, zone)
    too_late = candidate.event_at is not None and at >= candidate.event_at
    return None if too_late else at


def reminders(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    candidates: Iterable[Candidate],
    *,
    now: datetime,
    until: date,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    per_day: int,
) -> tuple[Reminder, ...]:
    """What to remind of from now to the end of the local day `until`, the soonest first.

    At most `per_day` on one local day, events before all else, and at most 64 in all.
    """
    timed = [
        (at, candidate)
        for candidate in candidates
        if (at := reminder_at(candidate, now=now, zone=zone, quiet=quiet)) is not None
        and local_day(at, zone) <= until
    ]
    timed.sort(key=lambda one: (one[1].event_at is None, one[0], one[1].record_id))
    on_day: Counter[date] = Counter()
    kept: list[Reminder] = []
    for at, candidate in timed:
        day = local_day(at, zone)
        on_day[day] += 1
        if on_day[day] <= per_day:
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
