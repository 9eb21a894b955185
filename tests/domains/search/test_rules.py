"""What is sought, what is a hit, and what is shown of a record."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.search.rules import ELLIPSIS, Budget, Hits, snippet, sought_words
from app.domains.search.terms import (
    MAX_SNIPPET_CHARACTERS,
    MAX_SNIPPET_PARTS,
    MAX_SOUGHT_WORDS,
)
from app.kit.words import words_in

words = st.sampled_from(
    ["interview", "interviews", "int", "Absage", "absagen", "Straße", "a", "42", "x" * 50, "öl"]
)
texts = st.lists(
    st.lists(words | st.text(min_size=1, max_size=6), max_size=80).map(" ".join).filter(bool),
    min_size=1,
    max_size=3,
)
queries = st.lists(words, min_size=1, max_size=4).map(" ".join)


def joined(parts: list[dict[str, Any]]) -> str:
    return "".join(part["text"] for part in parts)


def marked(parts: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for part in parts if part["hit"]]


def test_the_different_words_of_a_query_are_sought_up_to_a_number() -> None:
    assert sought_words("The offer, the OFFER!") == ["the", "offer"]
    assert sought_words("?!") == []
    many = [f"w{number}" for number in range(MAX_SOUGHT_WORDS + 3)]
    assert sought_words(" ".join(many)) == many[:MAX_SOUGHT_WORDS]


@pytest.mark.parametrize(
    ("word", "sought", "hit"),
    [
        ("offer", "offer", True),
        ("offered", "offer", True),
        ("offer", "offering", True),
        ("offerten", "off", True),
        ("inter", "interview", False),
        ("coffer", "offer", False),
        # The price of stemming by both languages: "offer" ends like a German word.
        ("off", "offer", True),
        ("absagen", "absage", True),
        ("müller", "mull", True),
    ],
)
def test_a_hit_is_the_word_one_of_its_stem_or_one_that_begins_with_it(
    word: str, sought: str, hit: bool
) -> None:
    assert Hits([sought]).of(word) == ({sought} if hit else set())
    assert Hits(["else", sought]).of(word) == ({sought} if hit else set())


def test_a_snippet_marks_its_hits() -> None:
    assert snippet(["The Interviews were kind."], Hits(["interview", "kind"])) == [
        {"text": "The ", "hit": False},
        {"text": "Interviews", "hit": True},
        {"text": " were ", "hit": False},
        {"text": "kind", "hit": True},
        {"text": ".", "hit": False},
    ]


def test_a_snippet_comes_from_the_first_text_with_most_of_the_words() -> None:
    found = snippet(["kind", "a kind offer", "an offer, kind"], Hits(["kind", "offer"]))
    assert joined(found) == "a kind offer"


def test_a_long_text_is_cut_between_words_around_its_first_hit() -> None:
    text = "before " * 50 + "offer" + " after" * 100
    found = snippet([text], Hits(["offer"]))
    assert marked(found) == ["offer"]
    shown = joined(found)
    assert shown.startswith(ELLIPSIS + "before ")
    assert shown.endswith(" after" + ELLIPSIS)
    assert len(shown) <= MAX_SNIPPET_CHARACTERS + 2


def test_a_record_without_hits_shows_how_it_begins() -> None:
    assert snippet(["plain", "text"], Hits(["offer"])) == [{"text": "plain", "hit": False}]
    assert snippet([], Hits(["offer"])) == []


@given(texts, queries)
def test_joined_parts_are_a_piece_of_one_text(texts: list[str], query: str) -> None:
    found = snippet(texts, Hits(sought_words(query)))
    shown = joined(found)
    whole = {ELLIPSIS + text + ELLIPSIS for text in texts}
    assert any(shown.removeprefix(ELLIPSIS).removesuffix(ELLIPSIS) in text for text in whole)
    assert len(shown) <= MAX_SNIPPET_CHARACTERS + 2
    assert len(found) <= MAX_SNIPPET_PARTS
    assert all(part["text"] for part in found)


@given(texts, queries)
def test_every_hit_shown_is_marked_and_nothing_else_is(texts: list[str], query: str) -> None:
    sought = sought_words(query)
    found = snippet(texts, Hits(sought))
    for part in found:
        heard = [one.word for one in words_in(part["text"].strip(ELLIPSIS))]  # type: ignore[union-attr]  # it is text
        if part["hit"]:
            assert len(heard) == 1
            assert Hits(sought).of(heard[0])
    for before, after in pairwise(found):
        assert before["hit"] or after["hit"]
    some = [one for text in texts for one in words_in(text) if Hits(sought).of(one.word)]
    assert bool(marked(found)) is bool(some)


@given(texts, queries)
def test_a_text_that_is_shown_whole_has_all_its_hits_marked(texts: list[str], query: str) -> None:
    sought = sought_words(query)
    found = snippet(texts, Hits(sought))
    shown = joined(found)
    if shown in texts:
        hits = [shown[one.start : one.end] for one in words_in(shown) if Hits(sought).of(one.word)]
        assert marked(found) == hits


def test_reading_for_snippets_has_an_end_however_much_was_written() -> None:
    hits, budget = Hits(["zeta", "omega"]), Budget()
    long = "a b " * 50_000
    shown = [snippet([long, "zeta", "omega"], hits, budget) for _ in range(50)]
    assert budget.of_all == 0
    assert all(parts and not any(part["hit"] for part in parts) for parts in shown)
    near = snippet(["zeta", long], hits, Budget())
    assert near == [{"text": "zeta", "hit": True}]
