"""The problems of this room; impossible transitions are `app.kit.problems.InvalidTransition`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.kit.problems import Invalid, Problem, invalid


class AlreadyNudged(Problem):
    """A second nudge was noted; say `nudged_on=` of the first."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "already-nudged"
    title: ClassVar[str] = "This request has been nudged already"
    explanation: ClassVar[str] = (
        "One friendly reminder is enough: a second one reads as pressure, and silence is an answer "
        "many give. The member `nudged_on` says when the first went out. If that day is wrong, set "
        "it to null first."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "nudged_on": {
            "type": "string",
            "format": "date",
            "maxLength": 10,
            "description": "The day of the one nudge that is noted.",
            "examples": ["2026-03-11"],
        }
    }


def request_of_another_rejection() -> Invalid:
    """The refusal of a request that asked about another rejection than the feedback is about."""
    return invalid("/request_id", "other_rejection", "must be a request about the same rejection")


def sent_on_while_not_sent() -> Invalid:
    """The refusal of a day of sending on a request that was never sent."""
    return invalid("/sent_on", "not_sent", "can only be set on a request that was sent")


def sent_in_the_future() -> Invalid:
    """The refusal of a `sent_on` that nobody can have lived through yet."""
    return invalid("/sent_on", "in_the_future", "must not lie more than one day ahead")


def sent_after_the_nudge() -> Invalid:
    """The refusal of a `sent_on` that would put the request after its own reminder."""
    return invalid("/sent_on", "after_nudge", "must not lie after the nudge")


def nudged_while_not_sent() -> Invalid:
    """The refusal of a nudge for a request that does not wait for an answer."""
    return invalid("/nudged_on", "not_sent", "can only be changed while the status is sent")


def nudged_in_the_future() -> Invalid:
    """The refusal of a `nudged_on` that nobody can have lived through yet."""
    return invalid("/nudged_on", "in_the_future", "must not lie more than one day ahead")


def nudged_before_sending() -> Invalid:
    """The refusal of a nudge for something that had not been sent yet."""
    return invalid("/nudged_on", "before_sent", "must not lie before the day of sending")


def received_in_the_future() -> Invalid:
    """The refusal of a `received_on` that nobody can have lived through yet."""
    return invalid("/received_on", "in_the_future", "must not lie more than one day ahead")


def rated_before_restating() -> Invalid:
    """The refusal of a rating by somebody who has not yet said in their words what they heard."""
    return invalid(
        "/usefulness",
        "restate_first",
        "can only be rated once `restated` says in your own words what you were told",
    )
