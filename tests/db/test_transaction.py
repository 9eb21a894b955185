"""One transaction: what it keeps, what it lets go, and what runs after it."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.accounts.models import SignInAttempt
from app.kit.problems import Problem
from tests.conftest import NOON

ATTEMPTS = table_of(SignInAttempt)


class KeepingError(Problem):
    status, title, keeps_changes = 409, "Kept", True


class PlainError(Problem):
    status, title = 409, "Plain"


def attempt() -> dict[str, Any]:
    return {
        "id": uuid4(),
        "email_digest": b"e" * 16,
        "address_digest": b"a" * 16,
        "succeeded": False,
        "attempted_at": NOON,
    }


async def count(database: Database) -> int:
    async with database.read(everyone=True) as transaction:
        return len((await transaction.execute(select(ATTEMPTS.c.id))).all())


def in_use(database: Database) -> int:
    return int(database.engine.pool.checkedout())  # type: ignore[attr-defined]  # of the pool in use


@pytest.mark.parametrize(
    ("error", "kept"), [(None, 1), (PlainError(), 0), (RuntimeError(), 0), (KeepingError(), 1)]
)
async def test_an_exception_undoes_the_work_unless_it_states_facts_of_its_own(
    house: Database, error: Exception | None, kept: int
) -> None:
    told: list[str] = []

    async def tell() -> None:
        told.append("done")

    async def use() -> None:
        async with house.write(everyone=True) as transaction:
            transaction.after_commit(tell)
            await transaction.execute(insert(ATTEMPTS), attempt())
            if error is not None:
                raise error

    if error is None:
        await use()
    else:
        with pytest.raises(type(error)):
            await use()
    assert await count(house) == kept
    assert told == ["done"] * kept
    assert in_use(house) == 0


async def test_no_connection_is_taken_before_the_first_statement(house: Database) -> None:
    async with house.write(everyone=True) as transaction:
        assert in_use(house) == 0
        await transaction.execute(select(ATTEMPTS))
        assert in_use(house) == 1
        await transaction.execute(insert(ATTEMPTS), attempt())
        assert in_use(house) == 1
    assert in_use(house) == 0


async def test_slow_work_without_data_holds_no_connection(house: Database) -> None:
    async with house.write(everyone=True) as transaction:
        await transaction.execute(select(ATTEMPTS))
        async with transaction.suspended():
            assert in_use(house) == 0
            # Another writer gets its turn meanwhile.
            async with house.write(everyone=True) as other:
                await other.execute(insert(ATTEMPTS), attempt())
        await transaction.execute(insert(ATTEMPTS), attempt())
    assert await count(house) == 2


async def test_what_was_written_cannot_be_suspended_away(house: Database) -> None:
    async with house.write(everyone=True) as transaction:
        await transaction.execute(insert(ATTEMPTS), attempt())
        with pytest.raises(RuntimeError, match="has written"):
            await transaction.suspended().__aenter__()
    assert await count(house) == 1


async def test_a_cancelled_request_gives_its_connection_back(house: Database) -> None:
    started = asyncio.Event()

    async def hang() -> None:
        async with house.write(everyone=True) as transaction:
            await transaction.execute(insert(ATTEMPTS), attempt())
            started.set()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    await started.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert in_use(house) == 0
    async with house.write(everyone=True) as transaction:
        await transaction.execute(insert(ATTEMPTS), attempt())
    assert await count(house) == 1


async def test_a_collaborator_is_found_by_its_type_only(house: Database) -> None:
    with pytest.raises(KeyError):
        house.collaborator(int)
