"""The statements on plans, and on the templates of organisations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    bindparam,
    func,
    select,
)

from app.db.base import table_of
from app.db.paging import Listing, equals
from app.db.repository import Repository
from app.domains.recovery.models import (
    PlanTemplate,
    RecoveryPlan,
    RecoveryStep,
)
from app.domains.recovery.terms import PlanStatus

_plans = table_of(RecoveryPlan)
_steps = table_of(RecoveryStep)
_templates = table_of(PlanTemplate)

_IN_THE_PLAN = (_steps.c.owner_id == _plans.c.owner_id, _steps.c.plan_id == _plans.c.id)


class PlanTemplateRepository(Repository):
    """The plan templates of one organisation."""

    table = _templates
    listing = Listing(
        table=_templates,
        sorts={"created_at": _templates.c.created_at, "-created_at": _templates.c.created_at},
        filters={},
    )


class PlanRepository(Repository):
    """The plans of one person."""

    table = _plans
    listing = Listing(
        table=_plans,
        sorts={"created_at": _plans.c.created_at, "-created_at": _plans.c.created_at},
        filters={
            "rejection_id": equals(_plans.c.rejection_id),
            "status": equals(_plans.c.status),
        },
    )
    _OF_REJECTION = (
        select(_plans)
        .where(
            _plans.c.owner_id == bindparam("owner"),
            _plans.c.rejection_id == bindparam("rejection"),
        )
        .order_by(_plans.c.created_at.desc(), _plans.c.id.desc())
    )

    _GATHERING = (
        select(
            _plans.c.id,
            select(func.count()).where(*_IN_THE_PLAN).scalar_subquery().label("steps"),
            select(func.max(_steps.c.position))
            .where(*_IN_THE_PLAN)
            .scalar_subquery()
            .label("last_position"),
        )
        .where(
            _plans.c.owner_id == bindparam("owner"),
            _plans.c.organization_id == bindparam("organization"),
            _plans.c.status == PlanStatus.ACTIVE,
        )
        .order_by(_plans.c.created_at.desc(), _plans.c.id.desc())
        .limit(1)
    )

    async def gathering(self, organization_id: UUID) -> Row[Any] | None:
        """The latest active plan that gathers what an organisation assigns.

        With it comes how many `steps` it holds, and the `last_position` of them.
        """
        found = await self.transaction.execute(
            self._GATHERING, {"owner": self.owner_id, "organization": organization_id}
        )
        return found.one_or_none()

    async def of_rejection(self, rejection_id: UUID) -> Sequence[Row[Any]]:
        """All plans of a rejection, the latest first."""
        found = await self.transaction.execute(
            self._OF_REJECTION, {"owner": self.owner_id, "rejection": rejection_id}
        )
        return found.all()

    async def active_of(self, rejection_id: UUID) -> Row[Any] | None:
        """The active plan of a rejection."""
        plans = await self.of_rejection(rejection_id)
        return next((plan for plan in plans if plan.status is PlanStatus.ACTIVE), None)
