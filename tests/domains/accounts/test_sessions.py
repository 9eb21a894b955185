"""Signing in and out, refreshing, and where one is signed in."""

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy import select

from app.auth.models import AccessToken, RefreshToken
from app.db.base import table_of
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.domains.accounts.conftest import PASSWORD, Account, SignUp, sign_in


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/v1/sessions/refresh", json={"refresh_token": token})


async def is_signed_in(client: httpx.AsyncClient, access_token: str) -> bool:
    answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {access_token}"})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_signing_in_gives_tokens_that_no_cache_may_keep(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    answer = await sign_in(client, account.email, PASSWORD)
    assert answer.headers["Cache-Control"] == "no-store"
    issued = answer.json()
    assert issued["access_token"].startswith("rba_")
    assert issued["refresh_token"].startswith("rbr_")
    assert (issued["token_type"], issued["expires_in"]) == ("Bearer", 900)
    assert issued["account_id"] == (await account.me()).json()["id"]


async def test_the_case_of_an_address_does_not_matter_for_signing_in(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    await sign_up("Sam@example.com")
    assert (await sign_in(client, "sAM@EXAMPLE.com", PASSWORD)).status_code == 201


async def test_a_password_is_the_same_in_composed_and_decomposed_form(
    client: httpx.AsyncClient,
) -> None:
    composed, decomposed = "sehr schöne Grüße", "sehr scho\u0308ne Gru\u0308ße"
    await client.post("/v1/accounts", json={"email": "sam@example.com", "password": decomposed})
    assert (await sign_in(client, "sam@example.com", composed)).status_code == 201


async def test_wrong_password_and_unknown_address_get_the_same_bytes(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    await sign_up()
    wrong = await sign_in(client, "sam@example.com", "not the right one")
    unknown = await sign_in(client, "kim@example.com", "not the right one")
    assert wrong.status_code == 401
    assert wrong.json()["type"] == "/problems/sign-in-failed"
    assert wrong.headers["WWW-Authenticate"].startswith("Bearer")
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)


async def test_tokens_are_stored_as_hashes_only(
    client: httpx.AsyncClient, sign_up: SignUp, database: Database
) -> None:
    account = await sign_up()
    async with database.read(everyone=True) as transaction:
        for model in (AccessToken, RefreshToken):
            rows = (await transaction.execute(select(table_of(model)))).all()
            assert rows
            stored = repr(rows)
            assert account.tokens["access_token"] not in stored
            assert account.tokens["refresh_token"] not in stored


async def test_an_access_token_ends_after_fifteen_minutes(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock
) -> None:
    account = await sign_up()
    clock.advance(timedelta(seconds=899))
    assert await is_signed_in(client, account.tokens["access_token"])
    clock.advance(timedelta(seconds=1))
    assert not await is_signed_in(client, account.tokens["access_token"])


async def test_a_refresh_token_buys_the_next_pair(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    answer = await refresh(client, account.tokens["refresh_token"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    issued = answer.json()
    assert issued["session_id"] == account.tokens["session_id"]
    assert issued["refresh_token"] != account.tokens["refresh_token"]
    assert await is_signed_in(client, issued["access_token"])


async def test_after_a_lost_answer_the_same_refresh_token_works_for_a_minute(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock
) -> None:
    account = await sign_up()
    await refresh(client, account.tokens["refresh_token"])  # Its answer is lost.
    clock.advance(timedelta(seconds=60))
    again = await refresh(client, account.tokens["refresh_token"])
    assert again.status_code == 200
    assert await is_signed_in(client, again.json()["access_token"])


async def test_a_refresh_token_that_comes_back_after_a_minute_ends_the_session(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock
) -> None:
    account = await sign_up()
    issued = (await refresh(client, account.tokens["refresh_token"])).json()
    clock.advance(timedelta(seconds=61))
    stolen = await refresh(client, account.tokens["refresh_token"])
    assert (stolen.status_code, stolen.json()["type"]) == (401, "/problems/refresh-refused")
    # The family is gone although the request that found out was refused.
    assert not await is_signed_in(client, issued["access_token"])
    assert (await refresh(client, issued["refresh_token"])).status_code == 401


async def test_a_refresh_token_ends_the_session_once_its_successor_was_used(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    second = (await refresh(client, account.tokens["refresh_token"])).json()
    third = (await refresh(client, second["refresh_token"])).json()
    assert (await refresh(client, account.tokens["refresh_token"])).status_code == 401
    assert not await is_signed_in(client, third["access_token"])


async def test_two_refreshes_at_once_sign_nobody_out(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    answers = await asyncio.gather(
        *(refresh(client, account.tokens["refresh_token"]) for _ in range(2))
    )
    assert [a.status_code for a in answers] == [200, 200]
    for answer in answers:
        assert await is_signed_in(client, answer.json()["access_token"])


async def test_only_this_services_refresh_tokens_are_refreshed(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    for token in ("rbr_garbage", account.tokens["access_token"], "x"):
        answer = await refresh(client, token)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/refresh-refused")
        assert token not in answer.text or len(token) == 1


async def test_sessions_are_listed_with_the_present_one_marked(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock
) -> None:
    account = await sign_up()
    clock.advance(timedelta(minutes=1))
    await sign_in(client, account.email, PASSWORD, client="phone " + "x" * 300)
    page = (await client.get("/v1/sessions", headers=account.headers)).json()
    assert page["next_cursor"] is None
    phone, this = page["items"]
    assert phone["client"] == ("phone " + "x" * 300)[:200]
    assert (phone["current"], this["current"]) == (False, True)
    assert this["id"] == account.tokens["session_id"]
    assert set(this) == {"id", "client", "created_at", "last_used_at", "expires_at", "current"}


async def test_signing_out_is_good_from_the_next_request_on(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    answer = await client.delete("/v1/sessions/current", headers=account.headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await is_signed_in(client, account.tokens["access_token"])
    assert (await refresh(client, account.tokens["refresh_token"])).status_code == 401


async def test_another_device_can_be_signed_out(client: httpx.AsyncClient, sign_up: SignUp) -> None:
    account = await sign_up()
    lost = await Account(client, account.email).sign_in()
    path = f"/v1/sessions/{lost.tokens['session_id']}"
    assert (await client.delete(path, headers=account.headers)).status_code == 204
    assert not await is_signed_in(client, lost.tokens["access_token"])
    assert await is_signed_in(client, account.tokens["access_token"])
    assert (await client.delete(path, headers=account.headers)).status_code == 404


async def test_a_strangers_session_is_as_absent_as_none(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account, stranger = await sign_up(), await sign_up("kim@example.com")
    path = f"/v1/sessions/{account.tokens['session_id']}"
    hidden = await client.delete(path, headers=stranger.headers)
    assert hidden.status_code == 404
    assert await is_signed_in(client, account.tokens["access_token"])
    assert (await client.delete(path, headers=account.headers)).status_code == 204
    gone = await client.delete(path, headers=stranger.headers)
    assert hidden.content == gone.content
