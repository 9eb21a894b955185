"""Both generators understand the whole contract: no operation is missing from a client."""

import json
import re

import pytest

from tests.clients.travelling import CLIENTS, CONTRACT

pytestmark = pytest.mark.clients

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def operations() -> set[str]:
    """The operationIds of the contract."""
    paths = json.loads(CONTRACT.read_text(encoding="utf-8"))["paths"]
    return {
        operation["operationId"]
        for item in paths.values()
        for method, operation in item.items()
        if method in METHODS
    }


def test_python_has_a_function_for_every_operation(operations: set[str]) -> None:
    api = CLIENTS / "python" / "rebound_client" / "api"
    modules = {path.stem for path in api.glob("*/*.py")} - {"__init__"}
    assert modules == operations


def test_typescript_has_types_for_every_operation(operations: set[str]) -> None:
    """And for what Rebound sends itself: webhooks."""
    webhooks = json.loads(CONTRACT.read_text(encoding="utf-8"))["webhooks"]
    sent = {item["post"]["operationId"] for item in webhooks.values()}
    types = (CLIENTS / "typescript" / "generated" / "rebound.d.ts").read_text(encoding="utf-8")
    listed = types.split("\nexport interface operations {\n")[1].split("\n}\n")[0]
    assert set(re.findall(r"^    (\w+): \{$", listed, re.MULTILINE)) == operations | sent


def test_python_reads_every_refusal_as_a_problem(operations: set[str]) -> None:
    """A generator that drops an answer by reference would read it as nothing."""
    api = CLIENTS / "python" / "rebound_client" / "api"
    for path in api.glob("*/*.py"):
        if path.stem in operations:
            statuses = set(re.findall(r"response_(4\d\d|5\d\d) = (\w+)", path.read_text()))
            assert statuses, path.stem
            assert {kind for _, kind in statuses} == {"Problem"}, path.stem
