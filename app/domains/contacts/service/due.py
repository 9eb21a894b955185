"""The worker's part: telling that the day to get in touch has come."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.auth.caller import Caller
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import for_everybody
from app.domains.contacts.events import ContactFollowUpDue
from app.domains.contacts.repository import ContactRepository, DueContacts
from app.kit.clock import latest_day, local_day

TOLD_WITHIN = timedelta(days=7)
"""What has been due for longer is no news."""


async def tell_due_follow_ups(database: Database) -> None:
    """State for every contact that the day to get in touch has come where its owner lives.

    It is told once for each such day.
    """
    await for_everybody(database, _people, _tell)


async def _people(transaction: Transaction, after: UUID, most: int) -> Sequence[UUID]:
    # A day earlier for those who live where it is still yesterday.
    latest = latest_day(transaction.clock.now())
    since = latest - TOLD_WITHIN - timedelta(days=1)
    return await DueContacts(transaction).owners(since, latest, after=after, most=most)


async def _tell(transaction: Transaction, caller: Caller) -> None:
    """Tell of one person's contacts; of somebody with none not even the revision changes."""
    contacts = ContactRepository(transaction, caller)
    today = local_day(transaction.clock.now(), caller.zone)
    if not await contacts.to_tell_of(today - TOLD_WITHIN, today):
        return
    await transaction.revise(caller.owner_id)
    # Read anew under the lock: the day may have been moved in between.
    due = await contacts.to_tell_of(today - TOLD_WITHIN, today)
    await contacts.told_of([contact.id for contact in due])
    for contact in due:
        await transaction.state(caller, ContactFollowUpDue(record_id=contact.id))
