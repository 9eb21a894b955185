"""Accepting an invitation over HTTP: once, by one person, and showing nobody anything by it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.auth import events as consent_events
from app.auth import tokens
from app.auth.events import GrantRequested
from app.auth.models import Grant
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Client
from app.domains.coaching.terms import INVITATION_LIFETIME, ClientStatus
from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.accounts.conftest import Mails
from tests.domains.acting import change, code_of, expect, finding_of, get, items, listen
from tests.domains.coaching.conftest import Office, accept
from tests.domains.organizing import add_client, add_member, make_key, on_behalf

ACCEPTANCES = "/v1/invitation-acceptances"


async def clients_of(database: Database, office: Office) -> dict[UUID, Any]:
    """The client rows of an organisation."""
    table = table_of(Client)
    async with database.read(everyone=True) as transaction:
        rows = await transaction.execute(select(table).where(table.c.owner_id == office.id))
        return {row.id: row for row in rows}


async def grants_of(database: Database, person: Person) -> list[Any]:
    table = table_of(Grant)
    async with database.read(everyone=True) as transaction:
        rows = await transaction.execute(select(table).where(table.c.owner_id == person.id))
        return list(rows)


async def refusal(person: Person, token: str) -> str:
    answer = await person.http.post(ACCEPTANCES, json={"token": token})
    return code_of(answer, 422)


async def test_a_member_joins_with_the_mailed_token(
    office: Office, person: Person, mails: Mails
) -> None:
    invited = await office.invite(kind="member", role="admin", name="Kim Sample")
    token = (await mails.one()).token
    joined = await accept(person, token)
    assert joined == {
        "organization_id": str(office.id),
        "organization_name": "Example Career Service",
        "kind": "member",
        "membership_id": joined["membership_id"],
        "grant_id": None,
    }
    member = await get(person, office.path("memberships", joined["membership_id"]))
    assert (member["account_id"], member["name"]) == (str(person.id), "Kim Sample")
    # What colleagues see is the address that was invited, not that of the account.
    assert (member["email"], member["role"]) == ("sam@example.com", "admin")
    assert (await change(person, office.path(), name="Ours"))["name"] == "Ours"
    shown = await get(office.admin, office.path("invitations", invited["id"]))
    assert (shown["status"], shown["account_id"]) == ("accepted", str(person.id))


@pytest.mark.parametrize(
    ("display_name", "name"), [("Kim in private", "Kim in private"), (None, "sam@example.com")]
)
async def test_a_member_without_a_given_name_is_called_as_in_the_profile(
    display_name: str | None, name: str, trial: Office, make_person: MakePerson
) -> None:
    person = await make_person(display_name=display_name)
    invited = await trial.invite(kind="member", role="coach")
    joined = await accept(person, invited["token"])
    member = await get(person, trial.path("memberships", joined["membership_id"]))
    assert member["name"] == name


async def test_a_client_joins_and_shows_nothing_by_that(
    office: Office, person: Person, mails: Mails, database: Database
) -> None:
    await person.record_rejection()
    await office.invite(
        external_id="S-1", cohort="2026 spring", coach_id=str(office.coach_membership)
    )
    joined = await accept(person, (await mails.one()).token)
    assert joined["kind"] == "client"
    assert joined["membership_id"] is joined["grant_id"] is None
    (client,) = (await clients_of(database, office)).values()
    assert (client.id, client.external_id, client.cohort) == (person.id, "S-1", "2026 spring")
    assert (client.coach_id, client.status) == (office.coach_membership, ClientStatus.ACTIVE)
    assert await grants_of(database, person) == []
    seen = await office.coach.http.get("/v1/rejections", headers=on_behalf(person))
    assert code_of(seen, 404) == "not-found"
    # A client does not work for the organisation.
    assert code_of(await person.http.get(office.path()), 404) == "not-found"


@pytest.mark.parametrize("days", [None, 30])
async def test_a_client_is_asked_for_exactly_what_was_named(
    days: int | None, trial: Office, person: Person, database: Database, clock: SetClock
) -> None:
    await change(trial.admin, trial.path(), default_grant_days=200)
    ask = {"categories": ["plans", "wellbeing"], "access": "read", "purpose": "To meet you."}
    invited = await trial.invite(ask=ask | ({"days": days} if days else {}))
    assert invited["ask"] == {**ask, "days": days}
    clock.advance(timedelta(days=3))
    told = listen(database, consent_events)
    joined = await accept(person, invited["token"])
    (grant,) = await grants_of(database, person)
    assert joined["grant_id"] == str(grant.id)
    assert told == [GrantRequested(record_id=grant.id)]
    assert (grant.organization_id, grant.membership_id) == (trial.id, None)
    assert grant.categories == [ConsentCategory.PLANS, ConsentCategory.WELLBEING]
    assert (grant.access, grant.purpose) == (ConsentAccess.READ, "To meet you.")
    assert (grant.status, grant.activated_at) == (GrantStatus.REQUESTED, None)
    assert grant.expires_at == clock.now() + timedelta(days=days or 200)
    seen = await trial.coach.http.get("/v1/recovery-plans", headers=on_behalf(person))
    assert code_of(seen, 404) == "not-found"


async def test_accepting_again_is_answered_the_same_and_changes_nothing(
    trial: Office, person: Person, database: Database, clock: SetClock
) -> None:
    ask = {"categories": ["plans"], "access": "read", "purpose": "To meet you."}
    client = await trial.invite(ask=ask)
    member = await trial.invite(kind="member", role="coach")
    first = [await accept(person, one["token"]) for one in (client, member)]
    seen = await items(trial.admin, trial.path("invitations"))
    clock.advance(INVITATION_LIFETIME)
    assert [await accept(person, one["token"]) for one in (client, member)] == first
    assert await items(trial.admin, trial.path("invitations")) == seen
    assert len(await grants_of(database, person)) == 1
    assert len(await items(person, trial.path("memberships"))) == 3


async def test_of_many_who_hand_in_a_token_at_once_one_joins(
    trial: Office, make_person: MakePerson, database: Database
) -> None:
    people = [await make_person() for _ in range(4)]
    invited = await trial.invite()
    answers = await asyncio.gather(
        *(one.http.post(ACCEPTANCES, json={"token": invited["token"]}) for one in people * 2)
    )
    # The one who joined has sent it twice, and both are answered.
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [422] * 6
    assert len(await clients_of(database, trial)) == 1


async def test_a_token_that_is_not_good_is_refused_alike(
    trial: Office, person: Person, stranger: Person, clock: SetClock
) -> None:
    used = await trial.invite(email="a@example.com")
    await accept(stranger, used["token"])
    expired = await trial.invite(email="b@example.com")
    clock.advance(INVITATION_LIFETIME)
    answers = [
        await person.http.post(ACCEPTANCES, json={"token": token})
        for token in (
            used["token"],
            expired["token"],
            tokens.new_token(tokens.INVITATION).text,
            tokens.new_token(tokens.MAILED).text,
            used["token"].swapcase(),
            "x",
        )
    ]
    assert {code_of(answer, 422) for answer in answers} == {"invitation-refused"}
    assert len({answer.text for answer in answers}) == 1
    for token in ("", "a b", 7, None, "x" * 65):
        answer = await person.http.post(ACCEPTANCES, json={"token": token})
        assert finding_of(answer)[0] == "/token"


async def test_an_invitation_is_good_until_its_last_moment(
    trial: Office, person: Person, clock: SetClock
) -> None:
    invited = await trial.invite()
    clock.advance(INVITATION_LIFETIME - timedelta(microseconds=1))
    assert (await accept(person, invited["token"]))["kind"] == "client"


async def test_a_test_organisation_takes_only_accounts_of_nobody(
    trial: Office, office: Office, make_person: MakePerson, mails: Mails
) -> None:
    email = "somebody@mail.example.edu"
    real = await make_person(email=email, email_key=email)
    invited = await trial.invite()
    answer = await real.http.post(ACCEPTANCES, json={"token": invited["token"]})
    assert code_of(answer, 403) == "synthetic-only"
    shown = await get(trial.admin, trial.path("invitations", invited["id"]))
    assert shown["status"] == "pending"
    await office.invite()
    assert (await accept(real, (await mails.one()).token))["kind"] == "client"


async def test_nobody_accepts_for_somebody_else(
    trial: Office, person: Person, client: httpx.AsyncClient, database: Database
) -> None:
    await add_client(database, trial.id, person)
    invited = await trial.invite()
    body = {"token": invited["token"]}
    key = {"Authorization": f"Bearer {await make_key(database, trial.id, kind='rbk_test_')}"}
    assert code_of(await client.post(ACCEPTANCES, json=body), 401) == "unauthenticated"
    by_program = await client.post(ACCEPTANCES, json=body, headers=key)
    assert code_of(by_program, 403) == "account-not-named"
    for headers in (key | on_behalf(person), on_behalf(person)):
        by_others = await trial.coach.http.post(ACCEPTANCES, json=body, headers=headers)
        assert code_of(by_others, 404) == "not-found"


async def test_a_former_client_comes_back_with_what_the_invitation_says(
    trial: Office, person: Person, database: Database
) -> None:
    await add_client(
        database,
        trial.id,
        person,
        external_id="S-1",
        cohort="2025 autumn",
        coach_id=trial.coach_membership,
        status=ClientStatus.ENDED,
    )
    invited = await trial.invite(external_id="S-1", cohort="2026 spring")
    await accept(person, invited["token"])
    (client,) = (await clients_of(database, trial)).values()
    assert (client.external_id, client.cohort) == ("S-1", "2026 spring")
    assert (client.coach_id, client.status) == (trial.coach_membership, ClientStatus.ACTIVE)


@pytest.mark.parametrize("status", list(ClientStatus))
async def test_an_external_id_goes_over_from_a_former_client_only(
    status: ClientStatus, trial: Office, person: Person, stranger: Person, database: Database
) -> None:
    invited = await trial.invite(external_id="S-1", cohort="2026 spring")
    await add_client(database, trial.id, stranger, external_id="S-1", status=status)
    await accept(person, invited["token"])
    found = await clients_of(database, trial)
    holder = stranger if status is ClientStatus.ACTIVE else person
    assert {one for one, row in found.items() if row.external_id == "S-1"} == {holder.id}
    assert found[person.id].cohort == "2026 spring"


async def test_a_member_who_rests_is_active_again_and_an_active_one_stays_as_they_are(
    trial: Office, person: Person, database: Database
) -> None:
    membership = str(await add_member(database, trial.id, person))
    path = trial.path("memberships", membership)
    as_admin: dict[str, Any] = {"kind": "member", "role": "admin", "name": "Kim Sample"}
    invited = await trial.invite(email="a@example.com", **as_admin)
    before = await get(person, path)
    assert (await accept(person, invited["token"]))["membership_id"] == membership
    assert await get(person, path) == before

    await change(trial.admin, path, status="deactivated")
    invited = await trial.invite(email="b@example.com", **as_admin)
    assert (await accept(person, invited["token"]))["membership_id"] == membership
    member = await get(person, path)
    assert (member["role"], member["status"], member["name"]) == ("admin", "active", "Kim Sample")


async def test_the_same_person_can_work_for_one_and_be_accompanied_by_it(
    trial: Office, person: Person, database: Database
) -> None:
    as_coach: dict[str, Any] = {"kind": "member", "role": "coach"}
    for fields in ({}, as_coach):
        await accept(person, (await trial.invite(**fields))["token"])
    assert set(await clients_of(database, trial)) == {person.id}
    assert len(await items(person, trial.path("memberships"))) == 3
    other = await trial.invite(email="b@example.com")
    assert await refusal(person, tokens.new_token(tokens.INVITATION).text) == "invitation-refused"
    expect(await person.http.post(ACCEPTANCES, json={"token": other["token"]}), 200)
