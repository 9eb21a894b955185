"""The statements of grants: of the person who gives them, and of the organisation they are for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Row, and_, bindparam, or_, select

from app.auth.caller import Caller
from app.auth.models import Grant
from app.auth.repository.consent import organizations_of
from app.auth.terms import ROLES_WITH_CLIENTS, GrantStatus
from app.db.base import table_of
from app.db.paging import Listing, Page, Query, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.db.types import Id

_t = table_of(Grant)
_SORTS = {"-created_at": _t.c.created_at, "created_at": _t.c.created_at}
_FILTERS = {"status": equals(_t.c.status), "account_id": equals(_t.c.owner_id)}
_ACTIVE = _t.c.status == GrantStatus.ACTIVE
_OPEN = _t.c.status.in_((GrantStatus.REQUESTED, GrantStatus.ACTIVE))
_OF_MEMBERS = _t.c.membership_id.in_(bindparam("memberships", expanding=True))
_SOON = bindparam("soon", type_=_t.c.expires_at.type)


class GrantRepository(Repository):
    """What one person was asked for and agreed to."""

    table = _t
    listing = Listing(table=_t, sorts=_SORTS, filters=_FILTERS)

    _DUE = (
        select(_t)
        .where(_t.c.owner_id == bindparam("owner"), _ACTIVE, _t.c.expires_at <= _SOON)
        .order_by(_t.c.expires_at, _t.c.id)
    )

    _OPEN_TO = select(_t).where(
        _t.c.owner_id == bindparam("owner"),
        _t.c.organization_id == bindparam("organization", type_=Id()),
        _OPEN,
    )
    _OPEN_TO_MEMBERS = _OPEN_TO.where(_OF_MEMBERS)

    async def open_to(
        self, organization_id: UUID, membership_ids: Collection[UUID] | None
    ) -> Sequence[Row[Any]]:
        """The grants, or requests for one, to an organisation, or only to some of its members."""
        values: dict[str, Any] = {"owner": self.owner_id, "organization": organization_id}
        if membership_ids is None:
            return (await self.transaction.execute(self._OPEN_TO, values)).all()
        values["memberships"] = list(membership_ids)
        return (await self.transaction.execute(self._OPEN_TO_MEMBERS, values)).all()

    async def due(self, soon: datetime) -> Sequence[Row[Any]]:
        """The grants in force that end by an instant."""
        values = {"owner": self.owner_id, "soon": soon}
        return (await self.transaction.execute(self._DUE, values)).all()


class GrantsGiven:
    """What all people were asked for by an organisation and let it do."""

    listing = Listing(table=_t, sorts=_SORTS, filters=_FILTERS, of=_t.c.organization_id)

    _GRANTORS = (
        select(_t.c.owner_id)
        .where(_t.c.organization_id == bindparam("organization", type_=Id()), _OF_MEMBERS, _OPEN)
        .order_by(_t.c.owner_id)
        .distinct()
    )
    _FIND = select(_t).where(_t.c.id == bindparam("record", type_=Id()))
    _FIND_FOR_PROGRAM = _FIND.where(_t.c.organization_id == bindparam("organization", type_=Id()))
    _FIND_FOR_MEMBER = _FIND.where(_t.c.organization_id.in_(organizations_of(*ROLES_WITH_CLIENTS)))

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def page(self, organization_id: UUID, query: Query) -> Page:
        """One page of the list; raises InvalidCursor."""
        cursors = self.transaction.database.cursors
        statement, parameters, binding = self.listing.prepare(organization_id, query, cursors)
        rows = (await self.transaction.execute(statement, parameters)).all()
        return self.listing.page(rows, query, binding, cursors)

    async def grantors(
        self, organization_id: UUID, membership_ids: Collection[UUID]
    ) -> Sequence[UUID]:
        """The people who granted something to these members alone, in the order of their ids."""
        values = {"organization": organization_id, "memberships": list(membership_ids)}
        return (await self.transaction.execute(self._GRANTORS, values)).scalars().all()

    async def find(self, caller: Caller, grant_id: UUID) -> Row[Any] | None:
        """A grant that the caller may see as an organisation's program or member."""
        if caller.is_program:
            values = {"record": grant_id, "organization": caller.owner_id}
            found = await self.transaction.execute(self._FIND_FOR_PROGRAM, values)
        else:
            values = {"record": grant_id, "actor": caller.actor_id}
            found = await self.transaction.execute(self._FIND_FOR_MEMBER, values)
        return found.one_or_none()


class DueGrants:
    """Whose grants end, or will soon."""

    _OWNERS = (
        select(_t.c.owner_id)
        .where(
            _ACTIVE,
            or_(
                _t.c.expires_at <= bindparam("now", type_=_t.c.expires_at.type),
                and_(_t.c.expires_at <= _SOON, _t.c.expiry_noticed_at.is_(None)),
            ),
            _t.c.owner_id > bindparam("after", type_=_t.c.owner_id.type),
        )
        .distinct()
        .order_by(_t.c.owner_id)
        .limit(bindparam("most", type_=Integer()))
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def owners(
        self, now: datetime, soon: datetime, *, after: UUID, most: int
    ) -> Sequence[UUID]:
        """People with a grant to end now, or to tell of, in the order of their ids."""
        values = {"now": now, "soon": soon, "after": after, "most": most}
        return (await self.transaction.execute(self._OWNERS, values)).scalars().all()
