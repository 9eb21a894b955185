"""The plans that an organisation has thought out for its clients."""

from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.recovery.errors import unknown_plan_template
from app.domains.recovery.repository.plans import PlanTemplateRepository
from app.domains.recovery.schemas.assignments import (
    OrganizationPlanTemplateCreate,
    OrganizationPlanTemplatePatch,
    OrganizationPlanTemplateQuery,
)
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class OrganizationTemplateService(Service):
    """Keeps an organisation's templates; plans that were started from one are not touched."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.templates = PlanTemplateRepository(transaction, caller)

    async def list(self, query: OrganizationPlanTemplateQuery) -> Page:
        """One page of the organisation's templates."""
        return await self.templates.page(query)

    async def get(self, template_id: UUID) -> Any:
        """One template; raises NotFound."""
        return await self.templates.get(template_id)

    async def add(self, body: OrganizationPlanTemplateCreate) -> Any:
        """Store a template.

        Raises:
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.templates.find_repeat(body):
            return Existing(repeated)
        return await self.templates.insert(body.model_dump())

    async def update(
        self, template_id: UUID, patch: OrganizationPlanTemplatePatch, precondition: Precondition
    ) -> Any:
        """Change a template.

        Raises:
            NotFound, PreconditionFailed.
        """
        before, changes = await self.templates.change(template_id, patch, precondition)
        return await self.templates.update(template_id, changes) if changes else before

    async def delete(self, template_id: UUID, precondition: Precondition) -> None:
        """Delete a template.

        Raises:
            NotFound, PreconditionFailed.
        """
        template = await self.templates.lock(template_id)
        precondition.check(template.revision)
        await self.templates.delete(template_id)


async def find_for_client(transaction: Transaction, caller: Caller, template_id: UUID) -> Any:
    """A template of the organisation for which somebody acts for a person.

    Raises:
        Invalid: it has none with that id, or the caller acts for nobody.
    """
    if caller.consent is None:
        raise unknown_plan_template()
    organization_id = caller.consent.actor.organization_id
    templates = PlanTemplateRepository(transaction, caller.at(organization_id))
    with transaction.reaching(organization_id):
        template = await templates.find(template_id)
    if template is None:
        raise unknown_plan_template()
    return template
