"""An organisation with an admin and a coach, and the mails that leave it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.auth.terms import OrganizationRole
from app.db.transaction import Database
from app.mail import Mailer
from app.settings import Settings
from tests.conftest import MakePerson, Person
from tests.domains.accounts.conftest import Mails
from tests.domains.acting import expect, post
from tests.domains.organizing import add_member, make_key, make_organization


@dataclass(frozen=True)
class Office:
    """An organisation with two members."""

    id: UUID
    admin: Person
    coach: Person
    admin_membership: UUID
    coach_membership: UUID

    def path(self, *parts: object) -> str:
        """An address below the organisation."""
        return "/".join(("/v1/organizations", str(self.id), *map(str, parts)))

    async def invite(
        self, by: Person | None = None, email: str = "sam@example.com", **fields: Any
    ) -> dict[str, Any]:
        """An invitation of a client, unless said otherwise."""
        body = {"email": email, "kind": "client", **fields}
        return await post(by or self.admin, self.path("invitations"), **body)


MakeOffice = Callable[..., Awaitable[Office]]


@pytest.fixture
def make_office(make_person: MakePerson, database: Database) -> MakeOffice:
    async def make(**fields: Any) -> Office:
        organization_id = await make_organization(database, **fields)
        admin, coach = await make_person(), await make_person()
        return Office(
            organization_id,
            admin,
            coach,
            await add_member(database, organization_id, admin, OrganizationRole.ADMIN),
            await add_member(database, organization_id, coach),
        )

    return make


@pytest.fixture
async def office(make_office: MakeOffice) -> Office:
    """A live organisation, which mails its invitations."""
    return await make_office()


@pytest.fixture
async def trial(make_office: MakeOffice) -> Office:
    """A test organisation, which hands out its tokens."""
    return await make_office(is_test=True, name="Example Trial")


@pytest.fixture
def mails(settings: Settings, database: Database) -> Mails:
    return Mails(settings.data_folder / "mail", database.collaborator(Mailer))


@pytest.fixture
async def program(
    database: Database, office: Office, client: httpx.AsyncClient
) -> httpx.AsyncClient:
    """A client that carries a key of the office with all scopes."""
    client.headers["Authorization"] = f"Bearer {await make_key(database, office.id)}"
    return client


async def accept(person: Person, token: str) -> dict[str, Any]:
    """What a person has joined."""
    answer = await person.http.post("/v1/invitation-acceptances", json={"token": token})
    return expect(answer, 200)
