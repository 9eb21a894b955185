"""What the tests of this room share: an unhurried hypothesis, and an ear for what is stated."""

from typing import Any

import pytest
from hypothesis import settings

from app.db.transaction import Database
from app.domains.opportunities import events
from app.kit.events import Event

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

KINDS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and hasattr(kind, "type")
]


@pytest.fixture
def stated(database: Database) -> list[Event]:
    """Every fact of this room, as it is stated."""
    heard: list[Event] = []

    async def hear(_: Any, __: Any, event: Event) -> None:
        heard.append(event)

    for kind in KINDS:
        database.reactions.on(kind, hear)
    return heard
