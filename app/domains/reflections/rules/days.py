"""Which days nobody can have lived through yet."""

from datetime import date, timedelta

from app.domains.reflections.errors import in_the_future
from app.domains.reflections.terms import MAX_DAYS_AHEAD


def check_lived(field: str, day: date, today: date) -> None:
    """Let a day through unless it lies ahead.

    One day ahead is let through, for a person who travels east of the zone in their profile.

    Raises:
        Invalid: the day lies more than one day ahead of the person's local day.
    """
    if day > today + timedelta(days=MAX_DAYS_AHEAD):
        raise in_the_future(field)
