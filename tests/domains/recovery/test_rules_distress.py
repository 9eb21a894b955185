"""The dwelling guard and the support card fire exactly as promised."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.rules.data import REFOCUS_STEP
from app.domains.recovery.rules.distress import (
    SUPPORT_CARDS,
    guard_fires,
    muted_until,
    support_card_due,
)
from app.domains.recovery.rules.facts import CheckInFacts
from app.kit.terms import Language
from tests.domains.recovery.builders import (
    BERLIN,
    KIRITIMATI,
    NOW,
    PAGO_PAGO,
    check_in,
    instants,
    zones,
)

START = date(2026, 3, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def dwelling(*after_days: float) -> list[CheckInFacts]:
    return [
        check_in(number, noon(START) + timedelta(days=after), dwelling=True)
        for number, after in enumerate(after_days, start=1)
    ]


def fires(made: list[CheckInFacts], **changes: Any) -> bool:
    values: dict[str, Any] = {
        "rejected_on": START,
        "created_at": noon(START),
        "zone": BERLIN,
        "last_fired_at": None,
    }
    return guard_fires(made, **values | changes)


# The dwelling guard


def test_the_guard_fires_after_three_days_of_dwelling() -> None:
    assert fires(dwelling(3, 5, 8))


def test_two_check_ins_are_not_enough() -> None:
    assert not fires(dwelling(7, 8))


def test_three_check_ins_on_two_days_are_not_enough() -> None:
    assert not fires(dwelling(7, 8, 8.1))


@pytest.mark.parametrize(("span", "expected"), [(13, True), (14, False)])
def test_the_three_days_lie_within_fourteen(span: int, expected: bool) -> None:
    assert fires(dwelling(1, 2, 1 + span)) is expected


@pytest.mark.parametrize(("last", "expected"), [(6, False), (7, True)])
def test_the_first_week_is_for_feeling_it(last: int, expected: bool) -> None:
    assert fires(dwelling(1, 2, last)) is expected


@pytest.mark.parametrize("later", ["rejected_on", "created_at"])
def test_the_week_counts_from_the_later_of_rejection_and_recording(later: str) -> None:
    moved = {"rejected_on": date(2026, 3, 3), "created_at": noon(date(2026, 3, 3))}
    assert fires(dwelling(1, 2, 8))
    assert not fires(dwelling(1, 2, 8), **{later: moved[later]})
    assert fires(dwelling(1, 2, 9), **{later: moved[later]})


@pytest.mark.parametrize(("ago", "expected"), [(13, False), (14, True)])
def test_the_guard_rests_for_fourteen_days(ago: int, expected: bool) -> None:
    made = dwelling(20, 21, 22)
    assert fires(made, last_fired_at=made[-1].checked_in_at - timedelta(days=ago)) is expected


@pytest.mark.parametrize("answer", [False, None])
def test_one_other_answer_between_breaks_the_row(answer: bool | None) -> None:
    between = check_in(9, noon(START) + timedelta(days=7.5), dwelling=answer)
    assert fires(dwelling(5, 7, 8))
    assert not fires([*dwelling(5, 7, 8), between])


def test_low_mood_is_not_dwelling() -> None:
    low = [
        check_in(n, noon(START) + timedelta(days=7 + n), mood=1, dwelling=False) for n in range(3)
    ]
    assert not fires(low)


@pytest.mark.parametrize(("zone", "expected"), [(KIRITIMATI, True), (PAGO_PAGO, False)])
def test_days_are_the_persons_own(zone: ZoneInfo, expected: bool) -> None:
    # 09:30 and 10:30 UTC lie on two days in Kiritimati (midnight at 10:00) and one in Pago Pago.
    made = [
        check_in(1, datetime(2026, 3, 9, 9, tzinfo=UTC), dwelling=True),
        check_in(2, datetime(2026, 3, 10, 9, 30, tzinfo=UTC), dwelling=True),
        check_in(3, datetime(2026, 3, 10, 10, 30, tzinfo=UTC), dwelling=True),
    ]
    assert fires(made, zone=zone) is expected


@given(st.lists(st.tuples(instants, st.sampled_from([True, False, None])), max_size=6), zones)
def test_the_guard_needs_three_yeses_on_three_days_in_any_order_of_arrival(
    answers: list[tuple[datetime, bool | None]], zone: ZoneInfo
) -> None:
    made = [check_in(n, at, dwelling=answer) for n, (at, answer) in enumerate(answers)]
    settled: dict[str, Any] = {
        "rejected_on": date(2024, 1, 1),
        "created_at": noon(date(2024, 1, 1)),
    }
    fired = fires(made, zone=zone, **settled)
    assert fired is fires(made[::-1], zone=zone, **settled)
    if fired:
        last = sorted(made, key=lambda one: (one.checked_in_at, one.id))[-3:]
        local = {one.checked_in_at.astimezone(zone).date() for one in last}
        assert [one.dwelling for one in last] == [True] * 3
        assert len(local) == 3
        assert (max(local) - min(local)).days <= 13


def test_the_mute_ends_after_a_week() -> None:
    assert muted_until(NOW) == NOW + timedelta(days=7)
    assert muted_until(None) is None


def test_the_guard_offers_a_step_that_the_person_writes() -> None:
    guidance = REFOCUS_STEP.guidance[Language.EN]
    assert "if" in guidance
    assert "then" in guidance
    assert "close it" in guidance


# The support card


def moods(*entries: tuple[float, int]) -> list[CheckInFacts]:
    return [
        check_in(number, noon(START) + timedelta(days=after), mood)
        for number, (after, mood) in enumerate(entries, start=1)
    ]


def card(made: list[CheckInFacts], **changes: Any) -> bool:
    """Whether recording the last of these check-ins brings the card."""
    values: dict[str, Any] = {
        "zone": BERLIN,
        "last_shown_at": None,
        "now": made[-1].checked_in_at,
        "support_wanted": False,
    }
    return support_card_due(made[-1], made[:-1], **values | changes)


def test_three_low_moods_over_two_days_bring_the_card() -> None:
    assert card(moods((0, 1), (0.1, 1), (1, 1)))


def test_two_low_moods_or_one_day_do_not() -> None:
    assert not card(moods((0, 1), (1, 1)))
    assert not card(moods((0, 1), (0.1, 1), (0.2, 1)))


def test_a_better_moment_between_breaks_the_row() -> None:
    assert not card(moods((0, 1), (1, 1), (2, 2), (3, 1)))
    assert not card(moods((0, 1), (1, 1), (2, 2)))


@pytest.mark.parametrize(("span", "expected"), [(13, True), (14, False)])
def test_the_low_moods_lie_within_fourteen_days(span: int, expected: bool) -> None:
    assert card(moods((0, 1), (1, 1), (span, 1))) is expected


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, False), (23.99, False), (24, True), (240, True)]
)
def test_the_card_comes_at_most_once_a_day(hours: float, expected: bool) -> None:
    made = moods((0, 1), (1, 1), (2, 1))
    shown_at = made[-1].checked_in_at - timedelta(hours=hours)
    assert card(made, last_shown_at=shown_at) is expected


@given(st.integers(1, 5), instants | st.none())
def test_who_asks_for_support_always_gets_the_card(mood: int, last: datetime | None) -> None:
    assert card(moods((0, mood)), support_wanted=True, last_shown_at=last)


def test_the_recorded_check_in_counts_once_even_if_it_is_among_the_recent() -> None:
    made = moods((0, 1), (1, 1))
    due = support_card_due(made[-1], made, zone=BERLIN, last_shown_at=None, now=NOW)
    assert not due


def test_a_note_about_a_day_long_past_does_not_bring_the_card() -> None:
    *recent, old = moods((10, 1), (11, 1), (12, 1), (0, 1))
    assert not support_card_due(old, recent, zone=BERLIN, last_shown_at=None, now=NOW)


def test_check_ins_about_different_things_count_together() -> None:
    first, second, third = moods((0, 1), (1, 1), (2, 1))
    about_nothing = CheckInFacts(**vars(second) | {"rejection_id": None})
    assert card([first, about_nothing, third])


@pytest.mark.parametrize(("zone", "expected"), [(KIRITIMATI, True), (PAGO_PAGO, False)])
def test_the_two_days_are_the_persons_own(zone: ZoneInfo, expected: bool) -> None:
    made = [check_in(n, datetime(2026, 3, 10, 9, 30 + n * 20, tzinfo=UTC), 1) for n in (0, 1)]
    made.append(check_in(2, datetime(2026, 3, 10, 10, 30, tzinfo=UTC), 1))
    assert card(made, zone=zone) is expected


@given(st.lists(st.tuples(instants, st.integers(1, 5)), min_size=1, max_size=6), zones)
def test_without_three_lowest_moods_there_is_no_card(
    entries: list[tuple[datetime, int]], zone: ZoneInfo
) -> None:
    made = [check_in(n, at, mood) for n, (at, mood) in enumerate(entries)]
    if card(made, zone=zone):
        last = sorted(made, key=lambda one: (one.checked_in_at, one.id))[-3:]
        assert [one.mood for one in last] == [1, 1, 1]
        assert made[-1] in last
        assert len({one.checked_in_at.astimezone(zone).date() for one in last}) >= 2


def test_the_card_names_no_condition_and_promises_no_alarm() -> None:
    words = ("depress", "disorder", "diagnos", "suicid", "suizid", "patholog", "störung", "krank")
    for made in SUPPORT_CARDS.values():
        assert not any(word in f"{made.title} {made.text}".lower() for word in words)
    assert "nobody is alerted" in SUPPORT_CARDS[Language.EN].text
    assert "niemand wird benachrichtigt" in SUPPORT_CARDS[Language.DE].text
