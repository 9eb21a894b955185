"""Runs migrations on the database of the settings, or the one in `config.attributes`."""

import asyncio
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

import app.auth.models
import app.db.deletion
import app.db.events
import app.db.idempotency
import app.db.jobs
import app.db.revisions
import app.domains
from app.db import types
from app.db.base import Base
from app.db.engine import create_engine
from app.db.row_security import protect
from app.settings import Settings

MIGRATION_TIMEOUT_S = 3600.0
MIGRATION_LOCK = 7_236_801
"""Any number, as long as every version of the program uses the same."""

for room in iter_modules(app.domains.__path__, "app.domains."):
    try:
        import_module(f"{room.name}.models")
    except ModuleNotFoundError as missing:
        if missing.name != f"{room.name}.models":
            raise


def run(connection: Connection, restricted_role: str | None) -> None:
    """Migrate within one transaction, and let row security follow.

    On SQLite foreign keys are off meanwhile and checked before the commit: with them on, rebuilding
    a table deletes the rows that refer to it, without a word.
    """
    if connection.dialect.name == "postgresql":
        # Several processes may start at once; SQLite has BEGIN IMMEDIATE for that.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=types.render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        # Alembic believes that SQLite commits at each change of the schema. Our dialect begins
        # transactions itself, so that a migration that fails is undone as a whole there too.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(
                    f"the migration left {len(broken)} rows without what they refer to"
                )
        if restricted_role is not None:
            protect(connection, restricted_role)


async def run_on(engine: AsyncEngine, restricted_role: str | None) -> None:
    """Open the one connection that the migration uses."""
    try:
        async with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # Past SQLAlchemy, because the pragma does nothing inside a transaction.
                raw = await connection.get_raw_connection()
                driver: Any = raw.driver_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            await connection.run_sync(run, restricted_role)
            await connection.commit()
    finally:
        await engine.dispose()


async def main() -> None:
    given = context.config.attributes
    url, restricted_role = given.get("database_url"), given.get("restricted_role")
    if url is None:
        settings = Settings()
        url = settings.admin_database_url or settings.database_url
        restricted_role = settings.restricted_role
    engine = create_engine(url, statement_timeout_s=MIGRATION_TIMEOUT_S, lock_timeout_s=60.0)
    await run_on(engine, restricted_role)


def run_migrations() -> None:
    """Start a loop of our own, whether or not the caller has one."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given, context.config.attributes.get("restricted_role"))
    else:
        asyncio.run(main())


run_migrations()
