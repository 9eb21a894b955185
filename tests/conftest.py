"""The parts every test may use: both engines, a clock that is set, a client, and people."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from alembic import command
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import delete, insert

from app.auth import tokens
from app.auth.models import AccessToken, Session
from app.db.base import Base, table_of
from app.db.revisions import BEGIN_HEAD
from app.db.schema_version import alembic_config
from app.db.transaction import Database
from app.domains.accounts.models import Account
from app.kit.clock import SetClock
from app.main import create_app
from app.settings import Settings
from tests.fixtures.live import demo_server
from tests.fixtures.postgres import PROGRAM_ROLE, PostgresServer, as_owner, start_postgres

pytest_plugins = ("tests.contract.tally",)

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
"""A Wednesday in winter time, three weeks before clocks change in Europe."""

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server for this test process."""
    with start_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> PostgresServer:
    """The server with one migrated database, from which each test gets its copy."""
    url = postgres.create_program_database(TEMPLATE)
    command.upgrade(alembic_config(as_owner(url), PROGRAM_ROLE), "head")
    return postgres


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "rebound.db"
    command.upgrade(alembic_config(f"sqlite:///{path}"), "head")
    return path.read_bytes()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    name = f"t{uuid4().hex}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def emptied_postgres(migrated_postgres: PostgresServer) -> Callable[[], str]:
    """Hands out one migrated database again and again, emptied; a changed one is made anew.

    Deleting rows takes a hundredth of the time that creating a database takes.
    """
    name = f"t{uuid4().hex}"
    url = migrated_postgres.create_program_database(name, template=TEMPLATE)
    anybody = migrated_postgres.url_of(name)
    schema = asyncio.run(emptied_schema(anybody))

    def empty() -> str:
        if asyncio.run(emptied_schema(anybody)) != schema:
            migrated_postgres.drop_database(name)
            migrated_postgres.create_database(name, template=TEMPLATE)
        return url

    return empty


UNCHANGED = """
    SELECT oid || relname || relrowsecurity || coalesce(relacl::text, '')
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT attrelid || attname || atttypid || atttypmod || attnotnull
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT oid || conname FROM pg_constraint
    UNION ALL SELECT oid || polname FROM pg_policy
"""
"""What changes with every change of the schema: whatever is made anew has another number."""


async def emptied_schema(url: str) -> set[str]:
    """Delete all rows, and tell of what the schema consists."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        found = {row[0] for row in await connection.fetch(UNCHANGED)}
        tables = reversed(Base.metadata.sorted_tables)
        await connection.execute("; ".join(str(delete(table)) for table in tables))
    except asyncpg.UndefinedTableError:
        return set()
    finally:
        await connection.close()
    return found


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database, on each engine in turn."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("emptied_postgres")()
        return url
    path = tmp_path / "rebound.db"
    path.write_bytes(request.getfixturevalue("migrated_sqlite"))
    return f"sqlite:///{path}"


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    """Settings a test wants otherwise; override it, or parametrize it indirectly."""
    return {}


@pytest.fixture
def settings(database_url: str, tmp_path: Path, changed_settings: dict[str, Any]) -> Settings:
    """The settings of the application under test; nothing comes from the environment."""
    assert not [name for name in os.environ if name.startswith("REBOUND_")]
    given: dict[str, Any] = {
        "database_url": database_url,
        "admin_database_url": as_owner(database_url),
        "secret_key": SecretStr("a secret of the tests, long enough"),
        "sqlite_synchronous": "NORMAL",
        "rate_limits": "off",
        "data_path": tmp_path,
        "log_level": "error",
        **changed_settings,
    }
    return Settings(_env_file=None, **given)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
async def app(settings: Settings, clock: SetClock) -> AsyncIterator[FastAPI]:
    """The whole application on a fresh database."""
    application = create_app(settings, clock)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous HTTP client of the application."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as http:
        yield http


@dataclass
class Person:
    """A signed-in person with a client of their own."""

    id: UUID
    token: str
    http: httpx.AsyncClient

    async def record_rejection(self, **fields: Any) -> dict[str, Any]:
        body = {"company_name": "Example GmbH", "stage": "interview", **fields}
        answer = await self.http.post("/v1/rejections", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


MakePerson = Callable[..., Awaitable[Person]]


@pytest.fixture
async def make_person(app: FastAPI, database: Database) -> AsyncIterator[MakePerson]:
    """Makes people without the cost of hashing a password; profile fields may be given."""
    clients: list[httpx.AsyncClient] = []

    async def make(**profile: Any) -> Person:
        owner_id, session_id = uuid4(), uuid4()
        token = tokens.new_token(tokens.ACCESS)
        now = database.clock.now()
        later = now + timedelta(days=365)
        email = f"{owner_id.hex}@example.com"
        async with database.write() as transaction:
            transaction.enter(owner_id)
            await transaction.execute(
                insert(table_of(Account)),
                {
                    "id": owner_id,
                    "email": email,
                    "email_key": email,
                    "email_verified_at": None,
                    "password_hash": "none: this person never signs in with one",
                    "display_name": None,
                    "locale": "en",
                    "time_zone": "Europe/Berlin",
                    "country": None,
                    "pause_hours": 48,
                    "allow_during_pause": True,
                    "quiet_hours": None,
                    "wellbeing_tracking": True,
                    "wellbeing_tracking_set_at": now,
                    "values": [],
                    "next_actions_per_day": 3,
                    "created_at": now,
                    "updated_at": now,
                    "revision": 1,
                    **profile,
                },
            )
            await transaction.execute(BEGIN_HEAD, {"owner_id": owner_id, "revision": 1})
            await transaction.execute(
                insert(table_of(Session)),
                {
                    "owner_id": owner_id,
                    "id": session_id,
                    "client": "tests",
                    "created_at": now,
                    "last_used_at": now,
                    "expires_at": later,
                },
            )
            await transaction.execute(
                insert(table_of(AccessToken)),
                {
                    "token_hash": token.digest,
                    "owner_id": owner_id,
                    "session_id": session_id,
                    "signed_in_at": now,
                    "expires_at": later,
                },
            )
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        http = httpx.AsyncClient(
            transport=transport,
            base_url="http://rebound.test",
            headers={"Authorization": f"Bearer {token.text}"},
        )
        clients.append(http)
        return Person(owner_id, token.text, http)

    yield make
    for http in clients:
        await http.aclose()


@pytest.fixture(scope="session")
def live_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """The base URL of a running `rebound demo`, and what it printed."""
    with demo_server(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="session")
def live_server(live_demo: tuple[str, dict[str, str]]) -> str:
    """The base URL of a running `rebound demo`."""
    return live_demo[0]


@pytest.fixture(scope="session")
def printed(live_demo: tuple[str, dict[str, str]]) -> dict[str, str]:
    """What that `rebound demo` printed: `token`, `account`, `organization`, `key`."""
    return live_demo[1]


@pytest.fixture
async def person(make_person: MakePerson) -> Person:
    """Somebody who tracks how they are, lives in Berlin and pauses for 48 hours."""
    return await make_person()


@pytest.fixture
async def stranger(make_person: MakePerson) -> Person:
    """Somebody else."""
    return await make_person()
