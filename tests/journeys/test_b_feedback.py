"""Asking for feedback, as a person lives it: B1 gratitude, B2 an open mind, B3 specific questions.

One story over HTTP, told on a clock that is set. What letters say and how they are checked is
another story.
"""

from datetime import timedelta

from app.db.transaction import Database
from app.domains.feedback.service.overdue import close_overdue_requests
from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, code_of, finding_of, get, items, patch, post


async def test_b1_to_b3_from_a_specific_question_to_an_open_mind(
    person: Person, database: Database, clock: SetClock
) -> None:
    # An interview ended in a "no" by phone on Monday. She drafts a request for feedback.
    rejection = await person.record_rejection(channel="phone", rejected_on="2026-03-09")
    about = {"rejection_id": rejection["id"]}
    refused = await person.http.post(
        "/v1/feedback-requests", json={**about, "channel": "email", "questions": []}
    )
    assert finding_of(refused)[0] == "/questions"
    # B3: up to three questions that can be answered in a sentence each.
    request = await post(
        person,
        "/v1/feedback-requests",
        **about,
        channel="email",
        questions=[
            "Which of the requirements did I meet least?",
            "What would have made my answer about forecasting stronger?",
        ],
    )
    path = f"/v1/feedback-requests/{request['id']}"
    assert (request["status"], request["closes_on"]) == ("draft", None)

    # B1: the message begins with thanks; she sends it in her own mail program, and says so.
    await change(
        person,
        path,
        subject="Thank you, and two short questions",
        message=(
            "Dear Ms Example,\n\nthank you for the open talk on Friday; I enjoyed hearing how your "
            "team plans. I accept your decision. If you have five minutes, two answers would help "
            "me to learn. If not, that is quite all right."
        ),
    )
    sent = await change(person, path, status="sent")
    assert (sent["sent_on"], sent["nudge_on"], sent["closes_on"]) == (
        "2026-03-11",
        "2026-03-18",
        "2026-04-01",
    )

    # Silence for a week. One friendly reminder is noted, and one only.
    clock.advance(timedelta(days=7))
    await change(person, path, nudged_on="2026-03-18")
    clock.advance(timedelta(days=7))
    assert code_of(await patch(person, path, nudged_on="2026-03-25"), 409) == "already-nudged"

    # Three weeks after sending nothing has come; the worker closes it, and that is normal.
    clock.advance(timedelta(days=7))
    await close_overdue_requests(database)
    assert (await get(person, path))["status"] == "sent"
    clock.advance(timedelta(days=1))
    await close_overdue_requests(database)
    assert (await get(person, path))["status"] == "no_response"

    # Then an answer comes after all. It is kept word for word, and the request is answered.
    said = "You were very well prepared. In the forecasting case we missed how you got there."
    feedback = await post(
        person, "/v1/feedback", **about, request_id=request["id"], source="reply", verbatim=said
    )
    heard = f"/v1/feedback/{feedback['id']}"
    assert (await get(person, path))["status"] == "received"

    # B2: it stings, and she would rate it down at once. First she says what she heard.
    refused = await patch(person, heard, usefulness=1)
    assert finding_of(refused) == ("/usefulness", "restate_first")
    await change(person, heard, restated="Prepared: yes. I should show the way to my numbers.")
    worked_through = await change(
        person,
        heard,
        usefulness=4,
        points=[
            {
                "competency": "planning",
                "direction": "strength",
                "statement": "Well prepared.",
                "quote": "very well prepared",
                "actionable": False,
            },
            {
                "competency": "analysis",
                "direction": "improvement",
                "statement": "Show the steps between the data and the result.",
                "quote": "we missed how you got there",
                "actionable": True,
            },
        ],
    )
    # Her points stand beside their words, which are as they were.
    assert worked_through["verbatim"] == said
    assert [point["actionable"] for point in worked_through["points"]] == [False, True]

    # All of it can be found again around the rejection.
    assert await items(person, "/v1/feedback", request_id=request["id"]) == [worked_through]
    happened = await items(person, f"/v1/rejections/{rejection['id']}/timeline")
    told = {item["type"]: item["at"] for item in happened}
    assert told["feedback.received"] == "2026-04-01T22:00:00Z"
    assert told["feedback_request.sent"] == "2026-03-10T23:00:00Z"
