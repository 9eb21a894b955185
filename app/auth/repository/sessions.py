"""The statements of sessions and tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    bindparam,
    column,
    delete,
    exists,
    insert,
    select,
    table,
    update,
)

from app.auth.models import AccessToken, RefreshToken, Session
from app.db.base import table_of
from app.db.row_security import entering
from app.db.transaction import Transaction
from app.db.types import Id

_sessions = table_of(Session)
_access = table_of(AccessToken)
_refresh = table_of(RefreshToken)
# The accounts room stands above this one: its table is named, not imported.
_accounts = table(
    "accounts", column("id", Id()), column("locale"), column("time_zone"), column("country")
)

_AUTHENTICATE = (
    select(
        _access.c.owner_id,
        _access.c.session_id,
        _access.c.signed_in_at,
        _accounts.c.locale,
        _accounts.c.time_zone,
        _accounts.c.country,
        entering(_access.c.owner_id),
    )
    .join(_accounts, _accounts.c.id == _access.c.owner_id)
    .where(
        _access.c.token_hash == bindparam("digest"),
        _access.c.expires_at > bindparam("now", type_=_access.c.expires_at.type),
    )
)
_FIND_REFRESH = select(_refresh).where(_refresh.c.token_hash == bindparam("digest"))
_LOCK_SESSION = (
    update(_sessions)
    .where(_sessions.c.owner_id == bindparam("owner"), _sessions.c.id == bindparam("session"))
    .values(last_used_at=bindparam("now"), expires_at=bindparam("until"))
    .returning(_sessions.c.id)
)
_child, _sibling = _refresh.alias("child"), _refresh.alias("sibling")
_SUCCESSOR_USED = select(
    exists().where(_child.c.parent_hash == bindparam("digest"), _child.c.used_at.is_not(None))
)
_SIBLING_USED = select(
    exists().where(
        _sibling.c.parent_hash == bindparam("parent"),
        _sibling.c.token_hash != bindparam("digest"),
        _sibling.c.used_at.is_not(None),
    )
)
_USE_REFRESH = (
    update(_refresh)
    .where(_refresh.c.token_hash == bindparam("digest"))
    .values(used_at=bindparam("now"))
)
_LIST = (
    select(_sessions)
    .where(
        _sessions.c.owner_id == bindparam("owner"),
        _sessions.c.expires_at > bindparam("now", type_=_sessions.c.expires_at.type),
    )
    .order_by(_sessions.c.last_used_at.desc(), _sessions.c.id.desc())
    .limit(100)
)
_LIVES = select(
    exists().where(
        _sessions.c.owner_id == bindparam("owner"), _sessions.c.id == bindparam("session")
    )
)
_END = (
    delete(_sessions)
    .where(_sessions.c.owner_id == bindparam("owner"), _sessions.c.id == bindparam("session"))
    .returning(_sessions.c.id)
)
_END_ALL = delete(_sessions).where(_sessions.c.owner_id == bindparam("owner"))
_END_OTHERS = _END_ALL.where(_sessions.c.id != bindparam("session"))
_PURGES = (
    delete(_access).where(_access.c.expires_at < bindparam("before")),
    delete(_refresh).where(_refresh.c.expires_at < bindparam("before")),
    delete(_sessions).where(_sessions.c.expires_at < bindparam("before")),
)


class SessionRepository:
    """Sessions and their tokens."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def authenticate(self, digest: bytes, now: datetime) -> Row[Any] | None:
        """Whose token this is, with what is needed to speak to the person."""
        found = await self.transaction.execute(_AUTHENTICATE, {"digest": digest, "now": now})
        row = found.one_or_none()
        if row is not None:
            self.transaction.entered(row.owner_id)
        return row

    async def find_refresh(self, digest: bytes) -> Row[Any] | None:
        """A refresh token by its hash."""
        return (await self.transaction.execute(_FIND_REFRESH, {"digest": digest})).one_or_none()

    async def lock(self, owner_id: UUID, session_id: UUID, now: datetime, until: datetime) -> bool:
        """Prolong the session and hold its row: refreshes of one session run one by one."""
        found = await self.transaction.execute(
            _LOCK_SESSION, {"owner": owner_id, "session": session_id, "now": now, "until": until}
        )
        return found.one_or_none() is not None

    async def successor_used(self, digest: bytes) -> bool:
        """Whether a token that this one bought has been used."""
        found = await self.transaction.execute(_SUCCESSOR_USED, {"digest": digest})
        return bool(found.scalar_one())

    async def sibling_used(self, digest: bytes, parent: bytes) -> bool:
        """Whether another token that `parent` bought has been used."""
        values = {"digest": digest, "parent": parent}
        return bool((await self.transaction.execute(_SIBLING_USED, values)).scalar_one())

    async def use_refresh(self, digest: bytes, now: datetime) -> None:
        """Mark a refresh token as used."""
        await self.transaction.execute(_USE_REFRESH, {"digest": digest, "now": now})

    async def insert_session(self, values: dict[str, Any]) -> None:
        """Store a new session."""
        await self.transaction.execute(insert(_sessions), values)

    async def insert_tokens(self, access: dict[str, Any], refresh: dict[str, Any]) -> None:
        """Store a pair of tokens."""
        await self.transaction.execute(insert(_access), access)
        await self.transaction.execute(insert(_refresh), refresh)

    async def live_sessions(self, owner_id: UUID, now: datetime) -> list[Row[Any]]:
        """A person's sessions that have not expired, the last used first."""
        found = await self.transaction.execute(_LIST, {"owner": owner_id, "now": now})
        return list(found.all())

    async def lives(self, owner_id: UUID, session_id: UUID) -> bool:
        """Whether a session has not been ended."""
        values = {"owner": owner_id, "session": session_id}
        return bool((await self.transaction.execute(_LIVES, values)).scalar_one())

    async def end(self, owner_id: UUID, session_id: UUID) -> bool:
        """Delete a session with its tokens; whether there was one."""
        found = await self.transaction.execute(_END, {"owner": owner_id, "session": session_id})
        return found.one_or_none() is not None

    async def end_all(self, owner_id: UUID, *, but: UUID | None = None) -> None:
        """Delete all sessions of a person, except perhaps one."""
        if but is None:
            await self.transaction.execute(_END_ALL, {"owner": owner_id})
        else:
            await self.transaction.execute(_END_OTHERS, {"owner": owner_id, "session": but})

    async def purge(self, before: datetime) -> None:
        """Delete what has expired."""
        for statement in _PURGES:
            await self.transaction.execute(statement, {"before": before})
