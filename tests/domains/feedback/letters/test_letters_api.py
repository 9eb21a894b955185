"""Drafting and checking letters, and the question bank, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.db.base import Base
from app.db.transaction import Database
from app.domains.feedback.terms import MessageKind, MessageTone
from app.domains.rejections.terms import RejectionStage
from app.kit.clock import SetClock
from app.kit.competencies import Competency
from tests.conftest import MakePerson, Person
from tests.domains.acting import GERMAN, expect, finding_of, get

DRAFTS, CHECKS, BANK = "/v1/message-drafts", "/v1/message-checks", "/v1/question-bank"

LETTER = "Dear Mara,\n\nthank you for the conversation about the chef role.\n\nTom"


async def answer(person: Person, path: str, headers: Any = None, **fields: Any) -> dict[str, Any]:
    return expect(await person.http.post(path, json=fields, headers=headers), 200)


def outcomes(checks: list[dict[str, Any]]) -> dict[str, str]:
    return {one["rule"]: one["outcome"] for one in checks}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", list(MessageKind))
async def test_a_draft_takes_what_the_rejection_knows(
    person: Person, kind: str, language: str
) -> None:
    rejection = await person.record_rejection(role_title="Chef", rejected_on="2026-03-10")
    for tone in MessageTone:
        draft = await answer(
            person,
            DRAFTS,
            kind=kind,
            tone=tone,
            language=language,
            rejection_id=rejection["id"],
            contact_name="Mara Winter",
            memory="Pfannkuchen",
            sender_name="Tom Sample",
        )
        assert (draft["kind"], draft["tone"], draft["language"]) == (kind, tone, language)
        assert draft["context"] == {
            "role_title": "Chef",
            "company_name": "Example GmbH",
            "contact_name": "Mara Winter",
            "stage": "interview",
            "had_human_contact": True,
            "rejected_on": "2026-03-10",
        }
        assert set(outcomes(draft["checks"]).values()) == {"passed"}
        checked = await answer(
            person,
            CHECKS,
            kind=kind,
            subject=draft["subject"],
            body=draft["body"],
            context=draft["context"],
        )
        assert checked == {"kind": kind, "language": language, "items": draft["checks"]}


async def test_a_draft_from_the_kind_alone(make_person: MakePerson) -> None:
    person = await make_person(display_name="Tom Sample")
    draft = await answer(person, DRAFTS, kind="feedback_request")
    assert (draft["tone"], draft["language"]) == ("warm", "en")
    assert draft["body"].endswith("Warm regards\nTom Sample")
    assert draft["body"].count("?") == 2
    assert set(draft["context"].values()) == {None}
    found = outcomes(draft["checks"])
    assert {rule for rule, outcome in found.items() if outcome == "failed"} == {
        "addressed_to_person"
    }
    assert {rule for rule, outcome in found.items() if outcome == "skipped"} == {
        "subject_names_role",
        "human_contact",
        "asked_in_time",
    }
    hint = next(one for one in draft["checks"] if one["outcome"] == "failed")
    assert (hint["severity"], hint["span"]) == ("hint", None)
    assert "by name" in hint["hint"]


async def test_what_the_request_says_wins_over_the_rejection(person: Person) -> None:
    rejection = await person.record_rejection(role_title="Chef", company_name="Example GmbH")
    draft = await answer(
        person,
        DRAFTS,
        kind="thank_you_note",
        rejection_id=rejection["id"],
        role_title="Sous-chef",
        company_name="Sample Bistro",
    )
    assert "Sous-chef role at Sample Bistro" in draft["body"]
    assert draft["context"]["role_title"] == "Sous-chef"


async def test_the_language_of_the_person_is_the_language_of_a_draft(person: Person) -> None:
    draft = await answer(person, DRAFTS, GERMAN, kind="thank_you_note", contact_name="Frau Berg")
    assert draft["language"] == "de"
    assert draft["body"].startswith("Hallo Frau Berg,\n\nvielen Dank")
    assert all(one["hint"] is None or "Nenne" in one["hint"] for one in draft["checks"])


async def test_a_late_request_after_no_contact_is_warned_about(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(stage="application", rejected_on="2026-03-04")
    asked = {"kind": "feedback_request", "rejection_id": rejection["id"]}
    found = outcomes((await answer(person, DRAFTS, **asked))["checks"])
    assert (found["human_contact"], found["asked_in_time"]) == ("failed", "passed")
    # Half past eleven in the evening in London is the next day in Berlin.
    clock.instant = clock.instant.replace(hour=23, minute=30)
    found = outcomes((await answer(person, DRAFTS, **asked))["checks"])
    assert found["asked_in_time"] == "failed"
    clock.advance(timedelta(days=30))
    context = {"rejected_on": "2026-04-09", "had_human_contact": True}
    checked = await answer(person, CHECKS, kind="feedback_request", body=LETTER, context=context)
    assert outcomes(checked["items"])["asked_in_time"] == "passed"
    assert outcomes(checked["items"])["human_contact"] == "passed"


async def test_a_rejection_of_another_is_as_unknown_as_none(
    person: Person, stranger: Person
) -> None:
    foreign = await stranger.record_rejection()
    for rejection_id in (foreign["id"], str(uuid4())):
        body = {"kind": "follow_up", "rejection_id": rejection_id}
        refused = await person.http.post(DRAFTS, json=body)
        assert finding_of(refused) == ("/rejection_id", "unknown")


async def test_a_check_says_what_is_wrong_and_where(person: Person) -> None:
    # Places are counted in code points, so a character beyond the first 65,536 is one.
    said = "\U0001f600 I don't understand your decision. You should reconsider it."
    body = f"Dear [Name],\n\n{said}\n\nTom"
    checked = await answer(
        person,
        CHECKS,
        kind="feedback_request",
        subject="My application",
        body=body,
        context={"role_title": "Chef", "contact_name": "Mara Winter"},
    )
    assert checked["language"] == "en"
    found = {one["rule"]: one for one in checked["items"]}
    errors = {
        rule
        for rule, one in found.items()
        if (one["outcome"], one["severity"]) == ("failed", "error")
    }
    assert errors == {
        "addressed_to_person",
        "specific_questions",
        "subject_names_role",
        "no_unfilled_placeholder",
    }
    placeholder, arguing = found["no_unfilled_placeholder"]["span"], found["no_arguing"]["span"]
    assert body[placeholder["start"] : placeholder["end"]] == "[Name]"
    assert placeholder["part"] == "body"
    assert body[arguing["start"] : arguing["end"]].startswith("don't understand")
    assert found["no_arguing"]["severity"] == "hint"
    assert found["max_words"] == {
        "rule": "max_words",
        "outcome": "passed",
        "severity": "error",
        "hint": None,
        "span": None,
    }


async def test_a_letter_tells_its_language_unless_the_request_does(person: Person) -> None:
    german = "Liebe Mara,\n\nvielen Dank für das Gespräch.\n\nTom"
    checked = await answer(person, CHECKS, kind="feedback_thanks", body=german)
    assert checked["language"] == "de"
    assert outcomes(checked["items"])["expresses_gratitude"] == "passed"
    checked = await answer(person, CHECKS, kind="feedback_thanks", body=german, language="en")
    assert checked["language"] == "en"
    assert outcomes(checked["items"])["expresses_gratitude"] == "failed"
    checked = await answer(person, CHECKS, GERMAN, kind="feedback_thanks", body="12")
    assert checked["language"] == "de"


@pytest.mark.parametrize(
    ("path", "fields", "pointer"),
    [
        (DRAFTS, {}, "/kind"),
        (DRAFTS, {"kind": "love_letter"}, "/kind"),
        (DRAFTS, {"kind": "follow_up", "tone": "angry"}, "/tone"),
        (DRAFTS, {"kind": "follow_up", "language": "fr"}, "/language"),
        (DRAFTS, {"kind": "follow_up", "language": None}, "/language"),
        (DRAFTS, {"kind": "follow_up", "questions": ["a", "b", "c", "d"]}, "/questions"),
        (DRAFTS, {"kind": "follow_up", "memory": "two\nlines"}, "/memory"),
        (CHECKS, {"kind": "follow_up"}, "/body"),
        (CHECKS, {"kind": "follow_up", "body": ""}, "/body"),
        (CHECKS, {"kind": "follow_up", "body": "x" * 10_001}, "/body"),
        (CHECKS, {"kind": "follow_up", "body": "x", "subject": "two\nlines"}, "/subject"),
        (CHECKS, {"kind": "follow_up", "body": "x", "context": {"mood": 1}}, "/context/mood"),
    ],
)
async def test_what_cannot_be_drafted_or_checked_is_refused(
    person: Person, path: str, fields: dict[str, Any], pointer: str
) -> None:
    assert finding_of(await person.http.post(path, json=fields))[0] == pointer


async def test_the_longest_letter_is_checked(person: Person) -> None:
    checked = await answer(person, CHECKS, kind="follow_up", body="thanks " * 1_428)
    assert outcomes(checked["items"])["max_words"] == "failed"


async def test_templates_and_markup_in_what_a_person_writes_stay_text(person: Person) -> None:
    memory = "{{ 7 * 7 }} {sender} %s <b>bold</b>"
    draft = await answer(person, DRAFTS, kind="thank_you_note", memory=memory, sender_name="Tom")
    assert memory in draft["body"]
    assert outcomes(draft["checks"])["no_unfilled_placeholder"] == "failed"


async def test_nothing_of_a_letter_is_stored(person: Person, database: Database) -> None:
    async def rows() -> dict[str, int]:
        async with database.read(everyone=True) as transaction:
            return {
                table.name: (
                    await transaction.execute(select(func.count()).select_from(table))
                ).scalar_one()
                for table in Base.metadata.sorted_tables
            }

    before = await rows()
    key = {"Idempotency-Key": "a key that a computation has no use for"}
    await answer(person, DRAFTS, kind="follow_up")
    await answer(person, CHECKS, key, kind="follow_up", body=LETTER)
    assert await rows() == before


async def test_the_bank_shows_questions_by_stage_and_competency(person: Person) -> None:
    everything = await get(person, BANK)
    assert everything["next_cursor"] is None
    assert len(everything["items"]) >= 60
    for stage in RejectionStage:
        found = (await get(person, BANK, stage=stage))["items"]
        assert found == [one for one in everything["items"] if stage in one["stages"]]
        assert found
    for competency in Competency:
        found = (await get(person, BANK, competency=competency, stage="interview"))["items"]
        assert found == [
            one
            for one in everything["items"]
            if one["competency"] == competency and "interview" in one["stages"]
        ]
    german = expect(await person.http.get(BANK, headers=GERMAN), 200)["items"]
    assert [one["key"] for one in german] == [one["key"] for one in everything["items"]]
    assert all(one["text"].endswith("?") for one in german + everything["items"])
    assert german[0]["text"].startswith("Welche Erfahrung")
    refused = await person.http.get(BANK, params={"stage": "dream"})
    assert finding_of(refused)[0] == "query.stage"
