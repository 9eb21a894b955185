"""One request, one transaction, one connection. Nothing else in the program commits."""

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from sqlalchemy import CursorResult, Executable, UpdateBase
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import ModalEngine, Mode, connect
from app.db.events import STORE_EVENT, Reactions
from app.db.revisions import NEXT_REVISION
from app.db.row_security import EVERYONE, SET_REACH
from app.kit.clock import Clock
from app.kit.cursors import CursorCodec
from app.kit.events import Event
from app.kit.ids import new_id
from app.kit.problems import Unauthenticated

T = TypeVar("T")

NOBODY = {"owner": "", "reach": ""}
"""Whom a transaction reaches past row security when it begins."""

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Owner(Protocol):
    """Whoever's records a statement may touch."""

    @property
    def owner_id(self) -> UUID:
        """The person, or the organisation."""

    def sees(self, collection: str) -> bool:
        """Whether the records of a table may be seen."""


class Acting(Owner, Protocol):
    """Whoever makes a request."""

    @property
    def actor_id(self) -> UUID:
        """The account, or the key, that acts; for one's own affairs the owner."""

    @property
    def hidden(self) -> frozenset[str]:
        """The tables whose records may not be seen."""


class Database:
    """What all transactions of a process share: engine, clock, cursors and the wired reactions.

    `collaborators` are the few further objects a process has one of, such as its mailer; use cases
    ask for them by type (`Transaction.shared`).
    """

    def __init__(
        self,
        engine: ModalEngine,
        *,
        clock: Clock,
        cursors: CursorCodec,
        reactions: Reactions,
        collaborators: Iterable[object] = (),
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.cursors = cursors
        self.reactions = reactions
        self.collaborators = {type(one): one for one in collaborators}

    def collaborator(self, kind: type[T]) -> T:
        """The process's one object of that type; raises KeyError when none is wired."""
        found = self.collaborators[kind]
        if not isinstance(found, kind):
            raise TypeError(f"{found!r} is not a {kind.__name__}")
        return found

    def read(self, *, everyone: bool = False) -> "Transaction":
        """Statements that each see the latest committed data; `everyone` as for `write`."""
        return Transaction(self, Mode.READ, everyone=everyone)

    def write(self, *, everyone: bool = False) -> "Transaction":
        """A transaction that commits when its block ends well.

        `everyone` lets it reach everybody's rows past row security. A test names the few places
        that may ask for it, each with its reason.
        """
        return Transaction(self, Mode.WRITE, everyone=everyone)

    def snapshot(self, *, everyone: bool = False) -> "Transaction":
        """Reads that all see the same moment; `everyone` as for `write`."""
        return Transaction(self, Mode.SNAPSHOT, everyone=everyone)


class Transaction:
    """A lazily opened transaction.

    It takes a connection at its first statement and never a second one. Leaving the block commits,
    unless an exception passes through that does not say `keeps_changes`.
    """

    def __init__(self, database: Database, mode: Mode, *, everyone: bool = False) -> None:
        self.database = database
        self.mode = mode
        self.clock = database.clock
        self._connection: AsyncConnection | None = None
        self._reach = {"owner": "", "reach": EVERYONE if everyone else ""}
        self._reach_in_force = NOBODY
        self._revisions: dict[UUID, int] = {}
        self._has_written = False
        self._after_commit: list[Callable[[], Awaitable[None]]] = []
        self._is_kept = False

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.database.engine.dialect.name

    def shared(self, kind: type[T]) -> T:
        """The process's one object of that type, as wired in `app.main`."""
        return self.database.collaborator(kind)

    def enter(self, owner_id: UUID) -> None:
        """Reach the rows of this owner from now on, and no longer those of another one.

        Said by whatever has found out for whom it acts. The database is told with the next
        statement, on PostgreSQL with row security; elsewhere it means nothing.
        """
        self._reach = {**self._reach, "owner": str(owner_id)}

    def entered(self, owner_id: UUID) -> None:
        """The last statement has entered this owner's rows by itself (`row_security.entering`)."""
        self.enter(owner_id)
        self._reach_in_force = self._reach

    @contextmanager
    def reaching(self, owner_id: UUID) -> Iterator[None]:
        """Reach the rows of another owner meanwhile, for a use case that concerns both."""
        before = self._reach
        self.enter(owner_id)
        try:
            yield
        finally:
            self._reach = before

    @contextmanager
    def everyone(self) -> Iterator[None]:
        """Reach everybody's rows meanwhile, for the few statements that concern many people."""
        before = self._reach
        self._reach = {**before, "reach": EVERYONE}
        try:
            yield
        finally:
            self._reach = before

    async def execute(
        self, statement: Executable, parameters: Parameters = None
    ) -> CursorResult[Any]:
        """Run one statement on this transaction's connection."""
        if self._connection is None:
            self._connection = await connect(self.database.engine, self.mode)
        if self._reach != self._reach_in_force and self.database.engine.row_security:
            await self._connection.execute(SET_REACH, self._reach)
            self._reach_in_force = self._reach
        self._has_written = self._has_written or isinstance(statement, UpdateBase)
        return await self._connection.execute(statement, parameters)

    async def revise(self, owner_id: UUID) -> int:
        """The number of this write among all writes of one person.

        The first call takes the person's lock, which makes everything read afterwards stable; it
        comes before any other row lock, so that two writers cannot wait for each other.

        Raises:
            Unauthenticated: the account has been deleted meanwhile.
        """
        if (revision := self._revisions.get(owner_id)) is None:
            found = (await self.execute(NEXT_REVISION, {"owner": owner_id})).scalar_one_or_none()
            if found is None:
                raise Unauthenticated
            revision = self._revisions[owner_id] = int(found)
        return revision

    async def state(self, caller: Owner, event: Event) -> None:
        """Store a fact and let the rooms that wait for it react, all in this transaction."""
        await self.execute(
            STORE_EVENT,
            {
                "owner_id": caller.owner_id,
                "id": new_id(),
                "type": event.type,
                "collection": event.collection,
                "record_id": event.record_id,
                "revision": await self.revise(caller.owner_id),
                "created_at": self.clock.now(),
            },
        )
        await self.database.reactions.react(self, caller, event)

    async def discard(self) -> None:
        """Take back everything written so far."""
        if self._connection is not None:
            await self._connection.rollback()
        self._reach_in_force = NOBODY
        self._revisions.clear()
        self._after_commit.clear()

    def keep(self) -> None:
        """Commit what is written, whatever exception passes through from now on."""
        self._is_kept = True

    def after_commit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something once the changes are safe, such as handing over a mail."""
        self._after_commit.append(work)

    @asynccontextmanager
    async def suspended(self) -> AsyncIterator[None]:
        """Hold no connection while slow work that needs no data runs, such as hashing a password.

        What was read before may have changed afterwards. Raises RuntimeError when something was
        written already, because that would be lost.
        """
        if self._has_written:
            raise RuntimeError("cannot suspend a transaction that has written")
        await self._close()
        yield

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        committed = False
        try:
            if self._connection is not None and (
                error is None or self._is_kept or getattr(error, "keeps_changes", False)
            ):
                try:
                    await self._connection.commit()
                    committed = True
                except BaseException:
                    # A COMMIT that a deferred constraint refuses leaves the transaction open on
                    # SQLite, and the pool would hand it to the next request.
                    await self._connection.rollback()
                    raise
        finally:
            await self._close()
        if committed or error is None:
            for work in self._after_commit:
                await work()

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        self._reach_in_force = NOBODY
        if connection is not None:
            # AsyncConnection.__aexit__ shields the return to the pool from cancellation.
            await connection.__aexit__(None, None, None)
