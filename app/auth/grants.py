"""What people agree to: asked for, given, changed, ended, and running out with time.

A grant belongs to the person. It counts at the time of each request (`app.auth.standing_in`), so
that what is revoked here is refused from the next request on.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Holder
from app.auth.events import (
    GrantActivated,
    GrantDeclined,
    GrantExpired,
    GrantExpiring,
    GrantRequested,
    GrantRevoked,
)
from app.auth.repository.grants import DueGrants, GrantRepository, GrantsGiven
from app.auth.rules import consequences
from app.auth.terms import (
    GRANT_EXPIRY_NOTICE,
    ConsentAccess,
    ConsentCategory,
    GrantStatus,
)
from app.db.paging import Page, Query
from app.db.transaction import Transaction
from app.kit.events import Event
from app.kit.preconditions import Precondition
from app.kit.problems import NotFound, Unauthenticated
from app.kit.schemas import Patch

FACTS: Mapping[GrantStatus, type[Any]] = {
    GrantStatus.REQUESTED: GrantRequested,
    GrantStatus.ACTIVE: GrantActivated,
    GrantStatus.DECLINED: GrantDeclined,
    GrantStatus.REVOKED: GrantRevoked,
    GrantStatus.EXPIRED: GrantExpired,
}


class Grants:
    """The grants of one person: every change under their lock, and stated as a fact of theirs."""

    def __init__(self, transaction: Transaction, person_id: UUID) -> None:
        self.transaction = transaction
        self.clock = transaction.clock
        self.person = Holder(person_id)
        self.grants = GrantRepository(transaction, self.person)

    async def page(self, query: Query) -> Page:
        """One page of what the person was asked for and agreed to."""
        return await self.grants.page(query)

    async def find(self, grant_id: UUID) -> Any:
        """One grant, or None when the person has none with that id."""
        return await self.grants.find(grant_id)

    async def add(self, status: GrantStatus, terms: Mapping[str, Any]) -> Any:
        """Store a grant that is asked for, or given by the person and in force at once."""
        is_active = status is GrantStatus.ACTIVE
        record = await self.grants.insert(
            {
                **terms,
                "status": status,
                "activated_at": self.clock.now() if is_active else None,
                "ended_at": None,
                "expiry_noticed_at": None,
            }
        )
        await self._state(FACTS[status], record)
        return record

    async def change(
        self, grant_id: UUID, patch: Patch, precondition: Precondition
    ) -> tuple[Any, dict[str, Any]]:
        """The locked grant, and what a patch would change in it.

        Raises:
            NotFound, PreconditionFailed.
        """
        try:
            return await self.grants.change(grant_id, patch, precondition)
        except Unauthenticated:
            # The account was deleted a moment ago, and its grants with it.
            raise NotFound from None

    async def apply(self, grant: Any, changes: Mapping[str, Any]) -> Any:
        """Carry out changes of a locked grant with all that follows from them.

        Raises:
            InvalidTransition: its status cannot follow.
            Invalid: what it allows cannot change any more, or its end cannot be this one.
        """
        changed = consequences(grant, changes, self.clock.now())
        return await self._write(grant, changed, FACTS[changed.get("status", grant.status)])

    async def end(
        self, organization_id: UUID, membership_ids: Collection[UUID] | None = None
    ) -> None:
        """Revoke what was granted to an organisation, or only to some members of it alone."""
        await self.transaction.revise(self.person.owner_id)
        for grant in await self.grants.open_to(organization_id, membership_ids):
            await self.apply(grant, {"status": GrantStatus.REVOKED})

    async def run_out(self) -> None:
        """Let grants expire whose time is over; tell of those that end within 14 days, once."""
        now = self.clock.now()
        await self.transaction.revise(self.person.owner_id)
        for grant in await self.grants.due(now + GRANT_EXPIRY_NOTICE):
            if grant.expires_at <= now:
                ended = {"status": GrantStatus.EXPIRED, "ended_at": grant.expires_at}
                await self._write(grant, ended, GrantExpired)
            elif grant.expiry_noticed_at is None:
                await self._write(grant, {"expiry_noticed_at": now}, GrantExpiring)

    async def _write(self, grant: Any, changes: Mapping[str, Any], fact: type[Any]) -> Any:
        record = await self.grants.update(grant.id, changes)
        await self._state(fact, record)
        return record

    async def _state(self, fact: type[Any], record: Any) -> None:
        event: Event = fact(record_id=record.id)
        await self.transaction.state(self.person, event)


class GrantRequests:
    """Asking a person for consent, in the name of an organisation they have to do with."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def request(  # noqa: PLR0913, PLR0917 -- a grant has so many parts.
        self,
        person_id: UUID,
        organization_id: UUID,
        membership_id: UUID | None,
        categories: Collection[ConsentCategory],
        access: ConsentAccess,
        purpose: str,
        expires_at: datetime,
    ) -> Any:
        """Store a request for the person to decide about; nothing is allowed until they have.

        That they belong to the organisation, and the member too, is for the caller to see to, and
        so is `Transaction.enter`. `app.auth.rules.end_of_grant` finds an `expires_at`.
        """
        terms = {
            "organization_id": organization_id,
            "membership_id": membership_id,
            "categories": list(categories),
            "access": access,
            "purpose": purpose,
            "expires_at": expires_at,
        }
        return await Grants(self.transaction, person_id).add(GrantStatus.REQUESTED, terms)


async def page_of_given(transaction: Transaction, organization_id: UUID, query: Query) -> Page:
    """One page of what people were asked for by an organisation and let it do."""
    with transaction.everyone():
        return await GrantsGiven(transaction).page(organization_id, query)


async def find_given(transaction: Transaction, caller: Caller, grant_id: UUID) -> Any:
    """A grant that was given to an organisation for which the caller may act for clients."""
    with transaction.everyone():
        return await GrantsGiven(transaction).find(caller, grant_id)


async def people_with_due_grants(
    transaction: Transaction, after: UUID, most: int
) -> Sequence[UUID]:
    """People with a grant to end now, or to tell of, in the order of their ids."""
    now = transaction.clock.now()
    soon = now + GRANT_EXPIRY_NOTICE
    return await DueGrants(transaction).owners(now, soon, after=after, most=most)


async def end_grants_to(
    transaction: Transaction, organization_id: UUID, membership_ids: Collection[UUID]
) -> None:
    """Revoke what people granted, or were asked to grant, to these members alone.

    Grants to the organisation as a whole stay. The organisation's lock is held already; those of
    the people are taken in the order of their ids.
    """
    with transaction.everyone():
        people = await GrantsGiven(transaction).grantors(organization_id, membership_ids)
    for person_id in people:
        with suppress(Unauthenticated):  # The account was deleted meanwhile, with its grants.
            await end_grants_of(transaction, person_id, organization_id, membership_ids)


async def end_grants_of(
    transaction: Transaction,
    person_id: UUID,
    organization_id: UUID,
    membership_ids: Collection[UUID] | None = None,
) -> None:
    """Revoke what one person granted to an organisation, or only to some members of it alone.

    The organisation's lock is held already; the person's is taken after it.

    Raises:
        Unauthenticated: the account has been deleted meanwhile.
    """
    with transaction.reaching(person_id):
        await Grants(transaction, person_id).end(organization_id, membership_ids)
