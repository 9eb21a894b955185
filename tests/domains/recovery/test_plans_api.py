"""Starting, reading and ending plans over HTTP."""

import asyncio
from typing import Any
from uuid import uuid4

from app.domains.rejections.terms import DecidedBy, RejectionChannel, RejectionStage
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    GERMAN,
    change,
    code_of,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    plan_of,
    post,
    step_of,
)

# A star marks a step that needs a person on the other side.
SHORT = ["check_in", "request_feedback*", "assess_gaps", "capture_lesson", "prepare_next"]
INTERVIEW = [
    *("decompress", "check_in", "thank*", "request_feedback*", "reflect", "assess_gaps"),
    *("capture_lesson", "connect*", "prepare_next"),
]
FINAL = [*INTERVIEW, "assess_fit", "follow_company", "check_in"]
BY_STAGE = {
    "application": ("application", ["assess_gaps", "expand_network"]),
    "screening": ("screening", SHORT),
    "assessment": ("screening", SHORT),
    "interview": ("interview", INTERVIEW),
    "final_round": ("final_round", FINAL),
    "offer": ("final_round", FINAL),
}
BY_DECIDER = {
    "candidate": ("own_decision", ["thank*", "assess_fit", "capture_lesson"]),
    "none": ("no_decision", ["check_in", "follow_company"]),
}
NOBODY_MET = (None, "portal", "silence")


async def test_a_plan_fits_the_stage_the_decider_and_the_channel(person: Person) -> None:
    some = (None, "silence", "email")
    cases: list[tuple[str, str, str | None]] = [
        (stage, decided_by, channel)
        for stage in RejectionStage
        for decided_by in DecidedBy
        for channel in some
    ]
    cases += [("interview", "employer", channel) for channel in RejectionChannel]
    for stage, decided_by, channel in cases:
        key, expected = BY_DECIDER.get(decided_by) or BY_STAGE[stage]
        met = channel not in NOBODY_MET and stage != "application"
        rejection = await person.record_rejection(
            stage=stage, decided_by=decided_by, channel=channel
        )
        plan = await plan_of(person, rejection)
        assert (plan["template_key"], plan["template_version"]) == (key, 1)
        assert [step["kind"] for step in plan["steps"]] == [
            kind.removesuffix("*") for kind in expected if met or not kind.endswith("*")
        ], (stage, decided_by, channel)
        assert [step["position"] for step in plan["steps"]] == list(
            range(1, len(plan["steps"]) + 1)
        )
        assert {step["origin"] for step in plan["steps"]} == {"template"}
        assert {step["status"] for step in plan["steps"]} == {"pending"}


async def test_days_are_counted_from_the_no_the_start_and_the_end_of_the_pause(
    person: Person,
) -> None:
    rejection = await person.record_rejection(stage="final_round", channel="phone")
    plan = await plan_of(person, rejection)
    assert plan["pause_until"] == "2026-03-13T12:00:00Z"
    assert [(step["kind"], step["due_on"]) for step in plan["steps"]] == [
        ("decompress", "2026-03-12"),
        ("check_in", "2026-03-12"),
        ("thank", "2026-03-13"),
        ("request_feedback", "2026-03-13"),
        ("reflect", "2026-03-15"),
        ("assess_gaps", "2026-03-17"),
        ("capture_lesson", "2026-03-16"),
        ("connect", "2026-03-16"),
        ("prepare_next", "2026-03-20"),
        ("assess_fit", "2026-03-18"),
        ("follow_company", "2026-03-20"),
        ("check_in", "2026-03-18"),
    ]
    assert [step["opens_on"] for step in plan["steps"]] == [None] * 11 + ["2026-03-18"]


async def test_the_texts_are_in_the_persons_language_and_stay_in_it(
    make_person: MakePerson,
) -> None:
    english, german = await make_person(), await make_person(locale="de-AT")
    body = {"company_name": "Example GmbH", "stage": "interview"}
    texts = {
        "en": ("After an interview", "Take a break from it"),
        "de": ("Nach einem Gespräch", "Mach eine Pause davon"),
    }
    for person, headers, language in (
        (english, {}, "en"),
        (english, GERMAN, "de"),
        (german, {}, "de"),
        (german, {"Accept-Language": "en-GB, de;q=0.5"}, "en"),
        (german, {"Accept-Language": "fr"}, "de"),
    ):
        rejection = await post(person, "/v1/rejections", headers=headers, **body)
        plan = await plan_of(person, rejection)
        assert (plan["title"], plan["steps"][0]["title"]) == texts[language]


async def test_templates_are_listed_in_the_language_asked_for(person: Person) -> None:
    english = await items(person, "/v1/plan-templates")
    answer = await person.http.get("/v1/plan-templates", headers=GERMAN)
    german = expect(answer, 200)["items"]
    assert [one["key"] for one in english] == [one["key"] for one in german]
    assert {one["key"] for one in english} == {
        key for key, _ in [*BY_STAGE.values(), *BY_DECIDER.values()]
    }
    for one, other in zip(english, german, strict=True):
        assert one["title"] != other["title"]
        assert one["description"] != other["description"]
        kinds = [f"{s['kind']}{'*' * s['needs_human_contact']}" for s in one["steps"]]
        (expected,) = {
            tuple(kinds_) for key, kinds_ in [*BY_STAGE.values(), *BY_DECIDER.values()]
            if key == one["key"]
        }  # fmt: skip
        assert tuple(kinds) == expected


async def test_no_plan_starts_where_none_is_wanted_and_one_can_be_started_later(
    person: Person,
) -> None:
    rejection = await person.record_rejection(start_plan=False, channel="phone")
    assert await items(person, "/v1/recovery-plans") == []
    body = {"rejection_id": rejection["id"]}
    answer = await person.http.post("/v1/recovery-plans", json=body)
    plan = expect(answer, 201)
    assert answer.headers["Location"] == f"/v1/recovery-plans/{plan['id']}"
    assert answer.headers["ETag"] == f'"{plan["revision"]}"'
    assert plan == await plan_of(person, rejection)
    assert (plan["template_key"], len(plan["steps"])) == ("interview", 9)
    # Who asks for a plan wants to begin.
    assert plan["pause_until"] is None


async def test_a_rejection_has_one_active_plan_at_most(person: Person) -> None:
    rejection = await person.record_rejection()
    plan = await plan_of(person, rejection)
    body = {"rejection_id": rejection["id"], "template_key": "application", "title": "Another"}
    second = await person.http.post("/v1/recovery-plans", json=body)
    assert code_of(second, 409) == "plan-exists"
    assert second.json()["plan_id"] == plan["id"]

    await change(person, f"/v1/recovery-plans/{plan['id']}", status="abandoned")
    other = await post(person, "/v1/recovery-plans", **body)
    assert (other["title"], other["template_key"]) == ("Another", "application")
    back = await patch(person, f"/v1/recovery-plans/{plan['id']}", status="active")
    assert code_of(back, 409) == "plan-exists"
    assert back.json()["plan_id"] == other["id"]


async def test_of_eight_plans_started_at_once_one_stands(person: Person) -> None:
    rejection = await person.record_rejection(start_plan=False)
    body = {"rejection_id": rejection["id"]}
    answers = await asyncio.gather(
        *(person.http.post("/v1/recovery-plans", json=body) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    plan = await plan_of(person, rejection)
    assert len(plan["steps"]) == 6
    for answer in answers:
        found = answer.json()
        assert plan["id"] == (found["id"] if answer.status_code == 201 else found["plan_id"])


async def test_a_plan_needs_no_rejection_but_a_title_or_a_template(
    person: Person, stranger: Person
) -> None:
    empty = await post(person, "/v1/recovery-plans", title="My own")
    assert (empty["title"], empty["steps"], empty["template_key"]) == ("My own", [], None)
    chosen = await post(person, "/v1/recovery-plans", template_key="screening")
    # Without a rejection it is not known that nobody was met.
    assert [step["kind"] for step in chosen["steps"]] == [k.removesuffix("*") for k in SHORT]
    named = await post(person, "/v1/recovery-plans", template_key="screening", title="Named")
    assert named["title"] == "Named"

    theirs = await stranger.record_rejection(start_plan=False)
    for body, finding in (
        ({}, ("/title", "missing")),
        ({"title": "x", "template_key": "no-such"}, ("/template_key", "unknown_template")),
        ({"rejection_id": str(uuid4())}, ("/rejection_id", "unknown")),
        ({"rejection_id": theirs["id"]}, ("/rejection_id", "unknown")),
        ({"title": "x", "steps": []}, ("/steps", "unknown_field")),
    ):
        answer = await person.http.post("/v1/recovery-plans", json=body)
        assert finding_of(answer)[0] == finding[0]
    assert len(await items(person, "/v1/recovery-plans")) == 3


async def test_only_the_listed_changes_of_a_plans_status_exist(person: Person) -> None:
    allowed = {
        "active": ["completed", "abandoned"],
        "completed": ["active"],
        "abandoned": ["active"],
    }
    for before, following in allowed.items():
        for after in allowed:
            plan = await post(person, "/v1/recovery-plans", template_key="application")
            path = f"/v1/recovery-plans/{plan['id']}"
            held = await change(person, path, status=before)
            answer = await patch(person, path, status=after)
            if after == before:
                assert expect(answer, 200) == held
            elif after in following:
                changed = expect(answer, 200)
                assert changed["status"] == after
                assert changed["revision"] > held["revision"]
                assert changed["steps"] == held["steps"]
            else:
                assert code_of(answer, 409) == "invalid-transition"
                assert sorted(answer.json()["allowed"]) == sorted(following)
                assert await get(person, path) == held


async def test_plans_are_found_by_rejection_and_status(person: Person) -> None:
    first, second = await person.record_rejection(), await person.record_rejection()
    plan = await plan_of(person, first)
    await change(person, f"/v1/recovery-plans/{plan['id']}", status="abandoned")
    own = await post(person, "/v1/recovery-plans", title="Own")
    path = "/v1/recovery-plans"

    async def ids(**params: Any) -> set[str]:
        return {item["id"] for item in await items(person, path, **params)}

    assert await ids(status="abandoned") == {plan["id"]}
    assert await ids(status="active") == {own["id"], (await plan_of(person, second))["id"]}
    assert await ids(rejection_id=first["id"], status="active") == set()
    assert await ids(rejection_id=str(uuid4())) == set()
    assert "steps" not in (await items(person, path))[0]
    whole = await items(person, path, sort="created_at")
    assert await pages(person, path, limit=1, sort="created_at") == whole
    assert [item["id"] for item in whole] == [i["id"] for i in await items(person, path)][::-1]


async def test_a_plan_is_complete_with_its_last_open_step_and_comes_back(
    person: Person,
) -> None:
    plan = await post(person, "/v1/recovery-plans", template_key="application")
    path = f"/v1/recovery-plans/{plan['id']}"
    first, last = (f"/v1/recovery-steps/{step['id']}" for step in plan["steps"])
    await change(person, first, status="done")
    assert (await get(person, path))["status"] == "active"
    await change(person, last, status="skipped")
    assert (await get(person, path))["status"] == "completed"
    await change(person, first, status="pending")
    assert (await get(person, path))["status"] == "active"
    await person.http.delete(first, headers={"If-Match": "*"})
    assert (await get(person, path))["status"] == "completed"
    await post(person, "/v1/recovery-steps", plan_id=plan["id"], title="One more")
    assert (await get(person, path))["status"] == "active"


async def test_a_plan_that_ended_does_not_come_back_beside_a_newer_one(person: Person) -> None:
    rejection = await person.record_rejection(stage="application")
    old = await plan_of(person, rejection)
    for step in old["steps"]:
        await change(person, f"/v1/recovery-steps/{step['id']}", status="done")
    await post(person, "/v1/recovery-plans", rejection_id=rejection["id"])
    reopened = step_of(old, "assess_gaps")
    await change(person, f"/v1/recovery-steps/{reopened['id']}", status="pending")
    assert (await get(person, f"/v1/recovery-plans/{old['id']}"))["status"] == "completed"


async def test_a_plan_sent_again_with_its_id_is_the_same_plan(person: Person) -> None:
    body = {"id": str(uuid4()), "template_key": "application"}
    first = expect(await person.http.post("/v1/recovery-plans", json=body), 201)
    answer = await person.http.post("/v1/recovery-plans", json=body)
    assert expect(answer, 200) == first
    other = {**body, "template_key": "screening"}
    assert code_of(await person.http.post("/v1/recovery-plans", json=other), 409) == "id-taken"
