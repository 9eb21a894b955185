"""Everything there is to do, gathered from all rooms, for the rules to choose from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.contacts.service import CompanyService, ContactService, InteractionService
from app.domains.contacts.terms import InteractionDirection
from app.domains.feedback.service.requests import FeedbackRequestService
from app.domains.opportunities.service.opportunities import OpportunityService
from app.domains.recovery.repository.check_ins import GuardFiringRepository
from app.domains.recovery.repository.steps import StepRepository, act_of
from app.domains.recovery.rules.candidates import (
    Candidate,
    Due,
    due_candidate,
    reapply_candidate,
    step_candidate,
)
from app.domains.recovery.rules.distress import muted_until
from app.domains.recovery.rules.facts import PlanFacts
from app.domains.recovery.rules.pause import resting_until
from app.domains.recovery.service.engine import step_facts
from app.domains.rejections.rules import suggested_reapply_on
from app.domains.rejections.service import RejectionService
from app.domains.rejections.terms import RejectionStatus
from app.kit.clock import end_of_day, local_day
from app.kit.periods import Period

Until = Mapping[UUID, datetime | None]
"""Until when something rests, by rejection."""


class OfferService(Service):
    """Asks every room once what there is to do, as far as the caller sees its records."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.steps = StepRepository(transaction, caller)
        self.firings = GuardFiringRepository(transaction, caller)
        self.rejections = RejectionService(transaction, caller)
        self.requests = FeedbackRequestService(transaction, caller)
        self.opportunities = OpportunityService(transaction, caller)
        self.contacts = ContactService(transaction, caller)
        self.companies = CompanyService(transaction, caller)
        self.interactions = InteractionService(transaction, caller)

    async def acts_done(self, today: date) -> int:
        """How many acts were done on a local day; an act that ticked two steps counts once.

        What the caller does not see is not counted, or its number would show in what is left.
        """
        day = Period(today, today, self.caller.zone)
        interactions = await self.interactions.outline(day)
        nudged = await self.requests.nudged(today) if self._sees("feedback_requests") else ()
        acts = {
            *[act_of(row) for row in await self.steps.outline(day)],
            *[
                ("interactions", one.id)
                for one in interactions
                if one.direction is InteractionDirection.OUTGOING
            ],
            *[("feedback_requests", one) for one in nudged],
        }
        return len(acts)

    async def gather(self, now: datetime, ahead: date) -> list[Candidate]:
        """What could be done now, or becomes due by the end of the local day `ahead`.

        Of what is in a diary also that of the day after, so that there is time to get ready.
        """
        rows = await self.steps.to_offer()
        fired = await self.firings.last_fired()
        mutes: Until = {about: muted_until(at) for about, at in fired.items()}
        pauses: Until = {row.rejection_id: row.pause_until for row in rows}
        day_after = end_of_day(ahead + timedelta(days=1), self.caller.zone)
        return [
            *self._steps(rows, mutes, ahead),
            *await self._nudges(pauses, mutes, ahead),
            *await self._events(now, day_after),
            *await self._follow_ups(ahead),
            *await self._reapplying(pauses, mutes, ahead),
        ]

    def _steps(self, rows: Sequence[Any], mutes: Until, ahead: date) -> list[Candidate]:
        pauses = {row.pause_until for row in rows}
        found = (
            step_candidate(
                step_facts(row),
                PlanFacts(
                    id=row.plan_id,
                    rejection_id=row.rejection_id,
                    status=row.plan_status,
                    pause_until=resting_until(row.pause_until, row.origin, pauses),
                    completed_with_rejection=row.completed_with_rejection,
                ),
                muted_until=mutes.get(row.rejection_id),
                today=ahead,
                zone=self.caller.zone,
            )
            for row in rows
        )
        return [candidate for candidate in found if candidate is not None]

    async def _nudges(self, pauses: Until, mutes: Until, ahead: date) -> list[Candidate]:
        # It is told with the name of the employer, which is the rejection's.
        if not self._sees("feedback_requests", "rejections"):
            return []
        rows = await self.requests.to_nudge(ahead)
        about = {one.id: one for one in await self.rejections.ties({r.rejection_id for r in rows})}
        return [
            self._asked(
                "feedback_requests",
                row,
                about[row.rejection_id].company_name,
                due_on=row.nudge_on,
                **_resting(row.rejection_id, pauses, mutes),
            )
            for row in rows
            # Of a rejection the person is done with, an answer can still come unasked.
            if about[row.rejection_id].status is RejectionStatus.OPEN
        ]

    async def _events(self, since: datetime, until: datetime) -> list[Candidate]:
        if not self._sees("opportunities"):
            return []
        zone = self.caller.zone
        return [
            self._asked(
                "opportunities",
                row,
                row.company_name,
                due_on=local_day(row.next_event_at, zone),
                event_at=row.next_event_at,
            )
            for row in await self.opportunities.coming_up(since, until)
        ]

    async def _follow_ups(self, ahead: date) -> list[Candidate]:
        if not self._sees("contacts", "companies"):
            return []
        contacts, companies = await self.contacts.due(ahead), await self.companies.due(ahead)
        return [
            *(self._asked("contacts", c, c.name, due_on=c.next_follow_up_on) for c in contacts),
            *(self._asked("companies", c, c.name, due_on=c.next_engagement_on) for c in companies),
        ]

    def _sees(self, *collections: str) -> bool:
        return all(self.caller.sees(one) for one in collections)

    def _asked(self, collection: str, row: Any, name: str, **rest: Any) -> Candidate:
        return due_candidate(_due(collection, row, name, **rest), self.caller.language)

    async def _reapplying(self, pauses: Until, mutes: Until, ahead: date) -> list[Candidate]:
        if not self._sees("rejections"):
            return []
        found = (
            reapply_candidate(
                _due(
                    "rejections",
                    row,
                    row.company_name,
                    due_on=row.reapply_on,
                    **_resting(row.id, pauses, mutes),
                ),
                row.decided_by,
                suggested_reapply_on(row.rejected_on),
                today=ahead,
                language=self.caller.language,
            )
            for row in await self.rejections.to_reapply(ahead)
        )
        return [candidate for candidate in found if candidate is not None]


def _due(collection: str, row: Any, name: str, **rest: Any) -> Due:
    """What the rules know of a record that asks for something."""
    return Due(
        collection=collection,
        id=row.id,
        revision=row.revision,
        created_at=row.created_at,
        name=name,
        **rest,
    )


def _resting(rejection_id: UUID, pauses: Until, mutes: Until) -> dict[str, Any]:
    return {
        "rejection_id": rejection_id,
        "pause_until": pauses.get(rejection_id),
        "muted_until": mutes.get(rejection_id),
    }
