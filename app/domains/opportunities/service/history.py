"""The changes of status of an opportunity, kept in step with its status."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page, Query
from app.db.transaction import Transaction
from app.domains.opportunities import rules
from app.domains.opportunities.repository import StageChangeRepository
from app.domains.opportunities.rules import Change
from app.domains.opportunities.terms import OpportunityStatus


class History(Service):
    """Reads and writes the stage history of opportunities."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.changes = StageChangeRepository(transaction, caller)

    async def page(self, opportunity_id: UUID, query: Query) -> Page:
        """One page of what stands in the history of an opportunity."""
        return await self.changes.page_of(opportunity_id, query)

    async def reached(self) -> Sequence[Any]:
        """When each opportunity first had each status that stands in its history."""
        return await self.changes.reached()

    async def of(self, opportunity_id: UUID) -> list[Change]:
        """What stands in the history of an opportunity, the earliest first."""
        return [
            Change(
                id=row.id,
                from_status=row.from_status,
                to_status=row.to_status,
                changed_at=row.changed_at,
                rejection_id=row.rejection_id,
            )
            for row in await self.changes.of(opportunity_id)
        ]

    async def add(
        self,
        opportunity_id: UUID,
        history: Sequence[Change],
        status: OpportunityStatus,
        rejection_id: UUID | None = None,
    ) -> None:
        """Note that an opportunity has a status from now on."""
        values: dict[str, Any] = {
            "opportunity_id": opportunity_id,
            "from_status": history[-1].to_status if history else None,
            "to_status": status,
            "changed_at": rules.changed_at(self.clock.now(), history),
            "rejection_id": rejection_id,
            "undone": False,
        }
        await self.changes.insert(values)

    async def rewrite(self, before: Sequence[Change], after: Sequence[Change]) -> None:
        """Let a history read otherwise; what is missing in `after` counts as undone."""
        kept = {change.id: change for change in after}
        for change in before:
            now = kept.get(change.id)
            if now is None:
                await self.changes.update(change.id, {"undone": True})
            elif now != change:
                await self.changes.update(
                    change.id, {"from_status": now.from_status, "to_status": now.to_status}
                )
