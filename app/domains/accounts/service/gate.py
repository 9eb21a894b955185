"""What stands before every check of a password, and counts the wrong ones."""

import math

from app.db.transaction import Transaction
from app.domains.accounts.errors import TooManySignIns
from app.domains.accounts.repository import CredentialRepository
from app.domains.accounts.rules.attempts import Subject, wait_before
from app.settings import Settings


class Gate:
    """Lets attempts at one account from one network address through, or makes them wait.

    Use it in this order: `check`, then verify the password with no transaction open, then
    `check_alone`, then `count`. Between the two checks any number of guesses may run side by side;
    the second check and the counting run one after the other, so that no more answers are given
    than attempts are allowed.
    """

    def __init__(self, transaction: Transaction, email_key: str, address: str | None) -> None:
        self._clock = transaction.clock
        self._credentials = CredentialRepository(transaction)
        self._subject = Subject.of(transaction.shared(Settings).secret, email_key, address)

    async def check(self) -> None:
        """Save the work of hashing for an attempt that would be refused anyway.

        Raises:
            TooManySignIns: this attempt has to wait.
        """
        now = self._clock.now()
        wait = wait_before(await self._credentials.history(self._subject), now)
        if wait is not None:
            seconds = max(1, math.ceil(wait.total_seconds()))
            raise TooManySignIns(headers={"Retry-After": str(seconds)})

    async def check_alone(self) -> None:
        """Check again, while other attempts with the same account or address wait.

        Raises:
            TooManySignIns: others have used up what was left.
        """
        await self._credentials.wait_for_others(self._subject)
        await self.check()

    async def count(self, *, succeeded: bool) -> None:
        """Remember how the attempt ended."""
        await self._credentials.add_attempt(self._subject, succeeded=succeeded)

    async def forget_failures(self) -> None:
        """Forget the account's failures: its owner has proven by mail who they are."""
        await self._credentials.forget_failures(self._subject.email_digest)

    async def forget_all(self) -> None:
        """Forget every attempt at the account."""
        await self._credentials.forget_attempts(self._subject.email_digest)
