"""`rebound worker`: a process beside the API that beats, works, and stops when told."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.db.jobs import HEARTBEAT, worker_is_alive
from app.db.transaction import Database
from app.kit.clock import SetClock, SystemClock
from app.main import jobs
from app.settings import Settings
from tests.fixtures.live import database_settings


@pytest.fixture
def clock() -> SetClock:
    """The worker lives by the machine's clock, and so does this test."""
    return SetClock(SystemClock().now())


@pytest.fixture
def changed_settings() -> dict[str, str]:
    return {"worker": "external"}


async def test_a_worker_makes_the_server_ready_and_stops_in_order(
    settings: Settings, database: Database, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    assert (await client.get("/readyz")).status_code == 503
    environment = {
        **os.environ,
        **database_settings(settings.database_url),
        "REBOUND_SECRET_KEY": "a secret of the tests, long enough",
        "REBOUND_DATA_PATH": str(tmp_path),
    }
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 -- it only has to be started
            [sys.executable, "-m", "app", "worker"],
            env=environment,
            cwd=tmp_path,
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + 20
        while (await client.get("/readyz")).status_code != 200:
            assert process.poll() is None
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        async with database.read(everyone=True) as transaction:
            assert await worker_is_alive(transaction)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
    assert (tmp_path / "worker.log").read_text() == ""


def test_the_heartbeat_comes_first_so_that_long_work_does_not_hide_it() -> None:
    assert next(iter(jobs())).name == HEARTBEAT
