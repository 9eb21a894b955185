"""People on a running application of one engine, and their records, made by the contract."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr
from sqlalchemy import func, insert, select

from app.auth.models import AccessEntry
from app.auth.passwords import Passwords
from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory, OrganizationRole
from app.db.base import Base, table_of
from app.db.transaction import Database
from app.kit.clock import SetClock
from app.mail import Mailer
from app.main import create_app
from app.settings import Settings
from tests.conftest import Person as Somebody
from tests.contract.document import collections, creator
from tests.contract.requests import PASSWORD, Request, chosen_by_chance, good_request
from tests.domains.accounts.conftest import Mails
from tests.domains.organizing import add_client, add_member, make_organization
from tests.fixtures.postgres import as_owner

PLENTY = 1_000_000


@dataclass
class Scene:
    """One application on one engine, shared by all tests of a run."""

    engine: str
    app: FastAPI
    clock: SetClock
    mails: Mails
    anyone: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def of(cls, engine: str, url: str, folder: Path, clock: SetClock) -> AsyncIterator[Self]:
        settings = Settings(
            _env_file=None,
            database_url=url,
            admin_database_url=as_owner(url),
            data_path=folder,
            secret_key=SecretStr("a secret of the tests, long enough"),
            sqlite_synchronous="NORMAL",
            # An operation that wants a second connection waits for itself, and fails.
            pool_size=1,
            pool_timeout_seconds=5,
            rate_limit_per_minute=PLENTY,
            address_limit_per_minute=PLENTY,
            log_level="error",
        )
        app = create_app(settings, clock)
        database: Database = app.state.database
        cheap = Passwords(1, hasher=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
        database.collaborators[Passwords] = cheap
        mails = Mails(settings.data_folder / "mail", database.collaborator(Mailer))
        async with app.router.lifespan_context(app), _client(app) as anyone:
            yield cls(engine, app, clock, mails, anyone)
        cheap.close()

    async def person(self) -> "Person":
        """Somebody new who is signed in and tracks how they are."""
        email = f"{chosen_by_chance()}@example.com"
        body = {"email": email, "password": PASSWORD, "time_zone": "Europe/Berlin"}
        answer = await self.anyone.post("/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
        person = await Person(self, email).sign_in()
        answer = await self.anyone.patch(
            "/v1/me",
            json={"wellbeing_tracking": True},
            headers={**person.authorization, "If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        return await self.organized(person)

    async def organized(self, person: "Person") -> "Person":
        """The person as the admin of an organisation that accompanies nobody but them."""
        database: Database = self.app.state.database
        somebody = Somebody(UUID(person.id), "", self.anyone)
        organization = await make_organization(database)
        membership = await add_member(database, organization, somebody, OrganizationRole.ADMIN)
        await add_client(database, organization, somebody)
        person.places = {"organization_id": str(organization), "membership_id": str(membership)}
        return person

    async def stored(self, *people: "Person") -> dict[str, tuple[int, list[str]]]:
        """For every table the number of its rows, and in full those that belong to some people."""
        owners = [UUID(person.id) for person in people]
        database: Database = self.app.state.database
        found = {}
        async with database.read(everyone=True) as transaction:
            for table in Base.metadata.sorted_tables:
                count = await transaction.execute(select(func.count()).select_from(table))
                owner = table.c.get("owner_id", table.c.get("id"))
                rows: Iterable[Any] = ()
                if owner is not None:
                    rows = await transaction.execute(select(table).where(owner.in_(owners)))
                found[table.name] = (count.scalar_one(), sorted(map(repr, rows)))
        return found

    async def rows_of(self, person: "Person") -> dict[str, list[str]]:
        """Every row that belongs to a person."""
        return {name: rows for name, (_, rows) in (await self.stored(person)).items()}

    async def mailed_token(self, address: str) -> str:
        """The token in the latest mail to an address."""
        (*_, mail) = (one for one in await self.mails.fresh() if one.to == address)
        return mail.token


@dataclass
class Person:
    """Somebody with tokens, who can make records of every kind."""

    scene: Scene
    email: str
    tokens: dict[str, str]
    places: dict[str, str]
    """The ids of the organisation where they work, and of their membership there."""

    def __init__(self, scene: Scene, email: str) -> None:
        self.scene, self.email, self.tokens, self.places = scene, email, {}, {}

    @property
    def id(self) -> str:
        return self.tokens["account_id"]

    @property
    def known(self) -> dict[str, str]:
        """The ids of records that no operation of theirs makes, and tokens, by their names."""
        return {**self.places, **self.tokens}

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def sign_in(self) -> "Person":
        """Begin one more session, whose tokens are used from now on."""
        answer = await self.scene.anyone.post(
            "/v1/sessions", json={"email": self.email, "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
        self.tokens = answer.json()
        return self

    async def send(self, request: Request, **headers: str) -> httpx.Response:
        """Send a request with this person's token, unless the operation is public."""
        credentials = {} if request.operation.is_public else self.authorization
        return await request.send(self.scene.anyone, {**credentials, **headers})

    async def make(self, collection: str | None, name: str) -> str:
        """The id of a fresh record of this person, made by the request the contract asks for."""
        if name in self.known:
            return self.known[name]
        operation = creator(collection) if collection else None
        assert operation is not None, (
            f"no POST {collection or 'at all'} makes the record that `{name}` names: "
            "say in tests/contract/scene.py where its id comes from"
        )
        answer = await self.send(await good_request(operation, self))
        assert answer.status_code == 201, f"{operation}: {answer.text}"
        return str(answer.json()["id"])

    async def stock(self) -> None:
        """Own at least two records of every kind."""
        for name, collection in collections().items():
            for _ in range(2):
                await self.make(collection, name)
        for _ in range(2):
            await self.be_looked_at()

    async def be_looked_at(self) -> None:
        """Have one more entry in the access log, as if somebody acted for this person."""
        database: Database = self.scene.app.state.database
        organization = UUID(self.places["organization_id"])
        async with database.write() as transaction:
            transaction.enter(UUID(self.id))
            await transaction.execute(
                insert(table_of(AccessEntry)),
                {
                    "owner_id": UUID(self.id),
                    "id": uuid4(),
                    "occurred_at": database.clock.now(),
                    "actor_kind": ActorKind.MEMBER,
                    "actor_id": uuid4(),
                    "actor_name": "A sample coach",
                    "organization_id": organization,
                    "organization_name": "Example Career Service",
                    "client": None,
                    "grant_id": uuid4(),
                    "category": ConsentCategory.PLANS,
                    "access": ConsentAccess.WRITE,
                    "operation": "update_recovery_step",
                },
            )


def _client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url="http://rebound.test")
