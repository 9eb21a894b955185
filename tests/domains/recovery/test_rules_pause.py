"""How long a step rests, for whatever pauses there are."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domains.recovery.rules.pause import is_paused, resting_until
from app.domains.recovery.terms import StepOrigin
from tests.domains.recovery.builders import instants

pauses = st.lists(st.none() | instants)


@given(own=st.none() | instants, others=pauses, now=instants)
def test_a_coachs_step_rests_while_any_plan_is_paused(
    own: datetime | None, others: list[datetime | None], now: datetime
) -> None:
    until = resting_until(own, StepOrigin.COACH, others)
    assert is_paused(until, now) is any(is_paused(one, now) for one in (own, *others))


@given(
    own=st.none() | instants,
    origin=st.sampled_from([one for one in StepOrigin if one is not StepOrigin.COACH]),
    others=pauses,
)
def test_any_other_step_rests_with_its_own_plan_only(
    own: datetime | None, origin: StepOrigin, others: list[datetime | None]
) -> None:
    assert resting_until(own, origin, others) == own
