"""The pure rules of rejections."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.rejections import terms
from app.domains.rejections.rules import (
    REJECTION_TRANSITIONS,
    check_rejected_on,
    check_transition,
    closing_day,
    default_rejected_on,
    suggested_reapply_on,
)
from app.domains.rejections.terms import ReasonCode, RejectionStage, RejectionStatus
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Term

OPEN, CLOSED = RejectionStatus.OPEN, RejectionStatus.CLOSED
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")  # UTC+14
PAGO_PAGO = ZoneInfo("Pacific/Pago_Pago")  # UTC-11
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("before", "after"), list(product(RejectionStatus, repeat=2)))
def test_only_listed_transitions_exist(before: RejectionStatus, after: RejectionStatus) -> None:
    if before is after or {before, after} == {OPEN, CLOSED}:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition):
            check_transition(before, after)


def test_the_table_opens_and_closes_and_nothing_else() -> None:
    assert dict(REJECTION_TRANSITIONS) == {OPEN: (CLOSED,), CLOSED: (OPEN,)}


def test_closing_takes_today_unless_a_day_is_given() -> None:
    today = date(2026, 3, 1)
    assert closing_day(CLOSED, None, today) == today
    assert closing_day(CLOSED, date(2026, 2, 1), today) == date(2026, 2, 1)


def test_an_open_rejection_has_no_closing_day() -> None:
    assert closing_day(OPEN, None, date(2026, 3, 1)) is None
    with pytest.raises(Invalid) as refusal:
        closing_day(OPEN, date(2026, 3, 1), date(2026, 3, 1))
    assert refusal.value.members["errors"][0]["pointer"] == "/closed_on"


def test_the_default_day_is_the_persons_own() -> None:
    assert default_rejected_on(NOON, KIRITIMATI) == date(2026, 3, 2)
    assert default_rejected_on(NOON, PAGO_PAGO) == date(2026, 3, 1)
    assert default_rejected_on(NOON - timedelta(hours=2), PAGO_PAGO) == date(2026, 2, 28)


@pytest.mark.parametrize("zone", [KIRITIMATI, PAGO_PAGO])
def test_a_no_may_lie_one_local_day_ahead_but_not_two(zone: ZoneInfo) -> None:
    today = default_rejected_on(NOON, zone)
    check_rejected_on(today + timedelta(days=1), NOON, zone)
    with pytest.raises(Invalid):
        check_rejected_on(today + timedelta(days=2), NOON, zone)


@given(st.dates(max_value=date(2026, 3, 1)))
def test_any_day_of_the_past_is_possible(day: date) -> None:
    check_rejected_on(day, NOON, PAGO_PAGO)


@pytest.mark.parametrize(
    ("rejected_on", "suggested"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_applying_again_is_suggested_half_a_year_later(rejected_on: date, suggested: date) -> None:
    assert suggested_reapply_on(rejected_on) == suggested


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_the_suggestion_is_six_months_on_and_never_in_the_month_after(rejected_on: date) -> None:
    suggested = suggested_reapply_on(rejected_on)
    months = (suggested.year - rejected_on.year) * 12 + suggested.month - rejected_on.month
    assert months == 6
    assert suggested.day <= rejected_on.day


def test_the_stages_stand_in_the_order_of_an_application() -> None:
    assert [stage.value for stage in RejectionStage] == [
        "application",
        "screening",
        "assessment",
        "interview",
        "final_round",
        "offer",
    ]


def test_every_reason_can_be_named_at_once() -> None:
    assert len(ReasonCode) == terms.MAX_REASONS


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(terms).values() if isinstance(kind, type) and kind is not Term]
)
def test_every_word_has_a_label_in_every_language(kind: type[Term]) -> None:
    assert all(label.strip() for word in kind for label in word.labels.values())
