"""Keeping companies in view; finding or making one by its name."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.contacts import rules
from app.domains.contacts.errors import CompanyExists
from app.domains.contacts.events import CompanyDeleted, CompanyRecorded, CompanyUpdated
from app.domains.contacts.repository import CompanyRepository
from app.domains.contacts.rules import Rhythm
from app.domains.contacts.schemas import CompanyCreate, CompanyPatch, CompanyQuery
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class CompanyService(Service):
    """Adds, finds, lists, changes and deletes companies."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.companies = CompanyRepository(transaction, caller)

    async def list(self, query: CompanyQuery) -> Page:
        """One page of the person's companies."""
        return await self.companies.page(query)

    async def get(self, company_id: UUID) -> Any:
        """One company; raises NotFound."""
        return await self.companies.get(company_id)

    async def due(self, on: date) -> Sequence[Any]:
        """Followed companies whose day has come, each with its `last_interaction_at`."""
        return await self.companies.due(on)

    async def last_interaction_at(self, company_id: UUID) -> datetime | None:
        """When the latest interaction with a company was done."""
        return await self.companies.last_interaction_at(company_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the companies: whether they are followed."""
        return await self.companies.outline(period)

    async def add(self, body: CompanyCreate) -> Any:
        """Add a company.

        Raises:
            CompanyExists: the person has one of this name.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.companies.find_repeat(body):
            return Existing(repeated)
        await self._check_free(body.name)
        return await self._store(body.model_dump())

    async def named(self, name: str) -> Any:
        """The company of this name, whatever its case; made now if there is none."""
        await self.transaction.revise(self.caller.owner_id)
        if found := await self.companies.named(name):
            return found
        return await self._store(CompanyCreate(name=name).model_dump())

    async def link(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What `company_id` and `company_name` come to, as far as a request gives them.

        A company wins over a name, and lends its own where none is given. A name alone finds or
        makes its company; a name taken back takes the company with it. A company taken back leaves
        the name as a mere word. The references of the request have been checked before.
        """
        linked = {n: given[n] for n in ("company_id", "company_name") if n in given}
        if not self.caller.sees("companies"):
            linked.pop("company_id", None)  # It is null, as they read every company.
        if linked.get("company_id") is not None:
            company = await self.companies.get(linked["company_id"])
            linked["company_name"] = linked.get("company_name") or company.name
        elif "company_name" in linked and "company_id" not in linked:
            name = linked["company_name"]
            linked["company_id"] = None if name is None else (await self.named(name)).id
        return linked

    async def update(
        self, company_id: UUID, patch: CompanyPatch, precondition: Precondition
    ) -> Any:
        """Change a company; following it is one of its fields.

        Raises:
            NotFound, PreconditionFailed.
            CompanyExists: another one has the new name.
        """
        before, changes = await self.companies.change(company_id, patch, precondition)
        if not changes:
            return before
        if "name" in changes:
            await self._check_free(changes["name"], but=company_id)
        if "cadence_days" in changes and "next_engagement_on" not in patch.given():
            last_at = await self.companies.last_interaction_at(company_id)
            changes["next_engagement_on"] = rules.next_day(
                before.next_engagement_on,
                self._rhythm(before.cadence_days, last_at, before.created_at),
                self._rhythm(changes["cadence_days"], last_at, before.created_at),
            )
        return await self._change(before, changes)

    async def follow_interactions(
        self, company_id: UUID, before_at: datetime | None, after_at: datetime | None
    ) -> None:
        """Move the next engagement after the latest one went from `before_at` to `after_at`."""
        company = await self.companies.get(company_id)
        planned_on = rules.next_day(
            company.next_engagement_on,
            self._rhythm(company.cadence_days, before_at, company.created_at),
            self._rhythm(company.cadence_days, after_at, company.created_at),
        )
        if planned_on != company.next_engagement_on:
            await self._change(company, {"next_engagement_on": planned_on})

    async def delete(self, company_id: UUID, precondition: Precondition) -> None:
        """Delete a company; what referred to it keeps its name.

        Raises:
            NotFound, PreconditionFailed.
        """
        company = await self.companies.lock(company_id)
        precondition.check(company.revision)
        # Stated before the row goes, while other records still know that it concerns them.
        await self.state(CompanyDeleted(record_id=company_id))
        await self.companies.delete(company_id)

    async def _check_free(self, name: str, but: UUID | None = None) -> None:
        await self.transaction.revise(self.caller.owner_id)
        found = await self.companies.named(name)
        if found is not None and found.id != but:
            raise CompanyExists(company_id=str(found.id))

    async def _store(self, values: dict[str, Any]) -> Any:
        rhythm = self._rhythm(values["cadence_days"], None, self.clock.now())
        values["next_engagement_on"] = values["next_engagement_on"] or rhythm.next_on
        company = await self.companies.insert(values)
        await self.state(CompanyRecorded(record_id=company.id, following=company.following))
        return company

    async def _change(self, before: Any, changes: Mapping[str, Any]) -> Any:
        company = await self.companies.update(before.id, changes)
        was = {"following": before.following}
        await self.state(CompanyUpdated(record_id=company.id, following=company.following, was=was))
        return company

    def _rhythm(
        self, cadence_days: int | None, last_at: datetime | None, created_at: datetime
    ) -> Rhythm:
        return Rhythm.of(cadence_days, last_at, created_at, self.caller.zone)
