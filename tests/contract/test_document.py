"""The contract itself: bounded, named, explained, and always up to date."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from typer.testing import CliRunner

from app import cli, main
from app.db.schema_version import ROOT
from app.kit.schemas import Request
from app.web.contract import to_text
from app.web.markers import public
from app.web.routing import Route, Router
from tests.contract.document import Operation, contract, operations
from tests.contract.gates import GATES, Gate


def test_it_is_valid_openapi() -> None:
    validate(contract())


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_it_passes_every_gate(gate: Gate) -> None:
    assert list(gate(contract())) == []


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like the project's, whose committed contract is up to date, and was released so."""
    path = _commit(tmp_path)
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    yield path
    main.specification.cache_clear()


def _commit(project: Path) -> Path:
    path = project / "openapi" / "openapi.json"
    path.parent.mkdir()
    for same in (path, path.with_name("released.json")):
        same.write_text(to_text(contract()), encoding="utf-8")
    return path


def check() -> tuple[int, str]:
    """What `rebound openapi --check` answers in a process of its own."""
    main.specification.cache_clear()
    outcome = CliRunner().invoke(cli.cli, ["openapi", "--check"])
    return outcome.exit_code, outcome.output


def test_the_committed_contract_is_up_to_date() -> None:
    code, said = check()
    assert code == 0, said
    assert (ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8") == to_text(contract())


def test_a_contract_that_is_up_to_date_passes_the_check(committed: Path) -> None:
    assert check()[0] == 0


def test_one_byte_of_difference_fails_the_check(committed: Path) -> None:
    committed.write_text(committed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    code, said = check()
    assert code == 1
    assert "rebound openapi" in said


def test_a_missing_contract_fails_the_check(committed: Path) -> None:
    committed.unlink()
    assert check()[0] == 1


def _new_operation(patch: pytest.MonkeyPatch) -> None:
    router = Router(tags=["Service"])

    @router.get("/v1/novelties", summary="List novelties")
    @public("only this test asks")
    async def list_novelties() -> None:
        """Nothing new."""

    patch.setattr(main, "ROUTERS", (*main.ROUTERS, router))


def _removed_operation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(main, "ROUTERS", main.ROUTERS[:-2] + main.ROUTERS[-1:])


def _route(name: str) -> Any:
    routes = [route for router in main.ROUTERS for route in router.routes]
    (found,) = (route for route in routes if isinstance(route, Route) and route.name == name)
    return found


def _summary(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_route("record_rejection"), "summary", "Write down a rejection")


@pytest.mark.parametrize(
    "change",
    [_new_operation, _removed_operation, _summary],
    ids=lambda change: change.__name__.strip("_"),
)
def test_any_change_to_a_router_fails_the_check(
    committed: Path, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(monkeypatch)
    code, said = check()
    assert code == 1, said
    assert "not what the routers and schemas say" in said


@pytest.mark.parametrize(
    ("name", "before", "after", "says"),
    [
        (
            "schemas.py",
            "    role_title: RoleTitle | None = None\n    decided_by: DecidedBy = F",
            "    decided_by: DecidedBy = F",
            "`role_title` is gone: clients that send it are refused.",
        ),
        (
            "terms.py",
            '    HYBRID = "hybrid", "Hybrid", "Hybrid"\n',
            "",
            "`work_mode` no longer takes `hybrid`: clients that send it are refused.",
        ),
    ],
    ids=["a field is gone", "a word is gone"],
)
def test_a_change_to_a_schema_fails_the_check_and_says_what_breaks(
    tmp_path: Path, name: str, before: str, after: str, says: str
) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    _commit(tmp_path)
    changed = tmp_path / "app" / "domains" / "rejections" / name
    text = changed.read_text(encoding="utf-8")
    assert before in text
    changed.write_text(text.replace(before, after), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "app", "openapi", "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "not what the routers and schemas say" in ended.stderr
    assert f"record_rejection (POST /v1/rejections): {says}" in ended.stderr.splitlines()


@pytest.mark.parametrize(
    "operation", [one for one in operations() if one.body is not None], ids=lambda one: one.id
)
def test_every_example_of_a_request_is_taken_by_its_schema(operation: Operation) -> None:
    schema = _route(operation.id).body_model
    assert issubclass(schema, Request)
    assert schema.examples
    for example in schema.examples.values():
        schema.model_validate(example)
