"""Occasions to meet people, and whom one met there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.contacts.events import (
    NetworkingEventDeleted,
    NetworkingEventRecorded,
    NetworkingEventUpdated,
)
from app.domains.contacts.repository import NetworkingEventRepository
from app.domains.contacts.schemas import (
    NetworkingEventCreate,
    NetworkingEventPatch,
    NetworkingEventQuery,
)
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class NetworkingEventService(Service):
    """Adds, lists, changes and deletes networking events."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.events = NetworkingEventRepository(transaction, caller)

    async def list(self, query: NetworkingEventQuery) -> Page:
        """One page of the person's networking events."""
        return await self.events.page(query)

    async def get(self, event_id: UUID) -> Any:
        """One networking event with whom the person met there; raises NotFound."""
        return await self.events.get(event_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the events attended that began, or were noted, in a period."""
        return await self.events.outline(period)

    async def add(self, body: NetworkingEventCreate) -> Any:
        """Note an occasion to meet people, before or after it.

        Raises:
            Invalid: a contact is none of the person's.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.events.find_repeat(body):
            return Existing(repeated)
        values = body.model_dump()
        await self.events.check_references(values)
        row = await self.events.insert(values)
        await self.state(NetworkingEventRecorded(record_id=row.id, status=row.status))
        return row

    async def update(
        self, event_id: UUID, patch: NetworkingEventPatch, precondition: Precondition
    ) -> Any:
        """Change an occasion: whether one goes there, and whom one met.

        Raises:
            NotFound, PreconditionFailed.
            Invalid: a contact is none of the person's.
        """
        before, changes = await self.events.change(event_id, patch, precondition)
        if not changes:
            return before
        await self.events.check_references(changes)
        row = await self.events.update(event_id, changes)
        was = {"status": before.status}
        await self.state(NetworkingEventUpdated(record_id=row.id, status=row.status, was=was))
        return row

    async def delete(self, event_id: UUID, precondition: Precondition) -> None:
        """Delete an occasion; the contacts met there stay.

        Raises:
            NotFound, PreconditionFailed.
        """
        row = await self.events.lock(event_id)
        precondition.check(row.revision)
        # Stated before the row goes, while other records still know that it concerns them.
        await self.state(NetworkingEventDeleted(record_id=event_id))
        await self.events.delete(event_id)
