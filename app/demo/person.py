"""The demo person: an account nobody can sign in to, and the one session that is handed out.

The sample organisation's admin is such an account too, and nobody gets their session.
"""

import copy
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from app.auth.caller import Caller
from app.auth.scopes import SESSION_SCOPES
from app.auth.service import IssuedTokens
from app.db.transaction import Database
from app.domains.accounts.errors import EmailTaken
from app.domains.accounts.schemas import AccountCreate, MePatch
from app.domains.accounts.service import AccountService, SignUpService
from app.domains.accounts.service.sign_in import sessions_of
from app.domains.accounts.terms import Value
from app.kit.clock import SetClock
from app.kit.preconditions import ANY
from app.kit.terms import Language
from app.mail import Mail, Mailer
from app.settings import Settings

EMAIL = "demo@example.com"
DISPLAY_NAME = "Demo Person (sample data)"
TIME_ZONE = "Europe/Berlin"
COUNTRY = "DE"
CLIENT = "rebound demo"

PROFILE = {
    "wellbeing_tracking": True,
    "values": [
        {"value": Value.RESPECT, "importance": 5},
        {"value": Value.LEARNING, "importance": 5},
        {"value": Value.BALANCE, "importance": 4},
        {"value": Value.SUSTAINABILITY, "importance": 3},
    ],
}


class _NoMailer(Mailer):
    """Sends nothing: an invented person has no mailbox."""

    async def post(self, mail: Mail) -> None:
        """Let the mail go."""


def rewound(database: Database, clock: SetClock) -> Database:
    """The same database as of another time, where signing up is open and no mail leaves."""
    settings = database.collaborator(Settings).model_copy(update={"sign_up": "open"})
    past = copy.copy(database)
    past.clock = clock
    past.collaborators = {
        **database.collaborators,
        Settings: settings,
        Mailer: _NoMailer(settings),
    }
    return past


async def sign_up(past: Database, email: str, display_name: str) -> Any:
    """Open an account under an address that is free, and with a password that nobody knows."""
    wanted = email
    while True:
        try:
            return await _open_account(past, wanted, display_name)
        except EmailTaken:
            wanted = email.replace("@", f"-{secrets.token_hex(4)}@")


async def begin_session(database: Database, account_id: UUID) -> IssuedTokens:
    """A session as signing in begins it, from now on."""
    async with database.write() as transaction:
        return await sessions_of(transaction).start(account_id, CLIENT)


def caller_of(issued: IssuedTokens, signed_in_at: datetime) -> Caller:
    """The person as the use cases know them."""
    return Caller(
        owner_id=issued.account_id,
        actor_id=issued.account_id,
        session_id=issued.session_id,
        signed_in_at=signed_in_at,
        scopes=SESSION_SCOPES,
        language=Language.EN,
        time_zone=TIME_ZONE,
        country=COUNTRY,
    )


async def complete_profile(past: Database, caller: Caller) -> None:
    """Say how the person wants to be treated; the consent to check-ins is part of it."""
    async with past.write() as transaction:
        transaction.enter(caller.owner_id)
        patch = MePatch.model_validate(PROFILE)
        await AccountService(transaction, caller).update(patch, ANY)


async def _open_account(past: Database, email: str, display_name: str) -> Any:
    wanted = AccountCreate.model_validate(
        {
            "email": email,
            "password": secrets.token_urlsafe(),
            "display_name": display_name,
            "time_zone": TIME_ZONE,
            "locale": Language.EN.value,
            "country": COUNTRY,
        }
    )
    async with past.write() as transaction:
        return await SignUpService(transaction).sign_up(wanted)
