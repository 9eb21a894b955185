"""Practices B1, B3, D1 and D2: the letters somebody writes after a "no".

Ada was turned down after an interview. She thanks the interviewer, asks two good questions, hears
that her first version argued, connects, and thanks for the answer. She sends everything herself.
"""

from typing import Any

from tests.conftest import Person
from tests.domains.acting import expect, get, items

REJECTION = {
    "company_name": "Example GmbH",
    "role_title": "Data analyst",
    "stage": "interview",
    "channel": "phone",
}
MEMORY = "how your team reviews its own forecasts"


async def answer(person: Person, path: str, **fields: Any) -> dict[str, Any]:
    return expect(await person.http.post(path, json=fields), 200)


def failed(checks: list[dict[str, Any]], severity: str) -> set[str]:
    return {
        one["rule"] for one in checks if (one["outcome"], one["severity"]) == ("failed", severity)
    }


async def test_the_letters_after_a_no(person: Person) -> None:
    rejection = await person.record_rejection(**REJECTION)
    about = {"rejection_id": rejection["id"], "contact_name": "Mara Winter", "sender_name": "Ada"}

    # D1: a thank-you note. Without a memory the draft says what would make it better.
    plain = await answer(person, "/v1/message-drafts", kind="thank_you_note", **about)
    assert failed(plain["checks"], "hint") == {"one_concrete_thing"}
    note = await answer(person, "/v1/message-drafts", kind="thank_you_note", memory=MEMORY, **about)
    assert failed(note["checks"], "hint") == failed(note["checks"], "error") == set()
    assert MEMORY in note["body"]
    assert "Data analyst" in note["body"]

    # B3: the bank knows questions that can be answered in a sentence; she takes two.
    bank = await items(person, "/v1/question-bank", stage="interview")
    chosen = [
        next(one["text"] for one in bank if one["competency"] == competency)
        for competency in ("critical_thinking", "speaking")
    ]
    draft = await answer(
        person, "/v1/message-drafts", kind="feedback_request", questions=chosen, **about
    )
    assert all(question in draft["body"] for question in chosen)
    assert failed(draft["checks"], "hint") == failed(draft["checks"], "error") == set()

    # B1: in her first anger she adds a sentence, and asks too much at once.
    angry = draft["body"].replace("Warm regards", "Still, your decision is wrong.\n\nWarm regards")
    checked = await answer(
        person,
        "/v1/message-checks",
        kind="feedback_request",
        subject="Hello",
        body=f"{angry}\n\nP.S. Was I slow? Was I late?",
        context=draft["context"],
    )
    assert failed(checked["items"], "hint") == {"no_arguing"}
    assert failed(checked["items"], "error") == {"specific_questions", "subject_names_role"}
    # The letter without thanks and without acceptance is told so.
    bare = await answer(
        person,
        "/v1/message-checks",
        kind="feedback_request",
        subject=draft["subject"],
        body=f"Dear Mara,\n\n{chosen[0]}\n\nAda",
        context=draft["context"],
    )
    assert {"expresses_gratitude", "accepts_decision"} <= failed(bare["items"], "hint")
    # She goes back to the draft, and nothing is left to say.
    again = await answer(
        person,
        "/v1/message-checks",
        kind="feedback_request",
        subject=draft["subject"],
        body=draft["body"],
        context=draft["context"],
    )
    assert again["items"] == draft["checks"]

    # D2: an invitation that fits into every LinkedIn account, and asks for nothing.
    invitation = await answer(
        person, "/v1/message-drafts", kind="connection_request", memory=MEMORY, **about
    )
    assert len(invitation["body"]) <= 200
    assert {one["outcome"] for one in invitation["checks"]} == {"passed"}
    asking = await answer(
        person,
        "/v1/message-checks",
        kind="connection_request",
        body=f"{invitation['body']} Could you refer me to your manager? {'Please do. ' * 20}",
    )
    assert failed(asking["items"], "hint") == {"no_ask"}
    assert failed(asking["items"], "error") == {"max_characters"}

    # B1 again: an answer came, and it deserves thanks rather than a defence.
    thanks = await answer(
        person, "/v1/message-drafts", kind="feedback_thanks", tone="brief", **about
    )
    assert failed(thanks["checks"], "hint") == failed(thanks["checks"], "error") == set()

    # None of it is kept: the rejection is all there is.
    assert (await get(person, f"/v1/rejections/{rejection['id']}")) == rejection
