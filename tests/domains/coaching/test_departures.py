"""Deleting an account that organisations have to do with."""

from typing import Any

from sqlalchemy import select

from app.auth import events as consent_events
from app.auth.events import GrantRevoked
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.events import StoredEvent
from app.db.transaction import Database
from app.domains.coaching import events
from app.domains.coaching.events import ClientAccountDeleted
from app.domains.coaching.models import Client, Invitation
from tests.conftest import MakePerson, Person
from tests.domains.acting import code_of, delete, get, items, listen
from tests.domains.coaching.conftest import Office, accept
from tests.domains.organizing import add_client, add_member, give_grant


async def rows(database: Database, model: Any) -> list[Any]:
    async with database.read(everyone=True) as transaction:
        return list(await transaction.execute(select(table_of(model))))


async def test_each_organisation_is_told_of_a_client_who_is_gone(
    office: Office, trial: Office, person: Person, stranger: Person, database: Database
) -> None:
    for organization in (office, trial):
        await add_client(database, organization.id, person)
    await add_client(database, office.id, stranger)
    await give_grant(database, office.id, person)
    before = (await get(office.admin, office.path()))["revision"]
    told = listen(database, events)
    await delete(person, "/v1/me")

    assert told == [ClientAccountDeleted(record_id=person.id)] * 2
    stored = [one for one in await rows(database, StoredEvent) if one.type == "account.deleted"]
    assert {one.owner_id for one in stored} == {office.id, trial.id}
    for one in stored:
        assert (one.collection, one.record_id) == ("clients", person.id)
        assert one.revision > before
        assert one.dispatched_at is None
    assert [one.id for one in await rows(database, Client)] == [stranger.id]


async def test_a_deletion_that_is_refused_tells_nobody(
    office: Office, person: Person, database: Database
) -> None:
    await add_client(database, office.id, person)
    refused = await person.http.delete("/v1/me", headers={"If-Match": '"0"'})
    assert code_of(refused, 412) == "precondition-failed"
    assert [one.type for one in await rows(database, StoredEvent)] == []
    assert len(await rows(database, Client)) == 1


async def test_a_coach_who_is_gone_leaves_clients_without_one(
    office: Office, trial: Office, person: Person, database: Database
) -> None:
    await add_client(database, office.id, person, coach_id=office.coach_membership)
    invited = await office.invite(coach_id=str(office.coach_membership))
    other = await add_member(database, trial.id, office.coach)
    to_coach = [
        await give_grant(database, office.id, person, membership_id=office.coach_membership),
        await give_grant(database, trial.id, person, membership_id=other),
    ]
    to_all = await give_grant(database, office.id, person)
    told = listen(database, consent_events)
    await delete(office.coach, "/v1/me")

    assert {one.record_id for one in told if isinstance(one, GrantRevoked)} == set(to_coach)
    assert to_all not in to_coach
    (client,) = await rows(database, Client)
    assert (client.id, client.coach_id) == (person.id, None)
    found = await get(office.admin, office.path("invitations", invited["id"]))
    assert found["coach_id"] is None
    assert [one["id"] for one in await items(office.admin, office.path("memberships"))] == [
        str(office.admin_membership)
    ]


async def test_an_accepted_invitation_goes_with_its_account(
    trial: Office, person: Person, database: Database
) -> None:
    await accept(person, (await trial.invite(email="a@example.com"))["token"])
    kept = await trial.invite(email="b@example.com")
    await delete(person, "/v1/me")
    assert [str(one.id) for one in await rows(database, Invitation)] == [kept["id"]]


async def test_nobody_is_held_in_an_account_by_being_the_last_admin(
    office: Office, make_person: MakePerson, database: Database
) -> None:
    analyst = await make_person()
    await add_member(database, office.id, analyst, OrganizationRole.ANALYST)
    await delete(office.admin, "/v1/me")
    roles = [one["role"] for one in await items(analyst, office.path("memberships"))]
    assert sorted(roles) == ["analyst", "coach"]
