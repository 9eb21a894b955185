"""Which API keys may be made."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from app.auth.rules import check_expiry
from app.auth.scopes import SCOPES_OF_ORGANIZATIONS, SCOPES_OF_PEOPLE, Scope
from app.auth.terms import LONGEST_KEY
from app.domains.accounts.errors import scope_beyond_own, scope_of_others
from app.domains.accounts.terms import DEFAULT_KEY_DAYS


def check_scopes(
    wanted: Sequence[Scope], own: Collection[Scope], *, for_organization: bool
) -> None:
    """Let scopes through that the caller holds and that make sense for the key's owner.

    Raises:
        Invalid: one of them is beyond that.
    """
    sensible = SCOPES_OF_ORGANIZATIONS if for_organization else SCOPES_OF_PEOPLE
    for number, scope in enumerate(wanted):
        if scope not in own:
            raise scope_beyond_own(number)
        if scope not in sensible:
            raise scope_of_others(number)


def end_of_key(expires_at: datetime | None, now: datetime) -> datetime:
    """The given end of a key, or the one after 90 days.

    Raises:
        Invalid: the given one has come already, or lies more than 365 days ahead.
    """
    if expires_at is None:
        return now + timedelta(days=DEFAULT_KEY_DAYS)
    check_expiry(expires_at, now, LONGEST_KEY)
    return expires_at
