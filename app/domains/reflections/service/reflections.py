"""Looking back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.reflections.events import (
    ReflectionDeleted,
    ReflectionRecorded,
    ReflectionUpdated,
)
from app.domains.reflections.repository import ReflectionRepository
from app.domains.reflections.rules.days import check_lived
from app.domains.reflections.schemas import ReflectionCreate, ReflectionPatch, ReflectionQuery
from app.domains.reflections.service.lessons import LessonService
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing


class ReflectionService(Service):
    """Records, lists, changes and deletes reflections."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.reflections = ReflectionRepository(transaction, caller)
        self.lessons = LessonService(transaction, caller)

    async def list(self, query: ReflectionQuery) -> Page:
        """One page of the person's reflections."""
        return await self.reflections.page(query)

    async def get(self, reflection_id: UUID) -> Any:
        """One reflection; raises NotFound."""
        return await self.reflections.get(reflection_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the reflections on the days of a period."""
        return await self.reflections.outline(period)

    async def looks_back(self) -> Sequence[Any]:
        """What all reflections say that is of use again: answers, red flags and mismatches."""
        return await self.reflections.looks_back()

    async def record(self, body: ReflectionCreate) -> Any:
        """Keep a look back.

        Raises:
            Invalid: its day lies in the future, or what it is about is not there.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.reflections.find_repeat(body):
            return Existing(repeated)
        today = local_day(self.clock.now(), self.caller.zone)
        values = body.model_dump()
        values["occurred_on"] = values["occurred_on"] or today
        check_lived("occurred_on", values["occurred_on"], today)
        await self.reflections.check_references(values)
        record = await self.reflections.insert(values)
        await self.state(ReflectionRecorded(record_id=record.id, **_facts(record)))
        return record

    async def update(
        self, reflection_id: UUID, patch: ReflectionPatch, precondition: Precondition
    ) -> Any:
        """Change a reflection; lessons from it go with it to another rejection.

        Raises:
            NotFound, PreconditionFailed.
            Invalid: its day lies in the future, or what it is about is not there.
        """
        before, changes = await self.reflections.change(reflection_id, patch, precondition)
        if not changes:
            return before
        if "occurred_on" in changes:
            today = local_day(self.clock.now(), self.caller.zone)
            check_lived("occurred_on", changes["occurred_on"], today)
        await self.reflections.check_references(changes)
        record = await self.reflections.update(reflection_id, changes)
        await self.state(
            ReflectionUpdated(record_id=record.id, **_facts(record), was=_facts(before))
        )
        if record.rejection_id != before.rejection_id:
            await self.lessons.follow_reflection(reflection_id, before.rejection_id)
        return record

    async def delete(self, reflection_id: UUID, precondition: Precondition) -> None:
        """Delete a reflection; lessons from it stay, without their source.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.reflections.lock(reflection_id)
        precondition.check(record.revision)
        # Stated before the row goes, while others still know what refers to it.
        await self.state(ReflectionDeleted(record_id=reflection_id))
        await self.reflections.delete(reflection_id)


def _facts(record: Any) -> dict[str, Any]:
    """What other rooms need to know of a reflection."""
    return {"rejection_id": record.rejection_id, "opportunity_id": record.opportunity_id}
