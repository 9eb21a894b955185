"""Pure decisions about rejections: status, days, and when to suggest applying again."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domains.rejections.errors import closed_on_while_open, rejected_in_the_future
from app.domains.rejections.terms import (
    MAX_DAYS_AHEAD,
    REAPPLY_AFTER_MONTHS,
    REAPPLY_LOOK_BACK_DAYS,
    RejectionStatus,
)
from app.kit.clock import local_day
from app.kit.problems import InvalidTransition

REJECTION_TRANSITIONS: Mapping[RejectionStatus, tuple[RejectionStatus, ...]] = {
    RejectionStatus.OPEN: (RejectionStatus.CLOSED,),
    RejectionStatus.CLOSED: (RejectionStatus.OPEN,),
}
"""Which status can follow which. Staying is no transition and always possible."""


def check_transition(before: RejectionStatus, after: RejectionStatus) -> None:
    """Let a change of status through if the table lists it.

    Raises:
        InvalidTransition: the table does not list it.
    """
    allowed = REJECTION_TRANSITIONS[before]
    if after not in (before, *allowed):
        raise InvalidTransition(
            f"A rejection that is {before} cannot become {after}.", allowed=list(allowed)
        )


def closing_day(status: RejectionStatus, closed_on: date | None, today: date) -> date | None:
    """The `closed_on` to store: the given day or today while closed, nothing while open.

    Pass `closed_on=None` when a rejection is reopened, so that the old day does not count as given.

    Raises:
        Invalid: a day was given for a rejection that is open.
    """
    if status is RejectionStatus.CLOSED:
        return closed_on or today
    if closed_on is not None:
        raise closed_on_while_open()
    return None


def default_rejected_on(now: datetime, zone: ZoneInfo) -> date:
    """Today, where the person lives."""
    return local_day(now, zone)


def check_rejected_on(rejected_on: date, now: datetime, zone: ZoneInfo) -> None:
    """Let a day through unless it is impossible; unlikely orders of days are the person's affair.

    Raises:
        Invalid: the day lies more than one day ahead of the person's local day.
    """
    if rejected_on > local_day(now, zone) + timedelta(days=MAX_DAYS_AHEAD):
        raise rejected_in_the_future()


def suggested_reapply_on(rejected_on: date) -> date:
    """The same day six calendar months later, or the last day of a month that is too short.

    Rebound's own rule: half a year is long enough for something to have changed on both sides.
    """
    months = rejected_on.year * 12 + rejected_on.month - 1 + REAPPLY_AFTER_MONTHS
    year, month = divmod(months, 12)
    return date(year, month + 1, min(rejected_on.day, monthrange(year, month + 1)[1]))


def suggestions_since(today: date) -> date:
    """The earliest `rejected_on` whose suggestion to apply again can still be shown.

    Seven months and a little: the suggestion comes after six and goes after 30 days. It only
    bounds a query; the rules decide.
    """
    return today - timedelta(days=REAPPLY_LOOK_BACK_DAYS)
