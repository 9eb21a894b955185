"""One number per person: it grows with each write, and stamps everything the write touched."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.db.base import owned_tables, table_of
from app.db.deletion import Tombstone
from app.db.events import StoredEvent
from app.db.revisions import Head
from app.db.transaction import Database
from app.kit.problems import Unauthenticated
from tests.conftest import Person
from tests.db.rows import fill

HEADS = table_of(Head)


async def head(database: Database, person: Person) -> int:
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(
            select(HEADS.c.revision).where(HEADS.c.owner_id == person.id)
        )
        return int(found.scalar_one())


async def revisions(database: Database, person: Person) -> list[int]:
    """The revision of every record, tombstone and event of a person."""
    found: list[int] = []
    tables = [t for t in owned_tables() if t.name != "accounts"]
    async with database.snapshot(everyone=True) as transaction:
        for table in (*tables, table_of(Tombstone), table_of(StoredEvent)):
            rows = await transaction.execute(
                select(table.c.revision).where(table.c.owner_id == person.id)
            )
            found += rows.scalars()
    return sorted(found)


async def test_each_write_takes_the_next_number_and_stamps_all_it_touches(
    person: Person, stranger: Person, database: Database
) -> None:
    assert await head(database, person) == 1
    made = await person.record_rejection()
    assert made["revision"] == await head(database, person) == 2
    # The rejection, its plan, its steps and the events: one write, one number.
    assert len(await revisions(database, person)) > 5
    assert set(await revisions(database, person)) == {2}

    at = f"/v1/rejections/{made['id']}"
    await person.http.patch(at, json={"notes": "x"}, headers={"If-Match": "*"})
    assert await head(database, person) == 3
    await person.http.post("/v1/check-ins", json={"mood": 3, "energy": 3})
    assert await head(database, person) == 4
    await person.http.delete(at, headers={"If-Match": "*"})
    assert await head(database, person) == 5
    assert await head(database, stranger) == 1


async def test_what_is_refused_takes_no_number(person: Person, database: Database) -> None:
    made = await person.record_rejection()
    before = await revisions(database, person)
    at = f"/v1/rejections/{made['id']}"
    for tag in ('"1"', '"99"'):
        await person.http.patch(at, json={"notes": "x"}, headers={"If-Match": tag})
        await person.http.delete(at, headers={"If-Match": tag})
    await person.http.post("/v1/recovery-plans", json={"rejection_id": made["id"]})
    await person.http.get(at)
    assert await head(database, person) == 2
    assert await revisions(database, person) == before


async def test_numbers_become_visible_in_their_order(house: Database) -> None:
    """Whoever has seen a number will never find a smaller one later: that makes it a cursor."""
    owner = uuid4()
    async with house.write(everyone=True) as transaction:
        await fill(transaction, owner)
    events = table_of(StoredEvent)
    done = False

    async def write(number: int) -> None:
        async with house.write(everyone=True) as transaction:
            revision = await transaction.revise(owner)
            await asyncio.sleep(0.003 * (number % 3))
            await transaction.execute(
                events.insert(),
                {
                    "owner_id": owner,
                    "id": uuid4(),
                    "type": "t",
                    "collection": "c",
                    "record_id": uuid4(),
                    "revision": revision,
                    "created_at": house.clock.now(),
                },
            )

    async def watch() -> list[int]:
        longest: list[int] = []
        while not done:
            async with house.read(everyone=True) as transaction:
                found = await transaction.execute(
                    select(events.c.revision)
                    .where(events.c.owner_id == owner)
                    .order_by(events.c.revision)
                )
                seen = list(found.scalars())
            assert seen[1:] == list(range(2, len(seen) + 1)), "no gap, nothing comes in late"
            assert seen[: len(longest)] == longest
            longest = seen
            await asyncio.sleep(0)
        return longest

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(write(number) for number in range(24)))
    done = True
    await watching
    async with house.read(everyone=True) as transaction:
        found = await transaction.execute(select(HEADS.c.revision).where(HEADS.c.owner_id == owner))
        assert found.scalar_one() == 25


async def test_a_write_for_an_account_that_is_gone_is_refused(house: Database) -> None:
    with pytest.raises(Unauthenticated):
        async with house.write(everyone=True) as transaction:
            await transaction.revise(uuid4())


def bodies(made: dict[str, Any], plan_id: str) -> dict[str, dict[str, Any]]:
    """One body for each collection whose records a client may name."""
    return {
        "/v1/rejections": {"company_name": "A", "stage": "offer", "rejected_on": "2026-03-01"},
        "/v1/recovery-plans": {"title": "A", "pause_until": "2026-03-12T08:00:00+02:00"},
        "/v1/recovery-steps": {"plan_id": plan_id, "title": "A"},
        "/v1/check-ins": {"mood": 2, "energy": 3, "rejection_id": made["id"], "emotions": []},
    }


async def test_an_id_of_the_clients_names_one_record_for_good(
    person: Person, stranger: Person
) -> None:
    made = await person.record_rejection()
    plan = (await person.http.get("/v1/recovery-plans")).json()["items"][0]
    for path, body in bodies(made, plan["id"]).items():
        wanted = {**body, "id": str(uuid4())}
        others = {"title": "B", "mood": 5, "stage": "screening"}
        changed = {name: value for name, value in others.items() if name in body}
        first = await person.http.post(path, json=wanted)
        assert first.status_code == 201, first.text
        assert first.json()["id"] == wanted["id"]
        again = await person.http.post(path, json=wanted)
        assert again.status_code == 200
        assert again.json()["revision"] == first.json()["revision"]
        assert again.headers["ETag"] == first.headers["ETag"]
        other = await person.http.post(path, json={**wanted, **changed})
        assert (other.status_code, other.json()["type"]) == (409, "/problems/id-taken"), path
        if path != "/v1/recovery-plans":  # Plans are abandoned, never deleted alone.
            at = f"{path}/{wanted['id']}"
            gone = await person.http.delete(at, headers={"If-Match": "*"})
            assert gone.status_code == 204
            back = await person.http.post(path, json=wanted)
            assert (back.status_code, back.json()["type"]) == (409, "/problems/id-deleted")
    # The same id in the hands of somebody else collides with nothing and tells nothing.
    wanted = {"company_name": "A", "stage": "offer", "id": made["id"]}
    assert (await stranger.http.post("/v1/rejections", json=wanted)).status_code == 201


async def test_one_id_sent_by_eight_requests_at_once_makes_one_record(person: Person) -> None:
    wanted = {"company_name": "A", "stage": "offer", "id": str(uuid4())}
    posts = (person.http.post("/v1/rejections", json=wanted) for _ in range(8))
    answers = await asyncio.gather(*posts)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.content for answer in answers}) == 1
