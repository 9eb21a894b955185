"""The worker tells once of each day on which an open step was not done."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db.transaction import Database
from app.domains.recovery import events
from app.domains.recovery.events import RecoveryStepOverdue
from app.domains.recovery.service.overdue import tell_overdue_steps
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, get, listen, post

STEPS = "/v1/recovery-steps"
A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def told(database: Database) -> list[Event]:
    return listen(database, events)


def overdue(told: list[Event]) -> list[str]:
    return [str(one.record_id) for one in told if isinstance(one, RecoveryStepOverdue)]


async def own_step(person: Person, due_on: str) -> dict[str, Any]:
    """A plan with one step of the person's own that is due on a day."""
    plan = await post(person, "/v1/recovery-plans", title="My own")
    return await post(person, STEPS, plan_id=plan["id"], title="Mine", due_on=due_on)


@pytest.mark.parametrize(
    "where",
    [
        ("Pacific/Kiritimati", "2026-03-20T10:00:00"),
        ("Europe/Berlin", "2026-03-20T23:00:00"),
        ("Pacific/Pago_Pago", "2026-03-21T11:00:00"),
    ],
    ids=lambda where: where[0],
)
async def test_a_step_is_overdue_when_its_day_is_over_where_the_person_lives(
    make_person: MakePerson,
    database: Database,
    clock: SetClock,
    told: list[Event],
    where: tuple[str, str],
) -> None:
    zone, ends = where
    person = await make_person(time_zone=zone)
    step = await own_step(person, "2026-03-20")
    end = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    clock.instant = end - A_MOMENT
    await tell_overdue_steps(database)
    assert overdue(told) == []
    clock.instant = end
    await asyncio.gather(*(tell_overdue_steps(database) for _ in range(3)))
    await tell_overdue_steps(database)
    assert overdue(told) == [step["id"]]
    # The person sees no difference, and need not read the step again to change it.
    assert await get(person, f"{STEPS}/{step['id']}") == step


async def test_another_day_is_told_of_again(
    person: Person, database: Database, clock: SetClock, told: list[Event]
) -> None:
    step = await own_step(person, "2026-03-12")
    clock.advance(timedelta(days=2))
    await tell_overdue_steps(database)
    await change(person, f"{STEPS}/{step['id']}", due_on="2026-03-14")
    await tell_overdue_steps(database)
    assert overdue(told) == [step["id"]]
    clock.advance(timedelta(days=2))
    await tell_overdue_steps(database)
    assert overdue(told) == [step["id"]] * 2


async def test_what_is_done_let_go_or_long_ago_is_not_told_of(
    person: Person, database: Database, clock: SetClock, told: list[Event]
) -> None:
    done, of_abandoned, old = [await own_step(person, "2026-03-12") for _ in range(3)]
    await change(person, f"{STEPS}/{done['id']}", status="done")
    await change(person, f"/v1/recovery-plans/{of_abandoned['plan_id']}", status="abandoned")
    clock.advance(timedelta(days=9))
    await tell_overdue_steps(database)
    assert overdue(told) == []
    await change(person, f"{STEPS}/{old['id']}", due_on="2026-03-13")
    await tell_overdue_steps(database)
    assert overdue(told) == [old["id"]]
