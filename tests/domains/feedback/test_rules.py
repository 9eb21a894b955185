"""The pure rules of feedback requests and feedback."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.feedback import terms
from app.domains.feedback.errors import AlreadyNudged
from app.domains.feedback.rules.feedback import check_rating, check_received_on
from app.domains.feedback.rules.requests import (
    NEVER_SENT,
    REQUEST_TRANSITIONS,
    RequestDays,
    check_transition,
    days_after,
    days_of_new,
)
from app.domains.feedback.terms import FeedbackRequestStatus
from app.kit.clock import end_of_day, latest_day
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Term

SENT = FeedbackRequestStatus.SENT
TODAY = date(2026, 3, 11)
LISTED = {
    ("draft", "sent"),
    ("draft", "cancelled"),
    ("sent", "draft"),
    ("sent", "received"),
    ("sent", "declined"),
    ("sent", "no_response"),
    ("no_response", "received"),
    ("declined", "received"),
}
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

statuses = st.sampled_from(FeedbackRequestStatus)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- the strategy adds the zone


@pytest.mark.parametrize(("before", "after"), list(product(FeedbackRequestStatus, repeat=2)))
def test_only_listed_transitions_exist(
    before: FeedbackRequestStatus, after: FeedbackRequestStatus
) -> None:
    if before is after or (before.value, after.value) in LISTED:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition) as refusal:
            check_transition(before, after)
        assert refusal.value.members["allowed"] == list(REQUEST_TRANSITIONS[before])


def test_every_status_has_its_row_and_nothing_else_is_listed() -> None:
    assert set(REQUEST_TRANSITIONS) == set(FeedbackRequestStatus)
    assert {(b.value, a.value) for b, row in REQUEST_TRANSITIONS.items() for a in row} == LISTED


def is_sound(status: FeedbackRequestStatus, found: RequestDays) -> bool:
    """Whether the days of a request agree with its status and with each other."""
    if status in NEVER_SENT:
        return found == RequestDays()
    if found.sent_on is None:
        return False
    return (
        found.nudge_on == found.sent_on + timedelta(days=7)
        and found.closes_on == found.sent_on + timedelta(days=21)
        and (found.nudged_on is None or found.nudged_on >= found.sent_on)
    )


@given(statuses, st.none() | days, days)
def test_a_new_request_is_refused_or_sound(
    status: FeedbackRequestStatus, sent_on: date | None, today: date
) -> None:
    try:
        found = days_of_new(status, sent_on, today)
    except Invalid:
        was_sent = status not in NEVER_SENT
        assert sent_on is not None
        assert not was_sent or sent_on > today + timedelta(days=1)
    else:
        assert is_sound(status, found)
        assert status in NEVER_SENT or found.sent_on == (sent_on or today)


changes = st.fixed_dictionaries(
    {}, optional={"sent_on": days, "nudged_on": st.none() | days, "status": statuses}
)


@given(statuses, st.lists(st.tuples(changes, days), max_size=12))
def test_whatever_is_changed_in_whatever_order_the_days_stay_sound(
    status: FeedbackRequestStatus, tried: list[tuple[dict[str, date | None], date]]
) -> None:
    found = days_of_new(status, None, TODAY)
    for change, today in tried:
        before = found
        wanted = FeedbackRequestStatus(str(change.get("status", status)))
        try:
            check_transition(status, wanted)
            found = days_after(before, change, wanted, today)
        except (Invalid, AlreadyNudged, InvalidTransition):
            continue
        status = wanted
        assert is_sound(status, found)
        # A nudge is never replaced by another: it is taken back first.
        kept = {before.nudged_on, None}
        assert before.nudged_on is None or found.nudged_on in kept


@given(days, days, days)
def test_a_second_nudge_is_refused_and_told_of_the_first(
    sent_on: date, first: date, second: date
) -> None:
    sent_on, first = min(sent_on, first), max(sent_on, first)
    nudged = days_after(days_of_new(SENT, sent_on, first), {"nudged_on": first}, SENT, first)
    assert nudged.nudged_on == first
    if second == first:
        assert days_after(nudged, {"nudged_on": second}, SENT, first) == nudged
        return
    with pytest.raises(AlreadyNudged) as refusal:
        days_after(nudged, {"nudged_on": second}, SENT, max(first, second))
    assert refusal.value.members["nudged_on"] == first.isoformat()
    assert days_after(nudged, {"nudged_on": None}, SENT, first).nudged_on is None


@given(instants, st.sampled_from(ZONES), st.integers(-3, 3))
def test_what_has_ended_anywhere_is_looked_at(now: datetime, name: str, shift: int) -> None:
    closes_on, zone = now.date() + timedelta(days=shift), ZoneInfo(name)
    if end_of_day(closes_on, zone) <= now:
        assert closes_on < latest_day(now)


@given(days, days)
def test_feedback_comes_back_by_tomorrow(received_on: date, today: date) -> None:
    if received_on <= today + timedelta(days=1):
        check_received_on(received_on, today)
    else:
        with pytest.raises(Invalid):
            check_received_on(received_on, today)


@given(st.none() | st.text(), st.none() | st.integers(1, 5))
def test_a_rating_needs_words_of_ones_own(restated: str | None, usefulness: int | None) -> None:
    if usefulness is None or (restated is not None and restated.strip()):
        check_rating(restated, usefulness)
    else:
        with pytest.raises(Invalid) as refusal:
            check_rating(restated, usefulness)
        assert refusal.value.members["errors"][0]["pointer"] == "/usefulness"


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(terms).values() if isinstance(kind, type) and kind is not Term]
)
def test_every_word_has_a_label_in_every_language(kind: type[Term]) -> None:
    assert all(label.strip() for word in kind for label in word.labels.values())
