"""What happened to rejections. Other rooms react in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.domains.rejections.terms import DecidedBy, RejectionChannel, RejectionStage
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _RejectionEvent(Event):
    collection: ClassVar[str] = "rejections"


@dataclass(frozen=True, kw_only=True)
class _RejectionDescribed(_RejectionEvent):
    company_name: str
    company_id: UUID | None
    contact_id: UUID | None
    opportunity_id: UUID | None
    stage: RejectionStage
    decided_by: DecidedBy
    channel: RejectionChannel | None
    contact_linked: bool
    rejected_on: date
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class RejectionRecorded(_RejectionDescribed):
    """A person recorded a "no"; `start_plan` is false when they want no plan for it."""

    type: ClassVar[str] = "rejection.recorded"
    start_plan: bool


@dataclass(frozen=True, kw_only=True)
class RejectionUpdated(_RejectionDescribed):
    """Something a person recorded about a rejection was changed; its status is told apart."""

    type: ClassVar[str] = "rejection.updated"


@dataclass(frozen=True, kw_only=True)
class RejectionClosed(_RejectionEvent):
    """A person is done with a rejection."""

    type: ClassVar[str] = "rejection.closed"
    closed_on: date


@dataclass(frozen=True, kw_only=True)
class RejectionReopened(_RejectionEvent):
    """A person took a closed rejection up again."""

    type: ClassVar[str] = "rejection.reopened"


@dataclass(frozen=True, kw_only=True)
class RejectionDeleted(_RejectionEvent):
    """A rejection is gone, and with it its plans and steps."""

    type: ClassVar[str] = "rejection.deleted"
    opportunity_id: UUID | None
