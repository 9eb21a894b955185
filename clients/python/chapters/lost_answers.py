"""On a train: the request arrives, its answer gets lost. Sent again, it is still done once.

The client repeats by itself, as `rebound.py` shows. Here one sees what the server says to that.
"""

from types import NoneType
from uuid import uuid4

from rebound import Stubborn
from rebound_client import AuthenticatedClient
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
from story import check, etag_of, expect, refused


def record_once(client: AuthenticatedClient, line: Stubborn) -> Rejection:
    """Create with a key; an app that queues requests makes it when the person taps."""
    before = line.attempts
    said = RejectionCreate(company_name="Sample Railways", stage=RejectionStage.FINAL_ROUND)
    answer = record_rejection.sync_detailed(client=client, body=said, idempotency_key=str(uuid4()))
    rejection = expect(answer, 201, Rejection)
    repeated = line.attempts > before + 1
    replayed = answer.headers.get("Idempotency-Replayed") == "true"
    check(replayed == repeated, "only a repeated request gets the stored answer")

    found = list_rejections.sync_detailed(client=client, company_name=said.company_name)
    check(expect(found, 200, RejectionPage).items == [rejection], "exactly one stands there")
    return rejection


def close_and_delete_once(
    client: AuthenticatedClient, line: Stubborn, rejection: Rejection
) -> None:
    """Change and delete with the same `If-Match`, however often it takes."""
    answer = update_rejection.sync_detailed(
        rejection.id,
        client=client,
        body=RejectionPatch(status=RejectionStatus.CLOSED),
        if_match=etag_of(rejection),
    )
    # The first attempt has closed it. The second one finds what it wants and changes nothing.
    closed = expect(answer, 200, Rejection)
    check(closed.status is RejectionStatus.CLOSED, "it is open")

    before = line.attempts
    gone = delete_rejection.sync_detailed(rejection.id, client=client, if_match=etag_of(closed))
    repeated = line.attempts > before + 1
    # 404 to a repeated DELETE is as good as 204: it is gone.
    if repeated:
        refused(gone, 404, "not-found")
    else:
        expect(gone, 204, NoneType)


def refresh_once(client: AuthenticatedClient, tokens: SessionTokens) -> SessionTokens:
    """Renew the tokens; for a minute, the same refresh token may be sent again."""
    said = SessionRefresh(refresh_token=tokens.refresh_token)
    renewed = expect(refresh_session.sync_detailed(client=client, body=said), 200, SessionTokens)
    check(renewed.session_id == tokens.session_id, "it is still the same session")
    check(renewed.access_token != tokens.access_token, "nothing was renewed")
    return renewed
