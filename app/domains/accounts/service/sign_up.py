"""Opening an account."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.auth import tokens
from app.auth.caller import Holder
from app.auth.passwords import Passwords, weakness
from app.db.transaction import Transaction
from app.domains.accounts.errors import SignUpClosed, weak_password
from app.domains.accounts.repository import AccountRepository, CredentialRepository
from app.domains.accounts.rules.emails import key_of
from app.domains.accounts.rules.mails import MailKind
from app.domains.accounts.schemas import AccountCreate
from app.domains.accounts.service.post import post
from app.domains.accounts.terms import (
    DEFAULT_LOCALE,
    DEFAULT_NEXT_ACTIONS_PER_DAY,
    DEFAULT_PAUSE_HOURS,
    DEFAULT_TIME_ZONE,
    MAX_MAILS_TO_ONE_ADDRESS,
    PRODUCT_NAME,
    VERIFICATION_LIFETIME,
    MailedTokenPurpose,
)
from app.settings import Settings


class SignUpService:
    """Opens accounts, as the setting `REBOUND_SIGN_UP` allows."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.clock = transaction.clock
        self.credentials = CredentialRepository(transaction)

    async def sign_up(self, wanted: AccountCreate) -> Any:
        """Open an account, or (`verified`) mail the token that will; there is None yet then.

        Raises:
            SignUpClosed: this service takes no new accounts.
            EmailTaken: only with `open`: the address has an account.
            Invalid: the password is easy to guess.
        """
        mode = self.transaction.shared(Settings).sign_up_mode
        if mode == "closed":
            raise SignUpClosed
        if found := weakness(wanted.password, email=wanted.email, product=PRODUCT_NAME):
            raise weak_password("/password", found)
        async with self.transaction.suspended():
            password_hash = await self.transaction.shared(Passwords).hash(wanted.password)
        profile = {
            "display_name": wanted.display_name,
            "locale": wanted.locale or DEFAULT_LOCALE,
            "time_zone": wanted.time_zone or DEFAULT_TIME_ZONE,
            "country": wanted.country,
        }
        if mode == "open":
            return await self._open(wanted.email, password_hash, profile)
        await self._wait(wanted.email, password_hash, profile)
        return None

    async def confirm(self, token: str) -> bool:
        """Open the account that waits for a mailed token; False when none does.

        Raises:
            EmailTaken: the address has got an account in another way meanwhile.
        """
        waiting = await self.credentials.use_pending(tokens.digest_of(token))
        if waiting is None:
            return False
        await self._add(
            waiting.email, waiting.password_hash, waiting.profile, verified_at=self.clock.now()
        )
        await self.credentials.void_pending(waiting.email_key)
        return True

    async def _open(self, email: str, password_hash: str, profile: dict[str, Any]) -> Row[Any]:
        account = await self._add(email, password_hash, profile, verified_at=None)
        token = tokens.new_token(tokens.MAILED)
        await AccountRepository(self.transaction, Holder(account.id)).add_token(
            token.digest,
            MailedTokenPurpose.VERIFY_EMAIL,
            email,
            self.clock.now() + VERIFICATION_LIFETIME,
        )
        post(
            self.transaction,
            MailKind.VERIFY_EMAIL,
            to=email,
            locale=account.locale,
            token=token.text,
        )
        return account

    async def _wait(self, email: str, password_hash: str, profile: dict[str, Any]) -> None:
        """Take the same steps for known and unknown addresses; only the mail tells them apart."""
        key = key_of(email)
        account = await self.credentials.find_by_email(key)
        if await self.credentials.count_pending(key) >= MAX_MAILS_TO_ONE_ADDRESS:
            return
        token = tokens.new_token(tokens.MAILED)
        await self.credentials.add_pending(
            {
                "token_hash": token.digest,
                "email": email,
                "email_key": key,
                "password_hash": password_hash,
                "profile": profile,
                "expires_at": self.clock.now() + VERIFICATION_LIFETIME,
            }
        )
        if account is None:
            post(
                self.transaction,
                MailKind.SIGN_UP,
                to=email,
                locale=profile["locale"],
                token=token.text,
            )
        else:
            post(
                self.transaction,
                MailKind.ALREADY_REGISTERED,
                to=account.email,
                locale=account.locale,
            )

    async def _add(
        self,
        email: str,
        password_hash: str,
        profile: dict[str, Any],
        *,
        verified_at: datetime | None,
    ) -> Row[Any]:
        return await self.credentials.add_account(
            {
                **profile,
                "email": email,
                "email_key": key_of(email),
                "email_verified_at": verified_at,
                "password_hash": password_hash,
                "pause_hours": DEFAULT_PAUSE_HOURS,
                "allow_during_pause": True,
                "quiet_hours": None,
                "wellbeing_tracking": False,
                "wellbeing_tracking_set_at": None,
                "values": [],
                "next_actions_per_day": DEFAULT_NEXT_ACTIONS_PER_DAY,
            }
        )
