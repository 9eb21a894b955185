"""Signing up: open, verified by mail, or closed."""

import asyncio

import httpx
import pytest
from sqlalchemy import func, select

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.models import Account as AccountModel
from app.domains.accounts.models import PendingSignUp
from app.kit.clock import SetClock
from tests.domains.accounts.conftest import PASSWORD, Account, Mails, sign_in

VERIFIED = {"sign_up": "verified"}
verified = pytest.mark.parametrize("changed_settings", [VERIFIED], ids=["verified"])


async def ask(
    client: httpx.AsyncClient, email: str = "sam@example.com", **more: object
) -> httpx.Response:
    return await client.post("/v1/accounts", json={"email": email, "password": PASSWORD, **more})


async def count(database: Database, model: type) -> int:
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(select(func.count()).select_from(table_of(model)))
        return int(found.scalar_one())


async def test_an_address_and_a_password_are_enough(client: httpx.AsyncClient) -> None:
    answer = await ask(client)
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/v1/me"
    assert answer.headers["Cache-Control"] == "no-store"
    me = answer.json()
    assert {name: me[name] for name in me if name not in ("id", "created_at", "updated_at")} == {
        "revision": 1,
        "email": "sam@example.com",
        "email_verified_at": None,
        "display_name": None,
        "locale": "en",
        "time_zone": "UTC",
        "country": None,
        "pause_hours": 48,
        "allow_during_pause": True,
        "quiet_hours": None,
        "wellbeing_tracking": False,
        "wellbeing_tracking_set_at": None,
        "values": [],
        "next_actions_per_day": 3,
    }


async def test_what_is_given_becomes_the_profile(client: httpx.AsyncClient) -> None:
    answer = await ask(
        client, display_name="Sam", time_zone="Europe/Vienna", locale="de-AT", country="AT"
    )
    me = answer.json()
    assert (me["display_name"], me["time_zone"], me["locale"], me["country"]) == (
        "Sam",
        "Europe/Vienna",
        "de-AT",
        "AT",
    )


async def test_the_first_answer_is_what_me_shows_later(client: httpx.AsyncClient) -> None:
    created = await ask(client)
    account = await Account(client, "sam@example.com").sign_in()
    assert (await account.me()).json() == created.json()


@pytest.mark.parametrize("again", ["sam@example.com", "SAM@EXAMPLE.COM"])
async def test_an_address_has_one_account_whatever_its_case(
    client: httpx.AsyncClient, database: Database, again: str
) -> None:
    await ask(client)
    answer = await ask(client, again)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/email-taken")
    assert "sam" not in answer.text.lower()
    assert await count(database, AccountModel) == 1


async def test_of_many_who_sign_up_with_one_address_at_once_one_gets_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    answers = await asyncio.gather(*(ask(client) for _ in range(6)))
    assert sorted(a.status_code for a in answers) == [201, 409, 409, 409, 409, 409]
    assert await count(database, AccountModel) == 1


async def test_the_mail_after_signing_up_verifies_the_address(
    client: httpx.AsyncClient, mails: Mails, clock: SetClock
) -> None:
    await ask(client, "Sam@Example.com")
    mail = await mails.one()
    assert mail.to == "Sam@example.com"
    assert "http://127.0.0.1:8000/v1/email-verifications" in mail.text
    answer = await client.post("/v1/email-verifications", json={"token": mail.token})
    assert (answer.status_code, answer.json()) == (200, {"status": "email_verified"})
    me = (await (await Account(client, "sam@example.com").sign_in()).me()).json()
    assert me["email_verified_at"] == clock.now().isoformat().replace("+00:00", "Z")
    assert me["revision"] == 2


async def test_mails_are_written_in_the_language_of_the_profile(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    await ask(client, locale="de-CH")
    assert (await mails.one()).subject == "Rebound: Bitte bestätige deine E-Mail-Adresse"


async def test_no_mail_repeats_what_somebody_typed(client: httpx.AsyncClient, mails: Mails) -> None:
    await ask(client, display_name="Win at evil.example")
    assert "evil" not in (await mails.one()).text


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"email": "no address"}, "/email", "rule"),
        ({"email": "a\r\nBcc: b@example.com"}, "/email", "rule"),
        ({"email": "x" * 250 + "@example.com"}, "/email", "rule"),
        ({"email": 5}, "/email", "rule"),
        ({"password": "x" * 14}, "/password", "string_too_short"),
        ({"password": "x" * 129}, "/password", "string_too_long"),
        ({"password": "tab\tbetween the words"}, "/password", "control_character"),
        ({"password": "password1234567"}, "/password", "weak_password"),
        ({"password": "PasswordPassword"}, "/password", "weak_password"),
        ({"password": "sam.smith.2@example.com"}, "/password", "weak_password"),
        ({"password": "reboundreboundrebound"}, "/password", "weak_password"),
        ({"locale": "english please"}, "/locale", "rule"),
        ({"country": "XX"}, "/country", "rule"),
        ({"country": "de"}, "/country", "rule"),
        ({"time_zone": "Mars/Base"}, "/time_zone", "time_zone"),
        ({"time_zone": None}, "/time_zone", "time_zone"),
        ({"display_name": ""}, "/display_name", "string_too_short"),
        ({"is_admin": True}, "/is_admin", "extra_forbidden"),
    ],
)
async def test_what_is_not_acceptable_is_told_without_repeating_it(
    client: httpx.AsyncClient,
    database: Database,
    body: dict[str, object],
    pointer: str,
    code: str,
) -> None:
    answer = await client.post(
        "/v1/accounts", json={"email": "sam.smith@example.com", "password": PASSWORD, **body}
    )
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
    sent = next(iter(body.values()))
    assert not isinstance(sent, str) or len(sent) < 3 or sent not in answer.text
    assert await count(database, AccountModel) == 0


@pytest.mark.parametrize("changed_settings", [{"sign_up": "closed"}], ids=["closed"])
async def test_a_closed_service_takes_no_accounts(
    client: httpx.AsyncClient, database: Database
) -> None:
    answer = await ask(client)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/sign-up-closed")
    assert await count(database, AccountModel) == 0


@verified
async def test_with_verification_the_mailed_token_opens_the_account(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    answer = await ask(client, display_name="Sam", time_zone="Europe/Berlin", country="DE")
    assert (answer.status_code, answer.json()) == (202, {"status": "verification_sent"})
    assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 401
    token = (await mails.one()).token
    opened = await client.post("/v1/email-verifications", json={"token": token})
    assert (opened.status_code, opened.json()) == (200, {"status": "account_created"})
    me = (await (await Account(client, "sam@example.com").sign_in()).me()).json()
    assert (me["display_name"], me["time_zone"], me["country"]) == ("Sam", "Europe/Berlin", "DE")
    assert me["email_verified_at"] is not None


@verified
async def test_with_verification_known_and_unknown_addresses_get_the_same_answer(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    await ask(client)
    token = (await mails.one()).token
    await client.post("/v1/email-verifications", json={"token": token})

    known, unknown = await ask(client), await ask(client, "kim@example.com")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    by_address = {mail.to: mail for mail in await mails.fresh()}
    assert by_address["sam@example.com"].subject == "Rebound: You already have an account"
    assert "rbm_" not in by_address["sam@example.com"].text
    assert by_address["kim@example.com"].token


@verified
async def test_a_stranger_who_signs_up_with_an_address_cannot_void_its_owners_token(
    client: httpx.AsyncClient, mails: Mails, database: Database
) -> None:
    await ask(client)
    token = (await mails.one()).token
    body = {"email": "sam@example.com", "password": "the password of a stranger"}
    await client.post("/v1/accounts", json=body)
    strangers = (await mails.one()).token

    await client.post("/v1/email-verifications", json={"token": token})
    await Account(client, "sam@example.com").sign_in()
    late = await client.post("/v1/email-verifications", json={"token": strangers})
    assert (late.status_code, late.json()["type"]) == (422, "/problems/mailed-token-refused")
    assert await count(database, PendingSignUp) == 0


@verified
async def test_nobody_can_flood_a_mailbox_by_signing_up_with_its_address(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    answers = [await ask(client) for _ in range(7)]
    assert {(a.status_code, a.content) for a in answers} == {
        (202, b'{"status":"verification_sent"}')
    }
    assert len(await mails.fresh()) == 5
