"""The statements on reflections, lessons, skill gaps and culture-fit assessments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from typing_extensions import override

from app.db.base import table_of
from app.db.links import Links
from app.db.outlines import Outline
from app.db.paging import Filter, Listing, contains, equals, fold, on_or_after, on_or_before
from app.db.references import read_through
from app.db.repository import Repository
from app.domains.reflections.models import (
    CultureFitAssessment,
    Lesson,
    Reflection,
    SkillGap,
    SkillGapRejection,
)
from app.domains.reflections.terms import LessonStatus

_reflections = table_of(Reflection)
_lessons = table_of(Lesson)
_gaps = table_of(SkillGap)
_fits = table_of(CultureFitAssessment)


class ReflectionRepository(Repository):
    """The reflections of one person."""

    table = _reflections
    listing = Listing(
        table=_reflections,
        sorts={
            "-occurred_on": _reflections.c.occurred_on,
            "occurred_on": _reflections.c.occurred_on,
            "-created_at": _reflections.c.created_at,
            "created_at": _reflections.c.created_at,
        },
        filters={
            "rejection_id": equals(_reflections.c.rejection_id),
            "opportunity_id": equals(_reflections.c.opportunity_id),
            "kind": equals(_reflections.c.kind),
            "occurred_on_after": on_or_after(_reflections.c.occurred_on),
            "occurred_on_before": on_or_before(_reflections.c.occurred_on),
        },
    )
    outlined = Outline(_reflections, "id occurred_on time_spent_minutes", days="occurred_on")
    _LOOKS_BACK = Outline(
        _reflections, "id rejection_id opportunity_id occurred_on answers red_flags mismatches"
    )

    async def looks_back(self) -> Sequence[Row[Any]]:
        """What all reflections say that is of use again, in the order of their ids."""
        return await self._LOOKS_BACK.read(self.transaction, self.caller, None)


class LessonRepository(Repository):
    """The lessons of one person."""

    table = _lessons
    listing = Listing(
        table=_lessons,
        sorts={"-created_at": _lessons.c.created_at, "created_at": _lessons.c.created_at},
        filters={
            "status": equals(_lessons.c.status),
            "practice": equals(_lessons.c.practice),
            "competency": equals(_lessons.c.competency),
            "rejection_id": equals(_lessons.c.source_rejection_id),
            "feedback_id": equals(_lessons.c.source_feedback_id),
            "reflection_id": equals(_lessons.c.source_reflection_id),
            "applied_to_opportunity_id": equals(_lessons.c.applied_to_opportunity_id),
        },
    )
    outlined = Outline(
        _lessons, "id created_at status practice applied_on", days="created_at applied_on"
    )
    _OPEN = Outline(
        _lessons,
        "id created_at text practice competency"
        " source_rejection_id source_feedback_id source_reflection_id",
        when=_lessons.c.status == LessonStatus.OPEN,
    )
    _FROM_REFLECTION = (
        select(_lessons)
        .where(
            _lessons.c.owner_id == bindparam("owner"),
            _lessons.c.source_reflection_id == bindparam("reflection"),
        )
        .order_by(_lessons.c.id)
    )

    async def open(self) -> Sequence[Row[Any]]:
        """The lessons not yet applied, in the order of their ids."""
        return await self._OPEN.read(self.transaction, self.caller, None)

    async def from_reflection(self, reflection_id: UUID) -> Sequence[Row[Any]]:
        """The lessons whose source is a reflection, in the order of their ids."""
        found = await self.transaction.execute(
            self._FROM_REFLECTION, {"owner": self.owner_id, "reflection": reflection_id}
        )
        return found.all()

    async def rejection_behind(self, lesson: Row[Any]) -> UUID | None:
        """The rejection a lesson comes from: its source, or what its source is about.

        Feedback is a neighbour on this floor, so it is read through the reference to it.
        """
        found: UUID | None = lesson.source_rejection_id
        for column in (_lessons.c.source_reflection_id, _lessons.c.source_feedback_id):
            if (source_id := getattr(lesson, column.name)) is not None:
                found = await read_through(
                    self.transaction, self.owner_id, column, source_id, "rejection_id"
                )
        return found


_named_by = Links(
    table_of(SkillGapRejection), "rejection_ids", holder="skill_gap_id", target="rejection_id"
)


class SkillGapRepository(Repository):
    """The skill gaps of one person, each with the rejections that name it."""

    table = _gaps
    lists = (_named_by,)
    listing = Listing(
        table=_gaps,
        sorts={"-created_at": _gaps.c.created_at, "created_at": _gaps.c.created_at},
        filters={
            "status": equals(_gaps.c.status),
            "kind": equals(_gaps.c.kind),
            "severity": equals(_gaps.c.severity),
            "name": contains(_gaps.c.name_folded),
            "rejection_id": Filter(_named_by.holds, about=_named_by.target),
        },
        columns=(*_gaps.c, _named_by.ids),
    )
    outlined = Outline(
        _gaps, "id created_at name kind severity status progress_percent closed_on", _named_by.ids
    )
    _NAMED = select(_gaps.c.id).where(
        _gaps.c.owner_id == bindparam("owner"), _gaps.c.name_folded == bindparam("folded")
    )

    async def named(self, name: str) -> UUID | None:
        """The gap of this name, whatever its case; stable once the person's lock is taken."""
        await self.transaction.revise(self.owner_id)
        found = await self.transaction.execute(
            self._NAMED, {"owner": self.owner_id, "folded": fold(name)}
        )
        return found.scalar_one_or_none()

    @override
    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        return await super().insert(_with_folded_name(values))

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        return await super().update(record_id, _with_folded_name(changes))


def _with_folded_name(values: Mapping[str, Any]) -> Mapping[str, Any]:
    name = values.get("name")
    return values if name is None else {**values, "name_folded": fold(name)}


class CultureFitRepository(Repository):
    """The culture-fit assessments of one person."""

    table = _fits
    listing = Listing(
        table=_fits,
        sorts={"-created_at": _fits.c.created_at, "created_at": _fits.c.created_at},
        filters={
            "rejection_id": equals(_fits.c.rejection_id),
            "company_id": equals(_fits.c.company_id),
            "conclusion": equals(_fits.c.conclusion),
        },
    )
    outlined = Outline(_fits, "id created_at rejection_id company_id ratings red_flags")
