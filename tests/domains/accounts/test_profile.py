"""Reading, changing and deleting one's own account."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.db.base import Base, table_of
from app.db.events import StoredEvent
from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.domains.accounts.conftest import PASSWORD, Mails, SignUp, sign_in


async def test_every_field_of_the_profile_can_be_changed(sign_up: SignUp, clock: SetClock) -> None:
    account = await sign_up()
    clock.advance(timedelta(minutes=1))
    wanted = {
        "display_name": "Sam",
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "pause_hours": 336,
        "allow_during_pause": False,
        "quiet_hours": {"from": "22:00", "to": "07:30"},
        "wellbeing_tracking": True,
        "values": [{"value": "learning", "importance": 5}, {"value": "pay", "importance": 1}],
        "next_actions_per_day": 10,
    }
    answer = await account.patch(wanted)
    assert answer.status_code == 200
    me = answer.json()
    assert {name: me[name] for name in wanted} == wanted
    assert me["wellbeing_tracking_set_at"] == me["updated_at"] > me["created_at"]
    assert answer.headers["ETag"] == f'"{me["revision"]}"'
    assert (await account.me()).json() == me


async def test_null_clears_what_may_be_empty(sign_up: SignUp) -> None:
    account = await sign_up(display_name="Sam", country="DE")
    await account.patch({"quiet_hours": {"from": "22:00", "to": "07:00"}})
    answer = await account.patch({"display_name": None, "country": None, "quiet_hours": None})
    me = answer.json()
    assert (me["display_name"], me["country"], me["quiet_hours"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pause_hours": 337}, "/pause_hours"),
        ({"pause_hours": -1}, "/pause_hours"),
        ({"pause_hours": True}, "/pause_hours"),
        ({"pause_hours": None}, "/pause_hours"),
        ({"next_actions_per_day": 0}, "/next_actions_per_day"),
        ({"next_actions_per_day": 11}, "/next_actions_per_day"),
        ({"wellbeing_tracking": "yes"}, "/wellbeing_tracking"),
        ({"quiet_hours": {"from": "24:00", "to": "07:00"}}, "/quiet_hours/from"),
        ({"quiet_hours": {"from": "22:00"}}, "/quiet_hours/to"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "/quiet_hours"),
        ({"values": [{"value": "money", "importance": 1}]}, "/values/0/value"),
        ({"values": [{"value": "pay", "importance": 6}]}, "/values/0/importance"),
        ({"values": [{"value": "pay", "importance": n} for n in (1, 2)]}, "/values"),
        ({"values": [{"value": "pay", "importance": 1}] * 21}, "/values"),
        ({"email": "kim@example.com"}, "/email"),
        ({"time_zone": None}, "/time_zone"),
    ],
)
async def test_a_profile_holds_only_what_makes_sense(
    sign_up: SignUp, body: dict[str, Any], pointer: str
) -> None:
    account = await sign_up()
    before = await account.me()
    answer = await account.patch(body)
    assert answer.status_code == 422
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert (await account.me()).content == before.content


async def test_a_change_needs_the_revision_it_was_made_for(sign_up: SignUp) -> None:
    account = await sign_up()
    tag = (await account.me()).headers["ETag"]
    assert (await account.patch({"display_name": "Sam"}, tag)).status_code == 200
    stale = await account.patch({"display_name": "Kim"}, tag)
    assert stale.status_code == 412
    missing = await account.http.patch(
        "/v1/me", json={"display_name": "Kim"}, headers=account.headers
    )
    assert missing.status_code == 428
    assert (await account.me()).json()["display_name"] == "Sam"


async def test_a_lost_answer_can_be_asked_for_again_with_the_old_revision(sign_up: SignUp) -> None:
    account = await sign_up()
    tag = (await account.me()).headers["ETag"]
    body = {"quiet_hours": {"from": "22:00", "to": "07:00"}, "values": []}
    first = await account.patch(body, tag)
    again = await account.patch(body, tag)
    assert (again.status_code, again.content) == (200, first.content)


async def test_what_is_held_is_not_sent_again(sign_up: SignUp) -> None:
    account = await sign_up()
    tag = (await account.me()).headers["ETag"]
    headers = {**account.headers, "If-None-Match": tag}
    assert (await account.http.get("/v1/me", headers=headers)).status_code == 304


async def test_consent_is_recorded_with_its_time_when_given_and_when_withdrawn(
    sign_up: SignUp, clock: SetClock, database: Database
) -> None:
    account = await sign_up()
    given = (await account.patch({"wellbeing_tracking": True})).json()
    clock.advance(timedelta(minutes=2))
    renamed = (await account.patch({"display_name": "Sam"})).json()
    assert renamed["wellbeing_tracking_set_at"] == given["wellbeing_tracking_set_at"]
    withdrawn = (await account.patch({"wellbeing_tracking": False})).json()
    assert withdrawn["wellbeing_tracking"] is False
    assert withdrawn["wellbeing_tracking_set_at"] == withdrawn["updated_at"]
    async with database.read(everyone=True) as transaction:
        stored = await transaction.execute(
            select(table_of(StoredEvent).c.type).order_by(table_of(StoredEvent).c.id)
        )
    assert list(stored.scalars()) == [
        "profile.updated",
        "profile.updated",
        "profile.updated",
        "profile.wellbeing_tracking_switched_off",
    ]


async def test_the_profile_is_for_signed_in_people_only(client: httpx.AsyncClient) -> None:
    for token in (None, "Bearer nonsense", "Basic abc"):
        headers = {"Authorization": token} if token else {}
        assert (await client.get("/v1/me", headers=headers)).status_code == 401


async def test_deleting_the_account_deletes_everything_at_once(
    client: httpx.AsyncClient, sign_up: SignUp, database: Database, mails: Mails
) -> None:
    account = await sign_up()
    await account.patch({"display_name": "Sam"})
    tag = (await account.me()).headers["ETag"]
    headers = {**account.headers, "If-Match": tag}
    answer = await client.delete("/v1/me", headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await account.me()).status_code == 401
    assert (await sign_in(client, account.email, PASSWORD)).status_code == 401
    assert (await mails.one()).subject == "Rebound: Your account is deleted"
    async with database.read(everyone=True) as transaction:
        left = {
            table.name: (
                await transaction.execute(select(func.count()).select_from(table))
            ).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name != "scheduled_jobs"
        }
    # Only the failed sign-in made just now.
    assert {name: rows for name, rows in left.items() if rows} == {"sign_in_attempts": 1}
    assert (await sign_up()).tokens["account_id"] != account.tokens["account_id"]


async def test_deleting_needs_the_present_revision(
    client: httpx.AsyncClient, sign_up: SignUp
) -> None:
    account = await sign_up()
    assert (await client.delete("/v1/me", headers=account.headers)).status_code == 428
    headers = {**account.headers, "If-Match": '"99"'}
    assert (await client.delete("/v1/me", headers=headers)).status_code == 412
    assert (await account.me()).status_code == 200


RISKY: dict[str, dict[str, Any]] = {
    "delete": {"method": "DELETE", "url": "/v1/me"},
    "password": {
        "method": "POST",
        "url": "/v1/me/password",
        "json": {"current_password": PASSWORD, "new_password": "another walk along the river"},
    },
    "email": {
        "method": "POST",
        "url": "/v1/me/email-changes",
        "json": {"new_email": "new@example.com", "password": PASSWORD},
    },
}


@pytest.mark.parametrize("operation", RISKY)
async def test_what_could_cost_the_account_needs_a_sign_in_of_the_last_ten_minutes(
    client: httpx.AsyncClient, sign_up: SignUp, clock: SetClock, operation: str
) -> None:
    async def attempt() -> httpx.Response:
        headers = {**account.headers, "If-Match": "*"}
        return await client.request(**RISKY[operation], headers=headers)

    account = await sign_up()
    clock.advance(timedelta(minutes=10, seconds=1))
    # Refreshing proves nothing: the session's sign-in stays where it was.
    refreshed = await client.post(
        "/v1/sessions/refresh", json={"refresh_token": account.tokens["refresh_token"]}
    )
    account.tokens = refreshed.json()
    refused = await attempt()
    assert (refused.status_code, refused.json()["type"]) == (
        403,
        "/problems/recent-sign-in-required",
    )
    await account.sign_in()
    assert (await attempt()).status_code in (202, 204)


@pytest.mark.parametrize(
    "changed_settings", [{"pool_size": 1, "pool_timeout_seconds": 2}], ids=["pool of one"]
)
async def test_one_connection_is_enough_for_every_operation(
    client: httpx.AsyncClient, sign_up: SignUp, mails: Mails, database: Database
) -> None:
    account = await sign_up()
    await account.me()
    await client.post("/v1/password-resets", json={"email": account.email})
    assert (await mails.one()).token
    await account.post("/v1/me/email-changes", {"new_email": "n@example.com", "password": PASSWORD})
    await account.post(
        "/v1/me/password",
        {"current_password": PASSWORD, "new_password": "another walk along the river"},
    )
    assert len(await mails.fresh()) == 3
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool


async def test_signed_in_people_see_only_themselves(sign_up: SignUp) -> None:
    sam, kim = await sign_up(), await sign_up("kim@example.com")
    ids = {(await who.me()).json()["id"] for who in (sam, kim)}
    assert ids == {sam.tokens["account_id"], kim.tokens["account_id"]}
