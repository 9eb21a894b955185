"""Recurring work: due once, by one worker, again after a failure."""

import asyncio
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.base import table_of
from app.db.jobs import (
    HEARTBEAT_JOB,
    HEARTBEAT_LOST_AFTER,
    LEASE,
    Job,
    ScheduledJob,
    run_due,
    schedule,
    work,
    worker_is_alive,
)
from app.db.transaction import Database
from app.kit.clock import SetClock
from app.main import jobs
from app.web.observing import configure_logging

HOUR = timedelta(hours=1)


class Counted:
    """Work that counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self, _: Database) -> None:
        self.runs += 1
        await asyncio.sleep(0.02)


async def state(database: Database) -> dict[str, Any]:
    async with database.read(everyone=True) as transaction:
        rows = await transaction.execute(select(table_of(ScheduledJob)))
        return {row.name: row for row in rows}


async def test_a_due_job_runs_once_although_four_workers_look_for_it(house: Database) -> None:
    counted = Counted()
    due = [Job("a", HOUR, counted), Job("b", HOUR, counted)]
    await asyncio.gather(*(schedule(house, due) for _ in range(4)))
    ran = await asyncio.gather(*(run_due(house, due) for _ in range(4)))
    assert counted.runs == 2
    assert sorted(name for names in ran for name in names) == ["a", "b"]


async def test_a_job_is_due_again_after_its_time(house: Database, clock: SetClock) -> None:
    counted = Counted()
    due = [Job("a", HOUR, counted)]
    await schedule(house, due)
    assert await run_due(house, due) == ["a"]
    clock.advance(HOUR - timedelta(seconds=1))
    assert await run_due(house, due) == []
    clock.advance(timedelta(seconds=1))
    await schedule(house, due)
    assert await run_due(house, due) == ["a"]
    assert counted.runs == 2


async def test_what_a_killed_worker_held_is_taken_over_when_its_lease_has_run_out(
    house: Database, clock: SetClock
) -> None:
    started = asyncio.Event()

    async def hang(_: Database) -> None:
        started.set()
        await asyncio.sleep(60)

    await schedule(house, [Job("a", HOUR, hang)])
    killed = asyncio.create_task(run_due(house, [Job("a", HOUR, hang)]))
    await started.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    counted = Counted()
    clock.advance(LEASE)
    assert await run_due(house, [Job("a", HOUR, counted)]) == []
    clock.advance(timedelta(seconds=1))
    assert await run_due(house, [Job("a", HOUR, counted)]) == ["a"]


async def test_a_failure_is_logged_without_its_words_and_tried_again(
    house: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.jobs.ROUND_S", 0.01)
    log = io.StringIO()
    configure_logging("info", log)
    stop, attempts = asyncio.Event(), 0

    async def fail_once(_: Database) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            clock.advance(LEASE + timedelta(seconds=1))
            raise RuntimeError("what somebody wrote")
        stop.set()

    async with asyncio.timeout(10):
        await work(house, [Job("a", HOUR, fail_once)], stop)
    assert attempts == 2
    assert (await state(house))["a"].succeeded_at == clock.now()
    [line] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["event"], line["exception"]) == ("job_failed", "RuntimeError")
    assert "somebody" not in log.getvalue()


async def test_a_job_in_progress_is_finished_before_the_worker_stops(house: Database) -> None:
    stop, done = asyncio.Event(), False

    async def take_time(_: Database) -> None:
        nonlocal done
        stop.set()
        await asyncio.sleep(0.05)
        done = True

    async with asyncio.timeout(10):
        await work(house, [Job("a", HOUR, take_time)], stop)
    assert done
    assert (await state(house))["a"].succeeded_at is not None


async def test_a_worker_is_alive_for_a_minute_after_its_last_beat(
    house: Database, clock: SetClock
) -> None:
    async def alive() -> bool:
        async with house.read(everyone=True) as transaction:
            return await worker_is_alive(transaction)

    assert not await alive()
    await schedule(house, [HEARTBEAT_JOB])
    assert not await alive()
    await run_due(house, [HEARTBEAT_JOB])
    clock.advance(HEARTBEAT_LOST_AFTER - timedelta(seconds=1))
    assert await alive()
    clock.advance(timedelta(seconds=1))
    assert not await alive()


async def test_all_jobs_of_the_program_run(house: Database) -> None:
    names = [job.name for job in jobs()]
    assert len(set(names)) == len(names) > 3
    await schedule(house, jobs())
    assert await run_due(house, jobs()) == names
    assert all(job.succeeded_at for job in (await state(house)).values())
