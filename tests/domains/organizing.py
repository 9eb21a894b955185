"""Organisations, their members, clients and grants for tests, without the walk that makes them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.auth import tokens
from app.auth.models import ApiKey, Grant
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.revisions import BEGIN_HEAD
from app.db.transaction import Database
from app.domains.coaching.models import Client, Membership, Organization
from app.domains.coaching.terms import ClientStatus, MembershipStatus
from tests.conftest import Person


@dataclass(frozen=True)
class Account:
    """Somebody of whom no more is known than who they are."""

    id: UUID


def _stamp(database: Database) -> dict[str, Any]:
    now = database.clock.now()
    return {"created_at": now, "updated_at": now, "revision": 1}


async def make_organization(
    database: Database, *, name: str = "Example Career Service", is_test: bool = False
) -> UUID:
    """An organisation without members."""
    organization_id = uuid4()
    async with database.write(everyone=True) as transaction:
        transaction.enter(organization_id)
        await transaction.execute(BEGIN_HEAD, {"owner_id": organization_id, "revision": 1})
        await transaction.execute(
            insert(table_of(Organization)),
            {
                "id": organization_id,
                "name": name,
                "is_test": is_test,
                "default_grant_days": 90,
                **_stamp(database),
            },
        )
    return organization_id


async def add_member(
    database: Database,
    organization_id: UUID,
    person: Person | Account,
    role: OrganizationRole = OrganizationRole.COACH,
    status: MembershipStatus = MembershipStatus.ACTIVE,
) -> UUID:
    """A membership."""
    membership_id = uuid4()
    async with database.write(everyone=True) as transaction:
        transaction.enter(organization_id)
        await transaction.execute(
            insert(table_of(Membership)),
            {
                "owner_id": organization_id,
                "id": membership_id,
                "account_id": person.id,
                "name": "A sample coach",
                "email": "coach@example.com",
                "role": role,
                "status": status,
                **_stamp(database),
            },
        )
    return membership_id


async def add_client(
    database: Database, organization_id: UUID, person: Person | Account, **fields: Any
) -> None:
    """A person whom the organisation accompanies."""
    async with database.write(everyone=True) as transaction:
        transaction.enter(organization_id)
        await transaction.execute(
            insert(table_of(Client)),
            {
                "owner_id": organization_id,
                "id": person.id,
                "external_id": None,
                "cohort": None,
                "coach_id": None,
                "status": ClientStatus.ACTIVE,
                **_stamp(database),
                **fields,
            },
        )


async def give_grant(
    database: Database,
    organization_id: UUID,
    person: Person | Account,
    *categories: ConsentCategory,
    access: ConsentAccess = ConsentAccess.READ,
    **fields: Any,
) -> UUID:
    """An active grant of these categories, or of all."""
    grant_id = uuid4()
    now = database.clock.now()
    async with database.write(everyone=True) as transaction:
        transaction.enter(person.id)
        await transaction.execute(
            insert(table_of(Grant)),
            {
                "owner_id": person.id,
                "id": grant_id,
                "organization_id": organization_id,
                "membership_id": None,
                "categories": list(categories or ConsentCategory),
                "access": access,
                "purpose": "A sample purpose",
                "status": GrantStatus.ACTIVE,
                "expires_at": now + timedelta(days=90),
                "activated_at": now,
                "ended_at": None,
                "expiry_noticed_at": None,
                **_stamp(database),
                **fields,
            },
        )
    return grant_id


async def make_key(
    database: Database,
    owner_id: UUID,
    *scopes: Scope,
    kind: str = tokens.LIVE_KEY,
    **fields: Any,
) -> str:
    """An API key with these scopes, or with all."""
    key = tokens.new_token(kind)
    now = database.clock.now()
    async with database.write(everyone=True) as transaction:
        transaction.enter(owner_id)
        await transaction.execute(
            insert(table_of(ApiKey)),
            {
                "owner_id": owner_id,
                "id": uuid4(),
                "name": "A sample program",
                "prefix": key.text[:14],
                "key_hash": key.digest,
                "scopes": list(scopes or Scope),
                "expires_at": now + timedelta(days=90),
                "last_used_at": None,
                **_stamp(database),
                **fields,
            },
        )
    return key.text


def on_behalf(person: Person) -> dict[str, str]:
    """The header by which somebody acts for a person."""
    return {"Rebound-Account": str(person.id)}


def bearer(key: str) -> dict[str, str]:
    """The header of a program with a key."""
    return {"Authorization": f"Bearer {key}"}
