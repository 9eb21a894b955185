"""What somebody sees who acts for a person, with each category missing in turn."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from app.auth.consent import COLLECTIONS, OPERATIONS
from app.auth.models import Grant
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.base import Base, table_of
from app.db.references import reference_columns, referred_table
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.auth.living import DETAIL, Living, live, word_of
from tests.conftest import MakePerson
from tests.domains.acting import code_of, expect, finding_of, get
from tests.domains.organizing import on_behalf

pytestmark = pytest.mark.thorough

DETAILS = ("email", "phone", "linkedin_url")

DRAWN_FROM_SEVERAL = {
    # It is told with the name of the employer, which is the rejection's.
    ("list_next_actions", ConsentCategory.REJECTIONS): "feedback_requests",
    ("list_reminders", ConsentCategory.REJECTIONS): "feedback_requests",
    # A gap repeats when rejections of the period name it.
    ("get_learning_insight", ConsentCategory.REJECTIONS): "skill_gaps",
}
"""Whose records are left out although their own category is granted."""


@pytest.fixture
async def living(
    app: FastAPI, database: Database, clock: SetClock, make_person: MakePerson
) -> Living:
    return await live(app, database, clock, await make_person(), await make_person())


async def agree_to_all_but(living: Living, category: ConsentCategory | None) -> None:
    """Replace what the person agreed to."""
    async with living.database.write(everyone=True) as transaction:
        transaction.enter(living.person.id)
        await transaction.execute(
            delete(table_of(Grant)).where(table_of(Grant).c.owner_id == living.person.id)
        )
    await living.agree(*(one for one in ConsentCategory if one is not category))


def without_needed_ids(name: str, text: str) -> str:
    """An answer without the references that no record of its kind can be without."""
    if not name.partition(" ")[0].endswith(("feedback", "feedback_request", "feedback_requests")):
        return text

    def strip(value: Any) -> Any:
        if isinstance(value, list):
            return [strip(one) for one in value]
        if isinstance(value, dict):
            return {key: strip(one) for key, one in value.items() if key != "rejection_id"}
        return value

    return json.dumps(strip(json.loads(text)))


def without_details(value: Any) -> Any:
    """An answer without what tells how to reach a contact, and without whose words are whose."""
    if isinstance(value, list):
        return [without_details(one) for one in value]
    if isinstance(value, Mapping):
        return {
            key: without_details(one)
            for key, one in value.items()
            if not (key in DETAILS and "met_on" in value) and key != "is_own"
        }
    return value


async def test_what_the_person_does_not_share_is_in_no_answer_and_all_else_is(
    living: Living,
) -> None:
    reading = await living.reading()
    assert len(reading) > 60
    whole = {name: (await living.person.http.get(path)).text for name, path in reading.items()}
    held = {name: living.found_in(text) for name, text in whole.items()}
    mixed = {name for name in reading if (needs := OPERATIONS.get(name)) and needs.is_mixed}
    # Figures name no record, and nothing is found by the word that the contract looks for.
    assert {name for name in mixed if not held[name]} == {
        "get_feedback_insight",
        "get_rejection_insight",
        "search_records",
    }
    assert set().union(*held.values()) >= {word_of(name) for name in COLLECTIONS if "_" not in name}

    refused = answered = 0
    for category in ConsentCategory:
        await agree_to_all_but(living, category)
        hidden = living.of(category)
        assert hidden or category is ConsentCategory.INSIGHTS
        for name, path in reading.items():
            answer = await living.as_coach(path)
            if name == "get_comment" and living.named["comment_id"] in hidden:
                assert code_of(answer, 404) == "not-found"
                continue
            if answer.status_code != 200:
                assert code_of(answer, 403) == "consent-missing", (name, answer.text)
                assert answer.json()["consent"] == category
                needs = OPERATIONS[name.partition(" ")[0]]
                assert needs is not None
                assert category in needs.categories
                refused += 1
                continue
            answered += 1
            text = without_needed_ids(name, answer.text)
            assert not living.found_in(text) & hidden, (name, category)
            assert DETAIL not in text, (name, category)
            left_out = set(living.ids[DRAWN_FROM_SEVERAL.get((name, category), "")])
            if name.startswith("search_records"):
                left_out |= living.ids["comments"]  # Only the person finds them by their words.
            missing = held[name] - hidden - left_out - living.found_in(answer.text)
            assert not {one for one in missing if not one.startswith("zz")}, (name, category)
    # The feedback, its requests and their lists need one category, as most operations do.
    assert answered > 5 * refused > 0


async def test_who_may_see_everything_sees_what_the_person_sees_but_how_to_reach_contacts(
    living: Living,
) -> None:
    await living.agree()
    for name, path in (await living.reading()).items():
        mine = expect(await living.person.http.get(path), 200)
        theirs = expect(await living.as_coach(path), 200)
        if name.startswith("search_records"):
            found = [(one["collection"], one["id"]) for one in theirs["items"]]
            own = [(one["collection"], one["id"]) for one in mine["items"]]
            assert found == [one for one in own if one[0] != "comments"], name
            continue
        assert without_details(theirs) == without_details(mine), name
        assert DETAIL not in json.dumps(theirs), name


@pytest.mark.parametrize("category", [ConsentCategory.WELLBEING, ConsentCategory.NETWORK])
async def test_pages_stay_full_and_cursors_lead_on_where_items_are_left_out(
    living: Living, category: ConsentCategory
) -> None:
    await agree_to_all_but(living, category)
    for path in (
        f"/v1/rejections/{living.named['rejection_id']}/timeline",
        "/v1/recovery-steps",
        "/v1/comments",
    ):
        in_one = expect(await living.as_coach(f"{path}?limit=100"), 200)["items"]
        paged: list[Any] = []
        page = expect(await living.as_coach(f"{path}?limit=3"), 200)
        paged += page["items"]
        while page["next_cursor"]:
            assert len(page["items"]) == 3
            page = expect(
                await living.as_coach(f"{path}?limit=3&cursor={page['next_cursor']}"), 200
            )
            paged += page["items"]
        assert paged == in_one
        assert len(paged) > 3


async def test_a_contact_is_not_found_by_how_to_reach_them(living: Living) -> None:
    await living.agree()
    path = f"/v1/search?q={DETAIL}"
    mine = expect(await living.person.http.get(path), 200)["items"]
    assert {one["collection"] for one in mine} == {"contacts"}
    assert DETAIL in json.dumps(mine)
    assert expect(await living.as_coach(path), 200) == {"items": []}
    both = f"/v1/search?q={word_of('contacts')}+{DETAIL}"
    assert expect(await living.person.http.get(both), 200)["items"]
    assert expect(await living.as_coach(both), 200) == {"items": []}


async def test_how_to_reach_a_contact_is_for_the_person_to_write_and_no_guess_tells_it(
    living: Living,
) -> None:
    await living.agree(access=ConsentAccess.WRITE)
    coach, headers = living.coach, {**on_behalf(living.person), "If-Match": "*"}
    path = f"/v1/contacts/{living.named['contact_id']}"
    before = await get(living.person, path)
    for detail in DETAILS:
        for guess in (before[detail], before[detail] + "x"):
            answer = await coach.http.patch(path, json={detail: guess}, headers=headers)
            assert finding_of(answer) == (f"/{detail}", "owner_only")
        new = {"id": before["id"], "name": before["name"], detail: before[detail]}
        again = await coach.http.post("/v1/contacts", json=new, headers=on_behalf(living.person))
        assert finding_of(again) == (f"/{detail}", "owner_only")
    # What was read as null comes back as null, and changes nothing.
    unchanged = dict.fromkeys(DETAILS)
    seen = expect(await coach.http.patch(path, json=unchanged, headers=headers), 200)
    assert seen["revision"] == before["revision"]
    changed = {**unchanged, "role": "Head of data"}
    seen = expect(await coach.http.patch(path, json=changed, headers=headers), 200)
    assert (seen["role"], seen["email"]) == ("Head of data", None)
    after = await get(living.person, path)
    assert {name: after[name] for name in DETAILS} == {name: before[name] for name in DETAILS}
    made = await coach.http.post(
        "/v1/contacts", json={"name": "Kim Sample", "email": None}, headers=on_behalf(living.person)
    )
    assert expect(made, 201)["name"] == "Kim Sample"


async def test_no_answer_tells_whether_there_is_a_record_that_is_not_shared(
    living: Living,
) -> None:
    """A company by its name, references, filters, and a step that tells how the person is."""
    await living.agree(
        ConsentCategory.REJECTIONS,
        ConsentCategory.PLANS,
        ConsentCategory.OPPORTUNITIES,
        ConsentCategory.REFLECTIONS,
        access=ConsentAccess.WRITE,
    )
    coach, headers = living.coach, on_behalf(living.person)
    any_revision = {**headers, "If-Match": "*"}
    known = (await get(living.person, f"/v1/companies/{living.named['company_id']}"))["name"]
    for name in (known, "Unknown GmbH"):
        body = {"company_name": name, "stage": "screening", "start_plan": False}
        answer = await coach.http.post("/v1/rejections", json=body, headers=headers)
        assert expect(answer, 201)["company_id"] is None

    path = f"/v1/rejections/{living.named['rejection_id']}"
    before = await get(living.person, path)
    assert before["contact_id"] == living.named["contact_id"]
    for guess in (living.named["contact_id"], str(living.person.id)):
        answer = await coach.http.patch(path, json={"contact_id": guess}, headers=any_revision)
        assert finding_of(answer) == ("/contact_id", "unknown")
        assert (await living.as_coach(f"/v1/rejections?contact_id={guess}")).json()["items"] == []
    unchanged = {"contact_id": None, "company_id": None}
    seen = expect(await coach.http.patch(path, json=unchanged, headers=any_revision), 200)
    assert (seen["revision"], seen["contact_id"]) == (before["revision"], None)
    assert await get(living.person, path) == before
    renamed = {**unchanged, "company_name": "Unknown GmbH"}
    seen = expect(await coach.http.patch(path, json=renamed, headers=any_revision), 200)
    assert seen["company_id"] is None
    company_id = (await get(living.person, path))["company_id"]
    assert (await get(living.person, f"/v1/companies/{company_id}"))["name"] == "Unknown GmbH"

    refocus = f"/v1/recovery-steps/{living.named['refocus']}"
    assert code_of(await living.as_coach(refocus), 404) == "not-found"
    ticking = await coach.http.patch(refocus, json={"status": "done"}, headers=any_revision)
    assert code_of(ticking, 404) == "not-found"
    assert code_of(await coach.http.delete(refocus, headers=any_revision), 404) == "not-found"
    step = {"plan_id": living.named["plan_id"], "title": "x", "kind": "refocus"}
    added = await coach.http.post("/v1/recovery-steps", json=step, headers=headers)
    assert code_of(added, 403) == "consent-missing"
    again = {**step, "id": living.named["refocus"], "kind": "custom"}
    added = await coach.http.post("/v1/recovery-steps", json=again, headers=headers)
    assert code_of(added, 409) == "id-taken"
    for step_id in (living.named["refocus"], str(living.person.id)):
        comment = {"about": {"collection": "recovery_steps", "id": step_id}, "text": "x"}
        added = await coach.http.post("/v1/comments", json=comment, headers=headers)
        assert finding_of(added) == ("/about/id", "unknown")


async def test_other_rooms_tell_a_letter_and_prompts_nothing_that_is_not_shared(
    living: Living,
) -> None:
    await living.agree(
        ConsentCategory.FEEDBACK, ConsentCategory.REFLECTIONS, access=ConsentAccess.WRITE
    )
    coach, headers = living.coach, on_behalf(living.person)
    about = {"kind": "feedback_request", "rejection_id": living.named["rejection_id"]}
    refused = await coach.http.post("/v1/message-drafts", json=about, headers=headers)
    assert finding_of(refused) == ("/rejection_id", "unknown")
    letter = {"kind": "feedback_request", "company_name": "Example GmbH"}
    drafted = await coach.http.post("/v1/message-drafts", json=letter, headers=headers)
    assert word_of("accounts") not in expect(drafted, 200)["body"]
    own = expect(await living.person.http.post("/v1/message-drafts", json=letter), 200)
    assert word_of("accounts") in own["body"]
    prompts = f"/v1/reflection-prompts?rejection_id={living.named['rejection_id']}"
    assert expect(await living.as_coach(prompts), 200)["items"] == []
    assert expect(await living.person.http.get(prompts), 200)["items"]


async def test_a_coach_who_reads_the_brief_does_not_prepare_for_the_person(
    living: Living,
) -> None:
    await living.agree()
    steps = f"/v1/recovery-steps?limit=100&plan_id={living.named['plan_id']}"
    path = f"/v1/opportunities/{living.named['opportunity_id']}/preparation-brief"
    before = expect(await living.person.http.get(steps), 200)
    expect(await living.as_coach(path), 200)
    assert expect(await living.person.http.get(steps), 200) == before
    expect(await living.person.http.get(path), 200)
    assert expect(await living.person.http.get(steps), 200) != before


def test_a_reference_has_one_meaning_wherever_it_stands() -> None:
    """The answers are emptied by the names of references, so that a name must tell the table."""
    meanings: dict[str, set[str]] = {}
    for table in Base.metadata.tables.values():
        for column in reference_columns(table):
            meanings.setdefault(column.name, set()).add(referred_table(column).name)
    assert {name: tables for name, tables in meanings.items() if len(tables) > 1} == {}
    assert len(meanings) > 10


async def test_figures_say_what_is_left_out_of_them(living: Living) -> None:
    assert (await get(living.person, "/v1/insights/overview"))["left_out"] == []
    await living.agree(ConsentCategory.INSIGHTS, ConsentCategory.PLANS)
    theirs = expect(await living.as_coach("/v1/insights/overview"), 200)
    assert (theirs["rejections"], theirs["goals"]) == (0, [])
    assert set(theirs["left_out"]) == set(ConsentCategory) - {"insights", "plans"}
    narrowed = await living.as_coach("/v1/insights/rejections")
    assert narrowed.json()["consent"] == "rejections"
    await living.agree(ConsentCategory.REJECTIONS)
    company = f"/v1/insights/rejections?company_id={living.named['company_id']}"
    assert expect(await living.as_coach(company), 200)["sample_size"] == 0
    assert expect(await living.person.http.get(company), 200)["sample_size"] > 0
