"""The statements on endpoints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, func, or_, select

from app.db.base import table_of
from app.db.paging import Listing, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.webhooks.models import WebhookDelivery, WebhookEndpoint
from app.domains.webhooks.terms import DeliveryStatus, EndpointStatus

_t = table_of(WebhookEndpoint)
_deliveries = table_of(WebhookDelivery)


class EndpointRepository(Repository):
    """The endpoints of one owner."""

    table = _t
    listing = Listing(
        table=_t,
        sorts={"created_at": _t.c.created_at, "-created_at": _t.c.created_at},
        filters={"status": equals(_t.c.status)},
    )

    _COUNT = select(func.count()).where(_t.c.owner_id == bindparam("owner"))
    _ACTIVE = select(_t).where(
        _t.c.owner_id == bindparam("owner"), _t.c.status == EndpointStatus.ACTIVE
    )
    _HOLD = _ACTIVE.where(_t.c.id == bindparam("endpoint")).with_for_update(skip_locked=True)

    async def count(self) -> int:
        """How many there are."""
        found = await self.transaction.execute(self._COUNT, {"owner": self.owner_id})
        return int(found.scalar_one())

    async def active(self) -> Sequence[Row[Any]]:
        """Those that are told anything."""
        return (await self.transaction.execute(self._ACTIVE, {"owner": self.owner_id})).all()

    async def hold(self, endpoint_id: UUID) -> Row[Any] | None:
        """An active endpoint, held to the end of the transaction; None where another holds it."""
        found = await self.transaction.execute(
            self._HOLD, {"owner": self.owner_id, "endpoint": endpoint_id}
        )
        return found.one_or_none()


class WaitingEndpoints:
    """The endpoints of everybody for which something is due."""

    _FIND = (
        select(_t.c.owner_id, _t.c.id)
        .where(
            _t.c.status == EndpointStatus.ACTIVE,
            exists().where(
                _deliveries.c.owner_id == _t.c.owner_id,
                _deliveries.c.endpoint_id == _t.c.id,
                _deliveries.c.status == DeliveryStatus.PENDING,
                _deliveries.c.next_attempt_at
                <= bindparam("now", type_=_deliveries.c.next_attempt_at.type),
                or_(
                    _deliveries.c.leased_until.is_(None),
                    _deliveries.c.leased_until
                    < bindparam("now", type_=_deliveries.c.leased_until.type),
                ),
            ),
        )
        .order_by(_t.c.owner_id, _t.c.id)
    )

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def find(self, now: datetime) -> Sequence[Row[Any]]:
        """Owner and id of each."""
        return (await self.transaction.execute(self._FIND, {"now": now})).all()
