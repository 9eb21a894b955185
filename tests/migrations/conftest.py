"""Databases that a test may rebuild as it likes."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import ENGINES, TEMPLATE
from tests.fixtures.postgres import PostgresServer, as_owner


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database that no other test uses, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "rebound.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite"))
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("migrated_postgres")
        name = f"t{uuid4().hex}"
        yield server.create_program_database(name, template=TEMPLATE)
        server.drop_database(name)


@pytest.fixture
def admin_url(database_url: str) -> str:
    """The same database, for the role that migrates it."""
    return as_owner(database_url) or database_url
