"""Asking for feedback, and how that ends."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.feedback.errors import request_of_another_rejection
from app.domains.feedback.events import (
    FeedbackRequestDeclined,
    FeedbackRequestDeleted,
    FeedbackRequestNoResponse,
    FeedbackRequestNudged,
    FeedbackRequestReceived,
    FeedbackRequestRecorded,
    FeedbackRequestSent,
    FeedbackRequestUpdated,
    FeedbackRequestWithdrawn,
    FeedbackUpdated,
)
from app.domains.feedback.repository import FeedbackRepository, FeedbackRequestRepository
from app.domains.feedback.rules import requests as rules
from app.domains.feedback.schemas.requests import (
    FeedbackRequestCreate,
    FeedbackRequestPatch,
    FeedbackRequestQuery,
)
from app.domains.feedback.terms import FeedbackRequestStatus
from app.kit.clock import local_day
from app.kit.events import Event
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

BECOMING: Mapping[FeedbackRequestStatus, type[Event]] = {
    FeedbackRequestStatus.DRAFT: FeedbackRequestWithdrawn,
    FeedbackRequestStatus.SENT: FeedbackRequestSent,
    FeedbackRequestStatus.RECEIVED: FeedbackRequestReceived,
    FeedbackRequestStatus.DECLINED: FeedbackRequestDeclined,
    FeedbackRequestStatus.NO_RESPONSE: FeedbackRequestNoResponse,
    FeedbackRequestStatus.CANCELLED: FeedbackRequestUpdated,
}
"""What has happened to a request that goes over into a status. The fact tells all else, too."""


class FeedbackRequestService(Service):
    """Records, lists, changes and deletes feedback requests."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.requests = FeedbackRequestRepository(transaction, caller)
        self.answers = FeedbackRepository(transaction, caller)

    @property
    def today(self) -> date:
        """The day where the person lives."""
        return local_day(self.clock.now(), self.caller.zone)

    async def list(self, query: FeedbackRequestQuery) -> Page:
        """One page of the person's feedback requests."""
        return await self.requests.page(query)

    async def get(self, request_id: UUID) -> Any:
        """One feedback request; raises NotFound."""
        return await self.requests.get(request_id)

    async def to_nudge(self, on: date) -> Sequence[Any]:
        """Sent requests whose day for the one friendly reminder has come by a day."""
        return await self.requests.to_nudge(on)

    async def nudged(self, on: date) -> Sequence[UUID]:
        """The requests of which the person reminded somebody on a day."""
        return await self.requests.nudged(on)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the requests that were ever sent."""
        return await self.requests.outline(period)

    async def record(self, body: FeedbackRequestCreate) -> Any:
        """Draft a request, or note one as it stands.

        Raises:
            Invalid: no such rejection or contact, or an impossible day.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.requests.find_repeat(body):
            return Existing(repeated)
        values = body.model_dump()
        await self.requests.check_references(values)
        days = rules.days_of_new(body.status, body.sent_on, self.today)
        row = await self.requests.insert({**values, **vars(days)})
        sent = row.status is FeedbackRequestStatus.SENT
        await self._state(FeedbackRequestSent if sent else FeedbackRequestRecorded, row)
        return row

    async def update(
        self, request_id: UUID, patch: FeedbackRequestPatch, precondition: Precondition
    ) -> Any:
        """Change a request, send it, nudge once, or note how it ended.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            AlreadyNudged: a second nudge is noted.
            Invalid: no such contact, or an impossible day.
        """
        before, changes = await self.requests.change(request_id, patch, precondition)
        if not changes:
            return before
        status = changes.get("status", before.status)
        rules.check_transition(before.status, status)
        await self.requests.check_references(changes)
        known = {name: getattr(before, name) for name in rules.RequestDays.__dataclass_fields__}
        days = rules.days_after(rules.RequestDays(**known), changes, status, self.today)
        if status is not before.status:
            changes = {**changes, **rules.standing(before.status, status)}
        row = await self.requests.update(request_id, {**changes, **vars(days)})
        nudged = row.nudged_on is not None and before.nudged_on is None
        if row.status is not before.status:
            await self._state(BECOMING[row.status], row, before)
        elif not nudged or len(changes) > 1:
            await self._state(FeedbackRequestUpdated, row, before)
        if nudged:
            await self._state(FeedbackRequestNudged, row, before)
        return row

    async def delete(self, request_id: UUID, precondition: Precondition) -> None:
        """Delete a request; feedback that answered it stays, detached.

        Raises:
            NotFound, PreconditionFailed.
        """
        row = await self.requests.lock(request_id)
        precondition.check(row.revision)
        # Stated before the row goes, while the steps still know what ticked them.
        await self.state(FeedbackRequestDeleted(record_id=request_id))
        answers = await self.answers.of_request(request_id)
        await self.requests.delete(request_id)
        for answer in answers:
            await self.state(feedback_updated(await self.answers.get(answer.id), answer))

    async def answer(self, request_id: UUID, *, rejection_id: UUID) -> None:
        """Feedback about a rejection has come back for a request: it is received.

        Raises:
            Invalid: it is about another rejection.
            InvalidTransition: it cannot be answered as it stands.
        """
        before = await self.requests.lock(request_id)
        if before.rejection_id != rejection_id:
            raise request_of_another_rejection()
        rules.check_transition(before.status, FeedbackRequestStatus.RECEIVED)
        if before.status is not FeedbackRequestStatus.RECEIVED:
            received = rules.standing(before.status, FeedbackRequestStatus.RECEIVED)
            row = await self.requests.update(request_id, received)
            await self._state(FeedbackRequestReceived, row, before)

    async def take_back_answer(self, request_id: UUID) -> None:
        """The feedback that answered a request is gone: it stands where it did before.

        One that was recorded as received is taken for sent.
        """
        before = await self.requests.get(request_id)
        status = before.answered_from or FeedbackRequestStatus.SENT
        row = await self.requests.update(request_id, rules.standing(before.status, status))
        # Nobody asks a second time, so that it is no `FeedbackRequestSent`.
        await self._state(FeedbackRequestUpdated, row, before)

    async def close_overdue(self) -> None:
        """Close what has waited for an answer to the end of its last day; that is normal.

        Of a person with nothing overdue not even the revision changes.
        """
        if not await self.requests.overdue(self.today):
            return
        await self.transaction.revise(self.caller.owner_id)
        # Read anew under the lock: an answer may have come in between.
        for overdue in await self.requests.overdue(self.today):
            closed = rules.standing(overdue.status, FeedbackRequestStatus.NO_RESPONSE)
            row = await self.requests.update(overdue.id, closed)
            await self._state(FeedbackRequestNoResponse, row, overdue)

    async def _state(self, kind: type[Any], row: Any, before: Any = None) -> None:
        """State what happened to a request that may have been there before."""
        was = None if before is None else _facts(before)
        await self.state(kind(record_id=row.id, **_facts(row), was=was))


def _facts(row: Any) -> dict[str, Any]:
    """What other rooms need to know of a request."""
    names = ("rejection_id", "contact_id", "status", "sent_on")
    return {name: getattr(row, name) for name in names}


def feedback_facts(row: Any) -> dict[str, Any]:
    """What other rooms need to know of feedback."""
    return {"rejection_id": row.rejection_id, "request_id": row.request_id, "source": row.source}


def feedback_updated(row: Any, before: Any) -> FeedbackUpdated:
    """The fact that feedback is not what it was, such as answering a request."""
    return FeedbackUpdated(record_id=row.id, **feedback_facts(row), was=feedback_facts(before))
