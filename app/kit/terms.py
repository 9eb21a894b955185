"""Controlled words: enums that carry their own labels, so that no client hard-codes them."""

from enum import StrEnum
from typing import Self

from app.kit.qualities import qualities


class Language(StrEnum):
    """The languages in which the product speaks."""

    EN = "en"
    DE = "de"


SPOKEN = frozenset(language.value for language in Language)


class Term(StrEnum):
    """A lower_snake word on the wire with one label per language.

    Each subclass is one vocabulary of `GET /v1/vocabularies`, named by `vocabulary`.

        class Stage(Term):
            '''How far the application had come.'''

            OFFER = "offer", "Offer", "Angebot"
    """

    labels: dict[Language, str]

    # The labels have defaults only for the type checker: it reads `Stage("offer")` as this call.
    def __new__(cls, value: str, english: str = "", german: str = "") -> Self:
        """Make one word of the vocabulary."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.labels = {Language.EN: english, Language.DE: german}
        return term

    def label(self, language: Language) -> str:
        """What to show for the word."""
        return self.labels[language]


def vocabularies() -> dict[str, type[Term]]:
    """All vocabularies of the running program by name: `DecidedBy` is `decided_by`."""
    found: dict[str, type[Term]] = {}
    for kind in Term.__subclasses__():
        name = _snake(kind.__name__)
        if found.setdefault(name, kind) is not kind:
            raise TypeError(f"two vocabularies are called {name}")
    return dict(sorted(found.items()))


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def negotiate(accept_language: str | None, preferred: str | None = None) -> Language:
    """The language to answer in: `Accept-Language`, else the profile's locale, else English.

    Follows RFC 4647 lookup on the primary subtag with quality values; what cannot be read is
    passed over.
    """
    ranked = qualities(accept_language)
    wanted = sorted((tag for tag in ranked if ranked[tag] > 0), key=lambda tag: -ranked[tag])
    for tag in [*wanted, (preferred or "").lower()]:
        primary = tag.split("-")[0].split("_")[0]
        if primary in SPOKEN:
            return Language(primary)
    return Language.EN
