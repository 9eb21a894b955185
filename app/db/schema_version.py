"""Which revision of the schema a database has, and the one this program wants."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, inspect, select, table
from sqlalchemy.exc import DBAPIError

from app.db.engine import create_engine, is_temporary
from app.db.transaction import Transaction

ROOT = Path(__file__).resolve().parents[2]
_CURRENT = select(table("alembic_version", column("version_num")).c.version_num)


def alembic_config(database_url: str | None = None, restricted_role: str | None = None) -> Config:
    """Alembic's configuration, for the given database and the role held to row security there."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["restricted_role"] = restricted_role
    if database_url is not None:
        # Not `set_main_option`: a per cent sign in a password would be interpolated.
        config.attributes["database_url"] = database_url
    return config


@cache
def head() -> str:
    """The newest revision in `migrations/versions`."""
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if found is None:
        raise RuntimeError("there are no migrations")
    return found


async def table_names(database_url: str) -> set[str]:
    """The tables that a database has, in whatever revision it is."""
    engine = create_engine(database_url)
    try:
        async with engine.connect() as connection:
            return set(await connection.run_sync(lambda one: inspect(one).get_table_names()))
    finally:
        await engine.dispose()


async def at_head(transaction: Transaction) -> bool:
    """Whether the database has the schema this program was written for."""
    try:
        return (await transaction.execute(_CURRENT)).scalar_one_or_none() == head()
    except DBAPIError as error:
        if is_temporary(error):
            raise
        return False  # There is no table of versions yet.
