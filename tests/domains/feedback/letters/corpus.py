"""Letters that break the rules and letters that respect them, and how well the rules tell.

The letters are samples written for these tests; the people and companies in them do not exist. The
`held_out` part was written before the rules, and no phrase was added or taken away for one of its
letters; the `tuning` part was used to find phrases that were missing. Both parts and the rules come
from the same hand, so the figures say how well the rules hold on letters of this kind, not on every
letter.

A label is the name of a rule, with `!` where the rule is broken for certain (an error). A rule that
stands neither in `breaks` nor in `unjudged` is respected.

`python -m tests.domains.feedback.letters` prints the table.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.domains.feedback.rules.data import WORDS
from app.domains.feedback.rules.letters import CERTAIN, Finding, LetterContext, check_letter
from app.domains.feedback.terms import CheckOutcome, CheckSeverity, LetterRule, MessageKind
from app.kit.terms import Language

FOLDER = Path(__file__).parent / "corpus"
PARTS = ("held_out", "tuning")


@dataclass(frozen=True)
class Letter:
    """A letter with what a reader says of it."""

    id: str
    part: str
    language: Language
    kind: MessageKind
    subject: str | None
    body: str
    context: LetterContext
    breaks: frozenset[str]
    unjudged: frozenset[str]


@cache
def letters() -> tuple[Letter, ...]:
    """All letters of both parts in both languages."""
    return tuple(
        _letter(entry, part, language)
        for part in PARTS
        for language in Language
        for entry in json.loads((FOLDER / f"{part}_{language}.json").read_text("utf-8"))["letters"]
    )


def _letter(entry: dict[str, Any], part: str, language: Language) -> Letter:
    return Letter(
        id=entry["id"],
        part=part,
        language=language,
        kind=MessageKind(entry["kind"]),
        subject=entry["subject"],
        body=entry["body"],
        context=LetterContext(**entry["context"]),
        breaks=frozenset(entry["breaks"]),
        unjudged=frozenset(entry["unjudged"]),
    )


def label(rule: LetterRule, severity: CheckSeverity) -> str:
    """How a broken rule is labelled."""
    return f"{rule}!" if severity is CheckSeverity.ERROR else str(rule)


SEVERITIES: dict[LetterRule, tuple[CheckSeverity, ...]] = {
    rule: (CheckSeverity.HINT,) if rule not in CERTAIN else (CheckSeverity.ERROR,)
    for rule in LetterRule
} | dict.fromkeys(
    (
        LetterRule.ADDRESSED_TO_PERSON,
        LetterRule.SPECIFIC_QUESTIONS,
        LetterRule.MAX_CHARACTERS,
    ),
    (CheckSeverity.ERROR, CheckSeverity.HINT),
)
"""How each rule can fail."""


@dataclass(frozen=True)
class Row:
    """How well one rule tells, in one language and part."""

    part: str
    language: Language
    rule: LetterRule
    severity: CheckSeverity
    found: int
    missed: int
    false: int
    right: int

    @property
    def breaking(self) -> int:
        return self.found + self.missed

    @property
    def respecting(self) -> int:
        return self.false + self.right

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.breaking if self.breaking else 0.0


def table() -> Sequence[Row]:
    """A row for each part, language, rule and severity."""
    return [
        _row(part, language, rule, severity)
        for part in PARTS
        for language in Language
        for rule, severities in SEVERITIES.items()
        for severity in severities
    ]


def _row(part: str, language: Language, rule: LetterRule, severity: CheckSeverity) -> Row:
    counts = Counter(_verdicts(part, language, rule, severity))
    return Row(
        part,
        language,
        rule,
        severity,
        found=counts[True, True],
        missed=counts[True, False],
        false=counts[False, True],
        right=counts[False, False],
    )


def _verdicts(
    part: str, language: Language, rule: LetterRule, severity: CheckSeverity
) -> Iterator[tuple[bool, bool]]:
    """For each letter whether it breaks the rule, and whether the rule says so."""
    for letter in letters():
        if (letter.part, letter.language) != (part, language) or rule in letter.unjudged:
            continue
        for finding in _findings(letter):
            if finding.rule is rule:
                failed = finding.outcome is CheckOutcome.FAILED and finding.severity is severity
                broken = label(rule, severity) in letter.breaks
                if broken or finding.outcome is not CheckOutcome.SKIPPED:
                    yield broken, failed


@cache
def _findings(letter: Letter) -> tuple[Finding, ...]:
    words = WORDS[letter.language]
    return check_letter(letter.kind, letter.subject, letter.body, letter.context, words)


def as_text(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    names = ("part", "", "rule", "as", "breaking", "respecting", "precision", "recall")
    lines = ["{:9} {:3} {:29} {:6} {:>8} {:>10} {:>9} {:>6}".format(*names)]
    lines += [
        f"{row.part:9} {row.language:3} {row.rule:29} {row.severity:6} {row.breaking:8} "
        f"{row.respecting:10} {row.precision:9.2f} {row.recall:6.2f}"
        for row in rows
    ]
    return "\n".join(lines)
