"""What a preparation brief holds, and in what order."""

from datetime import timedelta
from typing import Any

import pytest

from app.db.transaction import Database
from app.domains.feedback.rules.data import QUESTIONS
from app.domains.insights.rules.brief import competencies_of
from app.domains.insights.terms import MAX_SHOWN, ChecklistItem
from app.domains.opportunities import events
from app.domains.opportunities.events import PreparationBriefOpened
from app.domains.rejections.terms import RejectionStage
from app.kit.clock import SetClock
from app.kit.terms import Language
from tests.conftest import Person
from tests.domains.acting import GERMAN, change, code_of, expect, get, listen, post
from tests.domains.recovery.test_query_counts_api import statements_of

HERE, ELSEWHERE = "Example GmbH", "Sample AG"


def path_of(opportunity: dict[str, Any]) -> str:
    return f"/v1/opportunities/{opportunity['id']}/preparation-brief"


async def add(person: Person, **fields: Any) -> dict[str, Any]:
    wanted = {"company_name": HERE, "role_title": "Data analyst", "status": "interviewing"}
    return await post(person, "/v1/opportunities", **{**wanted, **fields})


async def lesson(person: Person, text: str, collection: str = "", record_id: str = "") -> None:
    source = {"collection": collection, "id": record_id} if collection else None
    await post(person, "/v1/lessons", text=text, source=source)


def answer(question: str, competency: str | None, stronger: str | None = "Like so.") -> Any:
    return {"question": question, "competency": competency, "stronger_answer": stronger}


async def test_somebody_with_nothing_noted_gets_a_short_checklist(person: Person) -> None:
    opportunity = await add(person, next_event_at="2026-03-16T09:30:00Z", next_stage="interview")
    brief = await get(person, path_of(opportunity))
    assert {name: brief[name] for name in brief if name != "checklist"} == {
        "opportunity_id": opportunity["id"],
        "company_id": opportunity["company_id"],
        "company_name": HERE,
        "role_title": "Data analyst",
        "next_stage": "interview",
        "next_event_at": "2026-03-16T09:30:00Z",
        "lessons": [],
        "answers": [],
        "gaps": [],
        "red_flags": [],
        "mismatches": [],
        "values": [],
        "people": [],
        "left_out": [],
    }
    assert [one["item"] for one in brief["checklist"]] == ["read_about_them", "plan_to_look_back"]


async def test_lessons_of_the_company_come_first_then_those_of_the_stage_then_the_latest(
    person: Person, clock: SetClock
) -> None:
    opportunity = await add(person, next_stage="interview")
    here = await person.record_rejection(company_name=HERE.upper(), stage="screening")
    there = await person.record_rejection(company_name=ELSEWHERE, stage="interview")
    neither = await person.record_rejection(company_name=ELSEWHERE, stage="offer")
    told = await post(
        person,
        "/v1/feedback",
        rejection_id=here["id"],
        source="call",
        verbatim="Show the way to a number.",
    )
    seen = await post(person, "/v1/reflections", kind="interview", rejection_id=there["id"])
    other = await add(person, company_name=HERE, role_title="Data engineer")
    about = await post(person, "/v1/reflections", kind="interview", opportunity_id=other["id"])
    for text, *source in (
        ("from feedback here", "feedback", told["id"]),
        ("from nowhere",),
        ("from the same stage", "reflections", seen["id"]),
        ("from elsewhere, latest", "rejections", neither["id"]),
        ("from a rejection here", "rejections", here["id"]),
        ("from a reflection here", "reflections", about["id"]),
    ):
        clock.advance(timedelta(minutes=1))
        await lesson(person, text, *source)
    for status in ("applied", "retired"):
        await post(person, "/v1/lessons", text=f"already {status}", status=status)
    found = (await get(person, path_of(opportunity)))["lessons"]
    assert [(one["text"], one["reason"]) for one in found] == [
        ("from a reflection here", "same_company"),
        ("from a rejection here", "same_company"),
        ("from feedback here", "same_company"),
        ("from the same stage", "same_stage"),
        ("from elsewhere, latest", "open"),
        ("from nowhere", "open"),
    ]


async def test_stronger_answers_are_those_that_can_be_asked_for_next(person: Person) -> None:
    assert "teamwork" in competencies_of(RejectionStage.INTERVIEW)
    unasked = "quality_control"
    assert unasked not in competencies_of(RejectionStage.SCREENING)
    opportunity = await add(person, next_stage="screening")
    asked = min(competencies_of(RejectionStage.SCREENING))
    here = await person.record_rejection(company_name=HERE, stage="offer")
    there = await person.record_rejection(company_name=ELSEWHERE, stage="screening")
    for rejection_id, day, answers in (
        (None, "2026-03-01", [answer("bank", asked), answer("not now", unasked)]),
        (None, "2026-03-03", [answer("bank, later", asked), answer("none", asked, None)]),
        (there["id"], "2026-02-01", [answer("stage", unasked), answer("stage too", None)]),
        (here["id"], "2026-01-01", [answer("company", None)]),
    ):
        await post(
            person,
            "/v1/reflections",
            kind="interview",
            rejection_id=rejection_id,
            occurred_on=day,
            answers=answers,
        )
    found = (await get(person, path_of(opportunity)))["answers"]
    assert [(one["question"], one["reason"]) for one in found] == [
        ("company", "same_company"),
        ("stage", "same_stage"),
        ("stage too", "same_stage"),
        ("bank, later", "asked_here"),
        ("bank", "asked_here"),
    ]
    assert {one["stronger_answer"] for one in found} == {"Like so."}

    # While nobody knows what comes next, all of them may be of use.
    await change(person, f"/v1/opportunities/{opportunity['id']}", next_stage=None)
    found = (await get(person, path_of(opportunity)))["answers"]
    assert [one["question"] for one in found] == [
        "company",
        "bank, later",
        "bank",
        "not now",
        "stage",
        "stage too",
    ]
    assert {one["reason"] for one in found[1:]} == {"open"}


def test_the_competencies_of_a_stage_are_those_of_its_questions() -> None:
    for stage in RejectionStage:
        asked = {question.competency for question in QUESTIONS if stage in question.stages}
        assert competencies_of(stage) == asked
        assert asked


async def test_gaps_are_ranked_by_the_rejections_that_name_them(person: Person) -> None:
    opportunity = await add(person)
    rejections = sorted([(await person.record_rejection())["id"] for _ in range(3)])
    for name, named, severity, status in (
        ("Once", 1, "high", "open"),
        ("Thrice", 3, "low", "in_progress"),
        ("Never, but badly", 0, "high", "open"),
        ("Never", 0, "low", "open"),
        ("Closed", 3, "high", "closed"),
        ("Dismissed", 3, "high", "dismissed"),
    ):
        await post(
            person,
            "/v1/skill-gaps",
            name=name,
            kind="skill",
            severity=severity,
            status=status,
            rejection_ids=rejections[:named],
        )
    found = (await get(person, path_of(opportunity)))["gaps"]
    assert [(one["name"], one["rejections"]) for one in found] == [
        ("Thrice", 3),
        ("Once", 1),
        ("Never, but badly", 0),
        ("Never", 0),
    ]


async def test_what_was_seen_comes_along_and_who_is_known_here(
    person: Person, clock: SetClock
) -> None:
    opportunity = await add(person)
    here = await person.record_rejection(company_name=HERE)
    there = await person.record_rejection(company_name=ELSEWHERE)
    await change(
        person,
        "/v1/me",
        values=[
            {"value": "learning", "importance": 3},
            {"value": "respect", "importance": 5},
            {"value": "pay", "importance": 5},
        ],
    )
    for about, flag, observed in (
        ({"rejection_id": here["id"]}, "Nobody leads.", 1),
        ({"company_id": opportunity["company_id"]}, "nobody LEADS.", 4),
        ({"rejection_id": there["id"]}, "Elsewhere.", 5),
    ):
        clock.advance(timedelta(minutes=1))
        await post(
            person,
            "/v1/culture-fit-assessments",
            **about,
            red_flags=[flag],
            ratings=[{"value": "respect", "importance": 5, "observed": observed}],
        )
    for rejection_id, day in ((here["id"], "2026-03-02"), (there["id"], "2026-03-03")):
        await post(
            person,
            "/v1/reflections",
            kind="process",
            rejection_id=rejection_id,
            occurred_on=day,
            red_flags=[f"Late on {day}."],
            mismatches=[f"Three days on site, {day}."],
        )
    for name, company in (("Ali", HERE), ("Eva", HERE), ("Kim", ELSEWHERE)):
        clock.advance(timedelta(minutes=1))
        contact = await post(
            person, "/v1/contacts", name=name, company_name=company, relationship="peer"
        )
        if name == "Eva":
            await post(
                person, "/v1/interactions", contact_id=contact["id"], kind="call", status="done"
            )
    brief = await get(person, path_of(opportunity))
    seen = [(one["collection"], one["text"], one["reason"]) for one in brief["red_flags"]]
    assert seen == [
        ("culture_fit_assessments", "nobody LEADS.", "same_company"),
        ("reflections", "Late on 2026-03-02.", "same_company"),
        ("culture_fit_assessments", "Elsewhere.", "open"),
        ("reflections", "Late on 2026-03-03.", "open"),
    ]
    assert [(one["text"], one["reason"]) for one in brief["mismatches"]] == [
        ("Three days on site, 2026-03-02.", "same_company"),
        ("Three days on site, 2026-03-03.", "open"),
    ]
    assert [(one["value"], one["observed"]) for one in brief["values"]] == [
        ("pay", None),
        ("respect", 4),
        ("learning", None),
    ]
    assert [one["name"] for one in brief["people"]] == ["Eva", "Ali"]
    assert [one["item"] for one in brief["checklist"]] == [
        "write_down_the_date",
        "read_about_them",
        "ask_about_red_flags",
        "check_values",
        "write_to_somebody",
        "plan_to_look_back",
    ]


async def test_a_new_employer_is_met_with_what_put_the_person_off_elsewhere(
    person: Person, clock: SetClock
) -> None:
    opportunity = await add(person, company_name="New KG", next_stage="interview")
    at_offer = await person.record_rejection(company_name=ELSEWHERE, stage="offer")
    at_interview = await person.record_rejection(company_name=HERE, stage="interview")
    for rejection, day, text in (
        (at_interview, "2026-03-01", "late"),
        (at_offer, "2026-03-02", "LATE"),
        (at_interview, "2026-03-03", "Later."),
        (at_offer, "2026-03-04", "At the offer."),
    ):
        await post(
            person,
            "/v1/reflections",
            kind="process",
            rejection_id=rejection["id"],
            occurred_on=day,
            red_flags=[text],
            mismatches=[text],
        )
    for rejection, text in ((at_offer, "Assessed first."), (at_interview, "Assessed there.")):
        clock.advance(timedelta(minutes=1))
        await post(
            person,
            "/v1/culture-fit-assessments",
            rejection_id=rejection["id"],
            red_flags=[text],
            ratings=[{"value": "respect", "importance": 5, "observed": 1}],
        )
    brief = await get(person, path_of(opportunity))
    assert [(one["text"], one["reason"]) for one in brief["red_flags"]] == [
        ("Assessed there.", "same_stage"),
        ("Later.", "same_stage"),
        ("late", "same_stage"),
        ("Assessed first.", "open"),
        ("At the offer.", "open"),
    ]
    assert [(one["text"], one["reason"]) for one in brief["mismatches"]] == [
        ("Later.", "same_stage"),
        ("late", "same_stage"),
        ("At the offer.", "open"),
    ]
    # What was observed elsewhere says nothing of what is valued here.
    assert brief["values"] == []
    for headers, wanted in (
        ({}, "Ask about what has put you off before."),
        (GERMAN, "Frag nach dem, was dich früher schon gestört hat."),
    ):
        answer = expect(await person.http.get(path_of(opportunity), headers=headers), 200)
        texts = {one["item"]: one["text"] for one in answer["checklist"]}
        assert texts["ask_about_red_flags"] == wanted

    many = [f"Flag {number}." for number in range(MAX_SHOWN)]
    await post(person, "/v1/reflections", kind="process", red_flags=many, mismatches=many)
    brief = await get(person, path_of(opportunity))
    for name in ("red_flags", "mismatches"):
        assert len(brief[name]) == MAX_SHOWN
        assert brief[name][0]["reason"] == "same_stage"


async def test_an_opportunity_without_a_company_has_nothing_in_common_with_anything(
    person: Person,
) -> None:
    opportunity = await add(person)
    await change(person, f"/v1/opportunities/{opportunity['id']}", company_id=None)
    nowhere = await post(person, "/v1/contacts", name="Lu", relationship="peer")
    assert nowhere["company_id"] is None
    rejection = await person.record_rejection(company_name=HERE)
    await change(person, f"/v1/rejections/{rejection['id']}", company_id=None)
    await lesson(person, "of one without a company", "rejections", rejection["id"])
    await post(
        person,
        "/v1/reflections",
        kind="process",
        rejection_id=rejection["id"],
        red_flags=["Late."],
        mismatches=["On site."],
    )
    brief = await get(person, path_of(opportunity))
    assert brief["people"] == []
    for name in ("red_flags", "mismatches", "lessons"):
        assert [one["reason"] for one in brief[name]] == ["open"]


async def test_lists_end_after_what_can_be_read_in_a_few_minutes(person: Person) -> None:
    opportunity = await add(person)
    for number in range(MAX_SHOWN + 2):
        await lesson(person, f"Lesson {number}.")
        await post(
            person,
            "/v1/contacts",
            name=f"Ali {number}",
            company_id=opportunity["company_id"],
            relationship="peer",
        )
    brief = await get(person, path_of(opportunity))
    assert (len(brief["lessons"]), len(brief["people"])) == (MAX_SHOWN, MAX_SHOWN)
    assert await get(person, path_of(opportunity)) == brief


async def test_the_checklist_speaks_the_callers_language(person: Person) -> None:
    opportunity = await add(person)
    answer = await person.http.get(path_of(opportunity), headers=GERMAN)
    texts = {one["item"]: one["text"] for one in expect(answer, 200)["checklist"]}
    assert texts["plan_to_look_back"] == ChecklistItem.PLAN_TO_LOOK_BACK.label(Language.DE)


async def test_opening_a_brief_is_a_fact_and_only_where_there_is_something_to_prepare(
    person: Person, database: Database
) -> None:
    told = listen(database, events)
    opportunity = await add(person)
    told.clear()
    await get(person, path_of(opportunity))
    assert [(type(one), str(one.record_id)) for one in told] == [
        (PreparationBriefOpened, opportunity["id"])
    ]
    for status in ("rejected", "withdrawn", "closed"):
        over = await add(person, status=status)
        told.clear()
        assert code_of(await person.http.get(path_of(over)), 409) == "opportunity-is-over"
        assert not told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_brief_costs_a_constant_number_of_reads(person: Person, database: Database) -> None:
    opportunity = await add(person)

    async def reads() -> int:
        with statements_of(database) as statements:
            await get(person, path_of(opportunity))
        return sum(statement.startswith("SELECT") for statement in statements)

    few = await reads()
    for number in range(6):
        rejection = await person.record_rejection()
        await lesson(person, f"Lesson {number}.", "rejections", rejection["id"])
        await post(person, "/v1/reflections", kind="interview", rejection_id=rejection["id"])
        await post(
            person,
            "/v1/skill-gaps",
            name=f"Skill {number}",
            kind="skill",
            severity="low",
            rejection_ids=[rejection["id"]],
        )
    # The first look at it counts as preparing, for which a step of a plan is sought and ticked.
    assert await reads() > few
    ticked = await reads()
    await post(person, "/v1/lessons", text="One more.")
    assert await reads() == ticked
