"""Stored answers for `Idempotency-Key`: a repeated POST gets the first answer again.

The key, the record and its events share one transaction. Claiming a key waits for a transaction
that is claiming the same one, so of simultaneous repeats one works and the others replay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    SmallInteger,
    String,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import TABLE_OPTIONS, Base, Registration, table_of
from app.db.transaction import Acting, Database, Transaction
from app.db.types import Id, json_type
from app.kit.problems import KeyInFlight, KeyReused

ANSWERS_KEPT = timedelta(hours=24)
MAX_KEY_CHARACTERS = 255


class StoredAnswer(Base):
    """The first answer to a POST with a key, for 24 hours."""

    __tablename__ = "idempotency_answers"
    registration: ClassVar[Registration] = Registration("owner_id", of="either", export=False)
    __table_args__ = (
        Index(None, "expires_at"),
        TABLE_OPTIONS,
    )

    owner_id: Mapped[UUID] = mapped_column(
        Id(), ForeignKey("heads.owner_id", ondelete="CASCADE"), primary_key=True
    )
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_CHARACTERS), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, str] | None] = mapped_column(json_type())
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


_answers = table_of(StoredAnswer)
_this = (
    _answers.c.owner_id == bindparam("owner"),
    _answers.c.actor_id == bindparam("actor"),
    _answers.c.operation == bindparam("of_operation"),
    _answers.c.key == bindparam("of_key"),
)
_FIND = select(_answers).where(*_this)
_FORGET = delete(_answers).where(*_this)
_KEEP = (
    update(_answers)
    .where(*_this)
    .values(status=bindparam("a_status"), headers=bindparam("a_headers"), body=bindparam("a_body"))
)
_PURGE = delete(_answers).where(_answers.c.expires_at < bindparam("before"))


@cache
def _claim(dialect: str) -> Any:
    """Take the key if it is free or its answer has expired, in one statement."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_answers)
    fresh = ("digest", "expires_at", "status", "headers", "body")
    return statement.on_conflict_do_update(
        index_elements=["owner_id", "actor_id", "operation", "key"],
        set_={name: statement.excluded[name] for name in fresh},
        where=_answers.c.expires_at < bindparam("now", type_=_answers.c.expires_at.type),
    ).returning(_answers.c.key)


@dataclass(frozen=True)
class Claim:
    """The right to answer a key for the first time, or the answer it got before."""

    transaction: Transaction
    caller: Acting
    operation: str
    key: str
    answer: Row[Any] | None

    async def keep(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Store the first answer."""
        await self.transaction.execute(
            _KEEP,
            {**self._this, "a_status": status, "a_headers": dict(headers), "a_body": body},
        )

    async def forget(self) -> None:
        """Free the key again: only successes are stored."""
        await self.transaction.execute(_FORGET, self._this)

    @property
    def _this(self) -> dict[str, Any]:
        return _key_of(self.caller, self.operation, self.key)


def _key_of(caller: Acting, operation: str, key: str) -> dict[str, Any]:
    """Two who act for one person never get each other's answers."""
    return {
        "owner": caller.owner_id,
        "actor": caller.actor_id,
        "of_operation": operation,
        "of_key": key,
    }


async def claim(
    transaction: Transaction, caller: Acting, operation: str, key: str, digest: bytes
) -> Claim:
    """Claim a key for a request with that digest.

    Raises:
        KeyReused: the key was used for another request within 24 hours.
        KeyInFlight: the first request did not finish within the lock timeout.
    """
    now = transaction.clock.now()
    values = {
        "owner_id": caller.owner_id,
        "actor_id": caller.actor_id,
        "operation": operation,
        "key": key,
        "digest": digest,
        "expires_at": now + ANSWERS_KEPT,
        "status": None,
        "headers": None,
        "body": None,
        "now": now,
    }
    try:
        taken = await transaction.execute(_claim(transaction.dialect), values)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "55P03":  # lock_not_available
            raise KeyInFlight(headers={"Retry-After": "1"}) from error
        raise
    if taken.one_or_none() is not None:
        return Claim(transaction, caller, operation, key, None)
    this = _key_of(caller, operation, key)
    answer = (await transaction.execute(_FIND, this)).one()
    if answer.digest != digest:
        raise KeyReused
    return Claim(transaction, caller, operation, key, answer)


async def purge_answers(database: Database) -> None:
    """Forget answers that are older than 24 hours."""
    async with database.write(everyone=True) as transaction:
        await transaction.execute(_PURGE, {"before": transaction.clock.now()})
