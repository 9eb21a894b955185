"""Keeping people in view, and the rhythm of contact."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.db.veils import PRIVATE
from app.domains.contacts import rules
from app.domains.contacts.errors import details_are_private
from app.domains.contacts.events import ContactDeleted, ContactRecorded, ContactUpdated
from app.domains.contacts.repository import ContactRepository, InteractionRepository
from app.domains.contacts.rules import Rhythm
from app.domains.contacts.schemas import ContactCreate, ContactPatch, ContactQuery
from app.domains.contacts.service.companies import CompanyService
from app.domains.contacts.terms import CONTACT_DETAILS
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing, Request


class ContactService(Service):
    """Adds, lists, changes and deletes contacts.

    Somebody who acts for the person sees no details of a contact, and writes none.
    """

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.contacts = ContactRepository(transaction, caller)
        self.interactions = InteractionRepository(transaction, caller)
        self.companies = CompanyService(transaction, caller)

    async def list(self, query: ContactQuery) -> Page:
        """One page of the person's contacts."""
        page = await self.contacts.page(query)
        return Page([self.contacts.as_seen(row) for row in page.items], page.next_cursor)

    async def get(self, contact_id: UUID) -> Any:
        """One contact; raises NotFound."""
        return self.contacts.as_seen(await self.contacts.get(contact_id))

    async def due(self, on: date) -> Sequence[Any]:
        """Contacts whose day has come, the longest due first."""
        return await self.contacts.due(on)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the contacts that were added in a period."""
        return await self.contacts.outline(period)

    async def add(self, body: ContactCreate) -> Any:
        """Add somebody; a company's name that is typed finds or makes the company.

        Raises:
            Invalid: no such company; details that are for the person alone to write.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        self._check_details(body)
        if repeated := await self.contacts.find_repeat(body):
            return Existing(self.contacts.as_seen(repeated))
        values = body.model_dump()
        await self.contacts.check_references(values)
        values |= await self.companies.link(body.given())
        rhythm = self._rhythm(body.cadence_days, None, self.clock.now())
        values["next_follow_up_on"] = values["next_follow_up_on"] or rhythm.next_on
        contact = await self.contacts.insert({**values, "last_interaction_at": None})
        await self.state(ContactRecorded(record_id=contact.id, **_facts(contact)))
        return self.contacts.as_seen(contact)

    async def update(
        self, contact_id: UUID, patch: ContactPatch, precondition: Precondition
    ) -> Any:
        """Change a contact; a new cadence moves the day that the old one had set.

        The interactions carry a new name at once, so that they are found by it and keep it.

        Raises:
            NotFound, PreconditionFailed.
            Invalid: no such company; details that are for the person alone to write.
        """
        self._check_details(patch)
        before, changes = await self.contacts.change(contact_id, patch, precondition)
        if not changes:
            return self.contacts.as_seen(before)
        await self.contacts.check_references(changes)
        given = patch.given()
        if not changes.keys().isdisjoint(("company_id", "company_name")):
            changes |= await self.companies.link(given)
        if "cadence_days" in changes and "next_follow_up_on" not in given:
            last_at = before.last_interaction_at
            changes["next_follow_up_on"] = rules.next_day(
                before.next_follow_up_on,
                self._rhythm(before.cadence_days, last_at, before.created_at),
                self._rhythm(changes["cadence_days"], last_at, before.created_at),
            )
        if "name" in changes:
            await self.interactions.rename(contact_id, changes["name"])
        return self.contacts.as_seen(await self._change(before, changes))

    async def follow_interactions(
        self, contact_id: UUID, *, invited: bool, withdrawn: bool
    ) -> None:
        """Bring a contact up to date after an interaction with them was done or taken back.

        `invited` says that an invitation to connect was sent, `withdrawn` that one was not after
        all.
        """
        contact = await self.contacts.get(contact_id)
        last_at = await self.contacts.last_interaction_at(contact_id)
        withdrawn = withdrawn and not await self.contacts.is_invited(contact_id)
        wanted = {
            "last_interaction_at": last_at,
            "next_follow_up_on": rules.next_day(
                contact.next_follow_up_on,
                self._rhythm(contact.cadence_days, contact.last_interaction_at, contact.created_at),
                self._rhythm(contact.cadence_days, last_at, contact.created_at),
            ),
            "connection_status": rules.connection_after(
                contact.connection_status, invited=invited, withdrawn=withdrawn
            ),
        }
        changes = {n: value for n, value in wanted.items() if getattr(contact, n) != value}
        if changes:
            await self._change(contact, changes)

    async def delete(self, contact_id: UUID, precondition: Precondition) -> None:
        """Delete a contact; the interactions stay under the name.

        Raises:
            NotFound, PreconditionFailed.
        """
        contact = await self.contacts.lock(contact_id)
        precondition.check(contact.revision)
        # Stated before the row goes, while other records still know that it concerns them.
        await self.state(ContactDeleted(record_id=contact_id))
        await self.contacts.delete(contact_id)

    def _check_details(self, body: Request) -> None:
        """Null is how somebody who acts for the person reads them, so that it may come back."""
        named = [one for one in CONTACT_DETAILS if getattr(body, one) is not None]
        if named and not self.caller.sees(PRIVATE):
            raise details_are_private(named)

    async def _change(self, before: Any, changes: Mapping[str, Any]) -> Any:
        contact = await self.contacts.update(before.id, changes)
        await self.state(
            ContactUpdated(record_id=contact.id, **_facts(contact), was=_facts(before))
        )
        return contact

    def _rhythm(
        self, cadence_days: int | None, last_at: datetime | None, created_at: datetime
    ) -> Rhythm:
        return Rhythm.of(cadence_days, last_at, created_at, self.caller.zone)


def _facts(contact: Any) -> dict[str, Any]:
    """What other rooms need to know of a contact."""
    return {"company_id": contact.company_id, "connection_status": contact.connection_status}
