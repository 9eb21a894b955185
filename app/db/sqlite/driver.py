"""What stands between sqlite3 and the dialect: connections, cursors, deadlines, threads."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import Executor
from contextlib import suppress
from time import monotonic
from typing import Any, Final, TypeVar

from typing_extensions import override

T = TypeVar("T")

# SQLite asks the deadline once in so many of its instructions: a fraction of a millisecond.
_INSTRUCTIONS_BETWEEN_CHECKS: Final = 10_000
NEVER: Final = float("inf")
_AT_ONCE: Final = float("-inf")


class LockTimeoutError(sqlite3.OperationalError):
    """Another transaction held the database for longer than the caller may wait."""


class StatementTimeoutError(sqlite3.OperationalError):
    """A statement ran longer than it may and was cancelled."""


class TransactionLostError(sqlite3.OperationalError):
    """SQLite has rolled the transaction back by itself; nothing of it can be committed."""


class Ready:
    """Something to await that is done at once: SQLAlchemy insists that `execute` awaits."""

    def __await__(self) -> Generator[Any, None, None]:
        """Finish without giving way to the loop."""
        yield from ()


READY: Final = Ready()


class Deadline:
    """The moment at which SQLite gives up the running statement, in `time.monotonic` seconds."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at = NEVER

    def __call__(self) -> bool:
        """Say whether it has passed: SQLite stops the statement on True."""
        return monotonic() > self.at

    def now(self) -> None:
        """Make the statement that runs in a thread end at its next check."""
        self.at = _AT_ONCE


class StreamCursor(sqlite3.Cursor):
    """A cursor that reads rows as they are asked for."""

    server_side = True

    async def _async_soft_close(self) -> None:
        """Keep the rows: SQLAlchemy calls this on the cursor of every async result."""


class Cursor(sqlite3.Cursor):
    """A cursor that has read all its rows by the time `execute` returns."""

    server_side = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: list[Any] = []
        self._next = 0

    @override
    def execute(self, sql: str, parameters: Any = (), /) -> "Cursor":
        super().execute(sql, parameters)
        self._rows = [] if self.description is None else super().fetchall()
        self._next = 0
        return self

    @override
    def executemany(self, sql: str, seq_of_parameters: Any, /) -> "Cursor":
        self._rows = []
        super().executemany(sql, seq_of_parameters)
        return self

    @override
    def fetchone(self) -> Any:
        if self._next == len(self._rows):
            return None
        self._next += 1
        return self._rows[self._next - 1]

    @override
    def fetchmany(self, size: int | None = None) -> list[Any]:
        rows = self._rows[self._next : self._next + (self.arraysize if size is None else size)]
        self._next += len(rows)
        return rows

    @override
    def fetchall(self) -> list[Any]:
        rows = self._rows[self._next :] if self._next else self._rows
        self._rows, self._next = [], 0
        return rows

    @override
    def __iter__(self) -> "Cursor":
        return self

    @override
    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    async def _async_soft_close(self) -> None:
        """Keep the rows: SQLAlchemy calls this on the cursor of every async result."""


class Connection(sqlite3.Connection):
    """A sqlite3 connection that knows how its transactions begin and when statements end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.begin_with: str | None = "BEGIN IMMEDIATE"
        self.begun = False
        self.deadline = Deadline()
        self.set_progress_handler(self.deadline, _INSTRUCTIONS_BETWEEN_CHECKS)

    @override
    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    @override
    def close(self) -> None:
        # SQLite postpones closing while a cursor is alive somewhere, in a traceback for example,
        # and would keep the transaction with its write lock for that long.
        try:
            with suppress(sqlite3.ProgrammingError):  # It is closed already.
                self.rollback()
        finally:
            super().close()

    def refuse_if_lost(self) -> None:
        """Refuse to go on in a transaction that SQLite has ended by itself.

        A cancelled INSERT, a full disk and some other errors make SQLite roll back the whole
        transaction. What follows would then be committed statement by statement.
        """
        if self.begun and not self.in_transaction:
            raise TransactionLostError(
                "the database has rolled this transaction back after an earlier error"
            )


async def to_the_end(
    executor: Executor, call: Callable[[], T], hurry: Callable[[], None] | None = None
) -> T:
    """Run `call` in a thread and return only when the thread is done, cancelled or not.

    A cancelled caller would otherwise hand a connection to the next one while a thread still
    works on it. `hurry` is called on cancellation; the cancellation is raised at the end.
    """
    future = asyncio.get_running_loop().run_in_executor(executor, call)
    cancellation: asyncio.CancelledError | None = None
    while not future.done():
        try:
            await asyncio.wait((future,))
        except asyncio.CancelledError as error:
            cancellation = error
            if hurry is not None:
                hurry()
    if cancellation is not None:
        # Asking for the outcome keeps asyncio from reporting it as never retrieved.
        future.exception()
        raise cancellation
    return future.result()


def create_for_owner_only(path: str) -> None:
    """Create the database file with mode 0600 unless it exists.

    An existing file must not even be opened here: closing any descriptor of it would drop the
    locks that this process's other connections hold on it (POSIX advisory locks).
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
