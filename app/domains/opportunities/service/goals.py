"""Setting and reaching goals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.opportunities import rules
from app.domains.opportunities.events import (
    GoalCompleted,
    GoalDeleted,
    GoalRecorded,
    GoalUpdated,
)
from app.domains.opportunities.repository import GoalRepository
from app.domains.opportunities.schemas import GoalCreate, GoalPatch, GoalQuery
from app.domains.opportunities.terms import GoalStatus
from app.kit.clock import local_day
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class GoalService(Service):
    """Sets, lists, changes and deletes goals."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.goals = GoalRepository(transaction, caller)

    async def list(self, query: GoalQuery) -> Page:
        """One page of the person's goals."""
        return await self.goals.page(query)

    async def get(self, goal_id: UUID) -> Any:
        """One goal; raises NotFound."""
        return await self.goals.get(goal_id)

    async def active(self) -> Sequence[Any]:
        """The active goals, the earliest start first."""
        return await self.goals.active()

    async def set(self, body: GoalCreate) -> Any:
        """Set a goal, from today on unless another day is given.

        Raises:
            Invalid: it would end before it starts.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.goals.find_repeat(body):
            return Existing(repeated)
        values = body.model_dump()
        values["starts_on"] = values["starts_on"] or local_day(self.clock.now(), self.caller.zone)
        rules.check_days(values["starts_on"], values["ends_on"], field="ends_on")
        record = await self.goals.insert(values)
        await self.state(GoalRecorded(record_id=record.id, metric=record.metric))
        if record.status is GoalStatus.ACHIEVED:
            await self.state(GoalCompleted(record_id=record.id, metric=record.metric))
        return record

    async def update(self, goal_id: UUID, patch: GoalPatch, precondition: Precondition) -> Any:
        """Change a goal, or say that it is achieved, let go or taken up again.

        Raises:
            NotFound, PreconditionFailed.
            Invalid: it would end before it starts.
        """
        before, changes = await self.goals.change(goal_id, patch, precondition)
        if not changes:
            return before
        rules.check_days(
            changes.get("starts_on", before.starts_on),
            changes.get("ends_on", before.ends_on),
            field="ends_on" if "ends_on" in changes else "starts_on",
        )
        record = await self.goals.update(goal_id, changes)
        achieved = changes.get("status") is GoalStatus.ACHIEVED
        fact = GoalCompleted if achieved else GoalUpdated
        await self.state(fact(record_id=record.id, metric=record.metric))
        return record

    async def delete(self, goal_id: UUID, precondition: Precondition) -> None:
        """Delete a goal; what was done for it stays.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.goals.lock(goal_id)
        precondition.check(record.revision)
        await self.goals.delete(goal_id)
        await self.state(GoalDeleted(record_id=goal_id))
