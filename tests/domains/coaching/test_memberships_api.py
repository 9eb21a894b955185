"""Members over HTTP: added, changed, resting, leaving, and never the last admin."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from app.auth import events as consent_events
from app.auth.events import GrantRevoked
from app.auth.models import Grant
from app.auth.terms import GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.terms import MembershipStatus
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    change,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    listen,
    pages,
    patch,
    post,
)
from tests.domains.coaching.conftest import Office, accept
from tests.domains.organizing import add_client, add_member, give_grant, on_behalf

KIM: dict[str, Any] = {"role": "coach", "name": "Kim Sample", "email": "kim@example.com"}


async def statuses_of(database: Database, *grants: UUID) -> list[GrantStatus]:
    """How grants stand, in the order asked for."""
    table = table_of(Grant)
    async with database.read(everyone=True) as transaction:
        rows = await transaction.execute(select(table).where(table.c.id.in_(grants)))
        found = {row.id: row for row in rows}
    for grant in found.values():
        assert (grant.ended_at is None) == (grant.status is not GrantStatus.REVOKED)
    return [found[one].status for one in grants]


async def test_every_member_sees_all_of_them(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    analyst = await make_person()
    analyst_id = await add_member(database, office.id, analyst, OrganizationRole.ANALYST)
    path = office.path("memberships")
    everybody = {str(office.admin_membership), str(office.coach_membership), str(analyst_id)}
    for member in (office.admin, office.coach, analyst):
        found = await items(member, path)
        assert {one["id"] for one in found} == everybody
        assert await pages(member, path, limit=1) == found
        assert await get(member, f"{path}/{analyst_id}") == next(
            one for one in found if one["id"] == str(analyst_id)
        )
    assert [one["id"] for one in await items(analyst, path, role="admin")] == [
        str(office.admin_membership)
    ]
    await change(office.admin, f"{path}/{analyst_id}", status="deactivated")
    for status, count in (("deactivated", 1), ("active", 2)):
        assert len(await items(office.coach, path, status=status)) == count
    newest_first = await items(office.coach, path, sort="-created_at")
    assert newest_first == (await items(office.coach, path))[::-1]


async def test_a_member_of_another_organisation_is_not_found(office: Office, trial: Office) -> None:
    path = office.path("memberships", trial.coach_membership)
    assert code_of(await office.admin.http.get(path), 404) == "not-found"
    assert code_of(await patch(office.admin, path, role="admin"), 404) == "not-found"
    gone = await office.admin.http.delete(path, headers={"If-Match": "*"})
    assert code_of(gone, 404) == "not-found"


async def test_only_known_accounts_are_added_and_only_once(
    office: Office, person: Person, stranger: Person, database: Database
) -> None:
    path = office.path("memberships")
    await add_client(database, office.id, person)
    for account_id in (stranger.id, uuid4()):
        unknown = {**KIM, "account_id": str(account_id)}
        answer = await office.admin.http.post(path, json=unknown)
        assert finding_of(answer) == ("/account_id", "unknown")
    known = {**KIM, "account_id": str(person.id)}
    assert code_of(await office.coach.http.post(path, json=known), 403) == "role-missing"
    answer = await office.admin.http.post(path, json=known)
    member = expect(answer, 201)
    assert {name: member[name] for name in known} == known
    assert member["status"] == "active"
    assert await get(office.admin, answer.headers["Location"]) == member
    again = await office.admin.http.post(path, json=known)
    assert code_of(again, 409) == "already-member"
    assert again.json()["membership_id"] == member["id"]
    assert len(await items(person, path)) == 3


async def test_somebody_who_was_a_member_before_can_be_added_again(
    trial: Office, person: Person
) -> None:
    invited = await trial.invite(kind="member", role="coach")
    joined = await accept(person, invited["token"])
    path = trial.path("memberships")
    await delete(trial.admin, f"{path}/{joined['membership_id']}")
    assert code_of(await person.http.get(path), 404) == "not-found"
    member = await post(trial.admin, path, **KIM, account_id=str(person.id))
    assert member["id"] != joined["membership_id"]
    assert len(await items(person, path)) == 3


async def test_admins_change_roles_and_names_and_others_do_not(office: Office) -> None:
    path = office.path("memberships", office.coach_membership)
    refused = await patch(office.coach, path, role="admin")
    assert code_of(refused, 403) == "role-missing"
    member = await change(office.admin, path, role="admin", name="Kim Sample")
    assert (member["role"], member["name"], member["status"]) == ("admin", "Kim Sample", "active")
    assert (await change(office.coach, office.path(), name="Ours"))["name"] == "Ours"
    stale = await office.admin.http.patch(
        path, json={"role": "analyst"}, headers={"If-Match": '"1"'}
    )
    assert code_of(stale, 412) == "precondition-failed"
    await change(office.admin, path, role="analyst")
    assert code_of(await patch(office.coach, office.path(), name="Mine"), 403) == "role-missing"


async def test_the_last_active_admin_stays_one(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    resting = await make_person()
    await add_member(
        database, office.id, resting, OrganizationRole.ADMIN, MembershipStatus.DEACTIVATED
    )
    path = office.path("memberships", office.admin_membership)
    for changes in ({"role": "coach"}, {"status": "deactivated"}, {"role": "analyst", "name": "X"}):
        assert code_of(await patch(office.admin, path, **changes), 409) == "last-admin"
    gone = await office.admin.http.delete(path, headers={"If-Match": "*"})
    assert code_of(gone, 409) == "last-admin"
    assert (await change(office.admin, path, name="Alex Sample"))["role"] == "admin"

    other = office.path("memberships", office.coach_membership)
    await change(office.admin, other, role="admin")
    assert (await change(office.admin, path, role="coach"))["role"] == "coach"
    assert code_of(await patch(office.coach, other, role="coach"), 409) == "last-admin"


async def test_of_two_admins_who_leave_at_once_one_stays(office: Office) -> None:
    paths = {
        one: office.path("memberships", membership)
        for one, membership in (
            ("admin", office.admin_membership),
            ("coach", office.coach_membership),
        )
    }
    await change(office.admin, paths["coach"], role="admin")
    answers = await asyncio.gather(
        office.admin.http.delete(paths["admin"], headers={"If-Match": "*"}),
        office.coach.http.delete(paths["coach"], headers={"If-Match": "*"}),
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]


@pytest.mark.parametrize("way", ["deactivated", "removed"])
async def test_what_was_granted_to_a_member_alone_ends_with_them(
    way: str, office: Office, make_person: MakePerson, database: Database
) -> None:
    clients = sorted([await make_person() for _ in range(3)], key=lambda one: one.id)
    revoked = []
    for client, status in zip(clients, ("active", "requested", "active"), strict=True):
        await add_client(database, office.id, client)
        revoked.append(
            await give_grant(
                database,
                office.id,
                client,
                membership_id=office.coach_membership,
                status=GrantStatus(status),
            )
        )
    ended = await give_grant(
        database,
        office.id,
        clients[0],
        membership_id=office.coach_membership,
        status=GrantStatus.DECLINED,
    )
    to_admin = await give_grant(
        database, office.id, clients[1], membership_id=office.admin_membership
    )
    to_all = await give_grant(database, office.id, clients[2])
    rejection = await clients[0].record_rejection()
    reading = f"/v1/rejections/{rejection['id']}"
    expect(await office.coach.http.get(reading, headers=on_behalf(clients[0])), 200)

    told = listen(database, consent_events)
    path = office.path("memberships", office.coach_membership)
    if way == "deactivated":
        member = await change(office.admin, path, status="deactivated")
        assert member["status"] == "deactivated"
    else:
        await delete(office.admin, path)

    assert told == [GrantRevoked(record_id=one) for one in revoked]
    kept = [GrantStatus.DECLINED, GrantStatus.ACTIVE, GrantStatus.ACTIVE]
    assert await statuses_of(database, *revoked) == [GrantStatus.REVOKED] * 3
    assert await statuses_of(database, ended, to_admin, to_all) == kept
    refused = await office.coach.http.get(reading, headers=on_behalf(clients[0]))
    assert code_of(refused, 404) == "not-found"
    assert code_of(await office.coach.http.get(office.path()), 404) == "not-found"

    if way == "deactivated":
        await change(office.admin, path, status="active")
        assert await statuses_of(database, *revoked) == [GrantStatus.REVOKED] * 3
        refused = await office.coach.http.get(reading, headers=on_behalf(clients[0]))
        assert code_of(refused, 404) == "not-found"


async def test_a_change_of_name_ends_nothing(
    office: Office, person: Person, database: Database
) -> None:
    grant = await give_grant(database, office.id, person, membership_id=office.coach_membership)
    path = office.path("memberships", office.coach_membership)
    await change(office.admin, path, name="Kim Sample", status="active")
    assert await statuses_of(database, grant) == [GrantStatus.ACTIVE]


async def test_a_member_leaves_but_removes_nobody_else(office: Office, trial: Office) -> None:
    coach, admin = office.coach_membership, office.admin_membership
    other = await office.coach.http.delete(
        office.path("memberships", admin), headers={"If-Match": "*"}
    )
    assert code_of(other, 403) == "role-missing"
    outside = await trial.admin.http.delete(
        office.path("memberships", coach), headers={"If-Match": "*"}
    )
    assert code_of(outside, 404) == "not-found"
    await delete(office.coach, office.path("memberships", coach))
    assert code_of(await office.coach.http.get(office.path()), 404) == "not-found"
    assert [one["id"] for one in await items(office.admin, office.path("memberships"))] == [
        str(admin)
    ]


async def test_a_program_reads_members_and_changes_none(
    program: httpx.AsyncClient, office: Office, person: Person, database: Database
) -> None:
    await add_client(database, office.id, person)
    path = office.path("memberships")
    found: list[dict[str, Any]] = expect(await program.get(path), 200)["items"]
    assert len(found) == 2
    one, any_revision = f"{path}/{office.coach_membership}", {"If-Match": "*"}
    for answer in (
        await program.post(path, json={**KIM, "account_id": str(person.id)}),
        await program.patch(one, json={"role": "admin"}, headers=any_revision),
        await program.delete(one, headers=any_revision),
    ):
        assert code_of(answer, 403) == "role-missing"
    assert expect(await program.get(path), 200)["items"] == found
