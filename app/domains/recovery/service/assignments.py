"""Giving many people the same to do, each under what they agreed to."""

from typing import Any
from uuid import UUID

from app.auth.access_log import witness_all
from app.auth.caller import Caller, Service
from app.auth.consent import Actor
from app.auth.standing_in import actor_of, stand_in_for_many
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.transaction import Transaction
from app.domains.coaching.service.clients import ClientService
from app.domains.recovery.errors import one_thing_to_assign, unknown_plan_template
from app.domains.recovery.repository.plans import PlanTemplateRepository
from app.domains.recovery.rules.templates import NewStep
from app.domains.recovery.schemas import MAX_POSITION
from app.domains.recovery.schemas.assignments import AssignedStep, StepAssignmentCreate
from app.domains.recovery.service.plans import PlanService
from app.domains.recovery.terms import (
    COACH_PLAN_TITLES,
    MAX_STEPS_PER_PLAN,
    MAX_TITLE_CHARACTERS,
    AssignmentOutcome,
    StepOrigin,
)
from app.kit.problems import Unauthenticated

Outcome = tuple[AssignmentOutcome, UUID | None, UUID | None]
"""What became of it, with the plan and the step that there are now."""


class AssignmentService(Service):
    """Assigns steps and plans in the name of an organisation."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.templates = PlanTemplateRepository(transaction, caller)
        self.clients = ClientService(transaction, caller)

    async def assign(self, body: StepAssignmentCreate) -> dict[str, Any]:
        """Give a step, or a plan from a template, to everybody who agreed to have plans changed.

        Each change stands in the person's access log. A person who is no client, or whose grants
        do not count for the caller, gets the same outcome as one who does not exist.

        Raises:
            Invalid: neither or both of a step and a template, or no such template.
        """
        if (body.step is None) == (body.plan_template_id is None):
            raise one_thing_to_assign()
        template = None
        if body.plan_template_id is not None:
            template = await self.templates.find(body.plan_template_id)
            if template is None:
                raise unknown_plan_template()
        clients = await self.clients.active_among(body.account_ids)
        with self.transaction.everyone():
            actor = await actor_of(self.transaction, self.caller)
            acting = await stand_in_for_many(self.transaction, self.caller, actor, sorted(clients))
        results: dict[UUID, dict[str, Any]] = {}
        used: dict[UUID, dict[ConsentCategory, UUID]] = {}
        # Whoever needs the locks of several people takes them in the order of their ids.
        for person_id, caller in sorted(acting.items()):
            outcome, plan_id, step_id = await self._assign_to(caller, actor, body.step, template)
            results[person_id] = _present(outcome, plan_id, step_id)
            if outcome is AssignmentOutcome.ASSIGNED and caller.consent is not None:
                granted = caller.consent.writable[ConsentCategory.PLANS]
                used[person_id] = {ConsentCategory.PLANS: granted}
        with self.transaction.everyone():
            await witness_all(self.transaction, actor, ConsentAccess.WRITE, "assign_steps", used)
        nobody = _present(AssignmentOutcome.NOT_FOUND, None, None)
        return {
            "items": [{"account_id": one, **results.get(one, nobody)} for one in body.account_ids]
        }

    async def _assign_to(
        self, caller: Caller, actor: Actor, step: AssignedStep | None, template: Any
    ) -> Outcome:
        if not caller.may(ConsentCategory.PLANS, ConsentAccess.WRITE):
            return AssignmentOutcome.CONSENT_MISSING, None, None
        plans = PlanService(self.transaction, caller)
        try:
            with self.transaction.reaching(caller.owner_id):
                await self.transaction.revise(caller.owner_id)
                if step is not None:
                    return AssignmentOutcome.ASSIGNED, *await _add(plans, actor, step)
                plan = await plans.start_from(template, {})
                return AssignmentOutcome.ASSIGNED, plan.id, None
        except Unauthenticated:
            # The account was deleted a moment ago.
            return AssignmentOutcome.NOT_FOUND, None, None


async def _add(plans: PlanService, actor: Actor, step: AssignedStep) -> tuple[UUID, UUID]:
    """Put a step into the plan that gathers what an organisation assigns, or into a new one."""
    plan = await plans.plans.gathering(actor.organization_id)
    last = 0
    if plan is None or plan.steps >= MAX_STEPS_PER_PLAN:
        title = COACH_PLAN_TITLES[plans.caller.language].format(name=actor.organization_name)
        plan = await plans.open(
            {"title": title[:MAX_TITLE_CHARACTERS], "organization_id": actor.organization_id}
        )
    else:
        last = plan.last_position or 0
        await plans.plans.update(plan.id, {})
    new = NewStep(position=min(last + 1, MAX_POSITION), **step.model_dump())
    [step_id] = await plans.engine.add_steps(plan.id, [new], StepOrigin.COACH)
    return plan.id, step_id


def _present(
    outcome: AssignmentOutcome, plan_id: UUID | None, step_id: UUID | None
) -> dict[str, Any]:
    return {"outcome": outcome, "plan_id": plan_id, "step_id": step_id}
