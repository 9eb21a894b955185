"""The tables of jobs and their rows."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    column,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, OwnedByEither, Registration
from app.db.types import enum_type, json_type
from app.domains.jobs.terms import (
    MAX_CODE_CHARACTERS,
    MAX_MESSAGE_CHARACTERS,
    JobKind,
    JobStatus,
    RowOutcome,
)
from app.kit.terms import Language

_UNFINISHED = column("finished_at").is_(None)


class Job(OwnedByEither, Base):
    """Work on many rows.

    A worker holds it by `lease_id` until `leased_until`; `attempts` counts how often it was taken
    since a row was last done.
    """

    __tablename__ = "jobs"
    constraints: ClassVar[tuple[Any, ...]] = (
        Index(
            "ix_jobs_unfinished",
            "id",
            postgresql_where=_UNFINISHED,
            sqlite_where=_UNFINISHED,
            info={"across_people": True},
        ),
    )

    kind: Mapped[JobKind] = mapped_column(enum_type(JobKind, "kind"))
    status: Mapped[JobStatus] = mapped_column(enum_type(JobStatus, "status"))
    actor_id: Mapped[UUID]
    """The account, or the organisation's key, that started it."""
    language: Mapped[Language] = mapped_column(enum_type(Language, "language"))
    total: Mapped[int] = mapped_column(Integer)
    succeeded: Mapped[int] = mapped_column(Integer)
    failed: Mapped[int] = mapped_column(Integer)
    finished_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    lease_id: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]


class JobRow(Base):
    """One row of a job: what is to be done, and after that what became of it."""

    __tablename__ = "job_rows"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = (
        ForeignKeyConstraint(
            ["owner_id", "job_id"], ["jobs.owner_id", "jobs.id"], ondelete="CASCADE"
        ),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    input: Mapped[dict[str, Any] | None] = mapped_column(json_type())
    outcome: Mapped[RowOutcome] = mapped_column(enum_type(RowOutcome, "outcome"))
    code: Mapped[str | None] = mapped_column(String(MAX_CODE_CHARACTERS))
    message: Mapped[str | None] = mapped_column(String(MAX_MESSAGE_CHARACTERS))
    record_id: Mapped[UUID | None]
