"""The answer follows the commit, and a refused commit leaves nothing behind."""

from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.responses import JSONResponse, StreamingResponse

from app.auth.caller import Service
from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.db.base import table_of
from app.db.idempotency import StoredAnswer
from app.db.transaction import Database
from app.domains.recovery.models import CheckIn
from app.domains.recovery.repository.check_ins import CheckInRepository
from app.kit.fields import Id
from app.kit.schemas import Record, Request
from app.web.routing import Router
from tests.conftest import NOON, Person

CHECK_INS, ANSWERS = table_of(CheckIn), table_of(StoredAnswer)


class OrphanCreate(Request):
    rejection_id: Id


class Orphan(Record):
    rejection_id: Id


class Promising(Record):
    nobody_has_this: str


class OrphanService(Service):
    """A careless room: it does not ask whether the rejection exists."""

    async def record(self, body: OrphanCreate) -> Any:
        return await CheckInRepository(self.transaction, self.caller).insert(
            {
                "rejection_id": body.rejection_id,
                "checked_in_at": NOON,
                "mood": 3,
                "energy": 3,
                "emotions": [],
                "dwelling": None,
                "note": None,
            }
        )


Orphans = Annotated[OrphanService, Guard(OrphanService, Scope.WELLBEING_WRITE)]
router = Router()


@router.post("/v1/orphans", status_code=201)
async def record_orphan(body: OrphanCreate, orphans: Orphans) -> Orphan:
    stored: Orphan = await orphans.record(body)
    return stored


@router.post("/v1/broken-promises", status_code=201)
async def record_promise(body: OrphanCreate, orphans: Orphans) -> Promising:
    stored: Promising = await orphans.record(body)
    return stored


@router.post("/v1/streams", status_code=201)
async def record_and_stream(body: OrphanCreate, orphans: Orphans) -> Orphan:
    await orphans.record(body)
    return StreamingResponse(iter([b"too late"]))  # type: ignore[return-value]  # what is refused


@router.post("/v1/errors", status_code=201)
async def record_and_complain(body: OrphanCreate, orphans: Orphans) -> Orphan:
    await orphans.record(body)
    return JSONResponse({}, 400)  # type: ignore[return-value]  # what is refused


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    return {"pool_size": 1, "pool_timeout_seconds": 2}


@pytest.fixture(autouse=True)
def careless_room(app: FastAPI) -> None:
    app.router.routes.extend(router.routes)


async def count(database: Database, table: Any) -> int:
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(select(func.count()).select_from(table))
        return int(found.scalar_one())


async def test_a_commit_that_the_database_refuses_is_409_and_leaves_no_trace(
    person: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    key = {"Idempotency-Key": "k"}
    for _ in range(3):
        refused = await person.http.post(
            "/v1/orphans", json={"rejection_id": str(uuid4())}, headers=key
        )
        assert refused.status_code == 409
        assert refused.json()["type"] == "/problems/conflict"
        assert await count(database, CHECK_INS) == 0
        assert await count(database, ANSWERS) == 0
        assert (await person.http.get("/v1/rejections")).status_code == 200
    # The one connection of the pool is as good as new, and the key is free.
    wanted = {"rejection_id": rejection["id"]}
    stored = await person.http.post("/v1/orphans", json=wanted, headers=key)
    assert stored.status_code == 201
    assert stored.json()["revision"] == rejection["revision"] + 1
    assert "Idempotency-Replayed" not in stored.headers


async def test_when_a_201_leaves_the_record_is_already_there_for_others(
    app: FastAPI, person: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    seen_when: list[tuple[str, int]] = []

    async def observed(scope: Any, receive: Any, send: Any) -> None:
        async def observing(message: Any) -> None:
            seen_when.append((message["type"], await count(database, CHECK_INS)))
            await send(message)

        await app(scope, receive, observing)

    person.http._transport.app = observed  # type: ignore[attr-defined]  # httpx hides it
    stored = await person.http.post("/v1/orphans", json={"rejection_id": rejection["id"]})
    assert stored.status_code == 201
    assert seen_when == [("http.response.start", 1), ("http.response.body", 1)]


@pytest.mark.parametrize("path", ["/v1/broken-promises", "/v1/streams", "/v1/errors"])
async def test_what_cannot_be_answered_is_not_stored(
    person: Person, database: Database, path: str
) -> None:
    rejection = await person.record_rejection()
    failed = await person.http.post(path, json={"rejection_id": rejection["id"]})
    assert failed.status_code == 500
    assert failed.json()["type"] == "/problems/internal"
    assert await count(database, CHECK_INS) == 0
    assert (await person.http.get("/v1/rejections")).status_code == 200
