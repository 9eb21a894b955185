"""Support over HTTP: the link that is always there, the card, and the places that help."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import select

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.recovery.models import CheckIn
from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, change, check_in, expect, finding_of, get, items

DAY = timedelta(days=1)


async def card(person: Person, **fields: Any) -> Any:
    """The card in the answer to a check-in with the lowest mood."""
    return (await check_in(person, **{"mood": 1, **fields}))["support_card"]


async def test_three_times_the_lowest_mood_on_two_days_brings_the_card_once_in_a_day(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection()
    assert await card(person) is None
    assert await card(person, rejection_id=rejection["id"]) is None
    assert await card(person) is None  # Three, but on one day.
    clock.advance(DAY)
    shown = await card(person)
    assert shown["title"] == "You don't have to carry this alone"
    assert "nobody is alerted" in shown["text"]
    assert shown["resources"]

    clock.advance(DAY - timedelta(seconds=1))
    assert await card(person) is None
    clock.advance(timedelta(seconds=1))
    assert await card(person) is not None


async def test_a_better_mood_in_between_or_a_long_time_brings_no_card(
    person: Person, clock: SetClock
) -> None:
    for mood in (1, 1, 2):
        assert await card(person, mood=mood) is None
        clock.advance(DAY)
    for _ in range(2):
        assert await card(person) is None
        clock.advance(DAY)
    clock.advance(12 * DAY)
    # The first of the three lies 14 days back, one more than counts.
    assert await card(person) is None


async def test_the_days_are_the_persons_own(make_person: MakePerson, clock: SetClock) -> None:
    # 09:00 to 11:00 UTC: midnight passes in Kiritimati, not in Berlin.
    for zone, shown in (("Pacific/Kiritimati", True), ("Europe/Berlin", False)):
        person = await make_person(time_zone=zone)
        clock.instant = clock.instant.replace(hour=9)
        assert [await card(person) for _ in range(2)] == [None, None]
        clock.advance(timedelta(hours=2))
        assert (await card(person) is not None) is shown


async def test_who_wants_support_gets_the_card_always_and_it_leaves_no_trace(
    person: Person, database: Database
) -> None:
    body = {"mood": 5, "energy": 5, "support_wanted": True}
    key = {"Idempotency-Key": "once"}
    first = await person.http.post("/v1/check-ins", json=body, headers=key)
    wanted = expect(first, 201)
    assert "nobody is alerted" in wanted["support_card"]["text"]
    assert "support_wanted" not in wanted

    again = await person.http.post("/v1/check-ins", json=body, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == wanted
    # The same request without the wish is the same check-in, and the stored answer has no card.
    quiet = await person.http.post(
        "/v1/check-ins", json={**body, "support_wanted": False}, headers=key
    )
    assert expect(quiet, 201) == {**wanted, "support_card": None}
    by_id = await person.http.post("/v1/check-ins", json={**body, "id": wanted["id"]})
    assert expect(by_id, 200)["support_card"] == wanted["support_card"]

    assert len(await items(person, "/v1/check-ins")) == 1
    assert "support_wanted" not in table_of(CheckIn).c
    async with database.read(everyone=True) as transaction:
        (stored,) = (await transaction.execute(select(table_of(CheckIn)))).all()
    assert (stored.mood, stored.note) == (5, None)


async def test_asking_for_the_card_does_not_use_up_the_one_that_comes_of_itself(
    person: Person, clock: SetClock
) -> None:
    await card(person)
    await card(person)
    clock.advance(DAY - timedelta(minutes=1))
    assert await card(person, mood=2, support_wanted=True) is not None
    for _ in range(2):
        assert await card(person) is None
    clock.advance(DAY)
    assert await card(person) is not None


async def test_after_deleting_all_check_ins_counting_begins_anew(
    person: Person, clock: SetClock
) -> None:
    for _ in range(2):
        await card(person)
    clock.advance(DAY)
    assert await card(person) is not None
    expect(await person.http.delete("/v1/check-ins"), 204)
    yesterday = (clock.instant - DAY).isoformat()
    assert await card(person, checked_in_at=yesterday) is None
    assert await card(person) is None
    # That a card was shown an hour ago is forgotten with the rest.
    clock.advance(timedelta(hours=1))
    assert await card(person) is not None


async def test_the_card_speaks_the_persons_language_and_begins_with_their_country(
    make_person: MakePerson,
) -> None:
    person = await make_person(country="DE")
    body = {"mood": 3, "energy": 3, "support_wanted": True}
    english = expect(await person.http.post("/v1/check-ins", json=body), 201)["support_card"]
    answer = await person.http.post("/v1/check-ins", json=body, headers=GERMAN)
    german = expect(answer, 201)["support_card"]
    assert german["title"] == "Du musst das nicht allein tragen"
    assert "niemand wird benachrichtigt" in german["text"]
    assert english["resources"] == german["resources"]

    there = await items_of(person.http, country="DE")
    anywhere = await items_of(person.http)
    assert english["resources"] == there
    assert there[-len(anywhere) :] == anywhere
    assert len(there) > len(anywhere)
    # Without a country there are the directories for anywhere; none is guessed.
    nowhere = await card(await make_person(locale="de-DE"), support_wanted=True)
    assert nowhere["resources"] == anywhere


async def items_of(http: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = expect(
        await http.get("/v1/support-resources", params=params), 200
    )["items"]
    return found


async def test_the_way_to_support_is_in_every_answer_about_a_check_in(
    make_person: MakePerson,
) -> None:
    person = await make_person(country="CH")
    link = {"href": "/v1/support-resources?country=CH"}
    recorded = await check_in(person, mood=5)
    path = f"/v1/check-ins/{recorded['id']}"
    assert recorded["support"] == link
    assert (await get(person, path))["support"] == link
    assert (await change(person, path, mood=4))["support"] == link
    assert [item["support"] for item in await items(person, "/v1/check-ins")] == [link]
    assert expect(await person.http.get(link["href"]), 200)["items"]


async def test_anyone_finds_places_that_help_without_an_account(
    client: httpx.AsyncClient,
) -> None:
    anywhere = await items_of(client)
    assert {"directory"} == {item["kind"] for item in anywhere}
    assert any("findahelpline.com" in item["url"] for item in anywhere)
    assert await items_of(client, country="KP") == anywhere
    german = await items_of(client, country="DE")
    assert german != anywhere
    for item in german:
        assert item["source_url"].startswith("https://")
        assert "verified_on" in item
    answer = await client.get("/v1/support-resources", params={"country": "DE"})
    assert answer.json()["country"] == "DE"
    for country in ("de", "DEU", "", "D1"):
        answer = await client.get("/v1/support-resources", params={"country": country})
        assert finding_of(answer)[0] == "query.country"
