"""The tables of reflections, lessons, skill gaps and culture-fit assessments."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import (
    TABLE_OPTIONS,
    Base,
    Owned,
    Registration,
    at_most_one,
    reference,
    table_of,
)
from app.db.links import link_reference
from app.db.timeline import Moment, register
from app.db.types import Id, enum_type, json_type
from app.domains.reflections.terms import (
    MAX_LESSON_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_PLAN_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    FitConclusion,
    LessonStatus,
    ReflectionKind,
    Severity,
    SkillGapKind,
    SkillGapStatus,
)
from app.kit.competencies import Competency
from app.kit.practices import Practice


class Reflection(Owned, Base):
    """A structured look back."""

    __tablename__ = "reflections"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="detach"),
        reference("opportunities", "opportunity_id", on_delete="detach"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "opportunity_id"),
        Index(None, "owner_id", "occurred_on", "id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    rejection_id: Mapped[UUID | None]
    opportunity_id: Mapped[UUID | None]
    kind: Mapped[ReflectionKind] = mapped_column(enum_type(ReflectionKind, "kind"))
    occurred_on: Mapped[date]
    ratings: Mapped[dict[str, int]] = mapped_column(json_type())
    strengths: Mapped[list[str]] = mapped_column(json_type())
    weaknesses: Mapped[list[str]] = mapped_column(json_type())
    answers: Mapped[list[dict[str, Any]]] = mapped_column(json_type())
    red_flags: Mapped[list[str]] = mapped_column(json_type())
    mismatches: Mapped[list[str]] = mapped_column(json_type())
    would_change: Mapped[str | None] = mapped_column(String(MAX_TEXT_CHARACTERS))
    next_time: Mapped[dict[str, str] | None] = mapped_column(json_type())
    time_spent_minutes: Mapped[int | None] = mapped_column(SmallInteger)


class SkillGap(Owned, Base):
    """Something to learn. Which rejections name it is a link table."""

    __tablename__ = "skill_gaps"
    constraints: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("owner_id", "name_folded"),
        CheckConstraint("progress_percent BETWEEN 0 AND 100", name="progress"),
        Index(None, "owner_id", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    name_folded: Mapped[str] = mapped_column(String(3 * MAX_NAME_CHARACTERS))
    kind: Mapped[SkillGapKind] = mapped_column(enum_type(SkillGapKind, "kind"))
    severity: Mapped[Severity] = mapped_column(enum_type(Severity, "severity"))
    plan: Mapped[str | None] = mapped_column(String(MAX_PLAN_CHARACTERS))
    resources: Mapped[list[dict[str, str]]] = mapped_column(json_type())
    target_on: Mapped[date | None]
    status: Mapped[SkillGapStatus] = mapped_column(enum_type(SkillGapStatus, "status"))
    progress_percent: Mapped[int] = mapped_column(SmallInteger)
    closed_on: Mapped[date | None]


class SkillGapRejection(Base):
    """A rejection that names a skill gap."""

    __tablename__ = "skill_gap_rejections"
    registration: ClassVar[Registration] = Registration("owner_id", export=True, erasure="cascade")
    __table_args__ = (
        link_reference("skill_gaps", "skill_gap_id", holds=True),
        link_reference("rejections", "rejection_id", holds=False),
        Index(None, "owner_id", "rejection_id"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    skill_gap_id: Mapped[UUID] = mapped_column(primary_key=True)
    rejection_id: Mapped[UUID] = mapped_column(primary_key=True)


class CultureFitAssessment(Owned, Base):
    """The person's values against what was seen of a company."""

    __tablename__ = "culture_fit_assessments"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="detach"),
        reference("companies", "company_id", on_delete="detach"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "company_id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    rejection_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    ratings: Mapped[list[dict[str, Any]]] = mapped_column(json_type())
    red_flags: Mapped[list[str]] = mapped_column(json_type())
    conclusion: Mapped[FitConclusion] = mapped_column(enum_type(FitConclusion, "conclusion"))
    alignment_percent: Mapped[int | None] = mapped_column(SmallInteger)


class Lesson(Owned, Base):
    """Something learned, to carry forward. Where it comes from is one column per collection."""

    __tablename__ = "lessons"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "source_rejection_id", on_delete="detach"),
        reference("feedback", "source_feedback_id", on_delete="detach"),
        reference("reflections", "source_reflection_id", on_delete="detach"),
        reference("opportunities", "applied_to_opportunity_id", on_delete="detach"),
        at_most_one("source", "source_rejection_id", "source_feedback_id", "source_reflection_id"),
        Index(None, "owner_id", "source_rejection_id"),
        Index(None, "owner_id", "source_feedback_id"),
        Index(None, "owner_id", "source_reflection_id"),
        Index(None, "owner_id", "applied_to_opportunity_id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    text: Mapped[str] = mapped_column(String(MAX_LESSON_CHARACTERS))
    practice: Mapped[Practice | None] = mapped_column(enum_type(Practice, "practice"))
    competency: Mapped[Competency | None] = mapped_column(enum_type(Competency, "competency"))
    source_rejection_id: Mapped[UUID | None]
    source_feedback_id: Mapped[UUID | None]
    source_reflection_id: Mapped[UUID | None]
    status: Mapped[LessonStatus] = mapped_column(enum_type(LessonStatus, "status"))
    applied_to_opportunity_id: Mapped[UUID | None]
    applied_on: Mapped[date | None]


_reflections, _lessons, _gaps, _links, _fits = (
    table_of(model)
    for model in (Reflection, Lesson, SkillGap, SkillGapRejection, CultureFitAssessment)
)
# What was written in a reflection or a lesson stays there; the timeline only says that it exists.
register(
    Moment("reflection.recorded", _reflections, at=_reflections.c.created_at),
    Moment(
        "lesson.captured",
        _lessons,
        at=_lessons.c.created_at,
        about=_lessons.c.source_rejection_id,
    ),
    Moment(
        "lesson.captured",
        _lessons,
        at=_lessons.c.created_at,
        through=(_reflections, _lessons.c.source_reflection_id),
    ),
    Moment(
        "skill_gap.opened",
        _gaps,
        at=_gaps.c.created_at,
        title=_gaps.c.name,
        through=(_links, _links.c.skill_gap_id),
    ),
    Moment("culture_fit.recorded", _fits, at=_fits.c.created_at),
)
words.register(
    words.Searched(
        _reflections,
        texts=(
            _reflections.c.strengths,
            _reflections.c.weaknesses,
            _reflections.c.answers,
            _reflections.c.red_flags,
            _reflections.c.mismatches,
            _reflections.c.would_change,
            _reflections.c.next_time,
        ),
        keys=("question", "answer_given", "stronger_answer", "cue", "action"),
    ),
    words.Searched(_lessons, texts=(_lessons.c.text,)),
    words.Searched(
        _gaps, title=_gaps.c.name, texts=(_gaps.c.plan, _gaps.c.resources), keys=("title",)
    ),
    words.Searched(_fits, texts=(_fits.c.red_flags,)),
)
