"""The pure rules of reflections, lessons, skill gaps and culture fit."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domains.accounts.terms import Value
from app.domains.reflections.rules.alignment import (
    alignment_percent,
    check_subject,
    conclusion_of,
)
from app.domains.reflections.rules.days import check_lived
from app.domains.reflections.rules.machines import (
    LESSON_TRANSITIONS,
    SKILL_GAP_TRANSITIONS,
    application_of,
    check_transition,
    progress_of,
)
from app.domains.reflections.rules.sources import SOURCE_COLUMNS, as_columns, source_of
from app.domains.reflections.terms import (
    MAX_FITS,
    FitConclusion,
    LessonOrigin,
    LessonStatus,
    SkillGapStatus,
)
from app.kit.problems import Invalid, InvalidTransition

TODAY = date(2026, 3, 11)

Rating = dict[str, Any]

ratings = st.lists(
    st.builds(
        lambda value, importance, observed: {
            "value": value,
            "importance": importance,
            "observed": observed,
        },
        st.sampled_from(Value),
        st.integers(1, 5),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=MAX_FITS,
    unique_by=lambda rating: rating["value"],
)


def rating(importance: int, observed: int) -> Rating:
    return {"importance": importance, "observed": observed}


def pointer_of(refusal: pytest.ExceptionInfo[Invalid]) -> str:
    found: str = refusal.value.members["errors"][0]["pointer"]
    return found


@pytest.mark.parametrize("table", [SKILL_GAP_TRANSITIONS, LESSON_TRANSITIONS])
def test_only_listed_transitions_exist(table: Any) -> None:
    for before, after in product(table, repeat=2):
        if after is before or after in table[before]:
            check_transition(table, before, after)
        else:
            with pytest.raises(InvalidTransition) as refusal:
                check_transition(table, before, after)
            assert refusal.value.members["allowed"] == list(table[before])


def test_the_tables_are_those_of_the_specification() -> None:
    gap, lesson = SkillGapStatus, LessonStatus
    assert dict(SKILL_GAP_TRANSITIONS) == {
        gap.OPEN: (gap.IN_PROGRESS, gap.DISMISSED),
        gap.IN_PROGRESS: (gap.CLOSED, gap.DISMISSED),
        gap.CLOSED: (gap.OPEN,),
        gap.DISMISSED: (gap.OPEN,),
    }
    assert dict(LESSON_TRANSITIONS) == {
        lesson.OPEN: (lesson.APPLIED, lesson.RETIRED),
        lesson.APPLIED: (lesson.OPEN, lesson.RETIRED),
        lesson.RETIRED: (lesson.OPEN,),
    }


@given(
    st.none() | st.sampled_from(SkillGapStatus),
    st.sampled_from(SkillGapStatus),
    st.none() | st.integers(0, 100),
    st.integers(0, 100),
)
def test_a_given_progress_holds_and_only_closing_completes_it(
    before: SkillGapStatus | None, after: SkillGapStatus, sent: int | None, kept: int
) -> None:
    found = progress_of(before, after, sent, kept)
    if sent is not None:
        assert found == sent
    elif after is SkillGapStatus.CLOSED and before is not after:
        assert found == 100
    else:
        assert found == kept


def test_how_a_lesson_was_applied_is_known_only_while_it_is() -> None:
    chosen, yesterday = uuid4(), TODAY - timedelta(days=1)
    stored = {"applied_to_opportunity_id": chosen, "applied_on": yesterday}
    nothing = {"applied_to_opportunity_id": None, "applied_on": None}
    assert application_of(LessonStatus.APPLIED, {}, stored, TODAY) == stored
    assert application_of(LessonStatus.APPLIED, {}, nothing, TODAY)["applied_on"] == TODAY
    assert application_of(LessonStatus.APPLIED, {"applied_on": None}, stored, TODAY) == {
        "applied_to_opportunity_id": chosen,
        "applied_on": TODAY,
    }
    for status in (LessonStatus.OPEN, LessonStatus.RETIRED):
        assert application_of(status, {}, stored, TODAY) == nothing
        assert application_of(status, nothing, stored, TODAY) == nothing
        for name, value in stored.items():
            with pytest.raises(Invalid) as refusal:
                application_of(status, {name: value}, nothing, TODAY)
            assert pointer_of(refusal) == f"/{name}"
    with pytest.raises(Invalid):
        application_of(
            LessonStatus.APPLIED, {"applied_on": TODAY + timedelta(days=2)}, nothing, TODAY
        )


@given(st.dates(max_value=TODAY + timedelta(days=1)))
def test_a_day_up_to_one_ahead_can_have_been_lived(day: date) -> None:
    check_lived("occurred_on", day, TODAY)


@given(st.dates(min_value=TODAY + timedelta(days=2)))
def test_a_later_day_cannot(day: date) -> None:
    with pytest.raises(Invalid) as refusal:
        check_lived("occurred_on", day, TODAY)
    assert pointer_of(refusal) == "/occurred_on"


@pytest.mark.parametrize(
    ("rated", "percent"),
    [
        ([(5, 5)], 100),
        ([(1, 5)], 100),
        ([(5, 1)], 0),
        ([(3, 3)], 50),
        ([(2, 4)], 75),
        # The important one counts five times as much as the other.
        ([(5, 5), (1, 1)], 83),
        ([(5, 1), (1, 5)], 17),
        # Halves are rounded up: 5/8 is 62.5 percent.
        ([(1, 3), (1, 4)], 63),
        ([(5, 4), (3, 2)], 56),
    ],
)
def test_the_alignment_is_what_the_formula_says(rated: list[tuple[int, int]], percent: int) -> None:
    assert alignment_percent(rating(*one) for one in rated) == percent


def test_without_ratings_there_is_no_alignment() -> None:
    assert alignment_percent([]) is None


@given(ratings)
def test_the_alignment_is_a_percentage_near_the_exact_mean(rated: list[Rating]) -> None:
    found = alignment_percent(rated)
    assert found is not None
    assert 0 <= found <= 100
    weights = sum(one["importance"] for one in rated)
    exact = 25 * sum(one["importance"] * (one["observed"] - 1) for one in rated) / weights
    assert abs(found - exact) <= 0.5 + 1e-9
    shares = [25 * (one["observed"] - 1) for one in rated]
    assert min(shares) <= found <= max(shares)


@given(ratings, st.randoms())
def test_the_order_of_the_ratings_does_not_matter(rated: list[Rating], chance: Any) -> None:
    shuffled = list(rated)
    chance.shuffle(shuffled)
    assert alignment_percent(shuffled) == alignment_percent(rated)


@given(ratings, st.data())
def test_seeing_more_of_a_value_never_lowers_the_alignment(
    rated: list[Rating], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rated) - 1))
    assume(rated[place]["observed"] < 5)
    more = [dict(one) for one in rated]
    more[place]["observed"] += 1
    before, after = alignment_percent(rated), alignment_percent(more)
    assert before is not None
    assert after is not None
    assert after >= before


@given(ratings, st.data())
def test_giving_a_value_more_weight_moves_the_alignment_towards_it(
    rated: list[Rating], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rated) - 1))
    assume(rated[place]["importance"] < 5)
    heavier = [dict(one) for one in rated]
    heavier[place]["importance"] += 1
    before, after = alignment_percent(rated), alignment_percent(heavier)
    assert before is not None
    assert after is not None
    share = 25 * (rated[place]["observed"] - 1)
    assert after >= before if share >= before else after <= before


@given(ratings, st.integers(1, 5))
def test_only_the_proportion_of_the_weights_counts(rated: list[Rating], weight: int) -> None:
    alike = [{**one, "importance": weight} for one in rated]
    assert alignment_percent(alike) == alignment_percent({**one, "importance": 1} for one in rated)


@pytest.mark.parametrize(
    ("alignment", "conclusion"),
    [
        (100, FitConclusion.ALIGNED),
        (70, FitConclusion.ALIGNED),
        (69, FitConclusion.MIXED),
        (40, FitConclusion.MIXED),
        (39, FitConclusion.MISALIGNED),
        (0, FitConclusion.MISALIGNED),
    ],
)
def test_a_conclusion_follows_unless_the_person_says_one(
    alignment: int, conclusion: FitConclusion
) -> None:
    assert conclusion_of(None, alignment) is conclusion
    for own in FitConclusion:
        assert conclusion_of(own, alignment) is own
        assert conclusion_of(own, None) is own


def test_nothing_follows_from_nothing() -> None:
    with pytest.raises(Invalid) as refusal:
        conclusion_of(None, None)
    assert pointer_of(refusal) == "/conclusion"


def test_an_assessment_is_about_something() -> None:
    check_subject(uuid4(), None)
    check_subject(None, uuid4())
    check_subject(uuid4(), uuid4())
    with pytest.raises(Invalid) as refusal:
        check_subject(None, None)
    assert pointer_of(refusal) == "/rejection_id"


def test_every_value_can_be_rated_once() -> None:
    assert len(Value) == MAX_FITS


class Row:
    """A lesson's columns as attributes."""

    def __init__(self, columns: dict[str, Any]) -> None:
        vars(self).update(columns)


@given(st.none() | st.tuples(st.sampled_from(LessonOrigin), st.uuids()))
def test_a_source_survives_its_columns(source: tuple[LessonOrigin, UUID] | None) -> None:
    wire = {"collection": source[0], "id": source[1]} if source else None
    columns = as_columns({"text": "x", "source": wire})
    assert set(columns) == {"text", *SOURCE_COLUMNS.values()}
    assert sum(columns[name] is not None for name in SOURCE_COLUMNS.values()) == bool(source)
    assert source_of(Row(columns)) == wire


def test_what_says_nothing_of_a_source_touches_none() -> None:
    assert as_columns({"text": "x"}) == {"text": "x"}
