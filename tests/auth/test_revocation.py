"""What is revoked is refused from the next request on: no answer is stale, however often tried."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Membership
from app.domains.coaching.terms import MembershipStatus
from app.kit.clock import SetClock
from tests.conftest import MakePerson
from tests.domains.acting import expect
from tests.domains.coaching.consenting import GRANTS, Circle, decide, make_circle
from tests.domains.organizing import bearer, on_behalf
from tests.fixtures.live import live_server

KEYS = "/v1/api-keys"
READERS = 6
LOOKS_OF_EACH = 3
FEW, MANY = 20, 1_000

tries = pytest.mark.parametrize("tries", [FEW, pytest.param(MANY, marks=pytest.mark.thorough)])


@pytest.fixture
def clock() -> SetClock:
    """The present, because a server process has no other."""
    return SetClock(datetime.now(UTC))


@pytest.fixture
async def circle(database: Database, make_person: MakePerson) -> Circle:
    return await make_circle(database, make_person)


@tries
async def test_a_revoked_grant(circle: Circle, tries: int) -> None:
    stale = 0
    for _ in range(tries):
        grant = await circle.give()
        assert (await circle.read()).status_code == 200
        expect(await decide(circle.person, grant, status="revoked"), 200)
        stale += (await circle.read()).status_code != 404
    assert stale == 0


async def test_a_narrowed_grant(circle: Circle) -> None:
    grant, stale = await circle.give(), 0
    for _ in range(FEW):
        expect(await decide(circle.person, grant, categories=["plans"]), 200)
        stale += (await circle.read()).status_code != 403
        expect(await decide(circle.person, grant, categories=["rejections"]), 200)
        stale += (await circle.read()).status_code != 200
    assert stale == 0


@tries
async def test_a_revoked_key(circle: Circle, client: httpx.AsyncClient, tries: int) -> None:
    stale = 0
    for _ in range(tries):
        body = {"name": "Sample", "scopes": ["rejections:read"]}
        made = expect(await circle.person.http.post(KEYS, json=body), 201)
        key = bearer(made["key"])
        assert (await client.get("/v1/rejections", headers=key)).status_code == 200
        expect(await circle.person.http.delete(f"{KEYS}/{made['id']}"), 204)
        stale += (await client.get("/v1/rejections", headers=key)).status_code != 401
    assert stale == 0


async def test_a_deactivated_member(circle: Circle, database: Database) -> None:
    await circle.give()
    memberships, stale = table_of(Membership), 0
    for _ in range(FEW):
        for status, answer in ((MembershipStatus.DEACTIVATED, 404), (MembershipStatus.ACTIVE, 200)):
            async with database.write(everyone=True) as transaction:
                transaction.enter(circle.organization)
                await transaction.execute(
                    update(memberships)
                    .where(memberships.c.id == circle.coach_membership)
                    .values(status=status)
                )
            stale += (await circle.read()).status_code != answer
    assert stale == 0


class Reader:
    """Somebody who asks again and again over a connection of their own."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.http, self.headers = http, headers
        self.seen: list[tuple[float, int]] = []

    async def read_on(self) -> None:
        while True:
            began = time.monotonic()
            answer = await self.http.get("/v1/rejections", headers=self.headers)
            self.seen.append((began, answer.status_code))

    def since(self, moment: float) -> list[int]:
        """What was answered to requests that began after a moment."""
        return [status for began, status in self.seen if began > moment]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 -- what is waited for is what other servers answer.
            await asyncio.sleep(0.001)


async def watched(
    readers: list[Reader],
    allow: Callable[[], Awaitable[Any]],
    forbid: Callable[[Any], Awaitable[None]],
) -> list[int]:
    """Allow and forbid once, while all read; what was answered to who asked after that."""
    allowed = await allow()
    moment = time.monotonic()
    await until(lambda: all(200 in reader.since(moment) for reader in readers))
    await forbid(allowed)
    moment = time.monotonic()
    await until(lambda: all(len(one.since(moment)) >= LOOKS_OF_EACH for one in readers))
    return [status for reader in readers for status in reader.since(moment)]


@pytest.mark.thorough
async def test_revoking_while_others_read_over_connections_of_their_own(
    circle: Circle, database_url: str, tmp_path: Path
) -> None:
    """On two servers beside each other: whoever asks once it is revoked is refused by both."""
    with ExitStack() as stack:
        urls = []
        for name in ("one", "another"):
            folder = tmp_path / name
            folder.mkdir()
            server = live_server(folder, database_url, rate_limits="off")
            urls.append(stack.enter_context(server)[0])
        places = (urls * READERS)[: READERS + 1]
        clients = [httpx.AsyncClient(base_url=url, timeout=30) for url in places]
        owner = {"Authorization": f"Bearer {circle.person.token}"}
        coach = {"Authorization": f"Bearer {circle.coach.token}", **on_behalf(circle.person)}
        readers = [Reader(http, coach) for http in clients[1:]]
        http = clients[0]

        async def give() -> str:
            answer = await http.post(GRANTS, json=circle.terms(), headers=owner)
            return str(expect(answer, 201)["id"])

        async def revoke(grant: str) -> None:
            headers = {**owner, "If-Match": "*"}
            body = {"status": "revoked"}
            expect(await http.patch(f"{GRANTS}/{grant}", json=body, headers=headers), 200)

        reading = [asyncio.create_task(reader.read_on()) for reader in readers]
        looks: list[int] = []
        while len(looks) < MANY:
            looks += await watched(readers, give, revoke)
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        for one in clients:
            await one.aclose()
    assert [status for status in looks if status != 404] == []
