"""What a person does anywhere ticks the step it stands for, and taking it back reopens the step."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.domains.contacts import events as contact_events
from app.domains.feedback import events as feedback_events
from app.domains.opportunities import events as opportunity_events
from app.domains.recovery import events as recovery_events
from app.domains.recovery.models import EVIDENCE
from app.domains.recovery.rules.standing import GONE, STANDING
from app.domains.reflections import events as reflection_events
from app.kit.events import Event
from tests.conftest import Person
from tests.domains.acting import change, check_in, delete, get, items, plan_of, post

COMPANY = "Example GmbH"
STEPS = "/v1/recovery-steps"
ROOMS = (contact_events, feedback_events, opportunity_events, recovery_events, reflection_events)


@dataclass(frozen=True)
class Scene:
    """A rejection whose plan has a step of every kind, somebody there, and another role."""

    person: Person
    rejection: str
    contact: str
    company: str
    elsewhere: str


Act = Callable[[Scene], Awaitable[str]]
"""Does something that counts; where the record stands that counts."""


@dataclass(frozen=True)
class Row:
    """A row of the table of facts, and everything that takes it back."""

    act: Act
    ticks: frozenset[str]
    taken_back_by: tuple[dict[str, Any] | None, ...]
    """Changes of the record; None is its deletion."""

    beside_the_point: dict[str, Any]
    """A change that has nothing to do with what the record stands for."""


def making(path: str, **fields: Any) -> Act:
    """Records something about the rejection; `{name}` is an id of the scene."""

    async def act(scene: Scene) -> str:
        made = await post(scene.person, path, **filled(fields, scene))
        return f"{path}/{made['id']}"

    return act


def making_then(path: str, first: dict[str, Any], then: dict[str, Any]) -> Act:
    """Records something that does not count yet, and changes it so that it does."""

    async def act(scene: Scene) -> str:
        made = await post(scene.person, path, **filled(first, scene))
        assert await done(scene) == set()
        await change(scene.person, f"{path}/{made['id']}", **filled(then, scene))
        return f"{path}/{made['id']}"

    return act


def changing(path: str, **fields: Any) -> Act:
    """Changes something that is there."""

    async def act(scene: Scene) -> str:
        where = path.format(**vars(scene))
        await change(scene.person, where, **fields)
        return where

    return act


def opening(path: str) -> Act:
    """Opens something for another role; what counts is that role."""

    async def act(scene: Scene) -> str:
        where = path.format(**vars(scene))
        await get(scene.person, f"{where}/preparation-brief")
        return where

    return act


def filled(value: Any, scene: Scene) -> Any:
    """A value with the ids of the scene in it."""
    if isinstance(value, dict):
        return {name: filled(one, scene) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, scene) for one in value]
    return value.format(**vars(scene)) if isinstance(value, str) else value


ABOUT = {"rejection_id": "{rejection}"}
FEEDBACK = {"source": "reply", "verbatim": "Thank you for asking."}
RATINGS = [{"value": "honesty", "importance": 5, "observed": 2}]
LESSON: dict[str, Any] = {"text": "Ask how success is measured."}
SOURCE = {"collection": "rejections", "id": "{rejection}"}
APPLIED = {"status": "applied", "applied_to_opportunity_id": "{elsewhere}"}

ROWS: dict[str, Row] = {
    "a check-in": Row(
        making("/v1/check-ins", **ABOUT, mood=3, energy=3),
        frozenset({"check_in", "decompress"}),
        (None, {"rejection_id": None}),
        {"note": "Slept."},
    ),
    "a feedback request that was sent": Row(
        making_then(
            "/v1/feedback-requests",
            {**ABOUT, "channel": "email", "questions": ["What was missing?"]},
            {"status": "sent"},
        ),
        frozenset({"request_feedback"}),
        (None, {"status": "draft"}),
        {"subject": "Thank you"},
    ),
    "a feedback request to a contact": Row(
        making(
            "/v1/feedback-requests",
            **ABOUT,
            channel="email",
            questions=["What was missing?"],
            contact_id="{contact}",
            status="sent",
        ),
        frozenset({"request_feedback", "thank"}),
        (None, {"status": "draft"}),
        {"status": "declined"},
    ),
    "feedback nobody had asked for": Row(
        making("/v1/feedback", **ABOUT, **FEEDBACK),
        frozenset({"request_feedback"}),
        (None,),
        {"restated": "More examples next time."},
    ),
    "a reflection": Row(
        making("/v1/reflections", **ABOUT, kind="interview"),
        frozenset({"reflect"}),
        (None, {"rejection_id": None}),
        {"would_change": "Ask sooner."},
    ),
    "a skill gap": Row(
        making(
            "/v1/skill-gaps", name="SQL", kind="tool", severity="low", rejection_ids=["{rejection}"]
        ),
        frozenset({"assess_gaps"}),
        (None, {"rejection_ids": []}),
        {"status": "in_progress"},
    ),
    "a skill gap that is linked later": Row(
        making_then(
            "/v1/skill-gaps",
            {"name": "SQL", "kind": "tool", "severity": "low"},
            {"rejection_ids": ["{rejection}"]},
        ),
        frozenset({"assess_gaps"}),
        (None, {"rejection_ids": []}),
        {"plan": "One chapter a week."},
    ),
    "a culture fit": Row(
        making("/v1/culture-fit-assessments", **ABOUT, ratings=RATINGS),
        frozenset({"assess_fit"}),
        (None,),
        {"red_flags": ["No questions allowed."]},
    ),
    "a culture fit of the company": Row(
        making("/v1/culture-fit-assessments", company_id="{company}", ratings=RATINGS),
        frozenset({"assess_fit"}),
        (None,),
        {"conclusion": "mixed"},
    ),
    "a thank-you note": Row(
        making_then(
            "/v1/interactions",
            {**ABOUT, "contact_id": "{contact}", "kind": "thank_you_note", "status": "planned"},
            {"status": "done"},
        ),
        frozenset({"thank"}),
        (None, {"status": "planned"}),
        {"subject": "Thank you"},
    ),
    "a thank-you note to somebody there": Row(
        making("/v1/interactions", contact_id="{contact}", kind="thank_you_note", status="done"),
        frozenset({"thank"}),
        (None, {"status": "planned"}, {"kind": "message"}),
        {"body": "Thank you."},
    ),
    "an invitation to connect": Row(
        making(
            "/v1/interactions", company_id="{company}", kind="connection_request", status="done"
        ),
        frozenset({"connect"}),
        (None, {"status": "planned"}, {"direction": "incoming"}),
        {"subject": "Hello"},
    ),
    "a contact who is connected": Row(
        changing("/v1/contacts/{contact}", connection_status="connected"),
        frozenset({"connect"}),
        (None, {"connection_status": "none"}),
        {"role": "Team lead"},
    ),
    "a company that is followed": Row(
        changing("/v1/companies/{company}", following=True),
        frozenset({"follow_company"}),
        (None, {"following": False}),
        {"notes": "Hires in spring."},
    ),
    "a lesson": Row(
        making("/v1/lessons", **LESSON, source=SOURCE),
        frozenset({"capture_lesson"}),
        (None, {"source": None}),
        {"text": "Ask early how success is measured."},
    ),
    "a lesson that is applied elsewhere": Row(
        making_then("/v1/lessons", LESSON, APPLIED),
        frozenset({"prepare_next"}),
        (None, {"status": "open"}),
        {"status": "retired"},
    ),
    "a lesson that was applied before it was written down": Row(
        making("/v1/lessons", **LESSON, source=SOURCE, **APPLIED),
        frozenset({"capture_lesson", "prepare_next"}),
        (None,),
        {"text": "Ask early how success is measured."},
    ),
    "a preparation brief that is opened": Row(
        opening("/v1/opportunities/{elsewhere}"),
        frozenset({"prepare_next"}),
        (None,),
        {"notes": "A small team."},
    ),
    "a new contact": Row(
        making("/v1/contacts", name="Sam Sample", relationship="peer"),
        frozenset({"expand_network"}),
        (None,),
        {"notes": "Met at the meetup."},
    ),
    "a networking event that was attended": Row(
        making_then(
            "/v1/networking-events",
            {"name": "Data meetup", "kind": "meetup"},
            {"status": "attended"},
        ),
        frozenset({"expand_network"}),
        (None, {"status": "registered"}),
        {"location": "Vienna"},
    ),
}

FOR_ANY_PLAN = {
    "a lesson that is applied elsewhere",
    "a lesson that was applied before it was written down",
    "a preparation brief that is opened",
    "a new contact",
    "a networking event that was attended",
}
"""What prepares for anything, or widens the network, counts wherever there is such a step."""


@pytest.fixture
async def scene(person: Person) -> Scene:
    contact = await post(
        person, "/v1/contacts", name="Kim Sample", relationship="recruiter", company_name=COMPANY
    )
    role = await post(
        person, "/v1/opportunities", company_name="Sample AG", role_title="Data analyst"
    )
    rejection = await person.record_rejection(
        company_name=COMPANY, stage="final_round", channel="email"
    )
    plan = await plan_of(person, rejection)
    await post(
        person,
        "/v1/recovery-steps",
        plan_id=plan["id"],
        title="Meet someone new",
        kind="expand_network",
    )
    return Scene(person, rejection["id"], contact["id"], rejection["company_id"], role["id"])


async def done(scene: Scene) -> set[str]:
    """The kinds of the steps that are done, in whatever plan."""
    return {step["kind"] for step in await items(scene.person, STEPS, status="done")}


async def take_back(scene: Scene, where: str, how: dict[str, Any] | None) -> None:
    if how is None:
        await delete(scene.person, where)
    else:
        await change(scene.person, where, **how)


@pytest.mark.parametrize("name", ROWS)
async def test_it_ticks_the_steps_it_stands_for_and_no_others(scene: Scene, name: str) -> None:
    where = await ROWS[name].act(scene)
    assert await done(scene) == ROWS[name].ticks
    plan = await plan_of(scene.person, {"id": scene.rejection})
    for step in await items(scene.person, STEPS, status="done"):
        assert (step["plan_id"], step["done_by"]) == (plan["id"], "event")
        collection = step["evidence"]["collection"].replace("_", "-")
        assert where == f"/v1/{collection}/{step['evidence']['id']}"
        assert step["revision"] == plan["revision"], "a step's change stamps its plan"
    await change(scene.person, where, **ROWS[name].beside_the_point)
    assert await done(scene) == ROWS[name].ticks


@pytest.mark.parametrize(
    ("name", "how"), [(name, how) for name, row in ROWS.items() for how in row.taken_back_by]
)
async def test_taking_it_back_reopens_exactly_those(
    scene: Scene, name: str, how: dict[str, Any] | None
) -> None:
    where = await ROWS[name].act(scene)
    kept = await check_in(scene.person) if "check-in" in name else None
    await take_back(scene, where, how)
    assert await done(scene) == set()
    assert kept is None or await get(scene.person, f"/v1/check-ins/{kept['id']}")


@pytest.mark.thorough
@pytest.mark.parametrize("name", ROWS)
async def test_what_the_person_reopened_stays_open_whatever_else_changes(
    scene: Scene, name: str
) -> None:
    where = await ROWS[name].act(scene)
    for step in await items(scene.person, STEPS, status="done"):
        await change(scene.person, f"{STEPS}/{step['id']}", status="pending")
    await change(scene.person, where, **ROWS[name].beside_the_point)
    assert await done(scene) == set()
    await delete(scene.person, where)
    assert await done(scene) == set()


@pytest.mark.parametrize("name", [name for name in ROWS if name not in FOR_ANY_PLAN])
async def test_what_concerns_another_employer_ticks_nothing_here(scene: Scene, name: str) -> None:
    fields = {"company_name": "Other KG", "stage": "application", "start_plan": False}
    rejection = await scene.person.record_rejection(**fields)
    contact = await post(
        scene.person,
        "/v1/contacts",
        name="Alex Sample",
        relationship="peer",
        company_id=rejection["company_id"],
    )
    [new] = await items(scene.person, STEPS, status="done")
    await change(scene.person, f"{STEPS}/{new['id']}", status="pending")
    there = replace(
        scene,
        rejection=rejection["id"],
        contact=contact["id"],
        company=rejection["company_id"],
    )
    await ROWS[name].act(there)
    assert await done(scene) == set()


async def test_a_lesson_for_the_role_that_was_lost_prepares_for_nothing(scene: Scene) -> None:
    await change(scene.person, f"/v1/rejections/{scene.rejection}", opportunity_id=scene.elsewhere)
    await ROWS["a lesson that is applied elsewhere"].act(scene)
    assert await done(scene) == set()
    # What is over has no brief either.
    path = f"/v1/opportunities/{scene.elsewhere}/preparation-brief"
    assert (await scene.person.http.get(path)).status_code == 409


async def test_looking_at_a_brief_again_prepares_for_nothing_more(scene: Scene) -> None:
    second = await scene.person.record_rejection(company_name="Other KG")
    await ROWS["a preparation brief that is opened"].act(scene)
    for _ in range(2):
        await ROWS["a preparation brief that is opened"].act(scene)
    [step] = await items(scene.person, STEPS, status="done")
    # In its plan the step stands earlier.
    assert step["plan_id"] == (await plan_of(scene.person, second))["id"]


async def test_the_nearest_plan_is_ticked(person: Person, scene: Scene) -> None:
    at_the_company = await person.record_rejection(company_name=COMPANY, channel="email")
    through_kim = await person.record_rejection(
        company_name="Agency AG", channel="email", contact_id=scene.contact
    )
    about_it = await person.record_rejection(company_name="Sample AG", channel="email")
    thanks: dict[str, Any] = {
        "contact_id": scene.contact,
        "kind": "thank_you_note",
        "status": "done",
    }
    await post(person, "/v1/interactions", **thanks, rejection_id=about_it["id"])
    await post(person, "/v1/interactions", **thanks)
    await post(person, "/v1/interactions", **thanks)
    order = {step["plan_id"]: step["done_at"] for step in await items(person, STEPS, status="done")}
    plans = [
        (await plan_of(person, one))["id"]
        for one in (about_it, through_kim, {"id": scene.rejection}, at_the_company)
    ]
    # Both plans at the company are equally near; the older one comes first.
    assert set(order) == set(plans[:3])


async def test_one_gap_counts_for_each_rejection_that_names_it(person: Person) -> None:
    first, second, third = [await person.record_rejection(stage="screening") for _ in range(3)]
    gap = await post(
        person,
        "/v1/skill-gaps",
        name="SQL",
        kind="tool",
        severity="low",
        rejection_ids=sorted([first["id"], second["id"]]),
    )
    where = f"/v1/skill-gaps/{gap['id']}"

    async def counted() -> set[str]:
        return {step["plan_id"] for step in await items(person, STEPS, status="done")}

    plans = [(await plan_of(person, one))["id"] for one in (first, second, third)]
    assert await counted() == set(plans[:2])
    await change(person, where, rejection_ids=sorted([second["id"], third["id"]]))
    assert await counted() == set(plans[1:])


async def test_an_answer_counts_as_the_request_it_answers(scene: Scene) -> None:
    request = await ROWS["a feedback request that was sent"].act(scene)
    answer = await making(
        "/v1/feedback", **ABOUT, **FEEDBACK, request_id=request.rpartition("/")[2]
    )(scene)
    [step] = await items(scene.person, STEPS, status="done")
    assert step["evidence"]["collection"] == "feedback_requests"
    # Feedback that has lost its request was volunteered, as far as anyone can tell.
    await delete(scene.person, request)
    [step] = await items(scene.person, STEPS, status="done")
    assert step["evidence"] == {"collection": "feedback", "id": answer.rpartition("/")[2]}
    await delete(scene.person, answer)
    assert await done(scene) == set()


async def test_feedback_that_turns_out_to_be_an_answer_still_counts(scene: Scene) -> None:
    heard = await ROWS["feedback nobody had asked for"].act(scene)
    request = await making(
        "/v1/feedback-requests",
        **ABOUT,
        channel="email",
        questions=["What was missing?"],
        status="sent",
    )(scene)
    await change(scene.person, heard, request_id=request.rpartition("/")[2])
    assert await done(scene) == {"request_feedback"}


async def test_what_is_taken_back_while_the_rejection_is_closed_comes_back_with_it(
    scene: Scene,
) -> None:
    gap = await ROWS["a skill gap"].act(scene)
    about = f"/v1/rejections/{scene.rejection}"
    await change(scene.person, about, status="closed")
    await delete(scene.person, gap)
    plan = await plan_of(scene.person, {"id": scene.rejection})
    assert {step["status"] for step in plan["steps"]} == {"skipped"}
    await change(scene.person, about, status="open")
    plan = await plan_of(scene.person, {"id": scene.rejection})
    assert plan["status"] == "active"
    assert {step["status"] for step in plan["steps"]} == {"pending"}
    await ROWS["a skill gap"].act(scene)
    assert await done(scene) == {"assess_gaps"}


async def test_asking_only_what_a_brief_would_be_like_prepares_for_nothing(scene: Scene) -> None:
    path = f"/v1/opportunities/{scene.elsewhere}/preparation-brief"
    asked = await scene.person.http.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert await done(scene) == set()


NO_MATTER_TO_STEPS = {
    # Not done yet, so that nothing counts; what counts is stated apart.
    contact_events.InteractionRecorded,
    contact_events.ContactFollowUpDue,
    feedback_events.FeedbackRequestNudged,
    # Of an opportunity only its preparation counts.
    opportunity_events.OpportunityCreated,
    opportunity_events.OpportunityUpdated,
    opportunity_events.OpportunityStatusChanged,
}


def test_every_fact_about_a_record_that_can_tick_is_read() -> None:
    facts = {
        kind
        for module in ROOMS
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Event) and "type" in vars(kind)
        if kind.collection in EVIDENCE
    }
    read = {*STANDING, *GONE}
    assert facts - read == NO_MATTER_TO_STEPS
    assert {kind.collection for kind in read} == set(EVIDENCE)


async def test_a_lesson_goes_with_the_reflection_it_comes_from(person: Person) -> None:
    first, second = [await person.record_rejection(stage="final_round") for _ in range(2)]
    plans = [(await plan_of(person, one))["id"] for one in (first, second)]
    reflection = await post(person, "/v1/reflections", kind="interview", rejection_id=first["id"])
    where = f"/v1/reflections/{reflection['id']}"
    source = {"collection": "reflections", "id": reflection["id"]}
    lesson = await post(person, "/v1/lessons", **LESSON, source=source)

    async def ticked() -> set[tuple[str, str]]:
        found = await items(person, STEPS, status="done")
        return {(step["plan_id"], step["evidence"]["id"]) for step in found}

    both = (reflection["id"], lesson["id"])
    assert await ticked() == {(plans[0], one) for one in both}
    await change(person, where, rejection_id=second["id"])
    assert await ticked() == {(plans[1], one) for one in both}
    await change(person, where, rejection_id=None)
    assert await ticked() == set()
    await change(person, where, rejection_id=first["id"])
    assert await ticked() == {(plans[0], one) for one in both}
