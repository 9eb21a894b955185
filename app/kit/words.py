"""Words as a search sees them: without regard to case, and in all their forms.

A form of a word is the word itself or one of its stems. People write in English and in German,
often in one text, so every word is stemmed by both (Snowball's "english" and "german"). What is
stored and what is asked for then agree whatever language is set, and changing it changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from Stemmer import Stemmer

MAX_WORD_CHARACTERS = 40
"""Characters of a word that count; the rest of a longer one is passed over."""

_WORD = re.compile(r"\w+")
_NOT_OF_A_WORD = re.compile(r"\W+")
# Without their caches, which would keep what people wrote; stemming takes well under a microsecond.
_ENGLISH, _GERMAN = Stemmer("english", 0), Stemmer("german", 0)


class Word(NamedTuple):
    """A word, folded, and where the characters of it that count stand in its text."""

    word: str
    start: int
    end: int


def words_in(text: str) -> Iterator[Word]:
    """The words of a text in their order: runs of letters, digits and underscores."""
    for found in _WORD.finditer(text):
        if word := _folded(found[0]):
            start, end = found.span()
            yield Word(word[:MAX_WORD_CHARACTERS], start, min(end, start + MAX_WORD_CHARACTERS))


def _folded(token: str) -> str:
    """A word in the one way to write it: "Straße" is "strasse", a ligature its letters."""
    if token.isascii():
        return token.lower()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", token).casefold())
    return _NOT_OF_A_WORD.sub("", folded)


def stems_of(word: str) -> tuple[str, str]:
    """The English and the German stem of a folded word; either may be the word itself."""
    return _ENGLISH.stemWord(word), _GERMAN.stemWord(word)


def forms_of(word: str) -> set[str]:
    """The forms under which a folded word is found."""
    return {word, *stems_of(word)}
