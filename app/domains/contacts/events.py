"""What happened to contacts, companies, interactions and networking events."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.domains.contacts.terms import (
    ConnectionStatus,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    NetworkingEventStatus,
)
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _CompanyEvent(Event):
    collection: ClassVar[str] = "companies"


@dataclass(frozen=True, kw_only=True)
class CompanyRecorded(_CompanyEvent):
    """A company came into the person's list."""

    type: ClassVar[str] = "company.recorded"
    following: bool


@dataclass(frozen=True, kw_only=True)
class CompanyUpdated(_CompanyEvent):
    """Something about a company was changed, such as following it."""

    type: ClassVar[str] = "company.updated"
    following: bool


@dataclass(frozen=True, kw_only=True)
class CompanyDeleted(_CompanyEvent):
    """A company is gone; what referred to it keeps its name."""

    type: ClassVar[str] = "company.deleted"


@dataclass(frozen=True, kw_only=True)
class _ContactEvent(Event):
    collection: ClassVar[str] = "contacts"


@dataclass(frozen=True, kw_only=True)
class _ContactDescribed(_ContactEvent):
    company_id: UUID | None
    connection_status: ConnectionStatus


@dataclass(frozen=True, kw_only=True)
class ContactRecorded(_ContactDescribed):
    """Somebody new came into the network."""

    type: ClassVar[str] = "contact.recorded"


@dataclass(frozen=True, kw_only=True)
class ContactUpdated(_ContactDescribed):
    """Something about a contact was changed, such as being connected."""

    type: ClassVar[str] = "contact.updated"


@dataclass(frozen=True, kw_only=True)
class ContactFollowUpDue(_ContactEvent):
    """The day to get in touch has come where the person lives; told once for each such day."""

    type: ClassVar[str] = "contact.follow_up_due"


@dataclass(frozen=True, kw_only=True)
class ContactDeleted(_ContactEvent):
    """A contact is gone; the interactions stay under the name."""

    type: ClassVar[str] = "contact.deleted"


@dataclass(frozen=True, kw_only=True)
class _InteractionEvent(Event):
    collection: ClassVar[str] = "interactions"


@dataclass(frozen=True, kw_only=True)
class _InteractionDescribed(_InteractionEvent):
    kind: InteractionKind
    direction: InteractionDirection
    status: InteractionStatus
    contact_id: UUID | None
    company_id: UUID | None
    rejection_id: UUID | None
    occurred_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class InteractionRecorded(_InteractionDescribed):
    """An interaction was noted that is not done yet."""

    type: ClassVar[str] = "interaction.recorded"


@dataclass(frozen=True, kw_only=True)
class InteractionUpdated(_InteractionDescribed):
    """Something about an interaction was changed; whether it is done was not."""

    type: ClassVar[str] = "interaction.updated"


@dataclass(frozen=True, kw_only=True)
class InteractionCompleted(_InteractionDescribed):
    """An interaction was done, or noted as done."""

    type: ClassVar[str] = "interaction.completed"


@dataclass(frozen=True, kw_only=True)
class InteractionReopened(_InteractionDescribed):
    """An interaction that counted as done is not done after all."""

    type: ClassVar[str] = "interaction.reopened"


@dataclass(frozen=True, kw_only=True)
class InteractionDeleted(_InteractionEvent):
    """An interaction is gone."""

    type: ClassVar[str] = "interaction.deleted"


@dataclass(frozen=True, kw_only=True)
class _NetworkingEventEvent(Event):
    collection: ClassVar[str] = "networking_events"


@dataclass(frozen=True, kw_only=True)
class NetworkingEventRecorded(_NetworkingEventEvent):
    """An occasion to meet people was noted."""

    type: ClassVar[str] = "networking_event.recorded"
    status: NetworkingEventStatus


@dataclass(frozen=True, kw_only=True)
class NetworkingEventUpdated(_NetworkingEventEvent):
    """Something about an occasion was changed, such as having been there."""

    type: ClassVar[str] = "networking_event.updated"
    status: NetworkingEventStatus


@dataclass(frozen=True, kw_only=True)
class NetworkingEventDeleted(_NetworkingEventEvent):
    """An occasion is gone."""

    type: ClassVar[str] = "networking_event.deleted"
