"""Deleting what has served its time; each function is safe to repeat."""

from app.db.transaction import Database
from app.domains.accounts.repository import CredentialRepository
from app.domains.accounts.rules.attempts import FAILURES_KEPT, SUCCESSES_KEPT


async def purge_expired(database: Database) -> None:
    """Delete mailed tokens, waiting sign-ups and attempts that no longer count."""
    await purge_mailed_tokens(database)
    await purge_pending_sign_ups(database)
    await purge_sign_in_attempts(database)


async def purge_mailed_tokens(database: Database) -> None:
    """Delete mailed tokens that have expired."""
    async with database.write(everyone=True) as transaction:
        await CredentialRepository(transaction).purge_tokens(transaction.clock.now())


async def purge_pending_sign_ups(database: Database) -> None:
    """Delete sign-ups whose token was not handed in within 24 hours."""
    async with database.write() as transaction:
        await CredentialRepository(transaction).purge_pending(transaction.clock.now())


async def purge_sign_in_attempts(database: Database) -> None:
    """Delete failed attempts after an hour and successes after 90 days."""
    async with database.write() as transaction:
        credentials, now = CredentialRepository(transaction), transaction.clock.now()
        await credentials.purge_attempts(now - FAILURES_KEPT, succeeded=False)
        await credentials.purge_attempts(now - SUCCESSES_KEPT, succeeded=True)
