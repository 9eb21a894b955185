"""The texts and addresses of this room that are kept as JSON, so that anyone can correct them.

The files are part of the program: they are read once, when it starts, as its modules are.
"""

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from app.domains.recovery.terms import StepKind, SupportResourceKind
from app.kit.practices import Practice
from app.kit.terms import Language

Words = dict[Language, str]
"""A text in every language."""


@dataclass(frozen=True, kw_only=True)
class DueRule:
    """Days counted from a day: `rejection`, `start` of the plan, or the end of its `pause`."""

    counted_from: str
    days: int


@dataclass(frozen=True, kw_only=True)
class TemplateStep:
    """One step of a template.

    `opens_after_days` are local days after the rejection. A step that `needs_human_contact` is
    left out where nobody was met.
    """

    kind: StepKind
    practice: Practice
    title: Words
    guidance: Words
    effort_minutes: int
    due: DueRule | None
    opens_after_days: int | None
    needs_human_contact: bool


@dataclass(frozen=True, kw_only=True)
class Template:
    """A plan to begin with. A change of its steps or their texts raises its version."""

    key: str
    version: int
    title: Words
    description: Words
    steps: tuple[TemplateStep, ...]


@dataclass(frozen=True, kw_only=True)
class SupportResource:
    """A place that helps. `verified_on` is the day somebody last compared it with its source."""

    name: str
    kind: SupportResourceKind
    phones: tuple[str, ...]
    url: str
    source_url: str
    verified_on: date | None
    languages: tuple[str, ...]


def _read(name: str) -> Any:
    return json.loads(files("app.domains.recovery").joinpath(name).read_text("utf-8"))


def _words(texts: dict[str, str]) -> Words:
    return {language: texts[language] for language in Language}


def _step(entry: dict[str, Any]) -> TemplateStep:
    due = entry["due"]
    return TemplateStep(
        kind=StepKind(entry["kind"]),
        practice=Practice(entry["practice"]),
        title=_words(entry["title"]),
        guidance=_words(entry["guidance"]),
        effort_minutes=entry["effort_minutes"],
        due=DueRule(counted_from=due["from"], days=due["days"]) if due else None,
        opens_after_days=entry.get("opens_after_days"),
        needs_human_contact=entry.get("needs_human_contact", False),
    )


def _template(key: str, kinds: dict[str, dict[str, Any]]) -> Template:
    entry = _read(f"templates/{key}.json")
    return Template(
        key=entry["key"],
        version=entry["version"],
        title=_words(entry["title"]),
        description=_words(entry["description"]),
        # What a template says about a step wins over what is said about its kind.
        steps=tuple(_step(kinds[step["kind"]] | step) for step in entry["steps"]),
    )


def _resource(entry: dict[str, Any]) -> SupportResource:
    verified = entry["verified_on"]
    return SupportResource(
        name=entry["name"],
        kind=SupportResourceKind(entry["kind"]),
        phones=tuple(entry["phones"]),
        url=entry["url"],
        source_url=entry["source_url"],
        verified_on=date.fromisoformat(verified) if verified else None,
        languages=tuple(entry["languages"]),
    )


TEMPLATE_KEYS = (
    "application",
    "screening",
    "interview",
    "final_round",
    "own_decision",
    "no_decision",
)

_KINDS = _read("step_kinds.json")
_SUPPORT = _read("support_resources.json")

TEMPLATES: dict[str, Template] = {key: _template(key, _KINDS) for key in TEMPLATE_KEYS}
"""All plan templates by key, in the order in which they are listed."""

REFOCUS_STEP: TemplateStep = _step({"kind": "refocus"} | _KINDS["refocus"])
"""What the dwelling guard offers; its cue and action are left for the person to write."""

SUPPORT_BY_COUNTRY: dict[str, tuple[SupportResource, ...]] = {
    country: tuple(_resource(entry) for entry in entries)
    for country, entries in _SUPPORT["countries"].items()
}
"""Support resources by ISO 3166-1 alpha-2 code."""

SUPPORT_ANYWHERE: tuple[SupportResource, ...] = tuple(
    _resource(entry) for entry in _SUPPORT["international"]
)
"""Directories that cover many countries."""


def support_resources(country: str | None) -> tuple[SupportResource, ...]:
    """Places that help in a country, followed by those for anywhere.

    The country (ISO 3166-1 alpha-2, any case) is the person's choice and never guessed.
    """
    return (*SUPPORT_BY_COUNTRY.get((country or "").upper(), ()), *SUPPORT_ANYWHERE)
