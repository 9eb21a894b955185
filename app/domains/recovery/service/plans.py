"""Starting, changing and ending plans."""

from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.recovery.errors import (
    PlanExists,
    RejectionIsClosed,
    title_required,
    two_templates,
)
from app.domains.recovery.events import RecoveryPlanStarted
from app.domains.recovery.rules import closing, machines, templates
from app.domains.recovery.rules.data import TEMPLATES, Template
from app.domains.recovery.rules.pause import pause_until
from app.domains.recovery.rules.templates import CoachStep, coach_steps
from app.domains.recovery.schemas import PlanCreate, PlanPatch, PlanQuery
from app.domains.recovery.service.engine import Engine, plan_facts, present_step, step_facts
from app.domains.recovery.service.organization_templates import find_for_client
from app.domains.recovery.terms import PlanStatus, StepOrigin
from app.domains.rejections.service import RejectionService
from app.domains.rejections.terms import RejectionStatus
from app.kit.clock import local_day
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

_EMPTY = {
    "rejection_id": None,
    "template_key": None,
    "template_version": None,
    "pause_until": None,
    "status": PlanStatus.ACTIVE,
    "completed_with_rejection": False,
    "organization_id": None,
}
"""A plan about nothing special."""


class PlanService(Service):
    """Starts, lists, changes and ends plans."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.engine = Engine(transaction, caller)
        self.plans, self.steps = self.engine.plans, self.engine.steps
        self.rejections = RejectionService(transaction, caller)

    def templates(self) -> dict[str, Any]:
        """All plan templates in the caller's language."""
        return {
            "items": [_present_template(t, self.caller) for t in TEMPLATES.values()],
            "next_cursor": None,
        }

    async def list(self, query: PlanQuery) -> Page:
        """One page of the person's plans, without their steps."""
        return await self.plans.page(query)

    async def get(self, plan_id: UUID) -> dict[str, Any]:
        """One plan with its steps; raises NotFound."""
        return await self._present(await self.plans.get(plan_id))

    async def start(self, body: PlanCreate) -> Any:
        """Start a plan: for a rejection by its own template, by a named one, or empty.

        A coach may start one from a template of the organisation; its steps are the coach's.

        Raises:
            PlanExists: the rejection has an active plan.
            RejectionIsClosed: it is closed; reopen it first.
            Invalid: no such rejection or template, two of these, or an empty plan without a title.
        """
        if repeated := await self.plans.find_repeat(body):
            return Existing(await self._present(repeated))
        await self.plans.check_references(body.given())
        rejection = await self._rejection(body.rejection_id)
        if body.plan_template_id is not None:
            if body.template_key is not None:
                raise two_templates()
            template = await find_for_client(self.transaction, self.caller, body.plan_template_id)
            values = body.model_dump(include={"id", "title", "pause_until", "rejection_id"})
            return await self._present(await self.start_from(template, values))
        chosen = self._template(body.template_key, rejection)
        if chosen is None and body.title is None:
            raise title_required()
        values = body.model_dump(include={"id", "title", "pause_until"})
        return await self._present(await self._store(values, rejection, chosen))

    async def start_from(self, template: Any, values: dict[str, Any]) -> Any:
        """Start a plan from a template of an organisation, its days counted from today."""
        plan = await self.open({**values, "title": values.get("title") or template.name})
        today = local_day(self.clock.now(), self.caller.zone)
        steps = coach_steps((CoachStep(**step) for step in template.steps), today)
        await self.engine.add_steps(plan.id, steps, StepOrigin.COACH)
        return plan

    async def open(self, values: dict[str, Any]) -> Any:
        """Store a plan that has no steps yet, and state that it began."""
        plan = await self.plans.insert({**_EMPTY, **values})
        await self.state(
            RecoveryPlanStarted(
                record_id=plan.id, rejection_id=plan.rejection_id, template_key=plan.template_key
            )
        )
        return plan

    async def start_for(self, rejection_id: UUID) -> None:
        """Start the plan that fits a rejection which has just been recorded, with its pause."""
        rejection = await self.rejections.get(rejection_id)
        profile = await AccountService(self.transaction, self.caller).get()
        pause = pause_until(
            created_at=rejection.created_at,
            rejected_on=rejection.rejected_on,
            pause_hours=profile.pause_hours,
            stage=rejection.stage,
            decided_by=rejection.decided_by,
            zone=self.caller.zone,
            now=self.clock.now(),
        )
        await self._store({"pause_until": pause}, rejection, self._template(None, rejection))

    async def update(self, plan_id: UUID, patch: PlanPatch, precondition: Precondition) -> Any:
        """Change a plan's title, pause or status; its steps stay as they are.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            PlanExists: it would be the rejection's second active plan.
        """
        before, changes = await self.plans.change(plan_id, patch, precondition)
        if changes:
            status = changes.pop("status", before.status)
            state = None
            if status is not before.status:
                state = machines.plan_by_person(before.status, status)
                if status is PlanStatus.ACTIVE and before.rejection_id is not None:
                    await self._check_free(await self.rejections.get(before.rejection_id))
            before = await self.engine.write_plan(before, state, changes)
        return await self._present(before)

    async def close_with_rejection(self, rejection_id: UUID) -> None:
        """Skip the open steps of a rejection that was closed, and complete its plan."""
        for plan in await self.plans.of_rejection(rejection_id):
            steps = [step_facts(row) for row in await self.steps.of_plans([plan.id])]
            await self.engine.apply(plan, closing.close_with_rejection(plan_facts(plan), steps))

    async def reopen_with_rejection(self, rejection_id: UUID) -> None:
        """Restore exactly what closing the rejection took away."""
        for plan in await self.plans.of_rejection(rejection_id):
            steps = [step_facts(row) for row in await self.steps.of_plans([plan.id])]
            await self.engine.apply(plan, closing.reopen_with_rejection(plan_facts(plan), steps))

    async def _rejection(self, rejection_id: UUID | None) -> Any:
        if rejection_id is None:
            return None
        rejection = await self.rejections.get(rejection_id)
        await self._check_free(rejection)
        return rejection

    async def _check_free(self, rejection: Any) -> None:
        """A rejection takes a new active plan while it is open and has none."""
        if rejection.status is RejectionStatus.CLOSED:
            raise RejectionIsClosed
        if active := await self.plans.active_of(rejection.id):
            raise PlanExists(plan_id=str(active.id))

    @staticmethod
    def _template(key: str | None, rejection: Any) -> Template | None:
        if key is not None:
            return templates.template(key)
        if rejection is None:
            return None
        return templates.choose_template(rejection.stage, rejection.decided_by)

    async def _store(self, values: dict[str, Any], rejection: Any, chosen: Template | None) -> Any:
        language, zone = self.caller.language, self.caller.zone
        plan = await self.open(
            {
                **values,
                "title": values.get("title") or (chosen.title[language] if chosen else None),
                "rejection_id": rejection.id if rejection else None,
                "template_key": chosen.key if chosen else None,
                "template_version": chosen.version if chosen else None,
            }
        )
        if chosen is not None:
            met = rejection is None or templates.human_contact(
                rejection.stage,
                rejection.channel,
                contact_linked=rejection.contact_id is not None,
            )
            steps = templates.plan_steps(
                chosen,
                language,
                rejected_on=rejection.rejected_on if rejection else None,
                started_at=plan.created_at,
                pause_until=plan.pause_until,
                zone=zone,
                with_human_contact=met,
            )
            await self.engine.add_steps(plan.id, steps, StepOrigin.TEMPLATE)
        return plan

    async def _present(self, plan: Any) -> dict[str, Any]:
        # The plan was read before its steps, so its ETag is never newer than what it stands for.
        steps = await self.steps.of_plans([plan.id], to_show=True)
        return {**plan._mapping, "steps": [present_step(row) for row in steps]}  # noqa: SLF001 -- SQLAlchemy's public name


def _present_template(template: Template, caller: Caller) -> dict[str, Any]:
    language = caller.language
    return {
        "key": template.key,
        "version": template.version,
        "title": template.title[language],
        "description": template.description[language],
        "steps": [
            {
                "kind": step.kind,
                "practice": step.practice,
                "title": step.title[language],
                "effort_minutes": step.effort_minutes,
                "needs_human_contact": step.needs_human_contact,
            }
            for step in template.steps
        ],
    }
