"""The pure rules of opportunities and goals."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.opportunities import terms
from app.domains.opportunities.rules import (
    ENDED,
    ENDINGS,
    OPPORTUNITY_TRANSITIONS,
    Change,
    allowed_after,
    changed_at,
    check_days,
    check_transition,
    status_before_end,
    with_other_ending,
    without_rejection,
)
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import DecidedBy
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Term

SAVED, APPLIED, INTERVIEWING, OFFERED, ACCEPTED, REJECTED, WITHDRAWN, CLOSED = OpportunityStatus
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
OPEN = (SAVED, APPLIED, INTERVIEWING, OFFERED)
LISTED = {
    *((before, after) for before, after in product(OPEN, repeat=2) if before is not after),
    (OFFERED, ACCEPTED),
    *product(OPEN, (REJECTED, WITHDRAWN, CLOSED)),
    (ACCEPTED, REJECTED),
    (ACCEPTED, WITHDRAWN),
}

statuses = st.sampled_from(list(OpportunityStatus))
deciders = st.sampled_from(list(DecidedBy))
rejections = st.integers(1, 4).map(lambda number: UUID(int=number))


def history(*steps: OpportunityStatus | tuple[OpportunityStatus, int]) -> list[Change]:
    """A history through some statuses; a number beside one is the rejection that brought it."""
    found: list[Change] = []
    for step in steps:
        status, rejection = step if isinstance(step, tuple) else (step, None)
        found = extended(found, status, None if rejection is None else UUID(int=rejection))
    return found


def extended(
    before: list[Change], status: OpportunityStatus, rejection_id: UUID | None = None
) -> list[Change]:
    change = Change(
        id=UUID(int=1000 + len(before)),
        from_status=before[-1].to_status if before else None,
        to_status=status,
        changed_at=changed_at(NOW, before),
        rejection_id=rejection_id,
    )
    return [*before, change]


def shown(changes: list[Change]) -> list[str]:
    return [change.to_status.value for change in changes]


@pytest.mark.parametrize(("before", "after"), list(product(OpportunityStatus, repeat=2)))
def test_only_listed_transitions_exist(before: OpportunityStatus, after: OpportunityStatus) -> None:
    if before is after or (before, after) in LISTED:
        check_transition(before, after, history(before))
    else:
        with pytest.raises(InvalidTransition) as refusal:
            check_transition(before, after, history(before))
        assert refusal.value.members["allowed"] == list(OPPORTUNITY_TRANSITIONS[before])


def test_every_status_has_its_row_and_what_ended_is_in_none() -> None:
    assert set(OPPORTUNITY_TRANSITIONS) == set(OpportunityStatus)
    assert {REJECTED, WITHDRAWN, CLOSED} == ENDED
    assert all(OPPORTUNITY_TRANSITIONS[status] == () for status in ENDED)


@pytest.mark.parametrize(("ended", "before"), list(product(sorted(ENDED), (*OPEN, ACCEPTED))))
def test_an_ending_is_corrected_to_where_it_stood_and_nowhere_else(
    ended: OpportunityStatus, before: OpportunityStatus
) -> None:
    past = history(SAVED, before, ended)
    assert allowed_after(ended, past) == (before,)
    for after in OpportunityStatus:
        if after in (ended, before):
            check_transition(ended, after, past)
        else:
            with pytest.raises(InvalidTransition):
                check_transition(ended, after, past)


def test_what_two_rejections_ended_goes_back_to_where_it_last_went_on() -> None:
    past = history(SAVED, INTERVIEWING, (REJECTED, 1), (WITHDRAWN, 2))
    assert allowed_after(WITHDRAWN, past) == (INTERVIEWING,)


def test_what_never_went_on_cannot_be_corrected() -> None:
    assert status_before_end(history(REJECTED)) is None
    assert status_before_end([]) is None
    assert allowed_after(REJECTED, history(REJECTED, (CLOSED, 1))) == ()


def test_each_decider_has_an_ending() -> None:
    assert dict(ENDINGS) == {
        DecidedBy.EMPLOYER: REJECTED,
        DecidedBy.CANDIDATE: WITHDRAWN,
        DecidedBy.NONE: CLOSED,
    }


def test_a_rejection_taken_back_leaves_no_trace() -> None:
    past = history(APPLIED, INTERVIEWING)
    assert without_rejection(extended(past, REJECTED, UUID(int=1)), UUID(int=1)) == past


def test_a_rejection_that_said_the_same_once_more_is_kept() -> None:
    past = history(APPLIED, (REJECTED, 1), (REJECTED, 2))
    left = without_rejection(past, UUID(int=1))
    assert [(c.from_status, c.to_status) for c in left] == [(None, APPLIED), (APPLIED, REJECTED)]
    assert shown(without_rejection(left, UUID(int=2))) == ["applied"]


def test_a_correction_goes_with_the_rejection_that_it_corrected() -> None:
    past = history(APPLIED, INTERVIEWING, (REJECTED, 1), INTERVIEWING, OFFERED)
    left = without_rejection(past, UUID(int=1))
    assert shown(left) == ["applied", "interviewing", "offered"]
    assert left[-1].from_status is INTERVIEWING


def test_another_decider_changes_the_ending_where_it_stands() -> None:
    past = history(APPLIED, (REJECTED, 1), APPLIED)
    left = with_other_ending(past, UUID(int=1), WITHDRAWN)
    assert shown(left) == ["applied", "withdrawn", "applied"]
    assert left[-1].from_status is WITHDRAWN
    assert [c.id for c in left] == [c.id for c in past]


Act = Callable[[list[Change]], list[Change]]


def moved(choice: int) -> Act:
    """A person takes the opportunity somewhere it can go."""

    def act(past: list[Change]) -> list[Change]:
        allowed = allowed_after(past[-1].to_status, past)
        return extended(past, allowed[choice % len(allowed)]) if allowed else past

    return act


def ended(rejection_id: UUID, decided_by: DecidedBy) -> Act:
    """A rejection is recorded about it, or says now that somebody else decided."""

    def act(past: list[Change]) -> list[Change]:
        ending = ENDINGS[decided_by]
        if any(change.rejection_id == rejection_id for change in past):
            return with_other_ending(past, rejection_id, ending)
        return extended(past, ending, rejection_id)

    return act


def taken_back(rejection_id: UUID) -> Act:
    return lambda past: without_rejection(past, rejection_id)


acts = st.lists(
    st.one_of(
        st.integers(0, 20).map(moved),
        st.builds(ended, rejections, deciders),
        rejections.map(taken_back),
    ),
    max_size=30,
)


@given(statuses, acts)
def test_a_history_is_a_chain_whatever_happens(first: OpportunityStatus, what: list[Act]) -> None:
    past = history(first)
    for act in what:
        past = act(past)
        assert past[0].from_status is None
        assert past[0].to_status is first
        for earlier, later in pairwise(past):
            assert later.from_status is earlier.to_status
            assert later.changed_at > earlier.changed_at
            assert later.rejection_id is not None or later.from_status is not later.to_status
        named = [change.rejection_id for change in past if change.rejection_id is not None]
        assert len(set(named)) == len(named)
        before = status_before_end(past)
        assert before is None or before not in ENDED


@given(statuses, st.lists(st.tuples(rejections, deciders)), st.permutations(range(1, 5)))
def test_rejections_taken_back_in_any_order_leave_what_was(
    first: OpportunityStatus, recorded: list[tuple[UUID, DecidedBy]], order: list[int]
) -> None:
    past = begun = history(first)
    for rejection_id, decided_by in recorded:
        past = ended(rejection_id, decided_by)(past)
    for number in order:
        past = taken_back(UUID(int=number))(past)
    assert past == begun


@given(statuses, acts, rejections, deciders)
def test_a_fresh_rejection_has_the_last_word_and_taking_it_back_undoes_it(
    first: OpportunityStatus, what: list[Act], rejection_id: UUID, decided_by: DecidedBy
) -> None:
    past = history(first)
    for act in what:
        past = act(past)
    past = without_rejection(past, rejection_id)
    after = ended(rejection_id, decided_by)(past)
    assert after[-1].to_status is ENDINGS[decided_by]
    assert without_rejection(after, rejection_id) == past


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_no_change_stands_before_the_one_it_follows(skew: timedelta) -> None:
    past = history(SAVED, APPLIED)
    assert changed_at(NOW + skew, past) == max(NOW + skew, NOW + 2 * timedelta(microseconds=1))
    assert changed_at(NOW + skew, []) == NOW + skew


@given(st.dates(), st.one_of(st.none(), st.dates()))
def test_a_goal_may_end_on_its_first_day_but_not_before(
    starts_on: date, ends_on: date | None
) -> None:
    if ends_on is None or ends_on >= starts_on:
        check_days(starts_on, ends_on, field="ends_on")
    else:
        with pytest.raises(Invalid) as refusal:
            check_days(starts_on, ends_on, field="starts_on")
        assert refusal.value.members["errors"][0]["pointer"] == "/starts_on"


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(terms).values() if isinstance(kind, type) and kind is not Term]
)
def test_every_word_has_a_label_in_every_language(kind: type[Term]) -> None:
    assert all(label.strip() for word in kind for label in word.labels.values())
