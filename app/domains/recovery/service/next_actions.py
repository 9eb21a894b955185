"""What to do now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.recovery.repository import GuardFiringRepository, StepRepository
from app.domains.recovery.rules.candidates import (
    Candidate,
    ReapplyFacts,
    reapply_candidate,
    step_candidate,
)
from app.domains.recovery.rules.distress import muted_until
from app.domains.recovery.rules.facts import PlanFacts
from app.domains.recovery.rules.next_actions import (
    Moment,
    NextAction,
    acts_done,
    moment_of,
    next_actions,
)
from app.domains.recovery.schemas import IncludeActions, NextActionsQuery
from app.domains.recovery.service.engine import step_facts
from app.domains.recovery.terms import PlanStatus, StepStatus
from app.domains.rejections.rules import suggested_reapply_on
from app.domains.rejections.service import RejectionService
from app.kit.clock import start_of_day

Fired = Mapping[UUID, datetime]
"""When the dwelling guard last fired, by rejection."""


class NextActionService(Service):
    """Gathers what could be done from all rooms, and lets the rules choose."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.steps = StepRepository(transaction, caller)
        self.firings = GuardFiringRepository(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def next(self, query: NextActionsQuery) -> dict[str, Any]:
        """A few things to do on a day, the most pressing first."""
        zone = self.caller.zone
        moment = moment_of(query.on, self.clock.now(), zone)
        rows = await self.steps.to_offer(start_of_day(moment.today, zone))
        done = [step_facts(row) for row in rows if row.status is StepStatus.DONE]
        to_do = [row for row in rows if row.status is not StepStatus.DONE]
        fired = await self.firings.last_fired()
        profile = await AccountService(self.transaction, self.caller).get()
        chosen = next_actions(
            [*self._steps(to_do, fired, moment), *await self._reapplying(to_do, fired, moment)],
            moment,
            per_day=profile.next_actions_per_day,
            acts_done=acts_done(done, moment.today, zone),
            allow_during_pause=profile.allow_during_pause,
            lift_cap=query.include is IncludeActions.ALL,
        )
        return {"on": moment.today, "items": [self._present(item) for item in chosen]}

    def _steps(self, rows: Any, fired: Fired, moment: Moment) -> list[Candidate]:
        found = (
            step_candidate(
                step_facts(row),
                PlanFacts(
                    id=row.plan_id,
                    rejection_id=row.rejection_id,
                    status=row.plan_status,
                    pause_until=row.pause_until,
                    completed_with_rejection=row.completed_with_rejection,
                ),
                muted_until=muted_until(fired.get(row.rejection_id)),
                today=moment.today,
                zone=self.caller.zone,
            )
            for row in rows
        )
        return [candidate for candidate in found if candidate is not None]

    async def _reapplying(self, rows: Any, fired: Fired, moment: Moment) -> list[Candidate]:
        active = [row for row in rows if row.plan_status is PlanStatus.ACTIVE]
        pauses = {row.rejection_id: row.pause_until for row in active}
        found = (
            reapply_candidate(
                ReapplyFacts(
                    id=row.id,
                    revision=row.revision,
                    created_at=row.created_at,
                    company_name=row.company_name,
                    decided_by=row.decided_by,
                    reapply_on=row.reapply_on,
                    suggested_on=suggested_reapply_on(row.rejected_on),
                ),
                pause_until=pauses.get(row.id),
                muted_until=muted_until(fired.get(row.id)),
                today=moment.today,
                language=self.caller.language,
            )
            for row in await self.rejections.to_reapply(moment.today)
        )
        return [candidate for candidate in found if candidate is not None]

    def _present(self, item: NextAction) -> dict[str, Any]:
        return {
            **vars(item),
            "reason": item.why_now,
            "why_now": item.why_now.label(self.caller.language),
        }
