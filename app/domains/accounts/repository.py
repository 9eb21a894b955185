"""The statements of accounts, mailed tokens, waiting sign-ups and attempts to sign in.

Those of `CredentialRepository` are among the few without a caller: they find out who is calling.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Row,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from app.db.base import table_of
from app.db.caseload import PERSON, Figure, register
from app.db.paging import fold
from app.db.revisions import BEGIN_HEAD, END_HEAD
from app.db.transaction import Owner, Transaction
from app.domains.accounts.errors import EmailTaken
from app.domains.accounts.models import Account, MailedToken, PendingSignUp, SignInAttempt
from app.domains.accounts.rules.attempts import (
    ATTACK_WINDOW,
    FAILURES_OF_AN_ATTACK,
    MAX_FAILURES_OF_ADDRESS,
    MAX_FAILURES_OF_PAIR,
    SUCCESSES_KEPT,
    WINDOW,
    History,
    Subject,
)
from app.domains.accounts.terms import MailedTokenPurpose
from app.kit.ids import new_id
from app.kit.problems import Unauthenticated

FIRST_REVISION = 1

_accounts = table_of(Account)
_mailed = table_of(MailedToken)
_pending = table_of(PendingSignUp)
_attempts = table_of(SignInAttempt)

_ITS = _accounts.c.id == PERSON
for name in ("display_name", "name_folded", "email"):
    register(Figure(name, "profile", select(_accounts.c[name]).where(_ITS).scalar_subquery()))

_FIND = select(_accounts).where(_accounts.c.id == bindparam("owner"))
_FIND_BY_EMAIL = select(_accounts).where(_accounts.c.email_key == bindparam("key"))
_DELETE = delete(_accounts).where(_accounts.c.id == bindparam("owner"))
# A shared row lock: a password changes before a session begins with it, or after, never meanwhile.
_STILL_HAS_PASSWORD = (
    select(_accounts.c.id)
    .where(
        _accounts.c.id == bindparam("owner"),
        _accounts.c.password_hash == bindparam("password_hash"),
    )
    .with_for_update(read=True)
)
_REHASH = (
    update(_accounts)
    .where(_accounts.c.id == bindparam("owner"))
    .values(password_hash=bindparam("new_hash"))
)

_ADD_TOKEN = insert(_mailed)
_LIVE = _mailed.c.expires_at > bindparam("now", type_=_mailed.c.expires_at.type)
_FIND_TOKEN = select(_mailed).where(
    _mailed.c.token_hash == bindparam("digest"),
    _mailed.c.purpose == bindparam("of_purpose", type_=_mailed.c.purpose.type),
    _LIVE,
)
_USE_TOKEN = (
    delete(_mailed)
    .where(
        _mailed.c.token_hash == bindparam("digest"),
        _mailed.c.purpose == bindparam("of_purpose", type_=_mailed.c.purpose.type),
        _LIVE,
    )
    .returning(*_mailed.c)
)
_LIVE_TOKENS = select(
    func.count().label("number"), func.min(_mailed.c.expires_at).label("until")
).where(
    _mailed.c.owner_id == bindparam("owner"),
    _mailed.c.purpose == bindparam("of_purpose", type_=_mailed.c.purpose.type),
    _LIVE,
)
_VOID_TOKENS = delete(_mailed).where(_mailed.c.owner_id == bindparam("owner"))
_VOID_OTHER_TOKENS = _VOID_TOKENS.where(
    _mailed.c.purpose != bindparam("but", type_=_mailed.c.purpose.type)
)
_PURGE_TOKENS = delete(_mailed).where(_mailed.c.expires_at < bindparam("before"))

_ADD_PENDING = insert(_pending)
_PENDING_LIVE = _pending.c.expires_at > bindparam("now", type_=_pending.c.expires_at.type)
_COUNT_PENDING = select(func.count()).where(_pending.c.email_key == bindparam("key"), _PENDING_LIVE)
_USE_PENDING = (
    delete(_pending)
    .where(_pending.c.token_hash == bindparam("digest"), _PENDING_LIVE)
    .returning(*_pending.c)
)
_VOID_PENDING = delete(_pending).where(_pending.c.email_key == bindparam("key"))
_PURGE_PENDING = delete(_pending).where(_pending.c.expires_at < bindparam("before"))

_ADD_ATTEMPT = insert(_attempts)
_OF_EMAIL = _attempts.c.email_digest == bindparam("email_digest")
_OF_ADDRESS = _attempts.c.address_digest == bindparam("address_digest")
_SINCE = _attempts.c.attempted_at > bindparam("since", type_=_attempts.c.attempted_at.type)


def _latest_failures(*which: Any, limit: int) -> Any:
    return (
        select(_attempts.c.attempted_at)
        .where(*which, _attempts.c.succeeded.is_(False), _SINCE)
        .order_by(_attempts.c.attempted_at.desc())
        .limit(limit)
    )


_FAILURES_OF_PAIR = _latest_failures(_OF_EMAIL, _OF_ADDRESS, limit=MAX_FAILURES_OF_PAIR)
_FAILURES_OF_ADDRESS = _latest_failures(_OF_ADDRESS, limit=MAX_FAILURES_OF_ADDRESS)
_FAILURES_OF_ACCOUNT = _latest_failures(_OF_EMAIL, limit=FAILURES_OF_AN_ATTACK)
_SUCCEEDED = select(exists().where(_OF_EMAIL, _OF_ADDRESS, _attempts.c.succeeded.is_(True), _SINCE))
_FORGET_PAIR = delete(_attempts).where(_OF_EMAIL, _OF_ADDRESS)
_FORGET_ACCOUNT = delete(_attempts).where(_OF_EMAIL)
_FORGET_FAILURES = _FORGET_ACCOUNT.where(_attempts.c.succeeded.is_(False))
_PURGE_ATTEMPTS = delete(_attempts).where(
    _attempts.c.attempted_at < bindparam("before"),
    _attempts.c.succeeded == bindparam("succeeded"),
)
_WAIT_FOR_OTHERS = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))


@cache
def _add(dialect: str) -> Any:
    """The unique constraint on the address decides, also between two that sign up at once."""
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(_accounts)
    return statement.on_conflict_do_nothing(index_elements=["email_key"]).returning(*_accounts.c)


@cache
def _update(names: tuple[str, ...]) -> Any:
    return (
        update(_accounts)
        .where(_accounts.c.id == bindparam("owner"))
        .values({name: bindparam(f"new_{name}", type_=_accounts.c[name].type) for name in names})
        .returning(*_accounts.c)
    )


class AccountRepository:
    """The one account of a caller, and the tokens mailed to it."""

    def __init__(self, transaction: Transaction, caller: Owner) -> None:
        self.transaction = transaction
        self.owner_id = caller.owner_id

    async def get(self) -> Row[Any]:
        """The account.

        Raises:
            Unauthenticated: it has been deleted meanwhile.
        """
        row = (await self.transaction.execute(_FIND, {"owner": self.owner_id})).one_or_none()
        if row is None:
            raise Unauthenticated
        return row

    async def lock(self) -> Row[Any]:
        """The account, which nobody else changes until this transaction ends."""
        await self.transaction.revise(self.owner_id)
        return await self.get()

    async def update(self, changes: Mapping[str, Any]) -> Row[Any]:
        """Change the account and stamp it with this transaction's revision.

        Raises:
            EmailTaken: the new address belongs to another account.
        """
        revision = await self.transaction.revise(self.owner_id)
        if "display_name" in changes:
            name = changes["display_name"]
            changes = {**changes, "name_folded": None if name is None else fold(name)}
        values = {**changes, "updated_at": self.transaction.clock.now(), "revision": revision}
        statement = _update(tuple(sorted(values)))
        parameters = {f"new_{name}": value for name, value in values.items()}
        try:
            stored = await self.transaction.execute(
                statement, {"owner": self.owner_id, **parameters}
            )
        except IntegrityError as error:
            if "email_key" in changes and _is_unique_violation(error):
                raise EmailTaken from None
            raise
        return stored.one()

    async def delete(self) -> None:
        """Delete the account and, by the database's cascade, everything the person owns."""
        await self.transaction.execute(END_HEAD, {"owner": self.owner_id})
        await self.transaction.execute(_DELETE, {"owner": self.owner_id})

    async def add_token(
        self, digest: bytes, purpose: MailedTokenPurpose, email: str, expires_at: datetime
    ) -> None:
        """Store the digest of a token that is being mailed to `email`."""
        await self.transaction.execute(
            _ADD_TOKEN,
            {
                "token_hash": digest,
                "owner_id": self.owner_id,
                "purpose": purpose,
                "email": email,
                "expires_at": expires_at,
            },
        )

    async def live_tokens(self, purpose: MailedTokenPurpose) -> Row[Any]:
        """The `number` of tokens that are good for a purpose, and `until` when the first one is."""
        found = await self.transaction.execute(
            _LIVE_TOKENS,
            {
                "owner": self.owner_id,
                "of_purpose": purpose,
                "now": self.transaction.clock.now(),
            },
        )
        return found.one()

    async def void_tokens(self, *, but: MailedTokenPurpose | None = None) -> None:
        """Make the tokens that were mailed so far useless, except perhaps those for one purpose."""
        if but is None:
            await self.transaction.execute(_VOID_TOKENS, {"owner": self.owner_id})
        else:
            await self.transaction.execute(_VOID_OTHER_TOKENS, {"owner": self.owner_id, "but": but})


class CredentialRepository:
    """What is asked before it is known who calls: accounts by address, tokens, attempts."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def find_by_email(self, email_key: str) -> Row[Any] | None:
        """The account with an address, by its canonical form."""
        found = await self.transaction.execute(_FIND_BY_EMAIL, {"key": email_key})
        return found.one_or_none()

    async def still_has_password(self, owner_id: UUID, password_hash: str) -> bool:
        """Whether a password that was right is so still; it then stays so in this transaction."""
        found = await self.transaction.execute(
            _STILL_HAS_PASSWORD, {"owner": owner_id, "password_hash": password_hash}
        )
        return found.one_or_none() is not None

    async def rehash(self, owner_id: UUID, password_hash: str) -> None:
        """Store the same password under stronger parameters; the person changed nothing."""
        await self.transaction.execute(_REHASH, {"owner": owner_id, "new_hash": password_hash})

    async def add_account(self, values: Mapping[str, Any]) -> Row[Any]:
        """Store a new account with its revision counter.

        Raises:
            EmailTaken: the address belongs to an account already.
        """
        now, owner_id = self.transaction.clock.now(), new_id()
        self.transaction.enter(owner_id)
        stored = await self.transaction.execute(
            _add(self.transaction.dialect),
            {
                **values,
                "id": owner_id,
                "created_at": now,
                "updated_at": now,
                "revision": FIRST_REVISION,
            },
        )
        row = stored.one_or_none()
        if row is None:
            raise EmailTaken
        await self.transaction.execute(BEGIN_HEAD, {"owner_id": row.id, "revision": FIRST_REVISION})
        return row

    async def find_token(self, digest: bytes, purpose: MailedTokenPurpose) -> Row[Any] | None:
        """A token that is good for a purpose; looking does not spend it."""
        found = await self.transaction.execute(_FIND_TOKEN, self._token(digest, purpose))
        return found.one_or_none()

    async def use_token(self, digest: bytes, purpose: MailedTokenPurpose) -> Row[Any] | None:
        """Take a token out of the world; of two who bring the same one, one gets it."""
        found = await self.transaction.execute(_USE_TOKEN, self._token(digest, purpose))
        return found.one_or_none()

    async def add_pending(self, values: Mapping[str, Any]) -> None:
        """Store a sign-up until its token comes back."""
        await self.transaction.execute(_ADD_PENDING, values)

    async def count_pending(self, email_key: str) -> int:
        """How many sign-ups wait for a token that was mailed to an address."""
        parameters = {"key": email_key, "now": self.transaction.clock.now()}
        return int((await self.transaction.execute(_COUNT_PENDING, parameters)).scalar_one())

    async def use_pending(self, digest: bytes) -> Row[Any] | None:
        """Take the sign-up that waits for a token out of waiting."""
        parameters = {"digest": digest, "now": self.transaction.clock.now()}
        return (await self.transaction.execute(_USE_PENDING, parameters)).one_or_none()

    async def void_pending(self, email_key: str) -> None:
        """Forget what else waits for an address that has its account now."""
        await self.transaction.execute(_VOID_PENDING, {"key": email_key})

    async def wait_for_others(self, subject: Subject) -> None:
        """Count one by one: requests with the same account or address run after each other.

        On SQLite every writer does so anyway.
        """
        if self.transaction.dialect == "postgresql":
            for key in subject.lock_keys:
                await self.transaction.execute(_WAIT_FOR_OTHERS, {"key": key})

    async def history(self, subject: Subject) -> History:
        """The attempts that count for the next one."""
        now = self.transaction.clock.now()
        pair = {
            "email_digest": subject.email_digest,
            "address_digest": subject.address_digest,
        }
        recent, hour = now - WINDOW, now - ATTACK_WINDOW
        known = await self.transaction.execute(_SUCCEEDED, {**pair, "since": now - SUCCESSES_KEPT})
        return History(
            is_known=bool(known.scalar_one()),
            of_pair=await self._times(_FAILURES_OF_PAIR, {**pair, "since": recent}),
            of_address=await self._times(
                _FAILURES_OF_ADDRESS, {"address_digest": subject.address_digest, "since": recent}
            ),
            of_account=await self._times(
                _FAILURES_OF_ACCOUNT, {"email_digest": subject.email_digest, "since": hour}
            ),
        )

    async def add_attempt(self, subject: Subject, *, succeeded: bool) -> None:
        """Remember an attempt; one that succeeded stands for all earlier ones of the pair."""
        pair = {
            "email_digest": subject.email_digest,
            "address_digest": subject.address_digest,
        }
        if succeeded:
            await self.transaction.execute(_FORGET_PAIR, pair)
        await self.transaction.execute(
            _ADD_ATTEMPT,
            {
                **pair,
                "id": new_id(),
                "succeeded": succeeded,
                "attempted_at": self.transaction.clock.now(),
            },
        )

    async def forget_attempts(self, email_digest: bytes) -> None:
        """Forget who tried to sign in to an account that is being deleted."""
        await self.transaction.execute(_FORGET_ACCOUNT, {"email_digest": email_digest})

    async def forget_failures(self, email_digest: bytes) -> None:
        """Let a person in who has just proven by mail that the account is theirs."""
        await self.transaction.execute(_FORGET_FAILURES, {"email_digest": email_digest})

    async def purge_tokens(self, before: datetime) -> None:
        """Delete tokens that expired before an instant."""
        await self.transaction.execute(_PURGE_TOKENS, {"before": before})

    async def purge_pending(self, before: datetime) -> None:
        """Delete sign-ups whose token expired before an instant."""
        await self.transaction.execute(_PURGE_PENDING, {"before": before})

    async def purge_attempts(self, before: datetime, *, succeeded: bool) -> None:
        """Delete attempts of one outcome that were made before an instant."""
        await self.transaction.execute(_PURGE_ATTEMPTS, {"before": before, "succeeded": succeeded})

    async def _times(self, statement: Any, parameters: Mapping[str, Any]) -> Sequence[datetime]:
        return (await self.transaction.execute(statement, parameters)).scalars().all()

    def _token(self, digest: bytes, purpose: MailedTokenPurpose) -> dict[str, Any]:
        return {"digest": digest, "of_purpose": purpose, "now": self.transaction.clock.now()}


def _is_unique_violation(error: IntegrityError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", None)
    return name == "SQLITE_CONSTRAINT_UNIQUE" or getattr(error.orig, "sqlstate", None) == "23505"
