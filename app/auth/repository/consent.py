"""The statements that find out what a person agreed to, and the log of who used it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, column, or_, select, table
from sqlalchemy.dialects import postgresql, sqlite

from app.auth.models import AccessEntry, Grant, Session
from app.auth.terms import ROLES_WITH_CLIENTS, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.paging import Listing, equals, on_or_after, on_or_before
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.db.types import Id

_grants = table_of(Grant)
_entries = table_of(AccessEntry)
_sessions = table_of(Session)
# The rooms of people and of organisations stand above this one: their tables are named.
_accounts = table(
    "accounts", column("id", Id()), column("locale"), column("time_zone"), column("country")
)
_organizations = table("organizations", column("id", Id()), column("name"))
_memberships = table(
    "memberships",
    column("owner_id", Id()),
    column("id", Id()),
    column("account_id", Id()),
    column("name"),
    column("role"),
    column("status"),
)
ACTIVE = "active"

_STILL_IN_FORCE = (
    _grants.c.status == GrantStatus.ACTIVE,
    _grants.c.expires_at > bindparam("now", type_=_grants.c.expires_at.type),
)
_IN_FORCE = (_grants.c.owner_id == bindparam("subject", type_=Id()), *_STILL_IN_FORCE)
_WHAT = (
    _grants.c.id,
    _grants.c.categories,
    _grants.c.access,
    _grants.c.organization_id,
    _organizations.c.name.label("organization_name"),
    _accounts.c.locale,
    _accounts.c.time_zone,
    _accounts.c.country,
)


def _of_grants(statement: Select[Any]) -> Select[Any]:
    """The grants in force of one person."""
    return (
        statement.select_from(_grants)
        .join(_organizations, _organizations.c.id == _grants.c.organization_id)
        .join(_accounts, _accounts.c.id == _grants.c.owner_id)
        .where(*_IN_FORCE)
        .order_by(_grants.c.id)
    )


_CLIENT = select(_sessions.c.client).where(
    _sessions.c.owner_id == bindparam("actor", type_=Id()),
    _sessions.c.id == bindparam("session", type_=Id()),
)
_FOR_MEMBER = (
    _of_grants(
        select(
            *_WHAT,
            _memberships.c.id.label("membership_id"),
            _memberships.c.name.label("actor_name"),
        )
    )
    .join(
        _memberships,
        (_memberships.c.owner_id == _grants.c.organization_id)
        & or_(_grants.c.membership_id.is_(None), _grants.c.membership_id == _memberships.c.id),
    )
    .where(
        _memberships.c.account_id == bindparam("actor", type_=Id()),
        _memberships.c.status == ACTIVE,
        _memberships.c.role.in_([role.value for role in ROLES_WITH_CLIENTS]),
    )
)
_FOR_ORGANIZATION = _of_grants(select(*_WHAT)).where(
    _grants.c.organization_id == bindparam("organization", type_=Id()),
    _grants.c.membership_id.is_(None),
)
_FOR_MANY = (
    select(*_WHAT, _grants.c.owner_id)
    .select_from(_grants)
    .join(_organizations, _organizations.c.id == _grants.c.organization_id)
    .join(_accounts, _accounts.c.id == _grants.c.owner_id)
    .where(
        _grants.c.owner_id.in_(bindparam("people", expanding=True)),
        _grants.c.organization_id == bindparam("organization", type_=Id()),
        *_STILL_IN_FORCE,
        or_(
            _grants.c.membership_id.is_(None),
            _grants.c.membership_id == bindparam("membership", type_=Id()),
        ),
    )
    .order_by(_grants.c.owner_id, _grants.c.id)
)
_ACTOR = (
    select(
        _organizations.c.name.label("organization_name"),
        _memberships.c.name.label("actor_name"),
        _CLIENT.scalar_subquery().label("client"),
    )
    .select_from(_organizations)
    .outerjoin(
        _memberships,
        (_memberships.c.owner_id == _organizations.c.id)
        & (_memberships.c.account_id == bindparam("actor", type_=Id())),
    )
    .where(_organizations.c.id == bindparam("organization", type_=Id()))
)
_MEMBER = select(_memberships.c.id, _memberships.c.role).where(
    _memberships.c.owner_id == bindparam("organization", type_=Id()),
    _memberships.c.account_id == bindparam("actor", type_=Id()),
    _memberships.c.status == ACTIVE,
)


def organizations_of(*roles: OrganizationRole) -> Select[Any]:
    """The organisations of which `actor` is an active member in one of these roles."""
    return select(_memberships.c.owner_id).where(
        _memberships.c.account_id == bindparam("actor", type_=Id()),
        _memberships.c.status == ACTIVE,
        _memberships.c.role.in_([role.value for role in roles]),
    )


_ORGANIZATIONS = organizations_of(*ROLES_WITH_CLIENTS)


@cache
def _add_entries(dialect: str) -> Any:
    """One that stands there already says the same."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(_entries).on_conflict_do_nothing()


class AccessLogRepository(Repository):
    """Who read and changed one person's data; here it is only read."""

    table = _entries
    listing = Listing(
        table=_entries,
        sorts={"-occurred_at": _entries.c.occurred_at},
        filters={
            "organization_id": equals(_entries.c.organization_id),
            "category": equals(_entries.c.category),
            "access": equals(_entries.c.access),
            "occurred_after": on_or_after(_entries.c.occurred_at),
            "occurred_before": on_or_before(_entries.c.occurred_at),
        },
        columns=[*_entries.c, _entries.c.operation.label("operation_id")],
    )


class ConsentRepository:
    """What a person agreed to, asked at the time of each request."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def client_of(self, actor: UUID, session: UUID) -> str | None:
        """What somebody's session is called, read while their own rows are reached."""
        found = await self.transaction.execute(_CLIENT, {"actor": actor, "session": session})
        return found.scalar_one_or_none()

    async def for_member(self, subject: UUID, actor: UUID, now: datetime) -> Sequence[Row[Any]]:
        """The grants under which somebody may act for a person, as a member of organisations."""
        values = {"subject": subject, "actor": actor, "now": now}
        return (await self.transaction.execute(_FOR_MEMBER, values)).all()

    async def for_organization(
        self, subject: UUID, organization: UUID, now: datetime
    ) -> Sequence[Row[Any]]:
        """The grants under which an organisation's program may act for a person."""
        values = {"subject": subject, "organization": organization, "now": now}
        return (await self.transaction.execute(_FOR_ORGANIZATION, values)).all()

    async def for_many(
        self, people: Sequence[UUID], organization: UUID, membership: UUID | None, now: datetime
    ) -> Sequence[Row[Any]]:
        """The grants under which an organisation's member or program may act for some people."""
        values = {
            "people": people,
            "organization": organization,
            "membership": membership,
            "now": now,
        }
        return (await self.transaction.execute(_FOR_MANY, values)).all()

    async def actor(self, organization: UUID, actor: UUID, session: UUID | None) -> Row[Any]:
        """What the organisation, its member and the member's client are called."""
        values = {"organization": organization, "actor": actor, "session": session}
        return (await self.transaction.execute(_ACTOR, values)).one()

    async def membership(self, organization: UUID, actor: UUID) -> Row[Any] | None:
        """Somebody's active membership in an organisation."""
        values = {"organization": organization, "actor": actor}
        return (await self.transaction.execute(_MEMBER, values)).one_or_none()

    async def organizations(self, actor: UUID) -> Sequence[UUID]:
        """The organisations in which somebody may act for clients."""
        found = await self.transaction.execute(_ORGANIZATIONS, {"actor": actor})
        return found.scalars().all()

    async def log(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add to a person's access log; an entry with an id that stands there is left as it is."""
        await self.transaction.execute(_add_entries(self.transaction.dialect), entries)
