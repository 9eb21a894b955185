"""Sending one message, by the one client that calls addresses which customers name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.domains.webhooks import rules
from app.kit.networks import CallFailure
from app.outbound import CallFailedError, Outbound


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: with an answer of some status, or why there was none."""

    status_code: int | None
    failure: CallFailure | None
    retry_after: str | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether the receiver has the message."""
        return self.status_code is not None and rules.is_success(self.status_code)


def message_of(delivery: Any) -> bytes:
    """The body of a message; see `WebhookMessage` for its form."""
    is_personal = delivery.account_id == delivery.owner_id
    data = {
        # A client's record is the person themselves, who may be gone already.
        "account_id": delivery.record_id
        if delivery.collection == "clients"
        else delivery.account_id,
        "organization_id": None if is_personal else delivery.owner_id,
        "collection": delivery.collection,
        "record_id": delivery.record_id,
        "category": delivery.category,
        "revision": delivery.revision,
    }
    return msgspec.json.encode(
        {"type": delivery.type, "timestamp": delivery.occurred_at, "data": data}
    )


def headers_of(
    message_id: UUID, body: bytes, secrets: Sequence[bytes], now: datetime
) -> dict[str, str]:
    """What a message carries besides its body, signed by each secret (Standard Webhooks 1.0)."""
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": rules.sign(secrets, str(message_id), timestamp, body),
    }


async def send(outbound: Outbound, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a message once."""
    try:
        answer = await outbound.send("POST", url, headers=headers, content=body)
    except CallFailedError as failed:
        return Outcome(None, failed.failure)
    return Outcome(answer.status, None, answer.retry_after)
