"""One request holds at most one connection: all of it works on a pool of one."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.auth.passwords import Passwords
from app.mail import Mailer
from app.settings import Settings
from tests.conftest import Person

PASSWORD, OTHER_PASSWORD = "three swans below the bridge", "two herons above the weir"
TOKEN = re.compile(rb"^rbm_[A-Za-z0-9_-]+", re.MULTILINE)


@pytest.fixture
def changed_settings() -> dict[str, Any]:
    return {"pool_size": 1, "pool_timeout_seconds": 2}


@pytest.fixture(autouse=True)
def cheap_hashes(app: FastAPI) -> Iterator[None]:
    """Hash on threads as the product does, in a millisecond."""
    cheap = Passwords(2, hasher=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    app.state.database.collaborators[Passwords] = cheap
    yield
    cheap.close()


class Life:
    """Somebody's client; tests/contract calls every operation on such a pool, one by one."""

    def __init__(self, app: FastAPI, settings: Settings, http: httpx.AsyncClient) -> None:
        self.app, self.settings, self.http = app, settings, http

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(method, path, json=body, headers={"If-Match": "*"})
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json() if answer.content else None

    async def sign_in(self, email: str, password: str) -> Any:
        session = await self.call("POST", "/v1/sessions", {"email": email, "password": password})
        self.http.headers["Authorization"] = f"Bearer {session['access_token']}"
        return session

    async def mailed_token(self) -> str:
        await self.app.state.database.collaborator(Mailer).drain()
        mails = sorted((self.settings.data_folder / "mail").glob("*.eml"))
        tokens = [found[0] for mail in mails if (found := TOKEN.findall(mail.read_bytes()))]
        return str(tokens[-1], "ascii")


async def test_a_whole_life_fits_through_one_connection(  # noqa: PLR0915 -- a life is long
    app: FastAPI, settings: Settings, client: httpx.AsyncClient
) -> None:
    life = Life(app, settings, client)
    call = life.call
    email, moved = "ada@example.com", "ada.new@example.com"
    await call("POST", "/v1/accounts", {"email": email, "password": PASSWORD})
    await call("POST", "/v1/email-verifications", {"token": await life.mailed_token()})
    session = await life.sign_in(email, PASSWORD)
    await call("POST", "/v1/sessions/refresh", {"refresh_token": session["refresh_token"]})
    await call("GET", "/v1/sessions")
    await call("DELETE", "/v1/sessions/current")
    session = await life.sign_in(email, PASSWORD)
    await call("GET", "/v1/me")
    await call("PATCH", "/v1/me", {"wellbeing_tracking": True})

    rejection = await call(
        "POST", "/v1/rejections", {"company_name": "Example GmbH", "stage": "interview"}
    )
    at = f"/v1/rejections/{rejection['id']}"
    await call("GET", at)
    await call("PATCH", at, {"notes": "They were kind."})
    await call("GET", "/v1/rejections?sort=created_at")
    await call("GET", f"{at}/timeline")
    await call("GET", "/v1/plan-templates")
    await call("GET", "/v1/next-actions")
    await call("GET", "/v1/recovery-plans")
    plan = await call("POST", "/v1/recovery-plans", {"title": "My own"})
    at_plan = f"/v1/recovery-plans/{plan['id']}"
    await call("GET", at_plan)
    step = await call("POST", "/v1/recovery-steps", {"plan_id": plan["id"], "title": "Walk"})
    at_step = f"/v1/recovery-steps/{step['id']}"
    await call("GET", at_step)
    await call("GET", "/v1/recovery-steps")
    await call("PATCH", at_step, {"status": "in_progress"})
    await call("DELETE", at_step)
    await call("PATCH", at_plan, {"status": "abandoned"})
    check_in = await call(
        "POST", "/v1/check-ins", {"mood": 2, "energy": 2, "rejection_id": rejection["id"]}
    )
    at_check_in = f"/v1/check-ins/{check_in['id']}"
    await call("GET", at_check_in)
    await call("GET", "/v1/check-ins")
    await call("PATCH", at_check_in, {"mood": 3})
    await call("DELETE", at_check_in)
    await call("DELETE", "/v1/check-ins")
    await call("GET", "/v1/support-resources?country=DE")
    await call("GET", "/v1/vocabularies")
    await call("GET", "/healthz")
    await call("GET", "/readyz")
    await call("DELETE", at)

    changing = {"new_email": moved, "password": PASSWORD}
    await call("POST", "/v1/me/email-changes", changing)
    await call("POST", "/v1/email-verifications", {"token": await life.mailed_token()})
    changing = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    await call("POST", "/v1/me/password", changing)
    await call("POST", "/v1/password-resets", {"email": moved})
    confirming = {"token": await life.mailed_token(), "new_password": PASSWORD}
    await call("POST", "/v1/password-reset-confirmations", confirming)
    other = await life.sign_in(moved, PASSWORD)
    sessions = await call("GET", "/v1/sessions")
    assert len(sessions["items"]) == 1
    await life.sign_in(moved, PASSWORD)
    others = [s for s in (await call("GET", "/v1/sessions"))["items"] if not s["current"]]
    assert len(others) == 1
    await call("DELETE", f"/v1/sessions/{others[0]['id']}")
    client.headers["Authorization"] = f"Bearer {other['access_token']}"
    assert (await client.get("/v1/me")).status_code == 401
    await life.sign_in(moved, PASSWORD)
    await call("DELETE", "/v1/me")


async def test_ten_requests_at_once_take_turns(person: Person, client: httpx.AsyncClient) -> None:
    body = {"company_name": "Example GmbH", "stage": "offer"}
    signing_up = [
        client.post(
            "/v1/accounts", json={"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
        )
        for _ in range(3)
    ]
    writing = [person.http.post("/v1/rejections", json=body) for _ in range(4)]
    reading = [person.http.get("/v1/next-actions") for _ in range(3)]
    answers = await asyncio.gather(*signing_up, *writing, *reading)
    assert [answer.status_code for answer in answers] == [201] * 7 + [200] * 3
