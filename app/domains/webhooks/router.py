"""The operations on webhooks."""

from typing import Annotated

from fastapi import Query

from app.auth.errors import RoleMissing
from app.auth.guards import OrganizationGuard, OwnerGuard
from app.auth.scopes import Scope
from app.auth.terms import ROLES_WITH_CLIENTS, ConsentCategory
from app.domains.webhooks.errors import EndpointDisabled, TooManyEndpoints
from app.domains.webhooks.schemas import (
    ORGANIZATION_ID,
    Delivery,
    DeliveryPage,
    DeliveryQuery,
    Endpoint,
    EndpointCreate,
    EndpointPage,
    EndpointPatch,
    EndpointQuery,
    EndpointWithSecret,
    EventTypeList,
    Feed,
    FeedQuery,
    Redelivery,
    RedeliveryCreate,
    WebhookMessage,
)
from app.domains.webhooks.service import EndpointService, FeedService, event_types
from app.domains.webhooks.terms import EventType
from app.kit.fields import Id
from app.kit.ids import example_id
from app.web.conditional import IfMatch
from app.web.contract import Message
from app.web.markers import Caching, RequestLanguage, manners, public
from app.web.routing import Router

Webhooks = Annotated[EndpointService, OwnerGuard(EndpointService, Scope.WEBHOOKS_MANAGE)]
FeedReader = Annotated[
    FeedService, OrganizationGuard(FeedService, Scope.ORG_READ, *ROLES_WITH_CLIENTS)
]
OrganizationId = Annotated[Id | None, Query(description=ORGANIZATION_ID)]

ENDPOINT = "/v1/webhook-endpoints/{id}"
LOG = "/v1/webhook-endpoints/{endpoint_id}/deliveries"

router = Router(tags=["Webhooks"])


@router.get("/v1/event-types", summary="What webhooks can be told")
@public("the words are the same for everyone")
@manners(caching=Caching.PUBLIC)
async def list_event_types(language: RequestLanguage) -> EventTypeList:
    """Every type of event, the record it is about, and the consent it needs.

    Descriptions are in the language of `Accept-Language` (English or German).
    """
    return {"items": event_types(language)}


@router.get("/v1/webhook-endpoints", summary="List webhook endpoints")
@manners(problems=(RoleMissing,))
async def list_webhook_endpoints(
    query: Annotated[EndpointQuery, Query()], webhooks: Webhooks
) -> EndpointPage:
    """Your endpoints, the first made first unless you choose another order.

    As an admin of an organisation, name it by `organization_id` to get its endpoints.
    """
    return await webhooks.list(query)


@router.post("/v1/webhook-endpoints", status_code=201, summary="Add a webhook endpoint")
@manners(problems=(TooManyEndpoints, RoleMissing), caching=Caching.SECRET)
async def add_webhook_endpoint(
    body: EndpointCreate, webhooks: Webhooks, organization_id: OrganizationId = None
) -> EndpointWithSecret:
    """Be told at an address of yours when something happens, some seconds later at most.

    Your own endpoint is told of your own records. An organisation's endpoint is told of its
    clients, as far as each has agreed at that moment; make it with a key of the organisation, or
    as its admin with `organization_id`.

    The answer shows `secret` this once: check every message's `webhook-signature` with it, by any
    library for Standard Webhooks. Answer 2xx within 20 seconds, then do the work; a repeat has the
    same `webhook-id`. After a failure, a message is tried again for more than three days. Answer
    410 to be told nothing more.
    """
    return await webhooks.add(organization_id, body)


@router.get("/v1/webhook-endpoints/{endpoint_id}", summary="Get a webhook endpoint")
@manners(problems=(RoleMissing,))
async def get_webhook_endpoint(
    endpoint_id: Id, webhooks: Webhooks, organization_id: OrganizationId = None
) -> Endpoint:
    """One endpoint, without its secret."""
    return await webhooks.get(organization_id, endpoint_id)


@router.patch("/v1/webhook-endpoints/{endpoint_id}", summary="Change a webhook endpoint")
@manners(problems=(RoleMissing,))
async def update_webhook_endpoint(
    endpoint_id: Id,
    body: EndpointPatch,
    if_match: IfMatch,
    webhooks: Webhooks,
    organization_id: OrganizationId = None,
) -> Endpoint:
    """Change where and of what you are told, or set `status`.

    While an endpoint is `disabled`, nothing is sent to it and what waits is skipped. Set it to
    `active` again after it answered 410, and get what it missed by a redelivery.
    """
    return await webhooks.update(organization_id, endpoint_id, body, if_match)


@router.delete(
    "/v1/webhook-endpoints/{endpoint_id}", status_code=204, summary="Delete a webhook endpoint"
)
@manners(problems=(RoleMissing,))
async def delete_webhook_endpoint(
    endpoint_id: Id,
    if_match: IfMatch,
    webhooks: Webhooks,
    organization_id: OrganizationId = None,
) -> None:
    """Be told nothing more at this address; the log of its deliveries goes with it."""
    await webhooks.delete(organization_id, endpoint_id, if_match)


@router.post(
    "/v1/webhook-endpoints/{endpoint_id}/secret-rotations",
    status_code=201,
    summary="Replace the secret of a webhook endpoint",
)
@manners(problems=(RoleMissing,), caching=Caching.SECRET, location=ENDPOINT)
async def rotate_webhook_secret(
    endpoint_id: Id, webhooks: Webhooks, organization_id: OrganizationId = None
) -> EndpointWithSecret:
    """Get a new secret, shown this once.

    For 24 hours messages are signed by the new one and the one before, so that you can change over
    without missing any.
    """
    return await webhooks.rotate(organization_id, endpoint_id)


@router.post(
    "/v1/webhook-endpoints/{endpoint_id}/pings",
    status_code=202,
    summary="Send a test message to a webhook endpoint",
)
@manners(problems=(EndpointDisabled, RoleMissing), location=LOG)
async def ping_webhook_endpoint(
    endpoint_id: Id, webhooks: Webhooks, organization_id: OrganizationId = None
) -> Delivery:
    """Send a message of the type `ping`, whatever types the endpoint has chosen.

    The log of deliveries shows how it went.
    """
    return await webhooks.ping(organization_id, endpoint_id)


@router.get(
    "/v1/webhook-endpoints/{endpoint_id}/deliveries", summary="List deliveries to an endpoint"
)
@manners(problems=(RoleMissing,))
async def list_webhook_deliveries(
    endpoint_id: Id, query: Annotated[DeliveryQuery, Query()], webhooks: Webhooks
) -> DeliveryPage:
    """What was sent to an endpoint or waits to be, the latest first, for 30 days."""
    return await webhooks.log(query.organization_id, endpoint_id, query)


@router.post(
    "/v1/webhook-endpoints/{endpoint_id}/redeliveries",
    status_code=202,
    summary="Send messages to a webhook endpoint again",
)
@manners(problems=(EndpointDisabled, RoleMissing), location=LOG)
async def redeliver_webhook_messages(
    endpoint_id: Id,
    body: RedeliveryCreate,
    webhooks: Webhooks,
    organization_id: OrganizationId = None,
) -> Redelivery:
    """Send one message again, or everything since an instant of the last 30 days.

    The latter includes what happened while the endpoint was disabled or did not exist. Repeats
    carry the `webhook-id` of the first time. A call takes up to 1,000 messages, the earliest
    first; `next_since` tells where to go on.
    """
    return await webhooks.redeliver(organization_id, endpoint_id, body)


@router.get(
    "/v1/organizations/{organization_id}/events", summary="List what happened to an organisation"
)
@manners(writes=True)
async def list_organization_events(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it from the path.
    query: Annotated[FeedQuery, Query()],
    feed: FeedReader,
) -> Feed:
    """What the organisation's webhooks are told, the earliest first, for 30 days.

    Keep `resume_cursor`, and ask with it after an outage: no event is passed over. You see what
    the people concerned agree to at the moment of asking, so an event may be missing here that a
    webhook was told before. Whom you read of finds it in their access log. It also serves as
    sample data for hooks of automation tools.
    """
    return await feed.list(query)


MESSAGE = Message(
    name="event",
    operation="receive_event",
    tag="Webhooks",
    summary="Something happened",
    description=(
        "What your endpoint gets by POST, as Standard Webhooks 1.0 say. The message is thin: it "
        "names a record and never repeats what somebody wrote.\n\n"
        "Check `webhook-signature` before you believe it, and pass over a `webhook-id` that you "
        "have had. Answer 2xx within 20 seconds. A redirect counts as a failure; 429 and 503 may "
        "say `Retry-After`; 410 disables the endpoint."
    ),
    model=WebhookMessage,
    headers={
        "webhook-id": "Names what happened; the same in every repeat.",
        "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
        "webhook-signature": (
            "`v1,` and a signature in base64; for 24 hours after the secret was replaced two of "
            "them, with a space between."
        ),
    },
    example={
        "type": EventType.REJECTION_RECORDED,
        "timestamp": "2026-03-02T09:30:00Z",
        "data": {
            "account_id": str(example_id("account_id")),
            "organization_id": None,
            "collection": "rejections",
            "record_id": str(example_id("rejection_id")),
            "category": ConsentCategory.REJECTIONS,
            "revision": 3,
        },
    },
)
"""What endpoints are sent, for the contract."""
