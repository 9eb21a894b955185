"""The worker tells once of each day on which it is time to get in touch with a contact."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db.transaction import Database
from app.domains.contacts import events
from app.domains.contacts.events import ContactFollowUpDue
from app.domains.contacts.service.due import tell_due_follow_ups
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, delete, get, listen, post

CONTACTS = "/v1/contacts"
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def told(database: Database) -> list[Event]:
    return listen(database, events)


def due(told: list[Event]) -> list[str]:
    return [str(one.record_id) for one in told if isinstance(one, ContactFollowUpDue)]


@pytest.mark.parametrize(
    "where",
    [
        ("Pacific/Kiritimati", "2026-03-19T10:00:00"),
        ("Europe/Berlin", "2026-03-19T23:00:00"),
        ("Pacific/Pago_Pago", "2026-03-20T11:00:00"),
    ],
    ids=lambda where: where[0],
)
async def test_a_contact_is_due_when_the_day_begins_where_the_person_lives(
    make_person: MakePerson,
    database: Database,
    clock: SetClock,
    told: list[Event],
    where: tuple[str, str],
) -> None:
    zone, begins = where
    person = await make_person(time_zone=zone)
    contact = await post(person, CONTACTS, name="Sam", next_follow_up_on="2026-03-20")
    begin = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    clock.instant = begin - A_MOMENT
    await tell_due_follow_ups(database)
    assert due(told) == []
    clock.instant = begin
    for _ in range(2):
        await tell_due_follow_ups(database)
    assert due(told) == [contact["id"]]
    assert await get(person, f"{CONTACTS}/{contact['id']}") == contact


async def test_another_day_is_told_of_again_and_old_ones_never(
    person: Person, database: Database, clock: SetClock, told: list[Event]
) -> None:
    contact = await post(person, CONTACTS, name="Sam", next_follow_up_on="2026-03-12")
    await post(person, CONTACTS, name="Kim", next_follow_up_on="2026-03-01")
    gone = await post(person, CONTACTS, name="Lou", next_follow_up_on="2026-03-12")
    await delete(person, f"{CONTACTS}/{gone['id']}")
    clock.advance(timedelta(days=2))
    await tell_due_follow_ups(database)
    assert due(told) == [contact["id"]]
    await change(person, f"{CONTACTS}/{contact['id']}", next_follow_up_on="2026-03-14")
    await tell_due_follow_ups(database)
    assert due(told) == [contact["id"]]
    clock.advance(timedelta(days=1))
    await tell_due_follow_ups(database)
    assert due(told) == [contact["id"]] * 2
