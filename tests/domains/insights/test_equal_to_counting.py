"""Every figure of a random life equals a count of the API's own lists, in zones east and west."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.kit.clock import SetClock
from tests.conftest import MakePerson
from tests.domains.acting import get
from tests.domains.insights import counting
from tests.domains.insights.counting import Book, days_between
from tests.domains.insights.living import BEGINS_ON, DAYS, Life, set_goals

pytestmark = pytest.mark.thorough

ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago")
ACTS = 700


@pytest.mark.parametrize("zone", ZONES)
async def test_every_figure_equals_a_count_of_the_lists(
    zone: str, make_person: MakePerson, clock: SetClock
) -> None:
    person = await make_person(time_zone=zone)
    life = Life(person, clock, ZoneInfo(zone), seed=ZONES.index(zone))
    await life.live(ACTS)
    await set_goals(life)
    book, today = await Book.read(person, zone), life.today

    async def insight(name: str, days: list[str], **wanted: str) -> dict[str, Any]:
        period = {"from": days[0], "to": days[-1]}
        return await get(person, f"/v1/insights/{name}", **period, **wanted)

    for first, last in (
        (BEGINS_ON - timedelta(days=60), BEGINS_ON + timedelta(days=DAYS)),
        (date(2026, 3, 1), date(2026, 3, 31)),  # Clocks go forward in March.
        (date(2026, 10, 19), date(2026, 11, 8)),  # And back in autumn.
        (date(2026, 6, 30), date(2026, 6, 30)),
        (life.moment().date(), today),
    ):
        days = days_between(first, last)
        assert await insight("overview", days) == counting.overview(book, days, today)
        assert await insight("learning", days) == counting.learning(book, days)
        assert await insight("network", days) == counting.network(book, days, today)
        for about in ({}, {"rejection_id": book.lists["check-ins"][0]["rejection_id"] or ""}):
            wanted = {name: value for name, value in about.items() if value}
            expected = counting.wellbeing(book, days, **wanted)
            assert await insight("wellbeing", days, **wanted) == expected
        for wanted in (
            {},
            {"competency": "teamwork"},
            {"direction": "improvement"},
            {"competency": "writing", "direction": "strength"},
        ):
            assert await insight("feedback", days, **wanted) == counting.feedback(
                book, days, **wanted
            )
        for wanted in (
            {},
            {"stage": "interview"},
            {"source": "referral"},
            {"decided_by": "candidate", "tag": "data"},
            {"company_id": book.lists["companies"][0]["id"], "source": "job_board"},
        ):
            assert await insight("rejections", days, **wanted) == counting.rejections(
                book, days, **wanted
            )

    # The life was rich enough for every figure to be able to be wrong.
    whole = days_between(BEGINS_ON - timedelta(days=60), BEGINS_ON + timedelta(days=DAYS))
    assert all(step["count"] for step in counting.funnel(book, whole, {}))
    assert counting.feedback(book, whole)["repeating"]
    assert counting.feedback(book, whole)["median_days_to_answer"] is not None
    assert counting.learning(book, whole)["repeating_gaps"]
    assert counting.learning(book, whole)["gaps_closed"]
    assert all(counting.follow_ups(book, whole, today))
    assert sum(goal["done"] > 0 for goal in counting.overview(book, whole, today)["goals"]) > 3
    assert all(one["count"] for one in counting.overview(book, whole, today)["activity"])
