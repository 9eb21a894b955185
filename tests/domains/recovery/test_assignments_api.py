"""Giving many clients the same to do, each under what they agreed to, over HTTP."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.auth.models import AccessEntry
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.recovery.terms import MAX_STEPS_PER_PLAN
from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    change,
    code_of,
    expect,
    finding_of,
    get,
    items,
    patch,
    plan_of,
    post,
)
from tests.domains.organizing import (
    add_client,
    add_member,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)
from tests.domains.recovery.test_query_counts_api import statements_of

STEP = {"practice": "E2", "title": "Bring a question", "effort_minutes": 15, "due_on": "2026-03-16"}
TEMPLATE: dict[str, Any] = {
    "name": "Interview practice",
    "steps": [
        {"practice": "C1", "title": "Write three questions down", "due_after_days": 3},
        {"practice": "E2", "title": "Answer one", "opens_after_days": 3, "guidance": "Aloud."},
    ],
}


class Place:
    """An organisation with a coach who may write plans of its clients."""

    def __init__(self, organization: UUID, coach: Person, database: Database) -> None:
        self.id, self.coach, self.database = organization, coach, database

    @property
    def path(self) -> str:
        return f"/v1/organizations/{self.id}"

    async def take_in(self, person: Person, **grant: Any) -> Person:
        """Make somebody a client who lets plans be written, or what is said otherwise."""
        await add_client(self.database, self.id, person)
        given = {"access": ConsentAccess.WRITE, **grant}
        await give_grant(self.database, self.id, person, ConsentCategory.PLANS, **given)
        return person

    async def assign(self, people: Sequence[Person], **what: Any) -> list[dict[str, Any]]:
        """The result for each person."""
        body = {"account_ids": [str(one.id) for one in people], **(what or {"step": STEP})}
        answer = await self.coach.http.post(f"{self.path}/step-assignments", json=body)
        found: list[dict[str, Any]] = expect(answer, 201)["items"]
        assert [one["account_id"] for one in found] == body["account_ids"]
        return found


@pytest.fixture
async def place(stranger: Person, database: Database) -> Place:
    organization = await make_organization(database)
    await add_member(database, organization, stranger)
    return Place(organization, stranger, database)


async def log_of(database: Database, person: Person) -> list[Any]:
    entries = table_of(AccessEntry)
    async with database.read(everyone=True) as transaction:
        return list(
            await transaction.execute(select(entries).where(entries.c.owner_id == person.id))
        )


async def test_a_step_comes_into_a_plan_of_its_own(place: Place, make_person: MakePerson) -> None:
    german, english = await make_person(locale="de-AT"), await make_person()
    for one in (german, english):
        await place.take_in(one)
    results = await place.assign([german, english])
    titles = ("Von Example Career Service", "From Example Career Service")
    for person, title, result in zip((german, english), titles, results, strict=True):
        assert result["outcome"] == "assigned"
        plan = await get(person, f"/v1/recovery-plans/{result['plan_id']}")
        assert (plan["title"], plan["status"], plan["rejection_id"]) == (title, "active", None)
        (step,) = plan["steps"]
        assert step["id"] == result["step_id"]
        assert {name: step[name] for name in STEP} == STEP
        assert (step["origin"], step["status"], step["kind"]) == ("coach", "pending", "custom")
        (entry,) = await log_of(place.database, person)
        assert (entry.operation, entry.category, entry.access) == (
            "assign_steps",
            "plans",
            "write",
        )
        assert (entry.actor_id, entry.client) == (place.coach.id, "tests")

    (again,) = await place.assign([english])
    assert again["plan_id"] == results[1]["plan_id"]
    plan = await get(english, f"/v1/recovery-plans/{again['plan_id']}")
    assert [step["position"] for step in plan["steps"]] == [1, 2]
    assert len(await log_of(place.database, english)) == 2


async def test_a_finished_or_full_plan_is_followed_by_a_new_one(
    place: Place, person: Person
) -> None:
    await place.take_in(person)
    (first,) = await place.assign([person])
    await change(person, f"/v1/recovery-steps/{first['step_id']}", status="done")
    (second,) = await place.assign([person])
    assert second["plan_id"] != first["plan_id"]
    for _ in range(MAX_STEPS_PER_PLAN - 1):
        (last,) = await place.assign([person])
        assert last["plan_id"] == second["plan_id"]
    (third,) = await place.assign([person])
    assert third["plan_id"] not in (first["plan_id"], second["plan_id"])
    plans = await items(person, "/v1/recovery-plans", status="active")
    assert {plan["id"] for plan in plans} == {second["plan_id"], third["plan_id"]}


async def test_other_organisations_have_plans_of_their_own(
    place: Place, person: Person, make_person: MakePerson
) -> None:
    elsewhere = Place(
        await make_organization(place.database, name="Another"), await make_person(), place.database
    )
    await add_member(place.database, elsewhere.id, elsewhere.coach)
    for one in (place, elsewhere):
        await one.take_in(person)
    (mine,), (other,) = await place.assign([person]), await elsewhere.assign([person])
    assert mine["plan_id"] != other["plan_id"]


async def test_what_cannot_be_done_for_some_is_told_for_each(
    place: Place, make_person: MakePerson, database: Database, clock: SetClock
) -> None:
    names = ("good", "reads", "other", "no_client", "ended", "no_grant", "lapsed", "to_colleague")
    people = {name: await make_person() for name in names}
    await place.take_in(people["good"])
    await place.take_in(people["reads"], access=ConsentAccess.READ)
    await add_client(database, place.id, people["other"])
    await give_grant(
        database,
        place.id,
        people["other"],
        ConsentCategory.REJECTIONS,
        access=ConsentAccess.WRITE,
    )
    await give_grant(database, place.id, people["no_client"], access=ConsentAccess.WRITE)
    await add_client(database, place.id, people["ended"], status="ended")
    await give_grant(database, place.id, people["ended"], access=ConsentAccess.WRITE)
    await add_client(database, place.id, people["no_grant"])
    await place.take_in(people["lapsed"], expires_at=clock.now() - timedelta(seconds=1))
    colleague = await add_member(database, place.id, await make_person())
    await place.take_in(people["to_colleague"], membership_id=colleague)
    absent = Person(uuid4(), "", place.coach.http)

    results = await place.assign([absent, *people.values()])
    assert [one["outcome"] for one in results] == [
        "not_found",
        "assigned",
        *["consent_missing"] * 2,
        *["not_found"] * 5,
    ]
    for name, result in zip(names, results[1:], strict=True):
        done = name == "good"
        assert (result["plan_id"] is not None, result["step_id"] is not None) == (done, done)
        assert len(await items(people[name], "/v1/recovery-steps")) == int(done)
        assert len(await log_of(database, people[name])) == int(done)


async def test_only_who_may_write_plans_for_clients_assigns(
    place: Place, person: Person, make_person: MakePerson, database: Database
) -> None:
    await place.take_in(person)
    analyst, outsider = await make_person(), await make_person()
    await add_member(database, place.id, analyst, OrganizationRole.ANALYST)
    path, body = f"{place.path}/step-assignments", {"account_ids": [str(person.id)], "step": STEP}
    assert code_of(await analyst.http.post(path, json=body), 403) == "role-missing"
    assert code_of(await outsider.http.post(path, json=body), 404) == "not-found"

    async def by_key(*scopes: Scope) -> Any:
        key = await make_key(database, place.id, *scopes)
        return await outsider.http.post(path, json=body, headers={"Authorization": f"Bearer {key}"})

    assert code_of(await by_key(Scope.ORG_WRITE), 403) == "missing-scope"
    (found,) = expect(await by_key(Scope.PLANS_WRITE), 201)["items"]
    assert found["outcome"] == "assigned"
    (entry,) = await log_of(database, person)
    assert (entry.actor_kind, entry.client) == ("organization_key", "A sample program")


async def test_a_lost_answer_assigns_nothing_twice(place: Place, person: Person) -> None:
    await place.take_in(person)
    path, body = f"{place.path}/step-assignments", {"account_ids": [str(person.id)], "step": STEP}
    headers = {"Idempotency-Key": "k"}
    first = await place.coach.http.post(path, json=body, headers=headers)
    again = await place.coach.http.post(path, json=body, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert len(await items(person, "/v1/recovery-steps")) == 1


async def test_a_request_names_one_thing_and_each_person_once(place: Place) -> None:
    one, path = str(uuid4()), f"{place.path}/step-assignments"
    for body, finding in (
        ({"account_ids": [one]}, ("/step", "one_of_two")),
        ({"account_ids": [one], "step": STEP, "plan_template_id": one}, ("/step", "one_of_two")),
        ({"account_ids": [one], "plan_template_id": one}, ("/plan_template_id", "unknown")),
        ({"account_ids": [one, one], "step": STEP}, ("/account_ids", "repeated_item")),
        ({"account_ids": [], "step": STEP}, ("/account_ids", "too_short")),
        (
            {"account_ids": [str(uuid4()) for _ in range(201)], "step": STEP},
            ("/account_ids", "too_long"),
        ),
    ):
        assert finding_of(await place.coach.http.post(path, json=body)) == finding


async def test_a_coachs_step_waits_for_every_pause_and_is_left_out_without_a_reason(
    place: Place, person: Person, clock: SetClock
) -> None:
    await place.take_in(person)
    await person.record_rejection()
    (result,) = await place.assign([person])
    await post(person, "/v1/recovery-steps", plan_id=result["plan_id"], title="My own")

    async def offered() -> set[str]:
        found = await get(person, "/v1/next-actions", include="all")
        return {item["title"] for item in found["items"]}

    assert "My own" in await offered()
    assert STEP["title"] not in await offered()
    clock.advance(timedelta(hours=48, seconds=1))
    assert STEP["title"] in await offered()
    skipped = await change(person, f"/v1/recovery-steps/{result['step_id']}", status="skipped")
    assert (skipped["status"], skipped["skip_reason"]) == ("skipped", None)


async def test_what_somebody_adds_for_a_person_is_a_coachs_step(
    place: Place, person: Person
) -> None:
    await place.take_in(person)
    plan = await plan_of(person, await person.record_rejection())
    body = {"plan_id": plan["id"], "title": "Read this"}
    theirs = await place.coach.http.post("/v1/recovery-steps", json=body, headers=on_behalf(person))
    assert expect(theirs, 201)["origin"] == "coach"
    assert (await post(person, "/v1/recovery-steps", **body))["origin"] == "person"


async def test_a_template_is_kept_changed_and_deleted(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    path = f"{place.path}/plan-templates"
    made = await post(place.coach, path, **TEMPLATE)
    assert made["description"] is None
    assert made["steps"][0] == {
        "kind": "custom",
        "practice": "C1",
        "title": "Write three questions down",
        "guidance": None,
        "effort_minutes": 10,
        "opens_after_days": None,
        "due_after_days": 3,
    }
    one = f"{path}/{made['id']}"
    assert await get(place.coach, one) == made
    assert await items(place.coach, path) == [made]
    same = await place.coach.http.post(path, json={**TEMPLATE, "id": made["id"]})
    assert expect(same, 200) == made
    stale = await place.coach.http.patch(one, json={"name": "x"}, headers={"If-Match": '"0"'})
    assert code_of(stale, 412) == "precondition-failed"
    changed = await change(place.coach, one, name="Other", steps=[made["steps"][1]])
    assert (changed["name"], changed["steps"]) == ("Other", [made["steps"][1]])
    for steps in ([], [TEMPLATE["steps"][0]] * (MAX_STEPS_PER_PLAN + 1)):
        assert (await patch(place.coach, one, steps=steps)).status_code == 422

    analyst, outsider = await make_person(), await make_person()
    await add_member(database, place.id, analyst, OrganizationRole.ANALYST)
    elsewhere = await make_organization(database)
    await add_member(database, elsewhere, outsider)
    assert code_of(await analyst.http.get(one), 403) == "role-missing"
    for address in (one, f"/v1/organizations/{elsewhere}/plan-templates/{made['id']}"):
        assert code_of(await outsider.http.get(address), 404) == "not-found"
    gone = await place.coach.http.delete(one, headers={"If-Match": "*"})
    assert gone.status_code == 204
    assert code_of(await place.coach.http.get(one), 404) == "not-found"


async def test_a_template_becomes_a_plan_for_each(
    place: Place, make_person: MakePerson, clock: SetClock
) -> None:
    template = await post(place.coach, f"{place.path}/plan-templates", **TEMPLATE)
    clock.advance(timedelta(hours=11, minutes=30))
    berlin, new_york = await make_person(), await make_person(time_zone="America/New_York")
    for one in (berlin, new_york):
        await place.take_in(one)
    results = await place.assign([berlin, new_york], plan_template_id=template["id"])
    for person, days, result in zip(
        (berlin, new_york), (("15", "15"), ("14", "14")), results, strict=True
    ):
        assert (result["outcome"], result["step_id"]) == ("assigned", None)
        plan = await get(person, f"/v1/recovery-plans/{result['plan_id']}")
        assert (plan["title"], plan["template_key"]) == ("Interview practice", None)
        first, second = plan["steps"]
        assert (first["due_on"], second["opens_on"]) == tuple(f"2026-03-{day}" for day in days)
        assert (first["opens_on"], second["due_on"]) == (None, None)
        assert (second["guidance"], second["origin"]) == ("Aloud.", "coach")
    # A plan from a template gathers no further steps.
    (single,) = await place.assign([berlin])
    assert single["plan_id"] != results[0]["plan_id"]


async def test_a_coach_starts_a_plan_from_a_template_for_one_client(
    place: Place, person: Person, make_person: MakePerson, database: Database
) -> None:
    await place.take_in(person)
    rejection = await person.record_rejection(start_plan=False)
    template = await post(place.coach, f"{place.path}/plan-templates", **TEMPLATE)
    body = {"plan_template_id": template["id"], "rejection_id": rejection["id"]}

    async def start(**fields: Any) -> Any:
        return await place.coach.http.post(
            "/v1/recovery-plans", json={**body, **fields}, headers=on_behalf(person)
        )

    # A rejection that may not be seen cannot be named.
    assert finding_of(await start()) == ("/rejection_id", "unknown")
    await give_grant(database, place.id, person, ConsentCategory.REJECTIONS)
    assert finding_of(await start(template_key="interview")) == (
        "/plan_template_id",
        "second_template",
    )
    started = expect(await start(title="For you"), 201)
    assert (started["title"], started["rejection_id"]) == ("For you", rejection["id"])
    assert {step["origin"] for step in started["steps"]} == {"coach"}

    colleague = await make_person()
    elsewhere = await make_organization(database)
    await add_member(database, elsewhere, colleague)
    other = await post(colleague, f"/v1/organizations/{elsewhere}/plan-templates", **TEMPLATE)
    foreign = await start(plan_template_id=other["id"], rejection_id=None)
    assert finding_of(foreign) == ("/plan_template_id", "unknown")
    alone = await person.http.post("/v1/recovery-plans", json={"plan_template_id": template["id"]})
    assert finding_of(alone) == ("/plan_template_id", "unknown")


async def test_many_people_cost_a_few_statements_each(
    place: Place, make_person: MakePerson
) -> None:
    people = [await place.take_in(await make_person()) for _ in range(4)]
    template = await post(place.coach, f"{place.path}/plan-templates", **TEMPLATE)

    async def cost(count: int, **what: Any) -> int:
        with statements_of(place.database) as statements:
            await place.assign(people[:count], **what)
        return len([one for one in statements if "set_config" not in one])

    for what in ({"step": STEP}, {"plan_template_id": template["id"]}):
        await cost(4, **what)
        # Lock, and the plan with its event and steps; or find and stamp the plan, and the step.
        assert (await cost(4, **what) - await cost(2, **what)) / 2 == 4
