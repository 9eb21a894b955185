"""A sample organisation that accompanies the demo person, and the key of its program."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller
from app.auth.scopes import SCOPES_OF_ORGANIZATIONS, Scope
from app.auth.standing_in import capacity_of
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.transaction import Database, Transaction
from app.demo.person import begin_session, caller_of
from app.domains.accounts.schemas import ApiKeyCreate
from app.domains.accounts.service import ApiKeyService
from app.domains.coaching.schemas.grants import GrantCreate
from app.domains.coaching.schemas.invitations import InvitationCreate
from app.domains.coaching.schemas.organizations import OrganizationCreate
from app.domains.coaching.service.acceptances import AcceptanceService
from app.domains.coaching.service.grants import GrantService
from app.domains.coaching.service.invitations import InvitationService
from app.domains.coaching.service.organizations import create_organization
from app.domains.coaching.terms import InvitationKind

NAME = "Sample Career Service (sample data)"
ADMIN_NAME = "Sample Admin (sample data)"
ADMIN_EMAIL = "sample-admin@example.com"
KEY_NAME = "Sample Platform (sample data)"
EXTERNAL_ID = "S-1001"

GRANT = {
    "categories": [ConsentCategory.REJECTIONS, ConsentCategory.PLANS],
    "access": ConsentAccess.WRITE,
    "purpose": "So that my coach can prepare our meetings and add steps to my plans.",
}
"""How the person is stays with them alone, so that a refusal can be tried as well."""

SCOPES = [one for one in Scope if one in SCOPES_OF_ORGANIZATIONS]
"""All that a key may hold, so that nothing but the person's consent limits the program."""


@dataclass(frozen=True)
class SampleOrganization:
    """What its program needs to know of itself."""

    id: UUID
    key: str


async def accompany(
    database: Database, person: Caller, email: str, admin: Any
) -> SampleOrganization:
    """Make a test organisation with its admin, and let it see a part of the person's records."""
    organization_id = await create_organization(
        database, OrganizationCreate(name=NAME, is_test=True, admin_email=admin.email)
    )
    here = {"organization_id": str(organization_id)}
    caller = caller_of(await begin_session(database, admin.id), database.clock.now())
    async with _acting(database, caller) as transaction:
        wanted = ApiKeyCreate.model_validate({"name": KEY_NAME, "scopes": SCOPES, **here})
        issued = await ApiKeyService(transaction, caller).issue(wanted)
        capacity = await capacity_of(transaction, caller, organization_id)
    caller = replace(caller, owner_id=organization_id, capacity=capacity)
    async with _acting(database, caller) as transaction:
        invitation = await InvitationService(transaction, caller).send(
            InvitationCreate(email=email, kind=InvitationKind.CLIENT, external_id=EXTERNAL_ID)
        )
    async with _acting(database, person) as transaction:
        await AcceptanceService(transaction, person).accept(invitation["token"])
        given = GrantCreate.model_validate({**GRANT, **here})
        await GrantService(transaction, person).create(given)
    return SampleOrganization(id=organization_id, key=issued["key"])


@asynccontextmanager
async def _acting(database: Database, caller: Caller) -> AsyncIterator[Transaction]:
    async with database.write() as transaction:
        transaction.enter(caller.owner_id)
        yield transaction
