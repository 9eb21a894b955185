"""The statements that end what people granted to an organisation or its members."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Update, bindparam, select, update

from app.auth.models import Grant
from app.auth.terms import GrantStatus
from app.db.base import table_of
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.db.types import Id

_grants = table_of(Grant)
_OPEN = _grants.c.status.in_((GrantStatus.REQUESTED, GrantStatus.ACTIVE))
_TO_ORGANIZATION = _grants.c.organization_id == bindparam("organization", type_=Id())
_TO_MEMBERS = (
    _TO_ORGANIZATION,
    _grants.c.membership_id.in_(bindparam("memberships", expanding=True)),
    _OPEN,
)
_GRANTORS = select(_grants.c.owner_id).where(*_TO_MEMBERS).order_by(_grants.c.owner_id).distinct()


async def grantors(
    transaction: Transaction, organization_id: UUID, membership_ids: Collection[UUID]
) -> Sequence[UUID]:
    """The people who granted something to these members alone, in the order of their ids."""
    with transaction.everyone():
        found = await transaction.execute(
            _GRANTORS, {"organization": organization_id, "memberships": list(membership_ids)}
        )
        return found.scalars().all()


def _end(*which: ColumnElement[bool]) -> Update:
    """End some of what one person granted to an organisation."""
    now = bindparam("now", type_=_grants.c.ended_at.type)
    return (
        update(_grants)
        .where(_grants.c.owner_id == bindparam("owner"), *which)
        .values(
            status=bindparam("new_status", type_=_grants.c.status.type),
            ended_at=now,
            updated_at=now,
            revision=bindparam("new_revision", type_=_grants.c.revision.type),
        )
        .returning(_grants.c.id)
    )


class EndedGrants(Repository):
    """The grants of one person that end."""

    table: ClassVar = _grants

    _END_TO_MEMBERS = _end(*_TO_MEMBERS)
    _END_ALL = _end(_TO_ORGANIZATION, _OPEN)

    async def end(
        self, organization_id: UUID, now: datetime, membership_ids: Collection[UUID] | None = None
    ) -> Sequence[Row[Any]]:
        """End what the person granted to an organisation; the grants that ended.

        With `membership_ids` only what was granted to these members alone.
        """
        values = {
            "owner": self.owner_id,
            "organization": organization_id,
            "new_status": GrantStatus.REVOKED,
            "now": now,
            "new_revision": await self.transaction.revise(self.owner_id),
        }
        if membership_ids is None:
            return (await self.transaction.execute(self._END_ALL, values)).all()
        values["memberships"] = list(membership_ids)
        return (await self.transaction.execute(self._END_TO_MEMBERS, values)).all()
