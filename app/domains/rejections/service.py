"""What a person does with rejections."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.contacts.service import CompanyService
from app.domains.rejections import rules
from app.domains.rejections.events import (
    RejectionClosed,
    RejectionDeleted,
    RejectionRecorded,
    RejectionReopened,
    RejectionUpdated,
)
from app.domains.rejections.repository import RejectionRepository
from app.domains.rejections.schemas import RejectionCreate, RejectionPatch, RejectionQuery
from app.domains.rejections.terms import RejectionStatus
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class RejectionService(Service):
    """Records, lists, changes and deletes rejections."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.rejections = RejectionRepository(transaction, caller)
        self.companies = CompanyService(transaction, caller)

    async def list(self, query: RejectionQuery) -> Page:
        """One page of the person's rejections."""
        return await self.rejections.page(query)

    async def get(self, rejection_id: UUID) -> Any:
        """One rejection; raises NotFound."""
        return await self.rejections.get(rejection_id)

    async def ties(self, rejection_ids: Collection[UUID]) -> Sequence[Any]:
        """Of some rejections `id`, `status`, company, contact and opportunity, nothing else."""
        return await self.rejections.ties(rejection_ids) if rejection_ids else ()

    async def to_reapply(self, today: date) -> Sequence[Any]:
        """Rejections whose day to apply again has come, set by the person or suggested lately."""
        return await self.rejections.to_reapply(today, rules.suggestions_since(today))

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the rejections that had a day in a period or ended an opportunity."""
        return await self.rejections.outline(period)

    async def record(self, body: RejectionCreate) -> Any:
        """Record a "no"; a plan starts with it unless `start_plan` is false.

        Its company is found or made by the name.

        Raises:
            Invalid: `rejected_on` lies in the future, or no such company, contact or opportunity.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.rejections.find_repeat(body):
            return Existing(repeated)
        now, zone = self.clock.now(), self.caller.zone
        values = body.model_dump(exclude={"start_plan"})
        values["rejected_on"] = values["rejected_on"] or rules.default_rejected_on(now, zone)
        rules.check_rejected_on(values["rejected_on"], now, zone)
        await self.rejections.check_references(values)
        values |= await self.companies.link(body.given())
        record = await self.rejections.insert(
            {**values, "status": RejectionStatus.OPEN, "closed_on": None}
        )
        await self.state(
            RejectionRecorded(record_id=record.id, start_plan=body.start_plan, **_facts(record))
        )
        return record

    async def update(
        self, rejection_id: UUID, patch: RejectionPatch, precondition: Precondition
    ) -> Any:
        """Change, close or reopen a rejection.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            Invalid: a day is impossible, or no such company, contact or opportunity.
        """
        before, changes = await self.rejections.change(rejection_id, patch, precondition)
        if not changes:
            return before
        now, zone = self.clock.now(), self.caller.zone
        if "rejected_on" in changes:
            rules.check_rejected_on(changes["rejected_on"], now, zone)
        status = changes.get("status", before.status)
        rules.check_transition(before.status, status)
        kept = before.closed_on if status is RejectionStatus.CLOSED else None
        changes["closed_on"] = rules.closing_day(
            status, changes.get("closed_on", kept), local_day(now, zone)
        )
        await self.rejections.check_references(changes)
        if not changes.keys().isdisjoint(("company_id", "company_name")):
            changes |= await self.companies.link(patch.given())
        record = await self.rejections.update(rejection_id, changes)
        if status is before.status or changes.keys() - {"status", "closed_on"}:
            await self.state(
                RejectionUpdated(record_id=record.id, **_facts(record), was=_facts(before))
            )
        if status is not before.status:
            await self._state_status(record)
        return record

    async def delete(self, rejection_id: UUID, precondition: Precondition) -> None:
        """Delete a rejection with its plans; check-ins and interactions stay, detached.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.rejections.lock(rejection_id)
        precondition.check(record.revision)
        # Stated before the row goes, while other records still know that it concerns them.
        await self.state(
            RejectionDeleted(record_id=rejection_id, opportunity_id=record.opportunity_id)
        )
        await self.rejections.delete(rejection_id)

    async def _state_status(self, record: Any) -> None:
        if record.status is RejectionStatus.CLOSED:
            await self.state(RejectionClosed(record_id=record.id, closed_on=record.closed_on))
        else:
            await self.state(RejectionReopened(record_id=record.id))


def _facts(record: Any) -> dict[str, Any]:
    """What other rooms need to know of a rejection."""
    return {
        "company_name": record.company_name,
        "company_id": record.company_id,
        "contact_id": record.contact_id,
        "opportunity_id": record.opportunity_id,
        "stage": record.stage,
        "decided_by": record.decided_by,
        "channel": record.channel,
        "contact_linked": record.contact_id is not None,
        "rejected_on": record.rejected_on,
        "created_at": record.created_at,
    }
