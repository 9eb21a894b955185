"""The wire shapes of webhooks."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from app.auth.terms import ConsentCategory
from app.domains.webhooks.rules import secret_text
from app.domains.webhooks.terms import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_EVENT_TYPES,
    MAX_URL_CHARACTERS,
    SECRET_BYTES,
    DeliveryStatus,
    DisabledReason,
    EndpointStatus,
    EventType,
)
from app.kit.fields import CollectionName, Distinct, Id, Instant, Line, WebAddress, whole
from app.kit.ids import example_id
from app.kit.networks import CallFailure
from app.kit.schemas import (
    OMITTABLE,
    Cursor,
    Examples,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    Revision,
)

MAX_COUNT = 1_000_000

Url = Annotated[str, WebAddress(MAX_URL_CHARACTERS)]
Description = Annotated[str, Line(MAX_DESCRIPTION_CHARACTERS)]
EventTypes = Annotated[list[EventType], Field(min_length=1, max_length=MAX_EVENT_TYPES), Distinct()]
Secret = Annotated[
    str,
    Field(
        max_length=60,
        pattern="^whsec_[A-Za-z0-9+/]+=*$",
        examples=[secret_text(bytes(SECRET_BYTES))],
    ),
]

ORGANIZATION_ID = "The organisation whose endpoints are meant; you must be one of its admins."
EVENT_TYPES = "What it is told; everything, also types that are new one day, unless you choose."
CATEGORY = "What the person must have agreed to; null where being a client is enough."
EVENT_ID = "Names what happened: the header `webhook-id`, the same in every repeat."
ACCOUNT_ID = "The person whom it is about; null where it is about the organisation itself."


class EndpointCreate(Request):
    """Where you want to be told of what happens."""

    examples: ClassVar[Examples] = {
        "Everything": {"url": "https://example.com/hooks/rebound"},
        "Only what matters to a dashboard": {
            "url": "https://example.com/hooks/rebound",
            "description": "The dashboard of the career service",
            "event_types": ["rejection.recorded", "recovery_step.overdue", "grant.revoked"],
        },
    }

    url: Url = Field(description="An https address on the public Internet.")
    description: Description | None = Field(default=None, description="For you to tell it apart.")
    event_types: EventTypes | None = Field(default=None, description=EVENT_TYPES)


class EndpointPatch(Patch):
    """Changes to an endpoint. Set `status` to switch it off, or on again."""

    examples: ClassVar[Examples] = {
        "Switch it on again": {"status": "active"},
        "Be told of everything": {"event_types": None},
    }

    url: Url = OMITTABLE
    description: Description | None = None
    event_types: EventTypes | None = Field(default=None, description=EVENT_TYPES)
    status: EndpointStatus = OMITTABLE


class Endpoint(Record):
    """An address that is told of what happens."""

    organization_id: Id | None = Field(description="The organisation it belongs to, if not to you.")
    url: Url
    description: Description | None
    event_types: EventTypes | None = Field(description=EVENT_TYPES)
    status: EndpointStatus
    disabled_reason: DisabledReason | None
    previous_secret_until: Instant | None = Field(
        description="Until when messages are signed by the secret before, too."
    )


class EndpointWithSecret(Endpoint):
    """An endpoint with the secret that signs its messages, which is shown this once."""

    secret: Secret = Field(description="Check signatures with it (Standard Webhooks 1.0).")


class EndpointPage(BaseModel):
    """Some endpoints, in the order asked for."""

    items: Annotated[list[Endpoint], Field(max_length=100)]
    next_cursor: NextCursor


class EndpointSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


class EndpointQuery(ListQuery):
    """Which endpoints, in which order."""

    reserved: ClassVar[frozenset[str]] = ListQuery.reserved | {"organization_id"}

    sort: EndpointSort = EndpointSort.CREATED_AT
    status: EndpointStatus | None = None
    organization_id: Id | None = Field(default=None, description=ORGANIZATION_ID)


class Delivery(BaseModel):
    """A message to an endpoint, and how far it has come."""

    id: Id = Field(description=EVENT_ID)
    endpoint_id: Id
    type: EventType
    category: ConsentCategory | None = Field(description=CATEGORY)
    collection: CollectionName = Field(examples=["rejections"])
    record_id: Id
    account_id: Id | None = Field(description=ACCOUNT_ID)
    revision: Revision = Field(description="Of all the owner's records at the time.")
    occurred_at: Instant
    status: DeliveryStatus
    attempts: Annotated[int, whole(0, 1_000)]
    next_attempt_at: Instant | None
    last_status_code: Annotated[int, whole(100, 999)] | None = Field(
        description="The HTTP status of the latest answer; null where there was none."
    )
    last_failure: CallFailure | None = Field(description="Why there was no answer.")
    created_at: Instant
    finished_at: Instant | None


class DeliveryPage(BaseModel):
    """Some deliveries, the latest first."""

    items: Annotated[list[Delivery], Field(max_length=100)]
    next_cursor: NextCursor


class DeliverySort(StrEnum):
    """The order of the list."""

    CREATED_AT_DESC = "-created_at"


class DeliveryQuery(ListQuery):
    """Which deliveries to an endpoint."""

    reserved: ClassVar[frozenset[str]] = ListQuery.reserved | {"organization_id"}

    sort: DeliverySort = DeliverySort.CREATED_AT_DESC
    status: DeliveryStatus | None = None
    type: EventType | None = None
    organization_id: Id | None = Field(default=None, description=ORGANIZATION_ID)


class RedeliveryCreate(Request):
    """Which messages to send again: one, or all since an instant."""

    examples: ClassVar[Examples] = {
        "One": {"delivery_id": str(example_id("delivery_id"))},
        "All since an outage began": {"since": "2026-03-02T09:30:00Z"},
    }

    delivery_id: Id | None = Field(default=None, description="The `id` of a delivery.")
    since: Instant | None = Field(
        default=None, description="Everything since then, also what was never sent to it."
    )


class Redelivery(BaseModel):
    """How many messages will be sent again."""

    count: Annotated[int, whole(0, MAX_COUNT)]
    next_since: Instant | None = Field(
        description="Set when there was more than fits into one call: ask again with it as `since`."
    )


class EventTypeItem(BaseModel):
    """Something that a webhook can be told."""

    type: EventType
    collection: CollectionName = Field(
        description="The kind of record that `record_id` names.", examples=["rejections"]
    )
    category: ConsentCategory | None = Field(
        description=f"{CATEGORY} Steps that come from how the person feels need `wellbeing`."
    )
    description: Annotated[str, Line(200)] = Field(examples=["A rejection was recorded"])


class EventTypeList(BaseModel):
    """Everything that a webhook can be told. It may grow: pass over a type you do not know."""

    items: Annotated[list[EventTypeItem], Field(max_length=MAX_EVENT_TYPES)]


class FeedItem(BaseModel):
    """Something that happened to a client, or to the organisation itself."""

    id: Id = Field(description=EVENT_ID)
    type: EventType
    category: ConsentCategory | None = Field(description=CATEGORY)
    collection: CollectionName = Field(examples=["rejections"])
    record_id: Id
    account_id: Id | None = Field(description=ACCOUNT_ID)
    revision: Revision = Field(description="Grows in the order of the list.")
    occurred_at: Instant


class Feed(BaseModel):
    """Some of what happened, the earliest first."""

    items: Annotated[list[FeedItem], Field(max_length=100)]
    next_cursor: NextCursor
    resume_cursor: Cursor | None = Field(
        description="Keep it: as `cursor` it goes on where this page ended, now or in some days."
    )


class FeedQuery(ListQuery):
    """Which part of what happened."""

    type: EventType | None = None
    account_id: Id | None = None

    @property
    def order(self) -> str:
        """It has the one order in which things happened."""
        return "revision"


class MessageData(BaseModel):
    """Whom and what a message is about; ask the API for the record, with the person's consent."""

    account_id: Id | None = Field(description=ACCOUNT_ID)
    organization_id: Id | None = Field(
        description="The organisation that is told; null in messages to a person's own endpoint."
    )
    collection: CollectionName = Field(examples=["rejections"])
    record_id: Id
    category: ConsentCategory | None = Field(description=CATEGORY)
    revision: Revision = Field(description="Of all the owner's records at the time.")


class WebhookMessage(BaseModel):
    """What is sent to a webhook endpoint (Standard Webhooks 1.0)."""

    type: EventType
    timestamp: Instant = Field(description="When it happened.")
    data: MessageData
