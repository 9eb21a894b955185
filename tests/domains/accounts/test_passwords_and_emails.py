"""Changing the password, forgetting it, and changing the address."""

import asyncio
import json
from datetime import timedelta
from io import StringIO

import httpx
import pytest
from sqlalchemy import func, select

from app.auth import tokens
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.models import MailedToken, PendingSignUp
from app.domains.accounts.service import purge_expired
from app.kit.clock import SetClock
from tests.domains.accounts.conftest import PASSWORD, Account, Mails, SignUp, sign_in

NEW = "another walk along the river"
SENT = {"status": "verification_sent"}


async def ask_reset(client: httpx.AsyncClient, email: str = "sam@example.com") -> httpx.Response:
    return await client.post("/v1/password-resets", json={"email": email})


async def confirm_reset(
    client: httpx.AsyncClient, token: str, password: str = NEW
) -> httpx.Response:
    body = {"token": token, "new_password": password}
    return await client.post("/v1/password-reset-confirmations", json=body)


async def verify(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/v1/email-verifications", json={"token": token})


async def change_email(account: Account, new_email: str = "new@example.com") -> httpx.Response:
    body = {"new_email": new_email, "password": account.password}
    return await account.post("/v1/me/email-changes", body)


def assert_refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/mailed-token-refused")


# Changing the password


async def test_a_new_password_signs_everyone_out(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    other = await Account(client, account.email).sign_in()
    body = {"current_password": PASSWORD, "new_password": NEW}
    answer = await account.post("/v1/me/password", body)
    assert (answer.status_code, answer.content) == (204, b"")
    for one in (account, other):
        assert (await one.me()).status_code == 401
        token = one.tokens["refresh_token"]
        refreshed = await client.post("/v1/sessions/refresh", json={"refresh_token": token})
        assert refreshed.status_code == 401
    assert (await sign_in(client, account.email, PASSWORD)).status_code == 401
    assert (await sign_in(client, account.email, NEW)).status_code == 201
    assert (await mails.one()).subject == "Rebound: Your password was changed"


async def test_a_new_password_needs_the_present_one(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    answer = await account.post(
        "/v1/me/password", {"current_password": "a wrong one", "new_password": NEW}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/wrong-password")
    assert (await sign_in(client, account.email, PASSWORD)).status_code == 201
    assert await mails.fresh() == []


@pytest.mark.parametrize("weak", ["password1234567", "sam@example.com sam"])
async def test_a_new_password_must_not_be_easy_to_guess(sign_up: SignUp, weak: str) -> None:
    account = await sign_up()
    answer = await account.post(
        "/v1/me/password", {"current_password": PASSWORD, "new_password": weak}
    )
    assert answer.status_code == 422
    (finding,) = answer.json()["errors"]
    assert (finding["pointer"], finding["code"]) == ("/new_password", "weak_password")
    assert weak not in answer.text


async def test_of_two_password_changes_at_once_one_succeeds(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    wanted = ["the first of two passwords", "the second of two passwords"]
    answers = await asyncio.gather(
        *(
            account.post("/v1/me/password", {"current_password": PASSWORD, "new_password": new})
            for new in wanted
        )
    )
    statuses = [a.status_code for a in answers]
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 401, 403}
    winner = wanted[statuses.index(204)]
    assert (await sign_in(client, account.email, winner)).status_code == 201


# Forgetting the password


async def test_a_mailed_token_sets_a_new_password_and_signs_everyone_out(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    answer = await ask_reset(client)
    assert (answer.status_code, answer.json()) == (202, SENT)
    mail = await mails.one()
    assert mail.to == "sam@example.com"
    assert "?" not in next(line for line in mail.text.splitlines() if "/v1/" in line)
    assert (await confirm_reset(client, mail.token)).status_code == 204
    assert (await account.me()).status_code == 401
    assert (await sign_in(client, account.email, PASSWORD)).status_code == 401
    await Account(client, account.email, NEW).sign_in()
    assert (await mails.one()).subject == "Rebound: Your password was changed"


async def test_known_and_unknown_addresses_get_the_same_answer_to_a_reset(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    await sign_up()
    known, unknown = await ask_reset(client), await ask_reset(client, "kim@example.com")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    unlike = ("x-request-id", "date")
    assert {n: v for n, v in known.headers.items() if n not in unlike} == {
        n: v for n, v in unknown.headers.items() if n not in unlike
    }
    assert [mail.to for mail in await mails.fresh()] == ["sam@example.com"]


async def test_asking_for_a_reset_looks_nothing_up_before_the_answer(
    client: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    write = database.write

    def watched() -> object:
        opened.append("transaction")
        return write()

    monkeypatch.setattr(database, "write", watched)
    statements: list[str] = []

    async def connect(*_: object) -> object:
        statements.append("connection")
        raise AssertionError

    monkeypatch.setattr("app.db.transaction.connect", connect)
    answer = await ask_reset(client)
    # The one of the request was never used; what opens a connection runs behind the answer.
    assert (answer.status_code, opened, statements) == (202, ["transaction"], [])


async def test_a_reset_token_is_good_once(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    await sign_up()
    await ask_reset(client)
    token = (await mails.one()).token
    answers = await asyncio.gather(*(confirm_reset(client, token) for _ in range(3)))
    assert sorted(a.status_code for a in answers) == [204, 422, 422]
    assert_refused(await confirm_reset(client, token))


async def test_a_reset_token_is_good_for_sixty_minutes(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails, clock: SetClock
) -> None:
    await sign_up()
    await ask_reset(client)
    first = (await mails.one()).token
    clock.advance(timedelta(minutes=1))
    await ask_reset(client)
    second = (await mails.one()).token
    clock.advance(timedelta(minutes=59))
    assert_refused(await confirm_reset(client, first))
    assert (await confirm_reset(client, second)).status_code == 204


async def test_a_weak_password_does_not_spend_the_token(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    await sign_up()
    await ask_reset(client)
    token = (await mails.one()).token
    weak = await confirm_reset(client, token, "password1234567")
    assert weak.json()["errors"][0]["code"] == "weak_password"
    assert (await confirm_reset(client, token)).status_code == 204


@pytest.mark.parametrize(
    "token",
    ["x", "rbm_" + "A" * 48, tokens.new_token(tokens.MAILED).text],
    ids=["garbage", "wrong checksum", "never mailed"],
)
async def test_unknown_tokens_are_refused_alike(client: httpx.AsyncClient, token: str) -> None:
    for answer in (await confirm_reset(client, token), await verify(client, token)):
        assert_refused(answer)
        assert len(token) == 1 or token not in answer.text


async def test_a_token_is_good_for_its_own_purpose_only(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    await client.post("/v1/accounts", json={"email": "sam@example.com", "password": PASSWORD})
    to_verify = (await mails.one()).token
    await ask_reset(client)
    to_reset = (await mails.one()).token
    assert_refused(await confirm_reset(client, to_verify))
    assert_refused(await verify(client, to_reset))
    assert (await verify(client, to_verify)).status_code == 200
    assert (await confirm_reset(client, to_reset)).status_code == 204


async def test_a_reset_proves_the_address_and_lifts_the_limit_on_its_owner(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    await sign_up()
    for _ in range(5):
        await sign_in(client, "sam@example.com", "forgotten, I am afraid")
    assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 429
    await ask_reset(client)
    await confirm_reset(client, (await mails.one()).token)
    account = await Account(client, "sam@example.com", NEW).sign_in()
    assert (await account.me()).json()["email_verified_at"] is not None


async def test_nobody_can_flood_a_mailbox_with_resets(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails, clock: SetClock
) -> None:
    await sign_up()
    for _ in range(7):
        assert (await ask_reset(client)).status_code == 202
        await mails.mailer.drain()
    assert len(await mails.fresh()) == 5
    clock.advance(timedelta(hours=1))
    await ask_reset(client)
    assert len(await mails.fresh()) == 1


# Changing the address


async def test_the_address_changes_when_the_new_one_is_proven(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    answer = await change_email(account, "New@example.com")
    assert (answer.status_code, answer.json()) == (202, SENT)
    by_address = {mail.to: mail for mail in await mails.fresh()}
    assert (
        by_address["sam@example.com"].subject == "Rebound: Your e-mail address is about to change"
    )
    assert "new@" not in by_address["sam@example.com"].text.lower()
    assert (await account.me()).json()["email"] == "sam@example.com"

    verified = await verify(client, by_address["New@example.com"].token)
    assert (verified.status_code, verified.json()) == (200, {"status": "email_changed"})
    me = (await account.me()).json()
    assert me["email"] == "New@example.com"
    assert me["email_verified_at"] is not None
    told = await mails.one()
    assert (told.to, told.subject) == (
        "sam@example.com",
        "Rebound: Your e-mail address was changed",
    )
    assert (await sign_in(client, "new@example.com", PASSWORD)).status_code == 201
    assert (await sign_in(client, "sam@example.com", PASSWORD)).status_code == 401


async def test_an_address_of_somebody_else_is_answered_like_a_free_one(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account, _ = await sign_up(), await sign_up("kim@example.com")
    taken, free = await change_email(account, "KIM@example.com"), await change_email(account)
    assert (taken.status_code, taken.content) == (free.status_code, free.content)
    to_kim = [m for m in await mails.fresh() if m.to.lower() == "kim@example.com"]
    assert [m.subject for m in to_kim] == ["Rebound: You already have an account"]
    assert "rbm_" not in to_kim[0].text


async def test_an_address_that_was_taken_meanwhile_is_refused(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    await change_email(account)
    token = next(m for m in await mails.fresh() if m.to == "new@example.com").token
    await sign_up("new@example.com")
    answer = await verify(client, token)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/email-taken")
    assert (await account.me()).json()["email"] == "sam@example.com"


async def test_the_case_of_the_own_address_can_be_changed(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    await change_email(account, "SAM@example.com")
    token = next(m for m in await mails.fresh() if m.to == "SAM@example.com").token
    assert (await verify(client, token)).status_code == 200
    assert (await account.me()).json()["email"] == "SAM@example.com"


async def test_a_changed_address_voids_what_was_mailed_to_the_old_one(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    await ask_reset(client)
    reset = (await mails.one()).token
    await change_email(account)
    token = next(m for m in await mails.fresh() if m.to == "new@example.com").token
    await verify(client, token)
    assert_refused(await confirm_reset(client, reset))


async def test_a_new_password_stops_a_change_of_address_under_way(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    await change_email(account)
    token = next(m for m in await mails.fresh() if m.to == "new@example.com").token
    await account.post("/v1/me/password", {"current_password": PASSWORD, "new_password": NEW})
    assert_refused(await verify(client, token))


async def test_a_change_of_address_needs_the_password(sign_up: SignUp, mails: Mails) -> None:
    account = await sign_up()
    account.password = "a wrong one"
    assert (await change_email(account)).status_code == 403
    assert await mails.fresh() == []


async def test_an_unverified_address_gets_its_token_once_more(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails
) -> None:
    account = await sign_up()
    assert (await change_email(account, account.email)).status_code == 202
    assert (await verify(client, (await mails.one()).token)).json() == {"status": "email_verified"}
    again = await change_email(account, account.email)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (422, "/new_email")


async def test_a_fifth_token_under_way_is_the_last(sign_up: SignUp, clock: SetClock) -> None:
    account = await sign_up()
    statuses = [(await change_email(account, f"new{n}@example.com")).status_code for n in range(5)]
    assert statuses == [202] * 5
    clock.advance(timedelta(minutes=5))
    refused = await change_email(account, "one.more@example.com")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == str(24 * 3600 - 300)


async def test_a_verification_token_is_good_for_a_day(
    client: httpx.AsyncClient, mails: Mails, clock: SetClock
) -> None:
    await client.post("/v1/accounts", json={"email": "sam@example.com", "password": PASSWORD})
    token = (await mails.one()).token
    clock.advance(timedelta(hours=24))
    assert_refused(await verify(client, token))


@pytest.mark.parametrize("changed_settings", [{"sign_up": "verified"}], ids=["verified"])
async def test_what_expired_is_purged(
    client: httpx.AsyncClient, mails: Mails, database: Database, clock: SetClock
) -> None:
    async def counts() -> list[int]:
        async with database.read(everyone=True) as transaction:
            return [
                (
                    await transaction.execute(select(func.count()).select_from(table_of(model)))
                ).scalar_one()
                for model in (MailedToken, PendingSignUp)
            ]

    body = {"email": "sam@example.com", "password": PASSWORD}
    await client.post("/v1/accounts", json=body)
    await verify(client, (await mails.one()).token)
    await ask_reset(client)
    await client.post("/v1/accounts", json={**body, "email": "kim@example.com"})
    await mails.fresh()
    await purge_expired(database)
    assert await counts() == [1, 1]
    clock.advance(timedelta(hours=24, seconds=1))
    await purge_expired(database)
    assert await counts() == [0, 0]


async def test_no_password_or_token_is_ever_logged_or_answered(
    client: httpx.AsyncClient,
    sign_up: SignUp,
    mails: Mails,
    logged: StringIO,
) -> None:
    account = await sign_up()
    wrong = "wrong but still a secret"
    answers = [
        await sign_in(client, account.email, wrong),
        await account.post("/v1/me/password", {"current_password": wrong, "new_password": NEW}),
        await account.post("/v1/me/password", {"current_password": [wrong], "new_password": NEW}),
        await account.post("/v1/me/password", {"current_password": wrong, "new_pasword": NEW}),
        await change_email(account),
    ]
    mailed = [m.token for m in await mails.fresh() if "rbm_" in m.text]
    answers += [await verify(client, token) for token in mailed]
    await mails.fresh()
    await ask_reset(client, "new@example.com")
    token = (await mails.one()).token
    answers.append(await confirm_reset(client, token))
    assert [a.status_code for a in answers] == [401, 403, 422, 422, 202, 200, 204]

    log = logged.getvalue()
    issued = (account.tokens["access_token"], account.tokens["refresh_token"])
    text = log + "".join(a.text + json.dumps(dict(a.headers)) for a in answers)
    assert [s for s in (PASSWORD, wrong, NEW, *mailed, token, *issued) if s in text] == []
    # The requests were logged, so there was something to look at.
    assert log.count("/v1/me/password") == 3
