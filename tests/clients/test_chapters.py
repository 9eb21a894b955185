"""The chapters of the journey are the same in both languages, and cover all five stages."""

import ast
import json
import re

import pytest

from tests.clients.travelling import CLIENTS, CONTRACT, chapters
from tests.contract.document import Json

pytestmark = pytest.mark.clients

STAGES = {
    "accepting": {"Rejections", "Recovery", "Check-ins"},
    "asking": {"Feedback"},
    "reflecting": {"Reflections"},
    "relating": {"Network"},
    "going_on": {"Search", "Reflections", "Network"},
}
"""From each stage's chapter to the tags of the operations it needs."""


@pytest.fixture(scope="module")
def paths() -> Json:
    """The operations of the contract, by path and method."""
    found: Json = json.loads(CONTRACT.read_text("utf-8"))["paths"]
    return found


def in_python(source: str) -> set[str]:
    """The operations that a chapter imports."""
    return {
        alias.name
        for statement in ast.parse(source).body
        if isinstance(statement, ast.ImportFrom)
        and (statement.module or "").startswith("rebound_client.api.")
        for alias in statement.names
    }


def test_each_chapter_uses_the_same_operations_in_both_languages(paths: Json) -> None:
    typescript = {
        name: {
            paths[path][method.lower()]["operationId"]
            for method, path in re.findall(r'\.(GET|POST|PATCH|DELETE)\(\s*"([^"]+)"', source)
        }
        for name, source in chapters("typescript").items()
    }
    assert typescript == {name: in_python(text) for name, text in chapters("python").items()}


@pytest.fixture(scope="module")
def tags(paths: Json) -> dict[str, str]:
    """From each operation of the contract to its tag."""
    return {
        operation["operationId"]: operation["tags"][0]
        for item in paths.values()
        for operation in item.values()
        if "operationId" in operation
    }


def test_every_stage_has_its_chapter(tags: dict[str, str]) -> None:
    python = chapters("python")
    for chapter, wanted in STAGES.items():
        assert {tags[name] for name in in_python(python[chapter])} == wanted, chapter


def test_every_part_of_the_contract_is_shown(tags: dict[str, str]) -> None:
    """The guide can be copied from for every tag, whatever stage it belongs to."""
    shown = {tags[name] for source in chapters("python").values() for name in in_python(source)}
    assert shown == set(tags.values())


def test_the_guide_lists_every_chapter() -> None:
    guide = (CLIENTS / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)`", guide, re.MULTILINE)) == set(chapters("python"))
