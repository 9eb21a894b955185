"""The contract itself: bounded, named, explained, and always up to date."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from typer.testing import CliRunner

from app import cli, main
from app.db.schema_version import ROOT
from app.kit.problems import catalogue
from app.web.contract import to_text
from app.web.markers import public
from app.web.routing import Route, Router
from tests.contract.document import Operation, contract, kind_of, operations, request_schemas

BOUNDED = {
    "string": ("maxLength",),
    "array": ("maxItems",),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
}
every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)


def test_it_is_valid_openapi() -> None:
    validate(contract())


@every_operation
def test_every_value_of_a_request_is_bounded(operation: Operation) -> None:
    unbounded = [
        (where, bound)
        for where, schema in request_schemas(operation)
        for bound in BOUNDED.get(kind_of(schema), ())
        if bound not in schema
    ]
    assert not unbounded
    assert "anything" not in {kind_of(schema) for _, schema in request_schemas(operation)}


@every_operation
def test_every_object_of_a_request_is_closed(operation: Operation) -> None:
    for where, schema in request_schemas(operation):
        if kind_of(schema) == "object":
            assert schema["additionalProperties"] is False, where


@every_operation
def test_every_operation_is_named_and_explained(operation: Operation) -> None:
    says = operation.says
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id)
    assert says["summary"].strip()
    assert says["description"].strip()
    (tag,) = says["tags"]
    assert tag in [one["name"] for one in contract()["tags"]]


@every_operation
def test_every_problem_is_one_of_the_catalogue(operation: Operation) -> None:
    for status in operation.says["responses"]:
        codes = operation.problem_codes(int(status))
        assert bool(codes) == (int(status) >= 400)
        for code in codes:
            assert catalogue()[code].status == int(status)


def test_no_two_operations_share_a_name() -> None:
    assert not [name for name, n in Counter(one.id for one in operations()).items() if n > 1]


def test_no_schema_keeps_a_word_that_json_schema_lacks() -> None:
    """Pydantic writes `ge` where a bound stands on the wrong side of a validator."""
    text = json.dumps(contract())
    assert not [word for word in ("ge", "gt", "le", "lt", "multiple_of") if f'"{word}":' in text]


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like the project's, whose committed contract is up to date."""
    (tmp_path / "openapi").mkdir()
    path = tmp_path / "openapi" / "openapi.json"
    path.write_text(to_text(contract()), encoding="utf-8")
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    yield path
    main.specification.cache_clear()


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
    ("before", "after"),
    [
        (
            "    role_title: RoleTitle | None = None\n    decided_by: DecidedBy = F",
            "    decided_by: DecidedBy = F",
        )
    ],
    ids=["a field is gone"],
)
def test_any_change_to_a_schema_fails_the_check(tmp_path: Path, before: str, after: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi" / "openapi.json").write_text(to_text(contract()), encoding="utf-8")
    schemas = tmp_path / "app" / "domains" / "rejections" / "schemas.py"
    text = schemas.read_text(encoding="utf-8")
    assert before in text
    schemas.write_text(text.replace(before, after), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "app", "openapi", "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "not what the routers and schemas say" in ended.stderr


@pytest.mark.parametrize(
    "operation", [one for one in operations() if one.body is not None], ids=lambda one: one.id
)
def test_every_request_body_has_an_example_that_its_schema_takes(operation: Operation) -> None:
    route = next(
        route
        for router in main.ROUTERS
        for route in router.routes
        if isinstance(route, Route) and route.operation == operation.id
    )
    assert route.body_model is not None
    assert operation.body is not None
    (example,) = operation.body["examples"]
    assert route.body_model.model_validate(example).model_fields_set == set(example)
