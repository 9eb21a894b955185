"""Carrying the story out, in the order of time."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.db.transaction import Database
from app.demo.acts import USE_CASES
from app.demo.person import (
    TIME_ZONE,
    DemoPerson,
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


async def fill(database: Database, tell: Callable[[int, int], None]) -> DemoPerson:
    """Add one demo person with four months of sample data that end now.

    `tell(done, total)` is called after each use case. Every call adds a person of their own; the
    token lasts as long as the settings say. Each use case is a transaction of its own, so a call
    that is cut off leaves a person with a shorter story.
    """
    now = database.clock.now()
    story = acts(now, ZoneInfo(TIME_ZONE))
    total = len(story) + 1
    clock = SetClock(story[0].at - SIGNED_UP_BEFORE)
    past = rewound(database, clock)
    issued = await begin_session(database, await sign_up(past))
    caller = caller_of(issued, now)
    await complete_profile(past, caller)
    tell(1, total)
    for done, act in enumerate(story, start=2):
        clock.instant = act.at
        async with past.write() as transaction:
            transaction.enter(caller.owner_id)
            await USE_CASES[act.kind](transaction, caller, act)
        tell(done, total)
    return DemoPerson(token=issued.access_token, account_id=issued.account_id)
