"""A receiver on loopback, and a worker that takes its rounds when a test says so."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.db.transaction import Database
from app.domains.webhooks.service import Courier
from app.kit.clock import SetClock, SystemClock
from tests.domains.webhooks.receiving import Receiver


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    return {"webhook_networks": "127.0.0.0/8", "webhook_timeout_seconds": 3}


@pytest.fixture
def clock() -> SetClock:
    """The reference library refuses messages of another day than the machine's."""
    return SetClock(SystemClock().now())


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver.listening() as listening:
        yield listening


class Worker:
    """Takes a round, and waits until nothing is under way."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def __call__(self) -> None:
        courier = Courier(self.database)
        await courier.round()
        await courier.finish()


@pytest.fixture
def work(database: Database) -> Worker:
    return Worker(database)
