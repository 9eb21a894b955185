"""The worker's part: handing stated facts on to the endpoints and organisations they concern."""

from collections.abc import Sequence
from uuid import UUID

from app.db.transaction import Database, Transaction
from app.domains.webhooks.repository.consent import RelationRepository
from app.domains.webhooks.repository.deliveries import DeliveryRepository, OldDeliveries
from app.domains.webhooks.repository.dispatch import StatedFacts, fact_of
from app.domains.webhooks.repository.endpoints import EndpointRepository
from app.domains.webhooks.repository.feed import FeedRepository
from app.domains.webhooks.rules import Fact, wants
from app.domains.webhooks.service.queueing import EndpointOwner, row_for, row_of_feed
from app.domains.webhooks.terms import KEPT
from app.kit.problems import Unauthenticated

FACTS_AT_ONCE = 500


async def dispatch_facts(database: Database) -> None:
    """Hand on every fact that waits, owner by owner.

    A fact is marked in the transaction that queues its deliveries, so that a killed worker leaves
    it either waiting or handed on, and several workers hand it on once.
    """
    while True:
        async with database.read(everyone=True) as transaction:
            waiting = await StatedFacts(transaction).waiting(FACTS_AT_ONCE)
        nobodys = [(row.owner_id, row.id) for row in waiting if not row.concerns_somebody]
        if nobodys:
            async with database.write(everyone=True) as transaction:
                await StatedFacts(transaction).mark(nobodys, transaction.clock.now())
        concerning = {row.owner_id: row for row in waiting if row.concerns_somebody}
        for owner_id, row in concerning.items():
            await _dispatch_of(database, owner_id, is_organization=row.is_organization)
        if len(waiting) < FACTS_AT_ONCE:
            return


async def _dispatch_of(database: Database, owner_id: UUID, *, is_organization: bool) -> None:
    try:
        async with database.write() as transaction:
            await _Dispatch(transaction, owner_id, is_organization=is_organization).run()
    except Unauthenticated:
        # Who stated the facts, or was to be told, was deleted a moment ago. The next round knows.
        return


class _Dispatch:
    """Hands on the facts of one person, or of one organisation.

    Organisations are locked before the person, in the order of their ids, as everywhere.
    """

    def __init__(self, transaction: Transaction, owner_id: UUID, *, is_organization: bool) -> None:
        self.transaction = transaction
        self.owner_id = owner_id
        self.is_organization = is_organization
        self.now = transaction.clock.now()

    async def run(self) -> None:
        """Hand on what waits, up to a bound; the next round takes the rest."""
        stated = StatedFacts(self.transaction)
        self.transaction.enter(self.owner_id)
        waiting = await stated.waiting_of(self.owner_id, FACTS_AT_ONCE)
        facts = [fact for row in waiting if (fact := fact_of(row))]
        concerned = {} if self.is_organization else await self._concerned(facts)
        for organization_id in concerned:
            await self._lock(organization_id)
        await self._lock(self.owner_id)
        mine = await stated.claim(self.owner_id, [row.id for row in waiting], self.now)
        fresh = [fact for fact in facts if fact.id in mine]
        if self.is_organization:
            await self._tell_organization(self.owner_id, fresh, None)
        else:
            await self._queue(self.owner_id, fresh, self.owner_id)
        for organization_id, theirs in concerned.items():
            told = [fact for fact in theirs if fact.id in mine]
            await self._tell_organization(organization_id, told, self.owner_id)

    async def _concerned(self, facts: Sequence[Fact]) -> dict[UUID, list[Fact]]:
        """By organisation what it may know of a person's facts, in the order of the ids."""
        relations = await RelationRepository(self.transaction).of_person(self.owner_id, self.now)
        found = {
            organization_id: [
                fact
                for fact in facts
                if fact.concerns(
                    organization_id, is_client=relation.is_active, granted=relation.granted
                )
            ]
            for organization_id, relation in sorted(relations.items())
        }
        return {organization_id: theirs for organization_id, theirs in found.items() if theirs}

    async def _lock(self, owner_id: UUID) -> int:
        self.transaction.enter(owner_id)
        return await self.transaction.revise(owner_id)

    async def _tell_organization(
        self, organization_id: UUID, facts: Sequence[Fact], account_id: UUID | None
    ) -> None:
        """Put facts into an organisation's feed, and tell its endpoints."""
        revision = await self._lock(organization_id)
        feed = FeedRepository(self.transaction, EndpointOwner(organization_id))
        await feed.add([row_of_feed(fact, account_id, revision) for fact in facts])
        await self._queue(organization_id, facts, account_id)

    async def _queue(self, owner_id: UUID, facts: Sequence[Fact], account_id: UUID | None) -> None:
        owner = EndpointOwner(owner_id)
        endpoints = await EndpointRepository(self.transaction, owner).active()
        await DeliveryRepository(self.transaction, owner).queue(
            [
                row_for(endpoint.id, fact, account_id)
                for endpoint in endpoints
                for fact in facts
                if wants(endpoint.event_types, fact.type)
            ]
        )


async def purge_old(database: Database) -> None:
    """Forget facts that were handed on, and deliveries that ended, more than 30 days ago."""
    async with database.write(everyone=True) as transaction:
        before = transaction.clock.now() - KEPT
        await StatedFacts(transaction).purge(before)
        await OldDeliveries(transaction).purge(before)
