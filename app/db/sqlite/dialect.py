"""`sqlite+inline`: an async SQLAlchemy dialect that runs sqlite3 on the event loop's own thread.

A hop to another thread costs more than most SQLite queries take, so statements run in place.
The price of that would be a loop that stands still, hence these promises:

* Waiting for another writer never holds the loop: SQLite's own waiting is off (`timeout=0`), and
  a busy statement is tried again after `asyncio.sleep` until `busy_timeout_s` has passed.
* COMMIT of a writing transaction (the fsync) runs in a thread. Cancellation waits for its end.
* A Core SELECT that has run for `inline_limit_s` is broken off and started again in a thread; any
  other long statement belongs there from the start: `execution_options(offload=True)`.
* No statement runs longer than `statement_timeout_s`.

Rows are fetched when a statement is executed, so that no half-read statement keeps a snapshot
open and fetching cannot be what blocks. `AsyncConnection.stream` reads piece by piece instead.

The isolation levels choose how a transaction begins: `SERIALIZABLE` (the default) is
`BEGIN IMMEDIATE`, `REPEATABLE READ` is `BEGIN DEFERRED`, `AUTOCOMMIT` is no `BEGIN` at all.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_
from typing_extensions import override

from app.db.sqlite.driver import (
    NEVER,
    READY,
    Connection,
    LockTimeoutError,
    StatementTimeoutError,
    StreamCursor,
    create_for_owner_only,
    to_the_end,
)

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import (
        ConnectArgsType,
        DBAPIConnection,
        DBAPICursor,
        ExecutionContext,
        IsolationLevel,
    )
    from sqlalchemy.engine.url import URL

T = TypeVar("T")

NAME: Final = "sqlite+inline"

# A snapshot that another writer has overtaken (BUSY_SNAPSHOT) and a table locked by this very
# connection (LOCKED) are left out: waiting changes neither.
_WORTH_WAITING: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY})
_BEGIN: Final[Mapping[str, str | None]] = {
    "SERIALIZABLE": "BEGIN IMMEDIATE",
    "REPEATABLE READ": "BEGIN DEFERRED",
    "AUTOCOMMIT": None,
}

_dice: Final = secrets.SystemRandom()
# Commits have threads of their own, so that long reads can't keep a writer from finishing.
_commits: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sqlite-commit")
_statements: Final = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sqlite-statement")


class InlineExecutionContext(SQLiteExecutionContext):
    """Opens a reading cursor for `AsyncConnection.stream`."""

    @override
    def create_server_side_cursor(self) -> DBAPICursor:
        return self._dbapi_connection.cursor(StreamCursor)


class InlineDialect(SQLiteDialect_pysqlite):
    """The dialect behind `sqlite+inline://`; see the module's docstring for what it promises.

    `busy_timeout_s`, `statement_timeout_s` and `inline_limit_s` are seconds. `pragmas` are set on
    each new connection in their order. A database file that doesn't exist is created readable
    for its owner only; SQLite gives its `-wal` and `-shm` files the same mode.
    """

    driver = "inline"
    is_async = True
    has_terminate = True
    supports_statement_cache = True
    supports_server_side_cursors = True
    execution_ctx_cls = InlineExecutionContext

    def __init__(
        self,
        busy_timeout_s: float = 5.0,
        statement_timeout_s: float = 5.0,
        inline_limit_s: float = 0.025,
        pragmas: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.busy_timeout_s = busy_timeout_s
        self.statement_timeout_s = statement_timeout_s
        self.inline_limit_s = inline_limit_s
        self.pragmas = dict(pragmas or {})

    # Connecting

    @classmethod
    @override
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    @override
    def get_driver_connection(self, connection: DBAPIConnection) -> Any:
        return connection

    @override
    def create_connect_args(self, url: URL) -> ConnectArgsType:
        arguments, options = super().create_connect_args(url)
        options.update(
            factory=Connection,
            check_same_thread=False,
            timeout=0,
            isolation_level=None,
            cached_statements=512,
        )
        return arguments, options

    @override
    def connect(self, *arguments: Any, **options: Any) -> DBAPIConnection:
        path = str(arguments[0])
        if path != ":memory:" and not options.get("uri"):
            create_for_owner_only(path)
        return super().connect(*arguments, **options)

    @override
    def on_connect(self) -> Callable[[DBAPIConnection], None]:
        add_functions = super().on_connect()

        def prepare(connection: DBAPIConnection) -> None:
            add_functions(connection)
            cursor = _raw(connection).cursor()
            for name, value in self.pragmas.items():
                self._patiently(partial(cursor.execute, f"PRAGMA {name}={value}"))
            cursor.close()

        return prepare

    @override
    def do_terminate(self, dbapi_connection: DBAPIConnection) -> None:
        # Closing is immediate and rolls back; it needs no event loop, so it is safe even when
        # the garbage collector is what found the connection.
        dbapi_connection.close()

    # How transactions begin and end

    @override
    def get_isolation_level_values(
        self, dbapi_connection: DBAPIConnection
    ) -> Sequence[IsolationLevel]:
        del dbapi_connection
        return cast("Sequence[IsolationLevel]", tuple(_BEGIN))

    @override
    def set_isolation_level(self, dbapi_connection: DBAPIConnection, level: IsolationLevel) -> None:
        _raw(dbapi_connection).begin_with = _BEGIN[level]

    @override
    def get_isolation_level(self, dbapi_connection: DBAPIConnection) -> IsolationLevel:
        begin_with = _raw(dbapi_connection).begin_with
        return cast(
            "IsolationLevel",
            next(level for level, statement in _BEGIN.items() if statement == begin_with),
        )

    @override
    def detect_autocommit_setting(self, dbapi_conn: DBAPIConnection) -> bool:
        return _raw(dbapi_conn).begin_with is None

    @override
    def do_begin(self, dbapi_connection: DBAPIConnection) -> None:
        raw = _raw(dbapi_connection)
        if raw.begin_with is None:
            return
        self._patiently(partial(raw.execute, raw.begin_with))
        raw.begun = True

    @override
    def do_commit(self, dbapi_connection: DBAPIConnection) -> None:
        raw = _raw(dbapi_connection)
        try:
            raw.refuse_if_lost()
            if not raw.in_transaction:
                return
            if raw.begin_with == _BEGIN["SERIALIZABLE"]:
                self._patiently(lambda: await_(to_the_end(_commits, raw.commit)))
            else:
                self._patiently(raw.commit)
        except BaseException:
            # A COMMIT that a deferred constraint refuses leaves SQLite's transaction open, and
            # SQLAlchemy takes a failed commit for the end of the transaction.
            raw.rollback()
            raise
        finally:
            raw.begun = False

    @override
    def do_rollback(self, dbapi_connection: DBAPIConnection) -> None:
        raw = _raw(dbapi_connection)
        raw.begun = False
        raw.rollback()

    # Executing

    @override
    def do_execute(
        self,
        cursor: DBAPICursor,
        statement: str,
        parameters: Any,
        context: ExecutionContext | None = None,
    ) -> None:
        self._run(cursor, partial(cursor.execute, statement, parameters), context)

    @override
    def do_execute_no_params(
        self,
        cursor: DBAPICursor,
        statement: str,
        context: ExecutionContext | None = None,
    ) -> None:
        self._run(cursor, partial(cursor.execute, statement), context)

    @override
    def do_executemany(
        self,
        cursor: DBAPICursor,
        statement: str,
        parameters: Any,
        context: ExecutionContext | None = None,
    ) -> None:
        self._run(cursor, partial(cursor.executemany, statement, parameters), context)

    def _run(
        self, cursor: DBAPICursor, call: Callable[[], object], context: ExecutionContext | None
    ) -> None:
        await_(READY)
        raw: Connection = cursor.connection
        raw.refuse_if_lost()
        limit_s = self.statement_timeout_s
        offload = context is not None and context.execution_options.get("offload", False)
        if not offload and _can_start_again(context) and self.inline_limit_s < limit_s:
            try:
                self._patiently(partial(self._in_place, raw, call, self.inline_limit_s))
            except StatementTimeoutError:
                offload = True
            else:
                return
        way = self._in_thread if offload else self._in_place
        self._patiently(partial(way, raw, call, limit_s))

    def _in_place(self, raw: Connection, call: Callable[[], object], limit_s: float) -> None:
        raw.deadline.at = monotonic() + limit_s
        try:
            call()
        except sqlite3.OperationalError as error:
            _raise_if_too_late(error, limit_s)
            raise
        finally:
            raw.deadline.at = NEVER

    def _in_thread(self, raw: Connection, call: Callable[[], object], limit_s: float) -> None:
        raw.deadline.at = monotonic() + limit_s
        try:
            await_(to_the_end(_statements, call, hurry=raw.deadline.now))
        except sqlite3.OperationalError as error:
            _raise_if_too_late(error, limit_s)
            raise
        finally:
            raw.deadline.at = NEVER

    def _patiently(self, call: Callable[[], T]) -> T:
        """Repeat `call` while another connection keeps the database busy, without blocking."""
        give_up_at: float | None = None
        pause_s = 0.001
        while True:
            try:
                return call()
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", None) not in _WORTH_WAITING:
                    raise
                now = monotonic()
                if give_up_at is None:
                    give_up_at = now + self.busy_timeout_s
                elif now >= give_up_at:
                    raise LockTimeoutError(
                        f"lock timeout: database is locked for more than {self.busy_timeout_s:g} s"
                    ) from error
            # Uneven pauses keep two waiting processes from meeting again and again.
            await_(asyncio.sleep(pause_s * _dice.uniform(0.5, 1.5)))
            pause_s = min(pause_s * 1.5, 0.025)


def _raw(connection: DBAPIConnection) -> Connection:
    """The sqlite3 connection itself; SQLAlchemy mostly hands over the pool's proxy of it."""
    if isinstance(connection, Connection):
        return connection
    return cast("Connection", connection.dbapi_connection)


def _can_start_again(context: ExecutionContext | None) -> bool:
    """True for a compiled SELECT: breaking it off changes nothing, and it can't have written.

    SQLite answers the breaking off of an INSERT, UPDATE or DELETE by rolling back the whole
    transaction, and what a textual statement does isn't known.
    """
    return (
        isinstance(context, InlineExecutionContext)
        and context.compiled is not None
        and not (context.is_text or context.isddl or context.is_crud)
    )


def _raise_if_too_late(error: sqlite3.OperationalError, limit_s: float) -> None:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        raise StatementTimeoutError(f"statement timeout: cancelled after {limit_s:g} s") from error


registry.register(NAME.replace("+", "."), __name__, InlineDialect.__name__)
