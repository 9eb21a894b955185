"""The access log: what others read and changed of a person's data, for that person to see.

Reading is noted once for each actor, client, category and hour, every change by itself.
"""

from collections.abc import Mapping
from uuid import NAMESPACE_URL, UUID, uuid5

from app.auth.caller import Caller
from app.auth.consent import Actor, Consent, Needs
from app.auth.repository.consent import AccessLogRepository, ConsentRepository
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.paging import Page, Query
from app.db.transaction import Transaction
from app.kit.ids import new_id


async def witness(  # noqa: PLR0913, PLR0917 -- private to the guards, called once.
    transaction: Transaction,
    caller: Caller,
    consent: Consent,
    needs: Needs,
    access: ConsentAccess,
    operation: str,
) -> None:
    """Note that somebody read or changed data of a person, whatever the answer was."""
    used = {caller.owner_id: consent.touched(needs, access)}
    await witness_all(transaction, consent.actor, access, operation, used)


async def witness_all(
    transaction: Transaction,
    actor: Actor,
    access: ConsentAccess,
    operation: str,
    used: Mapping[UUID, Mapping[ConsentCategory, UUID]],
) -> None:
    """Note the same of several people at once, by the categories and grants that were used."""
    now = transaction.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()

    def id_of(person_id: UUID, category: ConsentCategory) -> UUID:
        if access is ConsentAccess.WRITE:
            return new_id()
        said = (person_id, actor.id, actor.client, actor.organization_id, category, hour)
        return uuid5(NAMESPACE_URL, repr([str(one) for one in said]))

    entries = [
        {
            "owner_id": person_id,
            "id": id_of(person_id, category),
            "occurred_at": now,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "organization_id": actor.organization_id,
            "organization_name": actor.organization_name,
            "client": actor.client,
            "grant_id": grant_id,
            "category": category,
            "access": access,
            "operation": operation,
        }
        for person_id, grants in used.items()
        for category, grant_id in grants.items()
    ]
    if entries:
        await ConsentRepository(transaction).log(entries)


async def page_of_log(transaction: Transaction, caller: Caller, query: Query) -> Page:
    """One page of what others read and changed of the caller's data, the latest first."""
    return await AccessLogRepository(transaction, caller).page(query)
