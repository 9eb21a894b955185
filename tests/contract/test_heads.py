"""Every GET can be asked by HEAD: the same answer without its body, and 304 for what is held."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import httpx
import pytest

from tests.contract.answers import VOLATILE
from tests.contract.document import Operation, operations
from tests.contract.requests import good_request
from tests.contract.scene import Person, Scene
from tests.fixtures.lossy import TIMEOUT_S, served

reading = pytest.mark.parametrize(
    "operation", [one for one in operations() if one.method == "GET"], ids=lambda one: one.id
)


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def lasting(self) -> dict[str, str]:
        """The headers, of those that differ by nature only the names."""
        return {name: "" if name in VOLATILE else value for name, value in self.headers.items()}


@pytest.fixture(scope="module")
async def ports(scenes: tuple[Scene, ...]) -> AsyncIterator[tuple[int, ...]]:
    """The applications on ports of their own: only a real server leaves out bodies."""
    async with AsyncExitStack() as stack:
        yield tuple([await stack.enter_async_context(served(scene.app)) for scene in scenes])


async def ask(port: int, request: httpx.Request, method: str) -> Answer:
    """Send a request on a connection of its own, and read whatever comes until it is closed."""
    lines = [f"{name}: {value}" for name, value in request.headers.items() if name != "connection"]
    target = request.url.raw_path.decode()
    head = "\r\n".join([f"{method} {target} HTTP/1.1", "Connection: close", *lines, "", ""])
    async with asyncio.timeout(TIMEOUT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode())
        raw = await reader.read()
        writer.close()
        await writer.wait_closed()
    said, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = said.decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in rest)
    return Answer(int(first.split()[1]), {name.lower(): value for name, value in pairs}, body)


async def asked(operation: Operation, person: Person, **headers: str) -> httpx.Request:
    """A good request as it would be sent."""
    answer = await person.send(await good_request(operation, person), **headers)
    return answer.request


@reading
async def test_head_is_get_without_the_body(
    operation: Operation, scenes: tuple[Scene, ...], ports: tuple[int, ...]
) -> None:
    for scene, port in zip(scenes, ports, strict=True):
        person = await scene.person()
        for accepted in ("identity", "br", "gzip"):
            request = await asked(operation, person, **{"Accept-Encoding": accepted})
            read = await ask(port, request, "GET")
            head = await ask(port, request, "HEAD")
            assert (head.status, head.body) == (200, b"")
            assert head.lasting == read.lasting
            assert int(head.headers["content-length"]) == len(read.body) > 0
            if "etag" not in head.headers:
                continue
            request.headers["If-None-Match"] = head.headers["etag"]
            held = await ask(port, request, "HEAD")
            assert (held.status, held.body) == (304, b"")
            assert held.lasting == (await ask(port, request, "GET")).lasting


@reading
async def test_head_is_refused_as_get_is(
    operation: Operation, scenes: tuple[Scene, ...], ports: tuple[int, ...]
) -> None:
    for scene, port in zip(scenes, ports, strict=True):
        person = await scene.person()
        good = await good_request(operation, person)
        request = (await person.send(replace(good, query=(("unknown_parameter", "1"),)))).request
        read = await ask(port, request, "GET")
        head = await ask(port, request, "HEAD")
        assert (head.status, head.body) == (422, b"")
        assert re.match(r"application/problem\+json", head.headers["content-type"])
        assert head.lasting == read.lasting
