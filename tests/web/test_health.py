"""Alive is not ready: what load balancers are told, and when."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import create_engine
from app.db.jobs import HEARTBEAT_LOST_AFTER, run_due, schedule
from app.db.transaction import Database
from app.kit.clock import SetClock
from app.main import create_app, jobs
from app.settings import Settings
from tests.conftest import TEMPLATE
from tests.fixtures.postgres import PostgresServer, as_owner


async def check(client: httpx.AsyncClient, status: int, told: str | None = None) -> None:
    alive, ready = await client.get("/healthz"), await client.get("/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert ready.status_code == status, ready.text
    assert ready.headers["Cache-Control"] == "no-store"
    if status == 503:
        assert ready.json()["type"] == "/problems/unavailable"
        assert int(ready.headers["Retry-After"]) >= 1
    if told is not None:
        assert told in ready.json()["detail"]


@pytest.mark.parametrize("changed_settings", [{"worker": "none"}, {"worker": "inside"}])
async def test_a_migrated_database_is_enough_without_a_worker_beside(
    client: httpx.AsyncClient,
) -> None:
    await check(client, 200)


@pytest.mark.parametrize("changed_settings", [{"worker": "external"}])
async def test_a_worker_beside_must_have_run_within_the_last_minute(
    client: httpx.AsyncClient, database: Database, clock: SetClock
) -> None:
    await check(client, 503, "worker")
    await schedule(database, jobs())
    await run_due(database, jobs())
    await check(client, 200)
    clock.advance(HEARTBEAT_LOST_AFTER)
    await check(client, 503, "worker")


@asynccontextmanager
async def migrating(settings: Settings) -> AsyncIterator[AsyncConnection]:
    """A transaction of the role that migrates."""
    engine = create_engine(settings.admin_database_url or settings.database_url)
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


async def test_a_database_of_another_version_is_not_ready(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    for statement in ("UPDATE alembic_version SET version_num = 'x'", "DROP TABLE alembic_version"):
        async with migrating(settings) as connection:
            await connection.execute(text(statement))
        await check(client, 503, "migrated")


class Line:
    """A line between the program and its database that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self.server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        self.server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self.server is not None
        self.server.close()
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        self.writers |= {writer, far_writer}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        self.writers -= {writer, far_writer}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
        writer.close()


@pytest.fixture
def postgres_only_url(migrated_postgres: PostgresServer) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database: the other engine is a file, always within reach."""
    name = f"t{uuid4().hex}"
    yield migrated_postgres.create_program_database(name, template=TEMPLATE)
    migrated_postgres.drop_database(name)


@pytest.fixture
async def line(postgres_only_url: str) -> AsyncIterator[Line]:
    parts = urlsplit(postgres_only_url)
    assert parts.hostname
    assert parts.port
    line = Line(parts.hostname, parts.port)
    await line.mend()
    yield line
    await line.cut()


async def test_a_database_out_of_reach_is_503_at_once_and_all_is_well_when_it_is_back(
    line: Line, postgres_only_url: str, clock: SetClock
) -> None:
    parts = urlsplit(postgres_only_url)
    database_url = parts._replace(netloc=f"{parts.username}@127.0.0.1:{line.port}").geturl()
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        admin_database_url=as_owner(database_url),
        secret_key=SecretStr("a secret of the tests, long enough"),
        rate_limits="off",
        log_level="error",
        pool_timeout_seconds=1,
        statement_timeout_seconds=0.5,
    )
    app: FastAPI = create_app(settings, clock)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as client,
    ):
        body = {"email": "a@example.com", "password": "something quite long"}
        for _ in range(2):
            await check(client, 200)
            await line.cut()
            began = time.monotonic()
            for _ in range(3):
                await check(client, 503)
            refused = await client.post("/v1/sessions", json=body)
            assert refused.status_code == 503
            assert refused.headers["Retry-After"]
            assert time.monotonic() - began < 5
            await line.mend()
            await check(client, 200)
