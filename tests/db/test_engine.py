"""One engine, two databases, three modes; and what the engine refuses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, exc, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import Mode, connect, create_engine, is_temporary

METADATA = MetaData()
NOTES = Table("notes", METADATA, Column("id", Integer, primary_key=True))
COUNT = select(func.count()).select_from(NOTES)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def engine(postgres_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(postgres_url, statement_timeout_s=0.5, lock_timeout_s=0.2)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield engine
    await engine.dispose()


async def add(engine: AsyncEngine, note_id: int) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        await connection.execute(insert(NOTES), {"id": note_id})
        await connection.commit()


def connect_arguments(engine: AsyncEngine) -> dict[str, Any]:
    """What the driver would be called with."""
    found: dict[str, Any] = {}

    class StopError(Exception):
        pass

    def look(_dialect: object, _record: object, _arguments: object, options: Any) -> None:
        found.update(options)
        raise StopError

    event.listen(engine.sync_engine, "do_connect", look)
    with pytest.raises(StopError):
        engine.sync_engine.raw_connection()
    return found


# URLs


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@host/name",
        "postgresql+psycopg://user:secret@host/name",
        "not a url with a secret",
        "sqlite:///file.db?mode=secret",
        "postgresql://user:secret@host/name?options=-csearch_path",
        "",
    ],
)
def test_other_urls_are_refused_in_one_sentence_that_keeps_the_secret(url: str) -> None:
    with pytest.raises(
        ValueError, match=r"^The database URL|^A SQLite URL|^The PostgreSQL URL"
    ) as refused:
        create_engine(url)
    message = str(refused.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "secret" not in message


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_ways_to_spell_postgresql_are_one(scheme: str) -> None:
    engine = create_engine(f"{scheme}://user:pass@host:5433/name")
    assert engine.dialect.driver == "asyncpg"
    options = connect_arguments(engine)
    assert {name: options[name] for name in ("host", "port", "user", "password", "database")} == {
        "host": "host",
        "port": 5433,
        "user": "user",
        "password": "pass",
        "database": "name",
    }
    assert "dsn" not in options


def test_tls_settings_of_the_url_reach_the_driver() -> None:
    engine = create_engine(
        "postgresql://user@host/name?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=w1"
    )
    options = connect_arguments(engine)
    assert options["dsn"] == "postgresql://?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
    assert options["host"] == "host"
    assert options["server_settings"]["application_name"] == "w1"


@pytest.mark.anyio
async def test_a_url_may_forbid_tls(postgres_url: str) -> None:
    engine = create_engine(f"{postgres_url}?sslmode=disable")
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        tls = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert await connection.scalar(text(tls)) is False
    await engine.dispose()


@pytest.mark.anyio
async def test_connect_asks_for_an_engine_of_ours(engine: AsyncEngine) -> None:
    view = engine.execution_options(anything=True)
    with pytest.raises(TypeError, match="create_engine"):
        _ = await connect(view, Mode.READ)


# The modes on PostgreSQL


@pytest.mark.parametrize(
    ("mode", "isolation", "read_only", "same_transaction"),
    [
        (Mode.READ, "read committed", "off", False),
        (Mode.WRITE, "read committed", "off", True),
        (Mode.SNAPSHOT, "repeatable read", "on", True),
    ],
)
@pytest.mark.anyio
async def test_each_mode_has_its_transaction(
    engine: AsyncEngine, mode: Mode, isolation: str, read_only: str, same_transaction: bool
) -> None:
    # Twice, because the second connection is the first one taken out of the pool again.
    for _ in range(2):
        async with aclosing(await connect(engine, mode)) as connection:
            assert await connection.scalar(text("SHOW transaction_isolation")) == isolation
            assert await connection.scalar(text("SHOW transaction_read_only")) == read_only
            starts = [await connection.scalar(text("SELECT now()")) for _ in range(2)]
            assert (starts[0] == starts[1]) is same_transaction


@pytest.mark.anyio
async def test_with_row_security_a_read_has_a_transaction_too(postgres_url: str) -> None:
    """Whom it has entered would be forgotten at once in autocommit."""
    engine = create_engine(postgres_url, pool_size=1, row_security=True)
    for _ in range(2):
        async with aclosing(await connect(engine, Mode.READ)) as connection:
            assert await connection.scalar(text("SELECT current_setting('a.b', true)")) in {
                None,
                "",
            }
            await connection.execute(text("SELECT set_config('a.b', 'kept', true)"))
            assert await connection.scalar(text("SELECT current_setting('a.b')")) == "kept"
            assert await connection.scalar(text("SHOW transaction_isolation")) == "read committed"
    await engine.dispose()


@pytest.mark.anyio
async def test_a_pooled_connection_forgets_the_mode_it_had(postgres_url: str) -> None:
    engine = create_engine(postgres_url, pool_size=1)
    expected = {Mode.READ: "read committed", Mode.SNAPSHOT: "repeatable read"}
    for mode in [Mode.SNAPSHOT, Mode.READ, Mode.WRITE, Mode.SNAPSHOT, Mode.WRITE]:
        async with aclosing(await connect(engine, mode)) as connection:
            found = await connection.scalar(text("SHOW transaction_isolation"))
            assert found == expected.get(mode, "read committed")
    await engine.dispose()


@pytest.mark.parametrize("row_security", [False, True])
@pytest.mark.anyio
async def test_a_snapshot_sees_one_moment_and_a_read_the_latest(
    engine: AsyncEngine, postgres_url: str, row_security: bool
) -> None:
    reader = create_engine(postgres_url, row_security=row_security)
    async with (
        aclosing(await connect(engine, Mode.SNAPSHOT)) as snapshot,
        aclosing(await connect(reader, Mode.READ)) as read,
    ):
        assert await snapshot.scalar(COUNT) == await read.scalar(COUNT) == 0
        await add(engine, 1)
        assert await snapshot.scalar(COUNT) == 0
        assert await read.scalar(COUNT) == 1
    await reader.dispose()


@pytest.mark.parametrize("mode", [Mode.READ, Mode.SNAPSHOT])
@pytest.mark.anyio
async def test_changes_are_refused_where_only_reading_was_asked_for(
    engine: AsyncEngine, mode: Mode
) -> None:
    async with aclosing(await connect(engine, mode)) as connection:
        with pytest.raises(exc.InvalidRequestError, match=r"Mode\.WRITE"):
            await connection.execute(insert(NOTES), {"id": 1})
        assert await connection.scalar(COUNT) == 0


@pytest.mark.anyio
async def test_writers_on_postgresql_do_not_wait_for_each_other(engine: AsyncEngine) -> None:
    async with (
        aclosing(await connect(engine, Mode.WRITE)) as first,
        aclosing(await connect(engine, Mode.WRITE)) as second,
    ):
        await first.execute(insert(NOTES), {"id": 1})
        await second.execute(insert(NOTES), {"id": 2})
        await second.commit()
        await first.commit()
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(COUNT) == 2


@pytest.mark.anyio
async def test_the_session_settings_are_in_force(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        found = {
            name: await connection.scalar(text(f"SHOW {name}"))
            for name in (
                "application_name",
                "timezone",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
            )
        }
    assert found == {
        "application_name": "rebound",
        "timezone": "UTC",
        "statement_timeout": "500ms",
        "lock_timeout": "200ms",
        "idle_in_transaction_session_timeout": "15s",
    }


# What is temporary


@pytest.mark.anyio
async def test_connections_ended_by_the_server_are_replaced_without_an_error(
    engine: AsyncEngine,
) -> None:
    opened = [await connect(engine, Mode.READ) for _ in range(4)]
    for connection in opened:
        await connection.execute(COUNT)
    for connection in opened[1:]:
        await connection.close()
    await opened[0].execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    )
    await asyncio.sleep(0.1)
    for number in range(3):
        await add(engine, number)
    assert await opened[0].scalar(COUNT) == 3
    await opened[0].close()


@pytest.mark.anyio
async def test_a_connection_that_breaks_in_use_is_temporary_and_not_kept(
    engine: AsyncEngine,
) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        with pytest.raises(exc.DBAPIError) as caught:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert is_temporary(caught.value)
    await add(engine, 1)


@pytest.mark.anyio
async def test_a_statement_timeout_is_temporary(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        with pytest.raises(exc.DBAPIError, match="statement timeout") as caught:
            await connection.execute(text("SELECT pg_sleep(5)"))
        assert is_temporary(caught.value)


@pytest.mark.anyio
async def test_a_lock_timeout_is_temporary(engine: AsyncEngine) -> None:
    async with (
        aclosing(await connect(engine, Mode.WRITE)) as first,
        aclosing(await connect(engine, Mode.WRITE)) as second,
    ):
        await first.execute(insert(NOTES), {"id": 1})
        with pytest.raises(exc.DBAPIError, match="lock timeout") as caught:
            await second.execute(insert(NOTES), {"id": 1})
        assert is_temporary(caught.value)


@pytest.mark.anyio
async def test_a_server_that_does_not_answer_is_temporary() -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    engine = create_engine(f"postgresql://user@127.0.0.1:{port}/name")
    with pytest.raises(OSError, match=str(port)) as caught:
        _ = await connect(engine, Mode.READ)
    assert is_temporary(caught.value)
    await engine.dispose()


@pytest.mark.anyio
async def test_a_full_pool_is_temporary(postgres_url: str) -> None:
    engine = create_engine(postgres_url, pool_size=1, pool_timeout_s=0.1)
    async with aclosing(await connect(engine, Mode.READ)):
        with pytest.raises(exc.TimeoutError) as caught:
            _ = await connect(engine, Mode.READ)
        assert is_temporary(caught.value)
    await engine.dispose()


@pytest.mark.anyio
async def test_a_broken_rule_is_not_temporary(engine: AsyncEngine) -> None:
    await add(engine, 1)
    with pytest.raises(exc.IntegrityError) as caught:
        await add(engine, 1)
    assert not is_temporary(caught.value)
    assert not is_temporary(ValueError())
    assert not is_temporary(FileNotFoundError())


@pytest.mark.anyio
async def test_cancelling_a_request_leaves_the_pool_usable(postgres_url: str) -> None:
    engine = create_engine(postgres_url, pool_size=1, pool_timeout_s=2)

    async def sleep() -> None:
        async with aclosing(await connect(engine, Mode.WRITE)) as connection:
            await connection.execute(text("SELECT pg_sleep(3)"))

    task = asyncio.create_task(sleep())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()
