"""Pure decisions about consent: what follows from a change, and what widens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.rules import ALLOWANCES, GRANT_TRANSITIONS, consequences, end_of_grant, widens
from app.auth.terms import LONGEST_GRANT, ConsentAccess, ConsentCategory, GrantStatus
from app.kit.problems import Invalid, InvalidTransition
from tests.conftest import NOON

ENDS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(  # noqa: DTZ001 -- the zone is added.
    lambda one: one.replace(tzinfo=NOON.tzinfo)
)
CATEGORIES = st.lists(st.sampled_from(ConsentCategory), min_size=1, unique=True)
PARTS: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(GrantStatus),
    "categories": CATEGORIES,
    "access": st.sampled_from(ConsentAccess),
    "expires_at": ENDS,
}
GRANTS = st.fixed_dictionaries(PARTS).map(lambda parts: SimpleNamespace(**parts))


def changes_of(grant: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """As a patch tells them: what differs."""
    return {name: value for name, value in patch.items() if getattr(grant, name) != value}


def may(grant: Any, category: ConsentCategory, access: ConsentAccess, at: datetime) -> bool:
    """Whether a grant lets an organisation do something at an instant."""
    return (
        grant.status is GrantStatus.ACTIVE
        and at < grant.expires_at
        and category in grant.categories
        and access in (ConsentAccess.READ, grant.access)
    )


@given(GRANTS, st.fixed_dictionaries({}, optional=PARTS))
def test_what_does_not_widen_allows_nothing_new_at_any_time(
    grant: Any, patch: dict[str, Any]
) -> None:
    changes = changes_of(grant, patch)
    after = SimpleNamespace(**{**vars(grant), **changes})
    instants = [NOON, grant.expires_at, after.expires_at, after.expires_at - timedelta(seconds=1)]
    allows_more = any(
        may(after, category, access, at) and not may(grant, category, access, at)
        for category in ConsentCategory
        for access in ConsentAccess
        for at in instants
    )
    if allows_more:
        assert widens(grant, changes)
    # And nobody is asked to sign in for what can only take away.
    if grant.status is GrantStatus.ACTIVE and changes.get("status") is GrantStatus.REVOKED:
        assert not widens(grant, {"status": GrantStatus.REVOKED})


@given(GRANTS, st.fixed_dictionaries({}, optional=PARTS))
def test_a_change_is_carried_out_as_the_table_and_the_calendar_allow(
    grant: Any, patch: dict[str, Any]
) -> None:
    changes = changes_of(grant, patch)
    if not changes:
        return
    status = changes.get("status", grant.status)
    end = changes.get("expires_at", grant.expires_at)
    allowed = GRANT_TRANSITIONS[grant.status]
    if status not in (grant.status, *allowed):
        with pytest.raises(InvalidTransition) as refused:
            consequences(grant, changes, NOON)
        assert refused.value.members["allowed"] == list(allowed)
        return
    in_time = NOON < end <= NOON + LONGEST_GRANT
    if status is GrantStatus.ACTIVE:
        impossible = not in_time and not changes.keys().isdisjoint(("status", "expires_at"))
    else:
        impossible = not changes.keys().isdisjoint(ALLOWANCES)
    if impossible:
        with pytest.raises(Invalid):
            consequences(grant, changes, NOON)
        return
    found = consequences(grant, changes, NOON)
    assert found.items() >= changes.items()
    if status is GrantStatus.ACTIVE:
        assert ("activated_at" in found) == ("status" in changes)
        assert "ended_at" not in found
        assert ("expiry_noticed_at" in found) == ("expires_at" in changes)
    else:
        assert found == {"status": status, "ended_at": NOON}


def test_ended_grants_never_come_back() -> None:
    for ended in (GrantStatus.DECLINED, GrantStatus.REVOKED, GrantStatus.EXPIRED):
        assert GRANT_TRANSITIONS[ended] == ()
    assert set(GRANT_TRANSITIONS) == set(GrantStatus)
    # Only time makes one expire, and only an organisation begins by asking.
    reached = {after for allowed in GRANT_TRANSITIONS.values() for after in allowed}
    assert reached == set(GrantStatus) - {GrantStatus.EXPIRED, GrantStatus.REQUESTED}


@given(st.integers(1, 365))
def test_an_end_that_is_not_named_is_the_organisations(days: int) -> None:
    assert end_of_grant(None, NOON, days) == NOON + timedelta(days=days)
    assert end_of_grant(NOON + timedelta(days=days), NOON, 1) == NOON + timedelta(days=days)


@pytest.mark.parametrize("off", [timedelta(0), -timedelta(days=1), timedelta(days=365, seconds=1)])
def test_an_end_that_has_come_or_is_too_far_is_refused(off: timedelta) -> None:
    with pytest.raises(Invalid):
        end_of_grant(NOON + off, NOON, 90)
