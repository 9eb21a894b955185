"""Queueing a job, and looking how far it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.standing_in import organizations_of
from app.db.transaction import Transaction
from app.domains.jobs.repository import JobRepository, JobsOfAll
from app.domains.jobs.schemas import JobRowsQuery
from app.domains.jobs.terms import JobKind, JobStatus
from app.kit.problems import NotFound

BEFORE_THE_FIRST = -1


class JobService(Service):
    """Work that goes on after the answer."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.jobs = JobRepository(transaction, caller)

    async def queue(self, kind: JobKind, inputs: Sequence[Mapping[str, Any]]) -> Any:
        """A new job of whoever the caller acts for, with one row for each input.

        An input is plain JSON; it is forgotten when its row is done.
        """
        job = await self.jobs.insert(
            {
                "kind": kind,
                "status": JobStatus.QUEUED,
                "actor_id": self.caller.actor_id,
                "language": self.caller.language,
                "total": len(inputs),
                "succeeded": 0,
                "failed": 0,
                "finished_at": None,
                "attempts": 0,
                "lease_id": None,
                "leased_until": None,
            }
        )
        await self.jobs.add_rows(job.id, inputs)
        return await self._show(self.jobs, job, JobRowsQuery())

    async def get(self, job_id: UUID, query: JobRowsQuery) -> Any:
        """One job of the caller, or of an organisation for whose clients they may act.

        Raises:
            NotFound: there is none that the caller may see.
            InvalidCursor: the cursor was made for another job.
        """
        job = await self.jobs.find(job_id)
        if job is not None:
            return await self._show(self.jobs, job, query)
        jobs = await self._of_organization(job_id)
        return await self._show(jobs, await jobs.get(job_id), query)

    async def _of_organization(self, job_id: UUID) -> JobRepository:
        """The jobs of that organisation of the caller's which has this one."""
        owner_id = None
        if not self.caller.is_program:
            with self.transaction.everyone():
                organizations = await organizations_of(self.transaction, self.caller.actor_id)
                owner_id = await JobsOfAll(self.transaction).owner_of(job_id, organizations)
        if owner_id is None:
            raise NotFound
        self.transaction.enter(owner_id)
        return JobRepository(self.transaction, replace(self.caller, owner_id=owner_id))

    async def _show(self, jobs: JobRepository, job: Any, query: JobRowsQuery) -> Any:
        cursors = self.transaction.database.cursors
        binding = json.dumps([jobs.owner_id.hex, "job_rows", job.id.hex])
        after = BEFORE_THE_FIRST
        if query.cursor is not None:
            (after,) = cursors.decode(binding, query.cursor)
        rows = await jobs.rows(job.id, after=after, limit=query.limit + 1)
        shown = rows[: query.limit]
        has_more = len(rows) > query.limit
        return {
            **job._mapping,  # noqa: SLF001 -- SQLAlchemy's public name
            "processed": job.succeeded + job.failed,
            "items": shown,
            "next_cursor": cursors.encode(binding, [shown[-1].position]) if has_more else None,
        }
