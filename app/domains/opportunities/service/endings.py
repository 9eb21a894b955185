"""What a rejection does to the opportunity it names, and what taking it back restores."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.opportunities.repository import OpportunityRepository
from app.domains.opportunities.rules import (
    ENDINGS,
    Change,
    with_other_ending,
    without_rejection,
)
from app.domains.opportunities.service.history import History
from app.domains.opportunities.service.opportunities import status_changed
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import DecidedBy


class EndingService(Service):
    """Ends opportunities with rejections, and lets them go on when those are taken back."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.opportunities = OpportunityRepository(transaction, caller)
        self.history = History(transaction, caller)

    async def end(self, opportunity_id: UUID, rejection_id: UUID, decided_by: DecidedBy) -> None:
        """Let an opportunity have ended with a rejection, wherever it stood.

        A rejection that stands in its history already only says who decided: an ending that the
        person has corrected since stays corrected. That there is such an opportunity was checked
        with the rejection.
        """
        opportunity = await self.opportunities.lock(opportunity_id)
        ending = ENDINGS[decided_by]
        history = await self.history.of(opportunity_id)
        if any(change.rejection_id == rejection_id for change in history):
            after = with_other_ending(history, rejection_id, ending)
            await self._rewrite(opportunity, history, after)
            return
        await self.history.add(opportunity_id, history, ending, rejection_id)
        await self._bring(opportunity, ending)

    async def take_back(self, opportunity_id: UUID, rejection_id: UUID) -> None:
        """Let an opportunity stand as if a rejection had not ended it."""
        await self.transaction.revise(self.caller.owner_id)
        opportunity = await self.opportunities.find(opportunity_id)
        if opportunity is None:
            return  # It was deleted, and its history with it.
        history = await self.history.of(opportunity_id)
        await self._rewrite(opportunity, history, without_rejection(history, rejection_id))

    async def _rewrite(
        self, opportunity: Any, before: Sequence[Change], after: Sequence[Change]
    ) -> None:
        await self.history.rewrite(before, after)
        await self._bring(opportunity, after[-1].to_status)

    async def _bring(self, opportunity: Any, status: OpportunityStatus) -> None:
        if opportunity.status is not status:
            record = await self.opportunities.update(opportunity.id, {"status": status})
            await self.state(status_changed(record, opportunity))
