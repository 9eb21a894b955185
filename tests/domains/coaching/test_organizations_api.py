"""Organisations over HTTP: read by members, changed by admins, hidden from everybody else."""

from uuid import uuid4

import httpx

from app.auth import tokens
from app.auth.scopes import Scope
from app.auth.terms import OrganizationRole
from app.db.transaction import Database
from app.domains.coaching.terms import ClientStatus, MembershipStatus
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, code_of, expect, finding_of, get, items, patch
from tests.domains.coaching.conftest import Office
from tests.domains.organizing import (
    add_client,
    add_member,
    bearer,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)


async def test_every_member_reads_their_organisation(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    analyst = await make_person()
    await add_member(database, office.id, analyst, OrganizationRole.ANALYST)
    for member in (office.admin, office.coach, analyst):
        found = await get(member, office.path())
        assert found["id"] == str(office.id)
        assert found["name"] == "Example Career Service"
        assert (found["is_test"], found["default_grant_days"]) == (False, 90)


async def test_everybody_finds_the_organisations_they_belong_to(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    both, gone = await make_person(), await make_person()
    another = await make_organization(database, name="Another Service", is_test=True)
    await add_member(database, another, both, OrganizationRole.ANALYST)
    await add_client(database, another, both)
    await add_client(database, office.id, both)
    await add_member(database, office.id, gone, status=MembershipStatus.DEACTIVATED)
    await add_client(database, another, gone, status=ClientStatus.ENDED)

    own = {"organization_id": str(office.id), "name": "Example Career Service", "is_test": False}
    theirs = {"organization_id": str(another), "name": "Another Service", "is_test": True}
    assert await items(both, "/v1/organizations") == [
        {**theirs, "role": "analyst", "is_client": True},
        {**own, "role": None, "is_client": True},
    ]
    assert await items(office.coach, "/v1/organizations") == [
        {**own, "role": "coach", "is_client": False}
    ]
    assert await items(gone, "/v1/organizations") == []

    key = await make_key(database, office.id, Scope.ORG_READ)
    found = expect(await both.http.get("/v1/organizations", headers=bearer(key)), 200)
    assert found["items"] == [{**own, "role": "admin", "is_client": False}]


async def test_nobody_else_learns_that_it_exists(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    gone, client, stranger = [await make_person() for _ in range(3)]
    await add_member(database, office.id, gone, status=MembershipStatus.DEACTIVATED)
    await add_client(database, office.id, client)
    absent = office.path().replace(str(office.id), str(uuid4()))
    for person in (gone, client, stranger):
        hidden = await person.http.get(office.path())
        missing = await person.http.get(absent)
        assert code_of(hidden, 404) == code_of(missing, 404) == "not-found"
        assert code_of(await patch(person, office.path(), name="Mine"), 404) == "not-found"
        for part in ("memberships", "invitations"):
            assert code_of(await person.http.get(office.path(part)), 404) == "not-found"


async def test_admins_change_it_and_others_do_not(office: Office) -> None:
    before = await get(office.admin, office.path())
    assert code_of(await patch(office.coach, office.path(), name="Ours"), 403) == "role-missing"
    answer = await office.admin.http.patch(
        office.path(),
        json={"name": "Example Coaching", "default_grant_days": 180},
        headers={"If-Match": f'"{before["revision"]}"'},
    )
    after = expect(answer, 200)
    assert (after["name"], after["default_grant_days"]) == ("Example Coaching", 180)
    assert after["revision"] > before["revision"]
    assert await get(office.coach, office.path()) == after
    stale = await office.admin.http.patch(
        office.path(), json={"name": "Late"}, headers={"If-Match": f'"{before["revision"]}"'}
    )
    assert code_of(stale, 412) == "precondition-failed"
    # What changes nothing needs no matching revision, and makes none.
    same = await office.admin.http.patch(
        office.path(), json={"name": "Example Coaching"}, headers={"If-Match": '"1"'}
    )
    assert expect(same, 200) == after
    for days in (0, 366, "90", None):
        answer = await patch(office.admin, office.path(), default_grant_days=days)
        assert finding_of(answer)[0] == "/default_grant_days"
    assert finding_of(await patch(office.admin, office.path(), is_test=True))[0] == "/is_test"
    assert (await change(office.admin, office.path(), default_grant_days=365))["name"] == (
        "Example Coaching"
    )


async def test_a_program_acts_for_its_own_organisation_within_its_scopes(
    office: Office, trial: Office, client: httpx.AsyncClient, database: Database
) -> None:
    async def ask(key: str, path: str) -> httpx.Response:
        return await client.get(path, headers={"Authorization": f"Bearer {key}"})

    key = await make_key(database, office.id, Scope.ORG_READ)
    assert expect(await ask(key, office.path()), 200)["id"] == str(office.id)
    assert code_of(await ask(key, trial.path()), 404) == "not-found"
    narrow = await make_key(database, office.id, Scope.GRANTS_MANAGE)
    assert code_of(await ask(narrow, office.path()), 403) == "missing-scope"
    test_key = await make_key(database, trial.id, Scope.ORG_READ, kind=tokens.TEST_KEY)
    assert expect(await ask(test_key, trial.path()), 200)["is_test"] is True


async def test_nobody_acts_for_an_organisation_in_the_name_of_a_client(
    office: Office, person: Person, database: Database
) -> None:
    await add_client(database, office.id, person)
    await give_grant(database, office.id, person)
    answer = await office.admin.http.get(office.path(), headers=on_behalf(person))
    assert code_of(answer, 403) == "owner-only"
