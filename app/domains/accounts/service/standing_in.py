"""Acting for a person while no request of theirs is there."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.auth.caller import Caller, Holder
from app.db.transaction import Database, Transaction
from app.domains.accounts.repository import AccountRepository, CredentialRepository
from app.domains.accounts.rules.emails import key_of
from app.kit.problems import Unauthenticated
from app.kit.terms import negotiate

PEOPLE_AT_ONCE = 500
NOBODY = UUID(int=0)
"""Comes before every id of a person."""

FindPeople = Callable[[Transaction, UUID, int], Awaitable[Sequence[UUID]]]
"""Some people whose turn it is, in the order of their ids: those after one, so many at most."""


async def caller_for(transaction: Transaction, owner_id: UUID) -> Caller:
    """A person as use cases know them, for what the worker does in their name.

    Such a caller has no session, has never signed in and holds no scopes, so that no guard could
    take it for a request.

    Raises:
        Unauthenticated: the account has been deleted meanwhile.
    """
    transaction.enter(owner_id)
    account = await AccountRepository(transaction, Holder(owner_id)).get()
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


async def account_with(transaction: Transaction, email: str) -> Row[Any] | None:
    """The account with an e-mail address, for what only the operator does.

    No answer to anybody else may tell whether there is one.
    """
    return await CredentialRepository(transaction).find_by_email(key_of(email))


async def for_everybody(
    database: Database,
    find: FindPeople,
    serve: Callable[[Transaction, Caller], Awaitable[None]],
) -> None:
    """Do something for each person whose turn it is, as the worker.

    Each has a transaction of their own, so that one who is busy writing holds up nobody else.
    """
    after = NOBODY
    while True:
        async with database.read(everyone=True) as transaction:
            people = await find(transaction, after, PEOPLE_AT_ONCE)
        for owner_id in people:
            try:
                async with database.write() as transaction:
                    await serve(transaction, await caller_for(transaction, owner_id))
            except Unauthenticated:
                # The account was deleted a moment ago, and all of it.
                continue
        if len(people) < PEOPLE_AT_ONCE:
            return
        after = people[-1]
