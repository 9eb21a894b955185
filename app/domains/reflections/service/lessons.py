"""Keeping a lesson, and using it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.reflections.events import (
    LessonApplied,
    LessonCaptured,
    LessonDeleted,
    LessonUpdated,
)
from app.domains.reflections.repository import LessonRepository
from app.domains.reflections.rules.machines import (
    LESSON_TRANSITIONS,
    application_of,
    check_transition,
)
from app.domains.reflections.rules.sources import POINTERS, as_columns, source_of
from app.domains.reflections.schemas import LessonCreate, LessonPatch, LessonQuery
from app.domains.reflections.terms import LessonStatus
from app.kit.clock import local_day
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

_APPLICATION = ("applied_to_opportunity_id", "applied_on")


class LessonService(Service):
    """Captures, lists, changes, applies and deletes lessons."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.lessons = LessonRepository(transaction, caller)

    async def list(self, query: LessonQuery) -> Page:
        """One page of the person's lessons."""
        page = await self.lessons.page(query)
        return Page([_present(row) for row in page.items], page.next_cursor)

    async def get(self, lesson_id: UUID) -> Any:
        """One lesson; raises NotFound."""
        return _present(await self.lessons.get(lesson_id))

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of the lessons captured or applied in a period."""
        return await self.lessons.outline(period)

    async def open(self) -> Sequence[Any]:
        """The lessons not yet applied."""
        return await self.lessons.open()

    async def capture(self, body: LessonCreate) -> Any:
        """Keep a lesson, in whatever status it is.

        Raises:
            Invalid: it says how it was applied without being applied, or names what is not there.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.lessons.find_repeat(body):
            return Existing(_present(repeated))
        values = as_columns(body.model_dump())
        values |= application_of(
            body.status, {name: values[name] for name in _APPLICATION}, {}, self._today()
        )
        await self.lessons.check_references(values, POINTERS)
        row = await self.lessons.insert(values)
        facts = await self._facts(row)
        await self.state(LessonCaptured(record_id=row.id, **facts))
        if row.status is LessonStatus.APPLIED:
            await self.state(LessonApplied(record_id=row.id, **facts))
        return _present(row)

    async def update(self, lesson_id: UUID, patch: LessonPatch, precondition: Precondition) -> Any:
        """Change a lesson, apply it, take that back, or retire it.

        Raises:
            NotFound, PreconditionFailed, InvalidTransition.
            Invalid: it says how it was applied without being applied, or names what is not there.
        """
        before, changes = await self.lessons.change(lesson_id, patch, precondition)
        if not changes:
            return _present(before)
        status = changes.get("status", before.status)
        check_transition(LESSON_TRANSITIONS, before.status, status)
        given = {name: value for name, value in patch.given().items() if name in _APPLICATION}
        kept = {name: getattr(before, name) for name in _APPLICATION}
        changes |= application_of(status, given, kept, self._today())
        await self.lessons.check_references(changes, POINTERS)
        row = await self.lessons.update(lesson_id, changes)
        applies = status is LessonStatus.APPLIED and before.status is not status
        stated = LessonApplied if applies else LessonUpdated
        was = await self._facts(before)
        await self.state(stated(record_id=row.id, **await self._facts(row), was=was))
        return _present(row)

    async def follow_reflection(self, reflection_id: UUID, moved_from: UUID | None) -> None:
        """State of the lessons from a reflection that they belong to another rejection now.

        `moved_from` is the rejection that the reflection was about before.
        """
        for row in await self.lessons.from_reflection(reflection_id):
            facts = await self._facts(row)
            was = {**facts, "source_rejection_id": moved_from}
            await self.state(LessonUpdated(record_id=row.id, **facts, was=was))

    async def delete(self, lesson_id: UUID, precondition: Precondition) -> None:
        """Delete a lesson.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.lessons.lock(lesson_id)
        precondition.check(record.revision)
        # Stated before the row goes, while others still know what refers to it.
        await self.state(LessonDeleted(record_id=lesson_id))
        await self.lessons.delete(lesson_id)

    def _today(self) -> Any:
        return local_day(self.clock.now(), self.caller.zone)

    async def _facts(self, row: Any) -> dict[str, Any]:
        """What other rooms need to know of a lesson."""
        return {
            "status": row.status,
            "source_rejection_id": await self.lessons.rejection_behind(row),
            "applied_to_opportunity_id": row.applied_to_opportunity_id,
        }


def _present(row: Any) -> dict[str, Any]:
    """A stored lesson with its source as the wire shows it."""
    return {**row._mapping, "source": source_of(row)}  # noqa: SLF001 -- SQLAlchemy's public name
