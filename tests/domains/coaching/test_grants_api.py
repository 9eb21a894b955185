"""Consent over HTTP: given, asked for, decided upon, changed and ended, from both sides."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import delete, update

from app.auth import events
from app.auth.rules import GRANT_TRANSITIONS
from app.auth.scopes import Scope
from app.auth.terms import ConsentCategory, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Membership, Organization
from app.domains.coaching.terms import ClientStatus, MembershipStatus
from app.kit.clock import SetClock
from tests.conftest import NOON, MakePerson, Person
from tests.domains.acting import code_of, expect, finding_of, get, items, listen, pages
from tests.domains.coaching.consenting import ANY, GRANTS, Circle, decide, make_circle
from tests.domains.organizing import (
    add_client,
    add_member,
    bearer,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)


@pytest.fixture
async def circle(database: Database, make_person: MakePerson) -> Circle:
    return await make_circle(database, make_person)


def at(days: int) -> str:
    """An instant so many days from now."""
    return (NOON + timedelta(days=days)).isoformat().replace("+00:00", "Z")


async def test_a_person_gives_a_grant_that_is_in_force_at_once(
    circle: Circle, database: Database
) -> None:
    told = listen(database, events)
    await circle.person.record_rejection()
    assert (await circle.read()).status_code == 404
    grant = await circle.give(categories=["rejections", "profile"])
    assert grant == {
        "id": grant["id"],
        "created_at": at(0),
        "updated_at": at(0),
        "revision": grant["revision"],
        "account_id": str(circle.person.id),
        "organization_id": str(circle.organization),
        "organization_name": "Example Career Service",
        "membership_id": None,
        "membership_name": None,
        # In the order of the vocabulary, however they were named.
        "categories": ["profile", "rejections"],
        "access": "read",
        "purpose": "A sample purpose",
        "status": "active",
        "expires_at": at(90),
        "activated_at": at(0),
        "ended_at": None,
    }
    assert [event.type for event in told] == ["grant.activated"]
    assert len(expect(await circle.read(), 200)["items"]) == 1
    assert await get(circle.person, f"{GRANTS}/{grant['id']}") == grant
    assert await items(circle.person, GRANTS) == [grant]
    # The organisation sees the very same.
    path = f"{GRANTS}/{grant['id']}"
    for who, headers in ((circle.admin, {}), (circle.coach, {}), (circle.analyst, circle.key)):
        assert expect(await who.http.get(path, headers=headers), 200) == grant


async def test_an_organisation_asks_and_the_person_decides(
    circle: Circle, database: Database
) -> None:
    told = listen(database, events)
    asked = await circle.ask(
        membership_id=str(circle.coach_membership),
        categories=["plans", "rejections"],
        access="write",
        expires_at=at(30),
    )
    assert (asked["status"], asked["activated_at"]) == ("requested", None)
    assert asked["membership_name"] == "A sample coach"
    assert (await circle.read()).status_code == 404
    assert await items(circle.person, GRANTS, status="requested") == [asked]

    agreed = expect(await decide(circle.person, asked, status="active"), 200)
    assert agreed == {
        **asked,
        "status": "active",
        "activated_at": at(0),
        "revision": agreed["revision"],
    }
    assert (await circle.read()).status_code == 200
    # It is for that one coach.
    other = await circle.admin.http.get("/v1/rejections", headers=on_behalf(circle.person))
    assert other.status_code == 404

    again = await circle.ask()
    declined = expect(await decide(circle.person, again, status="declined"), 200)
    assert (declined["status"], declined["ended_at"]) == ("declined", at(0))
    assert [event.type for event in told] == [
        "grant.requested",
        "grant.activated",
        "grant.requested",
        "grant.declined",
    ]


async def test_a_person_agrees_to_less_or_more_or_for_another_time(circle: Circle) -> None:
    asked = await circle.ask(categories=["plans", "rejections"], access="write")
    agreed = await decide(
        circle.person,
        asked,
        status="active",
        categories=["rejections"],
        access="read",
        expires_at=at(365),
    )
    found = expect(agreed, 200)
    assert (found["categories"], found["access"]) == (["rejections"], "read")
    assert found["expires_at"] == at(365)
    body = {"company_name": "Example GmbH", "stage": "offer"}
    refused = await circle.coach.http.post(
        "/v1/rejections", json=body, headers=on_behalf(circle.person)
    )
    assert code_of(refused, 403) == "consent-missing"


async def test_what_is_narrowed_or_widened_counts_at_the_next_request(
    circle: Circle, database: Database
) -> None:
    grant = await circle.give(categories=["rejections", "plans"])
    told = listen(database, events)
    for categories, rejections, plans in (
        (["plans"], 403, 200),
        (["rejections"], 200, 403),
        (["rejections", "plans"], 200, 200),
    ):
        expect(await decide(circle.person, grant, categories=categories), 200)
        assert (await circle.read()).status_code == rejections
        assert (await circle.read("/v1/recovery-plans")).status_code == plans
    # Named in another order it is the same, and nothing happens.
    same = expect(await decide(circle.person, grant, categories=["plans", "rejections"]), 200)
    assert [event.type for event in told] == ["grant.activated"] * 3
    assert same == await get(circle.person, f"{GRANTS}/{grant['id']}")


async def test_the_pairs_of_statuses_that_the_machine_lists_work_and_no_others(
    circle: Circle, database: Database
) -> None:
    """Every pair of statuses; those not listed are refused with what can follow."""
    tried = 0
    for before in GrantStatus:
        for after in GrantStatus:
            grant = await give_grant(
                database, circle.organization, circle.person, status=before, activated_at=None
            )
            answer = await decide(circle.person, {"id": grant}, status=after)
            if after in (before, *GRANT_TRANSITIONS[before]):
                assert expect(answer, 200)["status"] == after
            else:
                assert code_of(answer, 409) == "invalid-transition"
                assert answer.json()["allowed"] == list(GRANT_TRANSITIONS[before])
            tried += 1
    assert tried == 25


async def test_an_organisation_can_give_up_and_withdraw_and_nothing_else(
    circle: Circle, database: Database
) -> None:
    told = listen(database, events)
    ways: list[tuple[Person, dict[str, str]]] = [
        (circle.coach, {}),
        (circle.admin, {}),
        (circle.analyst, circle.key),
    ]
    for who, headers in ways:
        for grant in (await circle.ask(), await circle.give()):
            told.clear()
            changes: list[dict[str, Any]] = [
                {"categories": ["rejections", "wellbeing"]},
                {"categories": ["plans"]},
                {"access": "write"},
                {"expires_at": at(100)},
                {"status": "revoked", "categories": ["plans"]},
            ]
            if grant["status"] == "requested":
                changes += [{"status": "active"}, {"status": "declined"}]
            for change in changes:
                refused = await decide(who, grant, headers, **change)
                assert code_of(refused, 403) == "owner-only"
            assert told == []
            ended = expect(await decide(who, grant, headers, status="revoked"), 200)
            assert (ended["status"], ended["ended_at"]) == ("revoked", at(0))
            assert [event.type for event in told] == ["grant.revoked"]
            assert await get(circle.person, f"{GRANTS}/{grant['id']}") == ended


async def test_an_analyst_has_nothing_to_do_with_grants(circle: Circle) -> None:
    grant = await circle.give()
    analyst = circle.analyst.http
    mine = {"organization_id": str(circle.organization)}
    assert code_of(await analyst.get(GRANTS, params=mine), 403) == "role-missing"
    body = circle.terms(account_id=str(circle.person.id))
    assert code_of(await analyst.post(GRANTS, json=body), 403) == "role-missing"
    assert code_of(await analyst.get(f"{GRANTS}/{grant['id']}"), 404) == "not-found"
    assert code_of(await decide(circle.analyst, grant, status="revoked"), 404) == "not-found"


async def test_a_grant_of_others_is_as_absent_as_one_that_never_was(
    circle: Circle, stranger: Person, database: Database, make_person: MakePerson
) -> None:
    grant = await circle.give()
    other = await make_organization(database)
    elsewhere, gone = await make_person(), await make_person()
    await add_member(database, other, elsewhere, OrganizationRole.ADMIN)
    await add_member(database, circle.organization, gone, status=MembershipStatus.DEACTIVATED)
    other_key = bearer(await make_key(database, other))
    for who, headers in ((stranger, {}), (elsewhere, {}), (gone, {}), (stranger, other_key)):
        for one in (grant, {"id": str(uuid4())}):
            path = f"{GRANTS}/{one['id']}"
            found = await who.http.get(path, headers=headers)
            assert code_of(found, 404) == "not-found"
            assert code_of(await decide(who, one, headers, status="revoked"), 404) == "not-found"
        mine = {"organization_id": str(circle.organization)}
        lists = await who.http.get(GRANTS, params=mine, headers=headers)
        assert code_of(lists, 404) == "not-found"
    nowhere = await stranger.http.get(GRANTS, params={"organization_id": str(uuid4())})
    assert code_of(nowhere, 404) == "not-found"
    assert await items(stranger, GRANTS) == []
    empty = expect(await stranger.http.get(GRANTS, headers=other_key), 200)
    assert empty == {"items": [], "next_cursor": None}


async def test_only_clients_are_asked_and_only_their_organisations_are_given_to(
    circle: Circle, stranger: Person, database: Database
) -> None:
    former = await make_organization(database)
    await add_client(database, former, circle.person, status=ClientStatus.ENDED)
    unrelated = await make_organization(database)
    for organization in (former, unrelated, uuid4()):
        body = circle.terms(organization_id=str(organization))
        answer = await circle.person.http.post(GRANTS, json=body)
        assert finding_of(answer) == ("/organization_id", "unknown")
        asking = {**body, "account_id": str(circle.person.id)}
        answer = await circle.coach.http.post(GRANTS, json=asking)
        assert finding_of(answer) == ("/organization_id", "unknown")
        answer = await stranger.http.post(GRANTS, json=asking, headers=circle.key)
        assert finding_of(answer) == ("/organization_id", "unknown")
    for account in (stranger.id, uuid4()):
        body = circle.terms(account_id=str(account))
        for http, headers in ((circle.coach.http, {}), (stranger.http, circle.key)):
            answer = await http.post(GRANTS, json=body, headers=headers)
            assert finding_of(answer) == ("/account_id", "unknown")
    nobody = await stranger.http.post(GRANTS, json=circle.terms(), headers=circle.key)
    assert finding_of(nobody) == ("/account_id", "missing")
    assert await items(circle.person, GRANTS) == []
    assert await items(stranger, GRANTS) == []


async def test_a_grant_is_for_a_coach_of_that_organisation_who_is_there(
    circle: Circle, database: Database, make_person: MakePerson
) -> None:
    other = await make_organization(database)
    gone, analyst = await make_person(), await make_person()
    memberships = [
        await add_member(database, other, circle.coach),
        await add_member(database, circle.organization, gone, status=MembershipStatus.DEACTIVATED),
        await add_member(database, circle.organization, analyst, OrganizationRole.ANALYST),
        uuid4(),
    ]
    for membership in memberships:
        body = circle.terms(membership_id=str(membership))
        answer = await circle.person.http.post(GRANTS, json=body)
        assert finding_of(answer) == ("/membership_id", "unknown")
        asking = {**body, "account_id": str(circle.person.id)}
        answer = await circle.coach.http.post(GRANTS, json=asking)
        assert finding_of(answer) == ("/membership_id", "unknown")


async def test_agreeing_and_widening_need_a_session_and_taking_back_does_not(
    circle: Circle, database: Database
) -> None:
    """A program that holds a person's own key cannot give itself what they did not agree to."""
    key = bearer(await make_key(database, circle.person.id))
    http = circle.person.http
    answer = await http.post(GRANTS, json=circle.terms(), headers=key)
    assert code_of(answer, 403) == "session-needed"
    asked = await circle.ask(categories=["plans", "rejections"], access="write")
    answer = await decide(circle.person, asked, key, status="active")
    assert code_of(answer, 403) == "session-needed"
    answer = await decide(circle.person, asked, key, status="active", categories=["plans"])
    assert code_of(answer, 403) == "session-needed"

    grant = expect(await decide(circle.person, asked, status="active", access="read"), 200)
    widening: list[dict[str, Any]] = [
        {"access": "write"},
        {"categories": ["plans", "rejections", "wellbeing"]},
        {"categories": ["wellbeing"]},
        {"expires_at": at(91)},
    ]
    for change in widening:
        answer = await decide(circle.person, grant, key, **change)
        assert code_of(answer, 403) == "session-needed"
        assert await get(circle.person, f"{GRANTS}/{grant['id']}") == grant
    expect(await decide(circle.person, grant, key, categories=["plans"], expires_at=at(5)), 200)
    expect(await decide(circle.person, grant, key, status="revoked"), 200)
    again = await circle.ask()
    expect(await decide(circle.person, again, key, status="declined"), 200)
    for change in widening:
        more = await circle.give(categories=["plans", "rejections"])
        expect(await decide(circle.person, more, **change), 200)


async def test_a_coach_who_is_a_client_too_decides_about_their_own_only(
    circle: Circle, database: Database
) -> None:
    await add_client(database, circle.organization, circle.coach)
    await circle.give()
    # Naming oneself is the same as naming nobody.
    body = circle.terms(account_id=str(circle.coach.id))
    mine = expect(await circle.coach.http.post(GRANTS, json=body), 201)
    assert mine["status"] == "active"
    assert await items(circle.coach, GRANTS) == [mine]
    assert expect(await decide(circle.coach, mine, access="write"), 200)["access"] == "write"
    given = await items(circle.coach, GRANTS, organization_id=str(circle.organization))
    assert [one["account_id"] for one in given] == [str(circle.coach.id), str(circle.person.id)]


async def test_a_grant_ends_ahead_and_within_a_year(circle: Circle, clock: SetClock) -> None:
    for end, code in (
        (at(0), "in_the_past"),
        (at(-1), "in_the_past"),
        ("2027-03-11T12:00:00.000001Z", "too_late"),
    ):
        answer = await circle.person.http.post(GRANTS, json=circle.terms(expires_at=end))
        assert finding_of(answer) == ("/expires_at", code)
        asking = circle.terms(expires_at=end, account_id=str(circle.person.id))
        answer = await circle.coach.http.post(GRANTS, json=asking)
        assert finding_of(answer) == ("/expires_at", code)
        grant = await circle.give()
        answer = await decide(circle.person, grant, expires_at=end)
        assert finding_of(answer) == ("/expires_at", code)
        asked = await circle.ask()
        answer = await decide(circle.person, asked, status="active", expires_at=end)
        assert finding_of(answer) == ("/expires_at", code)
    assert (await circle.give(expires_at=at(365)))["expires_at"] == at(365)

    # A request whose end came while the person thought about it needs another one.
    asked = await circle.ask(expires_at=at(1))
    clock.advance(timedelta(days=2))
    answer = await decide(circle.person, asked, status="active")
    assert finding_of(answer) == ("/expires_at", "in_the_past")
    agreed = await decide(circle.person, asked, status="active", expires_at=at(10))
    assert expect(agreed, 200)["status"] == "active"


async def test_what_a_grant_allows_changes_only_while_it_is_in_force(circle: Circle) -> None:
    asked, grant = await circle.ask(), await circle.give()
    expect(await decide(circle.person, grant, status="revoked"), 200)
    changes: list[dict[str, Any]] = [
        {"categories": ["plans"]},
        {"access": "write"},
        {"expires_at": at(10)},
    ]
    for change in changes:
        (name,) = change
        for one in (asked, grant):
            answer = await decide(circle.person, one, **change)
            assert finding_of(answer) == (f"/{name}", "not_active")
        answer = await decide(circle.person, asked, status="declined", **change)
        assert finding_of(answer) == (f"/{name}", "not_active")


async def test_nothing_is_preselected(circle: Circle) -> None:
    for left_out in ("categories", "access", "purpose"):
        body = circle.terms()
        del body[left_out]
        answer = await circle.person.http.post(GRANTS, json=body)
        assert finding_of(answer) == (f"/{left_out}", "missing")
    for wrong in ([], ["rejections", "rejections"], ["everything"], None):
        answer = await circle.person.http.post(GRANTS, json=circle.terms(categories=wrong))
        pointer, _ = finding_of(answer)
        assert pointer.startswith("/categories")
    grant = await circle.give(categories=[*ConsentCategory])
    assert grant["categories"] == [*ConsentCategory]


async def test_a_change_names_the_revision_it_is_about(circle: Circle) -> None:
    grant = await circle.give()
    path = f"{GRANTS}/{grant['id']}"
    for http in (circle.person.http, circle.coach.http):
        missing = await http.patch(path, json={"status": "revoked"})
        assert code_of(missing, 428) == "precondition-missing"
        stale = {"If-Match": f'"{grant["revision"] - 1}"'}
        answer = await http.patch(path, json={"status": "revoked"}, headers=stale)
        assert code_of(answer, 412) == "precondition-failed"
    fresh = {"If-Match": f'"{grant["revision"]}"'}
    done = expect(
        await circle.person.http.patch(path, json={"access": "write"}, headers=fresh), 200
    )
    # An answer that got lost can be asked for again.
    again = await circle.person.http.patch(path, json={"access": "write"}, headers=fresh)
    assert expect(again, 200) == done


async def test_a_repeated_request_asks_once(circle: Circle) -> None:
    body = circle.terms(account_id=str(circle.person.id))
    headers = {"Idempotency-Key": "sample-1"}
    first = await circle.coach.http.post(GRANTS, json=body, headers=headers)
    second = await circle.coach.http.post(GRANTS, json=body, headers=headers)
    assert expect(first, 201) == expect(second, 201)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(await items(circle.person, GRANTS)) == 1
    assert first.headers["Location"] == f"{GRANTS}/{first.json()['id']}"


async def test_lists_of_both_sides_are_paged_sorted_and_filtered(
    circle: Circle, database: Database, make_person: MakePerson, clock: SetClock
) -> None:
    others = [await make_person() for _ in range(2)]
    for other in others:
        await add_client(database, circle.organization, other)
    elsewhere = await make_organization(database)
    await add_client(database, elsewhere, circle.person)
    foreign = await circle.give(organization_id=str(elsewhere))
    made = []
    for number in range(3):
        clock.advance(timedelta(minutes=1))
        made.append(await circle.ask(expires_at=at(30 - number)))
        for other in others:
            clock.advance(timedelta(minutes=1))
            body = circle.terms(account_id=str(other.id), expires_at=at(60 + number))
            made.append(expect(await circle.coach.http.post(GRANTS, json=body), 201))
    expect(await decide(circle.person, made[0], status="declined"), 200)
    made[0] = await get(circle.person, f"{GRANTS}/{made[0]['id']}")

    own = [one for one in made if one["account_id"] == str(circle.person.id)]
    assert await pages(circle.person, GRANTS, limit=2) == [*reversed(own), foreign]
    assert await items(circle.person, GRANTS, status="declined") == own[:1]

    mine = {"organization_id": str(circle.organization)}
    for who in (circle.coach, circle.admin):
        assert await pages(who, GRANTS, limit=2, **mine) == made[::-1]
        assert await pages(who, GRANTS, limit=4, sort="created_at", **mine) == made
    one = {"account_id": str(others[0].id)}
    found = await items(circle.coach, GRANTS, **mine, **one)
    assert [grant["account_id"] for grant in found] == [one["account_id"]] * 3
    assert await items(circle.coach, GRANTS, **mine, status="declined") == [made[0]]
    by_key = await circle.analyst.http.get(GRANTS, params={"limit": 100}, headers=circle.key)
    assert expect(by_key, 200)["items"] == made[::-1]

    # A cursor of one list is none of another's.
    page = await get(circle.coach, GRANTS, limit=1, **mine)
    cursor = {"limit": 1, "cursor": page["next_cursor"]}
    for who in (circle.coach, circle.person):
        answer = await who.http.get(GRANTS, params=cursor)
        assert code_of(answer, 400) == "invalid-cursor"


async def test_an_organisation_asks_for_its_own_usual_time(
    database: Database, make_person: MakePerson
) -> None:
    circle = await make_circle(database, make_person)
    organizations = table_of(Organization)
    async with database.write(everyone=True) as transaction:
        transaction.enter(circle.organization)
        await transaction.execute(
            update(organizations)
            .where(organizations.c.id == circle.organization)
            .values(default_grant_days=30)
        )
    assert (await circle.ask())["expires_at"] == at(30)
    assert (await circle.give())["expires_at"] == at(30)


async def test_a_member_that_is_gone_leaves_no_name(circle: Circle, database: Database) -> None:
    grant = await circle.give(membership_id=str(circle.coach_membership))
    memberships = table_of(Membership)
    async with database.write(everyone=True) as transaction:
        transaction.enter(circle.organization)
        await transaction.execute(
            delete(memberships).where(memberships.c.id == circle.coach_membership)
        )
    found = await get(circle.person, f"{GRANTS}/{grant['id']}")
    assert found == {**grant, "membership_name": None}


@pytest.mark.parametrize("scope", [Scope.GRANTS_MANAGE, Scope.ORG_WRITE])
async def test_a_key_needs_the_scope(
    circle: Circle, client: httpx.AsyncClient, database: Database, scope: Scope
) -> None:
    grant = await circle.give()
    headers = bearer(await make_key(database, circle.organization, scope))
    path = f"{GRANTS}/{grant['id']}"
    answers = [
        await client.get(GRANTS, headers=headers),
        await client.get(path, headers=headers),
        await client.post(
            GRANTS, json=circle.terms(account_id=str(circle.person.id)), headers=headers
        ),
        await client.patch(path, json={"status": "revoked"}, headers={**headers, **ANY}),
    ]
    if scope is Scope.GRANTS_MANAGE:
        assert [answer.status_code for answer in answers] == [200, 200, 201, 200]
    else:
        assert [code_of(answer, 403) for answer in answers] == ["missing-scope"] * 4


async def test_nobody_manages_grants_for_somebody_else(circle: Circle) -> None:
    grant = await circle.give(categories=[*ConsentCategory], access="write")
    headers = on_behalf(circle.person)
    path = f"{GRANTS}/{grant['id']}"
    for answer in (
        await circle.coach.http.get(GRANTS, headers=headers),
        await circle.coach.http.get(path, headers=headers),
        await circle.coach.http.post(GRANTS, json=circle.terms(), headers=headers),
        await decide(circle.coach, grant, headers, access="write"),
    ):
        assert code_of(answer, 403) == "owner-only"


async def test_who_deletes_the_account_takes_the_grants_along(circle: Circle) -> None:
    grant = await circle.give()
    gone = await circle.person.http.delete("/v1/me", headers=ANY)
    assert gone.status_code == 204
    assert (await circle.read()).status_code == 404
    assert (await circle.coach.http.get(f"{GRANTS}/{grant['id']}")).status_code == 404
    mine = {"organization_id": str(circle.organization)}
    assert await items(circle.coach, GRANTS, **mine) == []
    body = circle.terms(account_id=str(circle.person.id))
    answer = await circle.coach.http.post(GRANTS, json=body)
    assert finding_of(answer) == ("/account_id", "unknown")
