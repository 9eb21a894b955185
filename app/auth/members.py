"""Who may act for an organisation, asked while no request of theirs is there."""

from collections.abc import Sequence
from uuid import UUID

from app.auth.caller import Caller, Capacity
from app.auth.repository.consent import ConsentRepository
from app.auth.repository.keys import KeyRepository
from app.auth.terms import OrganizationRole
from app.db.transaction import Transaction
from app.kit.problems import NotFound
from app.kit.terms import Language


async def organizations_of(transaction: Transaction, account_id: UUID) -> Sequence[UUID]:
    """The organisations for whose clients somebody may act: as an active admin or coach."""
    return await ConsentRepository(transaction).organizations(account_id)


async def caller_for_organization(
    transaction: Transaction, organization_id: UUID, actor_id: UUID, language: Language
) -> Caller:
    """A member of an organisation, or its key, as use cases know them, for the worker.

    Such a caller has no session and holds no scopes, so that no guard could take it for a request.

    Raises:
        NotFound: they are no active member any more; the key is gone or has expired.
    """
    return Caller(
        owner_id=organization_id,
        actor_id=actor_id,
        session_id=None,
        signed_in_at=None,
        scopes=frozenset(),
        language=language,
        time_zone="UTC",
        country=None,
        capacity=await _capacity_of(transaction, organization_id, actor_id),
    )


async def _capacity_of(transaction: Transaction, organization_id: UUID, actor_id: UUID) -> Capacity:
    now = transaction.clock.now()
    member = await ConsentRepository(transaction).membership(organization_id, actor_id)
    if member is not None:
        return Capacity(organization_id, OrganizationRole(member.role), member.id)
    if await KeyRepository(transaction).is_good(organization_id, actor_id, now):
        return Capacity(organization_id, OrganizationRole.ADMIN, None)
    raise NotFound
