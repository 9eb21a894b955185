"""Noting what to learn, and learning it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.reflections.errors import SkillGapExists
from app.domains.reflections.events import (
    SkillGapClosed,
    SkillGapDeleted,
    SkillGapOpened,
    SkillGapUpdated,
)
from app.domains.reflections.repository import SkillGapRepository
from app.domains.reflections.rules.machines import (
    SKILL_GAP_TRANSITIONS,
    check_transition,
    closing_day,
    progress_of,
)
from app.domains.reflections.schemas import SkillGapCreate, SkillGapPatch, SkillGapQuery
from app.domains.reflections.terms import SkillGapStatus
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class SkillGapService(Service):
    """Records, lists, changes, closes and deletes skill gaps."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.gaps = SkillGapRepository(transaction, caller)

    @property
    def today(self) -> date:
        """The day where the person lives."""
        return local_day(self.clock.now(), self.caller.zone)

    async def list(self, query: SkillGapQuery) -> Page:
        """One page of the person's skill gaps."""
        return await self.gaps.page(query)

    async def get(self, skill_gap_id: UUID) -> Any:
        """One skill gap; raises NotFound."""
        return await self.gaps.get(skill_gap_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of all skill gaps, with the rejections that name them."""
        return await self.gaps.outline(period)

    async def record(self, body: SkillGapCreate) -> Any:
        """Note something to learn, in whatever status it is.

        Raises:
            SkillGapExists: the person has a gap of this name.
            Invalid: a rejection that names it is not there.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.gaps.find_repeat(body):
            return Existing(repeated)
        await self._check_name(body.name, None)
        values = body.model_dump()
        values["progress_percent"] = progress_of(None, body.status, body.progress_percent, 0)
        values["closed_on"] = closing_day(None, body.status, None, self.today)
        await self.gaps.check_references(values)
        record = await self.gaps.insert(values)
        await self.state(SkillGapOpened(record_id=record.id, **_facts(record)))
        if record.status is SkillGapStatus.CLOSED:
            await self.state(SkillGapClosed(record_id=record.id, **_facts(record)))
        return record

    async def update(
        self, skill_gap_id: UUID, patch: SkillGapPatch, precondition: Precondition
    ) -> Any:
        """Change a gap, work on it, close it, let it go, or take it up again.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            SkillGapExists: another gap has this name.
            Invalid: a rejection that names it is not there.
        """
        before, changes = await self.gaps.change(skill_gap_id, patch, precondition)
        if not changes:
            return before
        status = changes.get("status", before.status)
        check_transition(SKILL_GAP_TRANSITIONS, before.status, status)
        if "name" in changes:
            await self._check_name(changes["name"], skill_gap_id)
        given = patch.given().get("progress_percent")
        changes["progress_percent"] = progress_of(
            before.status, status, given, before.progress_percent
        )
        changes["closed_on"] = closing_day(before.status, status, before.closed_on, self.today)
        await self.gaps.check_references(changes)
        record = await self.gaps.update(skill_gap_id, changes)
        stated = _STATED.get(status, SkillGapUpdated)
        if status is before.status:
            stated = SkillGapUpdated
        await self.state(stated(record_id=record.id, **_facts(record), was=_facts(before)))
        return record

    async def delete(self, skill_gap_id: UUID, precondition: Precondition) -> None:
        """Delete a gap; the rejections that name it stay.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.gaps.lock(skill_gap_id)
        precondition.check(record.revision)
        # Stated before the row goes, while others still know what refers to it.
        await self.state(SkillGapDeleted(record_id=skill_gap_id))
        await self.gaps.delete(skill_gap_id)

    async def _check_name(self, name: str, mine: UUID | None) -> None:
        """A name is free while no other gap has it; the lock of the person keeps it so."""
        found = await self.gaps.named(name)
        if found is not None and found != mine:
            raise SkillGapExists(skill_gap_id=str(found))


_STATED: dict[SkillGapStatus, type[SkillGapOpened] | type[SkillGapClosed]] = {
    SkillGapStatus.OPEN: SkillGapOpened,
    SkillGapStatus.CLOSED: SkillGapClosed,
}
"""The fact that a new status is; another one is a change among others."""


def _facts(record: Any) -> dict[str, Any]:
    """What other rooms need to know of a skill gap."""
    return {"status": record.status, "rejection_ids": frozenset(record.rejection_ids)}
