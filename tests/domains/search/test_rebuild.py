"""Reading the words of all records anew."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from app.db import words
from app.db.base import table_of
from app.db.transaction import Database
from app.db.words import RECORDS_AT_ONCE, SearchWord, rebuild
from app.domains.reflections.models import Lesson
from app.domains.reflections.repository import LessonRepository
from app.domains.reflections.terms import LessonStatus
from tests.conftest import MakePerson, Person
from tests.domains.acting import get, post

_words = table_of(SearchWord)


class Writer:
    """Whoever's records are written."""

    def __init__(self, owner_id: UUID) -> None:
        self.owner_id = owner_id

    def sees(self, _: str) -> bool:
        return True


async def everything(database: Database) -> set[tuple[Any, ...]]:
    async with database.read(everyone=True) as transaction:
        return {tuple(row) for row in await transaction.execute(select(_words))}


async def run(database: Database, *statements: Any) -> None:
    async with database.write(everyone=True) as transaction:
        for statement in statements:
            await transaction.execute(statement)


async def rebuilt(database: Database) -> list[int]:
    return [entries async for entries in rebuild(database)]


@pytest.fixture
async def people(make_person: MakePerson) -> list[Person]:
    """Two people with records of several kinds, and one without any."""
    people = [await make_person() for _ in range(3)]
    for person in people[:2]:
        rejection = await person.record_rejection(notes="They liked the case study", tags=["dream"])
        await post(
            person,
            "/v1/feedback",
            rejection_id=rejection["id"],
            source="reply",
            verbatim="You were well prepared.",
        )
        await post(person, "/v1/contacts", name="Sam Sample", relationship="peer")
        await post(person, "/v1/lessons", text="Show the way to a result")
    return people


async def test_a_good_index_is_left_as_it_is(people: list[Person], database: Database) -> None:
    before = await everything(database)
    assert before
    assert await rebuilt(database) == [0, 0, 0]
    assert await everything(database) == before


async def test_an_empty_index_is_filled_as_if_it_had_always_been_there(
    people: list[Person], database: Database
) -> None:
    before = await everything(database)
    await run(database, delete(_words))
    changed = await rebuilt(database)
    assert await everything(database) == before
    assert min(changed) == 0
    assert sum(changed) == len(before)


async def test_a_damaged_index_is_mended(people: list[Person], database: Database) -> None:
    before = await everything(database)
    person = people[0]
    (lesson,) = (await get(person, "/v1/lessons"))["items"]
    strange = {"owner_id": person.id, "word": "strange", "weight": 2}
    await run(
        database,
        delete(_words).where(_words.c.word == "result"),
        update(_words).where(_words.c.word == "study").values(weight=0),
        insert(_words).values(**strange, collection="lessons", id=UUID(lesson["id"])),
        insert(_words).values(**strange, collection="lessons", id=uuid4()),
        insert(_words).values(**strange, collection="check_ins", id=uuid4()),
    )
    assert (await get(person, "/v1/search", q="strange"))["items"]
    changed = await rebuilt(database)
    assert await everything(database) == before
    # A word that has another weight is taken out and put back.
    assert sorted(changed) == [0, 3, 6]
    assert await rebuilt(database) == [0, 0, 0]


async def test_it_goes_through_more_records_than_one_transaction_takes(
    person: Person, database: Database
) -> None:
    blank = {column.name: None for column in table_of(Lesson).c if column.nullable}
    async with database.write(everyone=True) as transaction:
        await LessonRepository(transaction, Writer(person.id)).insert_all(
            [
                {**blank, "text": f"number{number}", "status": LessonStatus.OPEN}
                for number in range(RECORDS_AT_ONCE + 1)
            ]
        )
    before = await everything(database)
    assert len({row[3] for row in before}) == RECORDS_AT_ONCE + 1
    assert await rebuilt(database) == [0]
    await run(database, delete(_words))
    assert await rebuilt(database) == [len(before)]
    assert await everything(database) == before


async def test_it_goes_through_more_people_than_are_asked_for_at_once(
    people: list[Person], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "_PEOPLE", words._PEOPLE.limit(1))
    assert await rebuilt(database) == [0, 0, 0]


async def test_someone_who_leaves_meanwhile_is_passed_over(
    people: list[Person], database: Database
) -> None:
    changed = []
    async for entries in rebuild(database):
        changed.append(entries)
        for person in people:
            await person.http.delete("/v1/me", headers={"If-Match": "*"})
    assert changed == [0]
    assert await everything(database) == set()
