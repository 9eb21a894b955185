"""Ending what people granted to one member of an organisation, when that member leaves it."""

from collections.abc import Collection
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
    now = transaction.clock.now()
    for person_id in await grantors(transaction, organization_id, membership_ids):
        transaction.enter(person_id)
        person = caller.at(person_id)
        try:
            ended = await EndedGrants(transaction, person).end(organization_id, membership_ids, now)
        except Unauthenticated:
            continue  # The account was deleted meanwhile, and its grants with it.
        for grant in ended:
            await transaction.state(person, GrantRevoked(record_id=grant.id))
    transaction.enter(caller.owner_id)
