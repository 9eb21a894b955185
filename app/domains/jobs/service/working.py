"""The worker's part: taking jobs, working on their rows, and forgetting old ones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from app.db.engine import is_temporary
from app.db.transaction import Database, Transaction
from app.domains.jobs.repository import HeldJob, JobsOfAll, LeaseLost
from app.domains.jobs.terms import (
    JOBS_KEPT,
    MAX_MESSAGE_CHARACTERS,
    JobKind,
    JobStatus,
    RowOutcome,
)
from app.kit.ids import new_id
from app.kit.problems import Conflict, Problem, ServerFault
from app.mail import Mailer

log = structlog.get_logger()

ROUND_S = 1.0
LEASE = timedelta(minutes=2)
"""How long a job stays with a worker that is not heard of; every row makes it as long again."""

MAX_ATTEMPTS = 5
"""How often a job is taken without a row being done, before it is given up."""

RunRow = Callable[[Transaction, Row[Any], Mapping[str, Any]], Awaitable[UUID | None]]
"""Called with the transaction, the job and what was sent; returns the id of what it made."""


@dataclass(frozen=True)
class RowWork:
    """What is done for each row of a kind of jobs.

    `run_row` works in the transaction that stores the result, on the owner of the job. A problem
    that it raises takes back what it did, and becomes the result.
    """

    kind: JobKind
    run_row: RunRow


async def run_jobs(database: Database, works: Sequence[RowWork], stop: asyncio.Event) -> None:
    """Work on jobs as they come until `stop` is set; a row in progress is finished.

    A failure is logged, and the job goes on when its lease has run out.
    """
    while not stop.is_set():
        try:
            if await run_next_job(database, works, stop):
                continue
        except Exception as error:
            log.exception("job_failed", exc_info=error, exception=type(error).__name__)
        try:
            async with asyncio.timeout(ROUND_S):
                await stop.wait()
        except TimeoutError:
            continue


async def run_next_job(
    database: Database, works: Sequence[RowWork], stop: asyncio.Event | None = None
) -> bool:
    """Work on the oldest job that nobody holds; whether there was one."""
    job = await _claim(database)
    if job is None:
        return False
    run_row = next(work.run_row for work in works if work.kind is job.kind)
    if job.attempts > MAX_ATTEMPTS:
        log.error("job_given_up", job=str(job.id))
        async with _holding(database, job) as held:
            await held.finish(JobStatus.FAILED)
        return True
    while await _next_row(database, job, run_row):
        await database.collaborator(Mailer).make_room()
        if stop is not None and stop.is_set():
            async with database.write() as transaction:
                await HeldJob(transaction, job).release()
            break
    return True


async def purge_jobs(database: Database) -> None:
    """Forget jobs that are older than 30 days."""
    async with database.write(everyone=True) as transaction:
        await JobsOfAll(transaction).purge(transaction.clock.now() - JOBS_KEPT)


async def _claim(database: Database) -> Row[Any] | None:
    """Take a job. Only looking comes first: on SQLite it disturbs no writer."""
    async with database.read(everyone=True) as transaction:
        if not await JobsOfAll(transaction).is_waiting(transaction.clock.now()):
            return None
    async with database.write(everyone=True) as transaction:
        now = transaction.clock.now()
        return await JobsOfAll(transaction).claim(new_id(), now, now + LEASE)


async def _next_row(database: Database, job: Row[Any], run_row: RunRow) -> bool:
    """Work on the next row of a job that is held, or end it; whether it goes on."""
    position = None
    try:
        async with _holding(database, job) as held:
            row = await held.next_row()
            if row is None:
                await held.finish(JobStatus.COMPLETED)
                return False
            position = row.position
            record_id = await run_row(held.transaction, job, row.input)
            await held.settle(position, RowOutcome.SUCCEEDED, _later(held), record_id=record_id)
    except LeaseLost:
        return False
    except Exception as error:
        if position is None or is_temporary(error):
            raise
        return await _fail(database, job, position, _as_problem(error))
    return True


async def _fail(database: Database, job: Row[Any], position: int, problem: Problem) -> bool:
    """Store that a row was not possible; whether the job goes on."""
    try:
        async with _holding(database, job) as held:
            await held.settle(
                position,
                RowOutcome.FAILED,
                _later(held),
                code=problem.code,
                message=_message_of(problem),
            )
    except LeaseLost:
        return False
    return True


@asynccontextmanager
async def _holding(database: Database, job: Row[Any]) -> AsyncIterator[HeldJob]:
    async with database.write() as transaction:
        held = HeldJob(transaction, job)
        await held.lock()
        yield held


def _later(held: HeldJob) -> datetime:
    return held.transaction.clock.now() + LEASE


def _as_problem(error: Exception) -> Problem:
    """What an exception means for a row; the unexpected is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, IntegrityError):
        return Conflict()
    log.error("row_failed", exc_info=error, exception=type(error).__name__)
    return ServerFault()


def _message_of(problem: Problem) -> str:
    """Why a row failed, in words that never repeat what was sent."""
    findings = [f"{one['pointer']} {one['message']}" for one in problem.members.get("errors", ())]
    said = "; ".join(findings) or problem.detail or problem.title
    return said[:MAX_MESSAGE_CHARACTERS]
