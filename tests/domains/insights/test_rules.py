"""The pure rules of insights, on days of every kind."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.contacts.terms import ConnectionStatus, ContactRelationship
from app.domains.insights.rules.figures import Records, mean, period_of, share
from app.domains.insights.rules.goals import METRICS, covering, window_of
from app.domains.insights.rules.network import network_figures
from app.domains.insights.terms import MAX_MONTHS, MAX_PERIOD_DAYS, MAX_WEEKS
from app.domains.opportunities.terms import GoalMetric, GoalPeriod
from app.kit.periods import Period
from app.kit.problems import Invalid

ZONES = st.sampled_from(["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago"]).map(ZoneInfo)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
BERLIN = ZoneInfo("Europe/Berlin")


@given(DAYS | st.none(), DAYS | st.none(), DAYS, ZONES)
def test_a_period_is_as_asked_for_or_refused(
    first: date | None, last: date | None, today: date, zone: ZoneInfo
) -> None:
    end = last or today
    begin = first or end - timedelta(days=364)
    if begin > end or (end - begin).days >= MAX_PERIOD_DAYS:
        with pytest.raises(Invalid):
            period_of(first, last, today, zone)
    else:
        assert period_of(first, last, today, zone) == Period(begin, end, zone)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_share_is_rounded_to_the_nearest_percent(part: int, rest: int) -> None:
    found = share(part, part + rest)
    percent = found["percent"]
    if part + rest == 0:
        assert percent is None
    else:
        assert abs(percent - 100 * part / (part + rest)) <= 0.5
        assert percent + share(rest, part + rest)["percent"] in (100, 101)


def test_a_mean_has_one_decimal_place_and_is_none_of_nothing() -> None:
    assert mean([]) is None
    assert mean([1, 2, 2]) == 1.7


def goal(period: GoalPeriod, starts_on: date, ends_on: date | None) -> Any:
    return SimpleNamespace(period=period, starts_on=starts_on, ends_on=ends_on)


@given(st.sampled_from(GoalPeriod), DAYS, st.integers(0, 400) | st.none(), DAYS)
def test_a_goals_window_lies_in_its_days_and_holds_today_where_it_can(
    period: GoalPeriod, starts_on: date, length: int | None, today: date
) -> None:
    ends_on = None if length is None else starts_on + timedelta(days=length)
    window = window_of(goal(period, starts_on, ends_on), today)
    last = window.last or date.max
    assert starts_on <= window.first <= last
    assert ends_on is None or last <= ends_on
    if starts_on <= today <= (ends_on or date.max):
        assert window.first <= today <= last
    if period is not GoalPeriod.ONCE:
        assert window.last is not None
        assert (last - window.first).days < (7 if period is GoalPeriod.WEEK else 31)
        # It is cut by nothing but the goal's own ends.
        assert window.first in (starts_on, *_beginnings(period, window.first))
    asked = Period(today, today, BERLIN)
    known = covering(asked, [window], today)
    assert known.first == min(today, window.first)
    assert known.last == max(today, window.last or today)


def _beginnings(period: GoalPeriod, day: date) -> list[date]:
    if period is GoalPeriod.WEEK:
        return [day] if day.weekday() == 0 else []
    return [day] if day.day == 1 else []


def test_the_longest_period_has_no_more_weeks_and_months_than_an_answer_can_hold() -> None:
    # 2100 is no leap year, so that these five years are short, and the period reaches beyond them.
    begin = date(2097, 1, 31)
    longest = Period(begin, begin + timedelta(days=MAX_PERIOD_DAYS - 1), BERLIN)
    assert (len(longest.weeks), len(longest.months)) == (MAX_WEEKS, MAX_MONTHS)


def test_every_metric_is_counted() -> None:
    assert list(METRICS) == list(GoalMetric)


def contact(added_on: date, cadence_days: int | None) -> Any:
    return SimpleNamespace(
        id=uuid4(),
        created_at=datetime(added_on.year, added_on.month, added_on.day, 12, tzinfo=UTC),
        cadence_days=cadence_days,
        relationship=ContactRelationship.PEER,
        connection_status=ConnectionStatus.NONE,
    )


@pytest.mark.parametrize(
    ("in_touch_on", "kept", "of"),
    [
        ([], 0, 1),  # Due on the 12th; nobody got in touch since.
        ([12], 1, 2),  # On the very day; not so ten days later.
        ([13], 0, 1),  # A day late; due again on the 23rd, which is today.
        ([12, 13], 2, 2),  # Sooner than due is in time, too.
        ([5, 5, 15], 2, 2),  # Twice on a day is once.
        ([5, 16], 1, 2),
        ([1], 0, 1),  # Before they were added: it is no follow-up.
    ],
)
def test_a_follow_up_is_kept_by_being_in_touch_by_its_day(
    in_touch_on: list[int], kept: int, of: int
) -> None:
    ali = contact(date(2026, 3, 2), 10)
    whenever = contact(date(2026, 3, 2), None)
    interactions = [
        SimpleNamespace(
            contact_id=ali.id, occurred_at=datetime(2026, 3, day, 9, tzinfo=UTC), kind=None
        )
        for day in in_touch_on
    ]
    records = Records(contacts=[ali, whenever], interactions=interactions)
    period = Period(date(2026, 3, 2), date(2026, 3, 31), BERLIN)
    found = network_figures(records, period, date(2026, 3, 23))["follow_ups_kept"]
    assert (found["count"], found["of"]) == (kept, of)
