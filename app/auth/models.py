"""Sessions and their tokens.

Secrets are stored as SHA-256: they are random, so no salt is needed.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration
from app.db.types import Id

MAX_CLIENT_CHARACTERS = 200


def _of_session() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["owner_id", "session_id"], ["sessions.owner_id", "sessions.id"], ondelete="CASCADE"
    )


class Session(Base):
    """A device or browser that signed in: a family of tokens that is revoked as one."""

    __tablename__ = "sessions"
    registration: ClassVar[Registration] = Registration("owner_id", export=True, erasure="cascade")
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
    registration: ClassVar[Registration] = Registration("owner_id", export=False, erasure="cascade")
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
    registration: ClassVar[Registration] = Registration("owner_id", export=False, erasure="cascade")
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
