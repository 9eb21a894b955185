"""What deleting a record does to its neighbours in all rooms, as the product states it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.db.transaction import Database
from tests.conftest import Person
from tests.db.test_deletion import graves, look, orphans
from tests.domains.acting import check_in, code_of, delete, get, items, plan_of, post

pytestmark = pytest.mark.thorough

Shown = dict[tuple[str, str], dict[str, Any]]

RECORDS = (
    "rejections",
    "check_ins",
    "feedback_requests",
    "feedback",
    "reflections",
    "lessons",
    "skill_gaps",
    "culture_fit_assessments",
    "contacts",
    "companies",
    "interactions",
    "networking_events",
    "opportunities",
)
"""All collections but plans and steps, which only stay or go here: what ticks them changes them."""


@dataclass(frozen=True)
class Deletion:
    """What is deleted, which collections lose records with it, and how neighbours look after it."""

    of: str
    takes: tuple[str, ...] = ()
    leaves: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


DELETIONS = [
    Deletion(
        "rejection",
        takes=("recovery_plans", "recovery_steps", "feedback_requests", "feedback"),
        leaves={
            "check_in": {"rejection_id": None},
            "reflection": {"rejection_id": None},
            "lesson_of_rejection": {"source": None},
            "lesson_of_feedback": {"source": None},
            "gap": {"rejection_ids": []},
            "fit": {"rejection_id": None},
            "interaction": {"rejection_id": None},
            "opportunity": {"status": "applied"},
        },
    ),
    Deletion(
        "contact",
        leaves={
            "interaction": {"contact_id": None, "contact_name": "Sam Sample"},
            "event": {"contact_ids": []},
            "rejection": {"contact_id": None},
            "request": {"contact_id": None},
            "feedback": {"contact_id": None},
        },
    ),
    Deletion(
        "company",
        leaves={
            "contact": {"company_id": None, "company_name": "Example GmbH"},
            "rejection": {"company_id": None, "company_name": "Example GmbH"},
            "opportunity": {"company_id": None, "company_name": "Example GmbH"},
            "reapplication": {"company_id": None, "company_name": "Example GmbH"},
            "interaction": {"company_id": None},
            "fit": {"company_id": None},
        },
    ),
    Deletion(
        "opportunity",
        takes=("stage_changes",),
        leaves={
            "rejection": {"opportunity_id": None},
            "reapplication": {"previous_opportunity_id": None},
            "reflection": {"opportunity_id": None},
            "lesson_of_reflection": {"applied_to_opportunity_id": None, "status": "applied"},
        },
    ),
    Deletion("reapplication", takes=("stage_changes",)),
    Deletion("request", leaves={"feedback": {"request_id": None}}),
    Deletion(
        "feedback",
        leaves={"request": {"status": "sent"}, "lesson_of_feedback": {"source": None}},
    ),
    Deletion("reflection", leaves={"lesson_of_reflection": {"source": None}}),
    Deletion("interaction", leaves={"contact": {"last_interaction_at": None}}),
    Deletion("check_in"),
    Deletion("event"),
    Deletion("gap"),
    Deletion("fit"),
    Deletion("lesson_of_rejection"),
]


def path_of(collection: str, record_id: object = "") -> str:
    """Where a collection or one of its records stands."""
    return f"/v1/{collection.replace('_', '-')}/{record_id}".rstrip("/")


async def settle(person: Person) -> dict[str, tuple[str, str]]:
    """One of everything, tied together in every way there is; collection and id by a short name."""
    made: dict[str, tuple[str, str]] = {}

    async def make(short: str, collection: str, /, **fields: Any) -> str:
        record = await post(person, path_of(collection), **fields)
        made[short] = (collection, record["id"])
        return str(record["id"])

    company = await make("company", "companies", name="Example GmbH")
    contact = await make("contact", "contacts", name="Sam Sample", company_id=company)
    role = {"company_id": company, "role_title": "Data analyst", "status": "applied"}
    opportunity = await make("opportunity", "opportunities", **role)
    await make("reapplication", "opportunities", **role, previous_opportunity_id=opportunity)
    rejection = await make(
        "rejection",
        "rejections",
        stage="final_round",
        company_name="Example GmbH",
        company_id=company,
        contact_id=contact,
        opportunity_id=opportunity,
    )
    about = {"rejection_id": rejection}
    request = await make(
        "request",
        "feedback_requests",
        **about,
        contact_id=contact,
        channel="email",
        questions=["Which of the requirements did I meet least?"],
        status="sent",
        sent_on="2026-03-10",
    )
    feedback = await make(
        "feedback",
        "feedback",
        **about,
        contact_id=contact,
        request_id=request,
        source="reply",
        verbatim="Another candidate had more experience.",
    )
    reflection = await make(
        "reflection", "reflections", **about, opportunity_id=opportunity, kind="interview"
    )
    for origin, source in (("rejections", rejection), ("feedback", feedback)):
        await make(
            f"lesson_of_{origin.rstrip('s')}",
            "lessons",
            text="Say the result first.",
            source={"collection": origin, "id": source},
        )
    await make(
        "lesson_of_reflection",
        "lessons",
        text="Ask how the team decides.",
        source={"collection": "reflections", "id": reflection},
        status="applied",
        applied_to_opportunity_id=opportunity,
    )
    await make(
        "gap",
        "skill_gaps",
        name="Forecasting",
        kind="skill",
        severity="medium",
        rejection_ids=[rejection],
    )
    await make(
        "fit", "culture_fit_assessments", **about, company_id=company, conclusion="misaligned"
    )
    await make("check_in", "check_ins", **about, mood=3, energy=3)
    await make(
        "interaction",
        "interactions",
        **about,
        contact_id=contact,
        company_id=company,
        kind="call",
    )
    await make("event", "networking_events", name="Meetup", kind="meetup", contact_ids=[contact])
    return made


async def shown(person: Person) -> Shown:
    """Every record that the lists show, by collection and id."""
    return {
        (collection, record["id"]): record
        for collection in RECORDS
        for record in await items(person, path_of(collection), limit=100)
    }


@pytest.mark.parametrize("deletion", DELETIONS, ids=lambda deletion: deletion.of)
async def test_a_deletion_takes_and_leaves_what_it_says(
    deletion: Deletion, person: Person, database: Database
) -> None:
    made = await settle(person)
    elsewhere = await person.record_rejection(company_name="Elsewhere")
    await check_in(person, rejection_id=elsewhere["id"])
    other_plan = await plan_of(person, elsewhere)
    before, stored = await shown(person), await look(database, person.id)
    assert {name for name, rows in stored.items() if rows} >= {*RECORDS, *deletion.takes}

    doomed = made[deletion.of]
    await delete(person, path_of(*doomed))

    left = await look(database, person.id)
    assert orphans(left) == []
    gone = {(name, one) for name, rows in stored.items() for one in rows.keys() - left[name].keys()}
    assert (doomed[0], UUID(doomed[1])) in gone
    assert {name for name, _ in gone} == {doomed[0], *deletion.takes}
    assert set(await graves(database, person.id)) == gone
    after = await shown(person)
    assert before.keys() - after.keys() == {
        (name, str(one)) for name, one in gone if name in RECORDS
    }
    for name, row_id in gone:
        if name != "stage_changes":  # They have no address of their own.
            answer = await person.http.get(path_of(name, row_id))
            assert code_of(answer, 404) == "not-found"

    changed = {made[name]: fields for name, fields in deletion.leaves.items()}
    assert {one for one, record in after.items() if record != before[one]} == changed.keys()
    for one, fields in changed.items():
        stamp = {name: after[one][name] for name in ("revision", "updated_at")}
        assert after[one] == {**before[one], **fields, **stamp}
        assert after[one]["revision"] > before[one]["revision"]
        assert await get(person, path_of(*one)) == after[one]
    assert await plan_of(person, elsewhere) == other_plan
