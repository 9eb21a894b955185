"""On a train: the request arrives, its answer gets lost. Send it again, and it is still done once.

An app does not know whether a request without an answer was carried out. Rebound is made so that
it can simply repeat it: creating with the same `Idempotency-Key`, changing with the same
`If-Match`, deleting, and refreshing tokens.
"""

import time
from collections.abc import Callable
from types import NoneType
from typing import TypeVar
from uuid import uuid4

import httpx
from rebound_client import AuthenticatedClient, Client
from rebound_client.api.account import refresh_session
from rebound_client.api.rejections import (
    delete_rejection,
    list_rejections,
    record_rejection,
    update_rejection,
)
from rebound_client.models import (
    Rejection,
    RejectionCreate,
    RejectionPage,
    RejectionPatch,
    RejectionStage,
    RejectionStatus,
    SessionRefresh,
    SessionTokens,
)
from rebound_client.types import Response
from story import check, expect, refused

Answer = TypeVar("Answer")
MAX_ATTEMPTS = 3


def until_answered(send: Callable[[], Response[Answer]]) -> tuple[Response[Answer], int]:
    """Send until an answer comes, three times at most; the answer and how often it was sent."""
    for attempt in range(1, MAX_ATTEMPTS):
        try:
            return send(), attempt
        except httpx.TransportError:  # No connection, a broken one, or no answer in time.
            time.sleep(0.1 * attempt)
    return send(), MAX_ATTEMPTS


def record_once(line: AuthenticatedClient) -> tuple[Rejection, int]:
    """Create with a key that is made once, before the first attempt."""
    key = str(uuid4())
    said = RejectionCreate(company_name="Sample Railways", stage=RejectionStage.FINAL_ROUND)
    answer, attempts = until_answered(
        lambda: record_rejection.sync_detailed(client=line, body=said, idempotency_key=key)
    )
    rejection = expect(answer, 201, Rejection)
    replayed = answer.headers.get("Idempotency-Replayed") == "true"
    check(replayed == (attempts > 1), "only a repeated request gets the stored answer")

    found, more = until_answered(
        lambda: list_rejections.sync_detailed(client=line, company_name=said.company_name)
    )
    [only] = expect(found, 200, RejectionPage).items
    check(only == rejection, "exactly one record stands there")
    return rejection, attempts + more


def close_and_delete_once(line: AuthenticatedClient, rejection: Rejection) -> int:
    """Change and delete with the same `If-Match`, however often it takes."""
    held = f'"{rejection.revision}"'
    answer, closing = until_answered(
        lambda: update_rejection.sync_detailed(
            rejection.id,
            client=line,
            body=RejectionPatch(status=RejectionStatus.CLOSED),
            if_match=held,
        )
    )
    # The first attempt has closed it. The second one finds what it wants and changes nothing.
    closed = expect(answer, 200, Rejection)
    check(closed.status is RejectionStatus.CLOSED, "it is open")

    gone, deleting = until_answered(
        lambda: delete_rejection.sync_detailed(
            rejection.id, client=line, if_match=f'"{closed.revision}"'
        )
    )
    # 404 to a repeated DELETE is as good as 204: it is gone.
    if deleting > 1:
        refused(gone, 404, "not-found")
    else:
        expect(gone, 204, NoneType)
    return closing + deleting


def refresh_once(unreliable_url: str, tokens: SessionTokens) -> tuple[SessionTokens, int]:
    """Renew the tokens; for a minute, the same refresh token may be sent again."""
    with Client(unreliable_url, raise_on_unexpected_status=True) as line:
        body = SessionRefresh(refresh_token=tokens.refresh_token)
        answer, attempts = until_answered(
            lambda: refresh_session.sync_detailed(client=line, body=body)
        )
    renewed = expect(answer, 200, SessionTokens)
    check(renewed.session_id == tokens.session_id, "it is still the same session")
    check(renewed.access_token != tokens.access_token, "nothing was renewed")
    return renewed, attempts
