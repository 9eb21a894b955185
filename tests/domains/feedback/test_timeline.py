"""Asking and being answered, in the timeline of a rejection."""

from datetime import UTC, datetime

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, change, check_in, delete, expect, items, pages
from tests.domains.feedback.asking import VERBATIM, answer, ask, path_of


async def test_days_of_asking_and_of_answers_stand_among_the_others(person: Person) -> None:
    rejection = await person.record_rejection(start_plan=False, rejected_on="2026-03-01")
    timeline = f"/v1/rejections/{rejection['id']}/timeline"
    draft = await ask(person, rejection)
    request = await ask(person, rejection, status="sent", sent_on="2026-03-03")
    heard = await answer(person, request, received_on="2026-03-06")
    found = await items(person, timeline)
    assert [(item["at"], item["type"], item["title"], item["id"]) for item in found] == [
        ("2026-03-11T12:00:00Z", "rejection.recorded", "Example GmbH", rejection["id"]),
        ("2026-03-05T23:00:00Z", "feedback.received", "Feedback came back", heard["id"]),
        ("2026-03-02T23:00:00Z", "feedback_request.sent", "Asked for feedback", request["id"]),
        ("2026-02-28T23:00:00Z", "rejection.rejected", "Example GmbH", rejection["id"]),
    ]
    shown = await person.http.get(timeline, headers=GERMAN)
    titles = {item["title"] for item in expect(shown, 200)["items"]}
    assert {"Um Feedback gebeten", "Feedback erhalten"} <= titles
    assert VERBATIM not in shown.text

    await delete(person, path_of(heard))
    await change(person, path_of(request), status="draft")
    await delete(person, path_of(draft))
    assert [item["type"] for item in await items(person, timeline)] == [
        "rejection.recorded",
        "rejection.rejected",
    ]


async def test_pages_lose_and_repeat_nothing_among_days_and_instants(
    make_person: MakePerson, clock: SetClock
) -> None:
    for zone, hour in (("Europe/Berlin", 23), ("Pacific/Kiritimati", 10), ("Asia/Kathmandu", 18)):
        person = await make_person(time_zone=zone)
        # An instant that falls upon the first one of a day, where the zone has no odd minutes.
        clock.instant = datetime(2026, 3, 10, hour, tzinfo=UTC)
        rejection = await person.record_rejection(
            start_plan=False, applied_on="2026-03-09", interviewed_on="2026-03-10"
        )
        for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
            request = await ask(person, rejection, status="sent", sent_on=day)
            for _ in range(2):
                await answer(person, request, received_on=day)
            await check_in(person, rejection_id=rejection["id"])
        path = f"/v1/rejections/{rejection['id']}/timeline"
        whole = await items(person, path)
        assert len(whole) == 4 + 3 * 4
        keys = [(item["at"], item["id"], item["type"]) for item in whole]
        assert keys == sorted(keys, reverse=True)
        for limit in (1, 2, 3, 5, 7, len(whole)):
            assert await pages(person, path, limit=limit) == whole, (zone, limit)
