"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from app.kit.problems import Invalid, invalid


def rejected_in_the_future() -> Invalid:
    """The refusal of a `rejected_on` that nobody can have lived through yet."""
    return invalid("/rejected_on", "in_the_future", "must not lie more than one day ahead")


def closed_on_while_open() -> Invalid:
    """The refusal of a closing day on a rejection that is open."""
    return invalid("/closed_on", "not_closed", "can only be set while the status is closed")
