"""Brotli or gzip for answers over 1 kB."""

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from app.kit.qualities import qualities

SMALLEST_BYTES = 1_000
BROTLI_QUALITY = 4  # About gzip's size at a third of its time.
GZIP_LEVEL = 6


class _BrotliResponder(IdentityResponder):
    content_encoding = "br"

    @override
    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        if more_body:
            return body  # Never happens: answers are whole (`app.web.routing` refuses streams).
        compressed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return compressed


class Compression:
    """Compresses with what the caller prefers among brotli and gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepted = qualities(Headers(scope=scope).get("accept-encoding", ""))
        responder: IdentityResponder
        if accepted.get("br", 0) >= max(accepted.get("gzip", 0), 0.001):
            responder = _BrotliResponder(self.app, SMALLEST_BYTES)
        elif accepted.get("gzip", 0) > 0:
            responder = GZipResponder(self.app, SMALLEST_BYTES, compresslevel=GZIP_LEVEL)
        else:
            responder = IdentityResponder(self.app, SMALLEST_BYTES)
        await responder(scope, receive, _saying_so(send))


def _saying_so(send: Send) -> Send:
    """Say on each answer that its encoding was chosen: a 304 has to carry what its 200 does."""

    async def send_varying(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "accept-encoding" not in headers.get("vary", "").lower():
                headers.add_vary_header("Accept-Encoding")
        await send(message)

    return send_varying
