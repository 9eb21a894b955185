"""Carrying out what the rules decide: the one place that writes the statuses of plans and steps."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.recovery.events import (
    RecoveryPlanAbandoned,
    RecoveryPlanCompleted,
    RecoveryPlanReopened,
    RecoveryStepCompleted,
    RecoveryStepReopened,
    RecoveryStepSkipped,
)
from app.domains.recovery.repository.plans import PlanRepository
from app.domains.recovery.repository.steps import StepRepository, evidence_columns, evidence_of
from app.domains.recovery.rules.closing import PlanChange, close_with_rejection, follow_steps
from app.domains.recovery.rules.facts import (
    Evidence,
    PlanFacts,
    PlanState,
    StepChange,
    StepFacts,
    StepState,
    from_row,
)
from app.domains.recovery.rules.templates import NewStep
from app.domains.recovery.terms import (
    DoneBy,
    PlanStatus,
    StepOrigin,
    StepStatus,
)
from app.domains.rejections.service import RejectionService
from app.domains.rejections.terms import RejectionStatus


def present_step(row: Any) -> dict[str, Any]:
    """A stored step with what ticked it."""
    return {**row._mapping, "evidence": evidence_of(row)}  # noqa: SLF001 -- SQLAlchemy's public name


def step_facts(row: Any) -> StepFacts:
    """What the rules know of a stored step."""
    evidence = evidence_of(row)
    return StepFacts(
        evidence=Evidence(**evidence) if evidence else None,
        **{name: getattr(row, name) for name in _STEP_COLUMNS},
    )


_STEP_COLUMNS = tuple(name for name in StepFacts.__dataclass_fields__ if name != "evidence")


def plan_facts(row: Any) -> PlanFacts:
    """What the rules know of a stored plan."""
    return from_row(PlanFacts, row)


class Engine(Service):
    """Writes statuses, keeps a plan in step with its steps, and states what happened."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.plans = PlanRepository(transaction, caller)
        self.steps = StepRepository(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def add_steps(
        self, plan_id: UUID, steps: Iterable[NewStep], origin: StepOrigin
    ) -> list[UUID]:
        """Store new steps of a plan; their ids."""
        return await self.steps.insert_all(
            [
                {
                    **vars(step),
                    "plan_id": plan_id,
                    "origin": origin,
                    "cue": None,
                    "action": None,
                    **_columns(StepState(status=StepStatus.PENDING)),
                }
                for step in steps
            ]
        )

    async def change_steps(self, changes: Iterable[StepChange]) -> None:
        """Write the new states of steps, state what happened, and let their plans follow."""
        by_plan: dict[UUID, list[StepChange]] = {}
        for change in changes:
            by_plan.setdefault(change.step.plan_id, []).append(change)
        for plan_id, of_plan in by_plan.items():
            before = [row.status for row in await self.steps.of_plans([plan_id])]
            for change in of_plan:
                await self.write_step(change.step, change.state)
            await self.follow(plan_id, before)
            if any(change.state.status is StepStatus.PENDING for change in of_plan):
                await self._rest_with_rejection(plan_id)

    async def _rest_with_rejection(self, plan_id: UUID) -> None:
        """Skip what was reopened in a plan whose rejection is closed; it comes back with it."""
        plan = await self.plans.get(plan_id)
        if plan.status is not PlanStatus.COMPLETED or plan.rejection_id is None:
            return
        rejection = await self.rejections.get(plan.rejection_id)
        if rejection.status is RejectionStatus.CLOSED:
            steps = [step_facts(row) for row in await self.steps.of_plans([plan_id])]
            as_active = replace(plan_facts(plan), status=PlanStatus.ACTIVE)
            await self.apply(plan, close_with_rejection(as_active, steps))

    async def write_step(
        self, step: StepFacts, state: StepState, also: Mapping[str, Any] | None = None
    ) -> Any:
        """Write the new state of one step with other changes, and state what happened."""
        row = await self.steps.update(step.id, {**(also or {}), **_columns(state)})
        if state.status is step.status:
            return row
        about: dict[str, Any] = {"record_id": step.id, "plan_id": step.plan_id, "kind": step.kind}
        if state.status is StepStatus.DONE:
            done_by = state.done_by or DoneBy.PERSON
            await self.state(RecoveryStepCompleted(done_by=done_by, **about))
        elif state.status is StepStatus.SKIPPED:
            await self.state(RecoveryStepSkipped(skip_reason=state.skip_reason, **about))
        elif not step.is_open:
            await self.state(RecoveryStepReopened(**about))
        return row

    async def follow(self, plan_id: UUID, before: Iterable[StepStatus]) -> None:
        """Complete or reopen a plan whose steps went from `before` to what they are; stamp it.

        A plan stays completed while its rejection is closed, and where another plan of the
        rejection has become active meanwhile.
        """
        plan = await self.plans.get(plan_id)
        after = [row.status for row in await self.steps.of_plans([plan_id])]
        state = follow_steps(plan_facts(plan), list(before), after)
        comes_back = state is not None and state.status is PlanStatus.ACTIVE
        if comes_back and not await self._may_come_back(plan):
            state = None
        await self.write_plan(plan, state, {})

    async def _may_come_back(self, plan: Any) -> bool:
        if plan.rejection_id is None:
            return True
        rejection = await self.rejections.get(plan.rejection_id)
        if rejection.status is RejectionStatus.CLOSED:
            return False
        return await self.plans.active_of(plan.rejection_id) is None

    async def write_plan(self, plan: Any, state: PlanState | None, also: Mapping[str, Any]) -> Any:
        """Write the new state of a plan with other changes, and state what happened."""
        columns = {} if state is None else vars(state)
        row = await self.plans.update(plan.id, {**also, **columns})
        if state is not None and state.status is not plan.status:
            kind = {
                PlanStatus.ACTIVE: RecoveryPlanReopened,
                PlanStatus.COMPLETED: RecoveryPlanCompleted,
                PlanStatus.ABANDONED: RecoveryPlanAbandoned,
            }[state.status]
            await self.state(kind(record_id=plan.id, rejection_id=plan.rejection_id))
        return row

    async def apply(self, plan: Any, change: PlanChange) -> None:
        """Carry out what closing or reopening a rejection does to one of its plans."""
        for step in change.steps:
            await self.write_step(step.step, step.state)
        if change.state is not None or change.steps:
            await self.write_plan(plan, change.state, {})


def _columns(state: StepState) -> dict[str, Any]:
    columns = {**vars(state)}
    evidence = columns.pop("evidence")
    return {**columns, **evidence_columns(vars(evidence) if evidence else None)}
