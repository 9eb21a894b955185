"""What all figures share: the period, the sample, shares, means."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.insights.errors import ends_before_it_starts, period_too_long
from app.domains.insights.terms import CONCLUSIVE_FROM, DEFAULT_PERIOD_DAYS, MAX_PERIOD_DAYS
from app.kit.periods import Period, month_of
from app.kit.terms import Term

Rows = Sequence[Any]
"""Outlines of records, whose columns are read by name."""

Figures = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Records:
    """The outlines that figures are counted from; each needs some of them."""

    rejections: Rows = ()
    opportunities: Rows = ()
    reached: Rows = ()
    contacts: Rows = ()
    interactions: Rows = ()
    requests: Rows = ()
    feedback: Rows = ()
    lessons: Rows = ()
    reflections: Rows = ()
    events: Rows = ()
    gaps: Rows = ()
    companies: Rows = ()
    check_ins: Rows = ()
    steps: Rows = ()


def period_of(first: date | None, last: date | None, today: date, zone: ZoneInfo) -> Period:
    """The period asked for: up to today and 365 days long, unless said otherwise.

    Raises:
        Invalid: it would end before it starts, or is longer than five years.
    """
    named = "from" if last is None else "to"
    last = last or today
    first = first or last - timedelta(days=DEFAULT_PERIOD_DAYS - 1)
    if last < first:
        raise ends_before_it_starts(named)
    if (last - first).days >= MAX_PERIOD_DAYS:
        raise period_too_long()
    return Period(first, last, zone)


def head(period: Period, sample_size: int) -> Figures:
    """What every insight begins with."""
    return {
        "first": period.first,
        "last": period.last,
        "time_zone": period.zone.key,
        "sample_size": sample_size,
        "conclusive": sample_size >= CONCLUSIVE_FROM,
    }


def share(part: int, whole: int) -> Figures:
    """A part of a whole in whole percent, halves rounded up; of nothing there is no percentage."""
    return {
        "count": part,
        "of": whole,
        "percent": (200 * part + whole) // (2 * whole) if whole else None,
        "conclusive": whole >= CONCLUSIVE_FROM,
    }


def mean(values: Sequence[int]) -> float | None:
    """The arithmetic mean to one decimal place; None of nothing."""
    return round(sum(values) / len(values), 1) if values else None


def tally(name: str, words: type[Term], found: Iterable[Term | None]) -> list[Figures]:
    """How often each word of a vocabulary was found, also those never found."""
    counted = Counter(found)
    return [{name: word, "count": counted[word]} for word in words]


def by_month(moments: Iterable[date], period: Period) -> list[Figures]:
    """How often something happened in each month of a period."""
    counted = Counter(month_of(period.day_of(moment)) for moment in moments)
    return [{"month": month, "count": counted[month]} for month in period.months]


def days_applied(records: Records) -> dict[UUID, date]:
    """The day on which each opportunity was applied for, as far as that is known.

    It is the opportunity's own, else the earliest that a rejection of it names.
    """
    days: dict[UUID, date] = {}
    for one in records.rejections:
        if one.opportunity_id is not None and one.applied_on is not None:
            days[one.opportunity_id] = min(
                days.get(one.opportunity_id, one.applied_on), one.applied_on
            )
    own = {one.id: one.applied_on for one in records.opportunities if one.applied_on is not None}
    return {**days, **own}


def attended(records: Records, period: Period) -> list[Any]:
    """The events attended in a period, by the day one began, or else was noted."""
    return [one for one in records.events if (one.starts_at or one.created_at) in period]
