"""What happened around a rejection, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    GERMAN,
    change,
    check_in,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    plan_of,
    step_of,
)


def path_of(rejection: dict[str, Any]) -> str:
    return f"/v1/rejections/{rejection['id']}/timeline"


async def lived_through(person: Person, clock: SetClock) -> dict[str, Any]:
    """A rejection with a bit of everything around it."""
    rejection = await person.record_rejection(
        applied_on="2026-02-01", interviewed_on="2026-02-20", rejected_on="2026-03-10"
    )
    clock.advance(timedelta(hours=1))
    await check_in(
        person,
        rejection_id=rejection["id"],
        mood=1,
        emotions=["ashamed"],
        note="a word for nobody else",
    )
    clock.advance(timedelta(hours=1))
    step = step_of(await plan_of(person, rejection), "reflect")
    await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    clock.advance(timedelta(days=2))
    await change(person, f"/v1/rejections/{rejection['id']}", status="closed")
    return rejection


async def test_everything_around_a_rejection_is_told_the_latest_first(
    person: Person, clock: SetClock
) -> None:
    rejection = await lived_through(person, clock)
    elsewhere = await person.record_rejection(company_name="Elsewhere")
    await check_in(person, rejection_id=elsewhere["id"])
    await check_in(person)
    found = await items(person, path_of(rejection))
    told = [(item["at"], item["type"], item["title"]) for item in found]
    # The newest id comes first among what happened at one instant.
    assert [*told[:3], *told[5:]] == [
        ("2026-03-12T23:00:00Z", "rejection.closed", "Example GmbH"),
        ("2026-03-11T14:00:00Z", "recovery_step.completed", "Look back for half an hour"),
        ("2026-03-11T13:00:00Z", "check_in.recorded", "Check-in"),
        ("2026-03-11T12:00:00Z", "recovery_plan.started", "After an interview"),
        ("2026-03-11T12:00:00Z", "rejection.recorded", "Example GmbH"),
        ("2026-03-09T23:00:00Z", "rejection.rejected", "Example GmbH"),
        ("2026-02-19T23:00:00Z", "rejection.interviewed", "Example GmbH"),
        ("2026-01-31T23:00:00Z", "rejection.applied", "Example GmbH"),
    ]
    # The check-in ticked two steps at once.
    assert {title for _, _, title in told[3:5]} == {"Take a break from it", "Note how you are"}
    assert found[2]["id"] > found[3]["id"] > found[4]["id"]
    for item in found:
        record = f"/v1/{item['collection'].replace('_', '-')}/{item['id']}"
        assert (await get(person, record))["id"] == item["id"]


async def test_what_a_check_in_says_is_not_told(person: Person, clock: SetClock) -> None:
    rejection = await lived_through(person, clock)
    answer = await person.http.get(path_of(rejection))
    told = [item for item in answer.json()["items"] if item["type"] == "check_in.recorded"]
    assert [set(item) for item in told] == [{"at", "type", "collection", "id", "title"}]
    for word in ("a word for nobody else", "ashamed", "mood"):
        assert word not in answer.text
    german = expect(await person.http.get(path_of(rejection), headers=GERMAN), 200)["items"]
    assert "Befinden notiert" in {item["title"] for item in german}


async def test_pages_of_any_size_lose_and_repeat_nothing(person: Person) -> None:
    # Much happens in one instant here, so that pages end between equals.
    rejection = await person.record_rejection(
        applied_on="2026-03-11", interviewed_on="2026-03-11", rejected_on="2026-03-11"
    )
    for _ in range(4):
        await check_in(person, rejection_id=rejection["id"])
    whole = await items(person, path_of(rejection))
    assert len(whole) == 3 + 1 + 1 + 4 + 2
    assert [item["at"] for item in whole] == sorted((i["at"] for i in whole), reverse=True)
    for limit in (1, 2, 3, 5, len(whole)):
        assert await pages(person, path_of(rejection), limit=limit) == whole, limit


async def test_days_stand_at_midnight_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    clock.instant = datetime(2026, 3, 30, 12, tzinfo=UTC)
    for zone, midnights in {
        # Clocks went forward in Berlin between the two days.
        "Europe/Berlin": ("2026-03-29T22:00:00Z", "2026-03-28T23:00:00Z"),
        "Pacific/Kiritimati": ("2026-03-29T10:00:00Z", "2026-03-28T10:00:00Z"),
        "America/New_York": ("2026-03-30T04:00:00Z", "2026-03-29T04:00:00Z"),
    }.items():
        person = await make_person(time_zone=zone)
        rejection = await person.record_rejection(
            rejected_on="2026-03-30", interviewed_on="2026-03-29"
        )
        told = {item["type"]: item["at"] for item in await items(person, path_of(rejection))}
        assert (told["rejection.rejected"], told["rejection.interviewed"]) == midnights


async def test_what_is_undone_is_no_longer_told(person: Person, clock: SetClock) -> None:
    rejection = await lived_through(person, clock)
    await change(person, f"/v1/rejections/{rejection['id']}", status="open", interviewed_on=None)
    (told,) = await items(person, "/v1/check-ins")
    await delete(person, f"/v1/check-ins/{told['id']}")
    assert [item["type"] for item in await items(person, path_of(rejection))] == [
        "recovery_step.completed",
        "recovery_plan.started",
        "rejection.recorded",
        "rejection.rejected",
        "rejection.applied",
    ]


async def test_a_cursor_is_good_for_its_own_timeline_only(person: Person, stranger: Person) -> None:
    first, second = await person.record_rejection(), await person.record_rejection()
    cursor = (await get(person, path_of(first), limit=1))["next_cursor"]
    theirs = await stranger.record_rejection()
    for who, rejection in ((person, second), (stranger, theirs)):
        answer = await who.http.get(path_of(rejection), params={"cursor": cursor})
        assert code_of(answer, 400) == "invalid-cursor"
    listed = (await get(person, "/v1/rejections", limit=1))["next_cursor"]
    for other in (listed, cursor[:-2], f"{cursor}AA"):
        answer = await person.http.get(path_of(first), params={"cursor": other})
        assert code_of(answer, 400) == "invalid-cursor"
    assert (await get(person, path_of(first), cursor=cursor))["items"]
    answer = await person.http.get(path_of(first), params={"limit": 0})
    assert finding_of(answer)[0] == "query.limit"


async def test_a_strangers_timeline_is_as_absent_as_none(person: Person, stranger: Person) -> None:
    rejection = await person.record_rejection()
    assert code_of(await stranger.http.get(path_of(rejection)), 404) == "not-found"
    assert len(await items(person, path_of(rejection))) == 3
    await delete(person, f"/v1/rejections/{rejection['id']}")
    assert code_of(await person.http.get(path_of(rejection)), 404) == "not-found"


async def test_a_timeline_is_only_read(person: Person) -> None:
    rejection = await person.record_rejection()
    answer = await patch(person, path_of(rejection), items=[])
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}
