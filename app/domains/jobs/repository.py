"""The statements of jobs and their rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, insert, null, or_, select, update

from app.db.base import table_of
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.jobs.models import Job, JobRow
from app.domains.jobs.terms import JobStatus, RowOutcome

_jobs = table_of(Job)
_rows = table_of(JobRow)

_ADD_ROWS = insert(_rows)
_ROWS = (
    select(_rows)
    .where(
        _rows.c.owner_id == bindparam("owner"),
        _rows.c.job_id == bindparam("job"),
        _rows.c.position > bindparam("after", type_=_rows.c.position.type),
    )
    .order_by(_rows.c.position)
    .limit(bindparam("limit", type_=_rows.c.position.type))
)
_OWNER_OF = select(_jobs.c.owner_id).where(
    _jobs.c.owner_id.in_(bindparam("owners", expanding=True)), _jobs.c.id == bindparam("job")
)

_is_free = or_(
    _jobs.c.leased_until.is_(None),
    _jobs.c.leased_until < bindparam("now", type_=_jobs.c.leased_until.type),
)
_FREE = (
    select(_jobs.c.owner_id, _jobs.c.id)
    .where(_jobs.c.finished_at.is_(None), _is_free)
    .order_by(_jobs.c.id)
    .limit(1)
)
_FREE_AND_LOCKED = _FREE.with_for_update(skip_locked=True)
_TAKE = (
    update(_jobs)
    .where(_jobs.c.owner_id == bindparam("owner"), _jobs.c.id == bindparam("job"))
    .values(
        lease_id=bindparam("lease"), leased_until=bindparam("until"), attempts=_jobs.c.attempts + 1
    )
    .returning(*_jobs.c)
)

_held = (
    _jobs.c.owner_id == bindparam("owner"),
    _jobs.c.id == bindparam("job"),
    _jobs.c.lease_id == bindparam("lease"),
)
_NEXT = (
    select(_rows.c.position, _rows.c.input)
    .join(_jobs, (_jobs.c.owner_id == _rows.c.owner_id) & (_jobs.c.id == _rows.c.job_id))
    .where(*_held, _rows.c.position == _jobs.c.succeeded + _jobs.c.failed)
)
_SETTLE = (
    update(_rows)
    .where(
        _rows.c.owner_id == bindparam("owner"),
        _rows.c.job_id == bindparam("job"),
        _rows.c.position == bindparam("at"),
    )
    .values(
        input=null(),
        outcome=bindparam("an_outcome"),
        code=bindparam("a_code"),
        message=bindparam("a_message"),
        record_id=bindparam("a_record"),
    )
)
_COUNT = (
    update(_jobs)
    .where(
        *_held, _jobs.c.succeeded + _jobs.c.failed == bindparam("at", type_=_rows.c.position.type)
    )
    .values(
        status=JobStatus.RUNNING,
        succeeded=_jobs.c.succeeded + bindparam("one_succeeded", type_=_jobs.c.succeeded.type),
        failed=_jobs.c.failed + bindparam("one_failed", type_=_jobs.c.failed.type),
        attempts=0,
        leased_until=bindparam("until"),
        updated_at=bindparam("now"),
        revision=bindparam("new_revision"),
    )
    .returning(_jobs.c.id)
)
_FINISH = (
    update(_jobs)
    .where(*_held)
    .values(
        status=bindparam("a_status"),
        finished_at=bindparam("now"),
        lease_id=null(),
        leased_until=null(),
        updated_at=bindparam("now"),
        revision=bindparam("new_revision"),
    )
)
_FORGET = (
    update(_rows)
    .where(_rows.c.owner_id == bindparam("owner"), _rows.c.job_id == bindparam("job"))
    .values(input=null())
)
_RELEASE = update(_jobs).where(*_held).values(lease_id=null(), leased_until=null(), attempts=0)
_PURGE = delete(_jobs).where(_jobs.c.created_at < bindparam("before"))


class LeaseLost(Exception):  # noqa: N818 -- it is news for the worker, and no error of anybody.
    """Somebody else holds the job by now, or it is gone."""


class JobRepository(Repository):
    """The jobs of one person or organisation."""

    table = _jobs

    async def add_rows(self, job_id: UUID, inputs: Sequence[Mapping[str, Any]]) -> None:
        """Store what is to be done, in this order."""
        await self.transaction.execute(
            _ADD_ROWS,
            [
                {
                    "owner_id": self.owner_id,
                    "job_id": job_id,
                    "position": position,
                    "input": one,
                    "outcome": RowOutcome.WAITING,
                    "code": None,
                    "message": None,
                    "record_id": None,
                }
                for position, one in enumerate(inputs)
            ],
        )

    async def rows(self, job_id: UUID, *, after: int, limit: int) -> Sequence[Row[Any]]:
        """Some rows after a position."""
        values = {"owner": self.owner_id, "job": job_id, "after": after, "limit": limit}
        return (await self.transaction.execute(_ROWS, values)).all()


class JobsOfAll:
    """The jobs of everybody: for workers, and for members of several organisations."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def owner_of(self, job_id: UUID, owners: Collection[UUID]) -> UUID | None:
        """Which of some owners has the job."""
        values = {"owners": list(owners), "job": job_id}
        return (await self.transaction.execute(_OWNER_OF, values)).scalar_one_or_none()

    async def is_waiting(self, now: datetime) -> bool:
        """Whether a job waits for a worker."""
        return (await self.transaction.execute(_FREE, {"now": now})).one_or_none() is not None

    async def claim(self, lease: UUID, now: datetime, until: datetime) -> Row[Any] | None:
        """Take the oldest job that nobody holds; None when there is none."""
        found = (await self.transaction.execute(_FREE_AND_LOCKED, {"now": now})).one_or_none()
        if found is None:
            return None
        values = {"owner": found.owner_id, "job": found.id, "lease": lease, "until": until}
        return (await self.transaction.execute(_TAKE, values)).one_or_none()

    async def purge(self, before: datetime) -> None:
        """Delete jobs with their rows."""
        await self.transaction.execute(_PURGE, {"before": before})


class HeldJob:
    """A job as the worker that holds it sees it, in one transaction."""

    def __init__(self, transaction: Transaction, job: Row[Any]) -> None:
        self.transaction = transaction
        self._owner_id = job.owner_id
        self._this = {"owner": job.owner_id, "job": job.id}
        self._held = {**self._this, "lease": job.lease_id}

    async def lock(self) -> None:
        """Be the only one who writes to what its owner has, until the transaction ends."""
        self.transaction.enter(self._owner_id)
        await self.transaction.revise(self._owner_id)

    async def next_row(self) -> Row[Any] | None:
        """The first row without an outcome; None where there is none, or the job is not held."""
        return (await self.transaction.execute(_NEXT, self._held)).one_or_none()

    async def settle(  # noqa: PLR0913 -- the columns of a result, each named by the caller.
        self,
        position: int,
        outcome: RowOutcome,
        until: datetime,
        *,
        record_id: UUID | None = None,
        code: str | None = None,
        message: str | None = None,
    ) -> None:
        """Store what became of a row, forget what was sent, and hold the job until later.

        Raises:
            LeaseLost: somebody else has worked on the row meanwhile.
        """
        self.transaction.enter(self._owner_id)
        counted = await self.transaction.execute(
            _COUNT,
            {
                **self._held,
                "at": position,
                "one_succeeded": int(outcome is RowOutcome.SUCCEEDED),
                "one_failed": int(outcome is RowOutcome.FAILED),
                "until": until,
                **await self._stamp(),
            },
        )
        if counted.one_or_none() is None:
            raise LeaseLost
        await self.transaction.execute(
            _SETTLE,
            {
                **self._this,
                "at": position,
                "an_outcome": outcome,
                "a_code": code,
                "a_message": message,
                "a_record": record_id,
            },
        )

    async def finish(self, status: JobStatus) -> None:
        """End the job, if it is still held; nothing of what was sent stays."""
        values = {**self._held, "a_status": status, **await self._stamp()}
        ended = await self.transaction.execute(_FINISH, values)
        if ended.rowcount and status is JobStatus.FAILED:
            await self.transaction.execute(_FORGET, self._this)

    async def release(self) -> None:
        """Let another worker go on at once."""
        self.transaction.enter(self._owner_id)
        await self.transaction.execute(_RELEASE, self._held)

    async def _stamp(self) -> dict[str, Any]:
        revision = await self.transaction.revise(self._owner_id)
        return {"now": self.transaction.clock.now(), "new_revision": revision}
