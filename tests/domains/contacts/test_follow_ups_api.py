"""Who is due, over HTTP."""

from datetime import timedelta
from typing import Any

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, change, expect, finding_of, get, post

FOLLOW_UPS = "/v1/follow-ups"


async def contact_of(person: Person, name: str, **fields: Any) -> dict[str, Any]:
    return await post(person, "/v1/contacts", name=name, **fields)


async def company_of(person: Person, name: str, **fields: Any) -> dict[str, Any]:
    return await post(person, "/v1/companies", name=name, **{"following": True, **fields})


async def due(person: Person, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(person, FOLLOW_UPS, **params))["items"]
    return found


async def test_nobody_is_due_at_first(person: Person) -> None:
    await contact_of(person, "No rhythm")
    await contact_of(person, "Later", cadence_days=1)
    await company_of(person, "Just followed")
    assert await get(person, FOLLOW_UPS) == {"on": "2026-03-11", "items": []}


async def test_who_is_due_comes_with_the_reason_the_longest_due_first(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await contact_of(stranger, "Theirs", next_follow_up_on="2026-03-01")
    planned = await contact_of(person, "Planned", next_follow_up_on="2026-03-10")
    regular = await contact_of(person, "Regular", cadence_days=2)
    fresh = await contact_of(person, "Fresh", cadence_days=3)
    company = await company_of(person, "Followed", cadence_days=1)
    await company_of(person, "Not followed", cadence_days=1, following=False)
    talk = await post(
        person,
        "/v1/interactions",
        contact_id=regular["id"],
        kind="call",
        occurred_at="2026-03-11T13:00:00Z",
    )
    clock.advance(timedelta(days=3))
    found = await due(person)
    told = [(one["name"], one["due_on"], one["reason"]) for one in found]
    assert told == [
        ("Planned", "2026-03-10", "planned"),
        ("Followed", "2026-03-12", "first_contact"),
        ("Regular", "2026-03-13", "cadence"),
        ("Fresh", "2026-03-14", "first_contact"),
    ]
    records = {one["name"]: one for one in found}
    assert {one["operation_id"] for one in found} == {"record_interaction"}
    for name, collection, record in (
        ("Planned", "contacts", planned),
        ("Fresh", "contacts", fresh),
        ("Followed", "companies", company),
    ):
        item = records[name]
        assert (item["collection"], item["record_id"]) == (collection, record["id"])
        assert item["revision"] == record["revision"]
        assert item["last_interaction_at"] is None
    assert records["Regular"]["last_interaction_at"] == talk["occurred_at"]
    german = expect(await person.http.get(FOLLOW_UPS, headers=GERMAN), 200)["items"]
    assert german[0]["why_now"] == "Um diese Zeit wolltest du dich melden."


async def test_settling_it_takes_it_from_the_list(person: Person, clock: SetClock) -> None:
    contact = await contact_of(person, "Sam", cadence_days=7)
    company = await company_of(person, "Example GmbH", cadence_days=7)
    clock.advance(timedelta(days=7))
    assert len(await due(person)) == 2
    done = []
    for item in await due(person):
        name = {"contacts": "contact_id", "companies": "company_id"}[item["collection"]]
        body = {name: item["record_id"], "kind": "message"}
        done.append(await post(person, "/v1/interactions", **body))
    assert await due(person) == []
    assert (await due(person, on="2026-03-24")) == []
    later = await due(person, on="2026-03-25")
    assert {one["reason"] for one in later} == {"cadence"}
    assert {one["record_id"] for one in later} == {contact["id"], company["id"]}
    for one in done:
        await change(person, f"/v1/interactions/{one['id']}", status="planned")
    assert {one["reason"] for one in await due(person)} == {"first_contact"}


async def test_a_follow_up_can_be_put_off_with_its_revision(person: Person) -> None:
    await contact_of(person, "Sam", next_follow_up_on="2026-03-01")
    (item,) = await due(person)
    answer = await person.http.patch(
        f"/v1/contacts/{item['record_id']}",
        json={"next_follow_up_on": "2026-03-20"},
        headers={"If-Match": f'"{item["revision"]}"'},
    )
    expect(answer, 200)
    assert await due(person) == []


async def test_a_company_that_is_no_longer_followed_is_not_due(person: Person) -> None:
    company = await company_of(person, "Example GmbH", next_engagement_on="2026-03-01")
    assert [one["reason"] for one in await due(person)] == ["planned"]
    await change(person, f"/v1/companies/{company['id']}", following=False)
    assert await due(person) == []


async def test_today_is_the_day_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = clock.instant.replace(hour=23, minute=30)
    for zone, today, count in (
        ("Europe/Berlin", "2026-03-12", 1),
        ("America/New_York", "2026-03-11", 0),
    ):
        person = await make_person(time_zone=zone)
        await contact_of(person, "Sam", next_follow_up_on="2026-03-12")
        found = await get(person, FOLLOW_UPS)
        assert (found["on"], len(found["items"])) == (today, count)


async def test_a_preview_shows_who_will_be_due(person: Person) -> None:
    await contact_of(person, "Sam", cadence_days=30)
    assert (await get(person, FOLLOW_UPS, on="2026-04-09"))["items"] == []
    preview = await get(person, FOLLOW_UPS, on="2026-04-10")
    assert (preview["on"], len(preview["items"])) == ("2026-04-10", 1)
    for params, pointer in (({"on": "tomorrow"}, "query.on"), ({"limit": 5}, "query.limit")):
        answer = await person.http.get(FOLLOW_UPS, params=params)
        assert finding_of(answer)[0] == pointer


async def test_the_list_stays_short_enough_to_look_through(person: Person) -> None:
    for number in range(60):
        day = f"2026-03-{number % 10 + 1:02}"
        await contact_of(person, f"Contact {number}", next_follow_up_on=day)
        await company_of(person, f"Company {number}", next_engagement_on=day)
    found = await due(person)
    assert len(found) == 100
    assert [one["due_on"] for one in found] == sorted(one["due_on"] for one in found)
    assert {one["due_on"] for one in found} == {f"2026-03-{day:02}" for day in range(1, 10)}
