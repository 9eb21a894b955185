"""The statements on the row of an organisation."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from app.db.base import table_of
from app.db.revisions import BEGIN_HEAD
from app.db.transaction import Owner, Transaction
from app.domains.coaching.models import Organization
from app.kit.problems import NotFound

FIRST_REVISION = 1

_t = table_of(Organization)
_FIND = select(_t).where(_t.c.id == bindparam("owner"))
_INSERT = insert(_t)


@cache
def _update(names: tuple[str, ...]) -> Any:
    return (
        update(_t)
        .where(_t.c.id == bindparam("owner"))
        .values({name: bindparam(f"new_{name}", type_=_t.c[name].type) for name in names})
        .returning(*_t.c)
    )


class OrganizationRepository:
    """The one organisation of a caller who acts for it."""

    def __init__(self, transaction: Transaction, caller: Owner) -> None:
        self.transaction = transaction
        self.owner_id = caller.owner_id

    async def get(self) -> Row[Any]:
        """The organisation.

        Raises:
            NotFound: there is none.
        """
        row = (await self.transaction.execute(_FIND, {"owner": self.owner_id})).one_or_none()
        if row is None:
            raise NotFound
        return row

    async def lock(self) -> Row[Any]:
        """The organisation, of which nobody else changes anything until this transaction ends."""
        await self.transaction.revise(self.owner_id)
        return await self.get()

    async def update(self, changes: Mapping[str, Any]) -> Row[Any]:
        """Change the organisation and stamp it with this transaction's revision."""
        revision = await self.transaction.revise(self.owner_id)
        values = {**changes, "updated_at": self.transaction.clock.now(), "revision": revision}
        parameters = {f"new_{name}": value for name, value in values.items()}
        stored = await self.transaction.execute(
            _update(tuple(sorted(values))), {"owner": self.owner_id, **parameters}
        )
        return stored.one()


async def add_organization(
    transaction: Transaction, organization_id: UUID, values: Mapping[str, Any]
) -> None:
    """Store a new organisation with its revision counter."""
    now = transaction.clock.now()
    head = {"owner_id": organization_id, "revision": FIRST_REVISION}
    await transaction.execute(BEGIN_HEAD, head)
    stamp = {"created_at": now, "updated_at": now, "revision": FIRST_REVISION}
    await transaction.execute(_INSERT, {**values, **stamp, "id": organization_id})
