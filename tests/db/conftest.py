"""A database without an application around it."""

from collections.abc import AsyncIterator

import pytest

from app.db.transaction import Database
from app.kit.clock import SetClock
from app.main import create_database
from app.settings import Settings


@pytest.fixture
async def house(settings: Settings, clock: SetClock) -> AsyncIterator[Database]:
    """A migrated, empty database with everything that use cases share."""
    database = create_database(settings, clock)
    yield database
    await database.engine.dispose()
