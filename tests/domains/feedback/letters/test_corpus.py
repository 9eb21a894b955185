"""The rules against letters that break them and letters that respect them."""

from collections.abc import Mapping
from functools import cache

import pytest

from app.domains.feedback.rules.letters import RULES_OF
from app.domains.feedback.terms import CheckSeverity, LetterRule
from app.kit.terms import Language
from tests.domains.feedback.letters.corpus import (
    PARTS,
    SEVERITIES,
    Row,
    as_text,
    label,
    letters,
    table,
)

Key = tuple[str, Language, LetterRule, CheckSeverity]

EVERY_ROW = [(rule, severity) for rule, ways in SEVERITIES.items() for severity in ways]
every_row = pytest.mark.parametrize(("rule", "severity"), EVERY_ROW)
every_language = pytest.mark.parametrize("language", list(Language))


@cache
def rows() -> Mapping[Key, Row]:
    return {(row.part, row.language, row.rule, row.severity): row for row in table()}


def test_every_label_is_a_rule_of_its_kind() -> None:
    for letter in letters():
        rules = RULES_OF[letter.kind]
        known = {label(rule, one) for rule in rules for one in SEVERITIES[rule]}
        assert letter.breaks <= known, letter.id
        assert letter.unjudged <= set(rules), letter.id


@every_language
@every_row
def test_eight_letters_break_a_rule_and_eight_respect_it(
    rule: LetterRule, severity: CheckSeverity, language: Language
) -> None:
    held_out, tuning = (rows()[part, language, rule, severity] for part in PARTS)
    assert held_out.breaking + tuning.breaking >= 8
    assert held_out.respecting + tuning.respecting >= 8
    # A third of eight stands in the part that no rule was changed for.
    assert min(held_out.breaking, held_out.respecting) >= 3


@every_language
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "rule", [rule for rule, severity in EVERY_ROW if severity is CheckSeverity.ERROR]
)
def test_what_is_called_an_error_is_one(rule: LetterRule, part: str, language: Language) -> None:
    row = rows()[part, language, rule, CheckSeverity.ERROR]
    assert row.precision >= 0.9
    assert row.recall >= 0.9


def test_hints_are_reported_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    text = as_text(table())
    print(text)  # noqa: T201 -- `pytest -s` shows the figures.
    assert len(text.splitlines()) == 1 + len(PARTS) * len(Language) * len(EVERY_ROW)
