"""What organisations look up by themselves, and the types of facts there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.auth.access_log import witness_all
from app.auth.caller import Caller, Service
from app.auth.standing_in import actor_of, stand_in_for_many
from app.auth.terms import ConsentAccess, ConsentCategory
from app.db.transaction import Transaction
from app.domains.webhooks.repository.feed import FeedRepository
from app.domains.webhooks.rules import COLLECTION_OF_TYPE, category_of
from app.domains.webhooks.schemas import FeedQuery
from app.kit.terms import Language

Used = Mapping[UUID, Mapping[ConsentCategory, UUID]]
"""By person and category, the grant that allows it."""


class FeedService(Service):
    """Shows an organisation what it was told."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.feed = FeedRepository(transaction, caller)

    async def list(self, query: FeedQuery) -> dict[str, Any]:
        """One page, the earliest first, of what people's consent allows now; they see it noted."""
        items, next_cursor, resume_cursor = await self.feed.read(query, self.clock.now())
        used = await self._witness(items)
        # Whoever took consent back since they were read is told of no more.
        shown = [
            one
            for one in items
            if one.category is None or one.category in used.get(one.account_id, ())
        ]
        return {"items": shown, "next_cursor": next_cursor, "resume_cursor": resume_cursor}

    async def _witness(self, items: Sequence[Any]) -> Used:
        """Note in people's access logs that somebody reads of them, and by which grants."""
        told: defaultdict[UUID, set[ConsentCategory]] = defaultdict(set)
        for item in items:
            if item.category is not None:
                told[item.account_id].add(item.category)
        if not told:
            return {}
        with self.transaction.everyone():
            actor = await actor_of(self.transaction, self.caller)
            acting = await stand_in_for_many(self.transaction, self.caller, actor, sorted(told))
            used = {
                person_id: {
                    category: grant_id
                    for category, grant_id in caller.consent.readable.items()
                    if category in told[person_id]
                }
                for person_id, caller in acting.items()
                if caller.consent is not None
            }
            await witness_all(
                self.transaction, actor, ConsentAccess.READ, "list_organization_events", used
            )
        return used


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
