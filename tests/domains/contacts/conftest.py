"""What the tests of contacts share: the facts that the room states."""

import pytest

from app.db.transaction import Database
from app.domains.contacts import events
from app.kit.events import Event
from tests.domains.acting import listen


@pytest.fixture
def told(database: Database) -> list[Event]:
    """Every fact about the network that is stated from now on, in order."""
    return listen(database, events)
