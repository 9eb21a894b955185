"""The pure building blocks."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.clock import (
    SetClock,
    SystemClock,
    end_of_day,
    local_day,
    start_of_day,
    zones,
    zones_off_the_day_of_utc,
)
from app.kit.ids import new_id
from app.kit.preconditions import ANY, Precondition, entity_tag
from app.kit.problems import Invalid, PreconditionFailed, PreconditionMissing
from app.kit.terms import Language, Term, negotiate, vocabularies

ZONES = st.sampled_from(
    [ZoneInfo(z) for z in ("Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")]
)
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


# Time


@given(DAYS, ZONES)
def test_a_local_day_lies_between_its_ends(day: date, zone: ZoneInfo) -> None:
    start, end = start_of_day(day, zone), end_of_day(day, zone)
    # Samoa left out a whole day in December 2011.
    if (day, zone.key) != (date(2011, 12, 30), "Pacific/Apia"):
        assert local_day(start, zone) == day
        assert local_day(end - timedelta(microseconds=1), zone) == day
        assert timedelta(hours=22) < end - start < timedelta(hours=26)
    assert start.tzinfo is end.tzinfo is UTC


def test_a_day_has_twenty_three_or_twenty_five_hours_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    lengths = [
        end_of_day(day, berlin) - start_of_day(day, berlin)
        for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25))
    ]
    assert lengths == [timedelta(hours=24), timedelta(hours=23), timedelta(hours=25)]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone
)
def test_each_zone_has_the_day_of_utc_or_one_beside_it(instant: datetime) -> None:
    before, after = zones_off_the_day_of_utc(instant)
    one = timedelta(days=1)
    for name, zone in zones().items():
        expected = -one if name in before else one if name in after else timedelta()
        assert local_day(instant, zone) - instant.date() == expected, name


def test_clocks_tell_aware_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = SetClock(datetime(2026, 3, 1, tzinfo=UTC))
    clock.advance(timedelta(hours=1))
    assert clock.now() == datetime(2026, 3, 1, 1, tzinfo=UTC)


# Ids


def test_ids_are_of_version_7_never_the_same_and_grow_with_time() -> None:
    ids = [new_id() for _ in range(2_000)]
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}
    assert ids == sorted(ids)


# If-Match


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=5), st.integers(0, 2**63 - 1))
def test_exactly_the_named_revisions_match(named: list[int], revision: int) -> None:
    precondition = Precondition.parse(", ".join(entity_tag(one) for one in named))
    for one in named:
        precondition.check(one)
    if revision not in named:
        with pytest.raises(PreconditionFailed):
            precondition.check(revision)


@given(st.text(max_size=30), st.integers(0, 9))
def test_any_header_is_read_without_an_accident(header: str, revision: int) -> None:
    try:
        Precondition.parse(header).check(revision)
    except (PreconditionMissing, PreconditionFailed, Invalid):
        return
    assert header.strip() == "*" or str(revision) in header


@pytest.mark.parametrize("header", [None, "", "  "])
def test_a_missing_header_is_told_apart_from_a_stale_one(header: str | None) -> None:
    with pytest.raises(PreconditionMissing):
        Precondition.parse(header)


def test_a_star_matches_whatever_is_there() -> None:
    assert Precondition.parse("*") == ANY
    ANY.check(7)


# Words


@pytest.mark.parametrize(
    ("header", "preferred", "language"),
    [
        (None, None, "en"),
        (None, "de-AT", "de"),
        ("", "de", "de"),
        ("de", None, "de"),
        ("de-CH, en;q=0.9", None, "de"),
        ("fr, en;q=0.1, de;q=0.2", None, "de"),
        ("de;q=0, en;q=0.5", None, "en"),
        ("fr, it", "de_DE", "de"),
        ("fr", None, "en"),
        ("*", "de", "de"),
        ("de;q=nonsense, en", "de", "en"),
        ("DE", None, "de"),
        ("en;q=0.5, de;q=0.5", None, "en"),
        ("," * 100_000 + "de", None, "en"),
    ],
)
def test_the_language_is_the_callers_else_the_profiles_else_english(
    header: str | None, preferred: str | None, language: str
) -> None:
    assert negotiate(header, preferred) == Language(language)


@given(st.text(max_size=60))
def test_any_header_gives_a_language(header: str) -> None:
    assert negotiate(header, "de") in Language


def test_every_word_of_every_vocabulary_has_a_label_in_every_language() -> None:
    import app.main  # noqa: F401 -- brings in every room

    found = vocabularies()
    assert {"rejection_stage", "decided_by", "step_status"} <= set(found)
    for kind in found.values():
        for term in kind:
            assert re.fullmatch("[A-Za-z0-9_.]+", term.value)
            assert len(term.value) <= 40
            for language in Language:
                label = term.label(language)
                assert label == label.strip() != ""
        for language in Language:
            labels = [term.label(language) for term in kind]
            assert len(set(labels)) == len(labels), kind


def test_a_word_is_its_own_text() -> None:
    for kind in Term.__subclasses__():
        assert all(term == term.value for term in kind)
