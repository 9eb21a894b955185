"""What an invitation may say, how it goes on, and whom a test organisation takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domains.accounts.rules.emails import key_of
from app.domains.coaching.terms import InvitationKind, InvitationStatus
from app.kit.problems import Invalid, InvalidTransition

RESERVED_DOMAINS = (
    *("example.com", "example.net", "example.org"),
    *("example", "invalid", "localhost", "test"),
)
"""Domains in which nobody has a mailbox (RFC 2606, section 2 and 3; RFC 6761, section 6)."""

INVITATION_TRANSITIONS: Mapping[InvitationStatus, tuple[InvitationStatus, ...]] = {
    InvitationStatus.PENDING: (InvitationStatus.WITHDRAWN,),
    InvitationStatus.ACCEPTED: (),
    InvitationStatus.EXPIRED: (),
    InvitationStatus.WITHDRAWN: (),
}
"""Which status an organisation can set. Accepting is for whoever has the token."""

_OF_CLIENTS = ("external_id", "cohort", "coach_id", "ask")


def is_synthetic(email: str) -> bool:
    """Whether an address stands in a reserved domain, so that it can belong to nobody."""
    domain = key_of(email).rpartition("@")[2]
    return any(domain == one or domain.endswith(f".{one}") for one in RESERVED_DOMAINS)


def check_invitation(kind: InvitationKind, given: Mapping[str, Any]) -> None:
    """Let an invitation through that says of its kind what it must, and nothing of the other.

    Raises:
        Invalid: a member has no role, or something is said that is not of this kind.
    """
    if errors := list(_findings(kind, given)):
        raise Invalid(errors=errors)


def check_transition(before: InvitationStatus, after: InvitationStatus) -> None:
    """Let a change of status through if the table lists it.

    Raises:
        InvalidTransition: the table does not list it.
    """
    allowed = INVITATION_TRANSITIONS[before]
    if after not in (before, *allowed):
        raise InvalidTransition(
            f"An invitation that is {before} cannot become {after}.", allowed=list(allowed)
        )


def _findings(kind: InvitationKind, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if kind is InvitationKind.CLIENT:
        if given.get("role") is not None:
            yield _finding("role", "only_for_members", "can only be given to a member")
        return
    if given.get("role") is None:
        yield _finding("role", "missing", "is required for a member")
    for name in _OF_CLIENTS:
        if given.get(name) is not None:
            yield _finding(name, "only_for_clients", "can only be said of a client")


def _finding(name: str, code: str, message: str) -> dict[str, str]:
    return {"pointer": f"/{name}", "code": code, "message": message}
