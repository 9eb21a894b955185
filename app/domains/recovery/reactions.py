"""What recovery does when something happens elsewhere, in the same transaction.

Reactions are an entrance like the router: events come in here as requests come in there.
"""

from app.auth.caller import Caller
from app.db.events import Reactions
from app.db.transaction import Transaction
from app.domains.recovery.events import CheckInDeleted, CheckInRecorded, CheckInUpdated
from app.domains.recovery.service.plans import PlanService
from app.domains.recovery.service.steps import StepService
from app.domains.rejections.events import (
    RejectionClosed,
    RejectionRecorded,
    RejectionReopened,
)


def wire(reactions: Reactions) -> None:
    """Tell the program which facts this room waits for."""
    reactions.on(RejectionRecorded, start_plan)
    reactions.on(RejectionClosed, close_plan)
    reactions.on(RejectionReopened, reopen_plan)
    reactions.on(CheckInRecorded, tick_for_check_in)
    reactions.on(CheckInUpdated, tick_again_for_check_in)
    reactions.on(CheckInDeleted, untick_for_check_in)


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


async def tick_for_check_in(
    transaction: Transaction, caller: Caller, event: CheckInRecorded
) -> None:
    """A check-in counts as the step that asks for one."""
    await StepService(transaction, caller).tick(event, event.rejection_id)


async def tick_again_for_check_in(
    transaction: Transaction, caller: Caller, event: CheckInUpdated
) -> None:
    """A check-in that moves to another rejection counts there instead."""
    if event.rejection_id == event.previous_rejection_id:
        return
    steps = StepService(transaction, caller)
    await steps.untick(event)
    await steps.tick(
        CheckInRecorded(
            record_id=event.record_id,
            rejection_id=event.rejection_id,
            checked_in_at=event.checked_in_at,
        ),
        event.rejection_id,
    )


async def untick_for_check_in(
    transaction: Transaction, caller: Caller, event: CheckInDeleted
) -> None:
    """A deleted check-in takes its ticks with it."""
    await StepService(transaction, caller).untick(event)
