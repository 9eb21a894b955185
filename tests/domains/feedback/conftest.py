"""What happened, as other rooms are told of it; and property tests without a deadline."""

import pytest
from hypothesis import settings

from app.auth.caller import Caller
from app.db.transaction import Database, Transaction
from app.domains.feedback import events
from app.kit.events import Event

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def told(database: Database) -> list[Event]:
    """Every fact that this room states from now on, with all that other rooms learn by it."""
    found: list[Event] = []

    async def hear(_: Transaction, __: Caller, event: Event) -> None:
        found.append(event)

    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, Event) and hasattr(kind, "type"):
            database.reactions.on(kind, hear)
    return found
