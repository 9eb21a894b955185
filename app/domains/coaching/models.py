"""Organisations, who works there, and who they accompany."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.auth.terms import OrganizationRole
from app.db.base import TABLE_OPTIONS, Base, OwnedByOrganization, Registration, reference
from app.db.paging import fold
from app.db.types import Id, enum_type, json_type
from app.domains.coaching.terms import (
    MAX_COHORT_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    MAX_EMAIL_KEY_CHARACTERS,
    MAX_EXTERNAL_ID_CHARACTERS,
    MAX_NAME_CHARACTERS,
    ClientStatus,
    InvitationKind,
    InvitationStatus,
    MembershipStatus,
)
from app.kit.terms import Language


class Organization(Base):
    """A coaching platform or a career service; only the operator of this server makes one."""

    __tablename__ = "organizations"
    registration: ClassVar[Registration] = Registration("id", of="organization", export=False)
    __table_args__ = TABLE_OPTIONS

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    is_test: Mapped[bool] = mapped_column(Boolean)
    default_grant_days: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(BigInteger)


class Membership(OwnedByOrganization, Base):
    """Somebody works for an organisation; the name is what its clients read."""

    __tablename__ = "memberships"
    constraints: ClassVar[tuple[Any, ...]] = (
        UniqueConstraint("owner_id", "account_id"),
        Index(None, "account_id", info={"across_people": True}),
    )

    account_id: Mapped[UUID] = mapped_column(Id(), ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_NAME_CHARACTERS))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    role: Mapped[OrganizationRole] = mapped_column(enum_type(OrganizationRole, "role"))
    status: Mapped[MembershipStatus] = mapped_column(enum_type(MembershipStatus, "status"))


def folded_of(external_id: str | None, cohort: str | None) -> str | None:
    """What the organisation itself calls a client, to be found without regard to case."""
    return fold("\n".join(filter(None, (external_id, cohort)))) or None


def _folded(context: Any) -> str | None:
    given = context.get_current_parameters()
    return folded_of(given.get("external_id"), given.get("cohort"))


class Client(OwnedByOrganization, Base):
    """A person whom an organisation accompanies. Its id is the person's account id."""

    __tablename__ = "clients"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("memberships", "coach_id", on_delete="detach"),
        UniqueConstraint("owner_id", "external_id"),
        Index(None, "owner_id", "cohort"),
        Index(None, "owner_id", "created_at"),
        Index(None, "owner_id", "coach_id"),
        Index(None, "id", info={"across_people": True}),
    )

    @declared_attr
    @classmethod
    def id(cls) -> Mapped[UUID]:
        """The account of the person."""
        account = ForeignKey("accounts.id", ondelete="CASCADE")
        return mapped_column(Id(), account, primary_key=True, sort_order=-9)

    external_id: Mapped[str | None] = mapped_column(String(MAX_EXTERNAL_ID_CHARACTERS))
    cohort: Mapped[str | None] = mapped_column(String(MAX_COHORT_CHARACTERS))
    coach_id: Mapped[UUID | None]
    status: Mapped[ClientStatus] = mapped_column(enum_type(ClientStatus, "status"))
    folded: Mapped[str | None] = mapped_column(
        String(3 * (MAX_EXTERNAL_ID_CHARACTERS + MAX_COHORT_CHARACTERS) + 1), default=_folded
    )


class Invitation(OwnedByOrganization, Base):
    """Somebody was asked by mail to join an organisation; its token is stored as SHA-256.

    The stored status is never `expired`: that follows from `expires_at`. `account_id` is whoever
    accepted it, and takes the invitation with it when the account is deleted.
    """

    __tablename__ = "invitations"
    constraints: ClassVar[tuple[Any, ...]] = (
        reference("memberships", "coach_id", on_delete="detach"),
        Index(None, "owner_id", "created_at", "id"),
        Index(None, "owner_id", "email_key", "created_at"),
        Index(None, "owner_id", "external_id"),
        Index(None, "owner_id", "coach_id"),
        Index(None, "owner_id", "account_id"),
        Index(None, "token_hash", unique=True, info={"across_people": True}),
        Index(None, "account_id", info={"across_people": True}),
        Index(None, "expires_at", info={"across_people": True}),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[InvitationKind] = mapped_column(enum_type(InvitationKind, "kind"))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_CHARACTERS))
    email_key: Mapped[str] = mapped_column(String(MAX_EMAIL_KEY_CHARACTERS))
    name: Mapped[str | None] = mapped_column(String(MAX_NAME_CHARACTERS))
    role: Mapped[OrganizationRole | None] = mapped_column(enum_type(OrganizationRole, "role"))
    external_id: Mapped[str | None] = mapped_column(String(MAX_EXTERNAL_ID_CHARACTERS))
    cohort: Mapped[str | None] = mapped_column(String(MAX_COHORT_CHARACTERS))
    coach_id: Mapped[UUID | None]
    locale: Mapped[Language] = mapped_column(enum_type(Language, "locale"))
    ask: Mapped[dict[str, Any] | None] = mapped_column(json_type())
    status: Mapped[InvitationStatus] = mapped_column(enum_type(InvitationStatus, "status"))
    expires_at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(
        Id(), ForeignKey("accounts.id", ondelete="CASCADE")
    )
    # No foreign key: the grant belongs to the person.
    grant_id: Mapped[UUID | None]
