"""What a person finds."""

from itertools import chain
from typing import Any

from app.auth.caller import Caller, Service
from app.db.transaction import Transaction
from app.db.words import Record, searched
from app.domains.search.repository import Key, SearchRepository
from app.domains.search.rules import Budget, Hits, snippet, sought_words
from app.domains.search.schemas import SearchQuery
from app.domains.search.terms import SearchCollection


class SearchService(Service):
    """Finds records by their words."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.words = SearchRepository(transaction, caller)

    async def search(self, query: SearchQuery) -> dict[str, Any]:
        """The records that hold all words of a query, the best first."""
        sought = sought_words(query.q)
        if not sought:
            return {"items": []}
        found = await self.words.best(sought, query.collection, query.limit)
        records = await self.words.records(found)
        hits, budget = Hits(sought), Budget()
        # What has no record was deleted since its words were found.
        return {
            "items": [
                self._present(one, records[one], hits, budget) for one in found if one in records
            ]
        }

    def _present(self, key: Key, record: Record, hits: Hits, budget: Budget) -> dict[str, Any]:
        collection, record_id = key
        one = searched()[collection]
        title = one.title_of(record)
        texts = [[title] if title else [], one.texts_of(record)]
        if self.words.is_own:
            texts.append(one.texts_of(record, private=True))
        return {
            "collection": collection,
            "id": record_id,
            "title": title or SearchCollection(collection).label(self.caller.language),
            "snippet": snippet(chain(*texts), hits, budget),
            "updated_at": record["updated_at"],
        }
