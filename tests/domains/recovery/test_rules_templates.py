"""Which steps a plan begins with, on which days, and how long it keeps quiet at first."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.rules.data import TEMPLATES
from app.domains.recovery.rules.pause import is_paused, pause_until
from app.domains.recovery.rules.templates import (
    CoachStep,
    NewStep,
    choose_template,
    coach_steps,
    human_contact,
    plan_steps,
    refocus_step,
    template,
)
from app.domains.recovery.terms import MAX_PAUSE_HOURS, StepKind
from app.domains.rejections.terms import DecidedBy, RejectionChannel, RejectionStage
from app.kit.clock import end_of_day, local_day, start_of_day
from app.kit.practices import Practice
from app.kit.problems import Invalid
from app.kit.terms import Language
from tests.domains.recovery.builders import (
    BERLIN,
    KIRITIMATI,
    NOW,
    PAGO_PAGO,
    TODAY,
    ZONES,
    days,
    instants,
    zones,
)

EMPLOYER, CANDIDATE, NOBODY = DecidedBy.EMPLOYER, DecidedBy.CANDIDATE, DecidedBy.NONE
INTERVIEW = [
    "decompress",
    "check_in",
    "thank",
    "request_feedback",
    "reflect",
    "assess_gaps",
    "capture_lesson",
    "connect",
    "prepare_next",
]
SCREENING = ["check_in", "request_feedback", "assess_gaps", "capture_lesson", "prepare_next"]
LATE = [*INTERVIEW, "assess_fit", "follow_company", "check_in"]


def steps(
    key: str = "final_round", language: Language = Language.EN, **changes: Any
) -> list[NewStep]:
    values: dict[str, Any] = {
        "rejected_on": TODAY,
        "started_at": NOW,
        "pause_until": None,
        "zone": BERLIN,
        "with_human_contact": True,
    }
    return list(plan_steps(TEMPLATES[key], language, **values | changes))


def by_kind(made: list[NewStep]) -> dict[StepKind, NewStep]:
    """The first step of each kind."""
    return {step.kind: step for step in reversed(made)}


def pause(**changes: Any) -> datetime | None:
    values: dict[str, Any] = {
        "created_at": NOW,
        "rejected_on": TODAY,
        "pause_hours": 48,
        "stage": RejectionStage.INTERVIEW,
        "decided_by": EMPLOYER,
        "zone": BERLIN,
        "now": NOW,
    }
    return pause_until(**values | changes)


# Which template


@pytest.mark.parametrize(
    ("stage", "kinds"),
    [
        ("application", ["assess_gaps", "expand_network"]),
        ("screening", SCREENING),
        ("assessment", SCREENING),
        ("interview", INTERVIEW),
        ("final_round", LATE),
        ("offer", LATE),
    ],
)
def test_the_stage_decides_what_there_is_to_do(stage: str, kinds: list[str]) -> None:
    chosen = choose_template(RejectionStage(stage), EMPLOYER)
    assert [step.kind for step in chosen.steps] == kinds


@pytest.mark.parametrize("stage", RejectionStage)
def test_who_decided_comes_before_the_stage(stage: RejectionStage) -> None:
    own, nobodys = choose_template(stage, CANDIDATE), choose_template(stage, NOBODY)
    assert [step.kind for step in own.steps] == ["thank", "assess_fit", "capture_lesson"]
    assert [step.kind for step in nobodys.steps] == ["check_in", "follow_company"]


@pytest.mark.parametrize("key", TEMPLATES)
def test_without_human_contact_nobody_is_thanked_asked_or_invited(key: str) -> None:
    left_out = {StepKind.THANK, StepKind.REQUEST_FEEDBACK, StepKind.CONNECT}
    everything = [step.kind for step in steps(key)]
    alone = [step.kind for step in steps(key, with_human_contact=False)]
    assert alone == [kind for kind in everything if kind not in left_out]


@pytest.mark.parametrize("channel", [None, *RejectionChannel])
@pytest.mark.parametrize("stage", RejectionStage)
def test_human_contact_is_a_personal_channel_after_the_application_or_a_linked_contact(
    stage: RejectionStage, channel: RejectionChannel | None
) -> None:
    personal = channel in ("email", "phone", "video", "in_person") and stage != "application"
    assert human_contact(stage, channel, contact_linked=False) is personal
    assert human_contact(stage, channel, contact_linked=True)


def test_an_unknown_template_is_refused() -> None:
    assert template("interview") is TEMPLATES["interview"]
    with pytest.raises(Invalid):
        template("no-such-template")


def test_positions_count_from_one_without_gaps_whoever_was_met() -> None:
    for met in (True, False):
        made = steps(with_human_contact=met)
        assert [step.position for step in made] == list(range(1, len(made) + 1))


@pytest.mark.parametrize("language", Language)
def test_steps_speak_the_persons_language(language: Language) -> None:
    thank = by_kind(steps(language=language))[StepKind.THANK]
    assert thank.title == {"en": "Say thank you", "de": "Bedanke dich"}[language]


def test_looking_at_gaps_is_short_after_an_application() -> None:
    assert by_kind(steps("application"))[StepKind.ASSESS_GAPS].effort_minutes == 10


def test_writing_is_never_prompted_straight_after_the_no() -> None:
    reflect = by_kind(steps())[StepKind.REFLECT]
    assert reflect.due_on is not None
    assert reflect.due_on > TODAY
    assert reflect.effort_minutes == 30


def test_the_refocus_step_is_an_offer_without_a_day() -> None:
    step = refocus_step(Language.EN, 4)
    assert (step.kind, step.position, step.due_on) == (StepKind.REFOCUS, 4, None)


# Days


def test_thanks_and_questions_are_due_two_days_after_the_no() -> None:
    made = by_kind(steps())
    assert (
        made[StepKind.THANK].due_on == made[StepKind.REQUEST_FEEDBACK].due_on == date(2026, 3, 12)
    )


def test_the_second_check_in_opens_on_day_seven() -> None:
    second = steps()[-1]
    assert second.kind is StepKind.CHECK_IN
    assert second.opens_on == second.due_on == date(2026, 3, 17)


def test_after_a_pause_days_count_from_its_end() -> None:
    late = by_kind(steps(pause_until=NOW + timedelta(days=14)))
    assert late[StepKind.REFLECT].due_on == date(2026, 3, 26)
    assert late[StepKind.DECOMPRESS].due_on == date(2026, 3, 11)


def test_a_window_that_ends_today_is_due_today() -> None:
    assert by_kind(steps(rejected_on=date(2026, 3, 8)))[StepKind.THANK].due_on == TODAY


def test_a_window_that_has_passed_leaves_no_due_day() -> None:
    assert by_kind(steps(rejected_on=date(2026, 3, 1)))[StepKind.THANK].due_on is None


@given(rejected_on=days, late=st.integers(0, 40), hours=st.integers(0, MAX_PAUSE_HOURS), zone=zones)
def test_due_days_stay_on_local_calendar_days_across_clock_changes(
    rejected_on: date, late: int, hours: int, zone: ZoneInfo
) -> None:
    # Recorded late in the evening, when an hour more or less changes the day.
    started_at = datetime.combine(
        rejected_on + timedelta(days=late), time(23, 30), zone
    ).astimezone(UTC)
    until = pause(
        created_at=started_at, rejected_on=rejected_on, pause_hours=hours, zone=zone, now=started_at
    )
    made = by_kind(
        steps(rejected_on=rejected_on, started_at=started_at, pause_until=until, zone=zone)
    )
    started_on = rejected_on + timedelta(days=late)

    thank, rest, reflect = (
        made[kind].due_on for kind in (StepKind.THANK, StepKind.DECOMPRESS, StepKind.REFLECT)
    )
    assert thank == (rejected_on + timedelta(days=2) if late <= 2 else None)
    assert rest == started_on + timedelta(days=1)
    quiet_until = local_day(until, zone) if until else started_on
    assert reflect == quiet_until + timedelta(days=2)


@given(
    rejected_on=days, started_at=instants, pause_hours=st.integers(0, MAX_PAUSE_HOURS), zone=zones
)
def test_nothing_is_overdue_when_it_is_born_or_due_within_the_pause(
    rejected_on: date, started_at: datetime, pause_hours: int, zone: ZoneInfo
) -> None:
    until = started_at + timedelta(hours=pause_hours)
    for step in steps(rejected_on=rejected_on, started_at=started_at, pause_until=until, zone=zone):
        assert step.due_on is None or step.due_on >= local_day(started_at, zone)
        if step.kind in (StepKind.REFLECT, StepKind.PREPARE_NEXT):
            assert step.due_on is not None
            assert start_of_day(step.due_on, zone) >= until


@pytest.mark.parametrize(
    ("zone", "rejected_on", "hours_in_window"),
    [
        ("Europe/Berlin", date(2026, 3, 27), 71),  # Clocks go forward on 29 March.
        ("Europe/Berlin", date(2026, 10, 23), 73),  # And back on 25 October.
        ("America/New_York", date(2026, 3, 6), 71),
        ("America/New_York", date(2026, 10, 30), 73),
        ("Pacific/Auckland", date(2026, 4, 3), 73),
        ("Pacific/Auckland", date(2026, 9, 25), 71),
        ("America/Santiago", date(2026, 9, 4), 71),  # 6 September begins at 01:00.
        ("Pacific/Kiritimati", date(2026, 3, 27), 72),
        ("Pacific/Pago_Pago", date(2026, 3, 27), 72),
    ],
)
def test_a_window_ends_with_its_local_day_however_long_the_days_are(
    zone: str, rejected_on: date, hours_in_window: int
) -> None:
    place = ZoneInfo(zone)
    begins = start_of_day(rejected_on, place)
    due_on = by_kind(steps(rejected_on=rejected_on, started_at=begins, zone=place))[
        StepKind.THANK
    ].due_on
    assert due_on == rejected_on + timedelta(days=2)
    assert end_of_day(due_on, place) - begins == timedelta(hours=hours_in_window)


# The pause


def test_a_pause_lasts_the_chosen_hours_from_the_recording() -> None:
    assert pause() == NOW + timedelta(hours=48)


def test_a_no_recorded_later_counts_from_the_end_of_its_day() -> None:
    until = pause(rejected_on=date(2026, 3, 9))
    assert until == datetime(2026, 3, 9, 23, tzinfo=UTC) + timedelta(hours=48)


@pytest.mark.parametrize("zone", ZONES)
def test_the_pause_counts_elapsed_hours_from_the_persons_midnight(zone: ZoneInfo) -> None:
    recorded_at = NOW + timedelta(days=2)
    until = pause(created_at=recorded_at, now=recorded_at, pause_hours=72, zone=zone)
    assert until is not None
    assert until - timedelta(hours=72) == start_of_day(date(2026, 3, 11), zone)


@pytest.mark.parametrize("pause_hours", [0, 48, MAX_PAUSE_HOURS])
def test_there_is_no_pause_after_an_application_or_ones_own_decision(pause_hours: int) -> None:
    assert pause(stage=RejectionStage.APPLICATION, pause_hours=pause_hours) is None
    assert pause(decided_by=CANDIDATE, pause_hours=pause_hours) is None


def test_a_pause_that_would_be_over_is_none() -> None:
    assert pause(rejected_on=date(2026, 3, 7)) is None
    assert pause(pause_hours=0) is None


@given(
    created_at=instants,
    rejected_on=days,
    hours=st.integers(0, MAX_PAUSE_HOURS),
    stage=st.sampled_from(RejectionStage),
    decided_by=st.sampled_from(DecidedBy),
    zone=zones,
)
def test_a_pause_is_ahead_or_absent_and_never_longer_than_chosen(
    *,
    created_at: datetime,
    rejected_on: date,
    hours: int,
    stage: RejectionStage,
    decided_by: DecidedBy,
    zone: ZoneInfo,
) -> None:
    until = pause(
        created_at=created_at,
        rejected_on=rejected_on,
        pause_hours=hours,
        stage=stage,
        decided_by=decided_by,
        zone=zone,
        now=created_at,
    )
    if until is not None:
        assert created_at < until <= created_at + timedelta(hours=hours)
        assert until <= end_of_day(rejected_on, zone) + timedelta(hours=hours)
    assert is_paused(until, created_at) is (until is not None)


def test_a_pause_is_over_at_its_very_end() -> None:
    assert not is_paused(NOW, NOW)
    assert is_paused(NOW + timedelta(microseconds=1), NOW)


def test_the_same_instant_is_another_day_elsewhere() -> None:
    morning = datetime(2026, 3, 10, 10, 30, tzinfo=UTC)
    east = by_kind(steps(rejected_on=None, started_at=morning, zone=KIRITIMATI))
    west = by_kind(steps(rejected_on=None, started_at=morning, zone=PAGO_PAGO))
    assert east[StepKind.DECOMPRESS].due_on == date(2026, 3, 12)
    assert west[StepKind.DECOMPRESS].due_on == date(2026, 3, 10)


coach_step = st.builds(
    CoachStep,
    kind=st.sampled_from(StepKind),
    practice=st.sampled_from(Practice),
    title=st.text(min_size=1),
    guidance=st.none() | st.text(),
    effort_minutes=st.integers(1, 480),
    opens_after_days=st.none() | st.integers(0, 365),
    due_after_days=st.none() | st.integers(0, 365),
)


@given(steps=st.lists(coach_step, max_size=30), today=days)
def test_a_coachs_template_is_taken_over_in_its_order(steps: list[CoachStep], today: date) -> None:
    made = coach_steps(steps, today)
    assert [one.position for one in made] == list(range(1, len(steps) + 1))
    for step, new in zip(steps, made, strict=True):
        for name in ("kind", "practice", "title", "guidance", "effort_minutes"):
            assert getattr(new, name) == getattr(step, name)
        for after, day in (
            (step.opens_after_days, new.opens_on),
            (step.due_after_days, new.due_on),
        ):
            assert (None if day is None else (day - today).days) == after
