"""`support_wanted` is acted upon and then gone: it leaves no trace anywhere."""

import io
import json
from typing import Any
from uuid import uuid4

import pytest

from app.auth.models import AccessToken, Session
from app.db.base import Base, table_of
from app.db.transaction import Database
from app.domains.accounts.models import Account
from app.domains.recovery.rules.distress import SUPPORT_CARDS
from app.kit.terms import Language
from app.web.observing import configure_logging
from tests.conftest import Person

BEFORE = {table_of(Account), table_of(Session), table_of(AccessToken)}
CARD = SUPPORT_CARDS[Language.EN]


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    return {"log_level": "debug"}


async def dump(database: Database, person: Person) -> str:
    """Every value in every table that belongs to a person, without ids made at random."""
    lines = []
    async with database.read(everyone=True) as transaction:
        for table in Base.metadata.sorted_tables:
            if table in BEFORE or "owner_id" not in table.c:
                continue
            columns = [c for c in table.c if c.name not in {"owner_id", "actor_id"}]
            if table.name == "events":
                columns = [c for c in columns if c.name != "id"]
            rows = await transaction.execute(
                table.select().with_only_columns(*columns).where(table.c.owner_id == person.id)
            )
            lines += [f"{table.name} {row._mapping!r}" for row in rows]
    return "\n".join(sorted(lines))


async def check_in(person: Person, check_in_id: str, **wish: Any) -> Any:
    body = {"id": check_in_id, "mood": 3, "energy": 3, **wish}
    headers = {"Idempotency-Key": "same", "Accept-Encoding": "identity"}
    answer = await person.http.post("/v1/check-ins", json=body, headers=headers)
    assert answer.status_code == 201
    return answer


async def test_a_wish_for_support_leaves_no_trace(
    person: Person, stranger: Person, database: Database
) -> None:
    log = io.StringIO()
    configure_logging("debug", log)
    check_in_id = str(uuid4())
    wished = await check_in(person, check_in_id, support_wanted=True)
    silent = await check_in(stranger, check_in_id)
    assert wished.json()["support_card"]["title"] == CARD.title
    assert silent.json()["support_card"] is None

    # The two lives read alike: nothing stored tells who asked, not even a digest or a length.
    kept = await dump(database, person)
    assert check_in_id in kept
    assert kept == await dump(database, stranger)
    for word in ("support_wanted", CARD.title, CARD.text):
        assert word not in kept
        assert word not in log.getvalue()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [{k: v for k, v in line.items() if k in {"event", "route", "status"}} for line in lines]
    assert told[0] == told[1]


async def test_a_replay_shows_the_card_only_to_a_request_that_asks_for_it(person: Person) -> None:
    check_in_id = str(uuid4())
    first = await check_in(person, check_in_id, support_wanted=True)
    without = await check_in(person, check_in_id)
    refused = await check_in(person, check_in_id, support_wanted=False)
    asking = await check_in(person, check_in_id, support_wanted=True)
    for again in (without, refused, asking):
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["Content-Length"] == str(len(again.content))
    assert without.json()["support_card"] is None
    assert refused.json()["support_card"] is None
    assert asking.json() == first.json()
    read = await person.http.get(f"/v1/check-ins/{check_in_id}")
    assert "support_card" not in read.json()
