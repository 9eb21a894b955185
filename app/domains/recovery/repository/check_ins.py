"""The statements on check-ins, and on what follows from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from app.db.base import table_of
from app.db.deletion import erase
from app.db.outlines import Outline
from app.db.paging import Listing, equals, on_or_after, on_or_before
from app.db.repository import Repository
from app.domains.recovery.models import (
    CheckIn,
    GuardFiring,
    RecoveryStep,
    SupportCardShowing,
)

_check_ins = table_of(CheckIn)
_firings = table_of(GuardFiring)
_showings = table_of(SupportCardShowing)
_steps = table_of(RecoveryStep)


class CheckInRepository(Repository):
    """The check-ins of one person, and what the guards remember."""

    table = _check_ins
    listing = Listing(
        table=_check_ins,
        sorts={
            "-checked_in_at": _check_ins.c.checked_in_at,
            "checked_in_at": _check_ins.c.checked_in_at,
        },
        filters={
            "rejection_id": equals(_check_ins.c.rejection_id),
            "checked_in_after": on_or_after(_check_ins.c.checked_in_at),
            "checked_in_before": on_or_before(_check_ins.c.checked_in_at),
        },
    )
    outlined = Outline(
        _check_ins, "id rejection_id checked_in_at mood energy emotions", days="checked_in_at"
    )
    _LATEST = (
        select(_check_ins)
        .where(_check_ins.c.owner_id == bindparam("owner"))
        .order_by(_check_ins.c.checked_in_at.desc(), _check_ins.c.id.desc())
        .limit(3)
    )
    _LATEST_OF = _LATEST.where(_check_ins.c.rejection_id == bindparam("rejection"))
    _ALL_IDS = select(_check_ins.c.id).where(_check_ins.c.owner_id == bindparam("owner"))
    _LAST_FIRED = select(func.max(_firings.c.fired_at)).where(
        _firings.c.owner_id == bindparam("owner"),
        _firings.c.rejection_id == bindparam("rejection"),
    )
    _LAST_SHOWN = select(_showings.c.shown_at).where(_showings.c.owner_id == bindparam("owner"))
    _FORGET_SHOWN = delete(_showings).where(_showings.c.owner_id == bindparam("owner"))
    _SHOW = insert(_showings)

    async def latest(self, rejection_id: UUID | None = None) -> Sequence[Row[Any]]:
        """The latest three check-ins, of one rejection if it is named."""
        statement = self._LATEST if rejection_id is None else self._LATEST_OF
        values = {"owner": self.owner_id, "rejection": rejection_id}
        if rejection_id is None:
            del values["rejection"]
        return (await self.transaction.execute(statement, values)).all()

    async def delete_all(self) -> None:
        """Delete every check-in; the steps they ticked stay done."""
        found = await self.transaction.execute(self._ALL_IDS, {"owner": self.owner_id})
        ids = set(found.scalars())
        if ids:
            await erase(self.transaction, self.owner_id, self.table, ids)
        await self.transaction.execute(self._FORGET_SHOWN, {"owner": self.owner_id})

    async def last_fired_at(self, rejection_id: UUID) -> datetime | None:
        """When the dwelling guard last fired for a rejection."""
        found = await self.transaction.execute(
            self._LAST_FIRED, {"owner": self.owner_id, "rejection": rejection_id}
        )
        fired_at: datetime | None = found.scalar_one()
        return fired_at

    async def last_card_shown_at(self) -> datetime | None:
        """When the support card was last shown of itself."""
        found = await self.transaction.execute(self._LAST_SHOWN, {"owner": self.owner_id})
        shown_at: datetime | None = found.scalar_one_or_none()
        return shown_at

    async def card_shown(self, at: datetime) -> None:
        """Remember that the support card was shown."""
        await self.transaction.execute(self._FORGET_SHOWN, {"owner": self.owner_id})
        await self.transaction.execute(self._SHOW, {"owner_id": self.owner_id, "shown_at": at})


class GuardFiringRepository(Repository):
    """When the dwelling guard fired."""

    table = _firings
    _LAST = (
        select(_firings.c.rejection_id, func.max(_firings.c.fired_at).label("fired_at"))
        .where(_firings.c.owner_id == bindparam("owner"))
        .group_by(_firings.c.rejection_id)
    )

    _ALL = select(_firings.c.id).where(_firings.c.owner_id == bindparam("owner"))
    _AT = _ALL.where(
        _firings.c.rejection_id == bindparam("rejection"),
        _firings.c.fired_at == bindparam("at", type_=_firings.c.fired_at.type),
    )

    async def forget(self, rejection_id: UUID | None, fired_at: datetime) -> None:
        """Let the guard not have fired for a rejection at an instant."""
        await self._erase(self._AT, {"rejection": rejection_id, "at": fired_at})

    async def forget_all(self) -> None:
        """Let the guard never have fired."""
        await self._erase(self._ALL, {})

    async def _erase(self, statement: Any, values: Mapping[str, Any]) -> None:
        found = await self.transaction.execute(statement, {"owner": self.owner_id, **values})
        if ids := set(found.scalars()):
            await erase(self.transaction, self.owner_id, self.table, ids)

    async def last_fired(self) -> dict[UUID, datetime]:
        """When it last fired, for each rejection for which it ever did, as far as that is seen."""
        if not self.caller.sees(self.table.name):
            return {}
        found = await self.transaction.execute(self._LAST, {"owner": self.owner_id})
        return {row.rejection_id: row.fired_at for row in found}
