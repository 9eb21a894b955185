"""How a server ends: in order at SIGTERM, and without harm when it is killed."""

import random
import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.fixtures.live import live_server
from tests.web.serving import quick_server

ACCOUNT = {"email": "ida@example.com", "password": "seven stones by the shore"}
KILLS = 5


def sign_in(base_url: str) -> dict[str, str]:
    httpx.post(f"{base_url}/v1/accounts", json=ACCOUNT)
    session = httpx.post(f"{base_url}/v1/sessions", json=ACCOUNT)
    assert session.status_code == 201, session.text
    return {"Authorization": f"Bearer {session.json()['access_token']}"}


def test_with_a_worker_inside_it_beats_and_at_sigterm_requests_in_flight_are_answered(
    database_url: str, tmp_path: Path
) -> None:
    with live_server(tmp_path, database_url, "--with-worker", "--no-migrate") as (url, process):
        deadline = time.monotonic() + 10
        while not _has_beaten(database_url) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert _has_beaten(database_url)

        headers = sign_in(url)
        half_sent, go_on = threading.Event(), threading.Event()

        def body() -> Any:
            yield b'{"company_name": "Example GmbH",'
            half_sent.set()
            assert go_on.wait(10)
            yield b' "stage": "offer"}'

        answers: list[httpx.Response] = []

        def post() -> None:
            json = {**headers, "Content-Type": "application/json"}
            answers.append(httpx.post(f"{url}/v1/rejections", content=body(), headers=json))

        posting = threading.Thread(target=post)
        posting.start()
        assert half_sent.wait(10)
        time.sleep(0.2)  # for the first half to arrive
        process.send_signal(signal.SIGTERM)
        time.sleep(0.4)
        go_on.set()
        posting.join(10)
        assert [answer.status_code for answer in answers] == [201]
        assert process.wait(10) in {0, -signal.SIGTERM}
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def _has_beaten(database_url: str) -> bool:
    query = "SELECT count(*) FROM scheduled_jobs WHERE name = 'heartbeat' AND succeeded_at > ''"
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as database:
            (count,) = database.execute(query).fetchone()
        database.close()
        return bool(count == 1)
    return _ask_postgres(database_url, query.replace("> ''", "IS NOT NULL")) == 1


def _ask_postgres(database_url: str, query: str) -> int:
    import asyncio

    import asyncpg

    async def ask() -> int:
        connection = await asyncpg.connect(database_url)
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    return asyncio.run(ask())


class Load:
    """One record after another, each with a key, and what was acknowledged of it."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, str] = {}
        self.unanswered: list[dict[str, Any]] = []

    def run(self, base_url: str, headers: dict[str, str]) -> None:
        """Write until the server is gone; what got no answer before is sent again first."""
        with httpx.Client(base_url=base_url, headers=headers, timeout=10) as client:
            while True:
                wanted = self.unanswered[0] if self.unanswered else self._fresh()
                try:
                    answer = client.post(
                        "/v1/rejections",
                        json=wanted,
                        headers={"Idempotency-Key": wanted["company_name"]},
                    )
                except httpx.TransportError:
                    return
                assert answer.status_code in {200, 201}, answer.text
                self.unanswered.remove(wanted)
                self.acknowledged[wanted["company_name"]] = answer.json()["id"]

    def _fresh(self) -> dict[str, Any]:
        # Every second one leaves the id to the server: then the key alone prevents a double.
        name = {"company_name": uuid4().hex, "stage": "offer", "start_plan": False}
        wanted = name if len(self.acknowledged) % 2 else {**name, "id": str(uuid4())}
        self.unanswered.append(wanted)
        return wanted


def recorded(base_url: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = httpx.get(
            f"{base_url}/v1/rejections?limit=100" + (f"&cursor={cursor}" if cursor else ""),
            headers=headers,
        ).json()
        found += page["items"]
        cursor = page["next_cursor"]
    return found


def test_of_what_was_acknowledged_nothing_is_lost_and_nothing_doubled_when_it_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    load, moment = Load(), random.Random(7)  # noqa: S311 -- the same moments in each run
    settings = {
        "data_path": str(tmp_path),
        "secret_key": "a secret of the tests, long enough",
        "rate_limits": "off",
    }
    headers: dict[str, str] = {}
    for _ in range(KILLS):
        before = len(load.acknowledged)
        with quick_server(database_url, **settings) as (url, process):
            headers = headers or sign_in(url)
            writing = threading.Thread(target=load.run, args=(url, headers))
            writing.start()
            time.sleep(moment.uniform(0.2, 0.5))
            process.kill()
            writing.join()
        assert len(load.acknowledged) > before
        assert len(load.unanswered) <= 1
    with quick_server(database_url, **settings) as (url, _):
        for wanted in load.unanswered:
            again = httpx.post(
                f"{url}/v1/rejections",
                json=wanted,
                headers={**headers, "Idempotency-Key": wanted["company_name"]},
            )
            load.acknowledged[wanted["company_name"]] = again.json()["id"]
        found = recorded(url, headers)
    assert {one["company_name"]: one["id"] for one in found} == load.acknowledged
    assert len(found) == len(load.acknowledged)
