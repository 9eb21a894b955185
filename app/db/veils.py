"""What somebody who acts for a person does not see of records that they do see otherwise.

Most of it follows from the tables: a reference to a record of a collection that is not seen is as
good as empty. What does not follow is said here. Rows of one collection can tell of another: a step
to get one's mind off a rejection tells how the person is. Some columns are for the person alone,
and so is everything else that belongs to the collection `PRIVATE`, which no consent covers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, not_, select

from app.db.base import Base
from app.db.transaction import Owner

PRIVATE = "private"
"""The name of a collection that only the person sees."""

_telling: dict[Table, list[tuple[str, ColumnElement[bool]]]] = defaultdict(list)
_about: dict[Table, Mapping[str, str]] = {}


def reserve(table: Table, collection: str, when: ColumnElement[bool]) -> None:
    """Leave rows of a table to those who see a further collection: all rows for which `when` holds.

    `when` is never NULL.
    """
    _telling[table].append((collection, when))


def reserve_with(table: Table, columns: Mapping[str, str]) -> None:
    """Leave rows of a table to those who see the record that a row is about.

    `columns` are those that can name it, by their collections.
    """
    _about[table] = columns


@cache
def reserved(table: Table) -> tuple[tuple[str, ColumnElement[bool]], ...]:
    """The further collections that rows of a table tell of, and which rows do."""
    return (*_telling.get(table, ()), *_with_what_it_is_about(table))


def _with_what_it_is_about(table: Table) -> Iterator[tuple[str, ColumnElement[bool]]]:
    for collection, name in _about.get(table, {}).items():
        yield collection, table.c[name].is_not(None)
        about = Base.metadata.tables[collection]
        named = select(about.c.id).where(
            about.c.owner_id == table.c.owner_id, about.c.id == table.c[name]
        )
        for further, when in reserved(about):
            yield further, named.where(when).exists()


def shown(statement: Select[Any], table: Table, caller: Owner) -> Select[Any]:
    """A statement on a table without the rows that the caller does not see."""
    for collection, when in reserved(table):
        if not caller.sees(collection):
            statement = statement.where(not_(when))
    return statement
