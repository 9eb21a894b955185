"""Pure decisions about webhooks: who is told what, signatures, and when to try again."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from uuid import UUID

from app.auth.consent import COLLECTIONS
from app.auth.terms import ConsentCategory
from app.domains.webhooks.terms import SECRET_PREFIX, EventType

RELATION_SUFFICES = frozenset({"grants", "clients", "accounts", "webhook_endpoints"})
"""Collections whose facts an organisation may know of all its clients, whatever they granted."""

SOMETIMES_WELLBEING = "recovery_steps"
"""Steps are about plans, but for those that come from how a person feels."""

MAX_RETRY_AFTER = timedelta(hours=24)
"""What a receiver asks for is respected up to the longest pause of the schedule."""

MAX_SECONDS_DIGITS = 9

MOST_JITTER = 0.2
"""Pauses are up to a fifth longer, so that what failed at once does not come back at once."""

COLLECTION_OF_TYPE: Mapping[EventType, str] = {
    EventType.REJECTION_RECORDED: "rejections",
    EventType.REJECTION_UPDATED: "rejections",
    EventType.REJECTION_CLOSED: "rejections",
    EventType.REJECTION_DELETED: "rejections",
    EventType.RECOVERY_PLAN_STARTED: "recovery_plans",
    EventType.RECOVERY_PLAN_COMPLETED: "recovery_plans",
    EventType.RECOVERY_PLAN_ABANDONED: "recovery_plans",
    EventType.RECOVERY_STEP_COMPLETED: "recovery_steps",
    EventType.RECOVERY_STEP_SKIPPED: "recovery_steps",
    EventType.RECOVERY_STEP_OVERDUE: "recovery_steps",
    EventType.CHECK_IN_RECORDED: "check_ins",
    EventType.FEEDBACK_REQUEST_SENT: "feedback_requests",
    EventType.FEEDBACK_REQUEST_NUDGED: "feedback_requests",
    EventType.FEEDBACK_REQUEST_RECEIVED: "feedback_requests",
    EventType.FEEDBACK_REQUEST_DECLINED: "feedback_requests",
    EventType.FEEDBACK_REQUEST_NO_RESPONSE: "feedback_requests",
    EventType.FEEDBACK_RECEIVED: "feedback",
    EventType.REFLECTION_RECORDED: "reflections",
    EventType.SKILL_GAP_OPENED: "skill_gaps",
    EventType.SKILL_GAP_CLOSED: "skill_gaps",
    EventType.LESSON_CAPTURED: "lessons",
    EventType.LESSON_APPLIED: "lessons",
    EventType.INTERACTION_COMPLETED: "interactions",
    EventType.CONTACT_FOLLOW_UP_DUE: "contacts",
    EventType.OPPORTUNITY_CREATED: "opportunities",
    EventType.OPPORTUNITY_STATUS_CHANGED: "opportunities",
    EventType.GOAL_COMPLETED: "goals",
    EventType.GRANT_REQUESTED: "grants",
    EventType.GRANT_ACTIVATED: "grants",
    EventType.GRANT_EXPIRING: "grants",
    EventType.GRANT_REVOKED: "grants",
    EventType.GRANT_EXPIRED: "grants",
    EventType.ACCOUNT_DELETED: "clients",
    EventType.WEBHOOK_ENDPOINT_DISABLED: "webhook_endpoints",
    EventType.PING: "webhook_endpoints",
}
"""The kind of record that each type is about."""


def category_of(collection: str, *, is_wellbeing: bool = False) -> ConsentCategory | None:
    """What a person must have agreed to before an organisation is told; None where nothing.

    Raises:
        KeyError: nobody has decided to which category the collection belongs.
    """
    if collection in RELATION_SUFFICES:
        return None
    if is_wellbeing and collection == SOMETIMES_WELLBEING:
        return ConsentCategory.WELLBEING
    return COLLECTIONS[collection]


@dataclass(frozen=True)
class Fact:
    """A stated fact as it is handed on. `grant_of` is the organisation of the grant it is about."""

    id: UUID
    type: str
    category: ConsentCategory | None
    collection: str
    record_id: UUID
    revision: int
    occurred_at: datetime
    grant_of: UUID | None = None

    def concerns(
        self, organization_id: UUID, *, is_client: bool, granted: Iterable[ConsentCategory]
    ) -> bool:
        """Whether an organisation may know of it that accompanies the person, or did.

        Of a grant to itself it learns also when all is over; nobody else learns of that one.
        """
        match self.collection:
            case "grants":
                return self.grant_of == organization_id
            case "webhook_endpoints":
                return False
            case _:
                return is_client and (self.category is None or self.category in granted)


def wants(event_types: Sequence[str] | None, event_type: str) -> bool:
    """Whether an endpoint with this list of types is told of a type; no list means all."""
    return event_types is None or event_type in event_types


def is_told(event_type: str) -> bool:
    """Whether a stated fact is for the outside at all."""
    return event_type in COLLECTION_OF_TYPE and event_type != EventType.PING


def secret_text(secret: bytes) -> str:
    """A secret as receivers keep it (Standard Webhooks 1.0, "Signature scheme")."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def sign(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature for each secret (as above)."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    macs = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)


def is_success(status_code: int) -> bool:
    """Whether an answer says that the message has arrived; a redirect does not."""
    return HTTPStatus.OK <= status_code < HTTPStatus.MULTIPLE_CHOICES


def is_gone(status_code: int | None) -> bool:
    """Whether an answer says that the endpoint wants nothing more, ever."""
    return status_code == HTTPStatus.GONE


def pause_before_next(
    attempts: int, schedule: Sequence[float], asked: timedelta | None, chance: float
) -> timedelta | None:
    """How long to wait after `attempts` failed ones; None when there is no further attempt.

    Args:
        attempts: How many have been made.
        schedule: Seconds before each attempt, the first one included.
        asked: What the receiver asked for.
        chance: From 0 to 1, how much of the jitter is added.
    """
    if attempts >= len(schedule):
        return None
    planned = timedelta(seconds=schedule[attempts]) * (1 + MOST_JITTER * chance)
    return max(planned, min(asked or timedelta(0), MAX_RETRY_AFTER))


def wait_asked_for(
    status_code: int | None, retry_after: str | None, now: datetime
) -> timedelta | None:
    """How long a receiver that is busy asks to be left alone (RFC 9110, section 10.2.3).

    Only 429 and 503 may ask; a text that is neither seconds nor a date asks for nothing.
    """
    busy = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    if status_code not in busy or retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text)) if len(text) <= MAX_SECONDS_DIGITS else MAX_RETRY_AFTER
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(timedelta(0), until.replace(tzinfo=until.tzinfo or UTC) - now)
