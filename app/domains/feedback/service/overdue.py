"""The worker's part: closing requests that nobody answered."""

from collections.abc import Sequence
from uuid import UUID

from app.auth.caller import Caller
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import for_everybody
from app.domains.feedback.repository import OverdueRequests
from app.domains.feedback.service.requests import FeedbackRequestService
from app.kit.clock import latest_day


async def close_overdue_requests(database: Database) -> None:
    """Close every sent request whose last day has ended where its owner lives.

    It is safe to repeat: what is closed is not found again.
    """
    await for_everybody(database, _people, _close)


async def _people(transaction: Transaction, after: UUID, most: int) -> Sequence[UUID]:
    latest = latest_day(transaction.clock.now())
    return await OverdueRequests(transaction).owners(latest, after=after, most=most)


async def _close(transaction: Transaction, caller: Caller) -> None:
    await FeedbackRequestService(transaction, caller).close_overdue()
