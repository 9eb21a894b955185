"""What rejections do to the opportunities they name, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domains.opportunities.events import OpportunityStatusChanged
from app.domains.opportunities.terms import OpportunityStatus
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import Person
from tests.domains.acting import change, code_of, delete, finding_of, get, items, patch
from tests.domains.opportunities.test_opportunities_api import add, path_of
from tests.domains.opportunities.test_stages_api import history, stages

ENDINGS = {"employer": "rejected", "candidate": "withdrawn", "none": "closed"}


async def status_of(person: Person, opportunity: dict[str, Any]) -> str:
    return str((await get(person, path_of(opportunity)))["status"])


def rejection_path(rejection: dict[str, Any]) -> str:
    return f"/v1/rejections/{rejection['id']}"


def moves(stated: list[Event]) -> list[tuple[str, str]]:
    """From where to where each opportunity was said to have gone; nothing else was said."""
    changed = [one for one in stated if isinstance(one, OpportunityStatusChanged)]
    assert len(changed) == len(stated)
    return [(was.status.value, one.status.value) for one in changed if (was := one.before())]


@pytest.mark.parametrize(("decided_by", "ending"), ENDINGS.items())
async def test_a_rejection_ends_it_from_anywhere_and_deleting_it_restores_it(
    person: Person, stated: list[Event], decided_by: str, ending: str
) -> None:
    for status in (one.value for one in OpportunityStatus):
        opportunity = await add(person, status=status, next_event_at="2026-03-20T09:00:00Z")
        stated.clear()
        rejection = await person.record_rejection(
            opportunity_id=opportunity["id"], decided_by=decided_by
        )
        assert rejection["opportunity_id"] == opportunity["id"]
        first, last = await history(person, opportunity)
        assert (last["from_status"], last["to_status"]) == (status, ending)
        assert (first["rejection_id"], last["rejection_id"]) == (None, rejection["id"])
        ended = await get(person, path_of(opportunity))
        assert ended["next_event_at"] == opportunity["next_event_at"]

        await delete(person, rejection_path(rejection))
        restored = await get(person, path_of(opportunity))
        assert await stages(person, opportunity) == [status]
        stamps = ("revision", "updated_at")
        assert {k: v for k, v in restored.items() if k not in stamps} == {
            k: v for k, v in opportunity.items() if k not in stamps
        }
        there_and_back = [(status, ending), (ending, status)] if status != ending else []
        assert moves(stated) == there_and_back


async def test_a_rejection_can_be_given_its_opportunity_later_and_lose_it(
    person: Person, stated: list[Event]
) -> None:
    opportunity = await add(person, status="interviewing")
    rejection = await person.record_rejection()
    stated.clear()
    await change(person, rejection_path(rejection), opportunity_id=opportunity["id"])
    assert await stages(person, opportunity) == ["interviewing", "rejected"]
    await change(person, rejection_path(rejection), notes="They were kind.")
    assert await stages(person, opportunity) == ["interviewing", "rejected"]
    await change(person, rejection_path(rejection), opportunity_id=None)
    assert await stages(person, opportunity) == ["interviewing"]
    await change(person, rejection_path(rejection), opportunity_id=opportunity["id"])
    assert await stages(person, opportunity) == ["interviewing", "rejected"]
    to, back = ("interviewing", "rejected"), ("rejected", "interviewing")
    assert moves(stated) == [to, back, to]


async def test_a_rejection_that_moves_lets_one_go_on_and_ends_the_other(
    person: Person, stated: list[Event]
) -> None:
    wrong, right = await add(person, status="applied"), await add(person, status="offered")
    rejection = await person.record_rejection(opportunity_id=wrong["id"])
    stated.clear()
    await change(
        person, rejection_path(rejection), opportunity_id=right["id"], decided_by="candidate"
    )
    assert await stages(person, wrong) == ["applied"]
    assert await stages(person, right) == ["offered", "withdrawn"]
    assert moves(stated) == [("rejected", "applied"), ("offered", "withdrawn")]


async def test_one_request_can_move_a_rejection_and_close_it(person: Person) -> None:
    first, second = await add(person), await add(person)
    rejection = await person.record_rejection(opportunity_id=first["id"])
    path = rejection_path(rejection)
    await change(person, path, opportunity_id=second["id"], status="closed")
    assert [await status_of(person, one) for one in (first, second)] == ["saved", "rejected"]
    await change(person, path, opportunity_id=None, status="open")
    assert [await status_of(person, one) for one in (first, second)] == ["saved", "saved"]
    await change(person, path, opportunity_id=first["id"])
    await change(person, path, status="closed")
    assert [await status_of(person, one) for one in (first, second)] == ["rejected", "saved"]


async def test_another_decider_corrects_the_ending_where_it_stands(
    person: Person, clock: SetClock, stated: list[Event]
) -> None:
    opportunity = await add(person, status="offered")
    rejection = await person.record_rejection(opportunity_id=opportunity["id"])
    (_, before) = await history(person, opportunity)
    clock.advance(timedelta(days=1))
    stated.clear()
    await change(person, rejection_path(rejection), decided_by="candidate")
    (_, after) = await history(person, opportunity)
    assert (after["id"], after["changed_at"]) == (before["id"], before["changed_at"])
    assert (before["to_status"], after["to_status"]) == ("rejected", "withdrawn")
    assert after["revision"] > before["revision"]
    assert moves(stated) == [("rejected", "withdrawn")]


async def test_an_ending_that_the_person_corrected_stays_corrected(person: Person) -> None:
    opportunity = await add(person, status="interviewing")
    rejection = await person.record_rejection(opportunity_id=opportunity["id"])
    await change(person, path_of(opportunity), status="interviewing")
    await change(person, path_of(opportunity), status="offered")
    for fields in ({"notes": "A mistake of theirs."}, {"decided_by": "none"}):
        await change(person, rejection_path(rejection), **fields)
        assert await status_of(person, opportunity) == "offered"
    assert await stages(person, opportunity) == [
        *("interviewing", "closed", "interviewing", "offered")
    ]
    await delete(person, rejection_path(rejection))
    assert await stages(person, opportunity) == ["interviewing", "offered"]


async def test_two_rejections_of_one_opportunity_are_taken_back_one_by_one(
    person: Person, stated: list[Event]
) -> None:
    opportunity = await add(person, status="applied")
    first = await person.record_rejection(opportunity_id=opportunity["id"])
    second = await person.record_rejection(opportunity_id=opportunity["id"])
    third = await person.record_rejection(opportunity_id=opportunity["id"], decided_by="candidate")
    assert await stages(person, opportunity) == ["applied", "rejected", "rejected", "withdrawn"]
    answer = await patch(person, path_of(opportunity), status="rejected")
    assert code_of(answer, 409) == "invalid-transition"
    assert answer.json()["allowed"] == ["applied"]
    stated.clear()
    await delete(person, rejection_path(first))
    assert await stages(person, opportunity) == ["applied", "rejected", "withdrawn"]
    await delete(person, rejection_path(third))
    assert await stages(person, opportunity) == ["applied", "rejected"]
    await delete(person, rejection_path(second))
    assert await stages(person, opportunity) == ["applied"]
    assert moves(stated) == [("withdrawn", "rejected"), ("rejected", "applied")]


async def test_the_history_can_be_asked_what_a_rejection_brought(person: Person) -> None:
    opportunity = await add(person, status="applied")
    rejection = await person.record_rejection(opportunity_id=opportunity["id"])
    other = await person.record_rejection()
    path = f"{path_of(opportunity)}/stage-history"
    (brought,) = await items(person, path, rejection_id=rejection["id"])
    assert (brought["from_status"], brought["to_status"]) == ("applied", "rejected")
    assert await items(person, path, rejection_id=other["id"]) == []
    assert await items(person, "/v1/rejections", opportunity_id=opportunity["id"]) == [rejection]


async def test_no_rejection_ends_what_is_not_there(person: Person, stranger: Person) -> None:
    theirs, mine = await add(stranger), await add(person)
    body = {"company_name": "Example GmbH", "stage": "offer"}
    for absent in (theirs["id"], str(uuid4())):
        answer = await person.http.post("/v1/rejections", json={**body, "opportunity_id": absent})
        assert finding_of(answer) == ("/opportunity_id", "unknown")
    assert await items(person, "/v1/rejections") == []
    assert await items(person, "/v1/recovery-plans") == []
    rejection = await person.record_rejection(opportunity_id=mine["id"])
    for absent in (theirs["id"], str(uuid4())):
        answer = await patch(person, rejection_path(rejection), opportunity_id=absent)
        assert finding_of(answer) == ("/opportunity_id", "unknown")
    assert await status_of(person, mine) == "rejected"
    assert await status_of(stranger, theirs) == "saved"
