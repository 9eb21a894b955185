"""What grants allow together, for whatever grants there are."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.domains.coaching.rules.standing import GrantFacts, standing
from app.domains.coaching.terms import ConsentState

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)

grants = st.lists(
    st.builds(
        GrantFacts,
        id=st.uuids(),
        status=st.sampled_from(GrantStatus),
        categories=st.lists(st.sampled_from(ConsentCategory), unique=True).map(tuple),
        access=st.sampled_from(ConsentAccess),
        expires_at=st.integers(-3, 3).map(lambda days: NOW + timedelta(days=days)),
    ),
    max_size=5,
    unique_by=lambda grant: grant.id,
)


@given(grants)
def test_exactly_what_a_grant_in_force_allows_is_allowed(known: Sequence[GrantFacts]) -> None:
    found = standing(known, NOW)
    in_force = {
        grant.id: grant
        for grant in known
        if grant.status is GrantStatus.ACTIVE and grant.expires_at > NOW
    }
    assert set(found.readable) == {one for g in in_force.values() for one in g.categories}
    for category, grant_id in found.readable.items():
        assert category in in_force[grant_id].categories
    for category, grant_id in found.writable.items():
        assert category in in_force[grant_id].categories
        assert in_force[grant_id].access is ConsentAccess.WRITE
    writing = [g for g in in_force.values() if g.access is ConsentAccess.WRITE]
    assert set(found.writable) == {one for g in writing for one in g.categories}
    assert list(found.readable) == [one for one in ConsentCategory if one in found.readable]
    assert found.expires_at == min((g.expires_at for g in in_force.values()), default=None)
    assert (found.state is ConsentState.ACTIVE) is bool(in_force)


@given(grants, st.randoms())
def test_the_order_of_grants_does_not_matter(known: list[GrantFacts], chance: Random) -> None:
    before = standing(known, NOW)
    chance.shuffle(known)
    assert standing(known, NOW) == before


@given(grants)
def test_a_state_that_is_told_is_that_of_a_grant(known: Sequence[GrantFacts]) -> None:
    state = standing(known, NOW).state
    if state is ConsentState.NONE:
        assert not known
    elif state is ConsentState.EXPIRED:
        assert {g.status for g in known} & {GrantStatus.ACTIVE, GrantStatus.EXPIRED}
    else:
        assert state.value in {g.status.value for g in known}
    if any(g.status is GrantStatus.REQUESTED for g in known):
        assert state in (ConsentState.ACTIVE, ConsentState.REQUESTED)
