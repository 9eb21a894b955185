"""Ending what people granted, when a member leaves an organisation or it has done with them."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from app.auth.caller import Caller
from app.auth.events import GrantRevoked
from app.auth.repository.grant_endings import EndedGrants, grantors
from app.db.transaction import Transaction
from app.kit.problems import Unauthenticated


async def end_grants_to(
    transaction: Transaction,
    caller: Caller,
    organization_id: UUID,
    membership_ids: Collection[UUID],
) -> None:
    """Revoke what people granted, or were asked to grant, to these members alone.

    Grants to the organisation as a whole stay. The organisation's lock is held already; those of
    the people are taken in the order of their ids.
    """
    for person_id in await grantors(transaction, organization_id, membership_ids):
        with suppress(Unauthenticated):  # The account was deleted meanwhile, with its grants.
            await _end(transaction, caller, organization_id, person_id, membership_ids)
    transaction.enter(caller.owner_id)


async def end_all_grants(transaction: Transaction, caller: Caller, person_id: UUID) -> None:
    """Revoke all that a person granted, or was asked to grant, to the caller's organisation.

    The organisation's lock is held already; the person's is taken after it.

    Raises:
        Unauthenticated: the account has been deleted meanwhile.
    """
    await _end(transaction, caller, caller.owner_id, person_id)
    transaction.enter(caller.owner_id)


async def _end(
    transaction: Transaction,
    caller: Caller,
    organization_id: UUID,
    person_id: UUID,
    membership_ids: Collection[UUID] | None = None,
) -> None:
    transaction.enter(person_id)
    person, now = caller.at(person_id), transaction.clock.now()
    for grant in await EndedGrants(transaction, person).end(organization_id, now, membership_ids):
        await transaction.state(person, GrantRevoked(record_id=grant.id))
