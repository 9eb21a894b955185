"""What happened to endpoints."""

from dataclasses import dataclass
from typing import ClassVar

from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookEndpointDisabled(Event):
    """An endpoint answered that it is gone, and is told nothing more."""

    type: ClassVar[str] = "webhook_endpoint.disabled"
    collection: ClassVar[str] = "webhook_endpoints"
