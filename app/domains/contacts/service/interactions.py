"""Noting what was said and done, which moves the rhythm of contact."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.contacts import rules
from app.domains.contacts.errors import nobody_named
from app.domains.contacts.events import (
    InteractionCompleted,
    InteractionDeleted,
    InteractionRecorded,
    InteractionReopened,
    InteractionUpdated,
)
from app.domains.contacts.repository import InteractionRepository
from app.domains.contacts.schemas import InteractionCreate, InteractionPatch, InteractionQuery
from app.domains.contacts.service.companies import CompanyService
from app.domains.contacts.service.contacts import ContactService
from app.domains.contacts.terms import InteractionStatus
from app.kit.events import Event
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

Latest = Mapping[UUID, datetime | None]
"""When the latest interaction with some companies was done."""


class InteractionService(Service):
    """Records, lists, changes and deletes interactions."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.interactions = InteractionRepository(transaction, caller)
        self.contacts = ContactService(transaction, caller)
        self.companies = CompanyService(transaction, caller)

    async def list(self, query: InteractionQuery) -> Page:
        """One page of the person's interactions."""
        return await self.interactions.page(query)

    async def get(self, interaction_id: UUID) -> Any:
        """One interaction; raises NotFound."""
        return await self.interactions.get(interaction_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the interactions that were done in a period."""
        return await self.interactions.outline(period)

    async def record(self, body: InteractionCreate) -> Any:
        """Note something that is done, planned or drafted.

        Raises:
            Invalid: it names neither a contact nor a company, or none of the person's; or a time
                that does not fit its status.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.interactions.find_repeat(body):
            return Existing(repeated)
        if body.contact_id is None and body.company_id is None:
            raise nobody_named()
        values = body.model_dump()
        await self.interactions.check_references(values)
        values["contact_name"] = await self._name_of(body.contact_id)
        values["occurred_at"] = rules.occurrence(body.status, body.occurred_at, self.clock.now())
        latest = await self._latest_with(body.company_id)
        row = await self.interactions.insert(values)
        kind = InteractionCompleted if _is_done(row) else InteractionRecorded
        await self.state(kind(record_id=row.id, **_facts(row)))
        await self._follow(None, row, latest)
        return row

    async def update(
        self, interaction_id: UUID, patch: InteractionPatch, precondition: Precondition
    ) -> Any:
        """Change an interaction, have it done, or take it back.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            Invalid: as when recording it.
        """
        before, changes = await self.interactions.change(interaction_id, patch, precondition)
        if not changes:
            return before
        status = changes.get("status", before.status)
        rules.check_transition(before.status, status)
        kept = before.occurred_at if status is InteractionStatus.DONE else None
        changes["occurred_at"] = rules.occurrence(
            status, changes.get("occurred_at", kept), self.clock.now()
        )
        if not changes.keys().isdisjoint(("contact_id", "company_id")):
            contact_id = changes.get("contact_id", before.contact_id)
            company_id = changes.get("company_id", before.company_id)
            if contact_id is None and company_id is None:
                raise nobody_named()
        await self.interactions.check_references(changes)
        if "contact_id" in changes:
            changes["contact_name"] = await self._name_of(changes["contact_id"])
        latest = await self._latest_with(before.company_id, changes.get("company_id"))
        row = await self.interactions.update(interaction_id, changes)
        told: type[Event] = InteractionUpdated
        if _is_done(row) is not _is_done(before):
            told = InteractionCompleted if _is_done(row) else InteractionReopened
        await self.state(told(record_id=row.id, **_facts(row), was=_facts(before)))
        await self._follow(before, row, latest)
        return row

    async def delete(self, interaction_id: UUID, precondition: Precondition) -> None:
        """Delete an interaction; a done one no longer counts.

        Raises:
            NotFound, PreconditionFailed.
        """
        row = await self.interactions.lock(interaction_id)
        precondition.check(row.revision)
        latest = await self._latest_with(row.company_id)
        # Stated before the row goes, while other records still know that it concerns them.
        await self.state(InteractionDeleted(record_id=interaction_id))
        await self.interactions.delete(interaction_id)
        await self._follow(row, None, latest)

    async def _name_of(self, contact_id: UUID | None) -> str | None:
        """The name of a contact, to be kept with the interaction."""
        if contact_id is None:
            return None
        return str((await self.contacts.get(contact_id)).name)

    async def _latest_with(self, *company_ids: UUID | None) -> Latest:
        return {
            company_id: await self.companies.last_interaction_at(company_id)
            for company_id in company_ids
            if company_id is not None
        }

    async def _follow(self, before: Any, after: Any, latest: Latest) -> None:
        """Bring up to date whom an interaction concerned before and concerns now.

        `latest` is how things stood with the companies before the change.
        """
        if not (_is_done(before) or _is_done(after)):
            return
        for contact_id in sorted({_of(before, "contact_id"), _of(after, "contact_id")} - {None}):
            was, stands = _invites(before, contact_id), _invites(after, contact_id)
            await self.contacts.follow_interactions(
                contact_id, invited=stands and not was, withdrawn=was and not stands
            )
        for company_id, before_at in sorted(latest.items()):
            after_at = await self.companies.last_interaction_at(company_id)
            await self.companies.follow_interactions(company_id, before_at, after_at)


def _of(row: Any, name: str) -> Any:
    return None if row is None else getattr(row, name)


def _is_done(row: Any) -> bool:
    return _of(row, "status") is InteractionStatus.DONE


def _invites(row: Any, contact_id: UUID) -> bool:
    """Whether an interaction is a sent invitation to a contact."""
    return _of(row, "contact_id") == contact_id and rules.is_invitation(
        row.kind, row.direction, row.status
    )


def _facts(row: Any) -> dict[str, Any]:
    """What other rooms need to know of an interaction."""
    names = ("kind", "direction", "status", "contact_id", "company_id", "rejection_id")
    return {name: getattr(row, name) for name in (*names, "occurred_at")}
