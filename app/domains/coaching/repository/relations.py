"""The statements on who belongs together, asked for people and organisations alike."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select

from app.auth.terms import ROLES_WITH_CLIENTS
from app.db.base import table_of
from app.db.transaction import Transaction
from app.db.types import Id
from app.domains.coaching.models import Client, Membership, Organization
from app.domains.coaching.terms import ClientStatus, MembershipStatus

_organizations = table_of(Organization)
_memberships = table_of(Membership)
_clients = table_of(Client)


class RelationRepository:
    """Who accompanies whom, and what they are called."""

    _GRANT_DAYS = (
        select(_organizations.c.default_grant_days)
        .join(_clients, _clients.c.owner_id == _organizations.c.id)
        .where(
            _clients.c.owner_id == bindparam("organization", type_=Id()),
            _clients.c.id == bindparam("account", type_=Id()),
            _clients.c.status == ClientStatus.ACTIVE,
        )
    )
    _COACH = select(_memberships.c.id).where(
        _memberships.c.owner_id == bindparam("organization", type_=Id()),
        _memberships.c.id == bindparam("membership", type_=Id()),
        _memberships.c.status == MembershipStatus.ACTIVE,
        _memberships.c.role.in_(ROLES_WITH_CLIENTS),
    )
    _ORGANIZATIONS = select(_organizations.c.id, _organizations.c.name).where(
        _organizations.c.id.in_(bindparam("ids", expanding=True))
    )
    _MEMBERS = select(_memberships.c.id, _memberships.c.name).where(
        _memberships.c.owner_id.in_(bindparam("organizations", expanding=True)),
        _memberships.c.id.in_(bindparam("ids", expanding=True)),
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def grant_days(self, organization_id: UUID, account_id: UUID) -> int | None:
        """For how many days an organisation asks a person for consent; None if not its client."""
        values = {"organization": organization_id, "account": account_id}
        found: int | None = (
            await self.transaction.execute(self._GRANT_DAYS, values)
        ).scalar_one_or_none()
        return found

    async def has_coach(self, organization_id: UUID, membership_id: UUID) -> bool:
        """Whether a membership is active and may act for clients."""
        values = {"organization": organization_id, "membership": membership_id}
        return (await self.transaction.execute(self._COACH, values)).one_or_none() is not None

    async def names(
        self, organizations: Collection[UUID], members: Collection[UUID]
    ) -> Mapping[UUID, str]:
        """What organisations and members of them are called, by their ids."""
        rows = [
            *await self._rows(self._ORGANIZATIONS, {"ids": list(organizations)}),
            *await self._rows(
                self._MEMBERS, {"organizations": list(organizations), "ids": list(members)}
            ),
        ]
        return {row.id: row.name for row in rows}

    async def _rows(self, statement: Any, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        return (await self.transaction.execute(statement, values)).all() if values["ids"] else ()
