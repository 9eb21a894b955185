"""Sessions and their tokens, API keys, what people agreed to, and who looked at their data.

Secrets are stored as SHA-256: they are random, so no salt is needed.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.auth.terms import (
    MAX_ACTOR_NAME_CHARACTERS,
    MAX_CLIENT_NAME_CHARACTERS,
    MAX_KEY_NAME_CHARACTERS,
    MAX_OPERATION_CHARACTERS,
    MAX_PURPOSE_CHARACTERS,
    ActorKind,
    ConsentAccess,
    ConsentCategory,
    GrantStatus,
)
from app.db.base import TABLE_OPTIONS, Base, Owned, OwnedByEither, Registration
from app.db.types import Id, enum_type, json_type

MAX_CLIENT_CHARACTERS = 200


def _of_session() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["owner_id", "session_id"], ["sessions.owner_id", "sessions.id"], ondelete="CASCADE"
    )


class Session(Base):
    """A device or browser that signed in: a family of tokens that is revoked as one."""

    __tablename__ = "sessions"
    registration: ClassVar[Registration] = Registration("owner_id", export=True)
    __table_args__ = (
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    client: Mapped[str | None] = mapped_column(String(MAX_CLIENT_CHARACTERS))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AccessToken(Base):
    """A short-lived bearer token."""

    __tablename__ = "access_tokens"
    registration: ClassVar[Registration] = Registration("owner_id", export=False)
    __table_args__ = (
        _of_session(),
        Index(None, "owner_id", "session_id"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    owner_id: Mapped[UUID]
    session_id: Mapped[UUID]
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class RefreshToken(Base):
    """A single-use token that buys the next pair. `parent_hash` is the one it replaced."""

    __tablename__ = "refresh_tokens"
    registration: ClassVar[Registration] = Registration("owner_id", export=False)
    __table_args__ = (
        _of_session(),
        Index(None, "owner_id", "session_id"),
        Index(None, "parent_hash"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    owner_id: Mapped[UUID]
    session_id: Mapped[UUID]
    parent_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(OwnedByEither, Base):
    """A long-lived credential of a program; `prefix` is the part that its owner recognises."""

    __tablename__ = "api_keys"
    constraints = (Index(None, "key_hash", unique=True, info={"across_people": True}),)

    name: Mapped[str] = mapped_column(String(MAX_KEY_NAME_CHARACTERS))
    prefix: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(json_type())
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Grant(Owned, Base):
    """What a person lets an organisation, or one member of it, see or change, and until when."""

    __tablename__ = "grants"
    constraints = (
        Index(None, "organization_id", "status", "owner_id", info={"across_people": True}),
        Index(None, "organization_id", "id", info={"across_people": True}),
        Index(None, "status", "expires_at", info={"across_people": True}),
    )

    organization_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("organizations.id", ondelete="CASCADE")
    )
    # No foreign key: the grant is history when the membership is gone.
    membership_id: Mapped[UUID | None]
    categories: Mapped[list[ConsentCategory]] = mapped_column(json_type())
    access: Mapped[ConsentAccess] = mapped_column(enum_type(ConsentAccess, "access"))
    purpose: Mapped[str] = mapped_column(String(MAX_PURPOSE_CHARACTERS))
    status: Mapped[GrantStatus] = mapped_column(enum_type(GrantStatus, "status"))
    expires_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    expiry_noticed_at: Mapped[datetime | None]


class AccessEntry(Base):
    """Somebody else read or changed data of a person; names are kept as they were then."""

    __tablename__ = "access_log"
    registration: ClassVar[Registration] = Registration("owner_id", export=True, append_only=True)
    __table_args__ = (Index(None, "owner_id", "occurred_at", "id"), TABLE_OPTIONS)

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    occurred_at: Mapped[datetime]
    actor_kind: Mapped[ActorKind] = mapped_column(enum_type(ActorKind, "actor_kind"))
    actor_id: Mapped[UUID]
    actor_name: Mapped[str] = mapped_column(String(MAX_ACTOR_NAME_CHARACTERS))
    organization_id: Mapped[UUID]
    organization_name: Mapped[str] = mapped_column(String(MAX_ACTOR_NAME_CHARACTERS))
    client: Mapped[str | None] = mapped_column(String(MAX_CLIENT_NAME_CHARACTERS))
    grant_id: Mapped[UUID]
    category: Mapped[ConsentCategory] = mapped_column(enum_type(ConsentCategory, "category"))
    access: Mapped[ConsentAccess] = mapped_column(enum_type(ConsentAccess, "access"))
    operation: Mapped[str] = mapped_column(String(MAX_OPERATION_CHARACTERS))
