"""The caller, and the base of all use cases that act for one."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from app.auth.scopes import Scope
from app.kit.events import Event
from app.kit.terms import Language

if TYPE_CHECKING:
    from app.db.transaction import Transaction


@dataclass(frozen=True)
class Caller:
    """An authenticated request: whose records it may touch, and how to speak to the person.

    `owner_id` is the person whose records are meant, `actor_id` the one who acts.
    """

    owner_id: UUID
    actor_id: UUID
    session_id: UUID
    signed_in_at: datetime
    scopes: frozenset[Scope]
    language: Language
    time_zone: str
    country: str | None

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the person lives, for what depends on a local day."""
        return ZoneInfo(self.time_zone)


class Service:
    """A room's use cases: one public method each, on one transaction, for one caller."""

    def __init__(self, transaction: "Transaction", caller: Caller) -> None:
        self.transaction = transaction
        self.caller = caller
        self.clock = transaction.clock

    async def state(self, event: Event) -> None:
        """State a fact; rooms that wait for it react in this transaction."""
        await self.transaction.state(self.caller, event)
