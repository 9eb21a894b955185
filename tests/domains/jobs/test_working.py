"""What a worker does with a job: every row once, each with its result, whatever goes wrong."""

import asyncio
import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Row, func, select, update

from app.db.base import table_of
from app.db.transaction import Database, Transaction
from app.domains.jobs.models import Job, JobRow
from app.domains.jobs.service import RowWork, purge_jobs, run_jobs, run_next_job
from app.domains.jobs.service.working import LEASE, MAX_ATTEMPTS
from app.domains.jobs.terms import JOBS_KEPT, JobKind
from app.domains.rejections.models import Rejection
from app.kit.clock import SetClock
from app.kit.problems import IdTaken, invalid
from app.web.observing import configure_logging
from tests.conftest import Person
from tests.domains.acting import get, items, pages
from tests.domains.jobs.recording import RECORDING, queue, record

_jobs, _rows = table_of(Job), table_of(JobRow)


async def companies(person: Person) -> list[str]:
    """The companies of the person's rejections, the earliest recorded first."""
    found = await pages(person, "/v1/rejections", sort="created_at", limit=100)
    return [one["company_name"] for one in found]


async def inputs(database: Database) -> list[Any]:
    """What is still known of what was sent."""
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(select(_rows.c.input).where(_rows.c.input.is_not(None)))
        return list(found.scalars())


def working(run_row: Any) -> list[RowWork]:
    return [RowWork(JobKind.INVITATION_BATCH, run_row)]


async def test_rows_are_done_in_their_order_and_what_was_sent_is_forgotten(
    person: Person, database: Database
) -> None:
    job_id = await queue(database, person.id, ["A", "B", "C"])
    waiting = await get(person, f"/v1/jobs/{job_id}")
    assert (waiting["status"], waiting["total"], waiting["processed"]) == ("queued", 3, 0)
    assert [row["outcome"] for row in waiting["items"]] == ["waiting"] * 3
    assert len(await inputs(database)) == 3

    assert await run_next_job(database, [RECORDING])
    done = await get(person, f"/v1/jobs/{job_id}")
    assert (done["status"], done["processed"], done["succeeded"], done["failed"]) == (
        "completed",
        3,
        3,
        0,
    )
    assert done["finished_at"] is not None
    assert done["revision"] > waiting["revision"]
    recorded = await items(person, "/v1/rejections", sort="created_at")
    assert [one["company_name"] for one in recorded] == ["A", "B", "C"]
    assert [row["record_id"] for row in done["items"]] == [one["id"] for one in recorded]
    assert await inputs(database) == []
    assert not await run_next_job(database, [RECORDING])


async def test_a_row_that_fails_leaves_nothing_behind_but_its_reason(
    person: Person, database: Database
) -> None:
    log = io.StringIO()
    configure_logging("info", log)

    async def run_row(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        rejection_id = await record(transaction, job, said)
        match said["company"]:
            case "B":
                raise IdTaken
            case "C":
                raise invalid("/email", "blank", "must not be blank")
            case "D":
                raise RuntimeError("what somebody wrote")
            case _:
                return rejection_id

    job_id = await queue(database, person.id, ["A", "B", "C", "D", "E"])
    await run_next_job(database, working(run_row))
    job = await get(person, f"/v1/jobs/{job_id}")
    assert (job["status"], job["succeeded"], job["failed"]) == ("completed", 2, 3)
    assert [(row["outcome"], row["code"], row["message"]) for row in job["items"][1:4]] == [
        ("failed", "id-taken", "This id already names a different record"),
        ("failed", "invalid", "/email must not be blank"),
        ("failed", "internal", "Something broke on our side"),
    ]
    assert all(row["record_id"] is None for row in job["items"][1:4])
    assert await companies(person) == ["A", "E"]
    assert await inputs(database) == []
    assert "row_failed" in log.getvalue()
    assert "somebody" not in log.getvalue()


async def test_what_the_database_refuses_at_the_end_is_a_row_that_failed(
    person: Person, database: Database
) -> None:
    async def run_row(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        rejection_id = await record(transaction, job, said)
        if said["company"] == "A":
            # Deferred: the database looks at it when the transaction ends.
            rejections = table_of(Rejection)
            await transaction.execute(
                update(rejections).where(rejections.c.id == rejection_id),
                {"opportunity_id": uuid4()},
            )
        return rejection_id

    job_id = await queue(database, person.id, ["A", "B"])
    await run_next_job(database, working(run_row))
    job = await get(person, f"/v1/jobs/{job_id}")
    assert [row["code"] for row in job["items"]] == ["conflict", None]
    assert await companies(person) == ["B"]


async def test_several_workers_do_every_row_of_every_job_once(
    person: Person, stranger: Person, database: Database
) -> None:
    names = [str(number) for number in range(10)]
    for owner in (person, stranger, person):
        await queue(database, owner.id, names)
    await asyncio.gather(*(run_next_job(database, [RECORDING]) for _ in range(4)))
    while await run_next_job(database, [RECORDING]):
        pass
    assert sorted(await companies(person)) == sorted(names * 2)
    assert sorted(await companies(stranger)) == names


async def test_a_job_stays_with_its_worker_until_the_lease_has_run_out(
    person: Person, database: Database, clock: SetClock
) -> None:
    async def busy(*_: Any) -> UUID:
        raise TimeoutError

    await queue(database, person.id, ["A"])
    with pytest.raises(TimeoutError):
        await run_next_job(database, working(busy))
    clock.advance(LEASE)
    assert not await run_next_job(database, [RECORDING])
    clock.advance(timedelta(seconds=1))
    assert await run_next_job(database, [RECORDING])
    assert await companies(person) == ["A"]


async def test_a_worker_that_lost_its_lease_changes_nothing_more(
    person: Person, database: Database
) -> None:
    async def steal() -> None:
        async with database.write(everyone=True) as transaction:
            await transaction.execute(update(_jobs), {"lease_id": uuid4()})

    async def run_row(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        if said["company"] == "A":
            transaction.after_commit(steal)
        return await record(transaction, job, said)

    job_id = await queue(database, person.id, ["A", "B"])
    assert await run_next_job(database, working(run_row))
    job = await get(person, f"/v1/jobs/{job_id}")
    assert (job["status"], job["processed"]) == ("running", 1)
    assert await companies(person) == ["A"]


async def test_a_row_is_taken_back_when_the_lease_is_lost_in_the_middle_of_it(
    person: Person, database: Database, clock: SetClock
) -> None:
    async def run_row(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        rejection_id = await record(transaction, job, said)
        if said["company"] == "A":
            # As another worker would, who cannot do so for real while this one holds the lock.
            await transaction.execute(update(_jobs), {"lease_id": uuid4()})
        if said["company"] == "B":
            await transaction.execute(update(_jobs), {"lease_id": uuid4()})
            raise IdTaken
        return rejection_id

    for company in ("A", "B"):
        await queue(database, person.id, [company])
        assert await run_next_job(database, working(run_row))
    assert await companies(person) == []
    clock.advance(LEASE + timedelta(seconds=1))
    while await run_next_job(database, [RECORDING]):
        pass
    assert await companies(person) == ["A"]


async def test_a_worker_that_is_told_to_stop_ends_its_row_and_hands_the_job_on(
    person: Person, database: Database
) -> None:
    stop = asyncio.Event()

    async def run_row(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        stop.set()
        return await record(transaction, job, said)

    await queue(database, person.id, ["A", "B"])
    async with asyncio.timeout(10):
        await run_jobs(database, working(run_row), stop)
    assert await companies(person) == ["A"]
    assert await run_next_job(database, [RECORDING])
    assert await companies(person) == ["A", "B"]


async def test_a_failure_is_logged_without_its_words_and_the_worker_goes_on(
    person: Person, database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.domains.jobs.service.working.ROUND_S", 0.01)
    log = io.StringIO()
    configure_logging("info", log)
    stop, attempts = asyncio.Event(), 0

    async def fail_once(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            clock.advance(LEASE + timedelta(seconds=1))
            raise ConnectionError("what somebody wrote")
        stop.set()
        return await record(transaction, job, said)

    await queue(database, person.id, ["A"])
    async with asyncio.timeout(10):
        await run_jobs(database, working(fail_once), stop)
    assert await companies(person) == ["A"]
    assert "job_failed" in log.getvalue()
    assert "somebody" not in log.getvalue()


async def test_a_job_whose_row_kills_its_workers_is_given_up(
    person: Person, database: Database, clock: SetClock
) -> None:
    runs = 0

    async def kill(transaction: Transaction, job: Row[Any], said: Mapping[str, Any]) -> UUID:
        nonlocal runs
        if said["company"] == "A":
            return await record(transaction, job, said)
        runs += 1
        raise ConnectionError

    job_id = await queue(database, person.id, ["A", "B", "C"])
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(ConnectionError):
            await run_next_job(database, working(kill))
        clock.advance(LEASE + timedelta(seconds=1))
    # The first time it was taken, a row was done: that time does not count.
    with pytest.raises(ConnectionError):
        await run_next_job(database, working(kill))
    clock.advance(LEASE + timedelta(seconds=1))
    assert await run_next_job(database, working(kill))
    assert runs == MAX_ATTEMPTS + 1
    job = await get(person, f"/v1/jobs/{job_id}")
    assert (job["status"], job["succeeded"], job["failed"]) == ("failed", 1, 0)
    assert [row["outcome"] for row in job["items"]] == ["succeeded", "waiting", "waiting"]
    assert await inputs(database) == []
    assert not await run_next_job(database, working(kill))


async def test_jobs_are_forgotten_after_thirty_days_with_their_rows(
    person: Person, database: Database, clock: SetClock
) -> None:
    job_id = await queue(database, person.id, ["A"])
    clock.advance(JOBS_KEPT)
    await purge_jobs(database)
    await get(person, f"/v1/jobs/{job_id}")
    clock.advance(timedelta(seconds=1))
    await purge_jobs(database)
    async with database.read(everyone=True) as transaction:
        for table in (_jobs, _rows):
            found = await transaction.execute(select(func.count()).select_from(table))
            assert found.scalar_one() == 0
