"""Seeing what the server does without seeing what people write: ids, logs, metrics, headers.

Log lines are JSON with a fixed set of fields; bodies, query strings and header values never enter
them.
"""

import logging
import re
import sys
import time
from typing import TextIO

import structlog
from prometheus_client import Counter, Histogram, start_http_server
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.ids import new_id
from app.settings import Settings

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HSTS = "max-age=31536000; includeSubDomains"

REQUESTS = Counter("rebound_requests", "Requests", ["method", "route", "status"])
DURATION = Histogram("rebound_request_seconds", "Seconds to answer", ["method", "route"])

log = structlog.get_logger()


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Log as JSON lines to standard error, from `level` up."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def serve_metrics(port: int) -> None:
    """Serve Prometheus metrics at /metrics on a loopback port of their own."""
    start_http_server(port, addr="127.0.0.1")


def _without_values(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Reduce an exception to where it happened: its message may quote what a person wrote."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        trace, frames = error.__traceback__, []
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        event["trace"] = frames[-12:]
    return event


class Observer:
    """Gives every request an id, and every answer its id and security headers; logs and counts."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.https = settings.is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id().hex
        started = time.perf_counter()
        status = 500

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers.setdefault("Referrer-Policy", "no-referrer")
                headers.setdefault("Content-Security-Policy", "default-src 'none'")
                if self.https:
                    headers["Strict-Transport-Security"] = HSTS
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", "none")
            REQUESTS.labels(scope["method"], route, status).inc()
            DURATION.labels(scope["method"], route).observe(seconds)
            log.info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request_id")
