"""The statements on reflections, lessons, skill gaps and culture-fit assessments."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from typing_extensions import override

from app.db.base import table_of
from app.db.links import Links
from app.db.paging import Filter, Listing, contains, equals, fold, on_or_after, on_or_before
from app.db.references import absent, read_through, unknown
from app.db.repository import Repository
from app.domains.reflections.models import (
    CultureFitAssessment,
    Lesson,
    Reflection,
    SkillGap,
    SkillGapRejection,
)
from app.kit.problems import Invalid

_reflections = table_of(Reflection)
_lessons = table_of(Lesson)
_gaps = table_of(SkillGap)
_gap_rejections = table_of(SkillGapRejection)
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


_NAMED_BY = Links(_gap_rejections, holder="skill_gap_id", target="rejection_id")
_REJECTION_IDS = _NAMED_BY.ids_of(_gaps, "rejection_ids")


class SkillGapRepository(Repository):
    """The skill gaps of one person, each with the rejections that name it."""

    table = _gaps
    computed = (_REJECTION_IDS,)
    listing = Listing(
        table=_gaps,
        sorts={"-created_at": _gaps.c.created_at, "created_at": _gaps.c.created_at},
        filters={
            "status": equals(_gaps.c.status),
            "kind": equals(_gaps.c.kind),
            "severity": equals(_gaps.c.severity),
            "name": contains(_gaps.c.name_folded),
            "rejection_id": Filter(lambda value: _NAMED_BY.holds(_gaps, value)),
        },
        columns=(*_gaps.c, _REJECTION_IDS),
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
    async def check_references(
        self, values: Mapping[str, Any], pointers: Mapping[str, str] | None = None
    ) -> None:
        await super().check_references(values, pointers)
        named = values.get("rejection_ids", ())
        column = _gap_rejections.c.rejection_id
        if await absent(self.transaction, self.owner_id, column, named):
            raise Invalid(errors=[unknown("/rejection_ids")])

    @override
    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        stored = await super().insert(_stored(values))
        return await self._linked(stored.id, values)

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        await super().update(record_id, _stored(changes))
        return await self._linked(record_id, changes)

    async def _linked(self, record_id: UUID, values: Mapping[str, Any]) -> Row[Any]:
        if "rejection_ids" in values:
            wanted = values["rejection_ids"]
            await _NAMED_BY.replace(self.transaction, self.owner_id, record_id, wanted)
        return await self.get(record_id)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the row itself holds: without the list of ids, with the name in its folded form."""
    kept = {name: value for name, value in values.items() if name != "rejection_ids"}
    return {**kept, "name_folded": fold(kept["name"])} if "name" in kept else kept


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
