"""The statements on who belongs to an organisation: members and clients."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, literal, null, select, union_all

from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.paging import Listing, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.db.types import Id
from app.domains.coaching.models import Client, Invitation, Membership, Organization
from app.domains.coaching.terms import MAX_AFFILIATIONS, ClientStatus, MembershipStatus

_members = table_of(Membership)
_clients = table_of(Client)
_invitations = table_of(Invitation)
_organizations = table_of(Organization)

_account = bindparam("account", type_=Id())
_TIES = union_all(
    select(_members.c.owner_id, _members.c.id.label("membership_id")).where(
        _members.c.account_id == _account
    ),
    select(_clients.c.owner_id, null().label("membership_id")).where(_clients.c.id == _account),
)
_IS_CLIENT = exists().where(
    _clients.c.owner_id == _organizations.c.id,
    _clients.c.id == _account,
    _clients.c.status == literal(ClientStatus.ACTIVE, _clients.c.status.type),
)
_ROLE = (
    select(_members.c.role)
    .where(
        _members.c.owner_id == _organizations.c.id,
        _members.c.account_id == _account,
        _members.c.status == literal(MembershipStatus.ACTIVE, _members.c.status.type),
    )
    .scalar_subquery()
)
_AFFILIATIONS = (
    select(
        _organizations.c.id.label("organization_id"),
        _organizations.c.name,
        _organizations.c.is_test,
        _ROLE.label("role"),
        _IS_CLIENT.label("is_client"),
    )
    .where(
        _organizations.c.id.in_(select(_TIES.subquery().c.owner_id)),
        _ROLE.is_not(None) | _IS_CLIENT,
    )
    .order_by(_organizations.c.name, _organizations.c.id)
    .limit(MAX_AFFILIATIONS)
)


class MembershipRepository(Repository):
    """The members of one organisation."""

    table = _members
    listing = Listing(
        table=_members,
        sorts={
            "created_at": _members.c.created_at,
            "-created_at": _members.c.created_at,
        },
        filters={"role": equals(_members.c.role), "status": equals(_members.c.status)},
    )

    _OF_ACCOUNT = select(_members).where(
        _members.c.owner_id == bindparam("owner"), _members.c.account_id == _account
    )
    _OTHER_ADMIN = select(
        exists().where(
            _members.c.owner_id == bindparam("owner"),
            _members.c.role == literal(OrganizationRole.ADMIN, _members.c.role.type),
            _members.c.status == literal(MembershipStatus.ACTIVE, _members.c.status.type),
            _members.c.id != bindparam("member", type_=Id()),
        )
    )
    _IS_KNOWN = select(
        exists().where(_clients.c.owner_id == bindparam("owner"), _clients.c.id == _account)
        | exists().where(
            _invitations.c.owner_id == bindparam("owner"), _invitations.c.account_id == _account
        )
    )

    async def of_account(self, account_id: UUID) -> Row[Any] | None:
        """The membership of an account, active or not."""
        found = await self.transaction.execute(
            self._OF_ACCOUNT, {"owner": self.owner_id, "account": account_id}
        )
        return found.one_or_none()

    async def has_other_admin(self, membership_id: UUID) -> bool:
        """Whether somebody else than this member is an active admin."""
        found = await self.transaction.execute(
            self._OTHER_ADMIN, {"owner": self.owner_id, "member": membership_id}
        )
        return bool(found.scalar_one())

    async def knows(self, account_id: UUID) -> bool:
        """Whether an account is a client, or once accepted an invitation."""
        found = await self.transaction.execute(
            self._IS_KNOWN, {"owner": self.owner_id, "account": account_id}
        )
        return bool(found.scalar_one())


async def ties_of(transaction: Transaction, account_id: UUID) -> Sequence[Row[Any]]:
    """Every organisation (`owner_id`) that somebody belongs to; as a member by `membership_id`."""
    with transaction.everyone():
        return (await transaction.execute(_TIES, {"account": account_id})).all()


async def affiliations_of(transaction: Transaction, account_id: UUID) -> Sequence[Row[Any]]:
    """The organisations that somebody works for, or that accompany them, by name."""
    with transaction.everyone():
        return (await transaction.execute(_AFFILIATIONS, {"account": account_id})).all()
