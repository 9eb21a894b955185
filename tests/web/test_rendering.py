"""Rows become JSON exactly as their response schema says."""

import json
import sqlite3
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import asyncpg.pgproto.pgproto
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from sqlalchemy import JSON, Column, Date, Integer, MetaData, String, Table, create_engine, insert

from app.db.types import Id, UtcDateTime
from app.kit.terms import Language
from app.web.rendering import encode, render


class Mood(StrEnum):
    WELL = "well"
    SO_SO = "so_so"


class Part(BaseModel):
    name: str
    size: int | None


class Thing(BaseModel):
    id: UUID
    at: datetime | None
    on: date | None
    mood: Mood | None
    language: Language
    count: int
    share: float
    is_kept: bool
    words: Annotated[list[str], Field(max_length=9)]
    part: Part | None
    parts: list[Part]
    pages: Annotated[list[Annotated[Part, Field()]] | None, Field()]
    free: dict[str, int]


class AsyncpgLike:
    """Rows of asyncpg hold ids of its own subclass of UUID."""

    def __new__(cls, value: UUID) -> Any:
        return asyncpg.pgproto.pgproto.UUID(value.bytes)


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
PARTS = st.builds(Part, name=TEXT, size=st.none() | st.integers(-(2**53), 2**53))
THINGS = st.builds(
    Thing,
    id=st.uuids(),
    at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 -- st.datetimes wants naive bounds
    on=st.none() | st.dates(min_value=date(1000, 1, 1)),
    mood=st.none() | st.sampled_from(Mood),
    language=st.sampled_from(Language),
    count=st.integers(-(2**63), 2**63 - 1),
    share=st.floats(allow_nan=False, allow_infinity=False),
    is_kept=st.booleans(),
    words=st.lists(TEXT, max_size=3),
    part=st.none() | PARTS,
    parts=st.lists(PARTS, max_size=3),
    pages=st.none() | st.lists(PARTS, max_size=3),
    free=st.dictionaries(TEXT, st.integers(0, 9), max_size=3),
)


def as_mapping(thing: Thing) -> dict[str, Any]:
    """As repositories hand it over: plain data, driver's ids, and a column nobody asked for."""
    return {**thing.model_dump(), "id": AsyncpgLike(thing.id), "secret": "never shown"}


@given(THINGS)
def test_rendering_says_what_pydantic_says(thing: Thing) -> None:
    said = json.loads(thing.model_dump_json())
    for source in (thing, as_mapping(thing)):
        rendered = render(Thing, source)
        assert json.loads(rendered) == said
        assert list(json.loads(rendered)) == list(Thing.model_fields)
        assert b"never shown" not in rendered
        Thing.model_validate_json(rendered)


def test_a_field_that_the_value_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        render(Part, {"name": "x"})
    with pytest.raises(AttributeError):
        render(Part, object())


def test_a_required_record_that_is_none_is_an_error() -> None:
    class Holder(BaseModel):
        part: Part

    with pytest.raises(AttributeError):
        render(Holder, {"part": None})


def test_what_json_does_not_know_is_an_error() -> None:
    with pytest.raises(TypeError, match="cannot render"):
        encode(sqlite3.connect)


THINGS_TABLE = Table(
    "things",
    MetaData(),
    Column("size", Integer),
    Column("unasked", String),
    Column("id", Id(), primary_key=True),
    Column("at", UtcDateTime()),
    Column("on", Date()),
    Column("words", JSON()),
    Column("name", String),
)


class Stored(BaseModel):
    id: UUID
    name: str
    size: int | None
    at: datetime
    on: date
    words: list[str]


def test_a_row_gives_its_columns_by_name_in_the_order_of_the_schema() -> None:
    engine = create_engine("sqlite://")
    values = {
        "id": UUID(int=7),
        "name": "a",
        "size": None,
        "at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        "on": date(2026, 3, 1),
        "words": ["b"],
        "unasked": "never shown",
    }
    with engine.connect() as connection:
        THINGS_TABLE.create(connection)
        connection.execute(insert(THINGS_TABLE), values)
        for statement in (
            THINGS_TABLE.select(),
            THINGS_TABLE.select().with_only_columns(*reversed(THINGS_TABLE.columns)),
        ):
            row = connection.execute(statement).one()
            assert json.loads(render(Stored, row)) == {
                "id": "00000000-0000-0000-0000-000000000007",
                "name": "a",
                "size": None,
                "at": "2026-03-01T09:30:00Z",
                "on": "2026-03-01",
                "words": ["b"],
            }
    engine.dispose()
