"""What is certain about a letter: the person and the role it names, what it asks and omits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from app.domains.feedback.rules.data import LetterWords
from app.domains.feedback.rules.phrases import Reading, Span, Token, fold, words_of

MAX_SALUTATION_WORDS = 8
SHORTEST_NAME = 2
SHORTEST_STEM = 4
LONGEST_ENDING = 3
"""Characters by which a role may be longer or shorter than the word that names it."""

ALL_WORDS_UP_TO = 2
"""A role of up to so many words is named by all of them, a longer one by two thirds."""

_PLACEHOLDER = re.compile(
    r"\[[^\[\]\n]{1,60}\]|\{\{?[^{}\n]{1,60}\}?\}|<[^\W\d_][^<>@:/\n]{0,60}>|_{3,}|%[^\W\d_]{2,30}%"
)
_NO_PLACEHOLDERS = frozenset({"sic", "…", "..."})
_BRACKETED = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|[:*/_](?:in|innen)\b")


class Address(Enum):
    """Whom the first line of a letter speaks to."""

    PERSON = "person"
    ANOTHER = "another"
    NOBODY = "nobody"


def address(body: Reading, contact_name: str | None, words: LetterWords) -> Address:
    """Whom a letter speaks to: this contact, or where nobody is named, any person."""
    salutation = _salutation(body)
    if contact_name is not None:
        names = name_words(contact_name, words)
        # An initial alone names nobody.
        wanted = {name for name in names if len(name) >= SHORTEST_NAME} or names
        found = any(token.word in wanted for token in salutation)
        return Address.PERSON if found else Address.ANOTHER
    if not salutation or any(True for _ in placeholders(body.text[: _end_of(salutation) + 1])):
        return Address.NOBODY
    if any(element.fits(t.word) for t in salutation for element in words.impersonal):
        return Address.NOBODY
    names = {
        token.word
        for token in salutation
        if token.word not in words.greetings | words.titles
        and body.text[token.span.start].isupper()
    }
    return Address.PERSON if names else Address.NOBODY


def _end_of(tokens: list[Token]) -> int:
    return tokens[-1].span.end


def _salutation(body: Reading) -> list[Token]:
    """The first words of a letter, up to its first comma or line's end."""
    found: list[Token] = []
    for token in body.tokens[:MAX_SALUTATION_WORDS]:
        between = body.text[found[-1].span.end : token.span.start] if found else ""
        if any(mark in between for mark in ",\n!:;"):
            break
        found.append(token)
    return found


def name_words(name: str, words: LetterWords) -> set[str]:
    """The words of a name without titles."""
    everything = set(words_of(name))
    return everything - words.titles or everything


def names_role(text: Reading, role_title: str, words: LetterWords) -> bool:
    """Whether a sentence names a role, in any gender and case, without what titles are padded with.

    A role of one or two words is named by all of them, a longer one by two thirds.
    """
    plain = list(words_of(_BRACKETED.sub(" ", role_title)))
    wanted = [word for word in plain if word not in words.role_fillers] or plain
    needed = len(wanted) if len(wanted) <= ALL_WORDS_UP_TO else -(-2 * len(wanted) // 3)
    seen: dict[int, set[str]] = {}
    distinct = {token.word for token in text.tokens}
    for word in set(wanted):
        likes = {one for one in distinct if _same_role(one, word)}
        for token in text.tokens:
            if token.word in likes:
                seen.setdefault(token.sentence, set()).add(word)
    return any(sum(word in found for word in wanted) >= needed for found in seen.values())


def _same_role(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if len(short) < SHORTEST_STEM or not long.startswith(short):
        return False
    # "Analystenstelle" names an analyst; "Analyst" names an "Analystin".
    return long == one or len(long) - len(short) <= LONGEST_ENDING


def placeholders(text: str, words: frozenset[str] = frozenset()) -> Iterator[Span]:
    """What was left to fill in: brackets around words, lines of underscores, and `words`."""
    for found in _PLACEHOLDER.finditer(text):
        inner = found[0].strip("[]{}<>% ")
        if inner.startswith("_") or (
            any(c.isalpha() for c in inner) and inner.casefold() not in _NO_PLACEHOLDERS
        ):
            yield Span(found.start(), found.end())
    for found in re.finditer(r"[^\W_]+", text):
        if found[0] in words:
            yield Span(found.start(), found.end())


@dataclass(frozen=True)
class Questions:
    """How many questions a letter asks that can be answered in a sentence, and how many cannot."""

    specific: int
    vague: int
    first_vague: Span | None


def questions(body: Reading, words: LetterWords) -> Questions:
    """The questions of a letter, asked with a question mark or without."""
    vague: dict[int, Span] = {}
    for span in body.find(words.vague_questions):
        vague.setdefault(body.sentence_at(span), span)
    topical = {body.sentence_at(span) for span in body.find(words.question_topics)}
    indirect = {body.sentence_at(span) for span in body.find(words.indirect_questions)}
    asked = {*body.questions(), *indirect}
    unspecific = sorted(one for one in asked if one in vague and one not in topical)
    return Questions(
        specific=len(asked) - len(unspecific),
        vague=len(unspecific),
        first_vague=vague[unspecific[0]] if unspecific else None,
    )


def count_words(body: str) -> int:
    """The words of a whole body, salutation and signature included."""
    return sum(any(c.isalnum() for c in chunk) for chunk in body.split())


def folded(names: tuple[str | None, ...]) -> frozenset[str]:
    """The words of some names, folded for comparing."""
    return frozenset(fold(word) for name in names if name for word in words_of(name))
