"""What every answer has to keep: the contract's word on it, and no word of the caller's."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import httpx
from jsonschema import (  # type: ignore[import-untyped]  # it ships no types.
    Draft202012Validator,
    FormatChecker,
)

from app.web.contract.headers import SOMETIMES
from tests.contract.document import Json, Operation, contract

VOLATILE = {"x-request-id", "ratelimit", "ratelimit-policy", "date"}

Seen = tuple[int, Mapping[str, str], Any]


@cache
def _components() -> Json:
    """The contract's schemas, closed: an answer with a field the contract lacks is wrong too."""
    found: Json = deepcopy(contract()["components"])
    for name, schema in found["schemas"].items():
        if "properties" in schema and name != "Problem":  # A problem may carry more (RFC 9457).
            schema["additionalProperties"] = False
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = {"components": _components(), "$ref": f"#/components/schemas/{name}"}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def check_schema(schema: Json, value: Any, where: object) -> None:
    """Fail unless a value is what a schema of the contract says."""
    validator = _validator(schema["$ref"].rpartition("/")[2])
    wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
    assert not wrong, f"{where}: {wrong[:5]}"


def check_success(operation: Operation, answer: httpx.Response) -> None:
    """Fail unless an answer is a 2xx as documented: status, headers, media type and schema."""
    where = f"{operation} -> {answer.status_code}"
    assert answer.is_success, f"{where}: {answer.text}"
    said = operation.says["responses"].get(str(answer.status_code))
    assert said is not None, f"{where}: the status is not documented"
    missing = [h for h in set(said["headers"]) - SOMETIMES if h not in answer.headers]
    assert not missing, f"{where}: without the documented headers {missing}"
    if answer.status_code == 204:
        assert not answer.content, where
        return
    assert answer.headers["Content-Type"] == "application/json", where
    check_schema(said["content"]["application/json"]["schema"], answer.json(), where)


def check_problem(operation: Operation, answer: httpx.Response, where: str) -> Json:
    """Fail unless an answer is a documented 4xx problem; returns its body."""
    where = f"{operation}, {where} -> {answer.status_code} {answer.text[:300]}"
    assert 400 <= answer.status_code < 500, where
    assert answer.headers["Content-Type"] == "application/problem+json", where
    problem: Json = answer.json()
    check_schema({"$ref": "#/components/schemas/Problem"}, problem, where)
    assert problem["status"] == answer.status_code, where
    code = problem["type"].removeprefix("/problems/")
    assert code in operation.problem_codes(answer.status_code), f"{where}: not documented"
    headers = operation.says["responses"][str(answer.status_code)]["headers"]
    assert not [name for name in headers if name not in SOMETIMES and name not in answer.headers], (
        where
    )
    return problem


def seen(answer: httpx.Response) -> Seen:
    """All a caller can tell about an answer, but what differs by nature."""
    headers = {name: value for name, value in answer.headers.items() if name not in VOLATILE}
    body = answer.content
    if answer.headers.get("Content-Type") == "application/problem+json":
        body = body.replace(answer.json()["instance"].encode(), b"")
    return answer.status_code, headers, body
