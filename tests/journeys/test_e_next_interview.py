"""E2, learn from each interview: what one "no" taught stands ready before the next conversation."""

from datetime import timedelta

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, code_of, get, post


async def test_e2_from_a_lesson_and_a_stronger_answer_to_the_brief(
    person: Person, clock: SetClock
) -> None:
    # The interview at the example company did not go well. She takes an evening to look back.
    rejection = await person.record_rejection(
        company_name="Example GmbH", stage="interview", channel="phone"
    )
    clock.advance(timedelta(days=3))
    reflection = await post(
        person,
        "/v1/reflections",
        rejection_id=rejection["id"],
        kind="interview",
        answers=[
            {
                "question": "Tell us about a conflict in a team.",
                "competency": "teamwork",
                "answer_given": "A story without its end.",
                "stronger_answer": "The release argument: what I said, and what we agreed on.",
            },
            {"question": "Why here?", "competency": None, "answer_given": "It is close."},
        ],
        red_flags=["Nobody could say who would lead the team."],
        mismatches=["They wanted three days on site."],
    )
    lesson = await post(
        person,
        "/v1/lessons",
        text="Say how a story ends.",
        practice="E2",
        source={"collection": "reflections", "id": reflection["id"]},
    )
    # Two more employers miss the same thing.
    named = [rejection["id"]]
    for company, stage in (("Sample AG", "screening"), ("Beispiel KG", "assessment")):
        further = await person.record_rejection(company_name=company, stage=stage)
        named = sorted([*named, further["id"]])
    await post(
        person,
        "/v1/skill-gaps",
        name="Forecasting",
        kind="skill",
        severity="medium",
        rejection_ids=named,
    )
    await post(
        person,
        "/v1/contacts",
        name="Ali Muster",
        company_name="example gmbh",
        relationship="interviewer",
        role="Team lead",
    )
    await change(person, "/v1/me", values=[{"value": "respect", "importance": 5}])

    # Months later the same company has another opening, and invites her.
    clock.advance(timedelta(days=90))
    opportunity = await post(
        person,
        "/v1/opportunities",
        company_name="Example GmbH",
        role_title="Data analyst",
        status="interviewing",
        next_stage="interview",
        next_event_at="2026-06-18T09:30:00+02:00",
    )
    path = f"/v1/opportunities/{opportunity['id']}/preparation-brief"
    brief = await get(person, path)
    assert (brief["company_name"], brief["next_event_at"]) == (
        "Example GmbH",
        "2026-06-18T07:30:00Z",
    )
    assert [(one["text"], one["reason"]) for one in brief["lessons"]] == [
        ("Say how a story ends.", "same_company")
    ]
    assert [one["stronger_answer"] for one in brief["answers"]] == [
        "The release argument: what I said, and what we agreed on."
    ]
    assert [(one["name"], one["rejections"]) for one in brief["gaps"]] == [("Forecasting", 3)]
    assert [one["text"] for one in brief["red_flags"]] == [
        "Nobody could say who would lead the team."
    ]
    assert [one["text"] for one in brief["mismatches"]] == ["They wanted three days on site."]
    assert [(one["name"], one["role"]) for one in brief["people"]] == [("Ali Muster", "Team lead")]
    assert [one["value"] for one in brief["values"]] == ["respect"]
    assert [one["item"] for one in brief["checklist"]] == [
        "read_about_them",
        "choose_a_lesson",
        "say_answers_aloud",
        "speak_of_a_gap",
        "ask_about_red_flags",
        "check_values",
        "write_to_somebody",
        "plan_to_look_back",
    ]

    # She tells her story to its end this time. What is applied need not be prepared again.
    await change(
        person,
        f"/v1/lessons/{lesson['id']}",
        status="applied",
        applied_to_opportunity_id=opportunity["id"],
    )
    assert (await get(person, path))["lessons"] == []
    learned = await get(person, "/v1/insights/learning")
    assert (learned["lessons_captured"], learned["lessons_applied"]) == (1, 1)
    assert [one["name"] for one in learned["repeating_gaps"]] == ["Forecasting"]

    # Once it is over, either way, there is nothing left to prepare.
    await change(person, f"/v1/opportunities/{opportunity['id']}", status="withdrawn")
    assert code_of(await person.http.get(path), 409) == "opportunity-is-over"
