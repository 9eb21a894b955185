"""Lists of ids on the wire: link tables between two records of the same person.

A link table has the key `(owner_id, holder, target)` and no life of its own: the holder is the
record that shows the list, and is stamped whenever the list changes, also when a target is deleted
(`app.db.deletion`). A repository names its `lists`, and reads, checks and writes them with the
record (`app.db.repository`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ForeignKeyConstraint,
    Table,
    TypeDecorator,
    Uuid,
    and_,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import String
from typing_extensions import override

from app.db.references import referred_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Dialect

    from app.db.transaction import Transaction


class IdList(TypeDecorator[list[UUID]]):
    """Ids gathered from several rows, in their order; no rows are an empty list."""

    impl = String
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(Uuid()))

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> list[UUID]:
        """Sort here: SQLite orders inside an aggregate only since 3.44."""
        if dialect.name == "sqlite":
            return sorted(UUID(hex=text) for text in json.loads(value or "[]"))
        return sorted(value or ())


class GatheredIds(FunctionElement[list[UUID]]):
    """The ids of a column over all rows."""

    name = "gathered_ids"
    type = IdList()
    inherit_cache = True


@compiles(GatheredIds, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **given)})"


@compiles(GatheredIds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"json_group_array(hex({compiler.process(element.clauses, **given)}))"


class Links:
    """The list called `name` that a link table is to the records of the table that shows it.

    `holder` and `target` are the columns of the link table besides `owner_id`: whose list it is,
    and what is in it. `ids` is the list as a column for statements on the holder's table, in
    ascending order.
    """

    def __init__(self, link: Table, name: str, *, holder: str, target: str) -> None:
        self.name = name
        self._holder, self.target = link.c[holder], link.c[target]
        shown_by = referred_table(self._holder).c
        self._of_holder = and_(link.c.owner_id == shown_by.owner_id, self._holder == shown_by.id)
        listed = select(GatheredIds(self.target)).where(self._of_holder)
        self.ids: ColumnElement[list[UUID]] = listed.scalar_subquery().label(name)
        mine = and_(link.c.owner_id == bindparam("owner"), self._holder == bindparam("record"))
        self._find = select(self.target).where(mine)
        self._insert = insert(link)
        self._delete = delete(link).where(mine, self.target == bindparam("gone"))

    def holds(self, value: Any) -> ColumnElement[bool]:
        """Whether a record of the holder's table holds an id, for filters."""
        return select(self.target).where(self._of_holder, self.target == value).exists()

    async def replace(
        self, transaction: Transaction, owner_id: UUID, holder_id: UUID, wanted: Iterable[UUID]
    ) -> tuple[set[UUID], set[UUID]]:
        """Let a record hold exactly these ids; what was added and what was taken away.

        The holder has to be stamped by its caller. An id that is no record of this person is
        refused by the database when the transaction commits; ask before.

        Raises:
            Unauthenticated: the account has been deleted meanwhile.
        """
        # The person's lock, so that what is found stays so until it is replaced.
        await transaction.revise(owner_id)
        mine = {"owner": owner_id, "record": holder_id}
        found = await transaction.execute(self._find, mine)
        before, after = set(found.scalars()), set(wanted)
        for gone in before - after:
            await transaction.execute(self._delete, {**mine, "gone": gone})
        names = self._holder.name, self.target.name
        if added := sorted(after - before):
            await transaction.execute(
                self._insert,
                [{"owner_id": owner_id, names[0]: holder_id, names[1]: one} for one in added],
            )
        return after - before, before - after


def link_reference(table: str, column: str, *, holds: bool) -> ForeignKeyConstraint:
    """One of the two references of a link table; `holds` marks the record that shows the list."""
    return ForeignKeyConstraint(
        ["owner_id", column],
        [f"{table}.owner_id", f"{table}.id"],
        info={"on_delete": "unlink", "holds": holds},
        deferrable=True,
        initially="DEFERRED",
    )
