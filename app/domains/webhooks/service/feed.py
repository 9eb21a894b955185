"""What organisations look up by themselves, and the types of facts there are."""

from typing import Any

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.domains.webhooks.repository.feed import FeedRepository
from app.domains.webhooks.rules import COLLECTION_OF_TYPE, category_of
from app.domains.webhooks.schemas import FeedQuery
from app.kit.terms import Language


class FeedService(Service):
    """Shows an organisation what it was told."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.feed = FeedRepository(transaction, caller)

    async def list(self, query: FeedQuery) -> dict[str, Any]:
        """One page, the earliest first, of what people's consent allows at this moment."""
        items, next_cursor, resume_cursor = await self.feed.read(query, self.clock.now())
        return {"items": items, "next_cursor": next_cursor, "resume_cursor": resume_cursor}


def event_types(language: Language) -> list[dict[str, Any]]:
    """Everything a webhook can be told, with what a person must have agreed to for it."""
    return [
        {
            "type": kind,
            "collection": collection,
            "category": category_of(collection),
            "description": kind.label(language),
        }
        for kind, collection in COLLECTION_OF_TYPE.items()
    ]
