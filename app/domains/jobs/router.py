"""The operation that shows how far work is."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import OwnerGuard
from app.auth.scopes import Scope
from app.domains.jobs.schemas import Job, JobRowsQuery
from app.domains.jobs.service import JobService
from app.kit.fields import Id
from app.web.routing import Router

JobReader = Annotated[JobService, OwnerGuard(JobService, Scope.JOBS_READ)]

router = Router(prefix="/v1/jobs", tags=["Organizations"])


@router.get("/{job_id}", summary="See how far a job is")
async def get_job(job_id: Id, query: Annotated[JobRowsQuery, Query()], jobs: JobReader) -> Job:
    """How far work on many rows is, such as a batch of invitations, and what became of each row.

    Ask again every few seconds with `If-None-Match` until `status` is `completed` or `failed`;
    `processed` of `total` makes a progress bar. Each row has its `outcome` and, where it failed,
    the `code` of a problem: correct those rows and send them again. `cursor` pages through the
    rows. You see your own jobs and those of organisations where you are an admin or a coach; a job
    is kept for 30 days.
    """
    return await jobs.get(job_id, query)
