"""Finding phrases: words, endings, gaps, sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.feedback.rules.phrases import MAX_GAP_WORDS, Reading, Span, compiled, fold


def found(line: str, text: str, company: frozenset[str] = frozenset()) -> list[str]:
    return [text[span.start : span.end] for span in Reading(text, company).find(compiled([line]))]


@pytest.mark.parametrize(
    ("line", "text", "wanted"),
    [
        ("thank you", "Thank you, Mara. THANK YOU!", ["Thank you", "THANK YOU"]),
        ("thank you", "thank them for you", []),
        ("don't", "I don\u2019t and I don't", ["don\u2019t", "don't"]),
        ("follow up", "a follow-up", ["follow-up"]),
        ("grateful*", "gratefully", ["gratefully"]),
        ("a|b c", "a c, b c, c c", ["a c", "b c"]),
        ("would (very)? like", "would like, would very like", ["would like", "would very like"]),
        ("if .. fine", "if you have no time, that is fine", ["if you have no time, that is fine"]),
        ("if .. fine", f"if {'so ' * MAX_GAP_WORDS}fine", [f"if {'so ' * MAX_GAP_WORDS}fine"]),
        ("if .. fine", f"if {'so ' * (MAX_GAP_WORDS + 1)}fine", []),
        ("if .. fine", "if. That is fine", []),
        ("if .. fine", "if\n\nThat is fine", []),
        ("if .. fine", "if\nthat is fine", ["if\nthat is fine"]),
        ("dear .. winter", "Dear Dr. Winter", ["Dear Dr. Winter"]),
        ("am .. märz", "am 3. März", ["am 3. März"]),
        ("grüsse", "GRÜSSE und Grüße", ["GRÜSSE", "Grüße"]),
    ],
)
def test_a_phrase_stands_for_itself(line: str, text: str, wanted: list[str]) -> None:
    assert found(line, text) == wanted


def test_the_company_is_a_word_of_its_name() -> None:
    company = frozenset({fold("Example"), fold("GmbH")})
    assert found("at {company}", "a job at Example GmbH", company) == ["at Example"]
    assert found("at {company}", "a job at Example GmbH") == []


def test_what_a_person_writes_is_never_a_phrase() -> None:
    assert found("a", "a* .. b|c {company} (x)?") == ["a"]
    assert found("thank you", "thank* you") == ["thank* you"]
    assert found("thank you", "th[a-z]nk y.u") == []


@pytest.mark.parametrize("line", ["..", "a ..", ".. a", "", "a.b", "a| b", "(a", "*"])
def test_a_line_that_is_no_phrase_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"phrase|not one word"):
        compiled([line])


def test_an_excuse_takes_away_what_it_touches() -> None:
    signals, excuses = compiled(["disagree"]), compiled(["not .. disagree"])
    assert Reading("I do not really disagree").first(signals, excuses) is None
    assert Reading("I do not disagree. I disagree.").first(signals, excuses) == Span(21, 29)
    assert Reading("Disagree Ltd").first(signals, (), frozenset({"disagree"})) is None


WORDS = st.sampled_from(["if", "you", "not", "fine", "dear", "a", "B", "über", "3"])
MARKS = st.sampled_from([" ", ", ", ". ", "\n", "\n\n", "? ", "-", "'", "[", "…"])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(WORDS, MARKS), max_size=60).map("".join),
)


@given(TEXTS)
def test_words_and_sentences_cover_a_text_in_order(text: str) -> None:
    tokens = Reading(text).tokens
    places = [place for token in tokens for place in token.span]
    assert places == sorted(places)
    assert all(token.word == fold(text[token.span.start : token.span.end]) for token in tokens)
    sentences = [token.sentence for token in tokens]
    assert sentences == sorted(sentences)
    assert set(sentences) == set(range(len(set(sentences))))


@given(TEXTS)
def test_every_find_is_one_that_a_plain_search_would_find(text: str) -> None:
    reading = Reading(text)
    tokens = reading.tokens
    plain = [
        Span(first.span.start, last.span.end)
        for i, first in enumerate(tokens)
        for k in range(i + 1, min(len(tokens), i + 2 + MAX_GAP_WORDS))
        for last in [tokens[k]]
        if first.word == "if" and last.word in {"fine", "not"} and first.sentence == last.sentence
    ]
    nearest = [
        min(one for one in plain if one.start == start)
        for start in sorted({one.start for one in plain})
    ]
    assert list(reading.find(compiled(["if .. fine|not"]))) == nearest
