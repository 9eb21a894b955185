"""People who sign up with a password, and the mails they get."""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.auth.passwords import Passwords
from app.db.transaction import Database
from app.mail import Mailer
from app.settings import Settings
from app.web.observing import configure_logging

PASSWORD = "a quiet walk along the river"
TOKEN = re.compile(r"^rb[im]_[A-Za-z0-9_-]+$", re.MULTILINE)


@dataclass(frozen=True)
class Received:
    """A mail as it arrived."""

    to: str
    subject: str
    text: str

    @property
    def token(self) -> str:
        found = TOKEN.findall(self.text)
        assert len(found) == 1, "a mail carries one token"
        return str(found[0])


@dataclass
class Mails:
    """The mails written so far, in the order of sending."""

    folder: Path
    mailer: Mailer
    seen: int = field(default=0)

    async def fresh(self) -> list[Received]:
        """Those that came since the last look."""
        await self.mailer.drain()
        files = sorted(self.folder.glob("*.eml"))
        fresh, self.seen = files[self.seen :], len(files)
        return [_read(path) for path in fresh]

    async def one(self) -> Received:
        """The one that came since the last look."""
        (mail,) = await self.fresh()
        return mail


def _read(path: Path) -> Received:
    message = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
    text = message.get_content().replace("\r\n", "\n")
    return Received(str(message["To"]), str(message["Subject"]), text)


@pytest.fixture
def mails(settings: Settings, database: Database) -> Mails:
    return Mails(settings.data_folder / "mail", database.collaborator(Mailer))


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hash as the product does, but with parameters that take a millisecond."""
    if "app" not in request.fixturenames:
        yield
        return
    app: FastAPI = request.getfixturevalue("app")
    cheap = Passwords(2, hasher=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    app.state.database.collaborators[Passwords] = cheap
    yield
    cheap.close()


@pytest.fixture
def logged(app: FastAPI) -> Iterator[StringIO]:
    """Everything the application logs in this test, down to the least severe level."""
    before, stream = structlog.get_config(), StringIO()
    configure_logging("debug", stream)
    yield stream
    structlog.configure(**before)


@dataclass
class Account:
    """Somebody with an e-mail address, a password and perhaps tokens."""

    http: httpx.AsyncClient
    email: str
    password: str = PASSWORD
    tokens: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def sign_in(self) -> "Account":
        answer = await sign_in(self.http, self.email, self.password)
        assert answer.status_code == 201, answer.text
        self.tokens = answer.json()
        return self

    async def me(self) -> httpx.Response:
        return await self.http.get("/v1/me", headers=self.headers)

    async def patch(self, body: dict[str, Any], if_match: str = "*") -> httpx.Response:
        headers = {**self.headers, "If-Match": if_match}
        return await self.http.patch("/v1/me", json=body, headers=headers)

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(path, json=body, headers=self.headers)


SignUp = Callable[..., Awaitable[Account]]


@pytest.fixture
def sign_up(client: httpx.AsyncClient, mails: Mails) -> SignUp:
    """Signs people up and in, and takes the first mail out of their way."""

    async def sign_up(email: str = "sam@example.com", **profile: Any) -> Account:
        body = {"email": email, "password": PASSWORD, **profile}
        answer = await client.post("/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
        await mails.fresh()
        return await Account(client, email).sign_in()

    return sign_up


async def sign_in(
    http: httpx.AsyncClient, email: str, password: str, client: str = "tests"
) -> httpx.Response:
    body = {"email": email, "password": password}
    return await http.post("/v1/sessions", json=body, headers={"User-Agent": client})


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    """A client at another network address."""
    transport = httpx.ASGITransport(app, client=(address, 1234), raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url="http://rebound.test")
