"""Events tick steps, closing skips them, and both can be taken back."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.events import CheckInRecorded
from app.domains.recovery.rules.closing import (
    close_with_rejection,
    follow_steps,
    reopen_with_rejection,
)
from app.domains.recovery.rules.facts import Evidence, PlanFacts, PlanState, StepChange, StepFacts
from app.domains.recovery.rules.standing import Claim, Place, distance, standing
from app.domains.recovery.rules.ticking import PlacedStep, steps_to_reopen, steps_to_tick
from app.domains.recovery.terms import DoneBy, PlanStatus, SkipReason, StepKind, StepStatus
from tests.domains.recovery.builders import (
    NOW,
    REJECTION,
    TODAY,
    plan,
    statuses,
    step,
    step_lists,
)

CHECK_IN = Evidence(collection="check_ins", id=UUID(int=900))
CLAIMS = standing(CheckInRecorded(record_id=CHECK_IN.id, rejection_id=REJECTION, checked_in_at=NOW))
KINDS = {claim.kind for claim in CLAIMS}
HERE = Place(rejection_id=REJECTION)
PENDING, DONE, SKIPPED = StepStatus.PENDING, StepStatus.DONE, StepStatus.SKIPPED
IN_PROGRESS = StepStatus.IN_PROGRESS


def tick(steps: Iterable[StepFacts]) -> tuple[StepChange, ...]:
    placed = [PlacedStep(step=one, place=HERE) for one in steps]
    return steps_to_tick(CLAIMS, placed, evidence=CHECK_IN, today=TODAY, now=NOW)


def reopen(steps: Iterable[StepFacts]) -> tuple[StepChange, ...]:
    return steps_to_reopen((), [PlacedStep(step=one, place=HERE) for one in steps], CHECK_IN)


def apply(steps: Iterable[StepFacts], changes: Iterable[StepChange]) -> list[StepFacts]:
    """The steps as they are stored after the changes."""
    states = {change.step.id: vars(change.state) for change in changes}
    return [replace(one, **states.get(one.id, {})) for one in steps]


def stored(before: PlanFacts, state: PlanState | None) -> PlanFacts:
    return replace(before, **asdict(state)) if state else before


# Ticking


def test_a_check_in_ticks_one_check_in_and_one_rest() -> None:
    first, second = step(1), step(2)
    rest = step(3, kind=StepKind.DECOMPRESS)
    assert [change.step for change in tick([second, rest, first])] == [first, rest]


def test_a_ticked_step_says_what_ticked_it() -> None:
    (change,) = tick([step()])
    assert change.state.status is DONE
    assert (change.state.done_by, change.state.done_at) == (DoneBy.EVENT, NOW)
    assert change.state.evidence == CHECK_IN


def test_a_step_that_opens_later_is_passed_over() -> None:
    today, tomorrow = step(2, opens_on=TODAY), step(1, opens_on=date(2026, 3, 11))
    assert [change.step for change in tick([tomorrow, today])] == [today]


def test_a_step_in_progress_counts_and_one_that_is_over_does_not() -> None:
    begun, done, left = step(3, status=IN_PROGRESS), step(1, status=DONE), step(2, status=SKIPPED)
    assert [change.step for change in tick([done, left, begun])] == [begun]


@given(step_lists())
def test_an_event_ticks_at_most_one_open_step_of_each_kind_it_stands_for(
    steps: list[StepFacts],
) -> None:
    ticked = [change.step for change in tick(steps)]
    assert len({one.kind for one in ticked}) == len(ticked)
    for one in ticked:
        assert one.kind in KINDS
        assert one.status in (PENDING, IN_PROGRESS)
        assert one.opens_on is None or one.opens_on <= TODAY
        rivals = [
            other
            for other in steps
            if other.kind is one.kind
            and other.status in (PENDING, IN_PROGRESS)
            and (other.opens_on is None or other.opens_on <= TODAY)
        ]
        assert one.position == min(other.position for other in rivals)


@given(step_lists())
def test_seeing_an_event_again_changes_nothing(steps: list[StepFacts]) -> None:
    once = apply(steps, tick(steps))
    assert tick(once) == ()


@given(step_lists())
def test_undoing_an_event_reopens_exactly_what_it_ticked(steps: list[StepFacts]) -> None:
    ticked = tick(steps)
    after = apply(steps, ticked)
    reopened = reopen(after)
    assert {change.step.id for change in reopened} == {change.step.id for change in ticked}
    undone = apply(after, reopened)
    for before, now in zip(steps, undone, strict=True):
        # A step that was begun comes back as pending: done leads nowhere else.
        expected = PENDING if before.id in {one.step.id for one in ticked} else before.status
        assert replace(before, status=expected) == now
    assert reopen(undone) == ()


def test_undoing_leaves_steps_that_something_else_ticked() -> None:
    other = Evidence(collection="check_ins", id=UUID(int=901))
    assert reopen([step(status=DONE, evidence=other)]) == ()
    assert reopen([step(status=DONE, done_by=DoneBy.PERSON)]) == ()


def test_equal_ids_of_two_collections_are_two_pieces_of_evidence() -> None:
    reflection = Evidence(collection="reflections", id=CHECK_IN.id)
    assert reopen([step(status=DONE, evidence=reflection)]) == ()


def test_what_a_record_still_stands_for_is_not_reopened() -> None:
    ticked = [
        PlacedStep(step=step(status=DONE, evidence=CHECK_IN), place=place)
        for place in (HERE, Place(rejection_id=UUID(int=77)))
    ]
    (change,) = steps_to_reopen(CLAIMS, ticked, CHECK_IN)
    assert change.step is ticked[1].step


# Which plan is meant

ids = st.sampled_from([None, UUID(int=1), UUID(int=2)])
places = st.builds(Place, rejection_id=ids, contact_id=ids, company_id=ids, opportunity_id=ids)
claims = st.builds(
    Claim,
    kind=st.just(StepKind.CONNECT),
    rejection_id=ids,
    contact_id=ids,
    company_id=ids,
    anywhere=st.booleans(),
    elsewhere_than=ids,
)


@given(claims, places)
def test_a_claim_reaches_what_it_names_and_nothing_further(claim: Claim, place: Place) -> None:
    far = distance(claim, place)
    if claim.elsewhere_than and claim.elsewhere_than == place.opportunity_id:
        assert far is None
    elif claim.rejection_id and claim.rejection_id == place.rejection_id:
        assert far == 0
    elif claim.rejection_id:
        assert (far is not None) is claim.anywhere
    else:
        named = (
            claim.contact_id and claim.contact_id == place.contact_id,
            claim.company_id and claim.company_id == place.company_id,
        )
        assert (far is not None) is bool(any(named) or claim.anywhere)


@given(st.lists(st.tuples(step_lists(), places), max_size=3), st.lists(claims, max_size=3))
def test_each_thing_a_record_stands_for_ticks_the_nearest_step_once(
    plans: list[tuple[list[StepFacts], Place]], claimed: list[Claim]
) -> None:
    placed = [
        PlacedStep(
            step=replace(one, id=UUID(int=1000 * number + one.id.int), kind=StepKind.CONNECT),
            place=place,
        )
        for number, (steps, place) in enumerate(plans)
        for one in steps
    ]
    changes = steps_to_tick(claimed, placed, evidence=CHECK_IN, today=TODAY, now=NOW)
    assert len(changes) <= len(claimed)
    ticked = {change.step.id for change in changes}
    assert len(ticked) == len(changes)
    where = {one.step.id: one.place for one in placed}
    ready = [one for one in placed if one.step.is_open and one.step.opened(TODAY)]
    for claim in claimed:
        reach = [d for one in ready if (d := distance(claim, one.place)) is not None]
        if reach:
            # Whatever is nearest is taken, by this claim or by one before it.
            assert any(distance(claim, where[one]) is not None for one in ticked)


# Closing and reopening


def test_closing_skips_what_is_open_and_completes_the_plan() -> None:
    pending, begun, done = step(1), step(2, status=IN_PROGRESS), step(3, status=DONE)
    change = close_with_rejection(plan(), [pending, begun, done])
    assert [one.step for one in change.steps] == [pending, begun]
    assert {one.state.skip_reason for one in change.steps} == {SkipReason.REJECTION_CLOSED}
    assert change.state == PlanState(status=PlanStatus.COMPLETED, completed_with_rejection=True)


@given(step_lists())
def test_reopening_restores_exactly_what_closing_took(steps: list[StepFacts]) -> None:
    closing = close_with_rejection(plan(), steps)
    closed_plan, closed_steps = stored(plan(), closing.state), apply(steps, closing.steps)
    assert not any(one.is_open for one in closed_steps)
    reopening = reopen_with_rejection(closed_plan, closed_steps)
    assert apply(closed_steps, reopening.steps) == steps
    assert stored(closed_plan, reopening.state) == plan()


@given(step_lists())
def test_closing_twice_and_reopening_twice_change_nothing_more(steps: list[StepFacts]) -> None:
    closing = close_with_rejection(plan(), steps)
    closed_plan, closed_steps = stored(plan(), closing.state), apply(steps, closing.steps)
    again = close_with_rejection(closed_plan, closed_steps)
    assert (again.state, again.steps) == (None, ())
    once_more = reopen_with_rejection(plan(), steps)
    assert (once_more.state, once_more.steps) == (None, ())


@given(step_lists(), st.sampled_from([PlanStatus.COMPLETED, PlanStatus.ABANDONED]))
def test_a_plan_that_ended_before_is_not_touched(
    steps: list[StepFacts], status: PlanStatus
) -> None:
    ended = plan(status=status)
    closing = close_with_rejection(ended, steps)
    assert (closing.state, closing.steps) == (None, ())
    assert reopen_with_rejection(ended, steps).state is None


def test_what_the_person_left_out_stays_left_out() -> None:
    left = step(status=SKIPPED, skip_reason=SkipReason.NOT_RELEVANT)
    assert reopen_with_rejection(plan(), [left]).steps == ()


# Completion


def test_a_plan_is_complete_with_its_last_open_step() -> None:
    state = follow_steps(plan(), [DONE, PENDING], [DONE, SKIPPED])
    assert state == PlanState(status=PlanStatus.COMPLETED)
    assert follow_steps(plan(), [PENDING, PENDING], [DONE, PENDING]) is None


def test_a_plan_without_steps_is_not_complete() -> None:
    assert follow_steps(plan(), [PENDING], []) is None


def test_reopening_a_step_makes_a_complete_plan_active() -> None:
    complete = plan(status=PlanStatus.COMPLETED)
    assert follow_steps(complete, [DONE], [PENDING]) == PlanState(status=PlanStatus.ACTIVE)


def test_a_plan_completed_by_hand_with_open_steps_stays_complete() -> None:
    complete = plan(status=PlanStatus.COMPLETED)
    assert follow_steps(complete, [PENDING, DONE], [PENDING, PENDING]) is None


def test_a_plan_completed_by_closing_waits_for_the_rejection() -> None:
    closed = plan(status=PlanStatus.COMPLETED, completed_with_rejection=True)
    assert follow_steps(closed, [DONE], [PENDING]) is None


@given(st.lists(statuses), st.lists(statuses))
def test_an_abandoned_plan_follows_nothing(
    before: list[StepStatus], after: list[StepStatus]
) -> None:
    assert follow_steps(plan(status=PlanStatus.ABANDONED), before, after) is None
