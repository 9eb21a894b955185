"""The account of a person, which is their profile too, and the tokens mailed to them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration
from app.db.paging import fold
from app.db.types import Id, enum_type, json_type
from app.domains.accounts.terms import (
    MAX_DISPLAY_NAME_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_EMAIL_KEY_CHARACTERS,
    MAX_LOCALE_CHARACTERS,
    MAX_PASSWORD_HASH_CHARACTERS,
    MAX_TIME_ZONE_CHARACTERS,
    MailedTokenPurpose,
)


def _folded_name(context: Any) -> str | None:
    name = context.get_current_parameters().get("display_name")
    return None if name is None else fold(name)


class Account(Base):
    """A person. Their id is the `owner_id` of everything they own."""

    __tablename__ = "accounts"
    registration: ClassVar[Registration] = Registration("id", export=True, erasure="cascade")
    __table_args__ = TABLE_OPTIONS

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    email_key: Mapped[str] = mapped_column(String(MAX_EMAIL_KEY_CHARACTERS), unique=True)
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str] = mapped_column(String(MAX_PASSWORD_HASH_CHARACTERS))
    display_name: Mapped[str | None] = mapped_column(String(MAX_DISPLAY_NAME_CHARACTERS))
    name_folded: Mapped[str | None] = mapped_column(
        String(3 * MAX_DISPLAY_NAME_CHARACTERS), default=_folded_name
    )
    locale: Mapped[str] = mapped_column(String(MAX_LOCALE_CHARACTERS))
    time_zone: Mapped[str] = mapped_column(String(MAX_TIME_ZONE_CHARACTERS))
    country: Mapped[str | None] = mapped_column(String(2))
    pause_hours: Mapped[int] = mapped_column(SmallInteger)
    allow_during_pause: Mapped[bool] = mapped_column(Boolean)
    quiet_hours: Mapped[dict[str, str] | None] = mapped_column(json_type())
    wellbeing_tracking: Mapped[bool] = mapped_column(Boolean)
    wellbeing_tracking_set_at: Mapped[datetime | None]
    values: Mapped[list[dict[str, Any]]] = mapped_column(json_type())
    next_actions_per_day: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(BigInteger)


class MailedToken(Base):
    """A token sent by mail: to verify an address, to change it, or to set a new password."""

    __tablename__ = "mailed_tokens"
    registration: ClassVar[Registration] = Registration("owner_id", export=False, erasure="cascade")
    __table_args__ = (
        Index(None, "owner_id"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Id(), ForeignKey("accounts.id", ondelete="CASCADE"))
    purpose: Mapped[MailedTokenPurpose] = mapped_column(enum_type(MailedTokenPurpose, "purpose"))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    expires_at: Mapped[datetime]


class PendingSignUp(Base):
    """A sign-up that waits for its mailed token (only with `REBOUND_SIGN_UP=verified`).

    There may be several for one address: a stranger who signs up with it cannot void the token of
    the person whose address it is. The first token that comes back wins.
    """

    __tablename__ = "pending_sign_ups"
    registration: ClassVar[Registration] = Registration(None, export=False, erasure="expiry")
    __table_args__ = (
        Index(None, "email_key"),
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    email_key: Mapped[str] = mapped_column(String(MAX_EMAIL_KEY_CHARACTERS))
    password_hash: Mapped[str] = mapped_column(String(MAX_PASSWORD_HASH_CHARACTERS))
    profile: Mapped[dict[str, Any]] = mapped_column(json_type())
    expires_at: Mapped[datetime]


class SignInAttempt(Base):
    """One attempt to sign in, by keyed digests of the e-mail and the network address.

    A failure is kept for an hour; a success for 90 days, because an address that succeeded before
    is held back less when strangers attack the account.
    """

    __tablename__ = "sign_in_attempts"
    registration: ClassVar[Registration] = Registration(None, export=False, erasure="expiry")
    __table_args__ = (
        Index(None, "email_digest", "attempted_at"),
        Index(None, "address_digest", "attempted_at"),
        Index(None, "attempted_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email_digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    succeeded: Mapped[bool] = mapped_column(Boolean)
    attempted_at: Mapped[datetime]
