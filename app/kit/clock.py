"""Time enters the program here and nowhere else, so that every rule can be tested on any day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

EASTERNMOST = timezone(timedelta(hours=14))
"""Where each day begins first."""


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime:
        """The present instant."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it is put: for tests and for back-dated sample data."""

    instant: datetime

    def now(self) -> datetime:
        """The instant at which it was put."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move it on."""
        self.instant += by


@cache
def zones() -> dict[str, ZoneInfo]:
    """Every time zone by its name; "localtime" and "Factory" name no place."""
    # Kept, because reading the list walks the file system.
    return {name: ZoneInfo(name) for name in available_timezones() - {"localtime", "Factory"}}


def zones_off_the_day_of_utc(instant: datetime) -> tuple[list[str], list[str]]:
    """The zones in which it is the day before that of UTC, and those in which it is the next."""
    day = instant.astimezone(UTC).date()
    days = {name: local_day(instant, zone) for name, zone in sorted(zones().items())}
    return (
        [name for name, there in days.items() if there < day],
        [name for name, there in days.items() if there > day],
    )


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day on which `instant` falls for a person living in `zone`."""
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local calendar day, in UTC."""
    return local_time(day, time.min, zone)


def local_time(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant at which clocks where a person lives show a time of a day, in UTC.

    Where clocks are put forward over it, it is as much later as they are.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a local calendar day, in UTC.

    It is the start of the next day rather than a fixed number of hours later, because a day has
    23 or 25 hours when clocks change.
    """
    return start_of_day(day + timedelta(days=1), zone)


def latest_day(instant: datetime) -> date:
    """The calendar day where it is latest: what is not over by it is over nowhere."""
    return instant.astimezone(EASTERNMOST).date()
