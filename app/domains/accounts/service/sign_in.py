"""Signing in, and prolonging a session."""

from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from app.auth.passwords import Passwords
from app.auth.service import Lifetimes, SessionService
from app.db.transaction import Transaction
from app.domains.accounts.errors import SignInFailed
from app.domains.accounts.repository import CredentialRepository
from app.domains.accounts.rules.emails import key_of
from app.domains.accounts.service.gate import Gate
from app.settings import Settings


def sessions_of(transaction: Transaction) -> SessionService:
    """Auth's sessions, with the lifetimes of the settings."""
    settings = transaction.shared(Settings)
    return SessionService(
        transaction,
        Lifetimes(
            access=timedelta(seconds=settings.access_token_seconds),
            session=timedelta(days=settings.refresh_token_days),
        ),
    )


class SignInService:
    """Turns a password, or a refresh token, into tokens."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.credentials = CredentialRepository(transaction)

    async def sign_in(
        self, email: str, password: SecretStr, *, address: str | None, client: str | None
    ) -> Any:
        """Begin a session for whoever has the password.

        An unknown address takes the same steps as a wrong password, a hash included.

        Raises:
            SignInFailed: there is no such pair; the attempt is counted.
            TooManySignIns: too many attempts failed before; this one is not counted.
        """
        passwords = self.transaction.shared(Passwords)
        key = key_of(email)
        gate = Gate(self.transaction, key, address)
        await gate.check()
        account = await self.credentials.find_by_email(key)
        stored: str | None = account.password_hash if account else None
        renewed = None
        async with self.transaction.suspended():
            is_right = await passwords.verify(password, stored)
            if is_right and stored is not None and passwords.is_outdated(stored):
                renewed = await passwords.hash(password)
        await gate.check_alone()
        if account is not None and is_right:
            self.transaction.enter(account.id)
        # The password may have been changed, or the account deleted, while it was checked.
        if (
            account is None
            or stored is None
            or not is_right
            or not await self.credentials.still_has_password(account.id, stored)
        ):
            await gate.count(succeeded=False)
            raise SignInFailed
        await gate.count(succeeded=True)
        if renewed is not None:
            await self.credentials.rehash(account.id, renewed)
        return await sessions_of(self.transaction).start(account.id, client)

    async def refresh(self, refresh_token: str) -> Any:
        """Exchange a refresh token for the next pair.

        Raises:
            RefreshRefused: it is unknown, expired, or used before; the last ends the session.
        """
        return await sessions_of(self.transaction).refresh(refresh_token)
