"""The operation of the search."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.search.schemas import SearchQuery, SearchResults
from app.domains.search.service import SearchService
from app.web.routing import Router

Searcher = Annotated[SearchService, Guard(SearchService, Scope.SEARCH_READ)]

router = Router(prefix="/v1/search", tags=["Find"])


@router.get("", summary="Find records by their words")
async def search_records(query: Annotated[SearchQuery, Query()], search: Searcher) -> SearchResults:
    """Find what you have written, in every kind of record or in one.

    For each word of `q` a record gets 4 points for the word itself, 2 for another word with its
    stem, none for a word that merely begins with it, and 1 more in the title. Most points come
    first, then the latest ids. There are no pages: ask for more words instead. What a check-in
    says is not searched.
    """
    return await search.search(query)
