"""The worker's part: closing requests that nobody answered."""

from uuid import UUID

from app.db.transaction import Database
from app.domains.accounts.service import caller_for
from app.domains.feedback.repository import OverdueRequests
from app.domains.feedback.service.requests import FeedbackRequestService
from app.kit.clock import latest_day
from app.kit.problems import Unauthenticated

PEOPLE_AT_ONCE = 500
NOBODY = UUID(int=0)
"""Comes before every id of a person."""


async def close_overdue_requests(database: Database) -> None:
    """Close every sent request whose last day has ended where its owner lives.

    Each person has a transaction of their own, so that one who is busy writing waits for nobody
    else. It is safe to repeat: what is closed is not found again.
    """
    after = NOBODY
    while True:
        async with database.read(everyone=True) as transaction:
            people = await OverdueRequests(transaction).owners(
                latest_day(transaction.clock.now()), after=after, most=PEOPLE_AT_ONCE
            )
        for owner_id in people:
            await _close_of(database, owner_id)
        if len(people) < PEOPLE_AT_ONCE:
            return
        after = people[-1]


async def _close_of(database: Database, owner_id: UUID) -> None:
    try:
        async with database.write() as transaction:
            caller = await caller_for(transaction, owner_id)
            await FeedbackRequestService(transaction, caller).close_overdue()
    except Unauthenticated:
        # The account was deleted a moment ago, and its requests with it.
        return
