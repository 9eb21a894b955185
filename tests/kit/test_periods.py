"""Some local days in a row: their instants, weeks and months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.kit.periods import Period

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "America/Havana",  # Its clocks change at midnight.
        "Pacific/Apia",  # It left out December 30, 2011.
    ]
).map(ZoneInfo)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
INSTANTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone itself.
    datetime(2060, 12, 31),  # noqa: DTZ001 -- as above.
    timezones=st.just(UTC),
)
PERIODS = st.builds(
    lambda first, days, zone: Period(first, first + timedelta(days=days), zone),
    DAYS,
    st.integers(0, 2_000),
    ZONES,
)


@given(PERIODS, INSTANTS)
def test_an_instant_is_in_a_period_exactly_between_its_first_and_last_instant(
    period: Period, instant: datetime
) -> None:
    assert (instant in period) == (period.begins_at <= instant < period.ends_at)


@given(PERIODS, st.integers(-1, 1))
def test_so_it_is_at_its_ends(period: Period, microseconds: int) -> None:
    tick = timedelta(microseconds=microseconds)
    assert ((period.begins_at + tick) in period) == (
        microseconds >= 0 and period.begins_at + tick < period.ends_at
    )
    assert ((period.ends_at + tick) in period) == (
        microseconds < 0 and period.ends_at + tick >= period.begins_at
    )


@given(PERIODS)
def test_every_day_of_a_period_is_in_one_of_its_weeks_and_months(period: Period) -> None:
    weeks, months = period.weeks, period.months
    assert {monday.weekday() for monday in weeks} == {0}
    assert {month.day for month in months} == {1}
    length = (period.last - period.first).days + 1
    days = [period.first + timedelta(days=n) for n in range(length)]
    assert weeks == sorted({day - timedelta(days=day.weekday()) for day in days})
    assert months == sorted({day.replace(day=1) for day in days})
