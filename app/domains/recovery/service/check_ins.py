"""Noting how one is, and what the two guards do with it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.recovery.events import CheckInDeleted, CheckInRecorded, CheckInUpdated
from app.domains.recovery.repository.check_ins import CheckInRepository, GuardFiringRepository
from app.domains.recovery.repository.plans import PlanRepository
from app.domains.recovery.repository.steps import StepRepository
from app.domains.recovery.rules.check_ins import check_checked_in_at
from app.domains.recovery.rules.data import REFOCUS_STEP, support_resources
from app.domains.recovery.rules.distress import (
    SUPPORT_CARDS,
    guard_fires,
    muted_until,
    support_card_due,
)
from app.domains.recovery.rules.facts import CheckInFacts, from_row
from app.domains.recovery.rules.templates import refocus_step
from app.domains.recovery.schemas import CheckInCreate, CheckInPatch, CheckInQuery
from app.domains.recovery.service.steps import StepService
from app.domains.recovery.terms import MAX_STEPS_PER_PLAN, PlanStatus
from app.domains.rejections.service import RejectionService
from app.domains.rejections.terms import RejectionStatus
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.problems import ConsentMissing
from app.kit.schemas import Existing
from app.kit.terms import Language

SUPPORT_PATH = "/v1/support-resources"
CONSENT = "wellbeing_tracking"


class CheckInService(Service):
    """Records, lists, corrects and deletes check-ins."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.check_ins = CheckInRepository(transaction, caller)
        self.firings = GuardFiringRepository(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def list(self, query: CheckInQuery) -> Page:
        """One page of the person's check-ins."""
        page = await self.check_ins.page(query)
        return Page([present(row, self.caller) for row in page.items], page.next_cursor)

    async def get(self, check_in_id: UUID) -> dict[str, Any]:
        """One check-in; raises NotFound."""
        return present(await self.check_ins.get(check_in_id), self.caller)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the check-ins of a period."""
        return await self.check_ins.outline(period)

    async def record(self, body: CheckInCreate) -> Any:
        """Note how one is. `support_wanted` is not looked at here: it leaves no trace.

        Raises:
            ConsentMissing: the profile does not say `wellbeing_tracking: true`.
            Invalid: no such rejection, or a time that nobody has lived through yet.
        """
        await self._check_consent()
        check_checked_in_at(body.checked_in_at, self.clock.now())
        if repeated := await self.check_ins.find_repeat(body):
            quiet = {"support_card": None, "refocus": None}
            return Existing({**present(repeated, self.caller), **quiet})
        values = body.model_dump(exclude={"support_wanted"})
        await self.check_ins.check_references(values)
        values["checked_in_at"] = values["checked_in_at"] or self.clock.now()
        row = await self.check_ins.insert(values)
        await self.state(
            CheckInRecorded(
                record_id=row.id, rejection_id=row.rejection_id, checked_in_at=row.checked_in_at
            )
        )
        return {
            **present(row, self.caller),
            "support_card": await self._support_card(row),
            "refocus": await self._refocus(row),
        }

    async def update(
        self, check_in_id: UUID, patch: CheckInPatch, precondition: Precondition
    ) -> Any:
        """Correct a check-in; one that moves to another rejection ticks its steps there.

        Raises:
            NotFound, PreconditionFailed, ConsentMissing.
            Invalid: no such rejection, or a time that nobody has lived through yet.
        """
        await self._check_consent()
        before, changes = await self.check_ins.change(check_in_id, patch, precondition)
        if not changes:
            return present(before, self.caller)
        check_checked_in_at(changes.get("checked_in_at"), self.clock.now())
        await self.check_ins.check_references(changes)
        row = await self.check_ins.update(check_in_id, changes)
        if not changes.keys().isdisjoint(("dwelling", "rejection_id", "checked_in_at")):
            # What the guard took for a reason is not so.
            await self.firings.forget(before.rejection_id, before.checked_in_at)
        await self.state(
            CheckInUpdated(
                record_id=row.id,
                rejection_id=row.rejection_id,
                checked_in_at=row.checked_in_at,
                was={"rejection_id": before.rejection_id},
            )
        )
        return present(row, self.caller)

    async def delete(self, check_in_id: UUID, precondition: Precondition) -> None:
        """Delete a check-in and reopen the steps it ticked.

        Raises:
            NotFound, PreconditionFailed.
        """
        row = await self.check_ins.lock(check_in_id)
        precondition.check(row.revision)
        # Stated before the row goes, while the steps still know what ticked them.
        await self.state(CheckInDeleted(record_id=row.id, rejection_id=row.rejection_id))
        await self.check_ins.delete(check_in_id)
        await self.firings.forget(row.rejection_id, row.checked_in_at)

    async def delete_all(self) -> None:
        """Delete every check-in, and that the guard fired because of them.

        The steps they ticked stay done: this is about the data.
        """
        await self.transaction.revise(self.caller.owner_id)
        steps = await StepRepository(self.transaction, self.caller).ticked_by_check_ins()
        await self.check_ins.delete_all()
        await self.firings.forget_all()
        # The steps lose what ticked them, and a step's change is its plan's change.
        plans = PlanRepository(self.transaction, self.caller)
        for plan_id in {step.plan_id for step in steps}:
            await plans.update(plan_id, {})

    async def _check_consent(self) -> None:
        # Under the lock, or it could be withdrawn before what it allows is stored.
        await self.transaction.revise(self.caller.owner_id)
        profile = await AccountService(self.transaction, self.caller).get()
        if not profile.wellbeing_tracking:
            raise ConsentMissing(consent=CONSENT)

    async def _support_card(self, row: Any) -> dict[str, Any] | None:
        due = support_card_due(
            from_row(CheckInFacts, row),
            [from_row(CheckInFacts, one) for one in await self.check_ins.latest()],
            zone=self.caller.zone,
            last_shown_at=await self.check_ins.last_card_shown_at(),
            now=self.clock.now(),
        )
        if not due:
            return None
        await self.check_ins.card_shown(self.clock.now())
        return support_card(self.caller)

    async def _refocus(self, row: Any) -> dict[str, Any] | None:
        if row.rejection_id is None:
            return None
        rejection = await self.rejections.get(row.rejection_id)
        latest = await self.check_ins.latest(row.rejection_id)
        # One that is entered late and lies further back says nothing about now.
        recent = any(one.id == row.id for one in latest)
        open_still = rejection.status is RejectionStatus.OPEN
        fires = (recent and open_still) and guard_fires(
            [from_row(CheckInFacts, one) for one in latest],
            rejected_on=rejection.rejected_on,
            created_at=rejection.created_at,
            zone=self.caller.zone,
            last_fired_at=await self.check_ins.last_fired_at(rejection.id),
        )
        if not fires:
            return None
        await self.firings.insert({"rejection_id": rejection.id, "fired_at": row.checked_in_at})
        language = self.caller.language
        return {
            "title": REFOCUS_STEP.title[language],
            "guidance": REFOCUS_STEP.guidance[language],
            "step_id": await self._offer_step(rejection.id, language),
            "muted_until": muted_until(row.checked_in_at),
            "rejection_id": rejection.id,
        }

    async def _offer_step(self, rejection_id: UUID, language: Language) -> UUID | None:
        """Put the refocus step into the rejection's plan; a person who let it go gets none."""
        plans = await PlanRepository(self.transaction, self.caller).of_rejection(rejection_id)
        kept = [plan for plan in plans if plan.status is not PlanStatus.ABANDONED]
        if not kept:
            return None
        chosen = next((plan for plan in kept if plan.status is PlanStatus.ACTIVE), kept[0])
        # At the end of the plan; next actions bring it to the front.
        steps = StepService(self.transaction, self.caller)
        return await steps.offer(chosen.id, refocus_step(language, MAX_STEPS_PER_PLAN))


def present(row: Any, caller: Caller) -> dict[str, Any]:
    """A stored check-in with the way to support, which is always there."""
    country = f"?country={caller.country}" if caller.country else ""
    return {**row._mapping, "support": {"href": SUPPORT_PATH + country}}  # noqa: SLF001 -- SQLAlchemy's public name


def support_card(caller: Caller) -> dict[str, Any]:
    """The card in the caller's language, with places in the country they chose."""
    card = SUPPORT_CARDS[caller.language]
    return {
        "title": card.title,
        "text": card.text,
        "resources": [vars(one) for one in support_resources(caller.country)],
    }


def with_wanted_card(caller: Caller, body: CheckInCreate, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer to a check-in, with the card if this request asks for it."""
    if body.support_wanted:
        return {**answer, "support_card": support_card(caller)}
    return answer
