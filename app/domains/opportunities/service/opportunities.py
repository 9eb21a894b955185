"""Going for a role, and where that stands."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.contacts.service import CompanyService
from app.domains.opportunities import rules
from app.domains.opportunities.errors import (
    OpportunityIsOver,
    company_missing,
    previous_opportunity_comes_later,
)
from app.domains.opportunities.events import (
    OpportunityCreated,
    OpportunityDeleted,
    OpportunityStatusChanged,
    OpportunityUpdated,
    PreparationBriefOpened,
)
from app.domains.opportunities.repository import OpportunityRepository
from app.domains.opportunities.schemas import (
    OpportunityCreate,
    OpportunityPatch,
    OpportunityQuery,
    StageHistoryQuery,
)
from app.domains.opportunities.service.history import History
from app.domains.opportunities.terms import OpportunityStatus
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

COMPANY = ("company_id", "company_name")
"""Two fields that together say which company it is."""


class OpportunityService(Service):
    """Adds, lists, changes and deletes opportunities."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.opportunities = OpportunityRepository(transaction, caller)
        self.history = History(transaction, caller)
        self.companies = CompanyService(transaction, caller)

    async def list(self, query: OpportunityQuery) -> Page:
        """One page of the person's opportunities."""
        return await self.opportunities.page(query)

    async def get(self, opportunity_id: UUID) -> Any:
        """One opportunity; raises NotFound."""
        return await self.opportunities.get(opportunity_id)

    async def coming_up(self, since: datetime, until: datetime) -> Sequence[Any]:
        """Opportunities that go on, with something ahead between two instants, soonest first."""
        return await self.opportunities.coming_up(since, until)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the opportunities added or applied for in a period."""
        return await self.opportunities.outline(period)

    async def reached(self) -> Sequence[Any]:
        """When each opportunity first had each status that it ever had."""
        return await self.history.reached()

    async def stage_history(self, opportunity_id: UUID, query: StageHistoryQuery) -> Page:
        """One page of the changes of an opportunity's status.

        Raises:
            NotFound: the person has no such opportunity.
        """
        await self.opportunities.get(opportunity_id)
        return await self.history.page(opportunity_id, query)

    async def add(self, body: OpportunityCreate) -> Any:
        """Go for a role; its history begins with the status it is added in.

        Raises:
            Invalid: no company is named, or one that does not exist, or no such opportunity before.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.opportunities.find_repeat(body):
            return Existing(repeated)
        given = body.given()
        await self.opportunities.check_references(given)
        if given.keys().isdisjoint(COMPANY):
            raise company_missing()
        values = body.model_dump() | await self.companies.link(given)
        if body.status is OpportunityStatus.APPLIED:
            values["applied_on"] = values["applied_on"] or self._today()
        record = await self.opportunities.insert(values)
        await self.history.add(record.id, (), record.status)
        await self.state(OpportunityCreated(record_id=record.id, **facts(record)))
        return record

    async def update(
        self, opportunity_id: UUID, patch: OpportunityPatch, precondition: Precondition
    ) -> Any:
        """Change what is known of an opportunity, or where it stands.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            Invalid: a company or an opportunity before it does not exist.
        """
        before, changes = await self.opportunities.change(opportunity_id, patch, precondition)
        if not changes:
            return before
        given = patch.given()
        await self.opportunities.check_references(changes)
        previous_id = changes.get("previous_opportunity_id")
        if previous_id is not None and await self.opportunities.leads_back_to(
            previous_id, opportunity_id
        ):
            raise previous_opportunity_comes_later()
        if not changes.keys().isdisjoint(COMPANY):
            changes |= await self.companies.link(given)
        status = changes.get("status", before.status)
        if status is before.status:
            record = await self.opportunities.update(opportunity_id, changes)
            await self.state(
                OpportunityUpdated(record_id=record.id, **facts(record), was=facts(before))
            )
            return record
        history = await self.history.of(opportunity_id)
        rules.check_transition(before.status, status, history)
        if status is OpportunityStatus.APPLIED and "applied_on" not in given:
            changes["applied_on"] = before.applied_on or self._today()
        record = await self.opportunities.update(opportunity_id, changes)
        await self.history.add(opportunity_id, history, status)
        await self.state(status_changed(record, before))
        return record

    async def delete(self, opportunity_id: UUID, precondition: Precondition) -> None:
        """Delete an opportunity with its history; rejections and reapplications stay, detached.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.opportunities.lock(opportunity_id)
        precondition.check(record.revision)
        # Stated before the row goes, while other records still say that they are about it.
        await self.state(OpportunityDeleted(record_id=opportunity_id))
        await self.opportunities.delete(opportunity_id)

    async def open_brief(self, opportunity_id: UUID) -> Any:
        """The opportunity a person prepares for; that they do is a fact for other rooms.

        That somebody who acts for them reads about it is none.

        Raises:
            NotFound: the person has no such opportunity.
            OpportunityIsOver: it has ended.
        """
        record = await self.opportunities.lock(opportunity_id)
        if record.status in rules.ENDED:
            raise OpportunityIsOver
        if self.caller.consent is None:
            await self.state(PreparationBriefOpened(record_id=opportunity_id))
        return record

    def _today(self) -> date:
        return local_day(self.clock.now(), self.caller.zone)


def facts(record: Any) -> dict[str, Any]:
    """What other rooms need to know of an opportunity."""
    return {
        "company_id": record.company_id,
        "status": record.status,
        "next_stage": record.next_stage,
        "next_event_at": record.next_event_at,
    }


def status_changed(record: Any, before: Any) -> OpportunityStatusChanged:
    """The fact that an opportunity stands somewhere else now."""
    return OpportunityStatusChanged(record_id=record.id, **facts(record), was=facts(before))
