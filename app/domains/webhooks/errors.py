"""The problems of this room."""

from typing import ClassVar

from app.kit.networks import CallFailure
from app.kit.problems import Conflict, Invalid, Problem, invalid


class TooManyEndpoints(Problem):
    status, code, title = 409, "too-many-webhook-endpoints", "There are enough endpoints"
    explanation = (
        "A person or an organisation has at most `limit` webhook endpoints. Delete one that you no "
        "longer need, or let one endpoint take more types."
    )
    extra_members: ClassVar = {
        "limit": {
            "type": "integer",
            "format": "int32",
            "minimum": 0,
            "maximum": 1000,
            "description": "How many there can be.",
            "examples": [20],
        }
    }


class EndpointDisabled(Conflict):
    status, code, title = 409, "webhook-endpoint-disabled", "The endpoint is disabled"
    explanation = (
        "A disabled endpoint is told nothing. Set its `status` to `active` by PATCH, then try "
        "again."
    )


def url_refused(failure: CallFailure) -> Invalid:
    """The refusal of an address that no message could ever be sent to."""
    return invalid("/url", failure.value, MESSAGES[failure])


MESSAGES = {
    CallFailure.MALFORMED_URL: "must be a web address without user, password and fragment",
    CallFailure.NOT_HTTPS: "must begin with https",
    CallFailure.PORT_REFUSED: "must use port 443 or one above 1023",
    CallFailure.ADDRESS_INSIDE: "must lie on the public Internet",
}


def neither_or_both() -> Invalid:
    """The refusal of a redelivery that does not say which messages, or says it twice."""
    return invalid("/since", "one_of", "give `delivery_id` or `since`, one of them")
