"""What a home screen reads costs the same however much there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from app.db.transaction import Database
from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import check_in, get, plan_of, post


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """The statements that are run inside the block."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        found.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_reading_costs_a_constant_number_of_statements(
    person: Person, database: Database, clock: SetClock
) -> None:
    rejection = await person.record_rejection(channel="phone")
    plan = await plan_of(person, rejection)
    reads: dict[str, dict[str, Any]] = {
        "/v1/next-actions": {"include": "all"},
        "/v1/reminders": {},
        f"/v1/recovery-plans/{plan['id']}": {},
        "/v1/recovery-plans": {"limit": 100},
        "/v1/recovery-steps": {"limit": 100},
        "/v1/rejections": {"limit": 100},
        f"/v1/rejections/{rejection['id']}/timeline": {"limit": 100},
    }

    async def counts() -> dict[str, int]:
        found = {}
        for path, params in reads.items():
            with statements_of(database) as statements:
                await get(person, path, **params)
            assert statements
            found[path] = len(statements)
        return found

    for number in range(2):
        await person.record_rejection(company_name=f"Example {number}", reapply_on="2026-03-01")
    few = await counts()
    few_actions = len((await get(person, "/v1/next-actions", include="all"))["items"])
    assert few_actions == 3

    for number in range(27):
        await person.record_rejection(
            company_name=f"Further {number}", reapply_on="2026-03-01", start_plan=number % 2 == 0
        )
    for _ in range(20):
        await post(person, "/v1/recovery-steps", plan_id=plan["id"], title="Mine")
        await check_in(person, rejection_id=rejection["id"])
    clock.advance(timedelta(days=3))
    assert await counts() == few
    assert len((await get(person, "/v1/next-actions", include="all"))["items"]) == 30
    # Who asks, how much a day, what is open and what is muted, four rooms with something due, and
    # what to apply for again; then what was done today in three rooms, which only a day's cap asks.
    assert few["/v1/reminders"] == 9
    assert few["/v1/next-actions"] == 12
    assert few[f"/v1/recovery-plans/{plan['id']}"] == 3
