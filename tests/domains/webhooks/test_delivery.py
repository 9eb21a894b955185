"""What an endpoint of a person's own is sent, and what becomes of it when it fails."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types.
from sqlalchemy import update

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.webhooks.models import WebhookDelivery
from app.domains.webhooks.service import Courier, purge_old
from app.kit.clock import SetClock
from app.settings import Settings
from tests.conftest import Person
from tests.contract.document import contract
from tests.domains.acting import change, delete, expect, get, items, post
from tests.domains.webhooks.conftest import Worker
from tests.domains.webhooks.receiving import (
    DRIP,
    ENDLESS,
    GARBAGE,
    HELD,
    RESET,
    SILENCE,
    Receiver,
    Reply,
)

ENDPOINTS = "/v1/webhook-endpoints"


async def subscribe(person: Person, receiver: Receiver, path: str = "/", **fields: Any) -> Any:
    """A new endpoint that is told at a path of the receiver."""
    return await post(person, ENDPOINTS, url=f"{receiver.base}{path}", **fields)


def path_of(endpoint: dict[str, Any], below: str = "") -> str:
    return f"{ENDPOINTS}/{endpoint['id']}{below}"


async def log_of(person: Person, endpoint: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    return await items(person, path_of(endpoint, "/deliveries"), **params)


async def test_what_happened_is_told_in_a_thin_signed_message(
    person: Person, receiver: Receiver, work: Worker
) -> None:
    endpoint = await subscribe(person, receiver, "/hooks?of=mine")
    rejection = await person.record_rejection(notes="They were kind.", start_plan=False)
    await work()
    [message] = receiver.messages
    message.verify(endpoint["secret"])
    assert message.path == "/hooks?of=mine"
    assert message.headers["content-type"] == "application/json"
    schema = {
        "$ref": "#/components/schemas/WebhookMessage",
        "components": contract()["components"],
    }
    Draft202012Validator(schema).validate(message.json)
    assert message.json == {
        "type": "rejection.recorded",
        "timestamp": rejection["created_at"],
        "data": {
            "account_id": str(person.id),
            "organization_id": None,
            "collection": "rejections",
            "record_id": rejection["id"],
            "category": "rejections",
            "revision": rejection["revision"],
        },
    }
    [entry] = await log_of(person, endpoint)
    assert entry["id"] == message.id
    assert (entry["status"], entry["attempts"]) == ("delivered", 1)
    assert (entry["last_status_code"], entry["last_failure"]) == (204, None)
    assert entry["finished_at"] is not None
    # Nothing is left to do.
    await work()
    assert len(receiver.messages) == 1


async def test_only_the_chosen_types_are_told_and_only_to_who_chose_them(
    person: Person, stranger: Person, receiver: Receiver, work: Worker
) -> None:
    await subscribe(person, receiver, "/all")
    await subscribe(person, receiver, "/goals", event_types=["goal.completed"])
    await subscribe(stranger, receiver, "/stranger")
    off = await subscribe(person, receiver, "/off")
    await change(person, path_of(off), status="disabled")
    await person.record_rejection(start_plan=False)
    goal = await post(
        person, "/v1/goals", title="Two a week", metric="applications", target=2, period="week"
    )
    await change(person, f"/v1/goals/{goal['id']}", status="achieved")
    await work()
    assert sorted((m.path, m.json["type"]) for m in receiver.messages) == [
        ("/all", "goal.completed"),
        ("/all", "rejection.recorded"),
        ("/goals", "goal.completed"),
    ]


async def test_during_a_rotation_both_secrets_verify_and_later_only_the_new_one(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock
) -> None:
    made = await subscribe(person, receiver)
    rotated = expect(await person.http.post(path_of(made, "/secret-rotations")), 201)
    await person.http.post(path_of(made, "/pings"))
    await work()
    assert len(receiver.messages[0].headers["webhook-signature"].split()) == 2
    for secret in (made["secret"], rotated["secret"]):
        receiver.messages[0].verify(secret)
    clock.advance(timedelta(hours=24))
    await person.http.post(path_of(made, "/pings"))
    await work()
    assert len(receiver.messages[1].headers["webhook-signature"].split()) == 1


async def test_a_ping_is_sent_whatever_types_were_chosen(
    person: Person, receiver: Receiver, work: Worker
) -> None:
    endpoint = await subscribe(person, receiver, event_types=["goal.completed"])
    answer = await person.http.post(path_of(endpoint, "/pings"))
    queued = expect(answer, 202)
    assert answer.headers["Location"] == path_of(endpoint, "/deliveries")
    assert (queued["type"], queued["status"]) == ("ping", "pending")
    await work()
    [message] = receiver.messages
    assert (message.id, message.json["type"]) == (queued["id"], "ping")
    [entry] = await log_of(person, endpoint, type="ping", status="delivered")
    assert entry["id"] == queued["id"]
    assert await log_of(person, endpoint, status="failed") == []


FAILURES: dict[str, tuple[Reply | str, int | None, str | None]] = {
    "a redirect": (Reply(302, {"location": "http://127.0.0.1:9/"}), 302, None),
    "not modified": (Reply(304), 304, None),
    "a refusal": (Reply(400), 400, None),
    "a fault": (Reply(500), 500, None),
    "a connection that breaks": (RESET, None, "broken_answer"),
    "no answer": (SILENCE, None, "timed_out"),
    "an answer that never ends for slowness": (DRIP, None, "timed_out"),
    "no HTTP": (GARBAGE, None, "broken_answer"),
}


@pytest.mark.parametrize("kind", FAILURES)
async def test_what_fails_is_tried_again_with_the_same_id(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock, kind: str
) -> None:
    reply, status_code, failure = FAILURES[kind]
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    receiver.script = [reply]
    await work()
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["attempts"]) == ("pending", 1)
    assert (entry["last_status_code"], entry["last_failure"]) == (status_code, failure)
    await work()
    assert len(receiver.messages) == 1
    clock.advance(timedelta(seconds=6))
    await work()
    assert receiver.ids == [entry["id"]] * 2
    receiver.messages[1].verify(endpoint["secret"])
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["attempts"]) == ("delivered", 2)


async def test_a_huge_answer_counts_by_its_status_and_costs_no_more_than_a_small_one(
    person: Person, receiver: Receiver, work: Worker
) -> None:
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    receiver.script = [ENDLESS]
    await work()
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["last_status_code"]) == ("delivered", 200)


async def test_ten_attempts_over_three_days_then_it_is_given_up(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock, settings: Settings
) -> None:
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    receiver.by_path["/"] = Reply(500)
    planned = list(settings.webhook_retry_seconds)
    assert planned == [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for attempt, pause in enumerate(planned):
        clock.advance(timedelta(seconds=pause) * 0.999)
        await work()
        assert len(receiver.messages) == attempt + (not pause)
        clock.advance(timedelta(seconds=pause) * 0.202)
        await work()
        assert len(receiver.messages) == attempt + 1
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["attempts"]) == ("failed", 10)
    assert entry["next_attempt_at"] is None
    assert len(set(receiver.ids)) == 1
    clock.advance(timedelta(days=3))
    await work()
    assert len(receiver.messages) == 10


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock, status: int
) -> None:
    await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    receiver.script = [Reply(status, {"retry-after": "600"})]
    await work()
    clock.advance(timedelta(seconds=599))
    await work()
    assert len(receiver.messages) == 1
    clock.advance(timedelta(seconds=2))
    await work()
    assert len(receiver.messages) == 2


async def test_an_endpoint_that_is_gone_is_disabled_and_the_others_are_told(
    person: Person, receiver: Receiver, work: Worker
) -> None:
    gone, other = await subscribe(person, receiver, "/gone"), await subscribe(person, receiver)
    receiver.by_path["/gone"] = Reply(410)
    for _ in range(8):
        await person.record_rejection(start_plan=False)
    await work()
    shown = await get(person, path_of(gone))
    assert (shown["status"], shown["disabled_reason"]) == ("disabled", "gone")
    # A few were under way together; none of the rest is sent.
    sent = receiver.at("/gone")
    assert 1 <= len(sent) <= 5
    statuses = [entry["status"] for entry in await log_of(person, gone)]
    assert (statuses.count("failed"), statuses.count("skipped")) == (1, 7)
    await work()
    assert len(receiver.at("/gone")) == len(sent)
    told = [message.json for message in receiver.at("/")]
    [disabled] = [one for one in told if one["type"] == "webhook_endpoint.disabled"]
    assert disabled["data"]["record_id"] == gone["id"]
    assert len(await log_of(person, other)) == 9


async def test_what_was_missed_is_sent_again_by_its_id_or_since_an_instant(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock
) -> None:
    await person.record_rejection(start_plan=False)
    await work()
    clock.advance(timedelta(seconds=1))
    since = clock.now().isoformat()
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    await work()
    await change(person, path_of(endpoint), status="disabled")
    await person.record_rejection(start_plan=False)
    await work()
    assert len(receiver.messages) == 1
    await change(person, path_of(endpoint), status="active")

    body = {"delivery_id": receiver.ids[0]}
    path = path_of(endpoint, "/redeliveries")
    answer = expect(await person.http.post(path, json=body), 202)
    assert answer == {"count": 1, "next_since": None}
    await work()
    assert receiver.ids == [receiver.ids[0]] * 2

    answer = expect(await person.http.post(path, json={"since": since}), 202)
    assert answer == {"count": 2, "next_since": None}
    await work()
    assert len(receiver.messages) == 4
    assert len(set(receiver.ids)) == 2
    # What was stated before the endpoint was there comes too, if the instant says so.
    earlier = (clock.now() - timedelta(days=1)).isoformat()
    assert expect(await person.http.post(path, json={"since": earlier}), 202)["count"] == 3


async def test_a_long_redelivery_tells_where_to_go_on(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock, monkeypatch: Any
) -> None:
    monkeypatch.setattr("app.domains.webhooks.service.endpoints.REDELIVERED_AT_ONCE", 2)
    since: str | None = clock.now().isoformat()
    for _ in range(5):
        clock.advance(timedelta(seconds=1))
        await person.record_rejection(start_plan=False)
    await work()
    endpoint = await subscribe(person, receiver)
    counts = []
    while since is not None:
        body = {"since": since}
        answer = await person.http.post(path_of(endpoint, "/redeliveries"), json=body)
        counts.append(expect(answer, 202)["count"])
        since = answer.json()["next_since"]
    await work()
    # The first recording stated a fact for the inside, too: the new company.
    assert counts == [1, 2, 2]
    assert len(set(receiver.ids)) == len(receiver.messages) == 5


@pytest.mark.parametrize(
    "changed_settings",
    [{"webhook_networks": "127.0.0.0/8", "webhook_timeout_seconds": 60}],
    ids=["long timeouts"],
)
async def test_a_slow_receiver_holds_up_nobody_else(
    person: Person, stranger: Person, receiver: Receiver, database: Database
) -> None:
    await subscribe(person, receiver, "/slow")
    await subscribe(stranger, receiver, "/quick")
    receiver.by_path["/slow"] = HELD
    for _ in range(12):
        await person.record_rejection(start_plan=False)
    await stranger.record_rejection(start_plan=False)
    courier, other = Courier(database), Courier(database)
    async with asyncio.timeout(30):
        await courier.round()
        await receiver.wait_for("/quick")
        await stranger.record_rejection(start_plan=False)
        # Neither does it get more than a few at once, from whatever worker.
        for worker in (other, courier):
            await worker.round()
        await receiver.wait_for("/quick", 2)
        await other.finish()
        assert 1 <= len(receiver.at("/slow")) <= 5
        receiver.let_go.set()
        await courier.finish()
    assert len(receiver.at("/slow")) == 12


async def test_two_workers_send_everything_once(
    person: Person, receiver: Receiver, database: Database
) -> None:
    await subscribe(person, receiver)
    for _ in range(20):
        await person.record_rejection(start_plan=False)
    workers = [Courier(database) for _ in range(4)]
    for _ in range(2):
        await asyncio.gather(*(worker.round() for worker in workers))
    await asyncio.gather(*(worker.finish() for worker in workers))
    assert len(receiver.ids) == len(set(receiver.ids)) == 20


async def test_what_a_dead_worker_held_is_sent_when_its_lease_has_run_out(
    person: Person, receiver: Receiver, database: Database, work: Worker, clock: SetClock
) -> None:
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    killed = Courier(database)
    await killed.round()
    await receiver.wait_for()
    await killed.finish()
    # As if it had died before it could say that the message arrived.
    deliveries = table_of(WebhookDelivery)
    leased = {"status": "pending", "lease_id": uuid4(), "finished_at": None, "attempts": 0}
    async with database.write(everyone=True) as transaction:
        await transaction.execute(
            update(deliveries).values(
                leased_until=clock.now() + timedelta(seconds=3),
                next_attempt_at=clock.now(),
                **leased,
            )
        )
    clock.advance(timedelta(seconds=3))
    await work()
    assert len(receiver.messages) == 1
    clock.advance(timedelta(seconds=1))
    await work()
    assert receiver.ids == [receiver.ids[0]] * 2
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["attempts"]) == ("delivered", 1)


async def test_a_worker_that_lost_its_lease_says_nothing_more_of_a_delivery(
    person: Person, receiver: Receiver, database: Database, clock: SetClock
) -> None:
    endpoint = await subscribe(person, receiver)
    await person.record_rejection(start_plan=False)
    receiver.script = [SILENCE]
    late = Courier(database)
    await late.round()
    await receiver.wait_for()
    clock.advance(timedelta(seconds=10))
    quick = Courier(database)
    await quick.round()
    await quick.finish()
    await late.finish()
    [entry] = await log_of(person, endpoint)
    assert (entry["status"], entry["attempts"]) == ("delivered", 1)


@pytest.mark.parametrize("changed_settings", [{}], ids=["nothing inside is allowed"])
async def test_a_name_that_leads_inside_is_never_called(
    person: Person, receiver: Receiver, work: Worker
) -> None:
    port = receiver.base.rpartition(":")[2]
    endpoint = await post(person, ENDPOINTS, url=f"https://localhost:{port}/")
    await person.record_rejection(start_plan=False)
    await work()
    assert receiver.messages == []
    [entry] = await log_of(person, endpoint)
    assert (entry["last_status_code"], entry["last_failure"]) == (None, "address_inside")


async def test_nothing_is_sent_to_a_deleted_endpoint_or_for_a_deleted_person(
    person: Person, stranger: Person, receiver: Receiver, work: Worker
) -> None:
    endpoint = await subscribe(stranger, receiver)
    await subscribe(person, receiver)
    for one in (person, stranger):
        await one.record_rejection(start_plan=False)
    await delete(stranger, path_of(endpoint))
    answer = await person.http.delete("/v1/me", headers={"If-Match": "*"})
    assert answer.status_code == 204
    await work()
    assert receiver.messages == []


async def test_the_log_is_paged_and_forgotten_after_thirty_days(
    person: Person, receiver: Receiver, work: Worker, clock: SetClock, database: Database
) -> None:
    endpoint = await subscribe(person, receiver)
    for _ in range(3):
        clock.advance(timedelta(seconds=1))
        await person.record_rejection(start_plan=False)
        await work()
    page = await get(person, path_of(endpoint, "/deliveries"), limit=2)
    assert [entry["id"] for entry in page["items"]] == receiver.ids[:0:-1]
    rest = await get(person, path_of(endpoint, "/deliveries"), limit=2, cursor=page["next_cursor"])
    assert [entry["id"] for entry in rest["items"]] == receiver.ids[:1]
    clock.advance(timedelta(days=30, seconds=-3))
    await purge_old(database)
    assert len(await log_of(person, endpoint)) == 3
    clock.advance(timedelta(seconds=2))
    await purge_old(database)
    assert len(await log_of(person, endpoint)) == 2
    assert UUID(receiver.ids[0]) not in [UUID(e["id"]) for e in await log_of(person, endpoint)]
