"""Invitations over HTTP: sent, listed, withdrawn, and held back when they are too many."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, insert, select

from app.auth import tokens
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Invitation
from app.domains.coaching.service.invitations import purge_invitations
from app.domains.coaching.terms import (
    INVITATION_LIFETIME,
    INVITATIONS_KEPT,
    MAX_INVITATIONS_A_DAY,
    ClientStatus,
    InvitationKind,
    InvitationStatus,
)
from app.kit.clock import SetClock
from app.kit.ids import new_id
from app.kit.terms import Language
from tests.conftest import Person
from tests.domains.accounts.conftest import Mails
from tests.domains.acting import (
    change,
    code_of,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
)
from tests.domains.coaching.conftest import Office, accept
from tests.domains.organizing import add_client

ASK = {
    "categories": ["rejections", "plans"],
    "access": "write",
    "purpose": "So that your coach can prepare your meetings.",
    "days": 120,
}


async def test_a_client_is_invited_by_mail(office: Office, mails: Mails) -> None:
    everything = {
        "email": "sam@example.com",
        "kind": "client",
        "name": "Sam Sample",
        "external_id": "S-1042",
        "cohort": "2026 spring",
        "coach_id": str(office.coach_membership),
        "locale": "de",
        "ask": ASK,
    }
    answer = await office.coach.http.post(office.path("invitations"), json=everything)
    sent = expect(answer, 201)
    assert {name: sent[name] for name in everything} == everything
    assert (sent["status"], sent["token"], sent["role"]) == ("pending", None, None)
    assert sent["account_id"] is None
    lifetime = datetime.fromisoformat(sent["expires_at"]) - datetime.fromisoformat(
        sent["created_at"]
    )
    assert lifetime == timedelta(days=14)
    found = await get(office.admin, answer.headers["Location"])
    assert found == {name: value for name, value in sent.items() if name != "token"}

    mail = await mails.one()
    assert mail.to == "sam@example.com"
    assert mail.subject == "Rebound: Eine Einladung"
    assert "Example Career Service" in mail.text
    assert tokens.is_well_formed(mail.token, tokens.INVITATION)
    # Nothing that somebody typed for one person, and nothing of a job or a rejection.
    for word in ("Sam", "S-1042", "spring", ASK["purpose"], "Absage", "Bewerbung"):
        assert str(word) not in mail.text


@pytest.mark.parametrize(
    ("header", "locale", "word"), [("de", None, "Organisation"), ("de", "en", "organisation")]
)
async def test_a_member_is_invited_in_the_language_of_the_request_or_another(
    header: str, locale: str | None, word: str, office: Office, mails: Mails
) -> None:
    body = {"email": "kim@example.com", "kind": "member", "role": "coach"}
    given = {"locale": locale} if locale else {}
    answer = await office.admin.http.post(
        office.path("invitations"), json=body | given, headers={"Accept-Language": header}
    )
    assert expect(answer, 201)["locale"] == (locale or header)
    mail = await mails.one()
    assert word in mail.text
    assert "Example Career Service" in mail.text


async def test_the_name_of_an_organisation_stays_one_line_of_the_mail(
    office: Office, mails: Mails
) -> None:
    await change(office.admin, office.path(), name="{token} {base_url}\u2028Bcc: x@example.com")
    await office.invite()
    mail = await mails.one()
    assert mail.subject == "Rebound: An invitation"
    assert "{token} {base_url}" in mail.text
    assert mail.token.startswith("rbi_")


async def test_who_may_invite_whom(
    office: Office, program: httpx.AsyncClient, stranger: Person, mails: Mails
) -> None:
    path = office.path("invitations")
    client = {"email": "sam@example.com", "kind": "client"}
    member = {"email": "kim@example.com", "kind": "member", "role": "admin"}
    assert code_of(await office.coach.http.post(path, json=member), 403) == "role-missing"
    assert code_of(await program.post(path, json=member), 403) == "role-missing"
    assert code_of(await stranger.http.post(path, json=client), 404) == "not-found"
    assert await mails.fresh() == []
    by_program = expect(await program.post(path, json=client), 201)
    by_coach = await office.invite(office.coach, "sam2@example.com")
    by_admin = await office.invite(email="kim@example.com", kind="member", role="admin")
    assert [mail.to for mail in await mails.fresh()] == [
        one["email"] for one in (by_program, by_coach, by_admin)
    ]
    # A coach and a program may not withdraw what they may not send.
    one = f"{path}/{by_admin['id']}"
    assert code_of(await patch(office.coach, one, status="withdrawn"), 403) == "role-missing"
    refused = await program.patch(one, json={"status": "withdrawn"}, headers={"If-Match": "*"})
    assert code_of(refused, 403) == "role-missing"
    assert (await change(office.admin, one, status="withdrawn"))["status"] == "withdrawn"


async def test_an_analyst_sees_no_invitations(office: Office) -> None:
    path = office.path("memberships", office.coach_membership)
    await change(office.admin, path, role="analyst")
    invited = await office.invite()
    for part in ((), (invited["id"],)):
        refused = await office.coach.http.get(office.path("invitations", *part))
        assert code_of(refused, 403) == "role-missing"


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"kind": "member"}, ("/role", "missing")),
        ({"role": "coach"}, ("/role", "only_for_members")),
        ({"kind": "member", "role": "coach", "ask": ASK}, ("/ask", "only_for_clients")),
        ({"kind": "member", "role": "coach", "cohort": "a"}, ("/cohort", "only_for_clients")),
        ({"coach_id": str(uuid4())}, ("/coach_id", "unknown")),
        ({"email": "sam"}, ("/email", "rule")),
        ({"ask": {**ASK, "categories": []}}, ("/ask/categories", "too_short")),
        ({"ask": {**ASK, "categories": ["plans"] * 2}}, ("/ask/categories", "repeated_item")),
        ({"ask": {**ASK, "days": 366}}, ("/ask/days", "less_than_equal")),
        ({"ask": {"access": "read", "purpose": "x"}}, ("/ask/categories", "missing")),
    ],
)
async def test_what_cannot_be_meant_is_refused_where_it_stands(
    fields: dict[str, Any], finding: tuple[str, str], office: Office, mails: Mails
) -> None:
    body = {"email": "sam@example.com", "kind": "client", **fields}
    answer = await office.admin.http.post(office.path("invitations"), json=body)
    assert finding_of(answer) == finding
    assert await mails.fresh() == []


async def test_a_coach_of_another_organisation_is_unknown(office: Office, trial: Office) -> None:
    body = {"email": "a@example.com", "kind": "client", "coach_id": str(trial.coach_membership)}
    answer = await office.admin.http.post(office.path("invitations"), json=body)
    assert finding_of(answer) == ("/coach_id", "unknown")


async def test_an_address_has_one_open_invitation_of_a_kind(
    office: Office, trial: Office, clock: SetClock
) -> None:
    path = office.path("invitations")
    first = await office.invite(email="Sam@example.com")
    again = {"email": "sam@EXAMPLE.com", "kind": "client"}
    assert code_of(await office.admin.http.post(path, json=again), 409) == "already-invited"
    await office.invite(email="sam@example.com", kind="member", role="coach")
    await trial.invite(email="sam@example.com")

    await change(office.admin, f"{path}/{first['id']}", status="withdrawn")
    second = await office.invite(email="sam@example.com")
    clock.advance(INVITATION_LIFETIME)
    third = await office.invite(email="sam@example.com")
    shown = {one["id"]: one["status"] for one in await items(office.admin, path, kind="client")}
    assert shown == {first["id"]: "withdrawn", second["id"]: "expired", third["id"]: "pending"}


async def test_an_external_id_names_one_person(
    office: Office, person: Person, stranger: Person, database: Database, clock: SetClock
) -> None:
    path = office.path("invitations")
    await add_client(database, office.id, person, external_id="S-1")
    await add_client(database, office.id, stranger, external_id="S-2", status=ClientStatus.ENDED)
    invited = await office.invite(external_id="S-3")
    for taken in ("S-1", "S-3"):
        body = {"email": "b@example.com", "kind": "client", "external_id": taken}
        answer = await office.admin.http.post(path, json=body)
        assert code_of(answer, 409) == "external-id-taken"
    await office.invite(email="c@example.com", external_id="S-2")  # A former client comes back.
    await change(office.admin, f"{path}/{invited['id']}", status="withdrawn")
    await office.invite(email="d@example.com", external_id="S-3")
    clock.advance(INVITATION_LIFETIME)
    await office.invite(email="e@example.com", external_id="S-3")


async def test_the_list_finds_by_kind_role_and_status(
    trial: Office, person: Person, clock: SetClock
) -> None:
    path = trial.path("invitations")
    expired = await trial.invite(email="a@example.com")
    clock.advance(INVITATION_LIFETIME)
    withdrawn = await trial.invite(email="b@example.com", kind="member", role="analyst")
    await change(trial.admin, f"{path}/{withdrawn['id']}", status="withdrawn")
    clock.advance(timedelta(minutes=1))
    accepted = await trial.invite(email="c@example.com", kind="member", role="coach")
    await accept(person, accepted["token"])
    clock.advance(timedelta(minutes=1))
    pending = await trial.invite(email="d@example.com")
    named = {
        one["id"]: name
        for one, name in (
            (expired, "expired"),
            (withdrawn, "withdrawn"),
            (accepted, "accepted"),
            (pending, "pending"),
        )
    }
    found: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["pending", "accepted", "withdrawn", "expired"]),
        ({"sort": "created_at"}, ["expired", "withdrawn", "accepted", "pending"]),
        *(({"status": name}, [name]) for name in named.values()),
        ({"kind": "client"}, ["pending", "expired"]),
        ({"kind": "client", "status": "expired"}, ["expired"]),
        ({"kind": "member", "status": "pending"}, []),
        ({"role": "coach"}, ["accepted"]),
    ]
    for params, names in found:
        whole = await items(trial.admin, path, **params)
        assert [named[one["id"]] for one in whole] == names, params
        assert [one["status"] for one in whole] == names
        for one in whole:
            assert await get(trial.coach, f"{path}/{one['id']}") == one
            assert "token" not in one
        if names:
            assert await pages(trial.admin, path, limit=1, **params) == whole


async def test_only_an_open_invitation_is_withdrawn(
    trial: Office, person: Person, clock: SetClock
) -> None:
    path = trial.path("invitations")
    accepted = await trial.invite(email="a@example.com")
    await accept(person, accepted["token"])
    withdrawn = await trial.invite(email="b@example.com")
    one = f"{path}/{withdrawn['id']}"
    stale = await trial.admin.http.patch(
        one, json={"status": "withdrawn"}, headers={"If-Match": '"1"'}
    )
    assert code_of(stale, 412) == "precondition-failed"
    not_yours = await patch(trial.admin, one, status="accepted")
    assert code_of(not_yours, 409) == "invalid-transition"
    assert not_yours.json()["allowed"] == ["withdrawn"]
    changed = await change(trial.coach, one, status="withdrawn")
    assert await change(trial.coach, one, status="withdrawn") == changed
    expired = await trial.invite(email="c@example.com")
    clock.advance(INVITATION_LIFETIME)
    for invitation in (accepted, expired):
        answer = await patch(trial.admin, f"{path}/{invitation['id']}", status="withdrawn")
        assert code_of(answer, 409) == "invalid-transition"
        assert answer.json()["allowed"] == []
    again = await patch(trial.admin, f"{path}/{expired['id']}", status="expired")
    assert expect(again, 200)["status"] == "expired"
    refused = await person.http.post(
        "/v1/invitation-acceptances", json={"token": withdrawn["token"]}
    )
    assert code_of(refused, 422) == "invitation-refused"


async def test_a_test_organisation_mails_nobody_and_hands_out_the_token(
    trial: Office, mails: Mails
) -> None:
    for email in ("sam@example.com", "sam@mail.example.org", "sam@sample.example"):
        sent = await trial.invite(email=email)
        assert tokens.is_well_formed(sent["token"], tokens.INVITATION)
    for email in ("sam@example.edu", "sam@notexample.com", "sam@example.com.de"):
        body = {"email": email, "kind": "client"}
        answer = await trial.admin.http.post(trial.path("invitations"), json=body)
        assert finding_of(answer) == ("/email", "not_reserved")
    assert await mails.fresh() == []


async def test_the_token_is_stored_as_its_hash_only(trial: Office, database: Database) -> None:
    sent = await trial.invite()
    async with database.read(everyone=True) as transaction:
        row = (await transaction.execute(select(table_of(Invitation)))).one()
    assert row.token_hash == tokens.digest_of(sent["token"])
    assert sent["token"] not in repr(row)


async def test_a_lost_answer_is_sent_again_by_its_key(office: Office, mails: Mails) -> None:
    body = {"email": "sam@example.com", "kind": "client"}
    path, key = office.path("invitations"), {"Idempotency-Key": "once"}
    first = await office.admin.http.post(path, json=body, headers=key)
    again = await office.admin.http.post(path, json=body, headers=key)
    assert expect(first, 201) == expect(again, 201)
    assert len(await mails.fresh()) == 1


async def test_five_invitations_a_day_go_to_one_address(
    office: Office, trial: Office, clock: SetClock, mails: Mails
) -> None:
    path = office.path("invitations")
    for _ in range(5):
        sent = await office.invite()
        await change(office.admin, f"{path}/{sent['id']}", status="withdrawn")
        clock.advance(timedelta(hours=1))
    body = {"email": "SAM@example.com", "kind": "client"}
    refused = await office.admin.http.post(path, json=body)
    assert code_of(refused, 429) == "too-many-requests"
    assert int(refused.headers["Retry-After"]) == timedelta(hours=19).total_seconds()
    await office.invite(email="other@example.com")
    await trial.invite()
    clock.advance(timedelta(hours=19))
    await office.invite()
    assert len(await mails.fresh()) == 7


async def test_two_thousand_invitations_a_day_leave_an_organisation(
    office: Office, trial: Office, clock: SetClock, database: Database
) -> None:
    now = clock.now()

    def row(number: int) -> dict[str, Any]:
        return {
            "owner_id": office.id,
            "id": new_id(),
            "token_hash": uuid4().bytes * 2,
            "kind": InvitationKind.CLIENT,
            "email": f"s{number}@example.com",
            "email_key": f"s{number}@example.com",
            "locale": Language.EN,
            "status": InvitationStatus.ACCEPTED,
            "expires_at": now,
            "created_at": now,
            "updated_at": now,
            "revision": 1,
        }

    async with database.write(everyone=True) as transaction:
        transaction.enter(office.id)
        rows = [row(number) for number in range(MAX_INVITATIONS_A_DAY - 1)]
        await transaction.execute(insert(table_of(Invitation)), rows)
    await office.invite()
    body = {"email": "late@example.com", "kind": "client"}
    refused = await office.admin.http.post(office.path("invitations"), json=body)
    assert code_of(refused, 429) == "too-many-requests"
    assert int(refused.headers["Retry-After"]) == 24 * 3600
    await trial.invite(email="late@example.com")
    clock.advance(timedelta(hours=24))
    await office.invite(email="late@example.com")


async def test_what_nobody_accepted_is_forgotten_after_a_while(
    trial: Office, person: Person, database: Database, clock: SetClock
) -> None:
    accepted = await trial.invite(email="a@example.com")
    await accept(person, accepted["token"])
    withdrawn = await trial.invite(email="b@example.com")
    path = trial.path("invitations")
    await change(trial.admin, f"{path}/{withdrawn['id']}", status="withdrawn")
    await trial.invite(email="c@example.com")

    async def left() -> int:
        async with database.read(everyone=True) as transaction:
            found = await transaction.execute(
                select(func.count()).select_from(table_of(Invitation))
            )
            return int(found.scalar_one())

    clock.advance(INVITATION_LIFETIME + INVITATIONS_KEPT)
    await purge_invitations(database)
    assert await left() == 3
    clock.advance(timedelta(seconds=1))
    for _ in range(2):
        await purge_invitations(database)
        assert await left() == 1
    assert [one["id"] for one in await items(trial.admin, path)] == [accepted["id"]]
