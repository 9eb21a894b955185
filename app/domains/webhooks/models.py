"""The tables of endpoints, deliveries, and what organisations are told."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.terms import ConsentCategory
from app.db.base import TABLE_OPTIONS, Base, OwnedByEither, Registration
from app.db.types import Id, enum_type, json_type
from app.domains.webhooks.terms import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_URL_CHARACTERS,
    DeliveryStatus,
    DisabledReason,
    EndpointStatus,
)
from app.kit.networks import CallFailure


class WebhookEndpoint(OwnedByEither, Base):
    """Where somebody wants to be told. Its secrets are sealed; no list of types means all."""

    __tablename__ = "webhook_endpoints"

    url: Mapped[str] = mapped_column(String(MAX_URL_CHARACTERS))
    description: Mapped[str | None] = mapped_column(String(MAX_DESCRIPTION_CHARACTERS))
    event_types: Mapped[list[str] | None] = mapped_column(json_type())
    status: Mapped[EndpointStatus] = mapped_column(enum_type(EndpointStatus, "status"))
    disabled_reason: Mapped[DisabledReason | None] = mapped_column(
        enum_type(DisabledReason, "disabled_reason")
    )
    secret: Mapped[bytes] = mapped_column(LargeBinary(128))
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary(128))
    previous_secret_until: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One fact for one endpoint; its id is the fact's.

    `account_id` is the person whom it is about, whose rows go with them; a fact of an organisation
    itself has none. `lease_id` is drawn by the worker that has it under way.
    """

    __tablename__ = "webhook_deliveries"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = (
        ForeignKeyConstraint(
            ["owner_id", "endpoint_id"],
            ["webhook_endpoints.owner_id", "webhook_endpoints.id"],
            ondelete="CASCADE",
        ),
        Index(None, "owner_id", "endpoint_id", "created_at", "id"),
        Index(None, "account_id", info={"across_people": True}),
        Index(None, "finished_at", info={"across_people": True}),
        # The conventional name would be too long for PostgreSQL.
        Index("ix_webhook_deliveries_due", "owner_id", "endpoint_id", "status", "next_attempt_at"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("heads.owner_id", ondelete="CASCADE"), primary_key=True
    )
    endpoint_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(60))
    category: Mapped[ConsentCategory | None] = mapped_column(enum_type(ConsentCategory, "category"))
    collection: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID]
    account_id: Mapped[UUID | None] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE")
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    status: Mapped[DeliveryStatus] = mapped_column(enum_type(DeliveryStatus, "status"))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    next_attempt_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    lease_id: Mapped[UUID | None]
    last_status_code: Mapped[int | None] = mapped_column(SmallInteger)
    last_failure: Mapped[CallFailure | None] = mapped_column(enum_type(CallFailure, "last_failure"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class OrganizationEvent(Base):
    """A fact that an organisation was told of, for it to look up later.

    The revision is the organisation's own, given under its lock: rows become visible in its order,
    so that no cursor passes one by.
    """

    __tablename__ = "organization_events"
    registration: ClassVar[Registration] = Registration("owner_id", of="organization", export=False)
    __table_args__ = (
        Index(None, "owner_id", "revision", "id"),
        Index(None, "account_id", info={"across_people": True}),
        Index(None, "occurred_at", info={"across_people": True}),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(60))
    category: Mapped[ConsentCategory | None] = mapped_column(enum_type(ConsentCategory, "category"))
    collection: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID]
    account_id: Mapped[UUID | None] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE")
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
