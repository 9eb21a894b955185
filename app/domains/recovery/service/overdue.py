"""The worker's part: telling that a step was not done on its day."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.auth.caller import Caller
from app.db.transaction import Database, Transaction
from app.domains.accounts.service import for_everybody
from app.domains.recovery.events import RecoveryStepOverdue
from app.domains.recovery.repository.steps import OverdueSteps, StepRepository
from app.kit.clock import latest_day, local_day

TOLD_WITHIN = timedelta(days=7)
"""What has been over for longer is no news."""


async def tell_overdue_steps(database: Database) -> None:
    """State for every open step of an active plan that its day is over where its owner lives.

    It is told once for each day on which a step is due.
    """
    await for_everybody(database, _people, _tell)


async def _people(transaction: Transaction, after: UUID, most: int) -> Sequence[UUID]:
    # A day earlier for those who live where it is still yesterday.
    latest = latest_day(transaction.clock.now())
    since = latest - TOLD_WITHIN - timedelta(days=1)
    return await OverdueSteps(transaction).owners(since, latest, after=after, most=most)


async def _tell(transaction: Transaction, caller: Caller) -> None:
    """Tell of one person's steps; of somebody with none not even the revision changes."""
    steps = StepRepository(transaction, caller)
    today = local_day(transaction.clock.now(), caller.zone)
    if not await steps.overdue(today - TOLD_WITHIN, today):
        return
    await transaction.revise(caller.owner_id)
    # Read anew under the lock: one may have been done in between.
    overdue = await steps.overdue(today - TOLD_WITHIN, today)
    await steps.overdue_told([step.id for step in overdue])
    for step in overdue:
        event = RecoveryStepOverdue(record_id=step.id, plan_id=step.plan_id, kind=step.kind)
        await transaction.state(caller, event)
