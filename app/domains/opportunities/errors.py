"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from app.kit.problems import Conflict, Invalid, invalid


class OpportunityIsOver(Conflict):
    """There is nothing to prepare for."""

    status, code, title = 409, "opportunity-is-over", "This opportunity has ended"
    explanation = (
        "There is nothing to prepare for where an opportunity was rejected, withdrawn or closed. "
        "Take the ending back, or add a new opportunity when you apply again."
    )


def company_missing() -> Invalid:
    """The refusal of an opportunity at no company at all."""
    return invalid("/company_name", "missing", "is required unless company_id is given")


def previous_opportunity_comes_later() -> Invalid:
    """The refusal of a reapplication that would come before itself."""
    return invalid(
        "/previous_opportunity_id", "circular", "must not be a reapplication that followed this one"
    )


def ends_before_it_starts(field: str) -> Invalid:
    """The refusal of a goal that would be over before it begins; `field` is the day to correct."""
    return invalid(f"/{field}", "ends_before_start", "must not let the goal end before it starts")
