"""A caseload at a glance, and the relation to each client, over HTTP."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from app.auth.events import GrantRevoked
from app.auth.models import AccessEntry, Grant
from app.auth.scopes import Scope
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.events import StoredEvent
from app.db.transaction import Database
from app.kit.clock import SetClock
from app.kit.ids import new_id
from tests.conftest import MakePerson, Person
from tests.domains.acting import code_of, expect, finding_of, get, items, pages, patch, post
from tests.domains.organizing import (
    add_client,
    add_member,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)

FIGURES = {
    ConsentCategory.PROFILE: ("display_name", "email"),
    ConsentCategory.REJECTIONS: ("open_rejections",),
    ConsentCategory.PLANS: ("open_plans", "overdue_steps"),
    ConsentCategory.OPPORTUNITIES: ("next_event_at",),
}
"""What each category lets an organisation see at a glance, besides the last activity."""


class Place:
    """An organisation with a coach, and one client who has a little of everything."""

    def __init__(self, organization: UUID, coach: Person, membership: UUID, client: Person) -> None:
        self.id, self.coach, self.membership, self.client = organization, coach, membership, client

    @property
    def path(self) -> str:
        return f"/v1/organizations/{self.id}/clients"


@pytest.fixture
async def place(make_person: MakePerson, database: Database, clock: SetClock) -> Place:
    coach, client = await make_person(), await make_person(display_name="Änne Weiß")
    organization = await make_organization(database)
    membership = await add_member(database, organization, coach)
    await add_client(database, organization, client, external_id="S-1", cohort="Spring ÄRZTE")
    await client.record_rejection()
    await post(
        client,
        "/v1/opportunities",
        company_name="Example GmbH",
        role_title="Analyst",
        status="interviewing",
        next_event_at="2026-03-20T09:00:00Z",
    )
    plan = await post(client, "/v1/recovery-plans", title="Mine")
    for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
        await post(client, "/v1/recovery-steps", plan_id=plan["id"], title="Step", due_on=day)
    return Place(organization, coach, membership, client)


async def only(place: Place, reader: Person | None = None, **params: Any) -> dict[str, Any]:
    """The only client that a query finds."""
    (found,) = await items(reader or place.coach, place.path, **params)
    return found


async def log_of(database: Database, person: Person) -> list[Any]:
    entries = table_of(AccessEntry)
    statement = select(entries).where(entries.c.owner_id == person.id).order_by(entries.c.category)
    async with database.read(everyone=True) as transaction:
        return list((await transaction.execute(statement)).all())


async def test_without_consent_only_what_the_organisation_knows_itself_is_shown(
    place: Place, database: Database
) -> None:
    found = await only(place)
    assert found["account_id"] == str(place.client.id)
    assert (found["external_id"], found["cohort"], found["status"]) == (
        "S-1",
        "Spring ÄRZTE",
        "active",
    )
    assert found["consent"] == {
        "state": "none",
        "readable": [],
        "writable": [],
        "expires_at": None,
    }
    for names in (*FIGURES.values(), ("last_activity_at",)):
        assert [found[name] for name in names] == [None] * len(names)
    assert await log_of(database, place.client) == []


@pytest.mark.parametrize("category", [*ConsentCategory])
async def test_each_figure_needs_its_category_and_is_noted_by_it(
    place: Place, database: Database, category: ConsentCategory
) -> None:
    grant = await give_grant(database, place.id, place.client, category)
    found = await only(place)
    assert found["consent"]["state"] == "active"
    assert (found["consent"]["readable"], found["consent"]["writable"]) == ([category], [])
    for of, names in FIGURES.items():
        for name in names:
            assert (found[name] is not None) is (of is category), name
    # The names of employers have made companies.
    has_activity = category in ("rejections", "plans", "opportunities", "network")
    assert (found["last_activity_at"] is not None) is has_activity
    log = await log_of(database, place.client)
    if category is ConsentCategory.INSIGHTS:
        assert log == []
        return
    (entry,) = log
    assert (entry.category, entry.access, entry.operation) == (category, "read", "list_clients")
    assert (entry.actor_id, entry.actor_name) == (place.coach.id, "A sample coach")
    assert (entry.client, entry.organization_name) == ("tests", "Example Career Service")
    assert (entry.grant_id, entry.organization_id) == (grant, place.id)


async def test_the_figures_are_those_of_the_person(
    place: Place, database: Database, clock: SetClock
) -> None:
    await give_grant(database, place.id, place.client)
    found = await only(place)
    assert (found["display_name"], found["email"]) == (
        "Änne Weiß",
        f"{place.client.id.hex}@example.com",
    )
    assert (found["open_rejections"], found["open_plans"]) == (1, 2)
    # It is the 11th in Berlin: what is due today is not overdue.
    assert found["overdue_steps"] == 2
    assert found["next_event_at"] == "2026-03-20T09:00:00Z"
    assert found["last_activity_at"] == "2026-03-11T12:00:00Z"
    clock.advance(timedelta(hours=11, minutes=30))
    later = await only(place)
    # In Berlin it is half past midnight of the 12th now.
    assert later["overdue_steps"] == 3
    clock.advance(timedelta(days=10))
    assert (await only(place))["next_event_at"] is None


async def test_days_end_where_the_person_lives(
    make_person: MakePerson, place: Place, database: Database, clock: SetClock
) -> None:
    """At noon in UTC it is the next day on Kiritimati, and at ten it is the day before on Niue."""
    clock.advance(timedelta(hours=-2))
    overdue = {}
    for zone in ("Pacific/Kiritimati", "Europe/Berlin", "Pacific/Niue"):
        client = await make_person(time_zone=zone)
        await add_client(database, place.id, client, external_id=zone)
        await give_grant(database, place.id, client, ConsentCategory.PLANS)
        plan = await post(client, "/v1/recovery-plans", title="Mine")
        for day in ("2026-03-09", "2026-03-10", "2026-03-11"):
            await post(client, "/v1/recovery-steps", plan_id=plan["id"], title="Step", due_on=day)
        overdue[zone] = (await only(place, external_id=zone))["overdue_steps"]
    assert overdue == {"Pacific/Kiritimati": 3, "Europe/Berlin": 2, "Pacific/Niue": 1}


async def test_reading_is_noted_once_an_hour_and_asking_for_headers_never(
    place: Place, database: Database, clock: SetClock
) -> None:
    await give_grant(database, place.id, place.client, ConsentCategory.PLANS)
    assert (await place.coach.http.head(place.path)).status_code == 200
    assert await log_of(database, place.client) == []
    for _ in range(3):
        await only(place)
    assert len(await log_of(database, place.client)) == 1
    clock.advance(timedelta(hours=1))
    await only(place)
    assert len(await log_of(database, place.client)) == 2


async def test_grants_count_for_the_organisation_or_for_the_one_member(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    colleague = await make_person()
    await add_member(database, place.id, colleague, OrganizationRole.ADMIN)
    await give_grant(
        database, place.id, place.client, ConsentCategory.PLANS, membership_id=place.membership
    )
    other = await make_organization(database)
    await give_grant(database, other, place.client)
    assert (await only(place))["consent"]["readable"] == ["plans"]
    assert (await only(place, colleague))["consent"]["state"] == "none"
    bearer = {"Authorization": f"Bearer {await make_key(database, place.id)}"}
    by_key = expect(await place.coach.http.get(place.path, headers=bearer), 200)["items"][0]
    assert (by_key["consent"]["state"], by_key["open_plans"]) == ("none", None)

    await give_grant(database, place.id, place.client, ConsentCategory.REJECTIONS)
    by_key = expect(await place.coach.http.get(place.path, headers=bearer), 200)["items"][0]
    assert (by_key["open_rejections"], by_key["open_plans"]) == (1, None)
    entry = (await log_of(database, place.client))[-1]
    assert (entry.actor_kind, entry.actor_name) == ("organization_key", "A sample program")


async def test_a_key_sees_no_more_than_its_scopes_cover(place: Place, database: Database) -> None:
    await give_grant(database, place.id, place.client)
    key = await make_key(database, place.id, Scope.ORG_READ, Scope.PLANS_READ)
    answer = await place.coach.http.get(place.path, headers={"Authorization": f"Bearer {key}"})
    (found,) = expect(answer, 200)["items"]
    assert (found["open_plans"], found["overdue_steps"]) == (2, 2)
    assert {found[n] for n in ("display_name", "email", "open_rejections", "next_event_at")} == {
        None
    }
    assert [entry.category for entry in await log_of(database, place.client)] == ["plans"]
    by_name = await place.coach.http.get(
        place.path, params={"q": "weiß"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert expect(by_name, 200)["items"] == []


STATES: Mapping[str, tuple[GrantStatus, int]] = {
    "active": (GrantStatus.ACTIVE, 5),
    "requested": (GrantStatus.REQUESTED, 5),
    "expired": (GrantStatus.ACTIVE, -1),
    "revoked": (GrantStatus.REVOKED, 5),
    "declined": (GrantStatus.DECLINED, 5),
}


@pytest.mark.parametrize("state", STATES)
async def test_consent_is_shown_as_it_stands(
    place: Place, database: Database, clock: SetClock, state: str
) -> None:
    status, days = STATES[state]
    expires_at = clock.now() + timedelta(days=days)
    await give_grant(
        database,
        place.id,
        place.client,
        ConsentCategory.PLANS,
        access=ConsentAccess.WRITE,
        status=status,
        expires_at=expires_at,
    )
    found = await only(place)
    assert found["consent"]["state"] == state
    is_active = state == "active"
    assert found["consent"]["writable"] == (["plans"] if is_active else [])
    assert found["consent"]["expires_at"] == ("2026-03-16T12:00:00Z" if is_active else None)
    assert (found["open_plans"] is not None) is is_active


async def test_attention_names_who_may_need_the_coach(
    place: Place, make_person: MakePerson, database: Database, clock: SetClock
) -> None:
    plans = ConsentCategory.PLANS
    names = ("overdue", "quiet", "none", "expiring", "private")
    people = dict(
        zip(names, [place.client, *[await make_person() for _ in names[1:]]], strict=True)
    )
    for name in names[1:]:
        await add_client(database, place.id, people[name], external_id=name)
    for name in ("overdue", "quiet"):
        await give_grant(database, place.id, people[name], plans)
    soon = clock.now() + timedelta(days=13)
    await give_grant(
        database, place.id, people["expiring"], ConsentCategory.NETWORK, expires_at=soon
    )
    # Who shares nothing that tells of activity is never called inactive, nor their steps late.
    await give_grant(database, place.id, people["private"], ConsentCategory.PROFILE)
    plan = await post(people["private"], "/v1/recovery-plans", title="Mine")
    late = {"plan_id": plan["id"], "title": "Late", "due_on": "2026-03-01"}
    await post(people["private"], "/v1/recovery-steps", **late)

    async def found(attention: str) -> set[str]:
        by_id = {str(person.id): name for name, person in people.items()}
        page = await items(place.coach, place.path, attention=attention)
        return {by_id[one["account_id"]] for one in page}

    assert await found("overdue_steps") == {"overdue"}
    assert await found("consent_missing") == {"none"}
    assert await found("consent_expiring") == {"expiring"}
    assert await found("no_activity") == set()
    clock.advance(timedelta(days=14, seconds=1))
    assert await found("no_activity") == {"overdue", "quiet"}
    assert await found("consent_missing") == {"none", "expiring"}
    await post(people["quiet"], "/v1/recovery-plans", title="Up again")
    assert await found("no_activity") == {"overdue"}


async def test_what_time_brings_is_no_activity(
    place: Place, database: Database, clock: SetClock
) -> None:
    await give_grant(database, place.id, place.client, ConsentCategory.PLANS)
    clock.advance(timedelta(days=3))
    async with database.write(everyone=True) as transaction:
        await transaction.execute(
            insert(table_of(StoredEvent)),
            {
                "owner_id": place.client.id,
                "id": new_id(),
                "type": "recovery_step.overdue",
                "collection": "recovery_steps",
                "record_id": uuid4(),
                "revision": 99,
                "created_at": clock.now(),
            },
        )
    assert (await only(place))["last_activity_at"] == "2026-03-11T12:00:00Z"


async def test_clients_are_found_by_what_may_be_seen_of_them(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    other = await make_person()
    await add_client(
        database, place.id, other, external_id="X-2", coach_id=place.membership, status="ended"
    )
    for wanted in ("s-1", "spring ä", "ÄRZ", "1"):
        assert (await only(place, q=wanted))["external_id"] == "S-1", wanted
    for nothing in ("weiss", "%", "_", "\\"):
        assert await items(place.coach, place.path, q=nothing) == []
    await give_grant(database, place.id, place.client, ConsentCategory.PROFILE)
    assert (await only(place, q="weiss"))["external_id"] == "S-1"
    expect(await patch(place.client, "/v1/me", display_name="Kim"), 200)
    assert await items(place.coach, place.path, q="weiss") == []
    assert (await only(place, q="KIM"))["external_id"] == "S-1"

    assert (await only(place, coach=str(place.membership)))["external_id"] == "X-2"
    assert (await only(place, cohort="Spring ÄRZTE"))["external_id"] == "S-1"
    assert (await only(place, external_id="X-2"))["status"] == "ended"
    assert (await only(place, status="active"))["external_id"] == "S-1"


async def test_the_list_goes_on_page_by_page(
    place: Place, make_person: MakePerson, database: Database, clock: SetClock
) -> None:
    for number in range(4):
        # Two of them came at once.
        clock.advance(timedelta(seconds=number % 2))
        await add_client(database, place.id, await make_person(), external_id=f"N-{number}")
    for sort in ("created_at", "-created_at"):
        whole = await items(place.coach, place.path, sort=sort)
        assert len(whole) == 5
        assert await pages(place.coach, place.path, sort=sort, limit=2) == whole
    answer = await place.coach.http.get(place.path, params={"limit": 201})
    assert code_of(answer, 422) == "invalid"
    expect(await place.coach.http.get(place.path, params={"limit": 200}), 200)


async def test_only_admins_and_coaches_of_the_organisation_see_its_clients(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    analyst, outsider = await make_person(), await make_person()
    await add_member(database, place.id, analyst, OrganizationRole.ANALYST)
    await add_member(database, await make_organization(database), outsider)
    one = f"{place.path}/{place.client.id}"
    for path in (place.path, one):
        assert code_of(await analyst.http.get(path), 403) == "role-missing"
        assert code_of(await outsider.http.get(path), 404) == "not-found"
        assert code_of(await place.client.http.get(path), 404) == "not-found"
    assert code_of(await patch(analyst, one, cohort="A"), 403) == "role-missing"
    absent = await place.coach.http.get(f"{place.path}/{outsider.id}")
    assert code_of(absent, 404) == "not-found"


async def test_a_client_is_sorted_in_and_found_by_it(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    path = f"{place.path}/{place.client.id}"
    read = await place.coach.http.get(path)
    body = {"external_id": "T-7", "cohort": "Autumn", "coach_id": str(place.membership)}
    stale = await place.coach.http.patch(path, json=body, headers={"If-Match": '"0"'})
    assert code_of(stale, 412) == "precondition-failed"
    changed = await place.coach.http.patch(
        path, json=body, headers={"If-Match": read.headers["ETag"]}
    )
    found = expect(changed, 200)
    assert {name: found[name] for name in body} == body
    assert found == await get(place.coach, path)
    assert (await only(place, q="t-7"))["cohort"] == "Autumn"
    assert await items(place.coach, place.path, q="s-1") == []
    cleared = expect(await patch(place.coach, path, external_id=None, coach_id=None), 200)
    assert (cleared["external_id"], cleared["coach_id"]) == (None, None)

    await add_client(database, place.id, await make_person(), external_id="Z-1")
    taken = await patch(place.coach, path, external_id="Z-1")
    assert code_of(taken, 409) == "external-id-taken"
    # A client with whom the relation has ended no longer needs theirs.
    gone = await make_person()
    await add_client(database, place.id, gone, external_id="Z-2", status="ended")
    assert expect(await patch(place.coach, path, external_id="Z-2"), 200)["external_id"] == "Z-2"
    assert (await get(place.coach, f"{place.path}/{gone.id}"))["external_id"] is None
    unknown = await patch(place.coach, path, coach_id=str(uuid4()))
    assert finding_of(unknown) == ("/coach_id", "unknown")
    foreign = await add_member(database, await make_organization(database), place.client)
    assert finding_of(await patch(place.coach, path, coach_id=str(foreign)))[1] == "unknown"


async def test_ending_the_relation_ends_what_was_granted_to_it_at_once(
    place: Place, make_person: MakePerson, database: Database
) -> None:
    other, colleague = await make_organization(database), await make_person()
    member = await add_member(database, place.id, colleague)
    to_all = await give_grant(database, place.id, place.client)
    to_one = await give_grant(database, place.id, place.client, membership_id=member)
    asked = await give_grant(database, place.id, place.client, status=GrantStatus.REQUESTED)
    declined = await give_grant(database, place.id, place.client, status=GrantStatus.DECLINED)
    elsewhere = await give_grant(database, other, place.client)
    neighbour = await make_person()
    await add_client(database, place.id, neighbour)
    of_neighbour = await give_grant(database, place.id, neighbour)
    expect(await place.coach.http.get("/v1/rejections", headers=on_behalf(place.client)), 200)

    path = f"{place.path}/{place.client.id}"
    assert expect(await patch(place.coach, path, status="ended"), 200)["status"] == "ended"
    refused = await place.coach.http.get("/v1/rejections", headers=on_behalf(place.client))
    assert code_of(refused, 404) == "not-found"
    grants, events = table_of(Grant), table_of(StoredEvent)
    async with database.read(everyone=True) as transaction:
        rows = {row.id: row for row in await transaction.execute(select(grants))}
        stated = select(events.c.owner_id, events.c.record_id).where(
            events.c.type == GrantRevoked.type
        )
        revoked = {tuple(row) for row in await transaction.execute(stated)}
    assert {one: rows[one].status for one in rows} == {
        **dict.fromkeys((to_all, to_one, asked), GrantStatus.REVOKED),
        declined: GrantStatus.DECLINED,
        **dict.fromkeys((elsewhere, of_neighbour), GrantStatus.ACTIVE),
    }
    assert all(rows[one].ended_at == database.clock.now() for one in (to_all, to_one, asked))
    assert revoked == {(place.client.id, one) for one in (to_all, to_one, asked)}

    again = expect(await patch(place.coach, path, status="active"), 200)
    assert again["status"] == "active"
    assert (await only(place, external_id="S-1"))["consent"]["state"] == "revoked"
