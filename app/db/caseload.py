"""What an organisation sees of its clients at a glance: each room registers the figures it knows.

A figure is one value about a person. All figures stand in one statement over the clients of an
organisation, each for those who agreed to its category; a new room appears there by registering.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    bindparam,
    case,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from app.db.types import Id, UtcDateTime, json_type
from app.kit.clock import zones_off_the_day_of_utc

PERSON: ColumnElement[UUID] = literal_column("clients.id", Id())
"""The person of whom a figure tells."""

NOW = bindparam("now", type_=UtcDateTime())

_accounts = table("accounts", column("id", Id()), column("time_zone"))

TODAY: ColumnElement[Any] = (
    select(
        case(
            (
                _accounts.c.time_zone.in_(bindparam("zones_of_yesterday", expanding=True)),
                bindparam("yesterday", type_=Date()),
            ),
            (
                _accounts.c.time_zone.in_(bindparam("zones_of_tomorrow", expanding=True)),
                bindparam("tomorrow", type_=Date()),
            ),
            else_=bindparam("day_of_utc", type_=Date()),
        )
    )
    .where(_accounts.c.id == PERSON)
    .scalar_subquery()
)
"""The day where the person lives. The engines do not know zones alike, so Python tells them."""

LATEST_DAY = bindparam("tomorrow", type_=Date())
"""No person lives on a later one: what an index can compare with."""


@dataclass(frozen=True)
class Figure:
    """One value about `PERSON`, for those who agreed to a category of consent."""

    name: str
    category: str
    value: ColumnElement[Any]


_figures: list[Figure] = []


def register(*figures: Figure) -> None:
    """Let the caseload know of further figures."""
    _figures.extend(figures)


def figures() -> Sequence[Figure]:
    """All figures that rooms have registered."""
    return _figures


def moment(now: datetime) -> Mapping[str, Any]:
    """The parameters that figures use."""
    day = now.astimezone(UTC).date()
    before, after = zones_off_the_day_of_utc(now)
    return {
        "now": now,
        "day_of_utc": day,
        "yesterday": day - timedelta(days=1),
        "tomorrow": day + timedelta(days=1),
        "zones_of_yesterday": before,
        "zones_of_tomorrow": after,
    }


class GatheredRows(FunctionElement[list[list[Any]]]):
    """The rows of a subquery as one JSON array, with an array of values for each."""

    name = "gathered_rows"
    type = json_type()
    inherit_cache = True


@compiles(GatheredRows, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    values = ", ".join(compiler.process(clause, **given) for clause in element.clauses)
    return f"coalesce(jsonb_agg(jsonb_build_array({values})), '[]')"


@compiles(GatheredRows, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    def value(clause: Any) -> str:
        text = str(compiler.process(clause, **given))
        if isinstance(clause.type, Id):
            return f"hex({text})"
        return f"json({text})" if isinstance(clause.type, JSON) else text

    return f"json_group_array(json_array({', '.join(map(value, element.clauses))}))"
