"""What opportunities do when something happens to rejections, in the same transaction."""

from app.auth.caller import Caller
from app.db.events import Reactions
from app.db.transaction import Transaction
from app.domains.opportunities.service.endings import EndingService
from app.domains.rejections.events import (
    RejectionDeleted,
    RejectionRecorded,
    RejectionUpdated,
)


def wire(reactions: Reactions) -> None:
    """Tell the program which facts this room waits for."""
    reactions.on(RejectionRecorded, end_with_rejection)
    reactions.on(RejectionUpdated, follow_rejection)
    reactions.on(RejectionDeleted, go_on_without_rejection)


async def end_with_rejection(
    transaction: Transaction, caller: Caller, event: RejectionRecorded
) -> None:
    """A recorded "no" ends the opportunity it names."""
    if event.opportunity_id is not None:
        endings = EndingService(transaction, caller)
        await endings.end(event.opportunity_id, event.record_id, event.decided_by)


async def follow_rejection(
    transaction: Transaction, caller: Caller, event: RejectionUpdated
) -> None:
    """A "no" that moves lets the opportunity before go on, and ends the one it names now."""
    endings = EndingService(transaction, caller)
    previous = event.before()
    if previous and previous.opportunity_id not in (None, event.opportunity_id):
        await endings.take_back(previous.opportunity_id, event.record_id)
    if event.opportunity_id is not None:
        await endings.end(event.opportunity_id, event.record_id, event.decided_by)


async def go_on_without_rejection(
    transaction: Transaction, caller: Caller, event: RejectionDeleted
) -> None:
    """A deleted "no" lets the opportunity go on from where it stood before."""
    if event.opportunity_id is not None:
        await EndingService(transaction, caller).take_back(event.opportunity_id, event.record_id)
