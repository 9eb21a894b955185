"""Networking events over HTTP, and whom the person met there."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from app.domains.contacts.events import (
    NetworkingEventDeleted,
    NetworkingEventRecorded,
    NetworkingEventUpdated,
)
from app.domains.contacts.terms import NetworkingEventStatus
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import Person
from tests.domains.acting import (
    change,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    post,
)

EVENTS = "/v1/networking-events"


async def contacts_of(person: Person, *names: str) -> list[str]:
    """The ids of new contacts, in the order in which the wire shows ids."""
    return sorted([(await post(person, "/v1/contacts", name=name))["id"] for name in names])


async def add(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, EVENTS, **{"name": "Data meetup", "kind": "meetup", **fields})


async def test_a_name_and_a_kind_are_enough(person: Person) -> None:
    answer = await person.http.post(EVENTS, json={"name": "Data meetup", "kind": "meetup"})
    event = expect(answer, 201)
    assert answer.headers["Location"] == f"{EVENTS}/{event['id']}"
    assert await get(person, answer.headers["Location"]) == event
    assert (event["status"], event["contact_ids"]) == ("interested", [])
    assert event["url"] is event["location"] is event["starts_at"] is None


async def test_everything_that_is_sent_comes_back_and_can_be_changed(person: Person) -> None:
    met = await contacts_of(person, "Sam", "Kim", "Ali")
    everything = {
        "name": "Größte Messe",
        "kind": "career_fair",
        "url": "https://example.com/fair",
        "location": "Łódź",
        "starts_at": "2026-03-20T08:00:00Z",
        "status": "registered",
        "contact_ids": met[:2],
    }
    event = await add(person, **everything)
    assert {name: event[name] for name in everything} == everything
    assert await items(person, EVENTS) == [event]
    path = f"{EVENTS}/{event['id']}"
    changed = await change(person, path, contact_ids=[met[2], met[0]], url=None, starts_at=None)
    assert changed["contact_ids"] == [met[0], met[2]]
    assert changed["revision"] > event["revision"]
    assert await get(person, path) == changed
    assert (await change(person, path, contact_ids=[]))["contact_ids"] == []
    for name in ("name", "kind", "status", "contact_ids"):
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"


async def test_the_same_people_in_another_order_are_the_same(person: Person) -> None:
    met = await contacts_of(person, "Sam", "Kim")
    body = {"id": str(uuid4()), "name": "x", "kind": "group", "contact_ids": met[::-1]}
    event = expect(await person.http.post(EVENTS, json=body), 201)
    assert event["contact_ids"] == met
    repeated = await person.http.post(EVENTS, json={**body, "contact_ids": met})
    assert expect(repeated, 200) == event
    other = await person.http.post(EVENTS, json={**body, "contact_ids": met[:1]})
    assert code_of(other, 409) == "id-taken"
    again = await person.http.patch(
        f"{EVENTS}/{event['id']}",
        json={"contact_ids": met[::-1]},
        headers={"If-Match": '"0"'},
    )
    assert expect(again, 200) == event


async def test_only_contacts_of_ones_own_can_be_met(person: Person, stranger: Person) -> None:
    (mine,) = await contacts_of(person, "Sam")
    (theirs,) = await contacts_of(stranger, "Kim")
    event = await add(person)
    for unknown in (theirs, str(uuid4())):
        body = {"name": "x", "kind": "group", "contact_ids": [mine, unknown]}
        answer = await person.http.post(EVENTS, json=body)
        assert finding_of(answer) == ("/contact_ids", "unknown")
        changed = await patch(person, f"{EVENTS}/{event['id']}", contact_ids=[unknown])
        assert finding_of(changed) == ("/contact_ids", "unknown")
    for wrong in ([mine, mine], [f"{mine}x"], [str(uuid4()) for _ in range(51)]):
        answer = await person.http.post(
            EVENTS, json={"name": "x", "kind": "group", "contact_ids": wrong}
        )
        assert expect(answer, 422)["errors"][0]["pointer"].startswith("/contact_ids")
    assert await items(person, EVENTS) == [event]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_any_status_can_follow_any_other(person: Person) -> None:
    event = await add(person)
    for before, after in product(NetworkingEventStatus, repeat=2):
        path = f"{EVENTS}/{event['id']}"
        await change(person, path, status=before)
        assert (await change(person, path, status=after))["status"] == after


async def test_each_filter_finds_what_it_says(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await add(stranger)
    (sam,) = await contacts_of(person, "Sam")
    names = {}
    samples: dict[str, dict[str, Any]] = {
        "a": {"kind": "webinar", "starts_at": "2026-03-20T08:00:00Z", "contact_ids": [sam]},
        "b": {"status": "attended", "starts_at": "2026-03-01T08:00:00Z"},
        "c": {"contact_ids": [sam], "status": "attended"},
    }
    for name, fields in samples.items():
        clock.advance(timedelta(minutes=1))
        names[(await add(person, **fields))["id"]] = name
    found: list[tuple[dict[str, Any], str]] = [
        ({}, "cba"),
        ({"sort": "created_at"}, "abc"),
        ({"sort": "-updated_at"}, "cba"),
        ({"contact_id": sam}, "ca"),
        ({"contact_id": str(uuid4())}, ""),
        ({"contact_id": sam, "status": "attended"}, "c"),
        ({"kind": "webinar"}, "a"),
        ({"starts_after": "2026-03-01T08:00:00Z"}, "ba"),
        ({"starts_before": "2026-03-19T00:00:00Z"}, "b"),
    ]
    for params, wanted in found:
        whole = await items(person, EVENTS, **params)
        assert "".join(names[one["id"]] for one in whole) == wanted, params
        assert await pages(person, EVENTS, limit=1, **params) == whole


async def test_deleting_an_event_leaves_the_people(person: Person) -> None:
    met = await contacts_of(person, "Sam")
    event = await add(person, contact_ids=met)
    before = await get(person, f"/v1/contacts/{met[0]}")
    await delete(person, f"{EVENTS}/{event['id']}")
    assert code_of(await person.http.get(f"{EVENTS}/{event['id']}"), 404) == "not-found"
    assert await get(person, f"/v1/contacts/{met[0]}") == before


async def test_each_change_is_stated(person: Person, told: list[Event]) -> None:
    event = await add(person)
    path = f"{EVENTS}/{event['id']}"
    await change(person, path, status="attended")
    await change(person, path, status="attended")
    await delete(person, path)
    assert {str(one.record_id) for one in told} == {event["id"]}
    assert [(type(one), getattr(one, "status", None)) for one in told] == [
        (NetworkingEventRecorded, "interested"),
        (NetworkingEventUpdated, "attended"),
        (NetworkingEventDeleted, None),
    ]
