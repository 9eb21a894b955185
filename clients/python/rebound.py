"""The generated client on a bad line: it repeats a request until an answer comes.

An app does not know whether a request without an answer was carried out. Rebound is made so that
it can simply repeat it: the same POST with the same `Idempotency-Key`, the same PATCH with the same
`If-Match`, every GET and DELETE.
"""

import time
from uuid import uuid4

import httpx
from rebound_client import AuthenticatedClient, Client

MAX_ATTEMPTS = 3
FIRST_WAIT_S = 0.02
"""Short, for this journey is a test too; an app waits a second at first."""


class Stubborn(httpx.HTTPTransport):
    """Sends each request three times at most, and counts requests and attempts."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0
        self.attempts = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send until an answer comes; a refusal is an answer too."""
        self.requests += 1
        if request.method == "POST":
            # Made once, before the first attempt: by it, the server knows the repetition.
            request.headers.setdefault("Idempotency-Key", str(uuid4()))
        for attempt in range(1, MAX_ATTEMPTS):
            self.attempts += 1
            try:
                return super().handle_request(request)
            except httpx.TransportError:  # No connection, a broken one, or no answer in time.
                time.sleep(FIRST_WAIT_S * attempt)
        self.attempts += 1
        return super().handle_request(request)


def visit(base_url: str, line: Stubborn) -> Client:
    """A client without a token: it can only do what needs no sign-in."""
    # A status that the contract does not list is an exception, not an answer that is lost.
    return Client(base_url, raise_on_unexpected_status=True, httpx_args={"transport": line})


def connect(base_url: str, line: Stubborn, token: str) -> AuthenticatedClient:
    """A client that sends the access token."""
    return AuthenticatedClient(
        base_url, token=token, raise_on_unexpected_status=True, httpx_args={"transport": line}
    )
