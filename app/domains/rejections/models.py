"""The table of rejections."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import Base, Owned, reference, table_of
from app.db.types import enum_type, json_type
from app.domains.rejections.terms import (
    MAX_LOCATION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_STATED_REASON_CHARACTERS,
    MAX_URL_CHARACTERS,
    DecidedBy,
    RejectionChannel,
    RejectionSource,
    RejectionStage,
    RejectionStatus,
    WorkMode,
)


class Rejection(Owned, Base):
    """A recorded "no". `company_folded` holds the company's name without regard to case."""

    __tablename__ = "rejections"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("companies", "company_id", on_delete="detach"),
        reference("contacts", "contact_id", on_delete="detach"),
        reference("opportunities", "opportunity_id", on_delete="detach"),
        Index(None, "owner_id", "company_id"),
        Index(None, "owner_id", "contact_id"),
        Index(None, "owner_id", "opportunity_id"),
        Index(None, "owner_id", "rejected_on", "id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    company_name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    # Folding can lengthen a name: each letter becomes three at most (Unicode, CaseFolding.txt).
    company_folded: Mapped[str] = mapped_column(String(3 * MAX_NAME_CHARACTERS))
    company_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    opportunity_id: Mapped[UUID | None]
    role_title: Mapped[str | None] = mapped_column(String(MAX_NAME_CHARACTERS))
    stage: Mapped[RejectionStage] = mapped_column(enum_type(RejectionStage, "stage"))
    decided_by: Mapped[DecidedBy] = mapped_column(enum_type(DecidedBy, "decided_by"))
    applied_on: Mapped[date | None]
    interviewed_on: Mapped[date | None]
    rejected_on: Mapped[date]
    channel: Mapped[RejectionChannel | None] = mapped_column(enum_type(RejectionChannel, "channel"))
    stated_reason: Mapped[str | None] = mapped_column(String(MAX_STATED_REASON_CHARACTERS))
    reasons: Mapped[list[dict[str, str]]] = mapped_column(json_type())
    source: Mapped[RejectionSource | None] = mapped_column(enum_type(RejectionSource, "source"))
    job_url: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    location: Mapped[str | None] = mapped_column(String(MAX_LOCATION_CHARACTERS))
    work_mode: Mapped[WorkMode | None] = mapped_column(enum_type(WorkMode, "work_mode"))
    notes: Mapped[str | None] = mapped_column(String(MAX_NOTES_CHARACTERS))
    tags: Mapped[list[str]] = mapped_column(json_type())
    reapply_on: Mapped[date | None]
    status: Mapped[RejectionStatus] = mapped_column(enum_type(RejectionStatus, "status"))
    closed_on: Mapped[date | None]


_rejections = table_of(Rejection)
words.register(
    words.Searched(
        _rejections,
        title=_rejections.c.company_name,
        texts=(
            _rejections.c.role_title,
            _rejections.c.location,
            _rejections.c.stated_reason,
            _rejections.c.notes,
            _rejections.c.tags,
        ),
    )
)
