"""One engine for both databases, and the three ways to use it: read, write, snapshot.

How the modes are spelt on each database:

| mode     | SQLite            | PostgreSQL                    |
|----------|-------------------|-------------------------------|
| READ     | no BEGIN          | autocommit, no BEGIN (*)      |
| WRITE    | BEGIN IMMEDIATE   | READ COMMITTED                |
| SNAPSHOT | BEGIN DEFERRED    | REPEATABLE READ, READ ONLY    |

(*) With row security READ COMMITTED: whom a transaction has entered lasts as long as it does.

BEGIN is sent together with the first statement, never by `connect` itself: a connection that is
opened and not used costs no round trip, and one in autocommit costs one per statement.
"""

from __future__ import annotations

import asyncio
import enum
import socket
import sqlite3
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlencode

import msgspec
from sqlalchemy import event, exc, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.db.sqlite import dialect  # Registers itself.
from app.db.sqlite.driver import LockTimeoutError, StatementTimeoutError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL
    from sqlalchemy.engine import Engine as SyncEngine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_SQLITE_NAMES: Final = frozenset({"sqlite", "sqlite+inline"})
_POSTGRES_NAMES: Final = frozenset({"postgres", "postgresql", "postgresql+asyncpg"})
# What asyncpg understands in a URL besides host, user, password and database.
_POSTGRES_URL_SETTINGS: Final = frozenset(
    {
        "host",
        "port",
        "passfile",
        "sslmode",
        "sslcert",
        "sslkey",
        "sslrootcert",
        "sslcrl",
        "sslpassword",
        "sslnegotiation",
        "ssl_min_protocol_version",
        "ssl_max_protocol_version",
        "target_session_attrs",
    }
)
_IDLE_IN_TRANSACTION_S: Final = 15.0
# The client gives up only after the server should have: this is for a server that went silent.
_SILENT_SERVER_EXTRA_S: Final = 5.0
# Middle boxes drop connections that have lived long without telling either side.
_CONNECTION_LIFE_S: Final = 1800
_COMPILED_STATEMENTS_KEPT: Final = 1500
_WRITER_TURN: Final = "writer_turn"

# SQLSTATE codes after which the same request may succeed unchanged: too many connections, the
# server is stopping, starting or unreachable (class 08), serialization failure, deadlock, lock
# timeout, statement or idle timeout.
_TEMPORARY_SQLSTATES: Final = frozenset(
    {"53300", "57P01", "57P02", "57P03", "40001", "40P01", "55P03", "57014", "25P03"}
)


class Mode(enum.Enum):
    """What a connection is opened for."""

    READ = "read"
    WRITE = "write"
    SNAPSHOT = "snapshot"


class WriterQueue:
    """Lets one writer at a time through, in the order of arrival.

    SQLite has one writer anyway; queueing here wakes the next one at once, where asking the
    database again and again would let the lucky one through. Waiting takes `timeout_s` at most.
    """

    __slots__ = ("_lock", "_loop", "_timeout_s")

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()

    async def take_turn(self) -> asyncio.Lock:
        """Wait for the turn and return the lock to release; raises OperationalError when late."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            # An asyncio lock belongs to one loop; an engine may see a second one in tests.
            self._loop, self._lock = loop, asyncio.Lock()
        lock = self._lock
        try:
            async with asyncio.timeout(self._timeout_s):
                await lock.acquire()
        except TimeoutError as error:
            message = f"lock timeout: no turn to write within {self._timeout_s:g} s"
            raise exc.OperationalError(
                "BEGIN IMMEDIATE", None, LockTimeoutError(message)
            ) from error
        return lock


class ModalEngine(AsyncEngine):
    """An AsyncEngine that knows its modes; used on its own it is in WRITE mode."""

    __slots__ = ("_modes", "_writers", "row_security")

    def __init__(
        self, sync_engine: SyncEngine, writers: WriterQueue | None, *, row_security: bool = False
    ) -> None:
        super().__init__(sync_engine)
        self.row_security = row_security
        read = self.execution_options(
            isolation_level="READ COMMITTED" if row_security else "AUTOCOMMIT"
        )
        snapshot = self.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        for engine in (read, snapshot):
            event.listen(engine.sync_engine, "before_cursor_execute", _refuse_changes)
        self._modes = {Mode.READ: read, Mode.WRITE: self, Mode.SNAPSHOT: snapshot}
        self._writers = writers

    async def connect_for(self, mode: Mode) -> AsyncConnection:
        """Return a started connection in `mode`; see `connect`."""
        turn: asyncio.Lock | None = None
        if mode is Mode.WRITE and self._writers is not None:
            # The turn comes before the pool, so that waiting writers hold no connection that a
            # reader could use.
            turn = await self._writers.take_turn()
        try:
            connection = await self._modes[mode].connect()
        except BaseException:
            if turn is not None:
                turn.release()
            raise
        if turn is not None:
            connection.info[_WRITER_TURN] = turn
        return connection


async def connect(engine: AsyncEngine, mode: Mode) -> AsyncConnection:
    """Return a started connection in `mode`, whose transaction begins with its first statement.

    The caller closes it (`async with contextlib.aclosing(await connect(...)) as connection`);
    closing rolls back what was not committed. On SQLite a WRITE connection has its turn among
    this process's writers until it is closed. A Core INSERT, UPDATE or DELETE on a READ or
    SNAPSHOT connection raises `sqlalchemy.exc.InvalidRequestError`.

    Raises `sqlalchemy.exc.TimeoutError` when no pooled connection becomes free in time, and
    `sqlalchemy.exc.OperationalError` when the turn to write doesn't come in time. See
    `is_temporary`.
    """
    if not isinstance(engine, ModalEngine):
        raise TypeError("connect() needs an engine made by app.db.engine.create_engine")
    return await engine.connect_for(mode)


def create_engine(  # noqa: PLR0913 -- each argument is one setting, all by name
    url: str,
    *,
    pool_size: int = 10,
    pool_timeout_s: float = 10.0,
    statement_timeout_s: float = 5.0,
    lock_timeout_s: float = 3.0,
    sqlite_synchronous: Literal["FULL", "NORMAL"] = "FULL",
    row_security: bool = False,
) -> ModalEngine:
    """Return an engine for a `sqlite:///` or `postgresql://` URL; nothing is connected yet.

    All times are seconds. `statement_timeout_s` limits one statement, `lock_timeout_s` the wait
    for another transaction, `pool_timeout_s` the wait for one of `pool_size` connections.
    `sqlite_synchronous` NORMAL can lose the last commits when the power fails, never more.
    `row_security` says that PostgreSQL holds the URL's role to it (`app.db.row_security`).

    Raises ValueError for any other URL and for URL settings that would be ignored.
    """
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        # The cause would quote the URL, and with it the password.
        raise ValueError(
            "The database URL must look like sqlite:///path or postgresql://user@host/name."
        ) from None
    common: dict[str, Any] = {
        "pool_timeout": pool_timeout_s,
        "max_overflow": 0,
        "query_cache_size": _COMPILED_STATEMENTS_KEPT,
        "json_serializer": _json_text,
        "json_deserializer": msgspec.json.decode,
        "hide_parameters": True,
    }
    if parsed.drivername in _SQLITE_NAMES:
        return _sqlite_engine(
            parsed, common, pool_size, statement_timeout_s, lock_timeout_s, sqlite_synchronous
        )
    if parsed.drivername in _POSTGRES_NAMES:
        return _postgres_engine(
            parsed, common, pool_size, statement_timeout_s, lock_timeout_s, row_security
        )
    raise ValueError(
        f"The database URL must begin with sqlite:/// or postgresql://, not {parsed.drivername}://."
    )


def is_temporary(error: BaseException) -> bool:
    """True when the same request may succeed a little later: busy, overloaded or unreachable.

    Covers the pool's own timeout, lock and statement timeouts, deadlocks, a database that is
    starting or stopping, and a connection that broke. Answer it with 503 and `Retry-After`.
    """
    if isinstance(error, exc.TimeoutError | ConnectionError | TimeoutError | socket.gaierror):
        return True
    if not isinstance(error, exc.DBAPIError):
        # asyncpg's errors while connecting reach us unwrapped.
        state = getattr(error, "sqlstate", None)
        return isinstance(state, str) and _is_temporary_state(state)
    if error.connection_invalidated:
        return True
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return isinstance(original, LockTimeoutError | StatementTimeoutError) or getattr(
            original, "sqlite_errorcode", None
        ) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_BUSY_RECOVERY}
    state = getattr(original, "sqlstate", None)
    return isinstance(state, str) and _is_temporary_state(state)


def _is_temporary_state(state: str) -> bool:
    return state in _TEMPORARY_SQLSTATES or state.startswith("08")


def _sqlite_engine(  # noqa: PLR0913, PLR0917 -- private, called once, each is a setting
    url: URL,
    common: dict[str, Any],
    pool_size: int,
    statement_timeout_s: float,
    lock_timeout_s: float,
    synchronous: str,
) -> ModalEngine:
    if url.query:
        raise ValueError(
            "A SQLite URL takes no settings after the path: remove what follows the question mark."
        )
    in_memory = url.database in {None, "", ":memory:"}
    engine = create_async_engine(
        url.set(drivername=dialect.NAME),
        # Each connection to :memory: is a database of its own, so there is one, used in turn.
        pool_size=1 if in_memory else pool_size,
        busy_timeout_s=lock_timeout_s,
        statement_timeout_s=statement_timeout_s,
        pragmas={
            "journal_mode": "WAL",
            "foreign_keys": "ON",
            "synchronous": synchronous,
            "secure_delete": "ON",
            "temp_store": "MEMORY",
        },
        **common,
    ).sync_engine
    # The pool checks a connection in on every path out of its use: close, cancellation, a broken
    # connection. One that was only forgotten is detached when the garbage collector finds it.
    event.listen(engine, "checkin", _give_up_turn)
    event.listen(engine, "detach", _give_up_turn)
    return ModalEngine(engine, WriterQueue(lock_timeout_s))


def _postgres_engine(  # noqa: PLR0913, PLR0917 -- private, called once, each is a setting
    url: URL,
    common: dict[str, Any],
    pool_size: int,
    statement_timeout_s: float,
    lock_timeout_s: float,
    row_security: bool,  # noqa: FBT001 -- as above
) -> ModalEngine:
    settings = {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in url.query.items()
    }
    application = settings.pop("application_name", "rebound")
    unknown = sorted(settings.keys() - _POSTGRES_URL_SETTINGS)
    if unknown:
        raise ValueError(
            f"The PostgreSQL URL has settings that would have no effect here: {', '.join(unknown)}."
        )
    connect_args: dict[str, Any] = {
        "timeout": common["pool_timeout"],
        "command_timeout": statement_timeout_s + _SILENT_SERVER_EXTRA_S,
        # Sent with the connection's first packet: they cost no round trip.
        "server_settings": {
            "application_name": application,
            "timezone": "UTC",
            "default_transaction_isolation": "read committed",
            "statement_timeout": _milliseconds(statement_timeout_s),
            "lock_timeout": _milliseconds(lock_timeout_s),
            "idle_in_transaction_session_timeout": _milliseconds(_IDLE_IN_TRANSACTION_S),
        },
    }
    if settings:
        # asyncpg takes certificates and the like only from a URL of its own; what stands in
        # the real URL besides them is passed as arguments, which win.
        connect_args["dsn"] = "postgresql://?" + urlencode(settings)
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg", query={}),
        pool_size=pool_size,
        # The connection used last has the warmest statement cache.
        pool_use_lifo=True,
        pool_recycle=_CONNECTION_LIFE_S,
        connect_args=connect_args,
        **common,
    ).sync_engine
    # pool_pre_ping would cost three round trips on each checkout (BEGIN, an empty statement,
    # ROLLBACK). The loop has already seen the end of a connection whose server went away, so
    # asking the driver costs nothing; one that breaks during its use is discarded with the pool.
    event.listen(engine, "checkout", _refuse_closed)
    return ModalEngine(engine, writers=None, row_security=row_security)


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _give_up_turn(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    turn = entry.info.pop(_WRITER_TURN, None)
    if turn is not None:
        turn.release()


def _refuse_closed(
    _connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    driver_connection = entry.driver_connection
    if driver_connection is None or driver_connection.is_closed():
        message = "the server has closed this connection"
        raise exc.DisconnectionError(message)


def _refuse_changes(
    _connection: object,
    _cursor: object,
    _statement: str,
    _parameters: object,
    context: Any,
    _executemany: bool,  # noqa: FBT001 -- SQLAlchemy's signature
) -> None:
    if context.is_crud:
        message = "This connection only reads: open it with Mode.WRITE to change anything."
        raise exc.InvalidRequestError(message)
