"""The statements on deliveries: queued once, leased, finished under the same lease."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.db.base import table_of
from app.db.paging import Listing, Page, Query, equals
from app.db.repository import Repository
from app.db.transaction import Transaction
from app.domains.webhooks.models import WebhookDelivery
from app.domains.webhooks.terms import DeliveryStatus

_t = table_of(WebhookDelivery)

_OF_ENDPOINT = (_t.c.owner_id == bindparam("owner"), _t.c.endpoint_id == bindparam("endpoint"))
_IS_PENDING = _t.c.status == DeliveryStatus.PENDING
_NOW = bindparam("now", type_=_t.c.next_attempt_at.type)
_AFRESH: Mapping[str, Any] = {
    "status": DeliveryStatus.PENDING,
    "attempts": 0,
    "leased_until": None,
    "lease_id": None,
    "last_status_code": None,
    "last_failure": None,
    "finished_at": None,
}


class DeliveryRepository(Repository):
    """The deliveries of one owner."""

    table = _t
    listing = Listing(
        table=_t,
        sorts={"-created_at": _t.c.created_at},
        filters={
            "endpoint_id": equals(_t.c.endpoint_id),
            "status": equals(_t.c.status),
            "type": equals(_t.c.type),
        },
    )

    _ONE = select(_t).where(*_OF_ENDPOINT, _t.c.id == bindparam("record"))
    _AGAIN = (
        update(_t)
        .where(*_OF_ENDPOINT, _t.c.id == bindparam("record"))
        .values({**_AFRESH, "next_attempt_at": bindparam("now")})
        .returning(_t.c.id)
    )
    _UNDER_WAY = select(func.count()).where(*_OF_ENDPOINT, _IS_PENDING, _t.c.leased_until >= _NOW)
    _DUE = (
        select(_t)
        .where(
            *_OF_ENDPOINT,
            _IS_PENDING,
            _t.c.next_attempt_at <= _NOW,
            or_(_t.c.leased_until.is_(None), _t.c.leased_until < _NOW),
        )
        .order_by(_t.c.next_attempt_at, _t.c.id)
        .limit(bindparam("most", type_=_t.c.revision.type))
    )
    _LEASE = (
        update(_t)
        .where(*_OF_ENDPOINT, _t.c.id.in_(bindparam("ids", expanding=True)))
        .values(lease_id=bindparam("lease"), leased_until=bindparam("until"))
    )
    _SKIP = (
        update(_t)
        .where(*_OF_ENDPOINT, _t.c.id.in_(bindparam("ids", expanding=True)))
        .values(status=DeliveryStatus.SKIPPED, finished_at=bindparam("now"), next_attempt_at=None)
    )
    _SKIP_ALL = (
        update(_t)
        .where(*_OF_ENDPOINT, _IS_PENDING)
        .values(
            status=DeliveryStatus.SKIPPED,
            finished_at=bindparam("now"),
            next_attempt_at=None,
            leased_until=None,
            lease_id=None,
        )
    )
    _FINISH = (
        update(_t)
        .where(
            *_OF_ENDPOINT,
            _IS_PENDING,
            _t.c.id == bindparam("record"),
            _t.c.lease_id == bindparam("lease"),
            _t.c.attempts == bindparam("before"),
        )
        .values(
            lease_id=None,
            leased_until=None,
            **{
                name: bindparam(f"new_{name}", type_=_t.c[name].type)
                for name in (
                    "status",
                    "attempts",
                    "next_attempt_at",
                    "last_status_code",
                    "last_failure",
                    "finished_at",
                )
            },
        )
        .returning(_t.c.id)
    )

    async def find_one(self, endpoint_id: UUID, delivery_id: UUID) -> Row[Any] | None:
        """A delivery to an endpoint; None where there is none."""
        found = await self.transaction.execute(
            self._ONE, {**self._to(endpoint_id), "record": delivery_id}
        )
        return found.one_or_none()

    async def page_of(self, endpoint_id: UUID, query: Query) -> Page:
        """One page of what was sent to one endpoint."""
        return await self.page(_OfEndpoint(query, endpoint_id))

    async def begin_again(self, endpoint_id: UUID, delivery_id: UUID | None) -> bool:
        """Let a delivery be made again; False where there is none."""
        values = {
            **self._to(endpoint_id),
            "record": delivery_id,
            "now": self.transaction.clock.now(),
        }
        found = await self.transaction.execute(self._AGAIN, values)
        return found.one_or_none() is not None

    async def queue(self, rows: Sequence[Mapping[str, Any]], *, again: bool = False) -> None:
        """Let facts be delivered; what stands there already stays, or begins `again`."""
        now = self.transaction.clock.now()
        fresh = {**_AFRESH, "owner_id": self.owner_id, "created_at": now, "next_attempt_at": now}
        if rows:
            await self.transaction.execute(
                _add(self.transaction.dialect, again=again), [{**row, **fresh} for row in rows]
            )

    async def under_way(self, endpoint_id: UUID, now: datetime) -> int:
        """How many are leased at present."""
        found = await self.transaction.execute(
            self._UNDER_WAY, {**self._to(endpoint_id), "now": now}
        )
        return int(found.scalar_one())

    async def due(self, endpoint_id: UUID, now: datetime, most: int) -> Sequence[Row[Any]]:
        """What may be sent now and nobody has leased, the longest due first."""
        values = {**self._to(endpoint_id), "now": now, "most": most}
        return (await self.transaction.execute(self._DUE, values)).all()

    async def lease(
        self, endpoint_id: UUID, ids: Collection[UUID], lease_id: UUID, until: datetime
    ) -> None:
        """Take some for oneself until an instant."""
        values = {**self._to(endpoint_id), "ids": list(ids), "lease": lease_id, "until": until}
        await self.transaction.execute(self._LEASE, values)

    async def skip(self, endpoint_id: UUID, ids: Collection[UUID] | None = None) -> None:
        """End some without sending them, or all that wait."""
        values = {**self._to(endpoint_id), "now": self.transaction.clock.now()}
        if ids is None:
            await self.transaction.execute(self._SKIP_ALL, values)
        elif ids:
            await self.transaction.execute(self._SKIP, {**values, "ids": list(ids)})

    async def finish(self, delivery: Row[Any], lease_id: UUID, changes: Mapping[str, Any]) -> bool:
        """Note how an attempt ended; False when it is no longer this worker's to tell."""
        found = await self.transaction.execute(
            self._FINISH,
            {
                **self._to(delivery.endpoint_id),
                "record": delivery.id,
                "lease": lease_id,
                "before": delivery.attempts,
                **{f"new_{name}": value for name, value in changes.items()},
            },
        )
        return found.one_or_none() is not None

    def _to(self, endpoint_id: UUID) -> dict[str, UUID]:
        return {"owner": self.owner_id, "endpoint": endpoint_id}


@dataclass(frozen=True)
class _OfEndpoint:
    """A query for the deliveries to one endpoint."""

    query: Query
    endpoint_id: UUID

    @property
    def limit(self) -> int:
        return self.query.limit

    @property
    def cursor(self) -> str | None:
        return self.query.cursor

    @property
    def order(self) -> str:
        return self.query.order

    @property
    def filters(self) -> Mapping[str, Any]:
        return {**self.query.filters, "endpoint_id": self.endpoint_id}


@cache
def _add(dialect: str, *, again: bool) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_t)
    if not again:
        return statement.on_conflict_do_nothing()
    kept = {"next_attempt_at": statement.excluded.next_attempt_at}
    return statement.on_conflict_do_update(
        index_elements=["owner_id", "endpoint_id", "id"], set_={**_AFRESH, **kept}
    )


class OldDeliveries:
    """The deliveries of everybody that ended long ago."""

    _PURGE = delete(_t).where(_t.c.finished_at < bindparam("before"))

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def purge(self, before: datetime) -> None:
        """Delete those that ended before an instant."""
        await self.transaction.execute(self._PURGE, {"before": before})
