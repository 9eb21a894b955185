"""When a check-in can have been."""

from datetime import datetime, timedelta

from app.domains.recovery.errors import checked_in_in_the_future

AHEAD = timedelta(hours=24)
"""What is allowed for a device whose clock is wrong."""


def check_checked_in_at(checked_in_at: datetime | None, now: datetime) -> None:
    """Let a time through unless it is impossible.

    A check-in of a later year would stay the latest one, and so silence both guards until then.

    Raises:
        Invalid: it lies more than 24 hours ahead.
    """
    if checked_in_at is not None and checked_in_at > now + AHEAD:
        raise checked_in_in_the_future()
