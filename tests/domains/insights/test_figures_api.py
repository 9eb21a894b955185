"""What all insights keep, over HTTP: their period, their honesty, and who may read which."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.auth.scopes import Scope
from app.db.transaction import Database
from app.domains.insights.router import router
from app.domains.insights.terms import CONCLUSIVE_FROM
from app.kit.clock import SetClock
from app.web.routing import Route
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, check_in, expect, finding_of, get, post
from tests.domains.recovery.test_query_counts_api import statements_of

NAMES = ("overview", "rejections", "feedback", "wellbeing", "learning", "network")


async def insight(person: Person, name: str, **params: Any) -> dict[str, Any]:
    return await get(person, f"/v1/insights/{name}", **params)


@pytest.mark.parametrize("name", NAMES)
async def test_somebody_without_records_gets_zeros_and_no_conclusion(
    name: str, person: Person
) -> None:
    found = await insight(person, name)
    assert (found["sample_size"], found["conclusive"]) == (0, False)
    assert not _numbers_above_zero({n: v for n, v in found.items() if n not in ("from", "to")})


def _numbers_above_zero(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [n for inner in value.values() for n in _numbers_above_zero(inner)]
    if isinstance(value, list):
        return [n for inner in value for n in _numbers_above_zero(inner)]
    return [value] if isinstance(value, int | float) and value > 0 else []


@pytest.mark.parametrize("name", NAMES)
async def test_a_period_is_the_last_year_unless_said_otherwise(name: str, person: Person) -> None:
    found = await insight(person, name)
    assert (found["from"], found["to"]) == ("2025-03-12", "2026-03-11")
    assert found["time_zone"] == "Europe/Berlin"
    found = await insight(person, name, **{"from": "2026-03-11"})
    assert (found["from"], found["to"]) == ("2026-03-11", "2026-03-11")
    found = await insight(person, name, to="2025-12-31")
    assert (found["from"], found["to"]) == ("2025-01-01", "2025-12-31")


@pytest.mark.parametrize("name", NAMES)
async def test_an_impossible_period_is_refused_where_it_is_wrong(name: str, person: Person) -> None:
    async def refused(**params: str) -> tuple[str, str]:
        return finding_of(await person.http.get(f"/v1/insights/{name}", params=params))

    assert await refused(**{"from": "2026-03-02", "to": "2026-03-01"}) == (
        "query.to",
        "ends_before_start",
    )
    assert await refused(**{"from": "2026-03-12"}) == ("query.from", "ends_before_start")
    assert await refused(**{"from": "2021-03-01", "to": "2026-03-02"}) == (
        "query.from",
        "period_too_long",
    )
    longest = await insight(person, name, **{"from": "2021-03-01", "to": "2026-03-01"})
    assert longest["from"] == "2021-03-01"
    assert await refused(first="2026-03-01") == ("query.first", "extra_forbidden")


async def test_the_last_days_that_there_are_can_be_asked_for(person: Person) -> None:
    for name in NAMES:
        for day in ("1900-01-01", "2200-12-31"):
            found = await insight(person, name, **{"from": day, "to": day})
            assert (found["from"], found["to"]) == (day, day)


async def test_few_records_are_shown_and_called_inconclusive(person: Person) -> None:
    for number in range(1, CONCLUSIVE_FROM + 1):
        await person.record_rejection(channel="silence", start_plan=False)
        found = await insight(person, "rejections")
        assert (found["sample_size"], found["conclusive"]) == (number, number == CONCLUSIVE_FROM)
        assert found["silence"] == {
            "count": number,
            "of": number,
            "percent": 100,
            "conclusive": number == CONCLUSIVE_FROM,
        }


@pytest.mark.parametrize(
    ("zone", "week", "month"),
    [
        # 10:30 of Monday, March 2, in UTC.
        ("Pacific/Kiritimati", "2026-03-02", "2026-03-01"),
        ("Pacific/Pago_Pago", "2026-02-23", "2026-03-01"),
        ("Europe/Berlin", "2026-03-02", "2026-03-01"),
    ],
)
async def test_a_moment_belongs_to_the_week_in_which_the_person_lived_it(
    zone: str, week: str, month: str, make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    person = await make_person(time_zone=zone)
    await check_in(person, mood=2)
    await post(person, "/v1/contacts", name="Ali Muster", relationship="peer")
    (lived,) = [one for one in (await insight(person, "wellbeing"))["by_week"] if one["count"]]
    assert (lived["week"], lived["mood"]) == (week, 2)
    (grown,) = [o for o in (await insight(person, "network"))["added_by_month"] if o["count"]]
    assert grown["month"] == month


async def test_the_hour_that_comes_twice_and_the_one_that_never_comes_are_of_their_day(
    person: Person, clock: SetClock
) -> None:
    # Berlin: the clocks go forward on Sunday, March 29, and back on Sunday, October 25.
    for instant in (
        datetime(2026, 3, 28, 22, 59, tzinfo=UTC),  # Saturday, 23:59.
        datetime(2026, 3, 28, 23, 0, tzinfo=UTC),  # Sunday, 00:00.
        datetime(2026, 3, 29, 21, 59, tzinfo=UTC),  # Sunday, 23:59, an hour early.
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),  # Monday.
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # Sunday, 02:30.
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # Sunday, 02:30 again.
        datetime(2026, 10, 25, 22, 59, tzinfo=UTC),  # Sunday, 23:59.
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC),  # Monday.
    ):
        clock.instant = instant
        await check_in(person)
    found = await insight(person, "wellbeing")
    assert {one["week"]: one["count"] for one in found["by_week"] if one["count"]} == {
        "2026-03-23": 3,
        "2026-03-30": 1,
        "2026-10-19": 3,
        "2026-10-26": 1,
    }
    sunday = await insight(person, "wellbeing", **{"from": "2026-03-29", "to": "2026-03-29"})
    assert sunday["sample_size"] == 2


async def test_a_filter_by_what_is_not_there_finds_nothing(person: Person) -> None:
    await person.record_rejection()
    await check_in(person)
    absent = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert (await insight(person, "rejections", company_id=absent))["sample_size"] == 0
    assert (await insight(person, "wellbeing", rejection_id=absent))["sample_size"] == 0


async def test_gaps_are_counted_on_the_day_on_which_they_were_closed(
    person: Person, clock: SetClock
) -> None:
    gap = await post(person, "/v1/skill-gaps", name="Forecasting", status="in_progress")
    await post(person, "/v1/skill-gaps", name="Estimating", status="closed")
    clock.advance(timedelta(days=40))
    path = f"/v1/skill-gaps/{gap['id']}"
    await change(person, path, status="closed")

    async def closed(day: str) -> int:
        found = await insight(person, "learning", **{"from": day, "to": day})
        return int(found["gaps_closed"])

    days = ("2026-03-10", "2026-03-11", "2026-04-19", "2026-04-20", "2026-04-21")
    assert [await closed(day) for day in days] == [0, 1, 0, 1, 0]
    # Taken up again, it is not closed.
    await change(person, path, status="open")
    assert [await closed(day) for day in days] == [0, 1, 0, 0, 0]


async def test_an_application_that_only_its_rejections_date_counts_on_the_earliest_day(
    person: Person,
) -> None:
    saved = await post(
        person, "/v1/opportunities", company_name="Example GmbH", role_title="Data analyst"
    )
    assert (saved["status"], saved["applied_on"]) == ("saved", None)
    for day in ("2026-02-03", "2026-02-02", None):
        given = {} if day is None else {"applied_on": day}
        await person.record_rejection(opportunity_id=saved["id"], start_plan=False, **given)
    once: dict[str, Any] = {"metric": "applications", "target": 1, "period": "once"}
    await post(person, "/v1/goals", title="Apply", starts_on="2026-02-02", **once)
    await post(person, "/v1/goals", title="Apply later", starts_on="2026-02-03", **once)

    async def applications(day: str) -> list[Any]:
        period = {"from": day, "to": day}
        overview = await insight(person, "overview", **period)
        (row,) = [one for one in overview["activity"] if one["metric"] == "applications"]
        funnel = (await insight(person, "rejections", **period))["funnel"]
        return [
            row["count"],
            funnel[0]["count"],
            {one["title"]: one["done"] for one in overview["goals"]},
        ]

    goals = {"Apply": 1, "Apply later": 0}
    # March 11 is the day on which it was added: it was applied for before.
    for day, count in (("2026-02-02", 1), ("2026-02-03", 0), ("2026-03-11", 0)):
        assert await applications(day) == [count, count, goals]
    # What the opportunity says itself counts more, whenever that was.
    path = f"/v1/opportunities/{saved['id']}"
    await change(person, path, applied_on="2025-01-15")
    goals = {"Apply": 0, "Apply later": 0}
    for day, count in (("2025-01-15", 1), ("2026-02-02", 0), ("2026-03-11", 0)):
        assert await applications(day) == [count, count, goals]


async def test_moods_are_told_with_the_scope_of_check_ins_alone(person: Person) -> None:
    scopes = {
        route.operation: route.guard.scope_name
        for route in router.routes
        if isinstance(route, Route) and route.guard is not None
    }
    assert scopes.pop("get_wellbeing_insight") == Scope.WELLBEING_READ
    assert set(scopes.values()) == {Scope.INSIGHTS_READ}
    await check_in(person, mood=1, emotions=["ashamed"])
    for name in set(NAMES) - {"wellbeing"}:
        answer = await person.http.get(f"/v1/insights/{name}")
        assert not {"mood", "energy", "emotions"} & expect(answer, 200).keys()
        assert "ashamed" not in answer.text


async def test_what_was_told_before_the_consent_ended_can_be_read_until_it_is_deleted(
    person: Person,
) -> None:
    await check_in(person, mood=4)
    await change(person, "/v1/me", wellbeing_tracking=False)
    assert (await insight(person, "wellbeing"))["sample_size"] == 1
    expect(await person.http.delete("/v1/check-ins"), 204)
    assert (await insight(person, "wellbeing"))["sample_size"] == 0


async def test_an_insight_costs_a_constant_number_of_statements(
    person: Person, database: Database, clock: SetClock
) -> None:
    async def counts() -> dict[str, int]:
        found = {}
        for name in NAMES:
            with statements_of(database) as statements:
                await insight(person, name)
            found[name] = len(statements)
        return found

    few = await counts()
    for number in range(8):
        opportunity = await post(
            person, "/v1/opportunities", company_name="Example GmbH", role_title="Data analyst"
        )
        await person.record_rejection(opportunity_id=opportunity["id"])
        await post(
            person, "/v1/goals", title="Apply", metric="applications", target=1, period="week"
        )
        await post(person, "/v1/contacts", name=f"Ali {number}", relationship="peer")
        await check_in(person)
        clock.advance(timedelta(days=3))
    assert await counts() == few
    # Who asks, and one for each kind of record.
    assert few == {
        "overview": 13,
        "rejections": 4,
        "feedback": 4,
        "wellbeing": 2,
        "learning": 5,
        "network": 5,
    }
