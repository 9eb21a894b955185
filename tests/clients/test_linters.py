"""The linters' rules find what they are there for, the narrowed ones too."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.document import Json, contract

pytestmark = pytest.mark.clients

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "clients"
TOOLS = CLIENTS / "node_modules" / ".bin"
LIST = ("paths", "/v1/rejections", "get")


def spectral(document: Path) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / "spectral"), "lint", str(document)]
    rules = ["--ruleset", str(ROOT / "openapi" / "spectral.yaml"), "--fail-severity", "hint"]
    return _run([*command, *rules], {"NODE_PATH": str(CLIENTS / "node_modules")})


def redocly(document: Path) -> subprocess.CompletedProcess[str]:
    command = [str(TOOLS / "redocly"), "lint", str(document)]
    rules = ["--config", str(ROOT / "openapi" / "redocly.yaml")]
    return _run([*command, *rules], {"REDOCLY_TELEMETRY": "off"})


def _run(command: list[str], extra: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env={**os.environ, **extra}, capture_output=True, text=True, check=False
    )


def written(folder: Path, change: Callable[[Json], Any]) -> Path:
    """The contract with something changed, as a file."""
    document = json.loads(json.dumps(contract()))
    change(document)
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _at(document: Json, *path: str) -> Json:
    for step in path:
        document = document[step]
    return document


def _no_401(document: Json) -> None:
    del _at(document, *LIST, "responses")["401"]


def _no_429(document: Json) -> None:
    del _at(document, *LIST, "responses")["429"]


def _no_rates(document: Json) -> None:
    del _at(document, *LIST, "responses", "200", "headers")["RateLimit"]


def _unbounded(document: Json) -> None:
    del _at(document, "components", "schemas", "RejectionCreate", "properties", "notes")[
        "maxLength"
    ]


def _undescribed(document: Json) -> None:
    del _at(document, *LIST)["parameters"][0]["description"]


def _wrong_example(document: Json) -> None:
    body = _at(document, "paths", "/v1/rejections", "post", "requestBody", "content")
    next(iter(body["application/json"]["examples"].values()))["value"]["stage"] = "lunch"


BROKEN = {
    "owasp:api8:2023-define-error-responses-401": _no_401,
    "owasp:api4:2023-rate-limit-responses-429": _no_429,
    "owasp:api4:2023-rate-limit": _no_rates,
    "owasp:api4:2023-string-limit": _unbounded,
    "oas3-parameter-description": _undescribed,
    "oas3-valid-media-example": _wrong_example,
}


@pytest.fixture(scope="module")
def found_by_spectral(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The rules that a contract with all these faults breaks. One run, for each takes seconds."""

    def break_all(document: Json) -> None:
        for change in BROKEN.values():
            change(document)

    ended = spectral(written(tmp_path_factory.mktemp("broken"), break_all))
    assert ended.returncode != 0
    return set(re.findall(r"^ *\d+:\d+ +\w+ +(\S+)", ended.stdout, re.MULTILINE))


@pytest.mark.parametrize("rule", BROKEN)
def test_spectral_finds_it(found_by_spectral: set[str], rule: str) -> None:
    assert rule in found_by_spectral


def _no_summary(document: Json) -> None:
    del _at(document, *LIST)["summary"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [(_no_summary, "operation-summary"), (_wrong_example, "no-invalid-media-type-examples")],
    ids=lambda given: getattr(given, "__name__", None),
)
def test_redocly_finds_it(change: Callable[[Json], Any], rule: str, tmp_path: Path) -> None:
    ended = redocly(written(tmp_path, change))
    assert ended.returncode != 0
    assert rule in ended.stdout + ended.stderr
