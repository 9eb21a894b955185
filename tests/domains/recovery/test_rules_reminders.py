"""Reminders come early enough, never in quiet hours, a pause or a mute, and not too often."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.rules.candidates import Candidate, InPause
from app.domains.recovery.rules.reminders import QuietHours, Reminder, reminder_at, reminders
from app.domains.recovery.terms import MAX_REMINDERS
from app.kit.clock import local_day
from tests.domains.recovery.builders import (
    BERLIN,
    KIRITIMATI,
    NOW,
    PAGO_PAGO,
    TODAY,
    candidate,
    candidates,
    instants,
    zones,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
times = st.times().filter(lambda one: one.tzinfo is None)
quiet_hours = st.builds(QuietHours, starts=times, ends=times).filter(
    lambda one: one.starts != one.ends
)


def at(*, zone: ZoneInfo = BERLIN, quiet: QuietHours | None = None, **changes: Any) -> str | None:
    """When a reminder comes, on a clock where the person lives."""
    found = reminder_at(candidate(**changes), now=NOW, zone=zone, quiet=quiet)
    return None if found is None else found.astimezone(zone).isoformat(" ", "minutes")[:16]


def all_of(made: list[Candidate], **changes: Any) -> tuple[Reminder, ...]:
    values: dict[str, Any] = {
        "now": NOW,
        "until": TODAY + timedelta(days=14),
        "zone": BERLIN,
        "quiet": None,
        "per_day": 3,
        "allow_during_pause": True,
    }
    return reminders(made, **values | changes)


def test_a_day_is_reminded_of_in_its_morning_where_the_person_lives() -> None:
    due_on = date(2026, 3, 12)
    for zone in (BERLIN, KIRITIMATI, PAGO_PAGO):
        assert at(zone=zone, due_on=due_on) == "2026-03-12 09:00"


def test_an_event_is_reminded_of_a_day_before_or_else_an_hour_before() -> None:
    assert at(event_at=NOW + 3 * DAY, due_on=date(2026, 3, 13)) == "2026-03-12 13:00"
    assert at(event_at=NOW + 3 * HOUR) == "2026-03-10 15:00"
    assert at(event_at=NOW + HOUR / 2) is None


def test_what_has_no_time_or_is_overdue_rings_no_bell() -> None:
    assert at() is None
    assert at(due_on=TODAY - DAY) is None
    assert at(due_on=TODAY) is None, "nine in the morning has passed"


def test_rest_is_kept() -> None:
    due_on = date(2026, 3, 12)
    pause: dict[str, Any] = {"pause_until": NOW + 3 * DAY}
    assert at(due_on=due_on, **pause) == "2026-03-13 13:00"
    assert at(due_on=due_on, **pause, in_pause=InPause.SHOWN) == "2026-03-12 09:00"
    assert at(due_on=due_on, muted_until=NOW + 4 * DAY) == "2026-03-14 13:00"
    night = QuietHours(starts=time(13), ends=time(7, 30))
    assert at(due_on=due_on, **pause, quiet=night) == "2026-03-14 07:30"


def test_what_waits_for_the_end_of_a_pause_is_there_whenever_the_phone_asks() -> None:
    # Its own morning has passed, and the pause has not.
    assert at(due_on=TODAY - DAY, pause_until=NOW + DAY) == "2026-03-11 13:00"


def test_an_event_is_reminded_of_before_the_quiet_hours_if_it_would_be_too_late_after() -> None:
    # In Berlin it is one in the afternoon.
    night = QuietHours(starts=time(20), ends=time(10))
    assert at(event_at=NOW + 20 * HOUR, quiet=night) == "2026-03-10 20:00"
    assert at(event_at=NOW + 2 * HOUR, quiet=QuietHours(starts=time(13), ends=time(20))) is None


def test_a_window_is_reminded_of_while_it_is_open_also_in_a_pause() -> None:
    windows = [
        candidate(
            number,
            due_on=date(2026, 3, 11),
            window_closes_at=NOW + 2 * DAY,
            in_pause=InPause.ONE_WINDOW,
            pause_until=NOW + 5 * DAY,
        )
        for number in (1, 2)
    ]
    (one,) = all_of(windows)
    assert (one.record_id.int, one.at) == (1, datetime(2026, 3, 11, 8, tzinfo=NOW.tzinfo))
    assert all_of(windows, allow_during_pause=False) == ()


def test_quiet_hours_end_on_the_clock_also_when_clocks_change() -> None:
    night = QuietHours(starts=time(22), ends=time(9, 30))
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert at(due_on=day, quiet=night) == f"{day} 09:30"
    # There is no half past two in this night.
    early = QuietHours(starts=time(22), ends=time(2, 30))
    midnight = datetime(2026, 3, 28, 23, 30, tzinfo=NOW.tzinfo)
    assert early.shift(midnight, BERLIN).astimezone(BERLIN).time() == time(3, 30)


@given(instants, quiet_hours, zones)
def test_nothing_rings_in_quiet_hours(at: datetime, quiet: QuietHours, zone: ZoneInfo) -> None:
    shifted = quiet.shift(at, zone)
    assert timedelta(0) <= shifted - at <= DAY + 2 * HOUR
    if shifted == at:
        clock = at.astimezone(zone).time()
        if quiet.starts < quiet.ends:
            assert not quiet.starts <= clock < quiet.ends
        else:
            assert quiet.ends <= clock < quiet.starts


@given(candidates(), st.integers(1, 3), st.none() | quiet_hours, zones)
def test_the_list_is_short_timely_and_unique(
    made: list[Candidate], per_day: int, quiet: QuietHours | None, zone: ZoneInfo
) -> None:
    found = all_of(made, per_day=per_day, quiet=quiet, zone=zone)
    assert [(one.at, one.id) for one in found] == sorted((one.at, one.id) for one in found)
    assert len({one.id for one in found}) == len(found)
    by_id = {one.record_id: one for one in made}
    others = [one for one in found if by_id[one.record_id].event_at is None]
    assert all(n <= per_day for n in Counter(local_day(one.at, zone) for one in others).values())
    spared = [one for one in others if by_id[one.record_id].in_pause is InPause.ONE_WINDOW]
    assert sum(one.at < (by_id[one.record_id].pause_until or NOW) for one in spared) <= 1
    for one in found:
        about = by_id[one.record_id]
        assert one.at > NOW
        assert local_day(one.at, zone) <= TODAY + timedelta(days=14)
        if about.event_at is not None:
            assert one.at < about.event_at
            continue
        assert about.muted_until is None or one.at >= about.muted_until
        if about.in_pause is InPause.HIDDEN and about.pause_until is not None:
            assert one.at >= about.pause_until
        assert about.window_closes_at is None or one.at < about.window_closes_at


def test_a_day_holds_a_few_and_all_that_is_in_the_diary() -> None:
    due = [candidate(number, due_on=date(2026, 3, 12)) for number in range(5)]
    events = [
        candidate(n, collection="opportunities", event_at=NOW + 3 * DAY) for n in range(6, 10)
    ]
    found = all_of([*due, *events], per_day=2)
    assert {one.record_id.int for one in found} == {0, 1, 6, 7, 8, 9}


def test_a_phone_keeps_no_more_than_64() -> None:
    made = [candidate(n, due_on=TODAY + timedelta(days=1 + n % 50)) for n in range(200)]
    found = all_of(made, until=TODAY + timedelta(days=60), per_day=10)
    assert len(found) == MAX_REMINDERS
    assert max(one.at for one in found) < NOW + timedelta(days=20)


def test_the_id_of_a_reminder_stays_when_its_time_moves() -> None:
    (before,) = all_of([candidate(1, due_on=date(2026, 3, 12))])
    (after,) = all_of([candidate(1, due_on=date(2026, 3, 14))])
    assert (before.id, before.at) != (after.id, after.at)
    assert before.id == after.id != UUID(int=1)
