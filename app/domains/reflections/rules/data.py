"""The prompts and writing exercises that are kept as JSON, so that anyone can correct them.

The file is part of the program: it is read once, when it starts, as its modules are.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from app.domains.reflections.terms import PromptPart
from app.domains.rejections.terms import DecidedBy, ReasonCode, RejectionStage
from app.kit.terms import Language

Words = dict[Language, str]
"""A text in every language."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Prompt:
    """A question, whom it fits, and the operation and field in which its answer can be kept."""

    key: str
    part: PromptPart
    question: Words
    hint: Words | None
    minutes: int
    operation_id: str
    field: str
    stages: frozenset[RejectionStage]
    decided_by: frozenset[DecidedBy]
    reasons: frozenset[ReasonCode]
    general: bool
    """Asked where there is no rejection to look at."""

    @property
    def for_everybody(self) -> bool:
        """Whether it is asked in every case."""
        return not (self.stages or self.decided_by or self.reasons or self.general)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """Something to write for so many minutes."""

    title: Words
    text: Words
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Series:
    """Exercises that belong together."""

    title: Words
    text: Words
    sessions: tuple[Exercise, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A study from which something here was taken."""

    citation: str
    url: str


def _words(texts: dict[str, str]) -> Words:
    return {language: texts[language] for language in Language}


def _prompt(entry: dict[str, Any]) -> Prompt:
    about = entry.get("for", {})
    return Prompt(
        key=entry["key"],
        part=PromptPart(entry["part"]),
        question=_words(entry["question"]),
        hint=_words(entry["hint"]) if "hint" in entry else None,
        minutes=entry["minutes"],
        operation_id=entry["operation_id"],
        field=entry["field"],
        stages=frozenset(map(RejectionStage, about.get("stages", ()))),
        decided_by=frozenset(map(DecidedBy, about.get("decided_by", ()))),
        reasons=frozenset(map(ReasonCode, about.get("reasons", ()))),
        general=about.get("general", False),
    )


def _exercise(entry: dict[str, Any]) -> Exercise:
    return Exercise(
        title=_words(entry["title"]), text=_words(entry["text"]), minutes=entry["minutes"]
    )


_DATA = json.loads(files("app.domains.reflections").joinpath("prompts.json").read_text("utf-8"))
_SERIES = _DATA["writing_series"]

PROMPTS: tuple[Prompt, ...] = tuple(_prompt(entry) for entry in _DATA["prompts"])
"""All questions, in the order in which they are asked."""

SELF_COMPASSION: Exercise = _exercise(_DATA["writing"])
"""What to write by default (Kreemers et al. 2020)."""

SERIES = Series(
    title=_words(_SERIES["title"]),
    text=_words(_SERIES["text"]),
    sessions=tuple(_exercise(entry) for entry in _SERIES["sessions"]),
)
"""Five sessions of 20 minutes (Spera, Buhrfeind & Pennebaker 1994), as an offer."""

SOURCES: tuple[Source, ...] = tuple(Source(**entry) for entry in _DATA["sources"])
