"""The released contract, as the `openapi` command keeps it and compares with it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app import cli
from app.web.contract import to_text
from tests.contract.document import Json, contract

RECORD = "record_rejection (POST /v1/rejections)"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the project's, whose contract is written and released."""
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert openapi() == (0, "Wrote openapi/openapi.json.\n")
    assert openapi("--release") == (0, "Wrote openapi/released.json.\n")
    return tmp_path


def openapi(*options: str) -> tuple[int, str]:
    """The exit code of `rebound openapi` and what it said."""
    outcome = CliRunner().invoke(cli.cli, ["openapi", *options])
    return outcome.exit_code, outcome.output


def released(project: Path, change: Callable[[Json], Any]) -> Path:
    """Make the released contract another than the code's, as if the code had changed since."""
    path = project / "openapi" / "released.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(to_text(document), encoding="utf-8")
    return path


def work_modes(document: Json) -> list[str]:
    found: list[str] = document["components"]["schemas"]["WorkMode"]["enum"]
    return found


def test_a_contract_just_released_passes_the_check(project: Path) -> None:
    path = project / "openapi" / "released.json"
    assert path.read_text(encoding="utf-8") == to_text(contract())
    code, said = openapi("--check")
    assert (code, "breaks no client of openapi/released.json" in said) == (0, True)
    assert openapi("--since", str(path)) == (0, f"Nothing breaks for a client of {path}.\n")


def test_what_was_added_since_the_release_passes_the_check(project: Path) -> None:
    released(project, lambda older: work_modes(older).remove("hybrid"))
    assert openapi("--check")[0] == 0


def test_what_breaks_a_released_client_fails_the_check_and_says_what_to_do(project: Path) -> None:
    path = released(project, lambda older: work_modes(older).append("at_sea"))
    says = f"{RECORD}: `work_mode` no longer takes `at_sea`: clients that send it are refused."
    code, said = openapi("--check")
    first, *sentences = said.splitlines()
    assert code == 1
    assert "make them additive, or release a new version of the API" in first
    assert says in sentences
    code, said = openapi("--since", str(path))
    assert (code, said.splitlines()) == (1, sentences)


def test_a_project_that_was_never_released_fails_the_check(project: Path) -> None:
    (project / "openapi" / "released.json").unlink()
    code, said = openapi("--check")
    assert code == 1
    assert said.startswith("openapi/released.json is missing")
    assert "`rebound openapi --release`" in said


def test_a_file_that_is_no_contract_is_told_in_words(project: Path) -> None:
    path = released(project, lambda older: older.update(openapi="2.0"))
    for options in (("--since", str(path)), ("--check",)):
        code, said = openapi(*options)
        assert code == 2
        assert said.startswith(f"{path} is no contract that can be compared: it is no OpenAPI 3.1")


def test_one_option_is_enough(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.json")}
    code, said = openapi("--check", "--release")
    assert code == 2
    assert "Choose one of --check, --since and --release." in said
    assert before == {path: path.read_bytes() for path in project.rglob("*.json")}
