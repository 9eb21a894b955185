"""Pure decisions of a search: which words are sought, what a hit is worth, and what to show of it.

A record is found when it holds every sought word: the word itself, a word with the same stem, or a
word that begins with it. Each sought word gives the record points for its best hit, and a record
with more points comes first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.domains.search.terms import (
    CHARACTERS_BEFORE_HIT,
    MAX_CHARACTERS_READ,
    MAX_CHARACTERS_READ_OF_ONE,
    MAX_SNIPPET_CHARACTERS,
    MAX_SOUGHT_WORDS,
)
from app.kit.words import Word, forms_of, words_in

POINTS_AS_WRITTEN, POINTS_SAME_STEM, POINTS_BEGINNING = 4, 2, 0
"""One more for a hit in the title: it never outweighs a better kind of hit."""

ELLIPSIS = "…"


def sought_words(query: str) -> list[str]:
    """The different words of a query, in their order; none if it has only signs in it."""
    found = dict.fromkeys(one.word for one in words_in(query))
    return list(found)[:MAX_SOUGHT_WORDS]


class Hits:
    """Tells which words of a text are hits."""

    def __init__(self, sought: Sequence[str]) -> None:
        self._beginnings = tuple(sought)
        self._forms = [(one, forms_of(one)) for one in sought]
        self._any = set().union(*(forms for _, forms in self._forms))
        self.count = len(sought)

    def of(self, word: str) -> set[str]:
        """The sought words that a word is a hit for."""
        forms = forms_of(word)
        if self._any.isdisjoint(forms) and not any(
            one.startswith(self._beginnings) for one in forms
        ):
            return set()  # So for nearly every word of a text.
        return {
            sought
            for sought, its_forms in self._forms
            if not forms.isdisjoint(its_forms) or any(one.startswith(sought) for one in forms)
        }


@dataclass
class Budget:
    """How many characters may still be read for snippets; reading costs time that others wait."""

    of_all: int = MAX_CHARACTERS_READ
    of_one: int = 0

    def next_record(self) -> None:
        """A record has its own share of what is left."""
        self.of_one = min(self.of_all, MAX_CHARACTERS_READ_OF_ONE)

    def take(self, text: str) -> str:
        """As much of a text as may be read."""
        text = text[: self.of_one]
        self.of_one -= len(text)
        self.of_all -= len(text)
        return text


@dataclass
class _Reading:
    """A text, read as far as it can be shown around its first hit."""

    text: str
    hits: list[Word] = field(default_factory=list)
    met: set[str] = field(default_factory=set)


def snippet(
    texts: Iterable[str], hits: Hits, budget: Budget | None = None
) -> list[dict[str, str | bool]]:
    """A piece of a record that shows why it was found, in parts that are hits or not.

    It is taken around the first hit of a text, of that text which has most of the sought words
    there; an ellipsis shows where it was cut. No texts give no parts. What lies further back than
    the budget reaches is found all the same, but the snippet may show another piece.
    """
    best, budget = _Reading(""), budget or Budget()
    budget.next_record()
    for text in texts:
        reading = _read(text, budget.take(text), hits)
        if len(reading.met) > len(best.met) or not best.text:
            best = reading
        if len(best.met) == hits.count or not budget.of_one:
            break
    return [{"text": text, "hit": hit} for text, hit in _parts(best)]


def _read(text: str, readable: str, hits: Hits) -> _Reading:
    reading = _Reading(text)
    for word in words_in(readable):
        found = reading.hits
        if found and word.end > found[0].start + MAX_SNIPPET_CHARACTERS:
            break
        if met := hits.of(word.word):
            found.append(word)
            reading.met |= met
    return reading


def _parts(reading: _Reading) -> Iterator[tuple[str, bool]]:
    """The parts of a snippet, hits and what stands between them."""
    text, hits = reading.text, reading.hits
    begin, end = _window(text, hits[0].start if hits else 0)
    at, mark = begin, ELLIPSIS if begin else ""
    for hit in hits:
        if hit.end > end:
            break
        if between := mark + text[at : hit.start]:
            yield between, False
        yield text[hit.start : hit.end], True
        at, mark = hit.end, ""
    if rest := mark + text[at:end] + (ELLIPSIS if end < len(text) else ""):
        yield rest, False


def _window(text: str, first_hit: int) -> tuple[int, int]:
    """From where to where a text is shown: between two spaces, if there are any at hand."""
    begin = max(0, first_hit - CHARACTERS_BEFORE_HIT)
    if begin:
        space = _space(text, begin, first_hit)
        begin = begin if space is None else space + 1
    end = begin + MAX_SNIPPET_CHARACTERS
    if end < len(text):
        space = _space(text, end, first_hit + CHARACTERS_BEFORE_HIT, -1)
        end = end if space is None else space
    return begin, min(end, len(text))


def _space(text: str, start: int, stop: int, step: int = 1) -> int | None:
    return next((at for at in range(start, stop, step) if text[at].isspace()), None)
