"""One request, one transaction, one connection. Nothing else in the program commits."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

from sqlalchemy import CursorResult, Executable, UpdateBase
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.engine import Mode, connect
from app.db.events import STORE_EVENT, Reactions
from app.db.revisions import NEXT_REVISION
from app.kit.clock import Clock
from app.kit.cursors import CursorCodec
from app.kit.events import Event
from app.kit.ids import new_id
from app.kit.problems import Unauthenticated

T = TypeVar("T")

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


class Database:
    """What all transactions of a process share: engine, clock, cursors and the wired reactions.

    `collaborators` are the few further objects a process has one of, such as its mailer; use cases
    ask for them by type (`Transaction.shared`).
    """

    def __init__(
        self,
        engine: AsyncEngine,
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

    def read(self) -> "Transaction":
        """Statements that each see the latest committed data."""
        return Transaction(self, Mode.READ)

    def write(self) -> "Transaction":
        """A transaction that commits when its block ends well."""
        return Transaction(self, Mode.WRITE)

    def snapshot(self) -> "Transaction":
        """Reads that all see the same moment."""
        return Transaction(self, Mode.SNAPSHOT)


class Transaction:
    """A lazily opened transaction.

    It takes a connection at its first statement and never a second one. Leaving the block commits,
    unless an exception passes through that does not say `keeps_changes`.
    """

    def __init__(self, database: Database, mode: Mode) -> None:
        self.database = database
        self.mode = mode
        self.clock = database.clock
        self._connection: AsyncConnection | None = None
        self._revisions: dict[UUID, int] = {}
        self._has_written = False
        self._after_commit: list[Callable[[], Awaitable[None]]] = []
        self._is_kept = False
        self._entered: UUID | None = None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.database.engine.dialect.name

    def shared(self, kind: type[T]) -> T:
        """The process's one object of that type, as wired in `app.main`."""
        return self.database.collaborator(kind)

    async def execute(
        self, statement: Executable, parameters: Parameters = None
    ) -> CursorResult[Any]:
        """Run one statement on this transaction's connection."""
        if self._connection is None:
            self._connection = await connect(self.database.engine, self.mode)
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

    async def enter(self, owner_id: UUID) -> None:
        """From now on reach the rows of this owner, and of nobody else."""
        self._entered = owner_id

    @asynccontextmanager
    async def everyone(self) -> AsyncIterator[None]:
        """Reach everybody's rows meanwhile: for the few statements that concern many people."""
        yield

    async def discard(self) -> None:
        """Take back everything written so far."""
        if self._connection is not None:
            await self._connection.rollback()
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
        if connection is not None:
            # AsyncConnection.__aexit__ shields the return to the pool from cancellation.
            await connection.__aexit__(None, None, None)
