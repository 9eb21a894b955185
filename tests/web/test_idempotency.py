"""`Idempotency-Key`: a repeated POST is answered again, never done again."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from app.db.base import table_of
from app.db.idempotency import ANSWERS_KEPT, StoredAnswer, purge_answers
from app.db.transaction import Database
from app.kit.clock import SetClock
from app.web.markers import Caching
from app.web.routing import Route
from tests.conftest import Person

BODY = {"company_name": "Example GmbH", "stage": "interview"}


async def post(
    person: Person, body: Any = None, key: str = "k", path: str = "/v1/rejections"
) -> httpx.Response:
    return await person.http.post(path, json=body or BODY, headers={"Idempotency-Key": key})


async def recorded(person: Person) -> list[Any]:
    found: list[Any] = (await person.http.get("/v1/rejections")).json()["items"]
    return found


async def stored(database: Database) -> list[Any]:
    async with database.read(everyone=True) as transaction:
        return list((await transaction.execute(select(table_of(StoredAnswer)))).all())


async def test_eight_posts_at_once_with_one_key_make_one_record(person: Person) -> None:
    answers = await asyncio.gather(*(post(person) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("Idempotency-Replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None, *["true"] * 7]
    for name in ("ETag", "Location", "Cache-Control", "Content-Type"):
        assert len({answer.headers[name] for answer in answers}) == 1, name
    assert len(await recorded(person)) == 1
    plans = (await person.http.get("/v1/recovery-plans")).json()["items"]
    assert len(plans) == 1


async def test_a_key_that_comes_with_another_body_is_refused(person: Person) -> None:
    await post(person)
    refused = await post(person, {**BODY, "stage": "offer"})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/idempotency-key-reused"
    assert len(await recorded(person)) == 1


async def test_the_same_request_spelt_otherwise_is_the_same_request(person: Person) -> None:
    first = await post(person, {**BODY, "rejected_on": "2026-03-01"})
    spelt = (
        b'{ "rejected_on":"2026-03-01", "stage": "interv\\u0069ew", "company_name":"Example GmbH"}'
    )
    headers = {"Idempotency-Key": '"k"', "Content-Type": "application/json; charset=utf-8"}
    again = await person.http.post("/v1/rejections", content=spelt, headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == first.content


async def test_a_key_is_forgotten_after_a_day(person: Person, clock: SetClock) -> None:
    first = await post(person)
    clock.advance(ANSWERS_KEPT)
    assert (await post(person)).content == first.content
    clock.advance(timedelta(seconds=1))
    fresh = await post(person, {**BODY, "stage": "offer"})
    assert fresh.status_code == 201
    assert "Idempotency-Replayed" not in fresh.headers
    assert (await post(person, {**BODY, "stage": "offer"})).content == fresh.content


async def test_old_answers_are_purged_and_young_ones_kept(
    person: Person, database: Database, clock: SetClock
) -> None:
    await post(person, key="old")
    clock.advance(ANSWERS_KEPT + timedelta(seconds=1))
    await post(person, key="young")
    await purge_answers(database)
    assert [row.key for row in await stored(database)] == ["young"]


async def test_keys_belong_to_one_person_and_one_operation(
    person: Person, stranger: Person
) -> None:
    mine = await post(person)
    theirs = await post(stranger)
    plan = await post(person, {"title": "My own"}, path="/v1/recovery-plans")
    assert [mine.status_code, theirs.status_code, plan.status_code] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in (mine, theirs, plan)}) == 3


async def test_a_refusal_is_not_stored_so_the_key_can_be_used_again(
    person: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    [plan] = (await person.http.get("/v1/recovery-plans")).json()["items"]
    malformed = await post(person, {"company_name": ""}, path="/v1/recovery-plans")
    assert malformed.status_code == 422
    wanted = {"rejection_id": rejection["id"]}
    refused = await post(person, wanted, path="/v1/recovery-plans")
    assert refused.json()["type"] == "/problems/plan-exists"
    assert await stored(database) == []
    await person.http.patch(
        f"/v1/recovery-plans/{plan['id']}", json={"status": "abandoned"}, headers={"If-Match": "*"}
    )
    started = await post(person, wanted, path="/v1/recovery-plans")
    assert started.status_code == 201
    assert "Idempotency-Replayed" not in started.headers


async def test_a_replay_is_the_first_answer_although_the_record_has_changed(
    person: Person,
) -> None:
    first = await post(person)
    at = first.headers["Location"]
    await person.http.patch(at, json={"notes": "later"}, headers={"If-Match": "*"})
    assert (await post(person)).content == first.content
    await person.http.delete(at, headers={"If-Match": "*"})
    again = await post(person)
    assert (again.status_code, again.content) == (201, first.content)
    assert await recorded(person) == []


async def test_an_answer_that_found_the_record_in_place_is_replayed_as_that(
    person: Person,
) -> None:
    made = await person.record_rejection(id="018f2b7e-6c1d-7d3a-9f5e-2a4b6c8d0e1f")
    body = {**BODY, "id": made["id"]}
    first = await post(person, body)
    again = await post(person, body)
    assert [first.status_code, again.status_code] == [200, 200]
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_key_that_is_no_key_is_refused(person: Person) -> None:
    for key in ("", '"', '""', "k" * 256, "schl\u00fcssel", "a\tb"):
        headers = [(b"Idempotency-Key", key.encode())]
        refused = await person.http.post("/v1/rejections", json=BODY, headers=headers)
        assert refused.status_code == 422, key
        assert refused.json()["errors"][0]["pointer"] == "header.Idempotency-Key"
    assert await recorded(person) == []


async def test_the_longest_key_is_as_good_as_any(person: Person) -> None:
    assert (await post(person, key="k" * 255)).status_code == 201
    assert (await post(person, key="k" * 255)).headers["Idempotency-Replayed"] == "true"


async def test_what_hands_out_secrets_ignores_the_key(
    client: httpx.AsyncClient, database: Database
) -> None:
    account = {"email": "noor@example.com", "password": "an orchard after the rain"}
    key = {"Idempotency-Key": "k"}
    assert (await client.post("/v1/accounts", json=account, headers=key)).status_code == 201
    pairs = [await client.post("/v1/sessions", json=account, headers=key) for _ in range(2)]
    assert len({pair.json()["access_token"] for pair in pairs}) == 2
    assert all("Idempotency-Replayed" not in pair.headers for pair in pairs)
    client.headers["Authorization"] = f"Bearer {pairs[0].json()['access_token']}"
    change = {"new_email": "noor.new@example.com", "password": account["password"]}
    for _ in range(2):
        sent = await client.post("/v1/me/email-changes", json=change, headers=key)
        assert sent.status_code == 202
        assert "Idempotency-Replayed" not in sent.headers
    assert await stored(database) == []


def test_no_operation_whose_answer_is_secret_takes_a_key(any_app: FastAPI) -> None:
    routes = [route for route in any_app.router.routes if isinstance(route, Route)]
    secret = [route for route in routes if route.manners.caching is Caching.SECRET]
    assert any(route.creates for route in secret)
    assert not any(route.honours_keys for route in secret)
    creating = [r for r in routes if r.method == "POST" and r.status_code == 201 and r.guard]
    assert creating
    assert all(one.honours_keys for one in creating if one not in secret)
