"""A person, their organisation and its coach, and what they do with grants over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from app.auth.terms import OrganizationRole
from app.db.transaction import Database
from tests.conftest import MakePerson, Person
from tests.domains.acting import expect
from tests.domains.organizing import (
    add_client,
    add_member,
    bearer,
    make_key,
    make_organization,
    on_behalf,
)

GRANTS = "/v1/grants"
ANY = {"If-Match": "*"}


@dataclass
class Circle:
    """An organisation with an admin, a coach, an analyst, a key, and one client."""

    organization: UUID
    person: Person
    admin: Person
    coach: Person
    coach_membership: UUID
    analyst: Person
    key: dict[str, str]

    def terms(self, **fields: Any) -> dict[str, Any]:
        """What a grant for this organisation says, unless said otherwise."""
        return {
            "organization_id": str(self.organization),
            "categories": ["rejections"],
            "access": "read",
            "purpose": "A sample purpose",
            **fields,
        }

    async def give(self, **fields: Any) -> dict[str, Any]:
        """A grant that the person gives."""
        return expect(await self.person.http.post(GRANTS, json=self.terms(**fields)), 201)

    async def ask(self, **fields: Any) -> dict[str, Any]:
        """A grant that the coach asks for."""
        body = self.terms(account_id=str(self.person.id), **fields)
        return expect(await self.coach.http.post(GRANTS, json=body), 201)

    async def read(self, path: str = "/v1/rejections") -> httpx.Response:
        """What the coach gets to see for the person."""
        return await self.coach.http.get(path, headers=on_behalf(self.person))


async def make_circle(database: Database, make_person: MakePerson, **fields: Any) -> Circle:
    """People who have just met: nothing is granted."""
    organization = await make_organization(database, **fields)
    person, admin, coach, analyst = [await make_person() for _ in range(4)]
    await add_client(database, organization, person)
    await add_member(database, organization, admin, OrganizationRole.ADMIN)
    membership = await add_member(database, organization, coach)
    await add_member(database, organization, analyst, OrganizationRole.ANALYST)
    key = bearer(await make_key(database, organization))
    return Circle(organization, person, admin, coach, membership, analyst, key)


async def decide(
    who: Person,
    grant: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    **fields: Any,
) -> httpx.Response:
    """The answer to a change of a grant, whatever its revision."""
    path = f"{GRANTS}/{grant['id']}"
    return await who.http.patch(path, json=fields, headers={**ANY, **(headers or {})})
