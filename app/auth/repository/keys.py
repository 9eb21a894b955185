"""The statements of API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Row, bindparam, column, delete, or_, select, table, update

from app.auth.caller import Caller
from app.auth.models import ApiKey
from app.auth.repository.consent import organizations_of
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.repository import Repository
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


_OF = _keys.c.owner_id == bindparam("owner", type_=Id())
_GOOD = _keys.c.expires_at > bindparam("now", type_=_keys.c.expires_at.type)
_IS_TEST = select(_organizations.c.is_test).where(_organizations.c.id == bindparam("owner"))
_LIST = select(_keys).where(_OF, _GOOD).order_by(_keys.c.id.desc())
_REVOKE = delete(_keys).where(_OF, _keys.c.id == bindparam("key", type_=Id()))
_REVOKE_ALL = delete(_keys).where(_OF)
_OWNER = select(_keys.c.owner_id).where(
    _keys.c.id == bindparam("key", type_=Id()),
    or_(
        _keys.c.owner_id == bindparam("self", type_=Id()),
        _keys.c.owner_id.in_(organizations_of(OrganizationRole.ADMIN)),
    ),
)
_PURGE = delete(_keys).where(_keys.c.expires_at < bindparam("before"))


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

    async def owner_of(self, caller: Caller, key_id: UUID) -> UUID | None:
        """Whose key it is, if it is the caller's or that of an organisation they administer."""
        values = {"key": key_id, "self": caller.owner_id, "actor": caller.actor_id}
        found: UUID | None = (await self.transaction.execute(_OWNER, values)).scalar_one_or_none()
        return found

    async def purge(self, before: datetime) -> None:
        """Delete what has expired."""
        await self.transaction.execute(_PURGE, {"before": before})


class OwnKeyRepository(Repository):
    """The API keys of one person or organisation."""

    table = _keys

    async def good(self) -> Sequence[Row[Any]]:
        """The keys that have not expired, the latest first."""
        values = {"owner": self.owner_id, "now": self.transaction.clock.now()}
        return (await self.transaction.execute(_LIST, values)).all()

    async def is_test(self) -> bool:
        """Whether they are the keys of an organisation that is there for trying things out."""
        found = await self.transaction.execute(_IS_TEST, {"owner": self.owner_id})
        return found.scalar_one_or_none() is True

    async def revoke(self, key_id: UUID) -> None:
        """Delete a key; it is refused from the next request on."""
        await self.transaction.execute(_REVOKE, {"owner": self.owner_id, "key": key_id})

    async def revoke_all(self) -> None:
        """Delete all keys."""
        await self.transaction.execute(_REVOKE_ALL, {"owner": self.owner_id})
