"""A worker that is killed again and again: no row is lost, and none is done twice."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.db.base import table_of
from app.db.schema_version import ROOT
from app.db.transaction import Database
from app.domains.jobs.models import Job
from app.domains.jobs.terms import JobStatus
from app.kit.clock import SetClock, SystemClock
from app.settings import Settings
from tests.conftest import Person
from tests.domains.acting import get, pages
from tests.domains.jobs.recording import queue

ROWS = 120
KILLS = 3
START_TIMEOUT_S = 60

pytestmark = pytest.mark.thorough

_jobs = table_of(Job)


@pytest.fixture
def clock() -> SetClock:
    """The worker lives by the machine's clock, and so does this test."""
    return SetClock(SystemClock().now())


@contextmanager
def worker(settings: Settings, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that works on jobs, killed at the end if it still lives."""
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.domains.jobs.recording"),
                *(settings.database_url, str(folder)),
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def done(database: Database, job_id: UUID, *, at_least: int) -> int:
    """How many rows have their result, once there are so many."""
    counted = select((_jobs.c.succeeded + _jobs.c.failed).label("processed"), _jobs.c.status).where(
        _jobs.c.id == job_id
    )
    async with asyncio.timeout(START_TIMEOUT_S):
        while True:
            async with database.read(everyone=True) as transaction:
                found = (await transaction.execute(counted)).one()
            if found.status is JobStatus.COMPLETED or found.processed >= at_least:
                return int(found.processed)
            await asyncio.sleep(0.002)


async def let_go(database: Database, owner_id: UUID) -> None:
    """Let the lease of the killed worker have run out."""
    async with database.write() as transaction:
        transaction.enter(owner_id)
        await transaction.execute(update(_jobs), {"leased_until": SystemClock().now()})


async def test_every_row_is_done_once_although_workers_are_killed_in_the_middle(
    person: Person, database: Database, settings: Settings, tmp_path: Path
) -> None:
    names = [f"Example {number}" for number in range(ROWS)]
    job_id = await queue(database, person.id, names)
    seen = 0
    for _ in range(KILLS):
        with worker(settings, tmp_path) as process:
            before = seen
            seen = await done(database, job_id, at_least=seen + ROWS // (2 * KILLS))
            process.kill()
            assert process.wait() == -9
        assert before < seen < ROWS, "each is killed in the middle of its work"
        await let_go(database, person.id)
    with worker(settings, tmp_path):
        assert await done(database, job_id, at_least=ROWS) == ROWS

    recorded = await pages(person, "/v1/rejections", limit=100)
    assert Counter(one["company_name"] for one in recorded) == Counter(names)
    job = await get(person, f"/v1/jobs/{job_id}", limit=100)
    assert (job["succeeded"], job["failed"]) == (ROWS, 0)
    rows = (
        job["items"]
        + (await get(person, f"/v1/jobs/{job_id}", limit=100, cursor=job["next_cursor"]))["items"]
    )
    assert {row["record_id"] for row in rows} == {one["id"] for one in recorded}
    assert (tmp_path / "worker.log").read_text() == ""
