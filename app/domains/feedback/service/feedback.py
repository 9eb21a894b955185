"""Keeping what came back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.feedback.events import FeedbackDeleted, FeedbackRecorded
from app.domains.feedback.repository import FeedbackRepository
from app.domains.feedback.rules.feedback import check_rating, check_received_on
from app.domains.feedback.schemas.feedback import FeedbackCreate, FeedbackPatch, FeedbackQuery
from app.domains.feedback.service.requests import (
    FeedbackRequestService,
    feedback_facts,
    feedback_updated,
)
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class FeedbackService(Service):
    """Records, lists, changes and deletes feedback.

    A request that feedback names is received, and stands where it stood before when none does.
    """

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.feedback = FeedbackRepository(transaction, caller)
        self.requests = FeedbackRequestService(transaction, caller)

    async def list(self, query: FeedbackQuery) -> Page:
        """One page of the person's feedback."""
        return await self.feedback.page(query)

    async def get(self, feedback_id: UUID) -> Any:
        """One piece of feedback; raises NotFound."""
        return await self.feedback.get(feedback_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the feedback that came in a period, or answers a request."""
        return await self.feedback.outline(period)

    async def record(self, body: FeedbackCreate) -> Any:
        """Keep what came back, asked for or not.

        Raises:
            Invalid: no such rejection, request or contact; a request about another rejection; a
                day in the future; rated without being restated.
            InvalidTransition: the request cannot be answered as it stands.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.feedback.find_repeat(body):
            return Existing(repeated)
        today = local_day(self.clock.now(), self.caller.zone)
        values = body.model_dump()
        values["received_on"] = values["received_on"] or today
        check_received_on(values["received_on"], today)
        check_rating(body.restated, body.usefulness)
        await self.feedback.check_references(values)
        if body.request_id is not None:
            await self.requests.answer(body.request_id, rejection_id=body.rejection_id)
        row = await self.feedback.insert(values)
        await self.state(FeedbackRecorded(record_id=row.id, **feedback_facts(row)))
        return row

    async def update(
        self, feedback_id: UUID, patch: FeedbackPatch, precondition: Precondition
    ) -> Any:
        """Restate feedback, rate it, take points from it, or correct what was noted.

        Raises:
            NotFound, PreconditionFailed.
            Invalid, InvalidTransition: as when recording it.
        """
        before, changes = await self.feedback.change(feedback_id, patch, precondition)
        if not changes:
            return before
        if "received_on" in changes:
            check_received_on(changes["received_on"], local_day(self.clock.now(), self.caller.zone))
        check_rating(
            changes.get("restated", before.restated), changes.get("usefulness", before.usefulness)
        )
        await self.feedback.check_references(changes)
        if changes.get("request_id") is not None:
            await self.requests.answer(changes["request_id"], rejection_id=before.rejection_id)
        row = await self.feedback.update(feedback_id, changes)
        await self.state(feedback_updated(row, before))
        if row.request_id != before.request_id:
            await self._release(before.request_id)
        return row

    async def delete(self, feedback_id: UUID, precondition: Precondition) -> None:
        """Delete feedback; a request that nothing else answers stands where it stood before.

        Raises:
            NotFound, PreconditionFailed.
        """
        row = await self.feedback.lock(feedback_id)
        precondition.check(row.revision)
        # Stated before the row goes, while the steps still know what ticked them.
        await self.state(FeedbackDeleted(record_id=feedback_id))
        await self.feedback.delete(feedback_id)
        await self._release(row.request_id)

    async def _release(self, request_id: UUID | None) -> None:
        if request_id is not None and not await self.feedback.of_request(request_id):
            await self.requests.take_back_answer(request_id)
