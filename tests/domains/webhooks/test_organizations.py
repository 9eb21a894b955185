"""What an organisation is told of its clients: what they agree to, at each of three moments."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from app.auth.grants import end_grants_of
from app.auth.models import Grant
from app.auth.scopes import Scope
from app.auth.terms import ConsentCategory, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.terms import ClientStatus
from app.domains.webhooks.repository.feed import FeedRepository
from app.domains.webhooks.service import purge_old
from app.domains.webhooks.service.queueing import EndpointOwner
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, check_in, code_of, expect, get, plan_of, post, step_of
from tests.domains.organizing import (
    add_client,
    add_member,
    give_grant,
    make_key,
    make_organization,
)
from tests.domains.webhooks.conftest import Worker
from tests.domains.webhooks.receiving import Receiver

C = ConsentCategory
ENDPOINTS = "/v1/webhook-endpoints"


@dataclass
class Organization:
    """An organisation with an endpoint, its key, and the worker that tells it."""

    id: UUID
    http: httpx.AsyncClient
    key: str
    secret: str
    receiver: Receiver
    work: Worker

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def database(self) -> Database:
        return self.work.database

    async def feed(self, **params: Any) -> dict[str, Any]:
        path = f"/v1/organizations/{self.id}/events"
        return expect(await self.http.get(path, params=params, headers=self.headers), 200)

    async def types(self) -> list[str]:
        return [one["type"] for one in (await self.feed(limit=100))["items"]]


async def found(work: Worker, http: httpx.AsyncClient, receiver: Receiver, at: str) -> Organization:
    """An organisation that is told at a path of the receiver."""
    organization_id = await make_organization(work.database)
    key = await make_key(work.database, organization_id)
    answer = await http.post(
        ENDPOINTS,
        json={"url": f"{receiver.base}{at}"},
        headers={"Authorization": f"Bearer {key}"},
    )
    secret = expect(answer, 201)["secret"]
    return Organization(organization_id, http, key, secret, receiver, work)


@pytest.fixture
async def organization(client: httpx.AsyncClient, receiver: Receiver, work: Worker) -> Organization:
    return await found(work, client, receiver, "/")


async def set_grants(database: Database, person: Person, **values: Any) -> None:
    grants = table_of(Grant)
    async with database.write(everyone=True) as transaction:
        await transaction.execute(
            update(grants).where(grants.c.owner_id == person.id).values(values)
        )


async def test_a_client_is_told_of_as_far_as_they_granted(
    person: Person, stranger: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    for one in (person, stranger):
        await add_client(database, organization.id, one)
    await give_grant(database, organization.id, person, C.REJECTIONS, C.WELLBEING)
    rejection = await person.record_rejection()
    await check_in(person)
    await stranger.record_rejection()
    await work()
    assert sorted(receiver.types) == ["check_in.recorded", "rejection.recorded"]
    for message in receiver.messages:
        message.verify(organization.secret)
        assert message.json["data"]["account_id"] == str(person.id)
        assert message.json["data"]["organization_id"] == str(organization.id)
    page = await organization.feed()
    assert sorted(one["id"] for one in page["items"]) == sorted(receiver.ids)
    [recorded] = [one for one in page["items"] if one["type"] == "rejection.recorded"]
    assert recorded == {
        "id": recorded["id"],
        "type": "rejection.recorded",
        "category": "rejections",
        "collection": "rejections",
        "record_id": rejection["id"],
        "account_id": str(person.id),
        "revision": recorded["revision"],
        "occurred_at": rejection["created_at"],
    }
    log = (await get(person, "/v1/access-log"))["items"]
    assert {(one["operation_id"], one["category"], one["access"]) for one in log} == {
        ("list_organization_events", "rejections", "read"),
        ("list_organization_events", "wellbeing", "read"),
    }
    assert (await get(stranger, "/v1/access-log"))["items"] == []


async def test_consent_that_ends_while_the_feed_is_read_counts_no_more(
    person: Person, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_client(organization.database, organization.id, person)
    await give_grant(organization.database, organization.id, person, C.REJECTIONS)
    await person.record_rejection()
    await organization.work()
    assert await organization.types() == ["rejection.recorded"]
    seen = await get(person, "/v1/access-log")
    read = FeedRepository.read

    async def read_and_revoke(feed: FeedRepository, *arguments: Any) -> Any:
        found = await read(feed, *arguments)
        await end_grants_of(feed.transaction, person.id, organization.id)
        return found

    monkeypatch.setattr(FeedRepository, "read", read_and_revoke)
    assert await organization.types() == []
    assert await get(person, "/v1/access-log") == seen


async def test_steps_that_say_how_a_person_feels_need_more_than_plans(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    await give_grant(database, organization.id, person, C.PLANS)
    plan = await plan_of(person, await person.record_rejection())
    first = step_of(plan, "decompress")
    refocus = await post(
        person,
        "/v1/recovery-steps",
        plan_id=plan["id"],
        kind="refocus",
        practice=first["practice"],
        title="Look ahead",
    )
    for step in (first, refocus):
        await change(person, f"/v1/recovery-steps/{step['id']}", status="skipped")
    await work()
    assert sorted(receiver.types) == ["recovery_plan.started", "recovery_step.skipped"]
    [skipped] = [m for m in receiver.messages if m.json["type"] == "recovery_step.skipped"]
    assert skipped.json["data"]["record_id"] == first["id"]


async def test_a_step_that_is_gone_counts_as_one_of_those(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    await give_grant(database, organization.id, person, C.PLANS)
    plan = await plan_of(person, await person.record_rejection())
    step = plan["steps"][0]
    await change(person, f"/v1/recovery-steps/{step['id']}", status="skipped")
    gone = await person.http.delete(
        f"/v1/rejections/{plan['rejection_id']}", headers={"If-Match": "*"}
    )
    assert gone.status_code == 204
    await work()
    assert "recovery_step.skipped" not in receiver.types
    assert "recovery_plan.started" in receiver.types


@pytest.mark.parametrize(
    "change_of_mind",
    [
        {"status": GrantStatus.REVOKED},
        {"categories": ["plans"]},
        {"membership_id": uuid4()},
    ],
    ids=["revoked", "narrowed", "for one member only"],
)
async def test_consent_that_is_gone_before_sending_keeps_the_message_back(
    person: Person, organization: Organization, clock: SetClock, change_of_mind: dict[str, Any]
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    await give_grant(database, organization.id, person, C.REJECTIONS)
    receiver.script = ["reset"]
    await person.record_rejection()
    await work()
    assert await organization.types() == ["rejection.recorded"]
    await set_grants(database, person, **change_of_mind)
    clock.advance(timedelta(minutes=1))
    await work()
    assert len(receiver.messages) == 1
    endpoint = expect(await organization.http.get(ENDPOINTS, headers=organization.headers), 200)
    path = f"{ENDPOINTS}/{endpoint['items'][0]['id']}/deliveries"
    answer = await organization.http.get(path, headers=organization.headers)
    assert [one["status"] for one in expect(answer, 200)["items"]] == ["skipped"]
    # Neither is it shown any more.
    assert await organization.types() == []


async def test_consent_that_has_run_out_tells_and_shows_nothing(
    person: Person, organization: Organization, clock: SetClock
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    until = clock.now() + timedelta(hours=1)
    await give_grant(database, organization.id, person, C.REJECTIONS, expires_at=until)
    await person.record_rejection()
    await work()
    clock.advance(timedelta(hours=1))
    assert await organization.types() == []
    await person.record_rejection()
    await work()
    assert receiver.types == ["rejection.recorded"]


async def test_a_client_of_before_is_told_of_no_more(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person, status=ClientStatus.ENDED)
    await give_grant(database, organization.id, person)
    await person.record_rejection()
    await work()
    assert receiver.messages == []
    assert await organization.types() == []


async def state(
    database: Database, owner_id: UUID, type_: str, collection: str, about: UUID
) -> None:
    """State a fact that a room below states."""
    kind = type("Stated", (Event,), {"type": type_, "collection": collection})
    async with database.write(everyone=True) as transaction:
        transaction.enter(owner_id)
        await transaction.state(EndpointOwner(owner_id), kind(record_id=about))


async def test_of_a_grant_only_its_own_organisation_is_told_also_at_the_end(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    client = organization.http
    other = await found(work, client, receiver, "/other")
    for one in (organization, other):
        await add_client(database, one.id, person, status=ClientStatus.ENDED)
    grant_id = await give_grant(database, organization.id, person, status=GrantStatus.REVOKED)
    await state(database, person.id, "grant.revoked", "grants", grant_id)
    await work()
    [message] = receiver.messages
    assert message.path == "/"
    assert (message.json["type"], message.json["data"]["category"]) == ("grant.revoked", None)
    assert await organization.types() == ["grant.revoked"]
    assert await other.types() == []


async def test_an_organisation_is_told_of_a_deleted_account_and_all_else_is_forgotten(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    await give_grant(database, organization.id, person)
    await person.record_rejection(start_plan=False)
    await work()
    assert len(await organization.types()) == 1
    answer = await person.http.delete("/v1/me", headers={"If-Match": "*"})
    assert answer.status_code == 204
    await work()
    data = receiver.messages[-1].json["data"]
    assert (data["account_id"], data["record_id"]) == (str(person.id), str(person.id))
    assert await organization.types() == ["account.deleted"]


async def test_the_endpoints_of_a_client_are_none_of_the_organisations_business(
    person: Person, organization: Organization
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    await add_client(database, organization.id, person)
    await give_grant(database, organization.id, person)
    await state(database, person.id, "webhook_endpoint.disabled", "webhook_endpoints", uuid4())
    await work()
    assert receiver.messages == []
    assert await organization.types() == []


async def test_the_feed_is_read_on_from_where_it_was_left(
    person: Person, stranger: Person, organization: Organization, clock: SetClock
) -> None:
    database = organization.database
    work = organization.work
    for one in (person, stranger):
        await add_client(database, organization.id, one)
        await give_grant(database, organization.id, one)
    nothing = await organization.feed()
    assert nothing == {"items": [], "next_cursor": None, "resume_cursor": None}
    for _ in range(3):
        await person.record_rejection(start_plan=False)
        await stranger.record_rejection(start_plan=False)
        await work()
    everything = (await organization.feed(limit=100))["items"]
    assert len(everything) == 6
    assert [one["revision"] for one in everything] == sorted(o["revision"] for o in everything)
    seen: list[Any] = []
    page = await organization.feed(limit=4)
    seen += page["items"]
    assert page["next_cursor"] == page["resume_cursor"]
    page = await organization.feed(limit=4, cursor=page["next_cursor"])
    seen += page["items"]
    assert seen == everything
    assert page["next_cursor"] is None
    resume = page["resume_cursor"]
    again = await organization.feed(limit=4, cursor=resume)
    assert again == {"items": [], "next_cursor": None, "resume_cursor": resume}
    await person.record_rejection(start_plan=False)
    await work()
    [new] = (await organization.feed(limit=4, cursor=resume))["items"]
    assert new not in everything

    theirs = await organization.feed(account_id=str(stranger.id))
    assert {one["account_id"] for one in theirs["items"]} == {str(stranger.id)}
    assert len(theirs["items"]) == 3
    assert (await organization.feed(type="goal.completed"))["items"] == []
    clock.advance(timedelta(days=31))
    await purge_old(database)
    assert await organization.types() == []


async def test_the_feed_is_for_those_who_work_with_clients(
    make_person: MakePerson, organization: Organization, stranger: Person
) -> None:
    database = organization.database
    path = f"/v1/organizations/{organization.id}/events"
    for role, status in (
        (OrganizationRole.ADMIN, 200),
        (OrganizationRole.COACH, 200),
        (OrganizationRole.ANALYST, 403),
    ):
        member = await make_person()
        await add_member(database, organization.id, member, role)
        assert (await member.http.get(path)).status_code == status
    assert code_of(await stranger.http.get(path), 404) == "not-found"
    key = await make_key(database, organization.id, Scope.ORG_WRITE)
    answer = await organization.http.get(path, headers={"Authorization": f"Bearer {key}"})
    assert code_of(answer, 403) == "missing-scope"


async def test_what_an_organisation_missed_is_sent_again_as_far_as_consent_reaches(
    person: Person, stranger: Person, organization: Organization, clock: SetClock
) -> None:
    database = organization.database
    receiver = organization.receiver
    work = organization.work
    since = clock.now().isoformat()
    for one in (person, stranger):
        await add_client(database, organization.id, one)
        await give_grant(database, organization.id, one, C.REJECTIONS)
        await one.record_rejection()
    await work()
    assert len(receiver.messages) == 2
    await set_grants(database, stranger, status=GrantStatus.REVOKED)
    made = expect(await organization.http.get(ENDPOINTS, headers=organization.headers), 200)
    answer = await organization.http.post(
        f"{ENDPOINTS}/{made['items'][0]['id']}/redeliveries",
        json={"since": since},
        headers=organization.headers,
    )
    assert expect(answer, 202)["count"] == 2
    await work()
    assert len(receiver.messages) == 3
    assert receiver.messages[-1].json["data"]["account_id"] == str(person.id)
    assert receiver.ids[-1] in receiver.ids[:2]


async def test_every_type_is_listed_with_the_consent_it_needs(
    client: httpx.AsyncClient, person: Person
) -> None:
    listed = await get(person, "/v1/event-types")
    by_type = {one["type"]: one for one in listed["items"]}
    assert by_type["check_in.recorded"]["category"] == "wellbeing"
    assert by_type["grant.revoked"]["category"] is None
    german = expect(await client.get("/v1/event-types", headers={"Accept-Language": "de"}), 200)
    assert german["items"][0]["description"] == "Eine Absage wurde festgehalten"
