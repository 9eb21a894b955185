"""The shape all tables share.

A personal table is `Owned`: its key begins with the owner, so that the database itself refuses a
reference to another person's row, and `owner_id` is ready to be a shard key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Table,
    func,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from app.db.types import Id, UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True)
class Registration:
    """What every table says about itself; a table without one fails a test.

    owner: the column that names the owner, or None for a table without personal data.
    of: who owns the rows: a person, an organisation, or either of them.
    export: whether the rows are part of what a person takes along.
    erasure: how the rows go with their owner: by the database's cascade, or by an expiry that a
    job enforces.
    append_only: whether the program itself may never change or delete a row, where the database
    can hold it to that (`app.db.row_security`).
    """

    owner: str | None
    export: bool
    of: Literal["person", "organization", "either"] = "person"
    erasure: Literal["cascade", "expiry", "none"] = "cascade"
    append_only: bool = False


TABLE_OPTIONS: dict[str, Any] = {"sqlite_with_rowid": False}
"""On SQLite the key itself is the order of the rows, as `owner_id` first wants it."""


class Base(DeclarativeBase):
    """The parent of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Id(),
        datetime: UtcDateTime(),
        date: Date(),
    }

    def __init_subclass__(cls, **given: Any) -> None:
        super().__init_subclass__(**given)
        table = cls.__dict__.get("__table__")
        if isinstance(table, Table):
            bound_texts(table)


def bound_texts(table: Table) -> None:
    """Hold texts to their length in the database itself: SQLite reads `VARCHAR(n)` as `TEXT`."""
    for column in table.c:
        kind = column.type
        if isinstance(kind, String) and not isinstance(kind, Enum) and kind.length:
            limit = CheckConstraint(
                func.length(column) <= kind.length, name=f"{column.name}_length"
            )
            table.append_constraint(limit)


class Kept:
    """A record of an owner: `(owner_id, id)`, timestamps and the revision of its last change."""

    owners: ClassVar[str]
    """The column that the owner's id refers to."""

    @declared_attr
    @classmethod
    def owner_id(cls) -> Mapped[UUID]:
        """Whose record it is."""
        owner = ForeignKey(cls.owners, ondelete="CASCADE")
        return mapped_column(Id(), owner, primary_key=True, sort_order=-10)

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-9)
    created_at: Mapped[datetime] = mapped_column(sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(sort_order=91)
    revision: Mapped[int] = mapped_column(BigInteger, sort_order=92)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        extra = tuple(getattr(cls, "constraints", ()))
        return (*extra, Index(None, "owner_id", "revision"), TABLE_OPTIONS)


class Owned(Kept):
    """A record of one person."""

    owners = "accounts.id"
    registration: ClassVar[Registration] = Registration("owner_id", export=True)


class OwnedByOrganization(Kept):
    """A record of one organisation."""

    owners = "organizations.id"
    registration: ClassVar[Registration] = Registration("owner_id", of="organization", export=False)


class OwnedByEither(Kept):
    """A record that a person or an organisation may have."""

    owners = "heads.owner_id"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)


def reference(
    table: str,
    column: str,
    *,
    on_delete: Literal["cascade", "detach"],
    name: str | None = None,
) -> ForeignKeyConstraint:
    """A reference to a record of the same person.

    `on_delete` is carried out by `app.db.deletion`, which gives every touched row its revision or
    tombstone; in the database the key has NO ACTION, because SET NULL would null `owner_id` too.
    It is checked at commit, so that the order of statements within a transaction does not matter.
    """
    return ForeignKeyConstraint(
        ["owner_id", column],
        [f"{table}.owner_id", f"{table}.id"],
        name=name,
        info={"on_delete": on_delete},
        deferrable=True,
        initially="DEFERRED",
    )


def at_most_one(name: str, *columns: str) -> CheckConstraint:
    """A reference to a record of one of several collections: one column each, one of them set."""
    counted = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{counted} <= 1", name=name, info={"one_of": columns})


def table_of(model: type[DeclarativeBase]) -> Table:
    """The Core table of a declarative model: repositories speak Core."""
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table of its own")
    return table


def owned_tables() -> Iterator[Table]:
    """All tables of records that belong to a person and are deleted one by one."""
    for table in Base.metadata.sorted_tables:
        if {"owner_id", "id", "revision", "updated_at"} <= set(table.c.keys()):
            yield table
