"""People on a running server: who they are, and which of their records are at hand."""

import asyncio
import random
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path

import httpx
from pydantic import SecretStr
from typing_extensions import override

from app.db.transaction import Database
from app.main import create_database
from app.settings import Settings
from tests.contract.requests import PASSWORD
from tests.contract.scene import Person, Scene
from tests.domains.accounts.conftest import TOKEN
from tests.fixtures.postgres import as_owner

TIMEOUT_S = 30.0
MAIL_ATTEMPTS = 50
MAIL_PAUSE_S = 0.01


class LiveScene(Scene):
    """A server process that is reached over HTTP, and the folder into which it mails."""

    def __init__(self, base_url: str, mail: Path, database_url: str) -> None:
        self.database_url = database_url
        hooks = {"request": [_from_elsewhere]}
        self.anyone = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT_S, event_hooks=hooks)
        self.mail = mail
        self.read: set[Path] = set()

    @cached_property
    @override
    def database(self) -> Database:
        """The server's, for organisations: only its operator makes one."""
        settings = Settings(
            _env_file=None,
            database_url=self.database_url,
            admin_database_url=as_owner(self.database_url),
            secret_key=SecretStr("a secret of the tests, long enough"),
            data_path=self.mail,
        )
        return create_database(settings)

    @override
    async def mailed_token(self, address: str) -> str:
        """The token in the latest mail to an address that was not read yet; mails come late."""
        for _ in range(MAIL_ATTEMPTS):
            for path in sorted(self.mail.glob("*.eml"), reverse=True):
                if path in self.read:
                    continue
                mail = message_from_bytes(path.read_bytes(), EmailMessage, policy=default)
                tokens = TOKEN.findall(mail.get_content().replace("\r\n", "\n"))
                self.read.add(path)
                if mail["To"] == address and tokens:
                    return str(tokens[0])
            await asyncio.sleep(MAIL_PAUSE_S)
        raise TimeoutError(f"no mail with a token to {address} in {self.mail}")


class Owner(Person):
    """Somebody whose records are used again until a request has used one up."""

    def __init__(self, scene: Scene, email: str, tokens: dict[str, str]) -> None:
        super().__init__(scene, email)
        self.tokens = tokens
        self.at_hand: dict[str, str] = {}

    @override
    async def make(self, collection: str | None, name: str) -> str:
        if name not in self.at_hand:
            try:
                self.at_hand[name] = await super().make(collection, name)
            except AssertionError:
                # A record at hand has changed so that nothing more can be added to it.
                self.forget()
                self.at_hand[name] = await self._make_or_find(collection, name)
        return self.at_hand[name]

    def forget(self) -> None:
        """Use nothing again; perhaps they have even left their organisation."""
        self.at_hand.clear()
        self.runs = None

    async def _make_or_find(self, collection: str | None, name: str) -> str:
        """A fresh record, or where there are as many as there may be, the first of them."""
        try:
            return await super().make(collection, name)
        except AssertionError:
            listed = await self.scene.anyone.get(collection or "", headers=self.authorization)
            if not (listed.is_success and listed.json().get("items")):
                raise
            return str(listed.json()["items"][0]["id"])


async def newcomer(scene: Scene) -> Owner:
    """Somebody who has just signed up and in."""
    person = await scene.person()
    return Owner(scene, person.email, person.tokens)


async def returning(person: Owner) -> Owner:
    """The same person in a session of its own, or a newcomer if they cannot sign in any more."""
    credentials = {"email": person.email, "password": PASSWORD}
    answer = await person.scene.anyone.post("/v1/sessions", json=credentials)
    if answer.status_code != httpx.codes.CREATED:
        return await newcomer(person.scene)
    return Owner(person.scene, person.email, answer.json())


def some_address(source: random.Random) -> str:
    """A network address, so that wrong passwords of one request do not hold up the next ones."""
    return str(IPv4Address(source.randrange(0x0B000000, 0x7F000000)))


async def _from_elsewhere(request: httpx.Request) -> None:
    request.headers["X-Forwarded-For"] = some_address(random.Random())  # noqa: S311 -- no secret.
