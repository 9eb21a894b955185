"""What a fuzzing run is held to, and which refusals it lets pass."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.kit.problems import catalogue
from tests.fuzzing import beyond
from tests.fuzzing.__main__ import table, verdict
from tests.fuzzing.engine import Outcome

ROOT = Path(__file__).parents[2]
ALL_MET = Counter(beyond.EXCUSED)
GOOD = Outcome(
    "sqlite", {"get_me": {200: 60, 401: 40}, "delete_me": {204: 1, 412: 300}}, 7, excused=ALL_MET
)


def test_a_run_is_good_when_every_operation_was_called_often_and_succeeded_once() -> None:
    assert verdict([GOOD, replace(GOOD, engine="postgresql")]) == []


def test_an_operation_called_too_rarely_is_named() -> None:
    rare = replace(GOOD, statuses={**GOOD.statuses, "get_me": {200: 60, 401: 39}})
    assert verdict([rare]) == ["sqlite: get_me was called 99 times, which is less than 100"]


def test_an_operation_that_never_succeeded_is_named_with_what_it_answered() -> None:
    refused = replace(GOOD, statuses={**GOOD.statuses, "get_me": {304: 60, 401: 40}})
    assert verdict([refused]) == ["sqlite: get_me was never answered 2xx, but {304: 60, 401: 40}"]


@pytest.mark.parametrize(("failures", "exit_code"), [(2, 1), (0, 1), (0, -9)])
def test_what_the_tool_found_and_how_it_ended_is_told(failures: int, exit_code: int) -> None:
    failed = replace(GOOD, failures=failures, exit_code=exit_code)
    (told,) = verdict([GOOD, failed])
    assert told == f"sqlite: Schemathesis found {failures} failures (exit code {exit_code})"


def test_an_excuse_that_nobody_needed_is_told() -> None:
    excused = {name: 1 for name in beyond.EXCUSED if name != "idempotency-key-reused"}
    (told,) = verdict([replace(GOOD, excused=excused)])
    assert told.endswith("because it belongs to an earlier request; remove the line")


def test_the_figures_stand_in_a_line_for_each_engine() -> None:
    heading, line = table([replace(GOOD, failures=3)]).splitlines()
    assert heading.split("  ")[0] == "engine"
    assert line.split() == ["sqlite", "2", "7", "401", "100", "2", "3"]


def test_every_excuse_is_a_code_that_the_program_has() -> None:
    source = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    known = {*re.findall(r'"([a-z_]+)"', source), *catalogue()}
    assert {name.rpartition(" ")[2] for name in beyond.EXCUSED} <= known


def finding(pointer: str, code: str) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "message": "a sample"}


def test_a_refusal_is_excused_when_all_its_findings_are() -> None:
    errors = [finding("/time_zone", "time_zone"), finding("/country", "rule")]
    problem = {"type": "/problems/invalid", "errors": errors}
    assert beyond.excuses(problem) == {"time_zone", "/country rule"}


@pytest.mark.parametrize("other", [finding("/email", "rule"), finding("/name", "missing")])
def test_a_refusal_is_not_excused_when_a_schema_could_have_said_a_part_of_it(
    other: dict[str, str],
) -> None:
    problem = {
        "type": "/problems/invalid",
        "errors": [finding("/time_zone", "time_zone"), other],
    }
    assert beyond.excuses(problem) == set()


@pytest.mark.parametrize(
    ("code", "excused"), [("invalid-cursor", {"invalid-cursor"}), ("invalid-json", set())]
)
def test_a_refusal_without_findings_is_excused_by_its_own_code(
    code: str, excused: set[str]
) -> None:
    assert beyond.excuses({"type": f"/problems/{code}"}) == excused
