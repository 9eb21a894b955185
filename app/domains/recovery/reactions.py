"""What recovery does when something happens elsewhere, in the same transaction.

Reactions are an entrance like the router: events come in here as requests come in there.
"""

from app.auth.caller import Caller
from app.db.events import Reactions
from app.db.transaction import Transaction
from app.domains.recovery.rules.standing import GONE, STANDING
from app.domains.recovery.service.plans import PlanService
from app.domains.recovery.service.ticking import TickingService
from app.domains.rejections.events import (
    RejectionClosed,
    RejectionRecorded,
    RejectionReopened,
)
from app.kit.events import Event


def wire(reactions: Reactions) -> None:
    """Tell the program which facts this room waits for."""
    reactions.on(RejectionRecorded, start_plan)
    reactions.on(RejectionClosed, close_plan)
    reactions.on(RejectionReopened, reopen_plan)
    for kind in STANDING:
        reactions.on(kind, follow)
    for kind in GONE:
        reactions.on(kind, take_back)


async def start_plan(transaction: Transaction, caller: Caller, event: RejectionRecorded) -> None:
    """A recorded "no" starts a plan, unless the person wants none."""
    if event.start_plan:
        await PlanService(transaction, caller).start_for(event.record_id)


async def close_plan(transaction: Transaction, caller: Caller, event: RejectionClosed) -> None:
    """A closed rejection skips its open steps and completes its plan."""
    await PlanService(transaction, caller).close_with_rejection(event.record_id)


async def reopen_plan(transaction: Transaction, caller: Caller, event: RejectionReopened) -> None:
    """A reopened rejection gets back exactly what closing took away."""
    await PlanService(transaction, caller).reopen_with_rejection(event.record_id)


async def follow(transaction: Transaction, caller: Caller, event: Event) -> None:
    """What a person does elsewhere ticks the step it stands for, or reopens it."""
    await TickingService(transaction, caller).follow(event)


async def take_back(transaction: Transaction, caller: Caller, event: Event) -> None:
    """A record that is gone takes its ticks with it."""
    await TickingService(transaction, caller).take_back(event)
