"""The scenes that all tests from the contract share, one on each engine."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from app.kit.clock import SetClock
from tests.conftest import NOON, TEMPLATE
from tests.contract import tally
from tests.contract.scene import Scene
from tests.fixtures.postgres import PostgresServer


def pytest_configure(config: pytest.Config) -> None:
    tally.pytest_configure(config)


@pytest.fixture(scope="session")
async def scenes(
    migrated_sqlite: bytes,
    migrated_postgres: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Scene, ...]]:
    """The application on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "rebound.db").write_bytes(migrated_sqlite)
    urls = {
        "sqlite": f"sqlite:///{folder}/rebound.db",
        "postgresql": migrated_postgres.create_program_database("contract", template=TEMPLATE),
    }
    async with AsyncExitStack() as stack:
        yield tuple(
            [
                await stack.enter_async_context(
                    Scene.of(engine, url, folder / engine, SetClock(NOON))
                )
                for engine, url in urls.items()
            ]
        )
    migrated_postgres.drop_database("contract")
