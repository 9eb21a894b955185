"""The problems of this room."""

from app.domains.insights.terms import MAX_PERIOD_DAYS
from app.kit.problems import Invalid, invalid


def ends_before_it_starts(parameter: str) -> Invalid:
    """The refusal of a period without a day; `parameter` is the one to correct."""
    return invalid(
        f"query.{parameter}", "ends_before_start", "must not let it end before it starts"
    )


def period_too_long() -> Invalid:
    """The refusal of a period that is longer than anybody looks at."""
    return invalid("query.from", "period_too_long", f"must be at most {MAX_PERIOD_DAYS} days long")
