"""Rate limits by credential and by network address, told on every answer.

Headers follow draft-ietf-httpapi-ratelimit-headers-10. Counting is `limits`' business: in memory
for one process, in Redis for several.
"""

import hashlib

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.addresses import network_of
from app.kit.clock import SystemClock
from app.kit.problems import TooManyRequests
from app.settings import Settings
from app.web.problems import respond

WINDOW_S = 60
UNLIMITED = frozenset({"/healthz", "/readyz"})
"""A health check that is refused would take a server out of service."""

log = structlog.get_logger()


def is_limited(path: str) -> bool:
    """Whether requests to a path count against rate limits."""
    return path not in UNLIMITED


class RateLimits:
    """Counts every request by its address and, where it has one, its credential.

    Counting the address too means that inventing tokens does not help. When the store is out of
    reach the request passes: limits protect the service, they are not a lock.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.on = settings.rate_limits == "on"
        store = storage_from_string(f"async+{settings.rate_limit_store}")
        self.limiter = FixedWindowRateLimiter(store)
        self.by_credential = RateLimitItemPerMinute(settings.rate_limit_per_minute)
        self.by_address = RateLimitItemPerMinute(settings.address_limit_per_minute)
        self.policy = (
            f'"credential";q={self.by_credential.amount};w={WINDOW_S}, '
            f'"address";q={self.by_address.amount};w={WINDOW_S}'
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http" or not self.on or not is_limited(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            allowed, state, wait_s = await self._count(scope)
        except StorageError as error:
            log.warning("rate_limit_store_failed", exception=type(error).__name__)
            await self.app(scope, receive, send)
            return

        async def with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = self.policy
                headers["RateLimit"] = state
            await send(message)

        if not allowed:
            refusal = TooManyRequests(headers={"Retry-After": str(wait_s)})
            await respond(refusal, scope["path"])(scope, receive, with_limits)
            return
        await self.app(scope, receive, with_limits)

    async def _count(self, scope: Scope) -> tuple[bool, str, int]:
        """Whether the request may pass, the `RateLimit` header, and the seconds to wait."""
        address = scope["client"][0] if scope.get("client") else None
        keys = [("address", self.by_address, network_of(address))]
        for name, value in scope["headers"]:
            if name == b"authorization":
                digest = hashlib.blake2b(value, digest_size=16).hexdigest()
                keys.append(("credential", self.by_credential, digest))
        allowed, tightest = True, ("", 0, 0)
        for policy, limit, key in keys:
            passed = await self.limiter.hit(limit, policy, key)
            window = await self.limiter.get_window_stats(limit, policy, key)
            reset_s = max(1, round(window.reset_time - SystemClock().now().timestamp()))
            if not tightest[0] or (not passed, -window.remaining) > (not allowed, -tightest[1]):
                tightest = (policy, window.remaining, reset_s)
            allowed = allowed and passed
        policy, remaining, reset_s = tightest
        return allowed, f'"{policy}";r={remaining};t={reset_s}', reset_s
