"""The pure rules of the network: transitions, the rhythm of contact, who is due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.contacts import terms
from app.domains.contacts.rules import (
    INTERACTION_TRANSITIONS,
    FollowUpFacts,
    Rhythm,
    check_transition,
    connection_after,
    due_follow_ups,
    is_invitation,
    next_day,
    occurrence,
)
from app.domains.contacts.terms import (
    MAX_FOLLOW_UPS,
    ConnectionStatus,
    FollowUpReason,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
)
from app.kit.clock import local_day
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Term

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)
ADDED = datetime(2026, 1, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DRAFT, PLANNED = InteractionStatus.DRAFT, InteractionStatus.PLANNED
DONE, CANCELLED = InteractionStatus.DONE, InteractionStatus.CANCELLED

zones = st.sampled_from(
    [ZoneInfo(z) for z in ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC")]
)
instants = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone itself
    datetime(2030, 1, 1),  # noqa: DTZ001 -- as above, the zone comes with it
    timezones=st.just(UTC),
)
days = st.dates(date(2019, 1, 1), date(2031, 1, 1))
cadences = st.integers(1, terms.MAX_CADENCE_DAYS)


def rhythm(
    cadence_days: int | None, last_at: datetime | None = None, zone: ZoneInfo = BERLIN
) -> Rhythm:
    return Rhythm.of(cadence_days, last_at, ADDED, zone)


@pytest.mark.parametrize(("before", "after"), list(product(InteractionStatus, repeat=2)))
def test_only_listed_transitions_exist(before: InteractionStatus, after: InteractionStatus) -> None:
    listed = {
        (DRAFT, PLANNED),
        (PLANNED, DRAFT),
        (PLANNED, DONE),
        (DRAFT, CANCELLED),
        (PLANNED, CANCELLED),
        (DONE, PLANNED),
    }
    if before is after or (before, after) in listed:
        check_transition(before, after)
    else:
        with pytest.raises(InvalidTransition) as refusal:
            check_transition(before, after)
        assert refusal.value.members["allowed"] == list(INTERACTION_TRANSITIONS[before])


def test_what_is_done_was_now_unless_a_time_is_given() -> None:
    earlier = NOON - timedelta(days=400)
    assert occurrence(DONE, None, NOON) == NOON
    assert occurrence(DONE, earlier, NOON) == earlier
    assert occurrence(DONE, NOON + timedelta(days=1), NOON) == NOON + timedelta(days=1)
    with pytest.raises(Invalid):
        occurrence(DONE, NOON + timedelta(days=1, microseconds=1), NOON)


@pytest.mark.parametrize("status", [DRAFT, PLANNED, CANCELLED])
def test_what_is_not_done_has_no_time(status: InteractionStatus) -> None:
    assert occurrence(status, None, NOON) is None
    with pytest.raises(Invalid):
        occurrence(status, NOON, NOON)


@given(st.integers(0, 400) | st.none(), cadences, instants | st.none(), instants, zones)
def test_a_later_interaction_moves_the_day_on_by_the_cadence(
    earlier: int | None,
    cadence: int,
    before_at: datetime | None,
    after_at: datetime,
    zone: ZoneInfo,
) -> None:
    if before_at is not None and before_at >= after_at:
        before_at, after_at = after_at, before_at + timedelta(microseconds=1)
    by_cadence = local_day(after_at, zone) + timedelta(days=cadence)
    before, after = rhythm(cadence, before_at, zone), rhythm(cadence, after_at, zone)
    own = before.next_on
    assert own is not None
    assert next_day(own, before, after) == by_cadence
    # What was chosen for that day or before it has had its turn, like no plan at all.
    planned_on = None if earlier is None else by_cadence - timedelta(days=earlier)
    assert next_day(planned_on, before, after) == by_cadence


@given(days, cadences, instants | st.none(), instants, zones)
def test_no_interaction_brings_a_chosen_day_forward(
    planned_on: date,
    cadence: int,
    before_at: datetime | None,
    after_at: datetime,
    zone: ZoneInfo,
) -> None:
    before, after = rhythm(cadence, before_at, zone), rhythm(cadence, after_at, zone)
    if not before.has_set(planned_on):
        moved = next_day(planned_on, before, after)
        assert moved is not None
        assert moved >= planned_on
        assert moved in (planned_on, after.next_on)


@given(days | st.none(), instants, zones)
def test_without_a_cadence_an_interaction_settles_a_plan_whose_day_has_come(
    planned_on: date | None, after_at: datetime, zone: ZoneInfo
) -> None:
    moved = next_day(planned_on, rhythm(None, None, zone), rhythm(None, after_at, zone))
    ahead = planned_on is not None and planned_on > local_day(after_at, zone)
    assert moved == (planned_on if ahead else None)


@given(cadences, instants | st.none(), instants, zones)
def test_taking_an_interaction_back_gives_the_day_of_the_rhythm_back(
    cadence: int, before_at: datetime | None, after_at: datetime, zone: ZoneInfo
) -> None:
    was, now = rhythm(cadence, before_at, zone), rhythm(cadence, after_at, zone)
    if not now.goes_on_from(was):
        was, now = now, was
    assert next_day(next_day(was.next_on, was, now), now, was) == was.next_on


@given(st.integers(-400, 400), cadences, cadences | st.none(), instants | st.none(), zones)
def test_a_day_the_person_chose_stays_while_nothing_later_happens(
    off: int, cadence: int, new_cadence: int | None, last_at: datetime | None, zone: ZoneInfo
) -> None:
    before, after = rhythm(cadence, last_at, zone), rhythm(new_cadence, last_at, zone)
    assert before.next_on is not None
    planned_on = before.next_on + timedelta(days=off)
    moved = next_day(planned_on, before, after)
    # Up to one day beside the rhythm's own it may be the same day of another zone.
    follows = abs(off) <= 1 and new_cadence != cadence
    assert moved == (after.next_on if follows else planned_on)


@given(st.integers(-2, 2) | st.none(), cadences | st.none(), instants | st.none(), zones)
def test_what_changes_nothing_about_the_rhythm_keeps_the_day(
    off: int | None, cadence: int | None, last_at: datetime | None, zone: ZoneInfo
) -> None:
    same = rhythm(cadence, last_at, zone)
    near = same.next_on or same.base_on
    planned_on = None if off is None else near + timedelta(days=off)
    assert next_day(planned_on, same, same) == planned_on


@given(cadences, cadences, instants, st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]))
def test_a_day_that_was_set_in_another_zone_is_still_the_rhythms_own(
    cadence: int, new_cadence: int, last_at: datetime, elsewhere: str
) -> None:
    set_there = rhythm(cadence, last_at, ZoneInfo(elsewhere)).next_on
    assert set_there is not None
    here, new = rhythm(cadence, last_at), rhythm(new_cadence, last_at)
    assert here.has_set(set_there)
    assert next_day(set_there, here, new) == (set_there if new == here else new.next_on)
    facts = facts_of(set_there, cadence_days=cadence, last_at=last_at)
    assert facts.reason(BERLIN) is FollowUpReason.CADENCE


def test_two_days_beside_the_rhythm_are_the_persons_own_choice() -> None:
    quiet = rhythm(30, NOON)
    assert not rhythm(None, NOON).has_set(date(2026, 3, 11))
    for day, own in ((8, False), (9, True), (10, True), (11, True), (12, False)):
        chosen = date(2026, 4, day)
        assert quiet.has_set(chosen) is own
        assert (next_day(chosen, quiet, rhythm(7, NOON)) == chosen) is not own
        reason = facts_of(chosen, cadence_days=30, last_at=NOON).reason(BERLIN)
        assert (reason is FollowUpReason.PLANNED) is not own


def test_what_was_long_ago_takes_no_chosen_day_away() -> None:
    nothing, long_ago = rhythm(30), rhythm(30, NOON - timedelta(days=200))
    assert next_day(date(2026, 6, 1), nothing, long_ago) == date(2026, 6, 1)
    today = rhythm(30, NOON)
    assert next_day(date(2026, 6, 1), long_ago, today) == date(2026, 6, 1)
    assert next_day(date(2026, 4, 9), long_ago, today) == date(2026, 4, 10)


@given(cadences, cadences, instants | st.none(), zones)
def test_a_new_cadence_moves_what_the_old_one_had_set_and_begins_where_nothing_was(
    cadence: int, new_cadence: int, last_at: datetime | None, zone: ZoneInfo
) -> None:
    old, new = rhythm(cadence, last_at, zone), rhythm(new_cadence, last_at, zone)
    assert next_day(old.next_on, old, new) == new.next_on
    nothing = rhythm(None, last_at, zone)
    assert next_day(None, nothing, new) == new.next_on
    assert next_day(new.next_on, new, nothing) is None


def test_a_day_taken_away_stays_away_until_something_happens() -> None:
    quiet = rhythm(30, NOON)
    assert next_day(None, quiet, quiet) is None
    later = rhythm(30, NOON + timedelta(days=3))
    assert next_day(None, quiet, later) == date(2026, 4, 13)


def test_days_are_counted_where_the_person_lives_across_a_change_of_clocks() -> None:
    # 23:30 in Berlin on the evening before clocks go forward.
    late = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    assert rhythm(1, late).next_on == date(2026, 3, 29)
    assert rhythm(1, late, ZoneInfo("Pacific/Kiritimati")).next_on == date(2026, 3, 30)
    assert rhythm(1, late, ZoneInfo("Pacific/Pago_Pago")).next_on == date(2026, 3, 29)
    assert rhythm(2, late + timedelta(hours=1)).next_on == date(2026, 3, 31)


def test_only_an_invitation_that_was_sent_counts_as_one() -> None:
    for kind, direction, status in product(
        InteractionKind, InteractionDirection, InteractionStatus
    ):
        expected = (kind.value, direction.value, status.value) == (
            "connection_request",
            "outgoing",
            "done",
        )
        assert is_invitation(kind, direction, status) is expected


@pytest.mark.parametrize("status", ConnectionStatus)
def test_what_is_known_beyond_an_invitation_stays(status: ConnectionStatus) -> None:
    none, requested = ConnectionStatus.NONE, ConnectionStatus.REQUESTED
    invited = connection_after(status, invited=True, withdrawn=False)
    assert invited is (requested if status is none else status)
    withdrawn = connection_after(status, invited=False, withdrawn=True)
    assert withdrawn is (none if status is requested else status)
    assert connection_after(status, invited=False, withdrawn=False) is status


def facts_of(
    due_on: date,
    *,
    cadence_days: int | None = None,
    last_at: datetime | None = None,
    record_id: UUID | None = None,
) -> FollowUpFacts:
    return FollowUpFacts(
        collection="contacts",
        record_id=record_id or uuid4(),
        revision=1,
        name="Sam Sample",
        created_at=ADDED,
        cadence_days=cadence_days,
        due_on=due_on,
        last_interaction_at=last_at,
    )


def test_each_reason_says_what_set_the_day() -> None:
    reasons = {
        FollowUpReason.PLANNED: [
            facts_of(date(2026, 3, 1)),
            facts_of(date(2026, 3, 1), last_at=NOON),
            facts_of(date(2026, 3, 1), cadence_days=30),
            facts_of(date(2026, 3, 1), cadence_days=30, last_at=NOON),
        ],
        FollowUpReason.FIRST_CONTACT: [facts_of(date(2026, 1, 31), cadence_days=30)],
        FollowUpReason.CADENCE: [facts_of(date(2026, 4, 10), cadence_days=30, last_at=NOON)],
    }
    assert set(reasons) == set(FollowUpReason)
    for reason, examples in reasons.items():
        assert {facts.reason(BERLIN) for facts in examples} == {reason}


@given(st.lists(st.builds(facts_of, days), max_size=20), days)
def test_exactly_those_whose_day_has_come_are_due_the_longest_first(
    facts: list[FollowUpFacts], on: date
) -> None:
    due = due_follow_ups(facts, on)
    assert {one.record_id for one in due} == {one.record_id for one in facts if one.due_on <= on}
    order: Callable[[FollowUpFacts], tuple[date, UUID]] = lambda one: (one.due_on, one.record_id)  # noqa: E731 -- the order in one place
    assert due == sorted(due, key=order)


def test_no_more_are_due_than_can_be_looked_through() -> None:
    start = date(2026, 1, 1)
    many = [facts_of(start + timedelta(days=number % 90)) for number in range(250)]
    due = due_follow_ups(many, date(2027, 1, 1))
    assert len(due) == MAX_FOLLOW_UPS
    left_out = [one for one in many if one not in due]
    assert max(one.due_on for one in due) <= min(one.due_on for one in left_out)


def test_the_day_an_interaction_ends_on_is_that_of_its_instant() -> None:
    midnight = datetime.combine(date(2026, 3, 12), time.min, BERLIN)
    assert rhythm(7, midnight).base_on == date(2026, 3, 12)
    assert rhythm(7, midnight - timedelta(microseconds=1)).base_on == date(2026, 3, 11)


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(terms).values() if isinstance(kind, type) and kind is not Term]
)
def test_every_word_has_a_label_in_every_language(kind: type[Term]) -> None:
    assert all(label.strip() for word in kind for label in word.labels.values())
