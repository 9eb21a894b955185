"""The wire shapes of the search."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool

from app.domains.search.terms import (
    MAX_HITS,
    MAX_QUERY_CHARACTERS,
    MAX_SNIPPET_CHARACTERS,
    MAX_SNIPPET_PARTS,
    MAX_TITLE_CHARACTERS,
    SearchCollection,
)
from app.kit.fields import FromText, Id, Instant, Line, Text
from app.kit.ids import example_id
from app.kit.schemas import Request


class SearchQuery(Request):
    """What to look for, and where."""

    q: Annotated[str, Line(MAX_QUERY_CHARACTERS)] = Field(
        description=(
            "Words that must all be found, whatever their case. A word finds itself, words with "
            "the same stem (English and German), and words that begin with it. The first sixteen "
            "different words count. Without a letter or a digit in it, nothing is found."
        ),
        examples=["forecasting interview"],
    )
    collection: SearchCollection | None = Field(default=None, description="Only look in here.")
    limit: Annotated[int, Field(ge=1, le=MAX_HITS), FromText] = Field(
        default=20, description="How many records at most, the best ones."
    )


class SnippetPart(BaseModel):
    """A piece of text: a hit, to be shown in bold, or what stands beside one."""

    text: Annotated[str, Text(MAX_SNIPPET_CHARACTERS + 2)] = Field(examples=["forecasting"])
    hit: StrictBool


class SearchHit(BaseModel):
    """A record that was found; `collection` and `id` name it."""

    collection: SearchCollection
    id: Id = Field(examples=[str(example_id("rejection_id"))])
    title: Annotated[str, Line(MAX_TITLE_CHARACTERS)] = Field(
        description="Its name, or in your language what kind of record it is.",
        examples=["Example GmbH"],
    )
    snippet: Annotated[list[SnippetPart], Field(max_length=MAX_SNIPPET_PARTS)] = Field(
        description=(
            "A piece of the record around its first hit. Joined, the parts are plain text as the "
            "person wrote it, with an ellipsis where it was cut: show it as text, never as HTML."
        )
    )
    updated_at: Instant


class SearchResults(BaseModel):
    """What was found, the best first; an empty list is an answer too."""

    items: Annotated[list[SearchHit], Field(max_length=MAX_HITS)]
