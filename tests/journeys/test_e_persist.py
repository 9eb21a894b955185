"""E1, keep going: a search that goes on after a "no", as a front end lives it over HTTP."""

from datetime import timedelta

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, code_of, delete, get, items, patch, post


async def test_a_no_ends_one_application_and_the_search_goes_on(
    person: Person, clock: SetClock
) -> None:
    # She keeps two roles in view. Typing a company's name is enough to have the company.
    wished = await post(
        person, "/v1/opportunities", company_name="Example GmbH", role_title="Data analyst"
    )
    other = await post(
        person,
        "/v1/opportunities",
        company_name="Sample AG",
        role_title="Data engineer",
        status="applied",
        applied_on="2026-03-02",
    )
    assert await items(person, "/v1/opportunities", status="saved") == [wished]
    assert (await get(person, f"/v1/companies/{wished['company_id']}"))["name"] == "Example GmbH"

    # Her goals count what is in her hands; no metric is about rejections avoided.
    goal = await post(
        person,
        "/v1/goals",
        title="One good application a week",
        metric="applications",
        target=1,
        period="week",
    )
    assert (goal["starts_on"], goal["status"]) == ("2026-03-11", "active")

    # She applies, and is invited. The application is what her goal asked for.
    path = f"/v1/opportunities/{wished['id']}"
    (before,) = (await get(person, "/v1/insights/overview"))["goals"]
    applied = await change(person, path, status="applied")
    assert applied["applied_on"] == "2026-03-11"
    (progress,) = (await get(person, "/v1/insights/overview"))["goals"]
    assert (before["done"], before["achieved"]) == (0, False)
    assert (progress["done"], progress["achieved"]) == (1, True)
    assert (progress["from"], progress["to"]) == ("2026-03-11", "2026-03-15")
    clock.advance(timedelta(days=5))
    invited = await change(
        person,
        path,
        status="interviewing",
        next_stage="interview",
        next_event_at="2026-03-20T09:00:00+01:00",
    )
    assert invited["next_stage"] == "interview"

    # The "no" comes. She records it once: it starts a plan, and it ends the opportunity.
    clock.advance(timedelta(days=5))
    rejection = await person.record_rejection(
        company_name="Example GmbH", channel="phone", opportunity_id=wished["id"]
    )
    assert await items(person, "/v1/recovery-plans", rejection_id=rejection["id"])
    assert (await get(person, path))["status"] == "rejected"
    assert (await get(person, f"/v1/opportunities/{other['id']}"))["status"] == "applied"
    stages = await items(person, f"{path}/stage-history", sort="changed_at")
    assert [one["to_status"] for one in stages] == ["saved", "applied", "interviewing", "rejected"]
    assert stages[-1]["rejection_id"] == rejection["id"]

    # Nothing can be made of it by a slip of the finger but what it was before.
    refused = await patch(person, path, status="accepted")
    assert code_of(refused, 409) == "invalid-transition"
    assert refused.json()["allowed"] == ["interviewing"]

    # The other one is going well, and the week's goal is achieved. She sets a kinder one.
    await change(person, f"/v1/opportunities/{other['id']}", status="interviewing")
    await change(person, f"/v1/goals/{goal['id']}", status="achieved")
    kinder = await post(
        person,
        "/v1/goals",
        title="Practise one answer aloud",
        metric="practice_sessions",
        target=1,
        period="week",
    )
    assert await items(person, "/v1/goals", status="active") == [kinder]

    # What she tried is shown as far as it came, and one "no" is no pattern.
    shown = await get(person, "/v1/insights/rejections")
    assert [(one["status"], one["count"]) for one in shown["funnel"]] == [
        ("applied", 2),
        ("interviewing", 2),
        ("offered", 0),
        ("accepted", 0),
    ]
    assert (shown["sample_size"], shown["conclusive"]) == (1, False)

    # Half a year later she tries again. A reapplication is a new one that knows the old one.
    clock.advance(timedelta(days=183))
    again = await post(
        person,
        "/v1/opportunities",
        company_name="EXAMPLE GMBH",
        role_title="Senior data analyst",
        status="applied",
        previous_opportunity_id=wished["id"],
    )
    assert again["company_id"] == wished["company_id"]
    assert again["applied_on"] == "2026-09-20"
    tries = await items(person, "/v1/opportunities", company_id=wished["company_id"])
    assert [one["status"] for one in tries] == ["applied", "rejected"]
    found = await items(person, "/v1/opportunities", previous_opportunity_id=wished["id"])
    assert found == [again]

    # This time it is an offer, and she takes it.
    for status in ("interviewing", "offered", "accepted"):
        again = await change(person, f"/v1/opportunities/{again['id']}", status=status)
    assert again["status"] == "accepted"
    withdrawn = await person.record_rejection(
        company_name="Sample AG",
        stage="interview",
        decided_by="candidate",
        opportunity_id=other["id"],
    )
    assert (await get(person, f"/v1/opportunities/{other['id']}"))["status"] == "withdrawn"
    assert withdrawn["opportunity_id"] == other["id"]


async def test_a_no_that_was_recorded_by_mistake_is_taken_back_whole(person: Person) -> None:
    # She meant the other opening at the same company.
    first, second = [
        await post(
            person,
            "/v1/opportunities",
            company_name="Example GmbH",
            role_title=role,
            status="interviewing",
        )
        for role in ("Data analyst", "Data engineer")
    ]
    paths = [f"/v1/opportunities/{one['id']}" for one in (first, second)]
    rejection = await person.record_rejection(opportunity_id=first["id"])
    assert [(await get(person, path))["status"] for path in paths] == ["rejected", "interviewing"]

    await change(person, f"/v1/rejections/{rejection['id']}", opportunity_id=second["id"])
    assert [(await get(person, path))["status"] for path in paths] == ["interviewing", "rejected"]

    # And in the end it was no rejection at all: both are as they were, history and all.
    await delete(person, f"/v1/rejections/{rejection['id']}")
    for path in paths:
        assert (await get(person, path))["status"] == "interviewing"
        (only,) = await items(person, f"{path}/stage-history")
        assert (only["from_status"], only["to_status"]) == (None, "interviewing")
