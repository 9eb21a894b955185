"""Carrying the story out, in the order of time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db.transaction import Database
from app.demo.acts import USE_CASES
from app.demo.organization import ADMIN_EMAIL, ADMIN_NAME, SampleOrganization, accompany
from app.demo.person import (
    DISPLAY_NAME,
    EMAIL,
    TIME_ZONE,
    begin_session,
    caller_of,
    complete_profile,
    rewound,
    sign_up,
)
from app.demo.story import acts
from app.kit.clock import SetClock

SIGNED_UP_BEFORE = timedelta(minutes=30)
"""Before the first thing that the story tells."""


@dataclass(frozen=True)
class DemoPerson:
    """Who was made: an access token to act as them, their account, and who accompanies them."""

    token: str
    account_id: UUID
    organization: SampleOrganization

    @property
    def introduction(self) -> str:
        """The lines by which a program, or a person at the terminal, gets to know them."""
        return (
            f"token: {self.token}\naccount: {self.account_id}\n"
            f"organization: {self.organization.id}\nkey: {self.organization.key}"
        )


async def fill(database: Database, tell: Callable[[int, int], None]) -> DemoPerson:
    """Add one demo person with four months of sample data that end now, and an organisation.

    `tell(done, total)` is called after each part. Every call adds a person of their own; the
    token lasts as long as the settings say. Each use case is a transaction of its own, so a call
    that is cut off leaves a person with a shorter story.
    """
    now = database.clock.now()
    story = acts(now, ZoneInfo(TIME_ZONE))
    total = len(story) + 2
    clock = SetClock(story[0].at - SIGNED_UP_BEFORE)
    past = rewound(database, clock)
    # Their passwords are hashed side by side, which takes longer than all else about the admin.
    account, admin = await asyncio.gather(
        sign_up(past, EMAIL, DISPLAY_NAME), sign_up(past, ADMIN_EMAIL, ADMIN_NAME)
    )
    issued = await begin_session(database, account.id)
    caller = caller_of(issued, now)
    await complete_profile(past, caller)
    tell(1, total)
    for done, act in enumerate(story, start=2):
        clock.instant = act.at
        async with past.write() as transaction:
            transaction.enter(caller.owner_id)
            await USE_CASES[act.kind](transaction, caller, act)
        tell(done, total)
    clock.instant = now
    organization = await accompany(past, caller, account.email, admin)
    tell(total, total)
    return DemoPerson(
        token=issued.access_token, account_id=issued.account_id, organization=organization
    )
