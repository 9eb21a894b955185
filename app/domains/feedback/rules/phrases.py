"""Finding phrases in what a person wrote: words and gaps, no expressions from outside.

A phrase is a line of data. Its words stand for themselves, whatever their case; `a|b` is either,
`thank*` any word that begins so, `(very|so)?` may be missing, and `..` lets up to six words pass.
A phrase lies within one sentence. `{company}` is a word of the company's name.

The time it takes grows with the length of the text: a phrase is looked for only where all of its
words occur, and from each place it looks no further than its gaps allow.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, product
from typing import NamedTuple

MAX_GAP_WORDS = 6
MAX_WORD_CHARACTERS = 40
"""Longer words are compared by their beginning only; nothing in the data is that long."""

GAP = ".."
COMPANY = "{company}"

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001 -- both apostrophes are written.
_SENTENCE_ENDS = frozenset("!?;…")
_ABBREVIATIONS = frozenset({"dr", "mr", "ms", "mrs", "prof", "st", "nr", "no", "bzw", "ca", "etc"})


class Span(NamedTuple):
    """From the first to behind the last character, in Unicode code points."""

    start: int
    end: int


class Token(NamedTuple):
    """A word of a text, folded for comparing, with its place."""

    word: str
    span: Span
    sentence: int


@dataclass(frozen=True)
class Element:
    """One word of a phrase: any of some words, or one with any of some beginnings."""

    words: frozenset[str]
    beginnings: frozenset[str]
    after_gap: bool = False

    def fits(self, word: str) -> bool:
        """Whether a folded word stands for it."""
        return word in self.words or any(word.startswith(one) for one in self.beginnings)


Phrase = tuple[Element, ...]


def fold(word: str) -> str:
    """A word without case and with one kind of apostrophe."""
    return word[:MAX_WORD_CHARACTERS].casefold().replace("\u2019", "'")


def words_of(text: str) -> Iterator[str]:
    """The folded words of a text."""
    return (fold(found[0]) for found in _WORD.finditer(text))


def compiled(lines: Iterable[str]) -> tuple[Phrase, ...]:
    """The phrases of some lines of data; a word that may be missing makes two of one."""
    return tuple(phrase for line in lines for phrase in _variants(line))


def _variants(line: str) -> Iterator[Phrase]:
    choices = [
        ([], [part[1:-2]]) if part.startswith("(") and part.endswith(")?") else ([part],)
        for part in line.split()
    ]
    for chosen in product(*choices):
        elements, gap = [], False
        for part in (part for parts in chosen for part in parts):
            if part == GAP:
                gap = True
                continue
            elements.append(_element(part, after_gap=gap))
            gap = False
        if gap or not elements or elements[0].after_gap:
            raise ValueError(f"a phrase begins and ends with a word: {line}")
        yield tuple(elements)


def _element(part: str, *, after_gap: bool) -> Element:
    options = [COMPANY if one == COMPANY else fold(one) for one in part.split("|")]
    for one in options:
        if one != COMPANY and not _WORD.fullmatch(one.removesuffix("*")):
            raise ValueError(f"not one word: {one}")
    return Element(
        frozenset(one for one in options if not one.endswith("*")),
        frozenset(one[:-1] for one in options if one.endswith("*")),
        after_gap,
    )


@dataclass(frozen=True)
class Reading:
    """A text taken apart into words and sentences, ready to be searched.

    `company` are the folded words that `{company}` stands for.
    """

    text: str
    company: frozenset[str] = frozenset()
    _fitting: dict[tuple[frozenset[str], frozenset[str]], Sequence[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def _parsed(self) -> tuple[tuple[Token, ...], tuple[bool, ...]]:
        tokens: list[Token] = []
        asked: list[bool] = []
        behind = 0
        for found in _WORD.finditer(self.text):
            if tokens:
                ended, question = _boundary(tokens[-1].word, self.text[behind : found.start()])
                if ended:
                    asked.append(question)
            span = Span(found.start(), found.end())
            tokens.append(Token(fold(found[0]), span, len(asked)))
            behind = found.end()
        asked.append("?" in self.text[behind:])
        return tuple(tokens), tuple(asked)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words in their order."""
        return self._parsed[0]

    def questions(self) -> Iterator[int]:
        """The numbers of the sentences that end with a question mark."""
        return (number for number, asked in enumerate(self._parsed[1]) if asked)

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """Where each word stands."""
        places: dict[str, list[int]] = defaultdict(list)
        for index, token in enumerate(self.tokens):
            places[token.word].append(index)
        return places

    @cached_property
    def _by_beginning(self) -> Mapping[str, Sequence[str]]:
        """The words that begin with a text."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._places:
            for length in range(1, len(word) + 1):
                found[word[:length]].append(word)
        return found

    def first(
        self,
        signals: Iterable[Phrase],
        excuses: Iterable[Phrase],
        names: frozenset[str] = frozenset(),
    ) -> Span | None:
        """The first place where a signal stands that shares no character with an excuse.

        A signal that is nothing but one of `names` does not count.
        """
        named = {token.span for token in self.tokens if token.word in names}
        found = sorted(span for span in self.find(signals) if span not in named)
        excused = sorted(self.find(excuses)) if found else []
        # Up to each excuse, how far the excuses reach: one look instead of one at each of them.
        reach = list(accumulate((span.end for span in excused), max))
        for span in found:
            before = bisect_left(excused, (span.end,))
            if before == 0 or reach[before - 1] <= span.start:
                return span
        return None

    def find(self, phrases: Iterable[Phrase]) -> Iterator[Span]:
        """Every place where one of the phrases stands."""
        for phrase in phrases:
            places = [self._where(element) for element in phrase]
            if all(places):
                for first in places[0]:
                    last = self._follow(phrase, places, 1, first)
                    if last is not None:
                        yield Span(self.tokens[first].span.start, self.tokens[last].span.end)

    def sentence_at(self, span: Span) -> int:
        """The number of the sentence in which a found phrase begins."""
        index = bisect_left(self.tokens, span.start, key=lambda token: token.span.start)
        return self.tokens[index].sentence

    def _where(self, element: Element) -> Sequence[int]:
        key = (element.words, element.beginnings)
        if key not in self._fitting:
            words = set(element.words)
            if COMPANY in words:
                words |= self.company
            for beginning in element.beginnings:
                words.update(self._by_beginning.get(beginning, ()))
            self._fitting[key] = sorted(i for word in words for i in self._places.get(word, ()))
        return self._fitting[key]

    def _follow(
        self, phrase: Phrase, places: Sequence[Sequence[int]], at: int, index: int
    ) -> int | None:
        """Where the rest of a phrase ends, if its words follow `index` in the same sentence."""
        if at == len(phrase):
            return index
        furthest = index + 1 + (MAX_GAP_WORDS if phrase[at].after_gap else 0)
        here = places[at]
        for k in range(bisect_left(here, index + 1), len(here)):
            place = here[k]
            if place > furthest or self.tokens[place].sentence != self.tokens[index].sentence:
                return None
            last = self._follow(phrase, places, at + 1, place)
            if last is not None:
                return last
        return None


def _boundary(word: str, between: str) -> tuple[bool, bool]:
    """Whether a sentence ends between two words, and whether it was a question."""
    if between in {" ", ", ", "\n"}:
        return False, False
    question = "?" in between
    ended = question or between.count("\n") > 1 or not _SENTENCE_ENDS.isdisjoint(between)
    if not ended and "." in between:
        ended = not (word in _ABBREVIATIONS or len(word) == 1 or word.isdigit())
    return ended, question
