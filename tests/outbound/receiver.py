"""Real servers on this machine that answer, keep silent, or misbehave."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PATIENCE_S = 2

Behaviour = Callable[["Receiver", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Receiver:
    """A server that counts who connects and keeps what they send."""

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self.port = 0
        self.connections = 0
        self._met, self._left = asyncio.Event(), asyncio.Event()
        self.requests: list[bytes] = []
        self.names_asked_for: list[str | None] = []

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._met.set()
        try:
            # A client that goes away in the middle is what many of these tests are about.
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._behave(self, reader, writer)
        finally:
            self._left.set()
            writer.close()

    async def is_met(self) -> None:
        """Wait for the first connection."""
        await asyncio.wait_for(self._met.wait(), PATIENCE_S)

    async def is_left(self) -> None:
        """Wait until the first connection is over."""
        await asyncio.wait_for(self._left.wait(), PATIENCE_S)

    async def read_request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = [
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ]
        request = head + await reader.readexactly(length[0] if length else 0)
        self.requests.append(request)
        return request


def answering(*parts: bytes) -> Behaviour:
    """Answer each request with these bytes, then hang up."""

    async def behave(
        self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self.read_request(reader)
        for part in parts:
            writer.write(part)
            await writer.drain()

    return behave


def answering_without_end(start: bytes, again: bytes, pause_s: float = 0) -> Behaviour:
    """Begin an answer and go on with the same bytes for as long as somebody listens."""

    async def behave(
        self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self.read_request(reader)
        writer.write(start)
        while not reader.at_eof():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return behave


async def silent(self: Receiver, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take all that comes and say nothing."""
    await reader.read()


async def resetting(
    self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Read the request, then cut the connection."""
    await self.read_request(reader)
    writer.transport.abort()


OK = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


@asynccontextmanager
async def listening(
    behave: Behaviour = OK, *, certificate: Path | None = None
) -> AsyncIterator[Receiver]:
    """A receiver on a free port of 127.0.0.1, with TLS if it has a certificate."""
    receiver = Receiver(behave)
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
        tls.sni_callback = lambda _, name, __: receiver.names_asked_for.append(name)

    class Counting(asyncio.StreamReaderProtocol):
        """Counts connections when they come, before any handshake."""

        def __init__(self) -> None:
            receiver.connections += 1
            super().__init__(asyncio.StreamReader(), receiver.accept)

    server = await asyncio.get_running_loop().create_server(Counting, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()


def make_certificate(path: Path, *names: str, days: int = 1) -> Path:
    """Write a key and a certificate for names or addresses that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Sample receiver")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
