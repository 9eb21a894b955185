"""The tables of plans, steps and check-ins, and what the two guards remember."""

from collections.abc import Iterator
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    column,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import (
    TABLE_OPTIONS,
    Base,
    Owned,
    OwnedByOrganization,
    Registration,
    at_most_one,
    reference,
    table_of,
)
from app.db.timeline import Moment, register
from app.db.types import Id, enum_type, json_type
from app.db.veils import reserve
from app.domains.recovery.terms import (
    MAX_ACTION_CHARACTERS,
    MAX_CUE_CHARACTERS,
    MAX_GUIDANCE_CHARACTERS,
    MAX_NOTE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    DoneBy,
    PlanStatus,
    SkipReason,
    StepKind,
    StepOrigin,
    StepStatus,
)
from app.kit.practices import Practice

_IS_ACTIVE = column("status") == PlanStatus.ACTIVE.value
_OF_COACHES = column("organization_id").is_not(None)


class RecoveryPlan(Owned, Base):
    """A plan. `completed_with_rejection` tells a plan that closing its rejection completed.

    `organization_id` is set where the plan gathers what the coaches of an organisation assign.
    """

    __tablename__ = "recovery_plans"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="cascade"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "created_at", "id"),
        Index(
            "ix_recovery_plans_organization_id",
            "owner_id",
            "organization_id",
            sqlite_where=_OF_COACHES,
            postgresql_where=_OF_COACHES,
        ),
        # The database itself keeps "at most one active plan for each rejection".
        Index(
            "uq_recovery_plans_active",
            "owner_id",
            "rejection_id",
            unique=True,
            sqlite_where=_IS_ACTIVE,
            postgresql_where=_IS_ACTIVE,
        ),
    )

    rejection_id: Mapped[UUID | None]
    title: Mapped[str] = mapped_column(String(MAX_TITLE_CHARACTERS))
    template_key: Mapped[str | None] = mapped_column(String(40))
    template_version: Mapped[int | None] = mapped_column(SmallInteger)
    pause_until: Mapped[datetime | None]
    status: Mapped[PlanStatus] = mapped_column(enum_type(PlanStatus, "status"))
    completed_with_rejection: Mapped[bool] = mapped_column(Boolean)
    # No foreign key: the plan stays with the person when the organisation is gone.
    organization_id: Mapped[UUID | None]


EVIDENCE = MappingProxyType(
    {
        "check_ins": "evidence_check_in_id",
        "interactions": "evidence_interaction_id",
        "feedback_requests": "evidence_feedback_request_id",
        "feedback": "evidence_feedback_id",
        "reflections": "evidence_reflection_id",
        "skill_gaps": "evidence_skill_gap_id",
        "culture_fit_assessments": "evidence_culture_fit_id",
        "lessons": "evidence_lesson_id",
        "contacts": "evidence_contact_id",
        "companies": "evidence_company_id",
        "networking_events": "evidence_networking_event_id",
        "opportunities": "evidence_opportunity_id",
    }
)
"""The column that names what ticked a step, by the collection of that record."""


def _evidence() -> Iterator[ForeignKeyConstraint | Index]:
    """References to what ticked a step, and indexes that hold only the steps ticked so."""
    for table, name in EVIDENCE.items():
        # The conventional names would be too long for PostgreSQL; the first one has its own.
        key = None if table == "check_ins" else f"fk_recovery_steps_{name}"
        yield reference(table, name, on_delete="detach", name=key)
        ticked = column(name).is_not(None)
        yield Index(
            f"ix_recovery_steps_{name}",
            "owner_id",
            name,
            sqlite_where=ticked,
            postgresql_where=ticked,
        )


class RecoveryStep(Owned, Base):
    """A step of a plan. What ticked it is one column for each collection that can.

    `overdue_told_for` is the due day of which it was last told that it is over.
    """

    __tablename__ = "recovery_steps"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("recovery_plans", "plan_id", on_delete="cascade"),
        *_evidence(),
        at_most_one("evidence", *EVIDENCE.values()),
        Index(None, "owner_id", "plan_id", "position", "id"),
        Index(None, "due_on", info={"across_people": True}),
        Index(None, "owner_id", "created_at", "id"),
    )

    plan_id: Mapped[UUID]
    practice: Mapped[Practice] = mapped_column(enum_type(Practice, "practice"))
    kind: Mapped[StepKind] = mapped_column(enum_type(StepKind, "kind"))
    title: Mapped[str] = mapped_column(String(MAX_TITLE_CHARACTERS))
    guidance: Mapped[str | None] = mapped_column(String(MAX_GUIDANCE_CHARACTERS))
    effort_minutes: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(SmallInteger)
    opens_on: Mapped[date | None]
    due_on: Mapped[date | None]
    overdue_told_for: Mapped[date | None]
    cue: Mapped[str | None] = mapped_column(String(MAX_CUE_CHARACTERS))
    action: Mapped[str | None] = mapped_column(String(MAX_ACTION_CHARACTERS))
    origin: Mapped[StepOrigin] = mapped_column(enum_type(StepOrigin, "origin"))
    status: Mapped[StepStatus] = mapped_column(enum_type(StepStatus, "status"))
    done_by: Mapped[DoneBy | None] = mapped_column(enum_type(DoneBy, "done_by"))
    done_at: Mapped[datetime | None]
    skip_reason: Mapped[SkipReason | None] = mapped_column(enum_type(SkipReason, "skip_reason"))
    skipped_from: Mapped[StepStatus | None] = mapped_column(enum_type(StepStatus, "skipped_from"))
    evidence_check_in_id: Mapped[UUID | None]
    evidence_interaction_id: Mapped[UUID | None]
    evidence_feedback_request_id: Mapped[UUID | None]
    evidence_feedback_id: Mapped[UUID | None]
    evidence_reflection_id: Mapped[UUID | None]
    evidence_skill_gap_id: Mapped[UUID | None]
    evidence_culture_fit_id: Mapped[UUID | None]
    evidence_lesson_id: Mapped[UUID | None]
    evidence_contact_id: Mapped[UUID | None]
    evidence_company_id: Mapped[UUID | None]
    evidence_networking_event_id: Mapped[UUID | None]
    evidence_opportunity_id: Mapped[UUID | None]


class PlanTemplate(OwnedByOrganization, Base):
    """A plan that an organisation has thought out for its clients."""

    __tablename__ = "plan_templates"
    constraints: ClassVar[tuple[Any, ...]] = (Index(None, "owner_id", "created_at"),)

    name: Mapped[str] = mapped_column(String(MAX_TITLE_CHARACTERS))
    description: Mapped[str | None] = mapped_column(String(MAX_GUIDANCE_CHARACTERS))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(json_type())


class CheckIn(Owned, Base):
    """How a person was at a moment. `support_wanted` has no column, on purpose."""

    __tablename__ = "check_ins"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="detach"),
        Index(None, "owner_id", "rejection_id", "checked_in_at"),
        Index(None, "owner_id", "checked_in_at", "id"),
    )

    rejection_id: Mapped[UUID | None]
    checked_in_at: Mapped[datetime]
    mood: Mapped[int] = mapped_column(SmallInteger)
    energy: Mapped[int] = mapped_column(SmallInteger)
    emotions: Mapped[list[str]] = mapped_column(json_type())
    dwelling: Mapped[bool | None] = mapped_column(Boolean)
    note: Mapped[str | None] = mapped_column(String(MAX_NOTE_CHARACTERS))


class GuardFiring(Owned, Base):
    """The dwelling guard fired for a rejection, so that it rests and mutes for its time."""

    __tablename__ = "guard_firings"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("rejections", "rejection_id", on_delete="cascade"),
        Index(None, "owner_id", "rejection_id", "fired_at"),
    )

    rejection_id: Mapped[UUID]
    fired_at: Mapped[datetime]


class SupportCardShowing(Base):
    """When the support card was last shown of itself, so that it is not pressed on anyone."""

    __tablename__ = "support_card_showings"
    registration: ClassVar[Registration] = Registration("owner_id", export=True, erasure="cascade")
    __table_args__ = TABLE_OPTIONS

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    shown_at: Mapped[datetime]


_plans, _steps, _check_ins = (table_of(m) for m in (RecoveryPlan, RecoveryStep, CheckIn))
# What the guard against dwelling offers tells how the person was.
reserve(_steps, "check_ins", when=_steps.c.kind == StepKind.REFOCUS)
register(
    Moment("recovery_plan.started", _plans, at=_plans.c.created_at, title=_plans.c.title),
    Moment(
        "recovery_step.completed",
        _steps,
        at=_steps.c.done_at,
        title=_steps.c.title,
        through=(_plans, _steps.c.plan_id),
    ),
    # What a check-in says stays in the check-in.
    Moment("check_in.recorded", _check_ins, at=_check_ins.c.checked_in_at),
)
