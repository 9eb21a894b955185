"""Few requests for each screen of a mobile app, none of which waits for another's answer."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import check_in, expect, get, post


@contextmanager
def requests_of(person: Person) -> Iterator[list[str]]:
    """The requests that are sent inside the block."""
    sent: list[str] = []

    async def note(request: httpx.Request) -> None:
        sent.append(f"{request.method} {request.url.path}")

    hooks = person.http.event_hooks
    person.http.event_hooks = {**hooks, "request": [*hooks["request"], note]}
    try:
        yield sent
    finally:
        person.http.event_hooks = hooks


async def at_once(person: Person, *asked: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Answers to questions that do not wait for each other."""
    answers = await asyncio.gather(
        *(person.http.get(path, params=params) for path, params in asked)
    )
    return [expect(answer, 200) for answer in answers]


async def test_the_home_screen_is_one_request(person: Person) -> None:
    await person.record_rejection(channel="phone", rejected_on="2026-03-01")
    await post(person, "/v1/contacts", name="Sam Sample", next_follow_up_on="2026-03-10")
    with requests_of(person) as sent:
        home = await get(person, "/v1/next-actions")
    assert len(sent) == 1
    # Everything a card shows, and everything its one tap needs.
    for item in home["items"]:
        assert item["title"]
        assert item["why_now"]
        assert {"collection", "record_id", "revision", "operation_id"} <= set(item)
    assert {item["collection"] for item in home["items"]} == {"recovery_steps", "contacts"}


async def test_logging_a_no_is_two_requests(person: Person) -> None:
    with requests_of(person) as sent:
        # A form with two fields, and then what to do now: rest.
        rejection = await person.record_rejection(company_name="Example GmbH", stage="interview")
        now = await get(person, "/v1/next-actions")
    assert sent == ["POST /v1/rejections", "GET /v1/next-actions"]
    assert [item["reason"] for item in now["items"]] == ["part_of_pause"]
    assert rejection["status"] == "open"


async def test_the_detail_of_a_no_is_three_requests_at_once(person: Person) -> None:
    rejection = await person.record_rejection(channel="phone")
    await check_in(person, rejection_id=rejection["id"])
    about = f"/v1/rejections/{rejection['id']}"
    with requests_of(person) as sent:
        record, steps, timeline = await at_once(
            person,
            (about, {}),
            ("/v1/recovery-steps", {"rejection_id": rejection["id"], "limit": 100}),
            (f"{about}/timeline", {}),
        )
    assert len(sent) == 3
    assert record == rejection
    assert [step["kind"] for step in steps["items"]][:2] == ["decompress", "check_in"]
    assert steps["next_cursor"] is None
    assert "check_in.recorded" in {item["type"] for item in timeline["items"]}


async def test_the_weekly_review_is_three_requests_at_once(person: Person, clock: SetClock) -> None:
    goal = await post(
        person,
        "/v1/goals",
        title="One lesson a week",
        metric="lessons_captured",
        target=1,
        period="week",
    )
    rejection = await person.record_rejection(channel="phone")
    await check_in(person, rejection_id=rejection["id"], mood=2)
    clock.advance(timedelta(days=2))
    await check_in(person, rejection_id=rejection["id"], mood=4)
    source = {"collection": "rejections", "id": rejection["id"]}
    await post(person, "/v1/lessons", text="Ask how success is measured.", source=source)
    week = {"from": "2026-03-09", "to": "2026-03-15"}
    with requests_of(person) as sent:
        overview, wellbeing, learning = await at_once(
            person,
            ("/v1/insights/overview", week),
            ("/v1/insights/wellbeing", week),
            ("/v1/insights/learning", week),
        )
    assert len(sent) == 3
    (progress,) = overview["goals"]
    assert (progress["goal_id"], progress["done"], progress["achieved"]) == (goal["id"], 1, True)
    assert len(wellbeing["by_week"]) == 1
    assert learning["lessons_captured"] == 1
