"""An application that is only looked at, and servers that run as processes of their own."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from app.web.observing import configure_logging
from tests.conftest import ENGINES, TEMPLATE
from tests.fixtures.live import live_server
from tests.fixtures.postgres import PostgresServer

BODY_TIMEOUT_S = 2.0


@pytest.fixture(scope="session")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application, to be looked at; its database is never opened."""
    path = tmp_path_factory.mktemp("any") / "none.db"
    secret = SecretStr("a secret of the tests, long enough")
    settings = Settings(
        _env_file=None, database_url=f"sqlite:///{path}", secret_key=secret, rate_limits="off"
    )
    configure_logging("error")
    return create_app(settings)


@pytest.fixture
async def any_client(any_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that is asked nothing about stored data."""
    transport = httpx.ASGITransport(any_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as http:
        yield http


@dataclass(frozen=True)
class Live:
    """A running server."""

    base_url: str
    process: "subprocess.Popen[bytes]"
    folder: Path

    @property
    def port(self) -> int:
        return int(self.base_url.rpartition(":")[2])


@pytest.fixture(scope="module", params=ENGINES)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """A server with one database connection, which waits two seconds for bodies; on each engine."""
    folder = tmp_path_factory.mktemp("live")
    settings = {"pool_size": "1", "body_timeout_seconds": str(BODY_TIMEOUT_S)}
    if request.param == "sqlite":
        (folder / "rebound.db").write_bytes(request.getfixturevalue("migrated_sqlite"))
        with live_server(folder, f"sqlite:///{folder}/rebound.db", **settings) as (url, process):
            yield Live(url, process, folder)
    else:
        postgres: PostgresServer = request.getfixturevalue("migrated_postgres")
        name = f"t{uuid4().hex}"
        database_url = postgres.create_program_database(name, template=TEMPLATE)
        with live_server(folder, database_url, **settings) as (url, process):
            yield Live(url, process, folder)
        postgres.drop_database(name)
