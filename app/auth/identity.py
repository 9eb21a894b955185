"""Who calls: the person of a session, or the owner of an API key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.auth import tokens
from app.auth.errors import Unauthenticated
from app.auth.repository.keys import KeyRepository
from app.auth.repository.sessions import SessionRepository
from app.auth.scopes import SESSION_SCOPES, Scope
from app.db.transaction import Transaction

KEY_USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Identity:
    """Whose credential a request carries, and what it may do.

    `actor_id` is the person's account, or the key of an organisation; `organization_id` is set for
    the latter. `client` is what the owner calls the session or key, where it is known already.
    """

    owner_id: UUID
    actor_id: UUID
    scopes: frozenset[Scope]
    session_id: UUID | None = None
    signed_in_at: datetime | None = None
    organization_id: UUID | None = None
    client: str | None = None
    locale: str | None = None
    time_zone: str = "UTC"
    country: str | None = None

    @property
    def is_program(self) -> bool:
        """Whether it is a program of an organisation, and nobody's account."""
        return self.organization_id is not None


async def identify(authorization: str, transaction: Transaction) -> Identity:
    """Whose credential the header `Authorization` of a request carries.

    Raises:
        Unauthenticated: there is none, or it is unknown, expired or revoked.
    """
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer":
        raise Unauthenticated
    found = None
    if tokens.is_well_formed(token, tokens.ACCESS):
        found = await _of_session(transaction, token)
    elif any(tokens.is_well_formed(token, one) for one in (tokens.LIVE_KEY, tokens.TEST_KEY)):
        found = await _of_key(transaction, token)
    if found is None:
        raise Unauthenticated
    return found


async def _of_session(transaction: Transaction, token: str) -> Identity | None:
    found = await SessionRepository(transaction).authenticate(
        tokens.digest_of(token), transaction.clock.now()
    )
    if found is None:
        return None
    return Identity(
        owner_id=found.owner_id,
        actor_id=found.owner_id,
        scopes=SESSION_SCOPES,
        session_id=found.session_id,
        signed_in_at=found.signed_in_at,
        locale=found.locale,
        time_zone=found.time_zone,
        country=found.country,
    )


async def _of_key(transaction: Transaction, token: str) -> Identity | None:
    now = transaction.clock.now()
    found = await KeyRepository(transaction).find(tokens.digest_of(token), now)
    if found is None or (found.is_test is True) != token.startswith(tokens.TEST_KEY):
        return None
    if found.last_used_at is None or now - found.last_used_at > KEY_USE_NOTED_EVERY:
        database = transaction.database

        async def note_use() -> None:
            async with database.write() as later:
                await KeyRepository(later).note_use(found.owner_id, found.id, now)

        transaction.after_commit(note_use)
    scopes = SESSION_SCOPES & set(found.scopes)
    if found.is_test is not None:
        return Identity(
            owner_id=found.owner_id,
            actor_id=found.id,
            scopes=scopes,
            organization_id=found.owner_id,
            client=found.name,
        )
    return Identity(
        owner_id=found.owner_id,
        actor_id=found.owner_id,
        scopes=scopes,
        client=found.name,
        locale=found.locale,
        time_zone=found.time_zone,
        country=found.country,
    )
