"""The words, letters and questions of this room: kept as JSON, so that anyone can correct them.

The files are part of the program: they are read once, when it starts, as its modules are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from app.domains.feedback.rules.phrases import Element, Phrase, compiled, fold
from app.domains.feedback.terms import LetterRule, MessageKind, MessageTone
from app.domains.rejections.terms import RejectionStage
from app.kit.competencies import Competency
from app.kit.terms import Language


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """What a rule looks for, and what looks the same but is not meant."""

    signals: tuple[Phrase, ...]
    excuses: tuple[Phrase, ...]


@dataclass(frozen=True, kw_only=True)
class LetterWords:
    """The words by which letters are checked in one language.

    A rule that stands in neither `rules` nor `hints` cannot be decided in this language.
    """

    common: frozenset[str]
    greetings: frozenset[str]
    titles: frozenset[str]
    impersonal: tuple[Element, ...]
    role_fillers: frozenset[str]
    placeholder_words: frozenset[str]
    vague_questions: tuple[Phrase, ...]
    question_topics: tuple[Phrase, ...]
    indirect_questions: tuple[Phrase, ...]
    rules: Mapping[LetterRule, RuleWords]
    hints: Mapping[LetterRule, str]


Line = tuple[str, ...]
"""Ways to say one thing, the fullest first; that one is said whose `{names}` are all known."""


@dataclass(frozen=True, kw_only=True)
class LetterTemplate:
    """A letter to begin with: its subject, and its body as paragraphs of lines."""

    subject: Line
    paragraphs: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, kw_only=True)
class BankQuestion:
    """A question that employers can answer in a sentence."""

    key: str
    text: Mapping[Language, str]
    stages: tuple[RejectionStage, ...]
    competency: Competency
    usual: bool


def _read(name: str) -> Any:
    return json.loads(files("app.domains.feedback").joinpath(f"letters/{name}").read_text("utf-8"))


def letter_words(entry: Mapping[str, Any]) -> LetterWords:
    """The words of one language as they stand in its file."""
    return LetterWords(
        common=_folded(entry["common_words"]),
        greetings=_folded(entry["greetings"]),
        titles=_folded(entry["titles"]),
        impersonal=tuple(
            element for phrase in compiled(entry["impersonal"]) for element in phrase[-1:]
        ),
        role_fillers=_folded(entry["role_fillers"]),
        placeholder_words=frozenset(entry["placeholder_words"]),
        vague_questions=compiled(entry["vague_questions"]),
        question_topics=compiled(entry["question_topics"]),
        indirect_questions=compiled(entry["indirect_questions"]),
        rules={
            LetterRule(name): RuleWords(
                signals=compiled(words["signals"]), excuses=compiled(words["excuses"])
            )
            for name, words in entry["rules"].items()
        },
        hints={LetterRule(name): text for name, text in entry["hints"].items()},
    )


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _line(entry: str | list[str]) -> Line:
    return (entry,) if isinstance(entry, str) else tuple(entry)


def _letter(entry: Mapping[str, Any]) -> LetterTemplate:
    return LetterTemplate(
        subject=_line(entry["subject"]),
        paragraphs=tuple(tuple(_line(one) for one in lines) for lines in entry["paragraphs"]),
    )


def _letters(language: Language) -> Mapping[tuple[MessageKind, MessageTone], LetterTemplate]:
    entry = _read(f"letters_{language}.json")
    return {
        (kind, tone): _letter(entry[kind][tone]) for kind in MessageKind for tone in MessageTone
    }


def _question(entry: Mapping[str, Any]) -> BankQuestion:
    return BankQuestion(
        key=entry["key"],
        text={language: entry["text"][language] for language in Language},
        stages=tuple(RejectionStage(stage) for stage in entry["stages"]),
        competency=Competency(entry["competency"]),
        usual=entry.get("usual", False),
    )


WORDS: Mapping[Language, LetterWords] = {
    language: letter_words(_read(f"rules_{language}.json")) for language in Language
}
LETTERS: Mapping[Language, Mapping[tuple[MessageKind, MessageTone], LetterTemplate]] = {
    language: _letters(language) for language in Language
}
QUESTIONS: tuple[BankQuestion, ...] = tuple(_question(one) for one in _read("questions.json"))
"""The question bank, in the order in which it is shown."""
