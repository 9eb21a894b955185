"""What is offered now, in which order, and how much of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.rules.candidates import (
    Candidate,
    Due,
    InPause,
    reapply_candidate,
    step_candidate,
)
from app.domains.recovery.rules.next_actions import (
    Moment,
    NextAction,
    moment_of,
    next_actions,
    rank,
    sort_key,
    why_now,
)
from app.domains.recovery.terms import PlanStatus, StepKind, StepStatus, WhyNow
from app.domains.rejections.terms import DecidedBy
from app.kit.clock import local_day, start_of_day
from app.kit.practices import Practice
from app.kit.terms import Language
from tests.domains.recovery.builders import (
    BERLIN,
    NOW,
    REJECTION,
    TODAY,
    candidate,
    candidates,
    days,
    instants,
    plan,
    step,
    zones,
)

MOMENT = Moment(now=NOW, today=TODAY)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IN_A_DAY = NOW + DAY
PAUSED = {"pause_until": NOW + HOUR}


def offered(made: list[Candidate], **changes: Any) -> tuple[NextAction, ...]:
    values: dict[str, Any] = {
        "per_day": 3,
        "acts_done": 0,
        "allow_during_pause": True,
        "lift_cap": False,
    }
    return next_actions(made, MOMENT, **values | changes)


def ids(actions: tuple[NextAction, ...]) -> list[int]:
    return [action.record_id.int for action in actions]


def of_step(kind: StepKind = StepKind.REFLECT, **changes: Any) -> Candidate | None:
    return step_candidate(
        step(kind=kind, **changes), plan(**PAUSED), muted_until=IN_A_DAY, today=TODAY, zone=BERLIN
    )


# Order


@pytest.mark.parametrize(
    ("days_in", "expected"),
    [
        ({"event_at": NOW}, 0),
        ({"event_at": IN_A_DAY}, 0),
        ({"event_at": IN_A_DAY + HOUR}, 4),
        ({"event_at": NOW - HOUR}, 4),
        ({"window_closes_at": IN_A_DAY}, 1),
        ({"window_closes_at": IN_A_DAY + HOUR}, 4),
        ({"window_closes_at": NOW}, 4),
        ({"due_on": TODAY}, 2),
        ({"due_on": TODAY - 7 * DAY}, 2),
        ({"due_on": TODAY - 8 * DAY}, 4),
        ({"due_on": TODAY + DAY}, 3),
        ({"due_on": TODAY + 3 * DAY}, 3),
        ({"due_on": TODAY + 4 * DAY}, 4),
        ({}, 4),
    ],
)
def test_ranks_change_exactly_at_their_edges(days_in: dict[str, Any], expected: int) -> None:
    assert rank(candidate(**days_in), MOMENT) == expected


def test_the_order_goes_by_rank_minutes_practice_creation_and_id() -> None:
    made = [
        candidate(1, event_at=NOW + HOUR, effort_minutes=60),
        candidate(2, window_closes_at=NOW + HOUR, effort_minutes=50),
        candidate(3, due_on=TODAY, effort_minutes=40),
        candidate(4, due_on=TODAY + DAY, effort_minutes=30),
        candidate(5, effort_minutes=1),
        candidate(6, effort_minutes=2, practice=Practice.GIVE_TIME),
        candidate(7, effort_minutes=2, practice=Practice.NETWORK, created_at=NOW - HOUR),
        candidate(8, effort_minutes=2, practice=Practice.NETWORK),
        candidate(9, effort_minutes=2, practice=Practice.NETWORK),
    ]
    assert ids(offered(made[::-1], per_day=20)) == list(range(1, 10))


@given(candidates(), st.randoms(use_true_random=False))
def test_the_order_is_total_and_does_not_depend_on_how_candidates_arrive(
    made: list[Candidate], shuffler: Any
) -> None:
    keys = [sort_key(one, MOMENT) for one in made]
    assert len(set(keys)) == len(keys)
    shuffled = list(made)
    shuffler.shuffle(shuffled)
    assert offered(shuffled) == offered(made)
    found = ids(offered(made, lift_cap=True))
    by_id = {one.record_id.int: sort_key(one, MOMENT) for one in made}
    assert [by_id[one] for one in found] == sorted(by_id[one] for one in found)


def test_two_collections_may_share_an_id() -> None:
    made = [candidate(1, collection="rejections"), candidate(1, collection="recovery_steps")]
    assert [one.collection for one in offered(made)] == ["recovery_steps", "rejections"]


# How much


@given(candidates(), st.integers(0, 10), st.integers(0, 10), st.booleans(), st.booleans())
def test_caps_hold(made: list[Candidate], per_day: int, done: int, allow: bool, lift: bool) -> None:
    found = offered(made, per_day=per_day, acts_done=done, allow_during_pause=allow, lift_cap=lift)
    if not lift:
        assert len(found) <= max(0, per_day - done)
    by_id = {one.record_id: one.rejection_id for one in made}
    about = [by_id[one.record_id] for one in found if by_id[one.record_id] is not None]
    assert len(set(about)) == len(about)


@given(candidates(), st.integers(0, 5))
def test_the_cap_cuts_the_end_and_nothing_else(made: list[Candidate], per_day: int) -> None:
    assert offered(made, per_day=per_day) == offered(made, lift_cap=True)[:per_day]


def test_of_one_rejection_only_the_most_pressing_is_offered() -> None:
    made = [
        candidate(1, rejection_id=REJECTION, due_on=TODAY + DAY),
        candidate(2, rejection_id=REJECTION, due_on=TODAY),
        candidate(3, rejection_id=None),
        candidate(4, rejection_id=None),
    ]
    assert ids(offered(made)) == [2, 3, 4]


# Quiet


@given(candidates(), st.booleans(), st.booleans())
def test_a_pause_is_respected(made: list[Candidate], allow: bool, lift: bool) -> None:
    by_id = {one.record_id: one for one in made}
    found = [
        by_id[one.record_id]
        for one in offered(made, per_day=20, allow_during_pause=allow, lift_cap=lift)
    ]
    in_pause = [one for one in found if one.pause_until and one.pause_until > NOW]
    windows = [one for one in in_pause if one.in_pause is InPause.ONE_WINDOW]
    assert all(one.in_pause is not InPause.HIDDEN for one in in_pause)
    assert len(windows) <= (1 if allow else 0)
    for one in windows:
        assert one.window_closes_at is not None
        assert NOW < one.window_closes_at <= IN_A_DAY


@given(candidates())
def test_what_is_muted_is_not_offered(made: list[Candidate]) -> None:
    by_id = {one.record_id: one for one in made}
    for one in offered(made, lift_cap=True):
        until = by_id[one.record_id].muted_until
        assert until is None or until <= NOW


def test_a_mute_is_over_at_its_very_end() -> None:
    assert ids(offered([candidate(1, muted_until=NOW)])) == [1]
    assert ids(offered([candidate(1, muted_until=NOW + timedelta(microseconds=1))])) == []


def test_the_one_window_in_a_pause_is_the_most_pressing() -> None:
    window: dict[str, Any] = {
        "in_pause": InPause.ONE_WINDOW,
        "window_closes_at": NOW + HOUR,
        **PAUSED,
    }
    made = [
        candidate(1, rejection_id=UUID(int=1), effort_minutes=15, **window),
        candidate(2, rejection_id=UUID(int=2), effort_minutes=10, **window),
        candidate(3, rejection_id=UUID(int=3), in_pause=InPause.SHOWN, **PAUSED),
    ]
    assert ids(offered(made)) == [2, 3]
    assert ids(offered(made, allow_during_pause=False)) == [3]


def test_a_closed_door_in_a_pause_leaves_room_for_rest() -> None:
    window = candidate(
        1,
        rejection_id=REJECTION,
        in_pause=InPause.ONE_WINDOW,
        window_closes_at=NOW + HOUR,
        **PAUSED,
    )
    rest = candidate(2, rejection_id=REJECTION, in_pause=InPause.SHOWN, **PAUSED)
    assert ids(offered([window, rest])) == [1]
    assert ids(offered([window, rest], allow_during_pause=False)) == [2]


# Candidates


@pytest.mark.parametrize("kind", StepKind)
def test_only_rest_and_check_ins_are_free_in_a_pause(kind: StepKind) -> None:
    found = of_step(kind, due_on=TODAY)
    assert found is not None
    free = kind in ("decompress", "check_in")
    windowed = kind in ("thank", "request_feedback")
    expected = InPause.SHOWN if free else InPause.ONE_WINDOW if windowed else InPause.HIDDEN
    assert found.in_pause is expected
    assert (found.window_closes_at is not None) is windowed


def test_a_window_closes_with_its_local_day() -> None:
    found = of_step(StepKind.THANK, due_on=TODAY)
    assert found is not None
    assert found.window_closes_at == datetime(2026, 3, 10, 23, tzinfo=UTC)


def test_the_way_out_is_not_muted() -> None:
    out, back = of_step(StepKind.REFOCUS), of_step(StepKind.REFLECT)
    assert out is not None
    assert back is not None
    assert (out.muted_until, back.muted_until) == (None, IN_A_DAY)


def test_steps_that_are_over_not_open_yet_or_of_an_ended_plan_are_no_candidates() -> None:
    assert of_step(status=StepStatus.DONE) is None
    assert of_step(status=StepStatus.SKIPPED) is None
    assert of_step(opens_on=TODAY + DAY) is None
    assert of_step(opens_on=TODAY) is not None
    for status in (PlanStatus.COMPLETED, PlanStatus.ABANDONED):
        ended = plan(status=status)
        assert step_candidate(step(), ended, muted_until=None, today=TODAY, zone=BERLIN) is None


def test_who_added_a_step_makes_no_difference_to_the_pause() -> None:
    # The rules never see the origin, so that a coach's step cannot be let through by mistake.
    assert "origin" not in vars(step())


def reapply(
    today: date,
    *,
    reapply_on: date | None = None,
    decided_by: DecidedBy = DecidedBy.EMPLOYER,
) -> Candidate | None:
    due = Due(
        collection="rejections",
        id=REJECTION,
        revision=3,
        created_at=NOW,
        name="Sample Ltd",
        due_on=reapply_on,
    )
    return reapply_candidate(due, decided_by, date(2026, 9, 10), today=today, language=Language.EN)


def test_applying_again_is_offered_from_the_day_the_person_set() -> None:
    chosen = date(2026, 5, 1)
    assert reapply(date(2026, 4, 30), reapply_on=chosen) is None
    found = reapply(date(2026, 5, 20), reapply_on=chosen)
    assert found is not None
    assert (found.due_on, found.reason) == (chosen, WhyNow.REAPPLY_DATE)
    assert "Sample Ltd" in found.title


def test_where_no_day_is_set_it_is_suggested_for_a_month() -> None:
    assert reapply(date(2026, 9, 9)) is None
    found = reapply(date(2026, 9, 10))
    assert found is not None
    assert (found.due_on, found.reason) == (None, WhyNow.REAPPLY_SUGGESTED)
    assert reapply(date(2026, 10, 9)) is not None
    assert reapply(date(2026, 10, 10)) is None


def test_nobody_is_sent_back_to_a_place_they_turned_down_unless_they_said_so() -> None:
    assert reapply(date(2026, 9, 10), decided_by=DecidedBy.CANDIDATE) is None
    chosen = date(2026, 9, 10)
    assert reapply(chosen, decided_by=DecidedBy.CANDIDATE, reapply_on=chosen) is not None


# Why now, and when


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"event_at": NOW}, WhyNow.EVENT_SOON),
        ({"window_closes_at": IN_A_DAY, **PAUSED}, WhyNow.WINDOW_CLOSING),
        ({"due_on": TODAY, **PAUSED}, WhyNow.PART_OF_PAUSE),
        ({"due_on": TODAY}, WhyNow.DUE_TODAY),
        ({"due_on": TODAY - DAY}, WhyNow.OVERDUE),
        ({"due_on": TODAY + DAY}, WhyNow.DUE_SOON),
        ({"due_on": TODAY - 30 * DAY}, WhyNow.WHEN_READY),
        ({}, WhyNow.WHEN_READY),
        ({"due_on": TODAY, "reason": WhyNow.REAPPLY_DATE}, WhyNow.REAPPLY_DATE),
    ],
)
def test_the_strongest_reason_is_told(facts: dict[str, Any], expected: WhyNow) -> None:
    assert why_now(candidate(**facts), MOMENT) is expected


@given(on=days, now=instants, zone=zones)
def test_another_day_is_seen_from_its_beginning(on: date, now: datetime, zone: ZoneInfo) -> None:
    today = local_day(now, zone)
    assert moment_of(None, now, zone) == moment_of(today, now, zone) == Moment(now=now, today=today)
    if on != today:
        seen = moment_of(on, now, zone)
        assert seen == Moment(now=start_of_day(on, zone), today=on)
        assert local_day(seen.now, zone) == on
