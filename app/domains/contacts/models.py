"""The tables of contacts, companies, interactions and networking events."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import words
from app.db.base import TABLE_OPTIONS, Base, Owned, Registration, reference, table_of
from app.db.links import link_reference
from app.db.timeline import Moment, register
from app.db.types import Id, enum_type, json_type
from app.domains.contacts.terms import (
    MAX_BODY_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_HOW_MET_CHARACTERS,
    MAX_LOCATION_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_NOTES_CHARACTERS,
    MAX_PHONE_CHARACTERS,
    MAX_SUBJECT_CHARACTERS,
    MAX_URL_CHARACTERS,
    ConnectionStatus,
    ContactRelationship,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    NetworkingEventKind,
    NetworkingEventStatus,
)

MAX_FOLDED_CHARACTERS = 3 * MAX_NAME_CHARACTERS
"""Folding can lengthen a name: each letter becomes three at most (Unicode, CaseFolding.txt)."""


class Company(Owned, Base):
    """An employer. Its name is unique per person without regard to case (`name_folded`)."""

    __tablename__ = "companies"
    constraints: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("owner_id", "name_folded"),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "next_engagement_on"),
    )

    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    name_folded: Mapped[str] = mapped_column(String(MAX_FOLDED_CHARACTERS))
    website: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    linkedin_url: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    following: Mapped[bool] = mapped_column(Boolean)
    follow_channels: Mapped[list[str]] = mapped_column(json_type())
    cadence_days: Mapped[int | None] = mapped_column(SmallInteger)
    next_engagement_on: Mapped[date | None]
    notes: Mapped[str | None] = mapped_column(String(MAX_NOTES_CHARACTERS))


class Contact(Owned, Base):
    """A person in the network. `company_name` stays when the company is deleted.

    `follow_up_told_for` is the day of which it was last told that it has come.
    """

    __tablename__ = "contacts"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("companies", "company_id", on_delete="detach"),
        Index(None, "owner_id", "company_id"),
        Index(None, "owner_id", "name_folded", "id"),
        Index(None, "next_follow_up_on", info={"across_people": True}),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "next_follow_up_on"),
    )

    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    name_folded: Mapped[str] = mapped_column(String(MAX_FOLDED_CHARACTERS))
    company_id: Mapped[UUID | None]
    company_name: Mapped[str | None] = mapped_column(String(MAX_NAME_CHARACTERS))
    role: Mapped[str | None] = mapped_column(String(MAX_NAME_CHARACTERS))
    relationship: Mapped[ContactRelationship] = mapped_column(
        enum_type(ContactRelationship, "relationship")
    )
    email: Mapped[str | None] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    phone: Mapped[str | None] = mapped_column(String(MAX_PHONE_CHARACTERS))
    linkedin_url: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    met_on: Mapped[date | None]
    how_met: Mapped[str | None] = mapped_column(String(MAX_HOW_MET_CHARACTERS))
    connection_status: Mapped[ConnectionStatus] = mapped_column(
        enum_type(ConnectionStatus, "connection_status")
    )
    cadence_days: Mapped[int | None] = mapped_column(SmallInteger)
    next_follow_up_on: Mapped[date | None]
    follow_up_told_for: Mapped[date | None]
    last_interaction_at: Mapped[datetime | None]
    notes: Mapped[str | None] = mapped_column(String(MAX_NOTES_CHARACTERS))
    tags: Mapped[list[str]] = mapped_column(json_type())


class Interaction(Owned, Base):
    """Something said or done between the person and a contact or a company."""

    __tablename__ = "interactions"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("contacts", "contact_id", on_delete="detach"),
        reference("companies", "company_id", on_delete="detach"),
        reference("rejections", "rejection_id", on_delete="detach"),
        Index(None, "owner_id", "contact_id"),
        Index(None, "owner_id", "company_id"),
        Index(None, "owner_id", "rejection_id"),
        Index(None, "owner_id", "created_at", "id"),
    )

    contact_id: Mapped[UUID | None]
    company_id: Mapped[UUID | None]
    contact_name: Mapped[str | None] = mapped_column(String(MAX_NAME_CHARACTERS))
    rejection_id: Mapped[UUID | None]
    kind: Mapped[InteractionKind] = mapped_column(enum_type(InteractionKind, "kind"))
    direction: Mapped[InteractionDirection] = mapped_column(
        enum_type(InteractionDirection, "direction")
    )
    subject: Mapped[str | None] = mapped_column(String(MAX_SUBJECT_CHARACTERS))
    body: Mapped[str | None] = mapped_column(String(MAX_BODY_CHARACTERS))
    status: Mapped[InteractionStatus] = mapped_column(enum_type(InteractionStatus, "status"))
    occurred_at: Mapped[datetime | None]


class NetworkingEvent(Owned, Base):
    """An occasion to meet people; whom the person met there is a link table."""

    __tablename__ = "networking_events"
    constraints: ClassVar[tuple[Any, ...]] = (
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "starts_at"),
    )

    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    kind: Mapped[NetworkingEventKind] = mapped_column(enum_type(NetworkingEventKind, "kind"))
    url: Mapped[str | None] = mapped_column(String(MAX_URL_CHARACTERS))
    location: Mapped[str | None] = mapped_column(String(MAX_LOCATION_CHARACTERS))
    starts_at: Mapped[datetime | None]
    status: Mapped[NetworkingEventStatus] = mapped_column(
        enum_type(NetworkingEventStatus, "status")
    )


class EventContact(Base):
    """Whom the person met at an occasion."""

    __tablename__ = "event_contacts"
    registration: ClassVar[Registration] = Registration("owner_id", export=True, erasure="cascade")
    __table_args__ = (
        link_reference("networking_events", "event_id", holds=True),
        link_reference("contacts", "contact_id", holds=False),
        Index(None, "owner_id", "contact_id"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)


_companies, _contacts, _interactions, _events = (
    table_of(model) for model in (Company, Contact, Interaction, NetworkingEvent)
)
register(
    Moment(
        "interaction.completed",
        _interactions,
        at=_interactions.c.occurred_at,
        title=_interactions.c.contact_name,
        when=_interactions.c.status == InteractionStatus.DONE,
    )
)
words.register(
    words.Searched(_companies, title=_companies.c.name, texts=(_companies.c.notes,)),
    words.Searched(
        _contacts,
        title=_contacts.c.name,
        texts=(
            _contacts.c.company_name,
            _contacts.c.role,
            _contacts.c.how_met,
            _contacts.c.notes,
            _contacts.c.tags,
        ),
        private=(_contacts.c.email, _contacts.c.phone),
    ),
    words.Searched(
        _interactions,
        title=_interactions.c.contact_name,
        texts=(_interactions.c.subject, _interactions.c.body),
    ),
    words.Searched(_events, title=_events.c.name, texts=(_events.c.location,)),
)
