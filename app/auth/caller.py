"""The caller, and the base of all use cases that act for one."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from app.auth.consent import COLLECTIONS, MIXED_COLLECTIONS, Consent
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, OrganizationRole
from app.kit.events import Event
from app.kit.terms import Language

if TYPE_CHECKING:
    from app.db.transaction import Transaction


@dataclass(frozen=True)
class Capacity:
    """In which capacity somebody acts for an organisation: as a member, or as its program."""

    organization_id: UUID
    role: OrganizationRole
    membership_id: UUID | None


@dataclass(frozen=True)
class Caller:
    """An authenticated request: whose records it may touch, and how to speak to the person.

    `owner_id` is the person or organisation whose records are meant, `actor_id` the account or the
    organisation's key that acts. `consent` says what a person agreed to when somebody else acts
    for them, and `capacity` who it is when the owner is an organisation.
    """

    owner_id: UUID
    actor_id: UUID
    session_id: UUID | None
    signed_in_at: datetime | None
    scopes: frozenset[Scope]
    language: Language
    time_zone: str
    country: str | None
    consent: Consent | None = None
    capacity: Capacity | None = None
    client: str | None = None
    """What the owner of an API key calls it."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """Where the person lives, for what depends on a local day."""
        return ZoneInfo(self.time_zone)

    @property
    def is_program(self) -> bool:
        """Whether it is a program of an organisation that acts, and nobody's account."""
        return self.capacity is not None and self.capacity.membership_id is None

    def at(self, owner_id: UUID) -> "Caller":
        """The same actor at the records of another owner, for a use case that concerns both."""
        return replace(self, owner_id=owner_id, consent=None, capacity=None)

    def may(self, category: ConsentCategory, access: ConsentAccess = ConsentAccess.READ) -> bool:
        """Whether data of a category may be seen, or changed; one's own always may."""
        return self.consent is None or category in self.consent.granted(access)

    def sees(self, collection: str) -> bool:
        """Whether the records of a table may be seen; what has no category is the person's own."""
        if self.consent is None or collection in MIXED_COLLECTIONS:
            return True
        return COLLECTIONS.get(collection) in self.consent.readable

    @property
    def left_out(self) -> list[ConsentCategory]:
        """The categories that no answer to this caller holds."""
        return [one for one in ConsentCategory if not self.may(one)]

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The tables whose records may not be seen."""
        if self.consent is None:
            return frozenset()
        readable = self.consent.readable
        return frozenset(name for name, of in COLLECTIONS.items() if of not in readable)


@dataclass(frozen=True)
class Holder:
    """Whoever's records are touched in another way than by a request of their own."""

    owner_id: UUID

    def sees(self, _: str) -> bool:
        """All of their records."""
        return True


class Service:
    """A room's use cases: one public method each, on one transaction, for one caller."""

    def __init__(self, transaction: "Transaction", caller: Caller) -> None:
        self.transaction = transaction
        self.caller = caller
        self.clock = transaction.clock

    async def state(self, event: Event) -> None:
        """State a fact; rooms that wait for it react in this transaction."""
        await self.transaction.state(self.caller, event)
