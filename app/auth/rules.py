"""Pure decisions about consent and keys: what can follow, for how long, and what widens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.auth.errors import expires_in_the_past, expires_too_late, not_in_force
from app.auth.terms import LONGEST_GRANT, ConsentAccess, GrantStatus
from app.kit.problems import InvalidTransition

GRANT_TRANSITIONS: Mapping[GrantStatus, tuple[GrantStatus, ...]] = {
    GrantStatus.REQUESTED: (GrantStatus.ACTIVE, GrantStatus.DECLINED, GrantStatus.REVOKED),
    GrantStatus.ACTIVE: (GrantStatus.REVOKED,),
    GrantStatus.DECLINED: (),
    GrantStatus.REVOKED: (),
    GrantStatus.EXPIRED: (),
}
"""Which status callers can let follow which. Only time makes a grant expire."""

ALLOWANCES = ("categories", "access", "expires_at")
"""What a grant allows, and until when."""


def check_expiry(expires_at: datetime, now: datetime, longest: timedelta) -> None:
    """Let an end through that lies ahead, and at most so far.

    Raises:
        Invalid: it does not.
    """
    if expires_at <= now:
        raise expires_in_the_past()
    if expires_at > now + longest:
        raise expires_too_late(longest.days)


def end_of_grant(expires_at: datetime | None, now: datetime, default_days: int) -> datetime:
    """The given end of a grant, or the one after the organisation's usual number of days.

    Raises:
        Invalid: the given one has come already, or lies more than 365 days ahead.
    """
    if expires_at is None:
        return now + timedelta(days=default_days)
    check_expiry(expires_at, now, LONGEST_GRANT)
    return expires_at


def consequences(grant: Any, changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """All that a change of a grant brings about, the change itself included.

    Raises:
        InvalidTransition: the table does not list the status.
        Invalid: what the grant allows cannot change any more, or its end cannot be this one.
    """
    status = changes.get("status", grant.status)
    allowed = GRANT_TRANSITIONS[grant.status]
    if status not in (grant.status, *allowed):
        raise InvalidTransition(
            f"A grant that is {grant.status} cannot become {status}.", allowed=list(allowed)
        )
    found = dict(changes)
    if status is not GrantStatus.ACTIVE:
        for name in ALLOWANCES:
            if name in changes:
                raise not_in_force(f"/{name}")
        return {**found, "ended_at": now}
    if "status" in changes:
        found["activated_at"] = now
        check_expiry(changes.get("expires_at", grant.expires_at), now, LONGEST_GRANT)
    elif "expires_at" in changes:
        check_expiry(changes["expires_at"], now, LONGEST_GRANT)
    if "expires_at" in changes:
        found["expiry_noticed_at"] = None
    return found


def widens(grant: Any, changes: Mapping[str, Any]) -> bool:
    """Whether a change lets the organisation do more than before, or for longer."""
    return (
        changes.get("status") is GrantStatus.ACTIVE
        or not set(changes.get("categories", ())) <= set(grant.categories)
        or changes.get("access") is ConsentAccess.WRITE
        or changes.get("expires_at", grant.expires_at) > grant.expires_at
    )
