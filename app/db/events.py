"""Facts stated by rooms: stored thin in the outbox, and handed to the rooms that react."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.types import Id
from app.kit.events import Event

if TYPE_CHECKING:
    from app.db.transaction import Transaction

E = TypeVar("E", bound=Event)


class StoredEvent(Base):
    """What happened, without a word of what the person wrote."""

    __tablename__ = "events"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = (
        Index(None, "created_at"),
        Index(
            "ix_events_waiting",
            "id",
            postgresql_where=text("dispatched_at IS NULL"),
            sqlite_where=text("dispatched_at IS NULL"),
        ),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("heads.owner_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(60))
    collection: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    """When it was handed to whoever waits for it outside; see `app.domains.webhooks`."""


STORE_EVENT = insert(table_of(StoredEvent))

Reaction = Callable[["Transaction", Any, E], Awaitable[None]]
"""Called with the transaction, the caller and the event."""


class Reactions:
    """Which room reacts to which fact, in the transaction that states it.

    Wired in `app.main`, so that the room that states an event knows none of those that listen.
    """

    def __init__(self) -> None:
        self._by_type: dict[type[Event], list[Reaction[Any]]] = defaultdict(list)

    def on(self, kind: type[E], reaction: Reaction[E]) -> None:
        """Let a room wait for a fact."""
        self._by_type[kind].append(reaction)

    async def react(self, transaction: "Transaction", caller: Any, event: Event) -> None:
        """Run the reactions in the order in which they were wired."""
        for reaction in self._by_type.get(type(event), ()):
            await reaction(transaction, caller, event)
