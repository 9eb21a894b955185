"""Acting for a person while no request of theirs is there."""

from uuid import UUID

from app.auth.caller import Caller
from app.db.transaction import Transaction
from app.domains.accounts.repository import AccountRepository
from app.domains.accounts.service.person import Person
from app.kit.terms import negotiate


async def caller_for(transaction: Transaction, owner_id: UUID) -> Caller:
    """A person as use cases know them, for what the worker does in their name.

    Such a caller has no session, has never signed in and holds no scopes, so that no guard could
    take it for a request.

    Raises:
        Unauthenticated: the account has been deleted meanwhile.
    """
    transaction.enter(owner_id)
    account = await AccountRepository(transaction, Person(owner_id)).get()
    return Caller(
        owner_id=owner_id,
        actor_id=owner_id,
        session_id=None,
        signed_in_at=None,
        scopes=frozenset(),
        language=negotiate(None, account.locale),
        time_zone=account.time_zone,
        country=account.country,
    )
