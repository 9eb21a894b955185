"""What a token from a mail can do: prove an address, change it, or set a new password."""

from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Row

from app.auth import tokens
from app.auth.caller import Holder
from app.auth.keys import ApiKeys
from app.auth.passwords import Passwords, weakness
from app.db.transaction import Database, Transaction
from app.domains.accounts.errors import MailedTokenRefused, weak_password
from app.domains.accounts.repository import AccountRepository, CredentialRepository
from app.domains.accounts.rules.emails import key_of
from app.domains.accounts.rules.mails import MailKind
from app.domains.accounts.service.gate import Gate
from app.domains.accounts.service.post import post
from app.domains.accounts.service.sign_in import sessions_of
from app.domains.accounts.service.sign_up import SignUpService
from app.domains.accounts.terms import (
    MAX_MAILS_TO_ONE_ADDRESS,
    PRODUCT_NAME,
    RESET_LIFETIME,
    MailedTokenPurpose,
    VerificationOutcome,
)
from app.kit.problems import Unauthenticated
from app.mail import Mailer


@dataclass(frozen=True)
class Outcome:
    """What a token has brought about."""

    status: VerificationOutcome


class MailedTokenService:
    """Mails tokens to people who cannot sign in, and takes tokens back."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.clock = transaction.clock
        self.credentials = CredentialRepository(transaction)

    def request_password_reset(self, email: str) -> None:
        """Mail a token if the address has an account.

        Everything that depends on the address happens behind the answer, in a transaction of its
        own, so that the answer cannot tell known from unknown, not even by its time.
        """
        key, database = key_of(email), self.transaction.database
        mailer = self.transaction.shared(Mailer)
        self.transaction.after_commit(lambda: mailer.later(lambda: _mail_reset(database, key)))

    async def confirm_password_reset(self, token: str, new_password: SecretStr) -> None:
        """Set a new password, end every session, revoke every API key, and void other tokens.

        Raises:
            MailedTokenRefused: the token is unknown, used, expired, or for something else.
            Invalid: the password is easy to guess; the token stays good.
        """
        purpose = MailedTokenPurpose.RESET_PASSWORD
        found = await self._find(token, purpose)
        if found is None:
            raise MailedTokenRefused
        if weak := weakness(new_password, email=found.email, product=PRODUCT_NAME):
            raise weak_password("/new_password", weak)
        async with self.transaction.suspended():
            password_hash = await self.transaction.shared(Passwords).hash(new_password)
        accounts, account = await self._use(found)
        changes: dict[str, Any] = {"password_hash": password_hash}
        if account.email == found.email and account.email_verified_at is None:
            changes["email_verified_at"] = self.clock.now()
        await accounts.update(changes)
        await accounts.void_tokens(but=MailedTokenPurpose.VERIFY_EMAIL)
        await sessions_of(self.transaction).end_all(account.id)
        await ApiKeys(self.transaction, account.id).revoke_all()
        await Gate(self.transaction, account.email_key, None).forget_failures()
        post(
            self.transaction,
            MailKind.PASSWORD_CHANGED,
            to=account.email,
            locale=account.locale,
        )

    async def verify_email(self, token: str) -> Any:
        """Do what the token was mailed for: open an account, prove an address, or change it.

        Raises:
            MailedTokenRefused: the token is unknown, used, expired, or sets passwords.
            EmailTaken: another account has got the address meanwhile.
        """
        if found := await self._find(token, MailedTokenPurpose.VERIFY_EMAIL):
            accounts, account = await self._use(found)
            if account.email_verified_at is None:
                await accounts.update({"email_verified_at": self.clock.now()})
            return Outcome(VerificationOutcome.EMAIL_VERIFIED)
        if found := await self._find(token, MailedTokenPurpose.CHANGE_EMAIL):
            await self._change_email(found)
            return Outcome(VerificationOutcome.EMAIL_CHANGED)
        if await SignUpService(self.transaction).confirm(token):
            return Outcome(VerificationOutcome.ACCOUNT_CREATED)
        raise MailedTokenRefused

    async def _change_email(self, token: Row[Any]) -> None:
        accounts, account = await self._use(token)
        await accounts.update(
            {
                "email": token.email,
                "email_key": key_of(token.email),
                "email_verified_at": self.clock.now(),
            }
        )
        # What was mailed to the old address must not open the account any more.
        await accounts.void_tokens()
        post(self.transaction, MailKind.EMAIL_CHANGED, to=account.email, locale=account.locale)

    async def _find(self, token: str, purpose: MailedTokenPurpose) -> Row[Any] | None:
        if not tokens.is_well_formed(token, tokens.MAILED):
            raise MailedTokenRefused
        return await self.credentials.find_token(tokens.digest_of(token), purpose)

    async def _use(self, token: Row[Any]) -> tuple[AccountRepository, Row[Any]]:
        """Spend a token under its person's lock, and hand out their account."""
        self.transaction.enter(token.owner_id)
        accounts = AccountRepository(self.transaction, Holder(token.owner_id))
        try:
            account = await accounts.lock()
        except Unauthenticated:
            raise MailedTokenRefused from None
        if await self.credentials.use_token(token.token_hash, token.purpose) is None:
            raise MailedTokenRefused
        return accounts, account


async def _mail_reset(database: Database, email_key: str) -> None:
    async with database.write() as transaction:
        account = await CredentialRepository(transaction).find_by_email(email_key)
        if account is None:
            return
        transaction.enter(account.id)
        accounts = AccountRepository(transaction, Holder(account.id))
        purpose = MailedTokenPurpose.RESET_PASSWORD
        if (await accounts.live_tokens(purpose)).number >= MAX_MAILS_TO_ONE_ADDRESS:
            return
        token = tokens.new_token(tokens.MAILED)
        await accounts.add_token(
            token.digest, purpose, account.email, transaction.clock.now() + RESET_LIFETIME
        )
        post(
            transaction,
            MailKind.RESET_PASSWORD,
            to=account.email,
            locale=account.locale,
            token=token.text,
        )
