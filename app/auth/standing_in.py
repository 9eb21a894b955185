"""Acting for people who agreed to it, or for an organisation one belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Capacity
from app.auth.consent import Actor, Consent
from app.auth.identity import Identity
from app.auth.repository.consent import ConsentRepository
from app.auth.repository.keys import KeyRepository
from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory, OrganizationRole
from app.db.transaction import Transaction
from app.kit.problems import NotFound
from app.kit.terms import Language, negotiate


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
    return await _capacity_of_member(transaction, who.actor_id, organization_id)


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
    if await KeyRepository(transaction).is_good(organization_id, actor_id, transaction.clock.now()):
        capacity = Capacity(organization_id, OrganizationRole.ADMIN, None)
    else:
        capacity = await _capacity_of_member(transaction, actor_id, organization_id)
    return Caller(
        owner_id=organization_id,
        actor_id=actor_id,
        session_id=None,
        signed_in_at=None,
        scopes=frozenset(),
        language=language,
        time_zone="UTC",
        country=None,
        capacity=capacity,
    )


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
    consent = _consent(_actor(identity, rows[0], client), rows)
    caller = Caller(
        owner_id=subject,
        actor_id=identity.actor_id,
        session_id=identity.session_id,
        signed_in_at=identity.signed_in_at,
        scopes=identity.scopes,
        consent=consent,
        **_life(rows[0], consent, accept_language),
    )
    return caller, consent


async def stand_in_for_many(
    transaction: Transaction, caller: Caller, actor: Actor, people: Sequence[UUID]
) -> dict[UUID, Caller]:
    """For each of some people with a grant in force, the one who acts for them.

    `caller` acts for an organisation, whose grants count. Ask within `Transaction.everyone`, and
    enter each person before anything is done for them.
    """
    rows = await ConsentRepository(transaction).for_many(
        people, actor.organization_id, actor.membership_id, transaction.clock.now()
    )
    of_person: dict[UUID, list[Any]] = {}
    for row in rows:
        of_person.setdefault(row.owner_id, []).append(row)
    found = {}
    for person_id, grants in of_person.items():
        consent = _consent(actor, grants)
        life = _life(grants[0], consent, None)
        found[person_id] = replace(
            caller, owner_id=person_id, capacity=None, consent=consent, **life
        )
    return found


async def actor_of(transaction: Transaction, caller: Caller) -> Actor:
    """The one who acts for an organisation, as access logs of people name them.

    Ask within `Transaction.everyone`: a member's session is theirs and not the organisation's.
    """
    row = await ConsentRepository(transaction).actor(
        caller.owner_id, caller.actor_id, caller.session_id
    )
    is_program = caller.is_program
    name = (caller.client if is_program else row.actor_name) or row.organization_name
    return Actor(
        kind=ActorKind.ORGANIZATION_KEY if is_program else ActorKind.MEMBER,
        id=caller.actor_id,
        name=name,
        client=caller.client or row.client,
        organization_id=caller.owner_id,
        organization_name=row.organization_name,
        membership_id=caller.capacity.membership_id if caller.capacity else None,
    )


def _actor(identity: Identity, row: Any, client: str | None) -> Actor:
    """The one who acts for a person, by the first of the grants that allow it."""
    is_program = identity.is_program
    return Actor(
        kind=ActorKind.ORGANIZATION_KEY if is_program else ActorKind.MEMBER,
        id=identity.actor_id,
        name=(client if is_program else row.actor_name) or row.organization_name,
        client=client,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        membership_id=None if is_program else row.membership_id,
    )


def _consent(actor: Actor, grants: Sequence[Any]) -> Consent:
    """What some grants of one person let somebody see and change."""
    readable, writable = (
        {
            ConsentCategory(category): grant.id
            for grant in grants
            if grant.access in accesses
            for category in grant.categories
        }
        for accesses in (tuple(ConsentAccess), (ConsentAccess.WRITE,))
    )
    return Consent(actor, readable, writable)


def _life(row: Any, consent: Consent, accept_language: str | None) -> dict[str, Any]:
    """How to speak to a person, and where they live."""
    return {
        "language": negotiate(accept_language, row.locale),
        "time_zone": row.time_zone,
        # A part of the profile that no day depends on.
        "country": row.country if ConsentCategory.PROFILE in consent.readable else None,
    }


async def _capacity_of_member(
    transaction: Transaction, account_id: UUID, organization_id: UUID
) -> Capacity:
    row = await ConsentRepository(transaction).membership(organization_id, account_id)
    if row is None:
        raise NotFound
    return Capacity(organization_id, OrganizationRole(row.role), row.id)
