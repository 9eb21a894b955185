"""Bounds on what a request may weigh, counted on the bytes received."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.problems import HeadersTooLarge, TooLarge
from app.web.problems import respond

MAX_BODY_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 16 * 1024


class Bounds:
    """Refuses requests over 16 KiB of headers or 1 MiB of body.

    The body is counted as it arrives, so that a false Content-Length or a chunked body cannot get
    around it; whoever reads the body meets `TooLarge`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        weight = len(scope["query_string"]) + len(scope.get("raw_path") or b"")
        announced = 0
        for name, value in scope["headers"]:
            weight += len(name) + len(value)
            if name == b"content-length" and value.isdigit():
                announced = int(value)
        if weight > MAX_HEADER_BYTES:
            await respond(HeadersTooLarge(), scope["path"][:200])(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            if announced > MAX_BODY_BYTES:
                raise TooLarge(headers={"Connection": "close"})
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > MAX_BODY_BYTES:
                    raise TooLarge(headers={"Connection": "close"})
            return message

        await self.app(scope, counted, send)
