"""Acting for a person who agreed to it, or for an organisation one belongs to."""

from typing import Any
from uuid import UUID

from app.auth.acting_for_many import by_category
from app.auth.caller import Caller, Capacity
from app.auth.consent import Actor, Consent
from app.auth.identity import Identity
from app.auth.repository.consent import ConsentRepository
from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory, OrganizationRole
from app.db.transaction import Transaction
from app.kit.problems import NotFound
from app.kit.terms import negotiate


async def capacity_of(
    transaction: Transaction, who: Identity | Caller, organization_id: UUID
) -> Capacity:
    """In which capacity somebody may act for an organisation.

    Raises:
        NotFound: there is no such organisation, or they have nothing to do with it.
    """
    if who.is_program:
        if who.owner_id != organization_id:
            raise NotFound
        return Capacity(organization_id, OrganizationRole.ADMIN, None)
    row = await ConsentRepository(transaction).membership(organization_id, who.actor_id)
    if row is None:
        raise NotFound
    return Capacity(organization_id, OrganizationRole(row.role), row.id)


async def stand_in_for(
    transaction: Transaction, identity: Identity, subject: UUID, accept_language: str | None
) -> tuple[Caller, Consent]:
    """The caller who acts for a person, with what that person agreed to.

    Days are those of the person, and so is the language unless the request asks for another.

    Raises:
        NotFound: no grant is in force; a person who does not exist gets the same answer.
    """
    asked, now = ConsentRepository(transaction), transaction.clock.now()
    client = identity.client
    if client is None and identity.session_id is not None:
        client = await asked.client_of(identity.actor_id, identity.session_id)
    transaction.enter(subject)
    if identity.organization_id is not None:
        rows = await asked.for_organization(subject, identity.organization_id, now)
    else:
        rows = await asked.for_member(subject, identity.actor_id, now)
    if not rows:
        raise NotFound
    first = rows[0]
    consent = Consent(
        actor=_actor(identity, first, client),
        readable=by_category(rows, ConsentAccess.READ, ConsentAccess.WRITE),
        writable=by_category(rows, ConsentAccess.WRITE),
    )
    caller = Caller(
        owner_id=subject,
        actor_id=identity.actor_id,
        session_id=identity.session_id,
        signed_in_at=identity.signed_in_at,
        scopes=identity.scopes,
        language=negotiate(accept_language, first.locale),
        time_zone=first.time_zone,
        # A part of the profile that no day depends on.
        country=first.country if ConsentCategory.PROFILE in consent.readable else None,
        consent=consent,
    )
    return caller, consent


def _actor(identity: Identity, row: Any, client: str | None) -> Actor:
    if identity.organization_id is not None:
        return Actor(
            kind=ActorKind.ORGANIZATION_KEY,
            id=identity.actor_id,
            name=client or row.organization_name,
            client=client,
            organization_id=row.organization_id,
            organization_name=row.organization_name,
            membership_id=None,
        )
    return Actor(
        kind=ActorKind.MEMBER,
        id=identity.actor_id,
        name=row.actor_name,
        client=client,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        membership_id=row.membership_id,
    )
