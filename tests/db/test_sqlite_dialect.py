"""The event loop keeps running, writers queue, and no accident leaves a connection half done."""

import asyncio
import gc
import os
import random
import sqlite3
import stat
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.exc import (
    IntegrityError,
    InvalidRequestError,
    OperationalError,
    SAWarning,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.engine import Mode, connect, create_engine, is_temporary
from app.db.sqlite.driver import (
    Connection,
    LockTimeoutError,
    StatementTimeoutError,
    TransactionLostError,
)

METADATA = MetaData()
PARENTS = Table("parents", METADATA, Column("id", Integer, primary_key=True))
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("text", String),
    Column("parent_id", ForeignKey("parents.id", deferrable=True, initially="DEFERRED")),
)
MAX_LAG_S = 0.1

HOLD_THE_WRITE_LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO notes (id) VALUES (999)")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rebound.db"


@asynccontextmanager
async def opened(path: Path, **settings: float) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite:///{path}", **settings)  # type: ignore[arg-type]  # Numbers only.
    try:
        async with engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
        yield engine
    finally:
        await engine.dispose()


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    async with opened(path) as engine:
        yield engine


@asynccontextmanager
async def another_process_writing(path: Path, seconds: float) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", HOLD_THE_WRITE_LOCK, str(path), str(seconds)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"locked\n"
    try:
        yield
    finally:
        assert await process.wait() == 0


class Lag:
    max_s = 0.0


@asynccontextmanager
async def measured_lag() -> AsyncIterator[Lag]:
    lag = Lag()

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.002)
            lag.max_s = max(lag.max_s, time.perf_counter() - before - 0.002)

    watcher = asyncio.create_task(watch())
    await asyncio.sleep(0)
    try:
        yield lag
        # The watcher notices a standstill only when it runs again.
        await asyncio.sleep(0.01)
    finally:
        watcher.cancel()


async def add(engine: AsyncEngine, note_id: int, *, hold_s: float = 0) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        await connection.execute(insert(NOTES), {"id": note_id, "text": "kept"})
        if hold_s:
            await asyncio.sleep(hold_s)
        await connection.commit()


async def ids(engine: AsyncEngine) -> list[int]:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        return list((await connection.execute(select(NOTES.c.id).order_by(NOTES.c.id))).scalars())


async def raw(connection: AsyncConnection) -> Connection:
    proxy = await connection.get_raw_connection()
    return cast("Connection", proxy.driver_connection)


def counting(rows: int):  # type: ignore[no-untyped-def]  # noqa: ANN201 -- a Select of one integer
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < rows))
    return select(func.max(numbers.c.n))


ENDLESS = (
    "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) "
    "SELECT max(n) FROM numbers"
)


COUNT_TO_1_500_000 = text(
    "WITH RECURSIVE numbers(n) AS "
    "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1500000) SELECT max(n) FROM numbers"
)


def assert_at_rest(engine: AsyncEngine) -> None:
    assert engine.sync_engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # A queue pool.


# The loop keeps running


@pytest.mark.anyio
async def test_readers_and_the_loop_go_on_while_another_process_writes(
    engine: AsyncEngine, path: Path
) -> None:
    reads = 0
    done = asyncio.Event()

    async def read() -> None:
        nonlocal reads
        while not done.is_set():
            assert 999 not in await ids(engine)
            reads += 1
            await asyncio.sleep(0.001)

    async with another_process_writing(path, 0.6), measured_lag() as lag:
        readers = [asyncio.create_task(read()) for _ in range(5)]
        started = time.perf_counter()
        await add(engine, 1)
        waited_s = time.perf_counter() - started
        done.set()
        await asyncio.gather(*readers)
    assert waited_s > 0.3
    assert reads > 50
    assert lag.max_s < MAX_LAG_S
    assert await ids(engine) == [1]


@pytest.mark.anyio
async def test_a_long_core_select_moves_to_a_thread_and_returns_its_rows(
    engine: AsyncEngine,
) -> None:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        async with measured_lag() as lag:
            started = time.perf_counter()
            highest = await connection.scalar(counting(1_500_000))
            took_s = time.perf_counter() - started
        assert highest == 1_500_000
    assert took_s > 0.12, "too quick to show anything"
    assert lag.max_s < MAX_LAG_S


@pytest.mark.anyio
async def test_an_offloaded_statement_leaves_the_loop_alone(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        async with measured_lag() as lag:
            rows = await connection.execute(COUNT_TO_1_500_000.execution_options(offload=True))
        assert rows.scalar_one() == 1_500_000
    assert lag.max_s < MAX_LAG_S


# Statements end in time


@pytest.mark.parametrize("offload", [False, True])
@pytest.mark.anyio
async def test_an_endless_statement_is_cancelled_and_the_connection_lives_on(
    path: Path, offload: bool
) -> None:
    async with opened(path, statement_timeout_s=0.2) as engine:
        async with aclosing(await connect(engine, Mode.READ)) as connection:
            started = time.perf_counter()
            with pytest.raises(OperationalError, match=r"statement timeout.*0\.2 s") as caught:
                await connection.execute(text(ENDLESS).execution_options(offload=offload))
            assert time.perf_counter() - started < 1
            assert isinstance(caught.value.orig, StatementTimeoutError)
            assert is_temporary(caught.value)
            assert await connection.scalar(select(literal(1))) == 1
        assert_at_rest(engine)


@pytest.mark.anyio
async def test_an_endless_core_select_is_cancelled_in_its_thread(path: Path) -> None:
    async with (
        opened(path, statement_timeout_s=0.3) as engine,
        measured_lag() as lag,
        aclosing(await connect(engine, Mode.READ)) as connection,
    ):
        with pytest.raises(OperationalError, match=r"statement timeout.*0\.3 s"):
            await connection.execute(counting(2**60))
    assert lag.max_s < MAX_LAG_S


@pytest.mark.anyio
async def test_after_a_cancelled_change_nothing_of_the_transaction_can_be_committed(
    path: Path,
) -> None:
    async with opened(path, statement_timeout_s=0.1) as engine:
        async with aclosing(await connect(engine, Mode.WRITE)) as connection:
            await connection.execute(insert(NOTES), {"id": 1})
            with pytest.raises(OperationalError, match="statement timeout"):
                await connection.execute(text(f"INSERT INTO notes (id) {ENDLESS}"))
            with pytest.raises(OperationalError) as next_statement:
                await connection.execute(insert(NOTES), {"id": 2})
            assert isinstance(next_statement.value.orig, TransactionLostError)
            with pytest.raises(OperationalError) as commit:
                await connection.commit()
            assert isinstance(commit.value.orig, TransactionLostError)
        assert await ids(engine) == []
        await add(engine, 3)
        assert await ids(engine) == [3]


# Writers queue


@pytest.mark.anyio
async def test_writers_take_turns_in_the_order_of_their_arrival(engine: AsyncEngine) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with aclosing(await connect(engine, Mode.WRITE)) as connection:
            await connection.execute(insert(NOTES), {"id": number})
            order.append(number)
            await asyncio.sleep(0.001)
            await connection.commit()

    await asyncio.gather(*(write(number) for number in range(30)))
    assert order == list(range(30))
    assert await ids(engine) == list(range(30))


@pytest.mark.anyio
async def test_waiting_writers_leave_the_pool_to_readers(path: Path) -> None:
    async with opened(path, pool_size=2, pool_timeout_s=0.2) as engine:
        first = asyncio.create_task(add(engine, 1, hold_s=0.3))
        others = [asyncio.create_task(add(engine, number)) for number in range(2, 8)]
        await asyncio.sleep(0.05)
        assert await ids(engine) == []
        await asyncio.gather(first, *others)
        assert await ids(engine) == list(range(1, 8))


@pytest.mark.anyio
async def test_a_writer_whose_turn_does_not_come_gives_up(path: Path) -> None:
    async with opened(path, lock_timeout_s=0.1) as engine:
        first = asyncio.create_task(add(engine, 1, hold_s=0.3))
        await asyncio.sleep(0.02)
        with pytest.raises(OperationalError, match="no turn to write within") as caught:
            _ = await connect(engine, Mode.WRITE)
        assert is_temporary(caught.value)
        await first
        await add(engine, 2)
        assert await ids(engine) == [1, 2]


@pytest.mark.anyio
async def test_a_writer_gives_up_when_another_process_keeps_the_lock(path: Path) -> None:
    async with opened(path, lock_timeout_s=0.1) as engine:
        async with another_process_writing(path, 0.5):
            with pytest.raises(OperationalError, match="database is locked") as caught:
                await add(engine, 1)
            assert isinstance(caught.value.orig, LockTimeoutError)
            assert is_temporary(caught.value)
        await add(engine, 2)
        assert await ids(engine) == [2]
        assert_at_rest(engine)


# Accidents leave nothing half done


@pytest.mark.anyio
async def test_cancelling_a_queued_writer_lets_the_next_one_through(engine: AsyncEngine) -> None:
    first = asyncio.create_task(add(engine, 1, hold_s=0.1))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(add(engine, 2))
    third = asyncio.create_task(add(engine, 3))
    await asyncio.sleep(0.02)
    second.cancel()
    await asyncio.gather(first, third)
    assert second.cancelled()
    assert await ids(engine) == [1, 3]
    assert_at_rest(engine)


@pytest.mark.anyio
async def test_cancelling_a_writer_that_waits_for_another_process_frees_its_turn(
    engine: AsyncEngine, path: Path
) -> None:
    async with another_process_writing(path, 0.3):
        writer = asyncio.create_task(add(engine, 1))
        await asyncio.sleep(0.05)
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
    assert_at_rest(engine)
    await add(engine, 2)
    assert await ids(engine) == [2]


@pytest.mark.anyio
async def test_cancelling_between_statements_rolls_back(engine: AsyncEngine) -> None:
    writer = asyncio.create_task(add(engine, 1, hold_s=10))
    await asyncio.sleep(0.05)
    writer.cancel()
    with suppress(asyncio.CancelledError):
        await writer
    assert_at_rest(engine)
    await add(engine, 2)
    assert await ids(engine) == [2]


@pytest.mark.anyio
async def test_cancelling_an_offloaded_statement_stops_it_before_the_connection_returns(
    engine: AsyncEngine,
) -> None:
    async def count() -> None:
        async with aclosing(await connect(engine, Mode.WRITE)) as connection:
            await connection.execute(insert(NOTES), {"id": 1})
            await connection.execute(text(ENDLESS).execution_options(offload=True))

    task = asyncio.create_task(count())
    await asyncio.sleep(0.1)
    started = time.perf_counter()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert time.perf_counter() - started < 1
    assert_at_rest(engine)
    await add(engine, 2)
    assert await ids(engine) == [2]


@pytest.mark.anyio
async def test_cancelling_a_commit_waits_for_its_end(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[str] = []

    def slow_commit(self: Connection) -> None:
        commits.append("begun")
        time.sleep(0.2)
        sqlite3.Connection.commit(self)
        commits.append("done")

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "commit", slow_commit)
        writer = asyncio.create_task(add(engine, 1))
        while not commits:  # noqa: ASYNC110 -- the commit runs in a thread and sets no event
            await asyncio.sleep(0.005)
        writer.cancel()
        await asyncio.sleep(0.02)
        # Once more, as a server that is shutting down does.
        writer.cancel()
        async with measured_lag() as lag:
            with suppress(asyncio.CancelledError):
                await writer
    assert writer.cancelled()
    assert commits == ["begun", "done"]
    assert lag.max_s < MAX_LAG_S
    assert_at_rest(engine)
    await add(engine, 2)
    assert await ids(engine) == [1, 2]


@pytest.mark.anyio
async def test_cancellations_at_any_moment_break_nothing(engine: AsyncEngine) -> None:
    moments = random.Random(7)  # noqa: S311 -- repeatable, not secret
    writers = [asyncio.create_task(add(engine, number)) for number in range(150)]
    readers = [asyncio.create_task(ids(engine)) for _ in range(150)]
    unfinished = [*writers, *readers]
    while unfinished:
        await asyncio.sleep(moments.uniform(0, 0.004))
        moments.choice(unfinished).cancel()
        unfinished = [task for task in unfinished if not task.done()]
    outcomes = await asyncio.gather(*writers, *readers, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert failures == []
    assert any(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
    assert_at_rest(engine)
    finished = {number for number, writer in enumerate(writers) if not writer.cancelled()}
    assert finished
    # A cancelled writer may have committed; one that returned has.
    assert finished <= set(await ids(engine))
    await add(engine, 1000)
    assert (await ids(engine))[-1] == 1000


@pytest.mark.anyio
async def test_a_commit_refused_by_a_deferred_constraint_leaves_nothing(
    engine: AsyncEngine,
) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        await connection.execute(insert(NOTES), {"id": 1, "parent_id": 77})
        with pytest.raises(IntegrityError):
            await connection.commit()
        assert not (await raw(connection)).in_transaction
        await connection.rollback()
        await connection.execute(insert(NOTES), {"id": 2})
        await connection.commit()
    assert await ids(engine) == [2]
    assert_at_rest(engine)


@pytest.mark.anyio
async def test_a_connection_whose_commit_was_refused_can_be_used_by_the_next_one(
    path: Path,
) -> None:
    async with opened(path, pool_size=1) as engine:
        async with aclosing(await connect(engine, Mode.WRITE)) as connection:
            await connection.execute(insert(NOTES), {"id": 1, "parent_id": 77})
            with pytest.raises(IntegrityError):
                await connection.commit()
        await add(engine, 2)
        assert await ids(engine) == [2]


@pytest.mark.anyio
async def test_an_invalidated_connection_is_replaced_and_its_turn_freed(
    engine: AsyncEngine,
) -> None:
    connection = await connect(engine, Mode.WRITE)
    await connection.execute(insert(NOTES), {"id": 1})
    await connection.invalidate()
    await connection.close()
    await add(engine, 2)
    assert await ids(engine) == [2]


@pytest.mark.anyio
async def test_a_forgotten_writer_is_rolled_back_and_its_turn_freed(engine: AsyncEngine) -> None:
    connection = await connect(engine, Mode.WRITE)
    await connection.execute(insert(NOTES), {"id": 1})
    del connection
    with pytest.warns(SAWarning, match="non-checked-in connection"):
        gc.collect()
    await add(engine, 2)
    assert await ids(engine) == [2]


# The modes


@pytest.mark.anyio
async def test_a_read_begins_no_transaction_and_each_statement_sees_the_latest(
    engine: AsyncEngine,
) -> None:
    count = select(func.count()).select_from(NOTES)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(count) == 0
        assert not (await raw(connection)).in_transaction
        await add(engine, 1)
        assert await connection.scalar(count) == 1


@pytest.mark.anyio
async def test_a_snapshot_sees_one_moment(engine: AsyncEngine) -> None:
    count = select(func.count()).select_from(NOTES)
    async with aclosing(await connect(engine, Mode.SNAPSHOT)) as connection:
        assert await connection.scalar(count) == 0
        await add(engine, 1)
        assert await connection.scalar(count) == 0
    assert await ids(engine) == [1]


@pytest.mark.anyio
async def test_a_write_begins_with_its_first_statement_and_holds_the_write_lock(
    engine: AsyncEngine, path: Path
) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        assert not (await raw(connection)).in_transaction
        await connection.execute(select(NOTES))
        assert (await raw(connection)).in_transaction
        with (
            sqlite3.connect(path, timeout=0) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.parametrize("mode", [Mode.READ, Mode.SNAPSHOT])
@pytest.mark.anyio
async def test_changes_are_refused_where_only_reading_was_asked_for(
    engine: AsyncEngine, mode: Mode
) -> None:
    async with aclosing(await connect(engine, mode)) as connection:
        with pytest.raises(InvalidRequestError, match=r"Mode\.WRITE"):
            await connection.execute(insert(NOTES), {"id": 1})
    assert await ids(engine) == []


@pytest.mark.anyio
async def test_a_pooled_connection_forgets_the_mode_it_had(path: Path) -> None:
    async with opened(path, pool_size=1) as engine:
        for mode, begun in [(Mode.READ, False), (Mode.WRITE, True), (Mode.SNAPSHOT, True)] * 2:
            async with aclosing(await connect(engine, mode)) as connection:
                await connection.execute(select(NOTES))
                assert (await raw(connection)).in_transaction is begun


@pytest.mark.anyio
async def test_a_savepoint_can_be_undone_alone(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        await connection.execute(insert(NOTES), {"id": 1})
        savepoint = await connection.begin_nested()
        await connection.execute(insert(NOTES), {"id": 2})
        await savepoint.rollback()
        await connection.commit()
    assert await ids(engine) == [1]


# The rest of what SQLAlchemy expects


@pytest.mark.anyio
async def test_rows_come_by_each_way_of_fetching(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        many = [{"id": number, "text": f"note {number}"} for number in range(1, 8)]
        await connection.execute(insert(NOTES), many)
        returned = await connection.execute(
            insert(NOTES).returning(NOTES.c.id), [{"id": 8}, {"id": 9}]
        )
        assert sorted(returned.scalars()) == [8, 9]
        await connection.commit()
        everything = select(NOTES.c.id).order_by(NOTES.c.id)
        result = await connection.execute(everything)
        assert result.fetchone() == (1,)
        assert result.fetchmany(2) == [(2,), (3,)]
        assert result.fetchall() == [(number,) for number in range(4, 10)]
        assert (await connection.execute(everything)).first() == (1,)
        async with connection.stream(everything) as stream:
            assert [row.id async for row in stream] == list(range(1, 10))
        assert (await connection.execute(NOTES.delete().where(NOTES.c.id > 5))).rowcount == 4


@pytest.mark.anyio
async def test_the_schema_can_be_inspected_and_dropped(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert names == ["notes", "parents"]
        await connection.run_sync(METADATA.drop_all)
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []


@pytest.mark.anyio
async def test_the_settings_of_each_connection_are_in_force(engine: AsyncEngine) -> None:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in (
                "journal_mode",
                "foreign_keys",
                "synchronous",
                "secure_delete",
                "temp_store",
            )
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
        "temp_store": 2,
    }


@pytest.mark.anyio
async def test_a_new_database_can_be_read_by_its_owner_only(path: Path) -> None:
    old_mask = os.umask(0)
    try:
        async with opened(path) as engine:
            await add(engine, 1)
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(old_mask)
    assert modes == {"rebound.db": 0o600, "rebound.db-wal": 0o600, "rebound.db-shm": 0o600}


@pytest.fixture
def shared_path(path: Path) -> Path:
    path.touch()
    path.chmod(0o640)
    return path


@pytest.mark.anyio
async def test_an_existing_database_keeps_its_mode(shared_path: Path) -> None:
    async with opened(shared_path) as engine:
        await add(engine, 1)
    assert stat.S_IMODE(os.stat(shared_path).st_mode) == 0o640  # noqa: PTH116 -- one stat


@pytest.mark.anyio
async def test_a_database_in_memory_is_one_database(path: Path) -> None:
    engine = create_engine("sqlite://")
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await asyncio.gather(*(add(engine, number) for number in range(5)))
    assert await ids(engine) == [0, 1, 2, 3, 4]
    await engine.dispose()
