"""Acting for an organisation with several people at once, each under what they agreed to."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.auth.caller import Caller
from app.auth.consent import Actor, Consent
from app.auth.repository.consent import ConsentRepository
from app.auth.terms import ActorKind, ConsentAccess, ConsentCategory
from app.db.transaction import Transaction
from app.kit.terms import negotiate


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
    return {
        person_id: replace(
            caller,
            owner_id=person_id,
            language=negotiate(None, grants[0].locale),
            time_zone=grants[0].time_zone,
            country=grants[0].country,
            capacity=None,
            consent=Consent(
                actor=actor,
                readable=by_category(grants, ConsentAccess.READ, ConsentAccess.WRITE),
                writable=by_category(grants, ConsentAccess.WRITE),
            ),
        )
        for person_id, grants in of_person.items()
    }


def by_category(rows: Sequence[Any], *accesses: ConsentAccess) -> dict[ConsentCategory, UUID]:
    """The grant that allows each category, of grants with one of these accesses."""
    return {
        ConsentCategory(category): row.id
        for row in rows
        if row.access in accesses
        for category in row.categories
    }
