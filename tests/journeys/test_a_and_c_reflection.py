"""A3 and C: what a person learns from a "no", looking back on how they did, what they can learn
and whether it would have fitted.

Told over HTTP, on both engines.
"""

from typing import Any

from tests.conftest import Person
from tests.domains.acting import change, code_of, get, items, patch, post


async def no_after_an_interview(person: Person) -> dict[str, Any]:
    """The "no" with which each of these stories begins."""
    return await person.record_rejection(
        stage="interview",
        channel="phone",
        stated_reason="Another candidate had more experience with forecasting.",
        reasons=[{"code": "skills_gap", "basis": "stated"}],
    )


async def test_a3_a_lesson_is_kept_carried_forward_and_used(person: Person) -> None:
    rejection = await no_after_an_interview(person)

    # The questions end in one sentence to keep and in an if-then plan.
    prompts = await get(person, "/v1/reflection-prompts", rejection_id=rejection["id"])
    (asks,) = [one for one in prompts["items"] if one["operation_id"] == "capture_lesson"]
    lesson = await post(
        person,
        "/v1/lessons",
        practice="E2",
        competency="speaking",
        source={"collection": "rejections", "id": rejection["id"]},
        text="Say the result first, then how I got there.",
    )
    assert lesson[asks["field"]] == "Say the result first, then how I got there."

    # It is found by what it comes from, and among those that wait to be used.
    assert await items(person, "/v1/lessons", rejection_id=rejection["id"]) == [lesson]
    assert await items(person, "/v1/lessons", status="open", practice="E2") == [lesson]
    told = await items(person, f"/v1/rejections/{rejection['id']}/timeline")
    assert "lesson.captured" in {item["type"] for item in told}

    # She uses it, finds it was not the right occasion, and uses it later.
    path = f"/v1/lessons/{lesson['id']}"
    assert (await change(person, path, status="applied"))["applied_on"] == "2026-03-11"
    assert (await change(person, path, status="open"))["applied_on"] is None
    await change(person, path, status="applied", applied_on="2026-03-10")
    assert await items(person, "/v1/lessons", status="open") == []

    # It has served. It can be taken up again, but not be used while it is put away.
    await change(person, path, status="retired")
    refused = await patch(person, path, status="applied")
    assert code_of(refused, 409) == "invalid-transition"
    assert refused.json()["allowed"] == ["open"]


async def test_c1_half_an_hour_of_looking_back_ends_with_a_cue_and_an_action(
    person: Person,
) -> None:
    rejection = await no_after_an_interview(person)

    # Half an hour, no more. First she is asked how she is.
    prompts = await get(person, "/v1/reflection-prompts", rejection_id=rejection["id"])
    assert sum(item["minutes"] for item in prompts["items"]) <= prompts["minutes"] == 30
    first, *between, last = prompts["items"]
    assert first["operation_id"] == "record_check_in"
    await post(person, "/v1/check-ins", rejection_id=rejection["id"], mood=3, energy=3)
    assert (last["operation_id"], last["field"]) == ("record_reflection", "next_time")

    # She answers what is asked, each in the field that its prompt names.
    asked = {item["field"] for item in between if item["operation_id"] == "record_reflection"}
    answers: dict[str, Any] = {
        "ratings": {"preparation": 4, "communication": 2, "rapport": 5},
        "strengths": ["I stayed calm."],
        "answers": [
            {
                "question": "How would you forecast this?",
                "competency": "numbers",
                "answer_given": "I would need more data.",
                "stronger_answer": "Three assumptions, then a range, then what would change it.",
            }
        ],
    }
    assert {"answers", "strengths", "ratings"} <= asked
    reflection = await post(
        person,
        "/v1/reflections",
        kind="interview",
        rejection_id=rejection["id"],
        time_spent_minutes=30,
        **answers,
        next_time={"cue": "When I hear a number question,", "action": "I say a range first."},
    )
    assert reflection["ratings"] == {
        "preparation": 4,
        "communication": 2,
        "technical": None,
        "rapport": 5,
        "questions_asked": None,
    }
    assert await items(person, "/v1/reflections", rejection_id=rejection["id"]) == [reflection]

    # The next day one rating looks different; the others stay as they were.
    path = f"/v1/reflections/{reflection['id']}"
    later = await change(person, path, ratings={"communication": 3})
    assert later["ratings"] == {**reflection["ratings"], "communication": 3}

    # What she takes from it knows where it comes from.
    source = {"collection": "reflections", "id": reflection["id"]}
    lesson = await post(person, "/v1/lessons", text="A range is an answer.", source=source)
    assert await items(person, "/v1/lessons", reflection_id=reflection["id"]) == [lesson]


async def test_c2_a_gap_is_named_once_gathers_evidence_and_is_closed(person: Person) -> None:
    rejection = await no_after_an_interview(person)
    prompts = await get(person, "/v1/reflection-prompts", rejection_id=rejection["id"])
    assert "record_skill_gap" in {item["operation_id"] for item in prompts["items"]}

    gap = await post(
        person,
        "/v1/skill-gaps",
        name="Forecasting",
        severity="high",
        rejection_ids=[rejection["id"]],
    )
    path = f"/v1/skill-gaps/{gap['id']}"

    # Weeks later another "no" names the same gap. Her app is told which one she has.
    second = await person.record_rejection(company_name="Other GmbH")
    body = {"name": "forecasting", "rejection_ids": [second["id"]]}
    refused = await person.http.post("/v1/skill-gaps", json=body)
    assert code_of(refused, 409) == "skill-gap-exists"
    held = await get(person, f"/v1/skill-gaps/{refused.json()['skill_gap_id']}")
    named = await change(person, path, rejection_ids=[*held["rejection_ids"], second["id"]])
    assert len(named["rejection_ids"]) == 2
    for one in (rejection, second):
        assert await items(person, "/v1/skill-gaps", rejection_id=one["id"]) == [named]

    # A plan, something to learn from, a day, and progress until it is done.
    await change(
        person,
        path,
        status="in_progress",
        plan="One small forecast a week.",
        resources=[{"title": "An open course", "url": "https://example.com/forecasting"}],
        target_on="2026-05-01",
        progress_percent=20,
    )
    closed = await change(person, path, status="closed")
    assert closed["progress_percent"] == 100
    assert await items(person, "/v1/skill-gaps", status="closed") == [closed]


async def test_c3_values_are_compared_with_what_was_seen(person: Person) -> None:
    rejection = await person.record_rejection(stage="final_round", decided_by="candidate")
    prompts = await get(person, "/v1/reflection-prompts", rejection_id=rejection["id"])
    asked = {item["operation_id"] for item in prompts["items"]}
    assert "record_culture_fit_assessment" in asked

    fit = await post(
        person,
        "/v1/culture-fit-assessments",
        rejection_id=rejection["id"],
        ratings=[
            {"value": "learning", "importance": 5, "observed": 2},
            {"value": "pay", "importance": 2, "observed": 5},
        ],
        red_flags=["Nobody had time for questions."],
    )
    # Learning matters more to her than pay, so the fit is weaker than the plain mean.
    assert (fit["alignment_percent"], fit["conclusion"]) == (46, "mixed")

    # Her own word stands, whatever the arithmetic says.
    path = f"/v1/culture-fit-assessments/{fit['id']}"
    decided = await change(person, path, conclusion="misaligned")
    assert (decided["alignment_percent"], decided["conclusion"]) == (46, "misaligned")
    found = await items(
        person, "/v1/culture-fit-assessments", rejection_id=rejection["id"], conclusion="misaligned"
    )
    assert found == [decided]
