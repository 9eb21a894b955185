"""The statements of API keys."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Row, bindparam, column, select, table, update

from app.auth.models import ApiKey
from app.db.base import table_of
from app.db.row_security import entering
from app.db.transaction import Transaction
from app.db.types import Id

_keys = table_of(ApiKey)
# The rooms of people and of organisations stand above this one: their tables are named.
_accounts = table(
    "accounts", column("id", Id()), column("locale"), column("time_zone"), column("country")
)
_organizations = table("organizations", column("id", Id()), column("is_test", Boolean()))

_FIND = (
    select(
        _keys.c.id,
        _keys.c.owner_id,
        _keys.c.name,
        _keys.c.scopes,
        _keys.c.last_used_at,
        _accounts.c.locale,
        _accounts.c.time_zone,
        _accounts.c.country,
        _organizations.c.is_test,
        entering(_keys.c.owner_id),
    )
    .join(_accounts, _accounts.c.id == _keys.c.owner_id, isouter=True)
    .join(_organizations, _organizations.c.id == _keys.c.owner_id, isouter=True)
    .where(
        _keys.c.key_hash == bindparam("digest"),
        _keys.c.expires_at > bindparam("now", type_=_keys.c.expires_at.type),
    )
)
_IS_GOOD = select(_keys.c.id).where(
    _keys.c.owner_id == bindparam("owner"),
    _keys.c.id == bindparam("key"),
    _keys.c.expires_at > bindparam("now", type_=_keys.c.expires_at.type),
)
_USED = (
    update(_keys)
    .where(_keys.c.owner_id == bindparam("owner"), _keys.c.id == bindparam("key"))
    .values(last_used_at=bindparam("now"))
)


class KeyRepository:
    """API keys, before it is known who calls."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def find(self, digest: bytes, now: datetime) -> Row[Any] | None:
        """A key that is good, with what is needed to speak to its person if it has one.

        `is_test` is None for the key of a person.
        """
        found = await self.transaction.execute(_FIND, {"digest": digest, "now": now})
        row = found.one_or_none()
        if row is not None:
            self.transaction.entered(row.owner_id)
        return row

    async def is_good(self, owner_id: UUID, key_id: UUID, now: datetime) -> bool:
        """Whether a key of an owner is still there and has not expired."""
        values = {"owner": owner_id, "key": key_id, "now": now}
        return (await self.transaction.execute(_IS_GOOD, values)).one_or_none() is not None

    async def note_use(self, owner_id: UUID, key_id: UUID, now: datetime) -> None:
        """Remember when a key was used last."""
        self.transaction.enter(owner_id)
        await self.transaction.execute(_USED, {"owner": owner_id, "key": key_id, "now": now})
