"""Which status can follow which."""

from itertools import product

import pytest

from app.domains.recovery import terms
from app.domains.recovery.rules.facts import StepFacts, from_row
from app.domains.recovery.rules.machines import (
    PLAN_TRANSITIONS,
    STEP_TRANSITIONS,
    check_transition,
    plan_by_person,
    step_by_person,
)
from app.domains.recovery.terms import DoneBy, PlanStatus, SkipReason, StepStatus
from app.kit.problems import Invalid, InvalidTransition
from app.kit.terms import Term
from tests.domains.recovery.builders import NOW, step

LISTED_FOR_PLANS = {
    ("active", "completed"),
    ("active", "abandoned"),
    ("abandoned", "active"),
    ("completed", "active"),
}
LISTED_FOR_STEPS = {
    ("pending", "in_progress"),
    ("pending", "done"),
    ("pending", "skipped"),
    ("in_progress", "done"),
    ("in_progress", "skipped"),
    ("done", "pending"),
    ("skipped", "pending"),
}


@pytest.mark.parametrize(("before", "after"), list(product(PlanStatus, repeat=2)))
def test_a_plan_changes_only_as_listed(before: PlanStatus, after: PlanStatus) -> None:
    if before is after or (before.value, after.value) in LISTED_FOR_PLANS:
        assert plan_by_person(before, after).status is after
    else:
        with pytest.raises(InvalidTransition):
            plan_by_person(before, after)


@pytest.mark.parametrize(("before", "after"), list(product(StepStatus, repeat=2)))
def test_a_step_changes_only_as_listed(before: StepStatus, after: StepStatus) -> None:
    if before is after or (before.value, after.value) in LISTED_FOR_STEPS:
        assert step_by_person(before, after, now=NOW).status is after
    else:
        with pytest.raises(InvalidTransition):
            step_by_person(before, after, now=NOW)


def test_every_status_has_its_row() -> None:
    assert set(PLAN_TRANSITIONS) == set(PlanStatus)
    assert set(STEP_TRANSITIONS) == set(StepStatus)


def test_a_refusal_says_what_would_be_possible() -> None:
    with pytest.raises(InvalidTransition) as refusal:
        check_transition(PLAN_TRANSITIONS, PlanStatus.COMPLETED, PlanStatus.ABANDONED)
    assert refusal.value.members["allowed"] == ["active"]


def test_a_step_ticked_by_hand_says_so_and_when() -> None:
    state = step_by_person(StepStatus.PENDING, StepStatus.DONE, now=NOW)
    assert (state.done_by, state.done_at, state.evidence) == (DoneBy.PERSON, NOW, None)


def test_a_reopened_step_remembers_nothing_of_its_end() -> None:
    state = step_by_person(StepStatus.SKIPPED, StepStatus.PENDING, now=NOW)
    assert (state.done_by, state.done_at, state.skip_reason, state.skipped_from) == (None,) * 4


@pytest.mark.parametrize("reason", [None, SkipReason.NOT_NOW])
def test_a_reason_for_skipping_is_welcome_but_not_demanded(reason: SkipReason | None) -> None:
    state = step_by_person(StepStatus.PENDING, StepStatus.SKIPPED, now=NOW, skip_reason=reason)
    assert state.skip_reason is reason


def test_only_the_engine_skips_because_a_rejection_was_closed() -> None:
    with pytest.raises(Invalid):
        step_by_person(
            StepStatus.PENDING,
            StepStatus.SKIPPED,
            now=NOW,
            skip_reason=SkipReason.REJECTION_CLOSED,
        )


def test_a_reason_needs_a_skipped_step() -> None:
    with pytest.raises(Invalid):
        step_by_person(StepStatus.PENDING, StepStatus.DONE, now=NOW, skip_reason=SkipReason.NOT_NOW)


def test_facts_are_read_from_anything_with_the_right_attributes() -> None:
    assert from_row(StepFacts, step(7)) == step(7)


@pytest.mark.parametrize(
    "kind", [one for one in vars(terms).values() if isinstance(one, type) and Term in one.__bases__]
)
def test_every_word_has_a_label_in_every_language(kind: type[Term]) -> None:
    assert all(label.strip() for word in kind for label in word.labels.values())
