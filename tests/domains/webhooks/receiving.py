"""A server of somebody who is told: it keeps what came, and answers as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from standardwebhooks import Webhook

RESET, SILENCE, DRIP, ENDLESS, GARBAGE = "reset", "silence", "drip", "endless", "garbage"
"""Ways of not answering: breaking off, saying nothing, too slowly, too much, no HTTP at all."""

HELD = "held"
"""All is well, but not before the test lets go."""


@dataclass(frozen=True)
class Message:
    """A message that came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verify(self, secret: str) -> None:
        """Let a message through that the reference library takes for signed by a secret."""
        Webhook(secret).verify(self.body, dict(self.headers))


@dataclass(frozen=True)
class Reply:
    """An answer of some status."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> bytes:
        lines = [f"{name}: {value}\r\n" for name, value in self.headers.items()]
        return f"HTTP/1.1 {self.status} So\r\n{''.join(lines)}content-length: 0\r\n\r\n".encode()


class Receiver:
    """Listens on loopback; `script` holds the next answers, after which all is well."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.script: list[Reply | str] = []
        self.by_path: dict[str, Reply | str] = {}
        self.base = ""
        self._open: set[asyncio.StreamWriter] = set()
        self._came = asyncio.Event()
        self.let_go = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator[Self]:
        receiver = cls()
        server = await asyncio.start_server(receiver._serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        receiver.base = f"http://127.0.0.1:{port}"
        try:
            yield receiver
        finally:
            server.close()
            for writer in list(receiver._open):
                writer.transport.abort()
            await server.wait_closed()

    @property
    def types(self) -> list[str]:
        return [message.json["type"] for message in self.messages]

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]

    async def wait_for(self, path: str = "/", messages: int = 1) -> None:
        """Wait until so many messages have come to a path."""
        while len(self.at(path)) < messages:
            self._came.clear()
            await self._came.wait()

    def at(self, path: str) -> list[Message]:
        """What has come to a path."""
        return [message for message in self.messages if message.path == path]

    def reply_to(self, message: Message) -> Reply | str:
        """How a message that came in is answered, or not."""
        return self.script.pop(0) if self.script else self.by_path.get(message.path, Reply())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (one.partition(":") for one in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            message = Message(first.split()[1], headers, body)
            self.messages.append(message)
            self._came.set()
            await self._answer(self.reply_to(message), reader, writer)
        self._open.discard(writer)
        writer.close()

    async def _answer(
        self, reply: Reply | str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match reply:
            case Reply():
                writer.write(reply.head)
                await writer.drain()
            case "held":
                await self.let_go.wait()
                writer.write(Reply().head)
                await writer.drain()
            case "reset":
                writer.transport.abort()
            case "silence":
                await reader.read()
            case "garbage":
                writer.write(b"good morning\r\n\r\n")
                await writer.drain()
            case _:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while not reader.at_eof():
                    writer.write(b"x" if reply == DRIP else b"x" * 65_536)
                    await writer.drain()
                    await asyncio.sleep(0.1 if reply == DRIP else 0)
