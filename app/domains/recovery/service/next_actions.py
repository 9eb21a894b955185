"""What to do now, and what to be reminded of later."""

from datetime import time, timedelta
from typing import Any

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.recovery.rules.next_actions import NextAction, moment_of, next_actions
from app.domains.recovery.rules.reminders import QuietHours, Reminder, reminders
from app.domains.recovery.schemas import IncludeActions, NextActionsQuery, RemindersQuery
from app.domains.recovery.service.offers import OfferService
from app.domains.recovery.terms import DEFAULT_REMINDER_DAYS, MAX_REMINDER_DAYS
from app.kit.clock import local_day


class NextActionService(Service):
    """Lets the rules choose among what there is to do in all rooms."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.offers = OfferService(transaction, caller)
        self.accounts = AccountService(transaction, caller)

    async def next(self, query: NextActionsQuery) -> dict[str, Any]:
        """A few things to do on a day, the most pressing first."""
        moment = moment_of(query.on, self.clock.now(), self.caller.zone)
        profile = await self.accounts.get()
        chosen = next_actions(
            await self.offers.gather(moment.now, moment.today),
            moment,
            per_day=profile.next_actions_per_day,
            acts_done=await self.offers.acts_done(moment.today),
            allow_during_pause=profile.allow_during_pause,
            lift_cap=query.include is IncludeActions.ALL,
        )
        return {"on": moment.today, "items": [self._present(item) for item in chosen]}

    async def remind(self, query: RemindersQuery) -> dict[str, Any]:
        """What a phone may remind of from now to the end of a day, the soonest first."""
        zone, now = self.caller.zone, self.clock.now()
        today = local_day(now, zone)
        usual = today + timedelta(days=DEFAULT_REMINDER_DAYS)
        until = min(query.until or usual, today + timedelta(days=MAX_REMINDER_DAYS))
        profile = await self.accounts.get()
        chosen = reminders(
            await self.offers.gather(now, max(until, today)),
            now=now,
            until=until,
            zone=zone,
            quiet=_quiet(profile.quiet_hours),
            per_day=profile.next_actions_per_day,
            allow_during_pause=profile.allow_during_pause,
        )
        return {"until": until, "items": [self._remind(one) for one in chosen]}

    def _present(self, item: NextAction) -> dict[str, Any]:
        return {
            **vars(item),
            "reason": item.why_now,
            "why_now": item.why_now.label(self.caller.language),
        }

    def _remind(self, one: Reminder) -> dict[str, Any]:
        return {**vars(one), "neutral_text": one.text.label(self.caller.language)}


def _quiet(hours: dict[str, str] | None) -> QuietHours | None:
    if hours is None:
        return None
    return QuietHours(
        starts=time.fromisoformat(hours["starts"]), ends=time.fromisoformat(hours["ends"])
    )
