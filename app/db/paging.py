"""Lists with keyset cursors: filters, sorts and the statement for each combination.

A room declares a `Listing`; the statement for a combination of sort and filters is built once and
kept, because building costs more than running it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from app.kit.cursors import CursorCodec
from app.kit.problems import InvalidCursor

Condition = Callable[[Any], ColumnElement[bool]]
"""From the parameter of a filter to its condition."""

ESCAPE = "\\"


@dataclass(frozen=True)
class Page:
    """Some items of a list and the cursor that goes on after them."""

    items: Sequence[Any]
    next_cursor: str | None


@dataclass(frozen=True)
class Filter:
    """One query parameter of a list: its condition, and how its value is bound.

    `about` is the column whose records it names, if it names any.
    """

    condition: Condition
    bind: Callable[[Any], Any] = lambda value: value
    about: Column[Any] | None = None


def equals(column: Column[Any]) -> Filter:
    """The column has the value."""
    return Filter(lambda value: column == value, about=column if column.foreign_keys else None)


def on_or_after(column: Column[Any]) -> Filter:
    """The column has the value or a later one."""
    return Filter(lambda value: column >= value)


def on_or_before(column: Column[Any]) -> Filter:
    """The column has the value or an earlier one."""
    return Filter(lambda value: column <= value)


def contains(folded: ColumnElement[Any]) -> Filter:
    """Case-insensitive "contains" over a column that holds folded text.

    Both sides are folded in Python, because LIKE and ILIKE disagree between the engines beyond
    ASCII.
    """
    return Filter(lambda value: folded.like(value, escape=ESCAPE), _like_pattern)


def _like_pattern(value: str) -> str:
    folded = fold(value)
    for special in (ESCAPE, "%", "_"):
        folded = folded.replace(special, ESCAPE + special)
    return f"%{folded}%"


def fold(text: str) -> str:
    """Text for comparing without regard to case (Unicode full case folding)."""
    return text.casefold()


class JsonHolds(FunctionElement[bool]):
    """Whether a JSON array has an element equal to a text, or an object with `key` equal to it."""

    name = "json_holds"
    type = Boolean()
    inherit_cache = True


@compiles(JsonHolds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    column, path, value = (compiler.process(clause, **given) for clause in element.clauses)
    item = f"item.value #>> {path}::text[]"
    return f"EXISTS (SELECT 1 FROM jsonb_array_elements({column}) AS item WHERE {item} = {value})"  # noqa: S608 -- compiled clauses, whose values are bound  # nosec B608


@compiles(JsonHolds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    column, path, value = (compiler.process(clause, **given) for clause in element.clauses)
    key = f"trim({path}, '{{}}')"
    item = f"CASE {key} WHEN '' THEN item.value ELSE json_extract(item.value, '$.' || {key}) END"
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS item WHERE {item} = {value})"  # noqa: S608 -- as above  # nosec B608


def has_item(column: ColumnElement[Any], key: str | None = None) -> Filter:
    """A JSON array holds the text, or (with `key`) an object whose `key` is the text."""
    path = bindparam("path", "{" + (key or "") + "}", String, literal_execute=True, unique=True)
    return Filter(lambda value: JsonHolds(column, path, value))


class Query(Protocol):
    """What a list reads from its query schema; filters are its other fields."""

    @property
    def limit(self) -> int:
        """How many items at most."""

    @property
    def cursor(self) -> str | None:
        """Where the page before ended."""

    @property
    def order(self) -> str:
        """A key of the listing's sorts."""

    @property
    def filters(self) -> Mapping[str, Any]:
        """The given filters by name."""


@dataclass(frozen=True)
class Listing:
    """How one collection is listed.

    `sorts` maps a word such as `-rejected_on` to its NOT NULL column; the leading minus means
    descending. The order always ends in the id. `of` is the column that says whose list it is, the
    owner's unless said otherwise. `always` is a condition that every page has, with parameters that
    its repository gives.
    """

    table: Table
    sorts: Mapping[str, Column[Any]]
    filters: Mapping[str, Filter]
    columns: Sequence[ColumnElement[Any]] | None = None
    of: Column[Any] | None = None
    always: ColumnElement[bool] | None = None
    _statements: dict[Any, Select[Any]] = field(default_factory=dict)

    def statement(self, order: str, filters: Sequence[str], *, resumed: bool) -> Select[Any]:
        """The statement for one combination, built at its first use."""
        key = (order, tuple(filters), resumed)
        if (kept := self._statements.get(key)) is None:
            kept = self._statements[key] = self._build(order, filters, resumed=resumed)
        return kept

    def _build(self, order: str, filters: Sequence[str], *, resumed: bool) -> Select[Any]:
        table = self.table
        column, descending = self.sorts[order], order.startswith("-")
        of = table.c.owner_id if self.of is None else self.of
        statement = select(*(self.columns or table.c)).where(of == bindparam("owner"))
        if self.always is not None:
            statement = statement.where(self.always)
        for name in filters:
            parameter: Any = bindparam(f"filter_{name}")
            statement = statement.where(self.filters[name].condition(parameter))
        if resumed:
            position = tuple_(
                bindparam("after", type_=column.type), bindparam("after_id", type_=table.c.id.type)
            )
            here = tuple_(column, table.c.id)
            statement = statement.where(here < position if descending else here > position)
        ends = (column, table.c.id)
        statement = statement.order_by(*(c.desc() for c in ends) if descending else ends)
        return statement.limit(bindparam("limit", type_=Integer()))

    def prepare(
        self, owner_id: UUID, query: Query, cursors: CursorCodec
    ) -> tuple[Select[Any], dict[str, Any], str]:
        """The statement, its parameters, and the binding of the cursors it may give out.

        Raises:
            InvalidCursor: the cursor was made for another list, sort or filter.
        """
        filters = query.filters
        names = sorted(filters)
        binding = json.dumps(
            [owner_id.hex, self.table.name, query.order, [[n, _plain(filters[n])] for n in names]]
        )
        parameters: dict[str, Any] = {"owner": owner_id, "limit": query.limit + 1}
        for name in names:
            parameters[f"filter_{name}"] = self.filters[name].bind(filters[name])
        if query.cursor is not None:
            after, after_id = cursors.decode(binding, query.cursor)
            parameters["after"] = _parse(self.sorts[query.order], after)
            parameters["after_id"] = UUID(after_id)
        statement = self.statement(query.order, names, resumed=query.cursor is not None)
        return statement, parameters, binding

    def page(self, rows: Sequence[Any], query: Query, binding: str, cursors: CursorCodec) -> Page:
        """Cut the one row too many that tells whether there is more."""
        if len(rows) <= query.limit:
            return Page(rows, None)
        next_cursor = self.cursor_after(rows[query.limit - 1], query, binding, cursors)
        return Page(rows[: query.limit], next_cursor)

    def cursor_after(self, row: Any, query: Query, binding: str, cursors: CursorCodec) -> str:
        """The cursor that goes on after a row."""
        position = [_plain(getattr(row, self.sorts[query.order].name)), row.id.hex]
        return cursors.encode(binding, position)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return value.value if isinstance(value, Enum) else value


def _parse(column: Column[Any], value: Any) -> Any:
    kind = column.type.python_type
    try:
        return kind.fromisoformat(value) if kind in (datetime, date) else kind(value)
    except (TypeError, ValueError):
        raise InvalidCursor from None
