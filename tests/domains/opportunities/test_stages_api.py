"""Where an opportunity stands, and how it came there, over HTTP."""

from datetime import timedelta
from itertools import pairwise, product
from typing import Any

from app.domains.opportunities.events import OpportunityStatusChanged
from app.domains.opportunities.terms import OpportunityStatus
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import Person
from tests.domains.acting import change, code_of, expect, get, items, pages, patch
from tests.domains.opportunities.test_opportunities_api import add, path_of

OPEN = ("saved", "applied", "interviewing", "offered")
ENDED = ("rejected", "withdrawn", "closed")
ALLOWED: dict[str, set[str]] = {
    "saved": {"applied", "interviewing", "offered", *ENDED},
    "applied": {"saved", "interviewing", "offered", *ENDED},
    "interviewing": {"saved", "applied", "offered", *ENDED},
    "offered": {"saved", "applied", "interviewing", "accepted", *ENDED},
    "accepted": {"rejected", "withdrawn"},
}


async def history(person: Person, opportunity: dict[str, Any]) -> list[dict[str, Any]]:
    """What stands in the history, the earliest first, which must be one chain."""
    found = await items(person, f"{path_of(opportunity)}/stage-history", sort="changed_at")
    assert found[0]["from_status"] is None
    assert all(later["from_status"] == earlier["to_status"] for earlier, later in pairwise(found))
    assert {change["opportunity_id"] for change in found} == {opportunity["id"]}
    now = await get(person, path_of(opportunity))
    assert found[-1]["to_status"] == now["status"]
    return found


async def stages(person: Person, opportunity: dict[str, Any]) -> list[str]:
    return [change["to_status"] for change in await history(person, opportunity)]


async def test_only_the_listed_statuses_follow_each_other(person: Person) -> None:
    for before, after in product(ALLOWED, (one.value for one in OpportunityStatus)):
        opportunity = await add(person, status=before)
        answer = await patch(person, path_of(opportunity), status=after)
        if after == before:
            assert expect(answer, 200) == opportunity
        elif after in ALLOWED[before]:
            assert expect(answer, 200)["status"] == after
            assert await stages(person, opportunity) == [before, after]
        else:
            assert code_of(answer, 409) == "invalid-transition", (before, after)
            assert set(answer.json()["allowed"]) == ALLOWED[before]
            assert await stages(person, opportunity) == [before]


async def test_what_ended_goes_back_to_where_it_stood_and_nowhere_else(person: Person) -> None:
    for before, ended in product((*OPEN, "accepted"), ENDED):
        if ended not in ALLOWED[before]:
            continue
        opportunity = await add(person, status=before)
        opportunity = await change(person, path_of(opportunity), status=ended)
        for after in OpportunityStatus:
            if after.value not in (before, ended):
                answer = await patch(person, path_of(opportunity), status=after.value)
                assert code_of(answer, 409) == "invalid-transition", (before, ended, after)
                assert answer.json()["allowed"] == [before]
        await change(person, path_of(opportunity), status=before)
        assert await stages(person, opportunity) == [before, ended, before]


async def test_what_was_added_as_ended_stays_so(person: Person) -> None:
    for ended in ENDED:
        opportunity = await add(person, status=ended)
        for after in OpportunityStatus:
            answer = await patch(person, path_of(opportunity), status=after.value)
            if after.value == ended:
                assert expect(answer, 200) == opportunity
            else:
                assert answer.json()["allowed"] == []
        assert await stages(person, opportunity) == [ended]


async def test_every_change_of_status_is_kept_and_stated(
    person: Person, clock: SetClock, stated: list[Event]
) -> None:
    opportunity = await add(person)
    stated.clear()
    way = ("applied", "interviewing", "offered", "accepted", "rejected", "accepted")
    for status in way:
        clock.advance(timedelta(days=1))
        await change(person, path_of(opportunity), status=status, notes=f"now {status}")
    found = await history(person, opportunity)
    assert [one["to_status"] for one in found] == ["saved", *way]
    assert [one["changed_at"][:10] for one in found] == [
        f"2026-03-{day}" for day in range(11, 11 + len(found))
    ]
    assert {one["rejection_id"] for one in found} == {None}
    facts = [one for one in stated if isinstance(one, OpportunityStatusChanged)]
    assert len(facts) == len(stated)
    moves = [(was.status, one.status) for one in facts if (was := one.before())]
    assert moves == list(pairwise(("saved", *way)))
    await change(person, path_of(opportunity), notes="no change of status")
    assert await history(person, opportunity) == found


async def test_changes_at_one_instant_keep_their_order_on_every_page(person: Person) -> None:
    opportunity = await add(person)
    for status in ("applied", "saved", "offered", "interviewing", "saved"):
        await change(person, path_of(opportunity), status=status)
    path = f"{path_of(opportunity)}/stage-history"
    found = await history(person, opportunity)
    assert await pages(person, path, limit=1, sort="changed_at") == found
    assert await pages(person, path, limit=2) == found[::-1]
    other = await add(person)
    page = await get(person, path, limit=1)
    foreign = await person.http.get(
        f"{path_of(other)}/stage-history", params={"cursor": page["next_cursor"]}
    )
    assert code_of(foreign, 400) == "invalid-cursor"


async def test_a_refused_change_leaves_no_trace(person: Person, stated: list[Event]) -> None:
    opportunity = await add(person, status="accepted")
    stated.clear()
    answer = await patch(person, path_of(opportunity), status="saved", notes="never kept")
    assert code_of(answer, 409) == "invalid-transition"
    assert await get(person, path_of(opportunity)) == opportunity
    assert await stages(person, opportunity) == ["accepted"]
    assert stated == []
