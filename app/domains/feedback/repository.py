"""The statements on feedback requests and feedback.

Those of `OverdueRequests` are among the few without a caller: they find out whose turn it is.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from app.db.base import table_of
from app.db.outlines import Outline
from app.db.paging import Listing, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.feedback.models import Feedback, FeedbackRequest
from app.domains.feedback.terms import FeedbackRequestStatus

_requests = table_of(FeedbackRequest)
_feedback = table_of(Feedback)

MAX_OVERDUE = 200
"""Requests of one person that one transaction closes."""

MAX_TO_NUDGE = 200

_OVERDUE = (
    _requests.c.status == FeedbackRequestStatus.SENT,
    _requests.c.closes_on < bindparam("today", type_=_requests.c.closes_on.type),
)


class FeedbackRequestRepository(Repository):
    """The feedback requests of one person."""

    table = _requests
    listing = Listing(
        table=_requests,
        sorts={"created_at": _requests.c.created_at, "-created_at": _requests.c.created_at},
        filters={
            "rejection_id": equals(_requests.c.rejection_id),
            "contact_id": equals(_requests.c.contact_id),
            "status": equals(_requests.c.status),
        },
    )
    outlined = Outline(
        _requests, "id rejection_id status sent_on", when=_requests.c.sent_on.is_not(None)
    )
    _OVERDUE_OF = (
        select(_requests)
        .where(_requests.c.owner_id == bindparam("owner"), *_OVERDUE)
        .order_by(_requests.c.closes_on, _requests.c.id)
        .limit(MAX_OVERDUE)
    )

    _TO_NUDGE = (
        select(_requests)
        .where(
            _requests.c.owner_id == bindparam("owner"),
            _requests.c.status == FeedbackRequestStatus.SENT,
            _requests.c.nudged_on.is_(None),
            _requests.c.nudge_on <= bindparam("on", type_=_requests.c.nudge_on.type),
        )
        .order_by(_requests.c.nudge_on, _requests.c.id)
        .limit(MAX_TO_NUDGE)
    )
    _NUDGED = select(_requests.c.id).where(
        _requests.c.owner_id == bindparam("owner"),
        _requests.c.nudged_on == bindparam("on", type_=_requests.c.nudged_on.type),
    )

    async def to_nudge(self, on: date) -> Sequence[Row[Any]]:
        """Sent requests that nobody has been reminded of, and whose day for it has come."""
        found = await self.transaction.execute(self._TO_NUDGE, {"owner": self.owner_id, "on": on})
        return found.all()

    async def nudged(self, on: date) -> Sequence[UUID]:
        """The requests of which somebody was reminded on a day."""
        found = await self.transaction.execute(self._NUDGED, {"owner": self.owner_id, "on": on})
        return found.scalars().all()

    async def overdue(self, today: date) -> Sequence[Row[Any]]:
        """Sent requests whose last day for an answer lies before a day, the longest first."""
        found = await self.transaction.execute(
            self._OVERDUE_OF, {"owner": self.owner_id, "today": today}
        )
        return found.all()


class FeedbackRepository(Repository):
    """The feedback of one person."""

    table = _feedback
    listing = Listing(
        table=_feedback,
        sorts={
            "received_on": _feedback.c.received_on,
            "-received_on": _feedback.c.received_on,
            "created_at": _feedback.c.created_at,
            "-created_at": _feedback.c.created_at,
        },
        filters={
            "rejection_id": equals(_feedback.c.rejection_id),
            "request_id": equals(_feedback.c.request_id),
            "contact_id": equals(_feedback.c.contact_id),
        },
    )
    outlined = Outline(
        _feedback,
        "id rejection_id request_id received_on points",
        days="received_on",
        always=_feedback.c.request_id.is_not(None),
    )
    _OF_REQUEST = (
        select(_feedback)
        .where(
            _feedback.c.owner_id == bindparam("owner"),
            _feedback.c.request_id == bindparam("request"),
        )
        .order_by(_feedback.c.id)
    )

    async def of_request(self, request_id: UUID) -> Sequence[Row[Any]]:
        """The feedback that answered a request."""
        found = await self.transaction.execute(
            self._OF_REQUEST, {"owner": self.owner_id, "request": request_id}
        )
        return found.all()


class OverdueRequests:
    """Whose requests have waited for too long."""

    _OWNERS = (
        select(_requests.c.owner_id)
        .where(
            *_OVERDUE,
            _requests.c.owner_id > bindparam("after", type_=_requests.c.owner_id.type),
        )
        .distinct()
        .order_by(_requests.c.owner_id)
        .limit(bindparam("most", type_=_requests.c.revision.type))
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def owners(self, today: date, *, after: UUID, most: int) -> Sequence[UUID]:
        """People with sent requests that closed before a day, in the order of their ids."""
        found = await self.transaction.execute(
            self._OWNERS, {"today": today, "after": after, "most": most}
        )
        return found.scalars().all()
