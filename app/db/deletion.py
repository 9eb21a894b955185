"""Deleting records for real, leaving a tombstone for offline clients.

What else goes is read from the references themselves (`app.db.base.reference`,
`app.db.links.link_reference`): children cascade, or are detached and get a new revision; a record
whose list of ids gets shorter gets one too. A new table falls under it by declaring its references.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.transaction import Database, Transaction
from app.db.types import Id

TOMBSTONES_KEPT = timedelta(days=180)
IDS_AT_ONCE = 1_000
"""Ids in one statement: the databases take some 32,000 parameters at most."""


class Tombstone(Base):
    """A record was here: kept for 180 days so that offline clients learn of the deletion."""

    __tablename__ = "tombstones"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = (
        Index(None, "owner_id", "revision"),
        Index(None, "deleted_at"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("heads.owner_id", ondelete="CASCADE"), primary_key=True
    )
    collection: Mapped[str] = mapped_column(String(60), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    deleted_at: Mapped[datetime]


_tombstones = table_of(Tombstone)

FIND_TOMBSTONE = select(_tombstones.c.id).where(
    _tombstones.c.owner_id == bindparam("owner"),
    _tombstones.c.collection == bindparam("collection"),
    _tombstones.c.id == bindparam("record"),
)
_PURGE = delete(_tombstones).where(_tombstones.c.deleted_at < bindparam("before"))


@cache
def _references_to(table: Table) -> tuple[tuple[Table, Column[Any], str], ...]:
    """Each (child table, referring column, rule) that points at `table`."""

    def found() -> Iterator[tuple[Table, Column[Any], str]]:
        for child in Base.metadata.tables.values():
            for constraint in child.foreign_key_constraints:
                if constraint.referred_table is table and "on_delete" in constraint.info:
                    column = next(e.parent for e in constraint.elements if e.column.name == "id")
                    yield child, column, constraint.info["on_delete"]

    return tuple(found())


async def erase(
    transaction: Transaction, owner_id: UUID, table: Table, ids: set[UUID]
) -> dict[str, set[UUID]]:
    """Delete records with all that depends on them; return the deleted ids by collection.

    Limits: one person's records, all in the caller's transaction, one query for each reference
    and thousand records.
    """
    doomed, detached = await _reach(transaction, owner_id, table, ids)
    revision = await transaction.revise(owner_id)
    now = transaction.clock.now()
    stamp = {"revision": revision, "updated_at": now}
    for child, column, parent in detached:
        for some in _portions(doomed[parent]):
            await transaction.execute(
                update(child)
                .where(child.c.owner_id == owner_id, column.in_(some))
                .values({column.name: None, **stamp})
            )
    for parent, ids_of_parent in doomed.items():
        await _unlink(transaction, owner_id, parent, ids_of_parent, stamp)
    upsert = _upsert(transaction.dialect)
    for dead in reversed(Base.metadata.sorted_tables):
        if gone := doomed.get(dead):
            for some in _portions(gone):
                await transaction.execute(
                    upsert,
                    [
                        {
                            "owner_id": owner_id,
                            "collection": dead.name,
                            "id": id_,
                            "revision": revision,
                            "deleted_at": now,
                        }
                        for id_ in some
                    ],
                )
                await transaction.execute(
                    delete(dead).where(dead.c.owner_id == owner_id, dead.c.id.in_(some))
                )
                await words.forget(transaction, owner_id, dead, some)
    return {dead.name: gone for dead, gone in doomed.items() if gone}


async def _reach(
    transaction: Transaction, owner_id: UUID, table: Table, ids: set[UUID]
) -> tuple[dict[Table, set[UUID]], list[tuple[Table, Column[Any], Table]]]:
    """What goes with some records, and which columns are detached from which table."""
    doomed: dict[Table, set[UUID]] = {}
    detached: list[tuple[Table, Column[Any], Table]] = []
    level = {table: set(ids)}
    while level:
        below: dict[Table, set[UUID]] = {}
        for parent, found in level.items():
            fresh = found - doomed.setdefault(parent, set())
            doomed[parent] |= fresh
            for child, column, rule in _references_to(parent) if fresh else ():
                if rule == "unlink":
                    continue
                if rule == "detach":
                    detached.append((child, column, parent))
                    continue
                for some in _portions(fresh):
                    rows = await transaction.execute(
                        select(child.c.id).where(child.c.owner_id == owner_id, column.in_(some))
                    )
                    if children := set(rows.scalars()):
                        below.setdefault(child, set()).update(children)
        level = below
    return doomed, detached


async def _unlink(
    transaction: Transaction, owner_id: UUID, parent: Table, ids: set[UUID], stamp: dict[str, Any]
) -> None:
    """Take records out of every list of ids that holds them, and their own lists away."""
    for link, column, rule in _references_to(parent):
        if rule != "unlink":
            continue
        holder, holder_column = _holder_of(link)
        for some in _portions(ids):
            linked = select(holder_column).where(link.c.owner_id == owner_id, column.in_(some))
            if column is not holder_column:
                await transaction.execute(
                    update(holder)
                    .where(holder.c.owner_id == owner_id, holder.c.id.in_(linked))
                    .values(stamp)
                )
            await transaction.execute(
                delete(link).where(link.c.owner_id == owner_id, column.in_(some))
            )


@cache
def _holder_of(link: Table) -> tuple[Table, Column[Any]]:
    """The table whose records show a list of ids, and the column of the link that names them."""
    (constraint,) = (c for c in link.foreign_key_constraints if c.info.get("holds"))
    column = next(e.parent for e in constraint.elements if e.column.name == "id")
    return constraint.referred_table, column


def _portions(ids: set[UUID]) -> Iterator[list[UUID]]:
    """The ids, in portions that fit into one statement."""
    found = list(ids)
    for start in range(0, len(found), IDS_AT_ONCE):
        yield found[start : start + IDS_AT_ONCE]


@cache
def _upsert(dialect: str) -> Any:
    """An id can come back and go again, so the tombstone may stand already."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_tombstones)
    return statement.on_conflict_do_update(
        index_elements=["owner_id", "collection", "id"],
        set_={
            "revision": statement.excluded.revision,
            "deleted_at": statement.excluded.deleted_at,
        },
    )


async def purge_tombstones(database: Database) -> None:
    """Forget deletions that every offline client has long had the time to learn of."""
    async with database.write(everyone=True) as transaction:
        await transaction.execute(_PURGE, {"before": transaction.clock.now() - TOMBSTONES_KEPT})
