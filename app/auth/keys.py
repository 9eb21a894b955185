"""API keys: made, listed and revoked for their owner, who is a person or an organisation.

A key is shown once and stored as a hash; `app.auth.identity` says who calls with one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth import tokens
from app.auth.caller import Caller, Holder
from app.auth.repository.keys import KeyRepository, OwnKeyRepository
from app.auth.repository.sessions import SessionRepository
from app.auth.scopes import Scope
from app.db.transaction import Transaction
from app.kit.problems import NotFound, Unauthenticated


class ApiKeys:
    """The keys of one person or organisation."""

    def __init__(self, transaction: Transaction, owner_id: UUID) -> None:
        self.transaction = transaction
        self.owner_id = owner_id
        self.keys = OwnKeyRepository(transaction, Holder(owner_id))

    async def list(self) -> Sequence[Any]:
        """The keys that are good, the latest first."""
        return await self.keys.good()

    async def lock(self, caller: Caller) -> None:
        """Let nobody else make keys for this owner until the transaction ends.

        Raises:
            Unauthenticated: the caller's session was ended while this waited for its turn, as a
                change of the password does; a key made now would outlive it.
        """
        await self.transaction.revise(self.owner_id)
        if (session := caller.session_id) is not None:
            with self.transaction.reaching(caller.actor_id):
                lives = await SessionRepository(self.transaction).lives(caller.actor_id, session)
            if not lives:
                raise Unauthenticated

    async def make(self, name: str, scopes: Sequence[Scope], expires_at: datetime) -> Any:
        """A new key: its row, and under `key` the text that is never shown again."""
        kind = tokens.TEST_KEY if await self.keys.is_test() else tokens.LIVE_KEY
        token = tokens.new_token(kind)
        row = await self.keys.insert(
            {
                "name": name,
                "prefix": token.text[: tokens.SHOWN_CHARACTERS],
                "key_hash": token.digest,
                "scopes": list(scopes),
                "expires_at": expires_at,
                "last_used_at": None,
            }
        )
        return {**row._mapping, "key": token.text}  # noqa: SLF001 -- SQLAlchemy's public name

    async def revoke(self, key_id: UUID) -> None:
        """Revoke a key; it is refused from the next request on."""
        await self.keys.revoke(key_id)

    async def revoke_all(self) -> None:
        """Revoke every key."""
        await self.keys.revoke_all()


async def owner_of_key(transaction: Transaction, caller: Caller, key_id: UUID) -> UUID:
    """Whose key it is: the caller's, or that of an organisation whose admin the caller is.

    Raises:
        NotFound: there is no such key.
    """
    with transaction.everyone():
        found = await KeyRepository(transaction).owner_of(caller, key_id)
    if found is None:
        raise NotFound
    return found
