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
from app.domains.coaching.models import Client, Invitation, Membership
from app.domains.coaching.terms import MembershipStatus

_members = table_of(Membership)
_clients = table_of(Client)
_invitations = table_of(Invitation)

_account = bindparam("account", type_=Id())
_TIES = union_all(
    select(_members.c.owner_id, _members.c.id.label("membership_id")).where(
        _members.c.account_id == _account
    ),
    select(_clients.c.owner_id, null().label("membership_id")).where(_clients.c.id == _account),
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
