"""The use cases of webhooks: endpoints, the organisation's feed, and the worker's two loops."""

from app.domains.webhooks.service.delivery import Courier
from app.domains.webhooks.service.dispatch import dispatch_facts, purge_old
from app.domains.webhooks.service.endpoints import EndpointService
from app.domains.webhooks.service.feed import FeedService, event_types

__all__ = [
    "Courier",
    "EndpointService",
    "FeedService",
    "dispatch_facts",
    "event_types",
    "purge_old",
]
