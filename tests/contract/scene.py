"""People on a running application of one engine, and their records, made by the contract."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
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
from app.domains.webhooks.service.dispatch import dispatch_facts
from app.kit.clock import SetClock
from app.mail import Mailer
from app.main import create_app
from app.settings import Settings
from tests.contract.document import by_id, collections, creator
from tests.contract.requests import PASSWORD, Request, chosen_by_chance, good_request
from tests.domains.accounts.conftest import Mails
from tests.domains.organizing import (
    Account,
    add_client,
    add_member,
    give_grant,
    make_organization,
)
from tests.fixtures.postgres import as_owner

PLENTY = 1_000_000
ROWS = 12


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
            json={"wellbeing_tracking": True, "display_name": f"Sam {person.word}"},
            headers={**person.authorization, "If-Match": "*"},
        )
        assert answer.status_code == 200, answer.text
        return person

    @cached_property
    def database(self) -> Database:
        """The application's own."""
        found: Database = self.app.state.database
        return found

    def ahead(self, days: int = 60) -> str:
        """A time to come."""
        return (self.database.clock.now() + timedelta(days=days)).isoformat().replace("+00:00", "Z")

    async def organize(self, person: "Person", *, is_test: bool = False) -> str:
        """The id of a new organisation that this person runs, and that accompanies them alone."""
        organization = await make_organization(self.database, is_test=is_test)
        await add_member(self.database, organization, person.account, OrganizationRole.ADMIN)
        await add_client(self.database, organization, person.account)
        return str(organization)

    async def client_of(self, organization_id: str) -> "Person":
        """Somebody new whom an organisation accompanies, and who trusts it."""
        client, organization = await self.person(), UUID(organization_id)
        await add_client(self.database, organization, client.account)
        await give_grant(
            self.database,
            organization,
            client.account,
            access=ConsentAccess.WRITE,
            # It still counts for a server whose clock shows the real time.
            expires_at=self.database.clock.now() + timedelta(days=10_000),
        )
        return client

    async def invitation(self) -> str:
        """A token by which somebody can join an organisation; a test organisation tells it."""
        admin = await self.person()
        organization = await self.organize(admin, is_test=True)
        answer = await self.anyone.post(
            f"/v1/organizations/{organization}/invitations",
            json={"email": f"{chosen_by_chance()}@example.com", "kind": "client"},
            headers=admin.authorization,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    async def stored(self, *people: "Person") -> dict[str, tuple[int, list[str]]]:
        """For every table the number of its rows, and in full those that belong to some people."""
        owners = [UUID(person.id) for person in people]
        found = {}
        async with self.database.read(everyone=True) as transaction:
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
    """Somebody with tokens, who can make records of every kind.

    `word` stands in the texts of those records and nowhere else.
    """

    scene: Scene
    email: str
    tokens: dict[str, str]
    word: str
    runs: str | None
    """The id of their organisation, once one was asked for."""

    def __init__(self, scene: Scene, email: str) -> None:
        self.scene, self.email, self.tokens = scene, email, {}
        self.word, self.runs = chosen_by_chance()[:12], None

    @property
    def id(self) -> str:
        return self.tokens["account_id"]

    @property
    def account(self) -> Account:
        """The person as `tests.domains.organizing` knows people."""
        return Account(UUID(self.id))

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
        match name:
            case "organization_id":
                return await self.organization()
            case "account_id" | "account_ids":
                return (await self.scene.client_of(await self.organization())).id
            case "job_id":
                return await self._job()
            case _ if name in self.tokens:
                return self.tokens[name]
            case _:
                return await self._create(collection, name)

    async def _create(self, collection: str | None, name: str) -> str:
        operation = creator(collection) if collection else None
        assert operation is not None, (
            f"no POST {collection or 'at all'} makes the record that `{name}` names: "
            "say in tests/contract/scene.py where its id comes from"
        )
        answer = await self.send(await good_request(operation, self))
        assert answer.status_code == 201, f"{operation}: {answer.text}"
        return str(answer.json()["id"])

    async def organization(self) -> str:
        """The id of the organisation that this person runs."""
        if self.runs is None:
            self.runs = await self.scene.organize(self)
        return self.runs

    async def _job(self) -> str:
        """A job of this person's organisation: inviting a few people."""
        operation = by_id("invite_batch")
        request = await good_request(operation, self)
        others = [await good_request(operation, self) for _ in range(ROWS - 1)]
        rows = [row for one in (request, *others) for row in one.body["invitations"]]
        answer = await self.send(replace(request, body={"invitations": rows}))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    async def wait(self) -> None:
        """Let time pass: a job has all its rows from the beginning."""

    async def accompany(self) -> None:
        """Have one more client."""
        await self.scene.client_of(await self.organization())

    async def be_told(self) -> None:
        """Hear of one more thing that a client did."""
        client = await self.scene.client_of(await self.organization())
        await client.make("/v1/rejections", "rejection_id")
        await dispatch_facts(self.scene.database)

    async def stock(self) -> None:
        """Own at least two records of every kind."""
        for name, collection in collections().items():
            for _ in range(2):
                await self.make(collection, name)
        for _ in range(2):
            await self.be_looked_at()

    async def be_looked_at(self) -> None:
        """Have one more entry in the access log, as if somebody acted for this person."""
        database, organization = self.scene.database, UUID(await self.organization())
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
