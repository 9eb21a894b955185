"""What a signed-in person does with their own account and sessions."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Row

from app.auth import tokens
from app.auth.caller import Caller, Service
from app.auth.keys import ApiKeys
from app.auth.passwords import Passwords, weakness
from app.db.transaction import Transaction
from app.domains.accounts.errors import WrongPassword, same_email, weak_password
from app.domains.accounts.events import (
    AccountDeleted,
    ProfileUpdated,
    WellbeingTrackingSwitchedOff,
)
from app.domains.accounts.repository import AccountRepository, CredentialRepository
from app.domains.accounts.rules.emails import key_of
from app.domains.accounts.rules.mails import MailKind
from app.domains.accounts.schemas import MePatch
from app.domains.accounts.service.gate import Gate
from app.domains.accounts.service.post import post
from app.domains.accounts.service.sign_in import sessions_of
from app.domains.accounts.terms import (
    MAX_MAILS_TO_ONE_ADDRESS,
    PRODUCT_NAME,
    VERIFICATION_LIFETIME,
    MailedTokenPurpose,
)
from app.kit.preconditions import Precondition
from app.kit.problems import NotFound, TooManyRequests


@dataclass(frozen=True)
class ListedSession:
    """A session as its owner sees it."""

    id: UUID
    client: str | None
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


@dataclass(frozen=True)
class SessionList:
    """All live sessions on one page."""

    items: list[ListedSession]
    next_cursor: None = None


class AccountService(Service):
    """The caller's account: profile, password, address, sessions, and its end."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.accounts = AccountRepository(transaction, caller)
        self.sessions = sessions_of(transaction)

    async def get(self) -> Any:
        """The account with its profile."""
        return await self.accounts.get()

    async def update(self, patch: MePatch, precondition: Precondition) -> Any:
        """Change the profile; a patch that changes nothing is no new revision.

        Raises:
            PreconditionFailed: the profile has changed since the caller read it.
        """
        before = await self.accounts.lock()
        changes = patch.changes(before)
        if not changes:
            return before
        precondition.check(before.revision)
        consent = changes.get("wellbeing_tracking")
        if consent is not None:
            changes["wellbeing_tracking_set_at"] = self.clock.now()
        after = await self.accounts.update(changes)
        await self.state(ProfileUpdated(record_id=after.id, fields=frozenset(changes)))
        if consent is False:
            await self.state(WellbeingTrackingSwitchedOff(record_id=after.id))
        return after

    async def delete(self, precondition: Precondition) -> None:
        """Delete the account and everything the person owns, at once and for good.

        Raises:
            PreconditionFailed: the account has changed since the caller read it.
        """
        # Told while the person's rows are there, and before their lock is taken: the lock of an
        # organisation comes before those of people. Stored it is not, as the outbox goes as well.
        fact = AccountDeleted(record_id=self.caller.owner_id)
        await self.transaction.database.reactions.react(self.transaction, self.caller, fact)
        account = await self.accounts.lock()
        precondition.check(account.revision)
        await self.accounts.delete()
        await Gate(self.transaction, account.email_key, None).forget_all()
        post(self.transaction, MailKind.FAREWELL, to=account.email, locale=account.locale)

    async def change_password(
        self, current: SecretStr, new: SecretStr, *, address: str | None
    ) -> None:
        """Set a new password, end every session, this one too, and revoke every API key.

        Raises:
            WrongPassword: the present password is another one; it counts as a failed sign-in.
            TooManySignIns: too many attempts failed before.
            Invalid: the new password is easy to guess.
        """
        account = await self.accounts.get()
        if found := weakness(new, email=account.email, product=PRODUCT_NAME):
            raise weak_password("/new_password", found)
        password_hash = await self._prove(account, current, address, new=new)
        await self.accounts.update({"password_hash": password_hash})
        await self.accounts.void_tokens(but=MailedTokenPurpose.VERIFY_EMAIL)
        await self.sessions.end_all(account.id)
        await ApiKeys(self.transaction, account.id).revoke_all()
        post(self.transaction, MailKind.PASSWORD_CHANGED, to=account.email, locale=account.locale)

    async def request_email_change(
        self, new_email: str, password: SecretStr, *, address: str | None
    ) -> None:
        """Mail a token to the new address and a notice to the old one.

        Whether the new address has an account already is told only to that address. The present
        address, while it is not verified, gets its token once more.

        Raises:
            WrongPassword: the password is another one; it counts as a failed sign-in.
            TooManySignIns: too many attempts failed before.
            TooManyRequests: five tokens are under way.
            Invalid: it is the present address, and verified.
        """
        account = await self.accounts.get()
        is_same = new_email == account.email
        if is_same and account.email_verified_at is not None:
            raise same_email("/new_email")
        await self._prove(account, password, address)
        if is_same:
            await self._mail_token(
                MailedTokenPurpose.VERIFY_EMAIL, MailKind.VERIFY_EMAIL, account, new_email
            )
            return
        key = key_of(new_email)
        holder = await CredentialRepository(self.transaction).find_by_email(key)
        is_taken = holder is not None and holder.id != account.id
        await self._mail_token(
            MailedTokenPurpose.CHANGE_EMAIL,
            MailKind.ALREADY_REGISTERED if is_taken else MailKind.CHANGE_EMAIL,
            account,
            new_email,
        )
        post(
            self.transaction,
            MailKind.EMAIL_CHANGE_REQUESTED,
            to=account.email,
            locale=account.locale,
        )

    async def list_sessions(self) -> Any:
        """Where the person is signed in, the last used first."""
        rows = await self.sessions.list_live(self.caller.owner_id)
        return SessionList(
            [
                ListedSession(
                    id=row.id,
                    client=row.client,
                    created_at=row.created_at,
                    last_used_at=row.last_used_at,
                    expires_at=row.expires_at,
                    current=row.id == self.caller.session_id,
                )
                for row in rows
            ]
        )

    async def end_session(self, session_id: UUID) -> None:
        """Sign a device out.

        Raises:
            NotFound: the person has no such session.
        """
        await self.sessions.end(self.caller.owner_id, session_id)

    async def end_current_session(self) -> None:
        """Sign out.

        Raises:
            NotFound: the caller came with an API key, which is no session.
        """
        if self.caller.session_id is None:
            raise NotFound
        await self.sessions.end(self.caller.owner_id, self.caller.session_id)

    async def _prove(
        self,
        account: Row[Any],
        password: SecretStr,
        address: str | None,
        *,
        new: SecretStr | None = None,
    ) -> str:
        """Lock the account of a person who knows its password; return the hash of a `new` one."""
        passwords = self.transaction.shared(Passwords)
        gate = Gate(self.transaction, account.email_key, address)
        await gate.check()
        renewed = ""
        async with self.transaction.suspended():
            is_right = await passwords.verify(password, account.password_hash)
            if is_right and new is not None:
                renewed = await passwords.hash(new)
        await gate.check_alone()
        if not is_right:
            await gate.count(succeeded=False)
            raise WrongPassword
        # Another request may have changed it while this one was hashing.
        if (await self.accounts.lock()).password_hash != account.password_hash:
            raise WrongPassword
        await gate.count(succeeded=True)
        return renewed

    async def _mail_token(
        self, purpose: MailedTokenPurpose, kind: MailKind, account: Row[Any], email: str
    ) -> None:
        now = self.clock.now()
        live = await self.accounts.live_tokens(purpose)
        if live.number >= MAX_MAILS_TO_ONE_ADDRESS:
            seconds = max(1, math.ceil((live.until - now).total_seconds()))
            raise TooManyRequests(headers={"Retry-After": str(seconds)})
        token = tokens.new_token(tokens.MAILED)
        await self.accounts.add_token(token.digest, purpose, email, now + VERIFICATION_LIFETIME)
        post(self.transaction, kind, to=email, locale=account.locale, token=token.text)
