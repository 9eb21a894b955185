"""The pause at the head of a plan (practice A1, "give yourself time")."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domains.recovery.terms import StepOrigin
from app.domains.rejections.terms import DecidedBy, RejectionStage
from app.kit.clock import end_of_day


def pause_until(  # noqa: PLR0913 -- a pure rule names every fact it decides on.
    *,
    created_at: datetime,
    rejected_on: date,
    pause_hours: int,
    stage: RejectionStage,
    decided_by: DecidedBy,
    zone: ZoneInfo,
    now: datetime,
) -> datetime | None:
    """When a new plan stops being quiet: `pause_hours` elapsed hours after the "no".

    The "no" is taken to have come at the end of its local day, or when it was recorded if that
    was earlier. There is no pause after an application, after one's own decision, or where it
    would be over already. Rebound's own rule; the hours are the person's choice.
    """
    if stage is RejectionStage.APPLICATION or decided_by is DecidedBy.CANDIDATE:
        return None
    until = min(created_at, end_of_day(rejected_on, zone)) + timedelta(hours=pause_hours)
    return until if until > now else None


def resting_until(
    own: datetime | None, origin: StepOrigin, pauses: Iterable[datetime | None]
) -> datetime | None:
    """Until when a step rests: while its plan is paused, a coach's step while any plan is.

    `pauses` are the `pause_until` of all of the person's active plans. What a coach assigns comes
    on top of what the person goes through, so it waits for all of that. Rebound's own rule.
    """
    if origin is not StepOrigin.COACH:
        return own
    return max((one for one in (own, *pauses) if one is not None), default=None)


def is_paused(until: datetime | None, now: datetime) -> bool:
    """Whether a plan with this `pause_until` keeps quiet now."""
    return until is not None and until > now
