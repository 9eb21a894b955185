"""A small schedule in the database: recurring work that any worker may take, one at a time.

A job is claimed by a short transaction that pushes its due time and a lease; a worker that dies
leaves the lease to run out. Work is written to be safe to repeat.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar

import structlog
from sqlalchemy import String, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.transaction import Database, Transaction

log = structlog.get_logger()

ROUND_S = 5.0
LEASE = timedelta(minutes=5)
HEARTBEAT = "heartbeat"
HEARTBEAT_EVERY = timedelta(seconds=15)
HEARTBEAT_LOST_AFTER = timedelta(seconds=60)


class ScheduledJob(Base):
    """When a job runs next, who holds it until when, and when it last ended well."""

    __tablename__ = "scheduled_jobs"
    registration: ClassVar[Registration] = Registration(None, export=False, erasure="none")
    __table_args__ = TABLE_OPTIONS

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Job:
    """Work that is due again and again. `run` opens its own transactions."""

    name: str
    every: timedelta
    run: Callable[[Database], Awaitable[Any]]


_jobs = table_of(ScheduledJob)
_CLAIM = (
    update(_jobs)
    .where(
        _jobs.c.name == bindparam("job"),
        _jobs.c.due_at <= bindparam("now", type_=_jobs.c.due_at.type),
        or_(
            _jobs.c.leased_until.is_(None),
            _jobs.c.leased_until < bindparam("now", type_=_jobs.c.due_at.type),
        ),
    )
    .values(leased_until=bindparam("until"))
    .returning(_jobs.c.name)
)
_DONE = (
    update(_jobs)
    .where(_jobs.c.name == bindparam("job"))
    .values(leased_until=None, due_at=bindparam("next_due"), succeeded_at=bindparam("succeeded"))
)
_SUCCEEDED = select(_jobs.c.succeeded_at).where(_jobs.c.name == bindparam("job"))


async def schedule(database: Database, jobs: Sequence[Job]) -> None:
    """Make sure that every job stands in the schedule; a new one is due at once."""
    async with database.write() as transaction:
        now = transaction.clock.now()
        await transaction.execute(
            _add(transaction.dialect),
            [
                {"name": job.name, "due_at": now, "leased_until": None, "succeeded_at": None}
                for job in jobs
            ],
        )


@cache
def _add(dialect: str) -> Any:
    """Add a job unless it stands there: several workers may start at the same moment."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(_jobs).on_conflict_do_nothing()


async def run_due(database: Database, jobs: Sequence[Job]) -> list[str]:
    """Run every job that is due and that no other worker holds; return their names.

    An exception of a job passes through; its lease runs out and it is tried again.
    """
    ran = []
    for job in jobs:
        async with database.write() as transaction:
            now = transaction.clock.now()
            claimed = await transaction.execute(
                _CLAIM, {"job": job.name, "now": now, "until": now + LEASE}
            )
            mine = claimed.one_or_none() is not None
        if not mine:
            continue
        await job.run(database)
        async with database.write() as transaction:
            now = transaction.clock.now()
            await transaction.execute(
                _DONE, {"job": job.name, "next_due": now + job.every, "succeeded": now}
            )
        ran.append(job.name)
    return ran


async def beat(_: Database) -> None:
    """The heartbeat does nothing: that it ran is what `/readyz` looks for."""


HEARTBEAT_JOB = Job(HEARTBEAT, HEARTBEAT_EVERY, beat)


async def worker_is_alive(transaction: Transaction) -> bool:
    """Whether a worker has run within the last minute."""
    last = (await transaction.execute(_SUCCEEDED, {"job": HEARTBEAT})).scalar_one_or_none()
    return last is not None and transaction.clock.now() - last < HEARTBEAT_LOST_AFTER


async def work(database: Database, jobs: Sequence[Job], stop: asyncio.Event) -> None:
    """Run what is due, again and again, until `stop` is set; a job in progress is finished.

    A failure is logged, and tried again when the job's lease has run out.
    """
    scheduled = False
    while not stop.is_set():
        try:
            if not scheduled:
                await schedule(database, jobs)
                scheduled = True
            await run_due(database, jobs)
        except Exception as error:
            log.exception("job_failed", exc_info=error, exception=type(error).__name__)
        try:
            async with asyncio.timeout(ROUND_S):
                await stop.wait()
        except TimeoutError:
            continue
