"""Adding, changing and ticking steps."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.terms import ConsentCategory
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.recovery.errors import TooManySteps
from app.domains.recovery.rules import machines
from app.domains.recovery.rules.templates import NewStep
from app.domains.recovery.schemas import MAX_POSITION, StepCreate, StepPatch, StepQuery
from app.domains.recovery.service.engine import Engine, present_step, step_facts
from app.domains.recovery.terms import (
    MAX_STEPS_PER_PLAN,
    StepKind,
    StepOrigin,
    StepStatus,
)
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.problems import ConsentMissing
from app.kit.schemas import Existing


class StepService(Service):
    """Adds, lists, changes, ticks and deletes steps."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.engine = Engine(transaction, caller)
        self.plans, self.steps = self.engine.plans, self.engine.steps

    async def list(self, query: StepQuery) -> Page:
        """One page of the person's steps."""
        page = await self.steps.page(query)
        return Page([present_step(row) for row in page.items], page.next_cursor)

    async def get(self, step_id: UUID) -> dict[str, Any]:
        """One step; raises NotFound."""
        return present_step(await self.steps.get(step_id))

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the steps done in a period."""
        return await self.steps.outline(period)

    async def add(self, body: StepCreate) -> Any:
        """Add a step of one's own at the end of a plan; a completed plan goes on with it.

        What somebody else adds for the person is a coach's step.

        Raises:
            ConsentMissing: it is one that only those see who see check-ins.
            Invalid: no such plan.
            TooManySteps: the plan holds 30 already.
        """
        if body.kind is StepKind.REFOCUS and not self.caller.may(ConsentCategory.WELLBEING):
            raise ConsentMissing(consent=str(ConsentCategory.WELLBEING))
        if repeated := await self.steps.find_repeat(body):
            return Existing(present_step(repeated))
        values = body.model_dump()
        await self.steps.check_references(values)
        before = await self.steps.of_plans([body.plan_id])
        if len(before) >= MAX_STEPS_PER_PLAN:
            raise TooManySteps(limit=MAX_STEPS_PER_PLAN)
        last = max((step.position for step in before), default=0)
        row = await self.steps.insert(
            {
                **values,
                "position": min(last + 1, MAX_POSITION),
                "origin": StepOrigin.COACH if self.caller.consent else StepOrigin.PERSON,
                "status": StepStatus.PENDING,
                "done_by": None,
                "done_at": None,
                "skip_reason": None,
                "skipped_from": None,
            }
        )
        await self.engine.follow(body.plan_id, [step.status for step in before])
        return present_step(row)

    async def offer(self, plan_id: UUID, step: NewStep) -> UUID | None:
        """Put a step of the engine's into a plan, if there is room; its id.

        One that still stands open there is offered again instead of a second one.
        """
        before = await self.steps.of_plans([plan_id])
        for one in map(step_facts, before):
            if one.kind is step.kind and one.is_open:
                return one.id
        if len(before) >= MAX_STEPS_PER_PLAN:
            return None
        [step_id] = await self.engine.add_steps(plan_id, [step], StepOrigin.ENGINE)
        await self.engine.follow(plan_id, [one.status for one in before])
        return step_id

    async def update(self, step_id: UUID, patch: StepPatch, precondition: Precondition) -> Any:
        """Change a step's texts and days, or its status.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            Invalid: a reason to skip without skipping, or one that is the engine's own.
        """
        before, changes = await self.steps.change(step_id, patch, precondition)
        if not changes:
            return present_step(before)
        statuses = [row.status for row in await self.steps.of_plans([before.plan_id])]
        status = changes.pop("status", before.status)
        if status is before.status:
            machines.check_skip_reason(status, changes.get("skip_reason"))
            row = await self.steps.update(step_id, changes)
        else:
            state = machines.step_by_person(
                before.status,
                status,
                now=self.clock.now(),
                skip_reason=changes.pop("skip_reason", None),
            )
            row = await self.engine.write_step(step_facts(before), state, changes)
        await self.engine.follow(before.plan_id, statuses)
        return present_step(row)

    async def delete(self, step_id: UUID, precondition: Precondition) -> None:
        """Delete a step; its plan is complete if nothing else is open in it.

        Raises:
            NotFound, PreconditionFailed.
        """
        step = await self.steps.lock(step_id)
        precondition.check(step.revision)
        before = [row.status for row in await self.steps.of_plans([step.plan_id])]
        await self.steps.delete(step_id)
        await self.engine.follow(step.plan_id, before)
