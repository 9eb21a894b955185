"""Sessions: begun by signing in, prolonged by refreshing, ended by anyone of the family's owner.

Refresh tokens rotate (RFC 9700, section 4.14.2): each is good once, and a used one that comes back
ends the session. The previous one still works for 60 seconds until its successor is first used, so
that an answer lost on a train signs nobody out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.auth import tokens
from app.auth.errors import RefreshRefused
from app.auth.models import MAX_CLIENT_CHARACTERS
from app.auth.repository.keys import KeyRepository
from app.auth.repository.sessions import SessionRepository
from app.db.transaction import Database, Transaction
from app.kit.ids import new_id
from app.kit.problems import NotFound

GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class Lifetimes:
    """How long tokens last."""

    access: timedelta
    session: timedelta


@dataclass(frozen=True)
class IssuedTokens:
    """What a client gets when it signs in or refreshes; shown once, stored as hashes."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    account_id: UUID
    session_id: UUID


class SessionService:
    """Begins, prolongs, lists and ends sessions."""

    def __init__(self, transaction: Transaction, lifetimes: Lifetimes) -> None:
        self.transaction = transaction
        self.clock = transaction.clock
        self.lifetimes = lifetimes
        self.sessions = SessionRepository(transaction)

    async def start(self, owner_id: UUID, client: str | None) -> IssuedTokens:
        """Start a session for a person who has just proven who they are."""
        now = self.clock.now()
        session_id = new_id()
        self.transaction.enter(owner_id)
        await self.sessions.insert_session(
            {
                "owner_id": owner_id,
                "id": session_id,
                "client": (client or "")[:MAX_CLIENT_CHARACTERS] or None,
                "created_at": now,
                "last_used_at": now,
                "expires_at": now + self.lifetimes.session,
            }
        )
        return await self._issue(owner_id, session_id, signed_in_at=now, parent=None)

    async def refresh(self, refresh_token: str) -> IssuedTokens:
        """Exchange a refresh token for the next pair.

        Raises:
            RefreshRefused: it is unknown, expired, or used before; the last ends the session.
        """
        if not tokens.is_well_formed(refresh_token, tokens.REFRESH):
            raise RefreshRefused
        now = self.clock.now()
        digest = tokens.digest_of(refresh_token)
        found = await self.sessions.find_refresh(digest)
        if found is None or found.expires_at <= now:
            raise RefreshRefused
        self.transaction.enter(found.owner_id)
        until = now + self.lifetimes.session
        if not await self.sessions.lock(found.owner_id, found.session_id, now, until):
            raise RefreshRefused
        # Read again: another refresh may have run while this one waited for the session.
        found = await self.sessions.find_refresh(digest)
        if found is None:
            raise RefreshRefused
        if await self._is_reused(found, now):
            await self.sessions.end(found.owner_id, found.session_id)
            raise RefreshRefused
        if found.used_at is None:
            await self.sessions.use_refresh(digest, now)
        return await self._issue(
            found.owner_id, found.session_id, signed_in_at=found.signed_in_at, parent=digest
        )

    async def list_live(self, owner_id: UUID) -> list[Any]:
        """The person's sessions, the last used first."""
        return await self.sessions.live_sessions(owner_id, self.clock.now())

    async def end(self, owner_id: UUID, session_id: UUID) -> None:
        """End a session; its tokens are refused from the next request on.

        Raises:
            NotFound: the person has no such session.
        """
        if not await self.sessions.end(owner_id, session_id):
            raise NotFound

    async def end_all(self, owner_id: UUID, *, but: UUID | None = None) -> None:
        """End all sessions of a person, except perhaps the present one."""
        await self.sessions.end_all(owner_id, but=but)

    async def _is_reused(self, token: Any, now: datetime) -> bool:
        if token.used_at is None:
            return token.parent_hash is not None and await self.sessions.sibling_used(
                token.token_hash, token.parent_hash
            )
        return now - token.used_at > GRACE or await self.sessions.successor_used(token.token_hash)

    async def _issue(
        self, owner_id: UUID, session_id: UUID, *, signed_in_at: datetime, parent: bytes | None
    ) -> IssuedTokens:
        now = self.clock.now()
        access, refresh = tokens.new_token(tokens.ACCESS), tokens.new_token(tokens.REFRESH)
        shared = {"owner_id": owner_id, "session_id": session_id, "signed_in_at": signed_in_at}
        await self.sessions.insert_tokens(
            {
                **shared,
                "token_hash": access.digest,
                "expires_at": now + self.lifetimes.access,
            },
            {
                **shared,
                "token_hash": refresh.digest,
                "parent_hash": parent,
                "expires_at": now + self.lifetimes.session,
                "used_at": None,
            },
        )
        return IssuedTokens(
            access_token=access.text,
            refresh_token=refresh.text,
            token_type="Bearer",  # noqa: S106 -- the scheme (RFC 6750), no secret  # nosec B106
            expires_in=int(self.lifetimes.access.total_seconds()),
            account_id=owner_id,
            session_id=session_id,
        )


async def purge_expired(database: Database) -> None:
    """Delete tokens, sessions and API keys that have expired."""
    async with database.write(everyone=True) as transaction:
        await SessionRepository(transaction).purge(transaction.clock.now())
        await KeyRepository(transaction).purge(transaction.clock.now())
