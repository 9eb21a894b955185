"""The types of requests: bounded, strict, and the same for both engines."""

import math
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from app.kit.fields import (
    Day,
    FromText,
    Id,
    Instant,
    Line,
    Text,
    TimeZone,
    Truth,
    WebAddress,
    whole,
)
from app.kit.schemas import OMITTABLE, ListQuery, Patch

LINE: TypeAdapter[str] = TypeAdapter(Annotated[str, Line(10)])
TEXT: TypeAdapter[str] = TypeAdapter(Annotated[str, Text(10)])
DAY: TypeAdapter[date] = TypeAdapter(Day)
INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
ID: TypeAdapter[UUID] = TypeAdapter(Id)
ZONE: TypeAdapter[str] = TypeAdapter(TimeZone)
WHOLE: TypeAdapter[int] = TypeAdapter(Annotated[int, whole(1, 5)])
ADDRESS: TypeAdapter[str] = TypeAdapter(Annotated[str, WebAddress(40)])
NUMBER: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=100), FromText])
TRUTH: TypeAdapter[bool] = TypeAdapter(Truth)

NO_TEXTS: list[object] = [None, 1, 1.5, True, [], {}, b"x"]


def refused(adapter: TypeAdapter[Any], value: object) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return True
    return False


# Text


@given(st.text(max_size=14))
def test_text_that_is_accepted_can_be_stored_by_both_engines(value: str) -> None:
    for adapter in (LINE, TEXT):
        try:
            kept = adapter.validate_python(value)
        except ValidationError:
            continue
        assert unicodedata.is_normalized("NFC", kept)
        assert 1 <= len(kept) <= 10
        assert "\0" not in kept
        kept.encode()
        assert adapter.validate_python(kept) == kept
        if adapter is LINE:
            assert kept.strip()
            assert not any(unicodedata.category(one) == "Cc" for one in kept)


def test_which_text_is_refused() -> None:
    for value in ("", "x" * 11, "\ud800", "a\0b", *NO_TEXTS):
        assert refused(TEXT, value), value
        assert refused(LINE, value), value
    for value in (" ", "\u2003", "a\nb", "\tb", "a\x7f", "a\x85b"):
        assert refused(LINE, value), value
    assert TEXT.validate_python("a\n\tb ") == "a\n\tb "
    assert LINE.validate_python("e\u0301" * 5) == "\u00e9" * 5


def test_a_web_address_is_one_of_the_web() -> None:
    assert ADDRESS.validate_python("https://example.com/a?b=c#d")
    for value in ("javascript:alert(1)", "ftp://example.com", "https://", "https://a b", "HTTP:/x"):
        assert refused(ADDRESS, value), value
    assert refused(ADDRESS, "https://example.com/" + "x" * 40)


# Numbers, ids and zones


@pytest.mark.parametrize("value", [0, 6, 6.0, 1.5, "1", True, None, 2**70, math.nan, math.inf, [1]])
def test_a_whole_number_is_a_number_within_its_bounds(value: object) -> None:
    assert refused(WHOLE, value)


@pytest.mark.parametrize("value", [4, 4.0])
def test_a_whole_number_may_be_written_with_a_fraction_of_zero(value: float) -> None:
    read = WHOLE.validate_python(value)
    assert read == 4
    assert isinstance(read, int)


@given(st.text(max_size=6))
def test_a_number_in_an_address_is_plain_digits(value: str) -> None:
    plain = value.isascii() and value.isdigit() and 1 <= int(value) <= 100
    assert refused(NUMBER, value) == (not plain)


def test_a_truth_in_an_address_is_one_of_two_words() -> None:
    assert TRUTH.validate_python("true") is True
    assert TRUTH.validate_python("false") is False
    for value in ("True", "1", "yes", "", "on", " true", True, 1, None):
        assert refused(TRUTH, value), value


@given(st.uuids())
def test_an_id_is_read_from_its_canonical_text_only(value: UUID) -> None:
    assert ID.validate_python(str(value)) == value
    assert ID.validate_python(str(value).upper()) == value
    for other in (
        value.hex,
        f"{{{value}}}",
        f"urn:uuid:{value}",
        f" {value}",
        value.int,
        value.bytes,
    ):
        assert refused(ID, other)


def test_a_time_zone_is_the_name_of_a_place() -> None:
    assert ZONE.validate_python("Europe/Berlin") == "Europe/Berlin"
    for value in ("localtime", "Factory", "Mars/Phobos", "../etc/passwd", "europe/berlin", "", 1):
        assert refused(ZONE, value), value


# Days and instants


@given(st.dates())
def test_a_day_is_read_within_the_years_that_are_meant(value: date) -> None:
    assert refused(DAY, value.isoformat()) == (not 1900 <= value.year <= 2200)


@pytest.mark.parametrize(
    "value",
    [
        *("2026-02-30", "2026-3-1", "20260301", "2026-03-01T00:00:00Z", "1772323200", 1772323200),
        *("\u0662\u0660\u0662\u0666-03-01", "2026-W10", "", " 2026-03-01"),
        *NO_TEXTS,
    ],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    assert refused(DAY, value)


@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30)),  # noqa: DTZ001 -- bounds are naive
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_an_instant_is_the_same_in_every_offset(moment: datetime, minutes: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    read = INSTANT.validate_python(aware.isoformat())
    assert read == aware
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        *("2026-03-01T09:30:00", "2026-03-01 09:30:00Z", "2026-03-01T09:30Z", "2026-03-01"),
        *("2026-03-01T09:30:00+0100", "2026-03-01T24:00:01Z", "2026-03-01T09:60:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T23:59:59Z"),
        *("2201-01-01T00:00:00Z", "2026-03-01T09:30:00.1234567890Z", "2026-03-01T09:30:00+99:00"),
        *("2026-02-29T00:00:00Z", "2026-03-01T09:30:00,5Z", "1772323200", 1772323200),
        *NO_TEXTS,
    ],
)
def test_what_is_no_instant_is_refused(value: object) -> None:
    assert refused(INSTANT, value)


def test_finer_than_a_microsecond_is_cut_and_not_rounded() -> None:
    read = INSTANT.validate_python("2026-03-01t23:59:59.999999999z")
    assert read == datetime(2026, 3, 1, 23, 59, 59, 999999, UTC)
    assert INSTANT.validate_python("2026-03-01T00:00:00.5Z").microsecond == 500_000


# Schemas


class ThingPatch(Patch):
    name: Annotated[str, Line(10)] = OMITTABLE
    note: Annotated[str, Line(10)] | None = None


class Thing(BaseModel):
    name: str
    note: str | None


def test_a_patch_changes_only_what_is_sent_and_differs() -> None:
    thing = Thing(name="a", note="b")
    assert ThingPatch.model_validate({}).changes(thing) == {}
    assert ThingPatch.model_validate({"name": "a"}).changes(thing) == {}
    assert ThingPatch.model_validate({"note": None}).changes(thing) == {"note": None}
    with pytest.raises(ValidationError):
        ThingPatch.model_validate({"name": None})
    with pytest.raises(ValidationError):
        ThingPatch.model_validate({"colour": "red"})


class ThingsPatch(Patch):
    things: list[ThingPatch] = OMITTABLE
    title: Annotated[str, Line(10)] | None = None


def test_what_an_object_in_a_list_leaves_out_is_no_difference() -> None:
    sent = ThingsPatch.model_validate({"things": [{"name": "a"}]})
    assert sent.given() == {"things": [{"name": "a", "note": None}]}
    assert sent.changes(SimpleNamespace(things=[{"name": "a", "note": None}])) == {}


def test_a_list_has_twenty_items_unless_asked_otherwise() -> None:
    assert ListQuery.model_validate({}).limit == 20
    assert ListQuery.model_validate({"limit": "100"}).limit == 100
    for limit in ("0", "101", "-1", "1.0", "", "9" * 30, 5):
        with pytest.raises(ValidationError):
            ListQuery.model_validate({"limit": limit})
