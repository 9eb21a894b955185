"""The tables of opportunities, their stage history, and goals."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import Base, Owned, reference, table_of
from app.db.types import enum_type
from app.domains.opportunities.terms import (
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    MAX_URL_CHARACTERS,
    GoalMetric,
    GoalPeriod,
    GoalStatus,
    OpportunityStatus,
)
from app.domains.rejections.terms import RejectionSource, RejectionStage


class Opportunity(Owned, Base):
    """A role the person goes for. A reapplication is a new one, with the one before named."""

    __tablename__ = "opportunities"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("companies", "company_id", on_delete="detach"),
        reference("opportunities", "previous_opportunity_id", on_delete="detach"),
        Index(None, "owner_id", "company_id"),
        Index(None, "owner_id", "previous_opportunity_id"),
        Index(None, "owner_id", "next_event_at"),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "updated_at", "id"),
    )

    company_id: Mapped[UUID | None]
    company_name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    company_folded: Mapped[str] = mapped_column(String(3 * MAX_NAME_CHARACTERS))
    role_title: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    source: Mapped[RejectionSource | None] = mapped_column(enum_type(RejectionSource, "source"))
    url: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    status: Mapped[OpportunityStatus] = mapped_column(enum_type(OpportunityStatus, "status"))
    next_stage: Mapped[RejectionStage | None] = mapped_column(
        enum_type(RejectionStage, "next_stage")
    )
    next_event_at: Mapped[datetime | None]
    applied_on: Mapped[date | None]
    previous_opportunity_id: Mapped[UUID | None]
    notes: Mapped[str | None] = mapped_column(String(MAX_NOTES_CHARACTERS))


class StageChange(Owned, Base):
    """One change of an opportunity's status. `rejection_id` is the rejection that brought it.

    A change that deleting its rejection took back is marked `undone` and not shown.
    """

    __tablename__ = "stage_changes"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("opportunities", "opportunity_id", on_delete="cascade"),
        reference("rejections", "rejection_id", on_delete="detach"),
        Index(None, "owner_id", "opportunity_id", "changed_at", "id"),
        Index(None, "owner_id", "rejection_id"),
    )

    opportunity_id: Mapped[UUID]
    from_status: Mapped[OpportunityStatus | None] = mapped_column(
        enum_type(OpportunityStatus, "from_status")
    )
    to_status: Mapped[OpportunityStatus] = mapped_column(enum_type(OpportunityStatus, "to_status"))
    changed_at: Mapped[datetime]
    rejection_id: Mapped[UUID | None]
    undone: Mapped[bool] = mapped_column(Boolean)


class Goal(Owned, Base):
    """Something to do so and so often."""

    __tablename__ = "goals"
    constraints: ClassVar[tuple[Any, ...]] = (
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "starts_on", "id"),
    )

    title: Mapped[str] = mapped_column(String(MAX_TITLE_CHARACTERS))
    metric: Mapped[GoalMetric] = mapped_column(enum_type(GoalMetric, "metric"))
    target: Mapped[int] = mapped_column(SmallInteger)
    period: Mapped[GoalPeriod] = mapped_column(enum_type(GoalPeriod, "period"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[GoalStatus] = mapped_column(enum_type(GoalStatus, "status"))


_opportunities = table_of(Opportunity)
words.register(
    words.Searched(
        _opportunities,
        title=_opportunities.c.company_name,
        texts=(_opportunities.c.role_title, _opportunities.c.notes),
    )
)
