"""The statements that tell which organisations may know what of whom.

The tables of other rooms are named, not imported: what is asked spans them in one statement.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, column, select, table

from app.auth.terms import ConsentCategory, GrantStatus
from app.db.transaction import Transaction
from app.db.types import Id, UtcDateTime, json_type
from app.domains.coaching.terms import ClientStatus

CLIENTS = table("clients", column("owner_id", Id()), column("id", Id()), column("status"))
GRANTS = table(
    "grants",
    column("owner_id", Id()),
    column("id", Id()),
    column("organization_id", Id()),
    column("membership_id", Id()),
    column("categories", json_type()),
    column("status"),
    column("expires_at", UtcDateTime()),
)
IN_FORCE = and_(
    GRANTS.c.status == GrantStatus.ACTIVE.value,
    GRANTS.c.expires_at > bindparam("now", type_=UtcDateTime()),
    # What one member was granted is not for the organisation's programs.
    GRANTS.c.membership_id.is_(None),
)
IS_ACTIVE = CLIENTS.c.status == ClientStatus.ACTIVE.value

_RELATIONS = select(
    CLIENTS.c.owner_id.label("organization_id"),
    CLIENTS.c.id.label("account_id"),
    IS_ACTIVE.label("is_active"),
    GRANTS.c.categories,
).select_from(
    CLIENTS.outerjoin(
        GRANTS,
        and_(
            GRANTS.c.owner_id == CLIENTS.c.id,
            GRANTS.c.organization_id == CLIENTS.c.owner_id,
            IN_FORCE,
        ),
    )
)
_OF_PERSON = _RELATIONS.where(CLIENTS.c.id == bindparam("account", type_=Id()))
_OF_ORGANIZATION = _RELATIONS.where(
    CLIENTS.c.owner_id == bindparam("organization", type_=Id()),
    CLIENTS.c.id.in_(bindparam("accounts", expanding=True, type_=Id())),
)


@dataclass
class Relation:
    """Whether somebody is a client of an organisation at present, and what they granted it."""

    is_active: bool = False
    granted: set[ConsentCategory] = field(default_factory=set)


class RelationRepository:
    """What people agreed to, asked across them."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def of_person(self, account_id: UUID, now: datetime) -> dict[UUID, Relation]:
        """By organisation, for all that accompany somebody or did."""
        with self.transaction.everyone():
            found = await self.transaction.execute(_OF_PERSON, {"account": account_id, "now": now})
        return _by(found, "organization_id")

    async def of_organization(
        self, organization_id: UUID, accounts: Collection[UUID], now: datetime
    ) -> dict[UUID, Relation]:
        """By account, for some people whom an organisation accompanies or did."""
        values = {"organization": organization_id, "accounts": list(accounts), "now": now}
        with self.transaction.everyone():
            found = await self.transaction.execute(_OF_ORGANIZATION, values)
        return _by(found, "account_id")


def _by(rows: Iterable[Row[Any]], name: str) -> dict[UUID, Relation]:
    relations: dict[UUID, Relation] = defaultdict(Relation)
    for row in rows:
        relation = relations[getattr(row, name)]
        relation.is_active = bool(row.is_active)
        if relation.is_active:
            relation.granted.update(map(ConsentCategory, row.categories or ()))
    return dict(relations)
