"""The house keeps the rules, and every rule finds the sample that breaks it.

A sample is a Python file whose name ends in `.py.txt`, so that no tool takes it for code of the
project. Its first lines say where it pretends to stand:

- `# path:` a place where the rule must find every line that ends in `# found`, and no other;
- `# allowed at:` places where the same text is right, so that the rule must find nothing;
- `# lines:` how long the file pretends to be; empty lines fill it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.rules import RULES
from tests.architecture.source import Module

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parent / "samples"
CODE = ("app", "migrations", "tests", "bench")

FOUND = re.compile(r"  # found$", re.MULTILINE)


@cache
def modules_of_the_project() -> list[Module]:
    return [
        Module.read(ROOT, file) for folder in CODE for file in sorted((ROOT / folder).rglob("*.py"))
    ]


@dataclass(frozen=True)
class Sample:
    text: str
    path: str
    allowed_at: list[str]
    lines_to_find: set[int]

    @classmethod
    def of(cls, rule: str) -> Sample:
        text = (SAMPLES / f"{rule}.py.txt").read_text(encoding="utf-8")
        headers = dict(re.findall(r"^# (path|allowed at|lines): (.+)$", text, re.MULTILINE))
        lines = text.splitlines()
        length = int(headers.get("lines", len(lines)))
        marked = {number for number, line in enumerate(lines, 1) if FOUND.search(line)}
        return cls(
            text=FOUND.sub("", text) + "\n" * (length - len(lines)),
            path=headers["path"],
            allowed_at=[path for path in headers.get("allowed at", "").split(", ") if path],
            lines_to_find=marked | ({length} if "lines" in headers else set()),
        )


def lines_found(rule: str, path: str, text: str) -> set[int]:
    return {finding.line for finding in RULES[rule](Module(path, text))}


def test_the_rules_read_the_files_of_the_house() -> None:
    paths = {str(module.path) for module in modules_of_the_project()}

    assert {"app/main.py", "app/settings.py", "tests/architecture/test_rules.py"} <= paths


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: str) -> None:
    findings = [
        finding.describe() for module in modules_of_the_project() for finding in RULES[rule](module)
    ]

    assert not findings, "\n".join(sorted(set(findings)))


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_finds_each_bad_line_of_its_sample_and_no_other(rule: str) -> None:
    sample = Sample.of(rule)

    assert sample.lines_to_find
    assert lines_found(rule, sample.path, sample.text) == sample.lines_to_find


@pytest.mark.parametrize(
    ("rule", "path"), [(rule, path) for rule in RULES for path in Sample.of(rule).allowed_at]
)
def test_the_rule_finds_nothing_where_the_same_text_is_right(rule: str, path: str) -> None:
    assert lines_found(rule, path, Sample.of(rule).text) == set()


def test_every_rule_has_a_sample_and_every_sample_a_rule() -> None:
    assert {file.name.removesuffix(".py.txt") for file in SAMPLES.iterdir()} == RULES.keys()
