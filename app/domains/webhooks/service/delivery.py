"""The worker's part: sending what is due, without holding a transaction meanwhile."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from app.auth.sealing import Sealer
from app.db.transaction import Database, Transaction
from app.domains.webhooks import rules
from app.domains.webhooks.events import WebhookEndpointDisabled
from app.domains.webhooks.repository.consent import RelationRepository
from app.domains.webhooks.repository.deliveries import DeliveryRepository
from app.domains.webhooks.repository.dispatch import told_before
from app.domains.webhooks.repository.endpoints import EndpointRepository, WaitingEndpoints
from app.domains.webhooks.service.dispatch import dispatch_facts
from app.domains.webhooks.service.queueing import EndpointOwner
from app.domains.webhooks.service.sending import Outcome, headers_of, message_of, send
from app.domains.webhooks.terms import DeliveryStatus, DisabledReason, EndpointStatus
from app.kit.ids import new_id
from app.kit.problems import Unauthenticated
from app.outbound import Outbound
from app.settings import Settings

log = structlog.get_logger()

ROUND_S = 0.5
AT_ONCE_TO_ONE = 5
"""Messages under way to one endpoint, so that a slow one holds up nobody but itself."""

ENDPOINTS_AT_ONCE = 100
LEASE_IN_TIMEOUTS = 3
"""A lease lasts three times as long as an attempt may take; then the worker counts as dead."""

CHANCES = 1_000


@dataclass(frozen=True)
class _Batch:
    """What one worker has taken of one endpoint."""

    endpoint: Any
    deliveries: Sequence[Any]
    lease_id: UUID


class Courier:
    """Hands facts on and delivers them, until it is told to stop.

    Endpoints are served side by side, each by one task of a worker at a time.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        settings = database.collaborator(Settings)
        self.schedule = settings.webhook_retry_seconds
        self.lease = timedelta(seconds=LEASE_IN_TIMEOUTS * settings.webhook_timeout_seconds)
        self._serving: dict[UUID, asyncio.Task[None]] = {}

    @classmethod
    async def run(cls, database: Database, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what is under way then is finished."""
        courier = cls(database)
        while not stop.is_set():
            try:
                await courier.round()
            except Exception as error:  # noqa: BLE001 -- the next round tries it again.
                _log(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await stop.wait()
        await courier.finish()

    async def round(self) -> None:
        """Hand on what waits, and begin to serve every endpoint for which something is due."""
        await dispatch_facts(self.database)
        async with self.database.read(everyone=True) as transaction:
            found = await WaitingEndpoints(transaction).find(transaction.clock.now())
        for endpoint in found:
            if endpoint.id not in self._serving and len(self._serving) < ENDPOINTS_AT_ONCE:
                serving = self._serve(endpoint.owner_id, endpoint.id)
                self._serving[endpoint.id] = asyncio.create_task(serving)

    async def finish(self) -> None:
        """Wait until nothing is under way any more."""
        while self._serving:
            await asyncio.gather(*self._serving.values())

    async def _serve(self, owner_id: UUID, endpoint_id: UUID) -> None:
        """Send what is due to one endpoint, a few messages at a time, until nothing is."""
        try:
            while (batch := await self._take(owner_id, endpoint_id)) is not None:
                ended = await asyncio.gather(
                    *(self._deliver(batch, one) for one in batch.deliveries), return_exceptions=True
                )
                for error in filter(None, ended):
                    _log(error)
        except Exception as error:  # noqa: BLE001 -- one endpoint's trouble stops no other.
            _log(error)
        finally:
            del self._serving[endpoint_id]

    async def _take(self, owner_id: UUID, endpoint_id: UUID) -> _Batch | None:
        """Lease some of what is due to an endpoint; what may no longer be told is left out."""
        while True:
            async with self.database.write() as transaction:
                transaction.enter(owner_id)
                owner, now = EndpointOwner(owner_id), transaction.clock.now()
                deliveries = DeliveryRepository(transaction, owner)
                endpoint = await EndpointRepository(transaction, owner).hold(endpoint_id)
                if endpoint is None:
                    return None
                free = AT_ONCE_TO_ONE - await deliveries.under_way(endpoint_id, now)
                due = await deliveries.due(endpoint_id, now, free) if free > 0 else ()
                if not due:
                    return None
                untold = await _not_to_be_told(transaction, owner_id, due)
                await deliveries.skip(endpoint_id, untold)
                kept = [one for one in due if one.id not in untold]
                lease_id = new_id()
                if kept:
                    ids = [one.id for one in kept]
                    await deliveries.lease(endpoint_id, ids, lease_id, now + self.lease)
            if kept:
                return _Batch(endpoint, kept, lease_id)

    async def _deliver(self, batch: _Batch, delivery: Any) -> None:
        """Make one attempt, and note how it ended."""
        endpoint, body = batch.endpoint, message_of(delivery)
        now = self.database.clock.now()
        headers = headers_of(delivery.id, body, self._secrets(endpoint, now), now)
        outbound = self.database.collaborator(Outbound)
        outcome = await send(outbound, endpoint.url, headers, body)
        try:
            async with self.database.write() as transaction:
                transaction.enter(endpoint.owner_id)
                await self._note(transaction, batch, delivery, outcome)
        except Unauthenticated:
            # The owner was deleted while the message was under way.
            return

    def _secrets(self, endpoint: Any, now: datetime) -> list[bytes]:
        sealer = self.database.collaborator(Sealer)
        sealed = [endpoint.secret]
        if endpoint.previous_secret_until is not None and now < endpoint.previous_secret_until:
            sealed.append(endpoint.previous_secret)
        return [sealer.open(one, endpoint.id) for one in sealed]

    async def _note(
        self, transaction: Transaction, batch: _Batch, delivery: Any, outcome: Outcome
    ) -> None:
        """Note how an attempt ended, unless the lease has passed to another worker."""
        owner = EndpointOwner(batch.endpoint.owner_id)
        is_gone = rules.is_gone(outcome.status_code)
        if is_gone:
            # The owner's lock comes before those of rows.
            await transaction.revise(owner.owner_id)
        deliveries = DeliveryRepository(transaction, owner)
        changes = self._changes(delivery, outcome)
        if await deliveries.finish(delivery, batch.lease_id, changes) and is_gone:
            await deliveries.skip(delivery.endpoint_id)
            await EndpointRepository(transaction, owner).update(
                delivery.endpoint_id,
                {"status": EndpointStatus.DISABLED, "disabled_reason": DisabledReason.GONE},
            )
            await transaction.state(owner, WebhookEndpointDisabled(record_id=delivery.endpoint_id))

    def _changes(self, delivery: Any, outcome: Outcome) -> dict[str, Any]:
        """What becomes of a delivery after an attempt."""
        now, attempts = self.database.clock.now(), delivery.attempts + 1
        pause = None
        if not outcome.has_arrived and not rules.is_gone(outcome.status_code):
            asked = rules.wait_asked_for(outcome.status_code, outcome.retry_after, now)
            chance = secrets.randbelow(CHANCES) / CHANCES
            pause = rules.pause_before_next(attempts, self.schedule, asked, chance)
        status = DeliveryStatus.DELIVERED if outcome.has_arrived else DeliveryStatus.FAILED
        return {
            "status": status if pause is None else DeliveryStatus.PENDING,
            "attempts": attempts,
            "next_attempt_at": None if pause is None else now + pause,
            "last_status_code": outcome.status_code,
            "last_failure": outcome.failure,
            "finished_at": now if pause is None else None,
        }


def _log(error: BaseException) -> None:
    """Note what broke; what was taken comes back when its lease has run out."""
    log.error("delivery_failed", exc_info=error, exception=type(error).__name__)


async def _not_to_be_told(
    transaction: Transaction, owner_id: UUID, due: Sequence[Any]
) -> set[UUID]:
    """Those of some deliveries that the people concerned do not agree to any more."""
    others = {one.account_id for one in due} - {None, owner_id}
    if not others:
        return set()
    relations = await RelationRepository(transaction).of_organization(
        owner_id, others, transaction.clock.now()
    )
    return {
        one.id
        for one in due
        if one.account_id in others
        and one.collection != "grants"
        and not (
            (relation := relations.get(one.account_id))
            and told_before(one).concerns(
                owner_id, is_client=relation.is_active, granted=relation.granted
            )
        )
    }
