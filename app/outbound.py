"""The one client that calls servers which customers named: webhooks, sign-in providers.

Such an address may point at anything, also at what only this machine can reach. So each call looks
its name up once, judges every address found, and connects to an address that it judged; the name
stays in the Host header and is what the certificate is checked for. There is no second look-up
between judging and connecting that a hostile name server could answer otherwise.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from time import perf_counter
from typing import Any, Literal

import httpcore
import httpx
from typing_extensions import override

from app.kit.networks import (
    CallFailure,
    IpAddress,
    IpNetwork,
    is_in,
    is_inside,
    literal_address,
)

TIMEOUT_S = 20.0
CONNECT_TIMEOUT_S = 5.0
MAX_BODY_BYTES = 16 * 1024
MAX_HEAD_BYTES = 64 * 1024
MAX_ADDRESSES_TRIED = 4
MAX_LOOKUPS_AT_ONCE = 8
MAX_NAME_CHARACTERS = 253
SCHEMES = ("https", "http")
FIRST_FREE_PORT = 1024

LookUp = Callable[[str], Sequence[IpAddress]]

_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


class CallFailedError(Exception):
    """A call brought no answer; `failure` says why, and nothing tells what lies inside."""

    def __init__(self, failure: CallFailure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True)
class Answer:
    """What a server answered: any status, also a redirect, which is never followed."""

    status: int
    retry_after: str | None
    """The header of this name, as it came."""
    body: bytes = field(repr=False)
    """Up to `max_bytes` of the body, as they came over the line."""
    is_whole: bool
    """Whether `body` is all of it."""
    elapsed_s: float
    """Seconds from the look-up of the name to the last byte read."""


@dataclass(frozen=True)
class _Target:
    """A URL in the form in which it is sent."""

    url: httpx.URL
    host: str
    literal: IpAddress | None


def check_url(url: str, allowed: Sequence[IpNetwork] = ()) -> None:
    """Refuse a URL that no call could ever use, without asking the network.

    It must be `https` with a host, without user, password and fragment, on port 443 or above 1023
    (below stand the services of systems, such as mail), and an address written in it must lie on
    the public Internet. In the `allowed` networks plain `http` is right too. Where a name leads is
    judged at each call.

    Raises:
        CallFailedError: MALFORMED_URL, NOT_HTTPS, PORT_REFUSED or ADDRESS_INSIDE.
    """
    target = _read(url)
    if target.literal is not None:
        _judge(target, [target.literal], allowed)
    elif target.url.scheme != "https" and not allowed:
        raise CallFailedError(CallFailure.NOT_HTTPS)


class Outbound:
    """Calls servers that customers named, and none that lies inside.

    Proxies, redirects, cookies and compression are unknown to it; each call has a connection of
    its own.

    Args:
        allowed: Networks that may be called although they lie inside, also by plain `http`.
        look_up: Finds the addresses of a name; it may block, and raises `OSError` for none.
        timeout_s: Seconds that one call may take, from the look-up to the last byte.
        max_bytes: Bytes of a body that are kept; then the connection is closed.
    """

    def __init__(
        self,
        allowed: Sequence[IpNetwork] = (),
        *,
        look_up: LookUp | None = None,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self._allowed = tuple(allowed)
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._look_up = look_up or _ask_system
        # Threads of its own: a name server that keeps silent must not hold up other work.
        self._threads = ThreadPoolExecutor(MAX_LOOKUPS_AT_ONCE, thread_name_prefix="lookup")

    async def send(
        self,
        method: Literal["GET", "POST"],
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Answer:
        """Send one request and wait for its answer.

        Up to four addresses of a name are tried, five seconds each; the request itself is sent
        once. Host, User-Agent, Accept-Encoding and Connection are set here.

        Raises:
            CallFailedError: there was no answer, or it did not come whole in time.
        """
        started = perf_counter()
        target = _read(url)
        try:
            async with asyncio.timeout(self._timeout_s):
                addresses = await self._resolve(target)
                _judge(target, addresses, self._allowed)
                line = _Line(addresses, self._max_bytes + MAX_HEAD_BYTES)
                async with (
                    httpcore.AsyncConnectionPool(self._trust, network_backend=line) as pool,
                    pool.stream(
                        method,
                        httpcore.URL(
                            scheme=target.url.raw_scheme,
                            host=target.host,
                            port=target.url.port,
                            target=target.url.raw_path,
                        ),
                        headers=_head(target, headers or {}),
                        content=content,
                    ) as response,
                ):
                    body = bytearray()
                    async for chunk in response.aiter_stream():
                        body += chunk
                        if len(body) > self._max_bytes:
                            break
        except (TimeoutError, httpcore.TimeoutException):
            raise CallFailedError(CallFailure.TIMED_OUT) from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise CallFailedError(_failure_of(error)) from error
        return Answer(
            status=response.status,
            retry_after=httpx.Headers(response.headers).get("Retry-After"),
            body=bytes(body[: self._max_bytes]),
            is_whole=len(body) <= self._max_bytes,
            elapsed_s=perf_counter() - started,
        )

    def close(self) -> None:
        """Start no more look-ups; those that run end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The authorities that the system trusts; reading them takes a while, so only once."""
        return ssl.create_default_context()

    async def _resolve(self, target: _Target) -> list[IpAddress]:
        if target.literal is not None:
            return [target.literal]
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, self._look_up, target.host)
        except (OSError, ValueError):
            found = ()
        if not found:
            raise CallFailedError(CallFailure.NOT_RESOLVED)
        return list(dict.fromkeys(found))


def _ask_system(name: str) -> list[IpAddress]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [ip_address(str(where[0])) for *_, where in found]


def _read(url: str) -> _Target:
    """Read a URL by the parser that also sends it, so that both see the same host."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise CallFailedError(CallFailure.MALFORMED_URL) from None
    host = parsed.raw_host.decode("ascii").removesuffix(".")
    literal = literal_address(host)
    if (
        parsed.scheme not in SCHEMES
        or parsed.userinfo
        or "#" in url
        or len(host) > MAX_NAME_CHARACTERS
        # A zone (`%`) means one of this machine's own links.
        or not ((literal is not None and "%" not in host) or _NAME.fullmatch(host))
    ):
        raise CallFailedError(CallFailure.MALFORMED_URL)
    if parsed.port is not None and parsed.port not in range(FIRST_FREE_PORT, 2**16):
        raise CallFailedError(CallFailure.PORT_REFUSED)
    if literal is not None:
        host = str(literal)
    return _Target(parsed.copy_with(host=host), host, literal)


def _judge(target: _Target, addresses: Sequence[IpAddress], allowed: Sequence[IpNetwork]) -> None:
    """Refuse all if one is wrong: which of several would be used, the other side could choose."""
    for address in addresses:
        if is_in(address, allowed):
            continue
        if is_inside(address):
            raise CallFailedError(CallFailure.ADDRESS_INSIDE)
        if target.url.scheme != "https":
            raise CallFailedError(CallFailure.NOT_HTTPS)


def _head(target: _Target, headers: Mapping[str, str]) -> list[tuple[bytes | str, bytes | str]]:
    return [
        *headers.items(),
        ("Host", target.url.netloc),
        ("User-Agent", "Rebound"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]


class _Line(httpcore.AsyncNetworkBackend):
    """Connects to judged addresses, whatever name it is asked for, and counts what comes in."""

    def __init__(self, addresses: Sequence[IpAddress], max_bytes: int) -> None:
        self._addresses = addresses[:MAX_ADDRESSES_TRIED]
        self._max_bytes = max_bytes

    @override
    async def connect_tcp(
        self, host: str, port: int, *_: object, **__: object
    ) -> httpcore.AsyncNetworkStream:
        *others, last = self._addresses
        for address in others:
            # One address may be down and the next one up.
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._connect(address, port)
        return await self._connect(last, port)

    async def _connect(self, address: IpAddress, port: int) -> httpcore.AsyncNetworkStream:
        backend = httpcore.AnyIOBackend()
        stream = await backend.connect_tcp(str(address), port, timeout=CONNECT_TIMEOUT_S)
        return _Counted(stream, self._max_bytes)


class _Counted(httpcore.AsyncNetworkStream):
    """Reads so many bytes at most, whether they are head, body or interim answers without end."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, max_bytes: int) -> None:
        self._stream = stream
        self._bytes_left = max_bytes

    @override
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._bytes_left:
            raise httpcore.RemoteProtocolError("too long")
        found = await self._stream.read(min(max_bytes, self._bytes_left), timeout)
        self._bytes_left -= len(found)
        return found

    @override
    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    @override
    async def aclose(self) -> None:
        await self._stream.aclose()

    @override
    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # Where a handshake runs out of time, httpcore would leave the connection open.
            await self.aclose()
            raise
        return _Counted(stream, self._bytes_left)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _failure_of(error: Exception) -> CallFailure:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return CallFailure.TLS_FAILED
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ConnectError):
        return CallFailure.NOT_CONNECTED
    return CallFailure.BROKEN_ANSWER
