"""Words, folded and stemmed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.words import MAX_WORD_CHARACTERS, forms_of, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The case study, at last!", ["the", "case", "study", "at", "last"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Grüße\naus Österreich", ["grüsse", "aus", "österreich"]),
        ("3 of 42, C3PO", ["3", "of", "42", "c3po"]),
        ("sam@example.com", ["sam", "example", "com"]),
        ("\ufb01nal", ["final"]),  # A ligature of f and i.
        ("İstanbul", ["istanbul"]),
        ("... -- ?!", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_in_one_way_to_write_them(
    text: str, words: list[str]
) -> None:
    assert [one.word for one in words_in(text)] == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("interviews", "interviewing"),
        ("applied", "apply"),
        ("absagen", "absage"),
        ("gespräche", "gespräch"),
        ("bewerbungen", "bewerbung"),
        ("müller", "mueller"),
    ],
)
def test_words_of_one_stem_share_a_form_in_either_language(one: str, other: str) -> None:
    assert forms_of(one) & forms_of(other)


def test_a_long_word_counts_with_its_beginning() -> None:
    (one,) = words_in("x" * (MAX_WORD_CHARACTERS + 5))
    assert one == ("x" * MAX_WORD_CHARACTERS, 0, MAX_WORD_CHARACTERS)


@given(st.text())
def test_a_word_stands_where_it_is_said_to(text: str) -> None:
    after = 0
    for one in words_in(text):
        assert after <= one.start < one.end <= len(text)
        assert one.end - one.start <= MAX_WORD_CHARACTERS
        assert text[one.start : one.end].isalnum() or "_" in text[one.start : one.end]
        after = one.end


@given(st.text())
def test_every_form_can_be_stored_and_case_changes_none(text: str) -> None:
    for one in words_in(text):
        assert unicodedata.is_normalized("NFKC", one.word) or len(one.word) == MAX_WORD_CHARACTERS
        for form in forms_of(one.word):
            assert 0 < len(form) <= MAX_WORD_CHARACTERS
            assert "\0" not in form
            form.encode()
    folded = [one.word for one in words_in(text)]
    assert [one.word for one in words_in(" ".join(folded))] == folded
