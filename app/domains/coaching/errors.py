"""The problems of this room."""

from collections.abc import Mapping
from typing import Any, ClassVar

from app.kit.ids import example_id
from app.kit.problems import Invalid, Problem, invalid


class LastAdmin(Problem):
    status, code, title = 409, "last-admin", "The organisation would be left without an admin"
    explanation = (
        "Somebody must be able to run the organisation, so its last active admin cannot leave, be "
        "deactivated or get another role. Make somebody else an admin first."
    )


class AlreadyMember(Problem):
    status: ClassVar[int] = 409
    code: ClassVar[str] = "already-member"
    title: ClassVar[str] = "This account is a member already"
    explanation: ClassVar[str] = (
        "An account belongs to an organisation once. The member `membership_id` names the "
        "membership there is; PATCH it to change the role, or to make it active again."
    )
    extra_members: ClassVar[Mapping[str, Any]] = {
        "membership_id": {
            "type": "string",
            "format": "uuid",
            "maxLength": 36,
            "description": "The membership that is there already.",
            "examples": [str(example_id("membership_id"))],
        }
    }


class AlreadyInvited(Problem):
    status, code, title = 409, "already-invited", "This address is invited already"
    explanation = (
        "An invitation of the same kind waits for an answer from this e-mail address. Wait until "
        "it is accepted or expires, or withdraw it (PATCH its `status`) and invite again."
    )


class ExternalIdTaken(Problem):
    status, code, title = 409, "external-id-taken", "This external id belongs to somebody else"
    explanation = (
        "Within an organisation an `external_id` names one person: another active client has it, "
        "or a pending invitation was made with it."
    )


class InvitationRefused(Problem):
    status, code, title = 422, "invitation-refused", "This invitation is not good (any more)"
    explanation = (
        "The token of an invitation is good for 14 days and for one person, unless the "
        "organisation withdraws it before. Hand it in unchanged, or ask the organisation to "
        "invite you again."
    )


class SyntheticOnly(Problem):
    status, code, title = 403, "synthetic-only", "This organisation is for tests only"
    explanation = (
        "A test organisation takes only accounts that belong to nobody: their e-mail address "
        "stands in a domain that is reserved for examples, such as example.com. Sign up with such "
        "an address to try it."
    )


def not_synthetic() -> Invalid:
    """The refusal of an address that may be somebody's, in a test organisation."""
    return invalid(
        "/email", "not_reserved", "must be in a reserved domain such as example.com in a test"
    )


def unknown_account() -> Invalid:
    """The refusal of an account with which the organisation has nothing to do, or that is none."""
    return invalid("/account_id", "unknown", "must be a client or former member")
