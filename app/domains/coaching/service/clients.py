"""The people whom an organisation accompanies: a caseload at a glance, and each relation."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.access_log import witness_all
from app.auth.caller import Caller, Service
from app.auth.grants import end_grants_of
from app.auth.standing_in import actor_of
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.coaching.repository.clients import ClientRepository
from app.domains.coaching.rules.standing import GrantFacts, Standing, standing
from app.domains.coaching.schemas.clients import ClientPatch, ClientQuery
from app.domains.coaching.terms import ClientStatus
from app.kit.preconditions import Precondition
from app.kit.problems import NotFound, Unauthenticated


class ClientService(Service):
    """Shows, changes and ends what an organisation has to do with people."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.clients = ClientRepository(transaction, caller)

    async def list(self, query: ClientQuery) -> Page:
        """One page of clients with what each agreed to show; noted in their access logs."""
        now = self.clock.now()
        with self.transaction.everyone():
            actor = await actor_of(self.transaction, self.caller)
            covered = [one for one in ConsentCategory if f"{one}:read" in self.caller.scopes]
            page = await self.clients.caseload(
                query, membership_id=actor.membership_id, covered=covered, now=now
            )
            shown = [(row, standing(map(_grant, row.grants), now)) for row in page.items]
            await witness_all(
                self.transaction,
                actor,
                ConsentAccess.READ,
                "list_clients",
                {row.id: _looked_at(consent, covered) for row, consent in shown},
            )
        return Page([_at_a_glance(row, consent) for row, consent in shown], page.next_cursor)

    async def get(self, account_id: UUID) -> dict[str, Any]:
        """One client; raises NotFound."""
        return _present(await self.clients.get(account_id))

    async def update(
        self, account_id: UUID, patch: ClientPatch, precondition: Precondition
    ) -> dict[str, Any]:
        """Change what the organisation keeps of a client; ending gives up what was granted to it.

        Raises:
            NotFound, PreconditionFailed.
            ExternalIdTaken: another active client has it.
            Invalid: no such coach.
        """
        client, changes = await self.clients.change(account_id, patch, precondition)
        if not changes:
            return _present(client)
        await self.clients.check_references(changes)
        if changes.get("external_id"):
            await self.clients.free(changes["external_id"])
        if changes.get("status") is ClientStatus.ENDED:
            try:
                await end_grants_of(self.transaction, account_id, self.caller.owner_id)
            except Unauthenticated:
                raise NotFound from None
        return _present(await self.clients.update(account_id, changes))

    async def active_among(self, people: Collection[UUID]) -> set[UUID]:
        """Those of some people whom the organisation accompanies now."""
        return set(await self.clients.active_among(people))


def _grant(values: Any) -> GrantFacts:
    """A grant as the statement gathers it."""
    id_, status, categories, access, expires_at = values
    return GrantFacts(
        id=UUID(id_),
        status=GrantStatus(status),
        categories=tuple(map(ConsentCategory, categories)),
        access=ConsentAccess(access),
        expires_at=datetime.fromisoformat(expires_at),
    )


def _looked_at(
    consent: Standing, covered: Collection[ConsentCategory]
) -> dict[ConsentCategory, UUID]:
    """The categories of which the caseload tells something; no figure is about insights."""
    return {
        category: grant_id
        for category, grant_id in consent.readable.items()
        if category in covered and category is not ConsentCategory.INSIGHTS
    }


def _present(client: Any) -> dict[str, Any]:
    return {**client._mapping, "account_id": client.id}  # noqa: SLF001 -- SQLAlchemy's public name


def _at_a_glance(row: Any, consent: Standing) -> dict[str, Any]:
    return {
        **_present(row),
        "consent": {
            "state": consent.state,
            "readable": list(consent.readable),
            "writable": list(consent.writable),
            "expires_at": consent.expires_at,
        },
    }
