"""What people and organisations do with their endpoints."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.errors import RoleMissing
from app.auth.sealing import Sealer
from app.auth.standing_in import capacity_of
from app.auth.terms import OrganizationRole
from app.db.paging import Page
from app.db.references import unknown
from app.domains.webhooks import rules
from app.domains.webhooks.errors import (
    EndpointDisabled,
    TooManyEndpoints,
    neither_or_both,
    url_refused,
)
from app.domains.webhooks.repository.deliveries import DeliveryRepository
from app.domains.webhooks.repository.dispatch import StatedFacts, fact_of, told_before
from app.domains.webhooks.repository.endpoints import EndpointRepository
from app.domains.webhooks.repository.feed import FeedRepository
from app.domains.webhooks.rules import Fact
from app.domains.webhooks.schemas import (
    DeliveryQuery,
    EndpointCreate,
    EndpointPatch,
    EndpointQuery,
    RedeliveryCreate,
)
from app.domains.webhooks.service.queueing import row_for
from app.domains.webhooks.terms import (
    BOTH_SIGN_FOR,
    MAX_ENDPOINTS,
    SECRET_BYTES,
    DisabledReason,
    EndpointStatus,
    EventType,
)
from app.kit.ids import new_id
from app.kit.preconditions import Precondition
from app.outbound import CallFailedError, check_url
from app.settings import Settings

REDELIVERED_AT_ONCE = 1_000


class EndpointService(Service):
    """Makes, changes, tries and deletes endpoints.

    They belong to whoever calls; an admin names the organisation to act for it.
    """

    async def list(self, query: EndpointQuery) -> Page:
        """One page of the endpoints; raises NotFound, RoleMissing."""
        owner = await self._owner(query.organization_id)
        page = await EndpointRepository(self.transaction, owner).page(query)
        return Page([_shown(row, owner) for row in page.items], page.next_cursor)

    async def add(self, organization_id: UUID | None, body: EndpointCreate) -> dict[str, Any]:
        """Make an endpoint; its secret is shown this once.

        Raises:
            NotFound, RoleMissing.
            Invalid: no message could be sent to that address.
            TooManyEndpoints: the owner has 20 already.
        """
        owner = await self._owner(organization_id)
        self._check(body.url)
        endpoints = EndpointRepository(self.transaction, owner)
        await self.transaction.revise(owner.owner_id)
        if await endpoints.count() >= MAX_ENDPOINTS:
            raise TooManyEndpoints(limit=MAX_ENDPOINTS)
        endpoint_id, secret = new_id(), secrets.token_bytes(SECRET_BYTES)
        row = await endpoints.insert(
            {
                **body.model_dump(),
                "id": endpoint_id,
                "status": EndpointStatus.ACTIVE,
                "disabled_reason": None,
                "secret": self._sealer.seal(secret, endpoint_id),
            }
        )
        return {**_shown(row, owner), "secret": rules.secret_text(secret)}

    async def get(self, organization_id: UUID | None, endpoint_id: UUID) -> dict[str, Any]:
        """One endpoint; raises NotFound, RoleMissing."""
        owner = await self._owner(organization_id)
        return _shown(await EndpointRepository(self.transaction, owner).get(endpoint_id), owner)

    async def update(
        self,
        organization_id: UUID | None,
        endpoint_id: UUID,
        patch: EndpointPatch,
        precondition: Precondition,
    ) -> dict[str, Any]:
        """Change an endpoint, switch it off, or on again; off, what waits is not sent.

        Raises:
            NotFound, RoleMissing, PreconditionFailed.
            Invalid: no message could be sent to that address.
        """
        owner = await self._owner(organization_id)
        endpoints = EndpointRepository(self.transaction, owner)
        row, changes = await endpoints.change(endpoint_id, patch, precondition)
        if not changes:
            return _shown(row, owner)
        if "url" in changes:
            self._check(changes["url"])
        if changes.get("status") is EndpointStatus.DISABLED:
            changes["disabled_reason"] = DisabledReason.BY_OWNER
            await DeliveryRepository(self.transaction, owner).skip(endpoint_id)
        elif "status" in changes:
            changes["disabled_reason"] = None
        return _shown(await endpoints.update(endpoint_id, changes), owner)

    async def delete(
        self, organization_id: UUID | None, endpoint_id: UUID, precondition: Precondition
    ) -> None:
        """Delete an endpoint with its log; raises NotFound, RoleMissing, PreconditionFailed."""
        owner = await self._owner(organization_id)
        endpoints = EndpointRepository(self.transaction, owner)
        precondition.check((await endpoints.lock(endpoint_id)).revision)
        await endpoints.delete(endpoint_id)

    async def rotate(self, organization_id: UUID | None, endpoint_id: UUID) -> dict[str, Any]:
        """Replace the secret; the one before signs as well for 24 hours.

        Raises:
            NotFound, RoleMissing.
        """
        owner = await self._owner(organization_id)
        endpoints = EndpointRepository(self.transaction, owner)
        before = await endpoints.lock(endpoint_id)
        secret = secrets.token_bytes(SECRET_BYTES)
        row = await endpoints.update(
            endpoint_id,
            {
                "secret": self._sealer.seal(secret, endpoint_id),
                "previous_secret": before.secret,
                "previous_secret_until": self.clock.now() + BOTH_SIGN_FOR,
            },
        )
        return {**_shown(row, owner), "secret": rules.secret_text(secret)}

    async def ping(self, organization_id: UUID | None, endpoint_id: UUID) -> Any:
        """Let a test message be sent; raises NotFound, RoleMissing, EndpointDisabled."""
        owner = await self._owner(organization_id)
        endpoint = await self._active(owner, endpoint_id)
        fact = Fact(
            id=new_id(),
            type=EventType.PING,
            category=None,
            collection=rules.COLLECTION_OF_TYPE[EventType.PING],
            record_id=endpoint_id,
            revision=endpoint.revision,
            occurred_at=self.clock.now(),
        )
        deliveries = DeliveryRepository(self.transaction, owner)
        await deliveries.queue([row_for(endpoint_id, fact, _person_in(owner))])
        return await deliveries.find_one(endpoint_id, fact.id)

    async def log(
        self, organization_id: UUID | None, endpoint_id: UUID, query: DeliveryQuery
    ) -> Page:
        """One page of what was sent to an endpoint; raises NotFound, RoleMissing."""
        owner = await self._owner(organization_id)
        await EndpointRepository(self.transaction, owner).get(endpoint_id)
        return await DeliveryRepository(self.transaction, owner).page_of(endpoint_id, query)

    async def redeliver(
        self, organization_id: UUID | None, endpoint_id: UUID, body: RedeliveryCreate
    ) -> dict[str, Any]:
        """Let one message be sent again, or all since an instant, also those never sent.

        Raises:
            NotFound, RoleMissing, EndpointDisabled.
            Invalid: there is no such delivery, or it is not said which, or in two ways.
        """
        if (body.delivery_id is None) == (body.since is None):
            raise neither_or_both()
        owner = await self._owner(organization_id)
        endpoint = await self._active(owner, endpoint_id)
        deliveries = DeliveryRepository(self.transaction, owner)
        if body.since is not None:
            rows, next_since = await self._told_since(owner, endpoint, body.since)
            await deliveries.queue(rows, again=True)
            return {"count": len(rows), "next_since": next_since}
        if not await deliveries.begin_again(endpoint_id, body.delivery_id):
            raise unknown("/delivery_id")
        return {"count": 1, "next_since": None}

    async def _told_since(
        self, owner: Caller, endpoint: Any, since: datetime
    ) -> tuple[Sequence[dict[str, Any]], datetime | None]:
        """What an endpoint would have been told since an instant, and where to go on."""
        most = REDELIVERED_AT_ONCE + 1
        told: list[tuple[Fact | None, UUID | None]]
        if owner.capacity is not None:
            theirs = await FeedRepository(self.transaction, owner).since(since, most)
            times = [row.occurred_at for row in theirs]
            told = [(told_before(row), row.account_id) for row in theirs]
        else:
            stated = StatedFacts(self.transaction)
            mine = await stated.dispatched_since(owner.owner_id, since, most)
            times = [row.created_at for row in mine]
            told = [(fact_of(row), owner.owner_id) for row in mine]
        rows = [
            row_for(endpoint.id, fact, account_id)
            for fact, account_id in told[:REDELIVERED_AT_ONCE]
            if fact is not None and rules.wants(endpoint.event_types, fact.type)
        ]
        return rows, times[-1] if len(times) == most else None

    async def _owner(self, organization_id: UUID | None) -> Caller:
        """The caller as the owner of endpoints: themselves, or an organisation they administer."""
        if organization_id is None or organization_id == self.caller.owner_id:
            return self.caller
        capacity = await capacity_of(self.transaction, self.caller, organization_id)
        if capacity.role is not OrganizationRole.ADMIN:
            raise RoleMissing
        self.transaction.enter(organization_id)
        return replace(self.caller, owner_id=organization_id, capacity=capacity)

    async def _active(self, owner: Caller, endpoint_id: UUID) -> Any:
        endpoint = await EndpointRepository(self.transaction, owner).lock(endpoint_id)
        if endpoint.status is not EndpointStatus.ACTIVE:
            raise EndpointDisabled
        return endpoint

    def _check(self, url: str) -> None:
        try:
            check_url(url, self.transaction.shared(Settings).webhook_networks)
        except CallFailedError as refused:
            raise url_refused(refused.failure) from None

    @property
    def _sealer(self) -> Sealer:
        return self.transaction.shared(Sealer)


def _person_in(owner: Caller) -> UUID | None:
    """The person whom an owner's own messages are about, if it is one."""
    return owner.owner_id if owner.capacity is None else None


def _shown(row: Any, owner: Caller) -> dict[str, Any]:
    """An endpoint as its owner sees it."""
    shown = {**row._mapping, "organization_id": None if owner.capacity is None else owner.owner_id}  # noqa: SLF001 -- SQLAlchemy's public name
    for hidden in ("secret", "previous_secret"):
        del shown[hidden]
    return shown
