"""How a fact stands among the deliveries, and among what an organisation was told."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.domains.webhooks.rules import Fact


@dataclass(frozen=True)
class EndpointOwner:
    """Whoever has endpoints, for the worker: it has no caller."""

    owner_id: UUID

    def sees(self, collection: str) -> bool:  # noqa: ARG002 -- what every owner has to say
        """An owner sees all they have."""
        return True


def row_for(endpoint_id: UUID, fact: Fact, account_id: UUID | None) -> dict[str, Any]:
    """The delivery of a fact about a person, or about an organisation itself, to an endpoint."""
    return {
        "endpoint_id": endpoint_id,
        "account_id": account_id,
        "revision": fact.revision,
        **_thin(fact),
    }


def row_of_feed(fact: Fact, account_id: UUID | None, revision: int) -> dict[str, Any]:
    """A fact in an organisation's feed, under the organisation's own revision."""
    return {"account_id": account_id, "revision": revision, **_thin(fact)}


def _thin(fact: Fact) -> dict[str, Any]:
    names = ("id", "type", "category", "collection", "record_id", "occurred_at")
    return {name: getattr(fact, name) for name in names}
