"""Completing and reopening steps by what a person does elsewhere."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.contacts.service import ContactService
from app.domains.recovery.repository.steps import StepRepository
from app.domains.recovery.rules.facts import Evidence
from app.domains.recovery.rules.standing import Claim, Place, standing
from app.domains.recovery.rules.ticking import PlacedStep, steps_to_reopen, steps_to_tick
from app.domains.recovery.service.engine import Engine, step_facts
from app.domains.rejections.service import RejectionService
from app.kit.clock import local_day
from app.kit.events import Event


class TickingService(Service):
    """Keeps steps true to what the records say that stand for them."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.engine = Engine(transaction, caller)
        self.steps: StepRepository = self.engine.steps
        self.rejections = RejectionService(transaction, caller)
        self.contacts = ContactService(transaction, caller)

    async def follow(self, fact: Event) -> None:
        """Tick what a record newly stands for, and reopen what it stands for no longer."""
        claims, before = standing(fact), standing(fact.before())
        if claims == before:
            return
        evidence = Evidence(collection=fact.collection, id=fact.record_id)
        located = {claim: await self._at_company(claim) for claim in claims}
        gained = [where for claim, where in located.items() if claim not in before]
        ticked = await self.steps.ticked_by(evidence.collection, evidence.id)
        ready = await self.steps.ready({claim.kind for claim in gained})
        known = await self._placed([*ticked, *ready])
        await self.engine.change_steps(steps_to_reopen([*located.values()], known, evidence))
        now = self.clock.now()
        await self.engine.change_steps(
            steps_to_tick(
                gained,
                known,
                evidence=evidence,
                today=local_day(now, self.caller.zone),
                now=now,
            )
        )

    async def take_back(self, fact: Event) -> None:
        """Reopen every step that a record had ticked which is gone now."""
        evidence = Evidence(collection=fact.collection, id=fact.record_id)
        ticked = [
            PlacedStep(step=step_facts(row), place=Place())
            for row in await self.steps.ticked_by(evidence.collection, evidence.id)
        ]
        await self.engine.change_steps(steps_to_reopen((), ticked, evidence))

    async def _at_company(self, claim: Claim) -> Claim:
        """A claim that names a contact, with the company they are at."""
        if claim.contact_id is None or claim.rejection_id or claim.company_id:
            return claim
        contact = await self.contacts.get(claim.contact_id)
        return replace(claim, company_id=contact.company_id)

    async def _placed(self, rows: Sequence[Any]) -> list[PlacedStep]:
        """Steps with what their plans are about."""
        named = {row.rejection_id for row in rows if row.rejection_id is not None}
        places = {
            row.id: Place(
                rejection_id=row.id,
                contact_id=row.contact_id,
                company_id=row.company_id,
                opportunity_id=row.opportunity_id,
            )
            for row in await self.rejections.ties(named)
        }
        return [
            PlacedStep(step=step_facts(row), place=places.get(row.rejection_id, Place()))
            for row in rows
        ]
