"""Some local days in a row: what figures are counted over."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from app.kit.clock import end_of_day, local_day, start_of_day

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, where a person lives.

    An instant lies in it when the day on which the person lived through it does, whatever their
    clocks did meanwhile.
    """

    first: date
    last: date
    zone: ZoneInfo

    @cached_property
    def begins_at(self) -> datetime:
        """The first instant."""
        return start_of_day(self.first, self.zone)

    @cached_property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return end_of_day(self.last, self.zone)

    @property
    def weeks(self) -> list[date]:
        """The Monday of every week that has a day in it."""
        found = [week_of(self.first)]
        while found[-1] + 7 * DAY <= self.last:
            found.append(found[-1] + 7 * DAY)
        return found

    @property
    def months(self) -> list[date]:
        """The first day of every month that has a day in it."""
        found = [month_of(self.first)]
        while end_of_month(found[-1]) < self.last:
            found.append(end_of_month(found[-1]) + DAY)
        return found

    def day_of(self, moment: date) -> date:
        """The local day of an instant; a day is its own."""
        return local_day(moment, self.zone) if isinstance(moment, datetime) else moment

    def __contains__(self, moment: date | None) -> bool:
        return moment is not None and self.first <= self.day_of(moment) <= self.last


def week_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - day.weekday() * DAY


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])
