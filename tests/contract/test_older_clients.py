"""Clients of an older contract: whatever would break them in the real one is told.

The rules themselves are shown on small documents in tests/web/test_breaking.py.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from app import main
from app.web.breaking import breaking_changes, parse_contract
from app.web.contract import to_text
from app.web.routing import Route
from tests.contract.document import Operation, contract, operations

Json = dict[str, Any]
Change = Callable[[Json], Any]

TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 200}
OPTIONAL: Json = {"name": "more", "in": "query", "required": False, "schema": TEXT}
RECORD, UPDATE = "record_rejection (POST /v1/rejections)", "update_rejection (PATCH "


def sentences(released: Json, current: Json) -> list[str]:
    return [one.sentence for one in breaking_changes(released, current)]


def called(of: Json, name: str) -> Json:
    """An operation of a contract by its name, to be changed in place."""
    for methods in of["paths"].values():
        for says in methods.values():
            if says["operationId"] == name:
                found: Json = says
                return found
    raise LookupError(name)


def followed(of: Json, node: Json) -> Json:
    """What a reference leads to, to be changed in place."""
    while "$ref" in node:
        _, *parts = node["$ref"].split("/")
        node = of
        for part in parts:
            node = node[part]
    return node


def body(of: Json, name: str) -> Json:
    content = followed(of, called(of, name)["requestBody"])["content"]
    return followed(of, content["application/json"]["schema"])


def answer(of: Json, name: str, status: str = "200") -> Json:
    found = followed(of, called(of, name)["responses"][status])
    return followed(of, found["content"]["application/json"]["schema"])


def parameter(of: Json, name: str, called_so: str) -> Json:
    every = (followed(of, one) for one in called(of, name)["parameters"])
    return next(one for one in every if one["name"] == called_so)


def schema(of: Json, name: str) -> Json:
    found: Json = of["components"]["schemas"][name]
    return found


def require(field: str) -> Change:
    return lambda of: body(of, "record_rejection")["required"].append(field)


MUST_FAIL: dict[str, tuple[Change, str, str]] = {
    "a removed path": (
        lambda of: of["paths"].pop("/v1/next-actions"),
        "list_next_actions (GET /v1/next-actions)",
        "is gone: clients that call it get 404.",
    ),
    "a removed operation": (
        lambda of: of["paths"]["/v1/rejections"].pop("post"),
        RECORD,
        "is gone: clients that call it get 405.",
    ),
    "a changed method name": (
        lambda of: called(of, "record_rejection").update(operationId="create_rejection"),
        RECORD,
        "its operationId is `create_rejection` now: generated clients lose the method they call",
    ),
    "another tag": (
        lambda of: called(of, "record_rejection").update(tags=["Noes"]),
        RECORD,
        "moved from the tag `Rejections` to `Noes`: generated clients that group methods by tag",
    ),
    "another path parameter": (
        lambda of: of["paths"].update(
            json.loads(
                json.dumps(
                    {"/v1/rejections/{id}": of["paths"].pop("/v1/rejections/{rejection_id}")}
                ).replace('"rejection_id"', '"id"')
            )
        ),
        UPDATE,
        "`path.rejection_id` is called `id` now: generated clients lose the argument they pass.",
    ),
    "a new required field": (
        lambda of: (
            require("mood")(of),
            body(of, "record_rejection")["properties"].update(mood=TEXT),
        ),
        RECORD,
        "`mood` is new and required: clients that leave it out are refused.",
    ),
    "a field that became required": (require("rejected_on"), RECORD, "`rejected_on` is required"),
    "a removed request field": (
        lambda of: body(of, "record_rejection")["properties"].pop("notes"),
        RECORD,
        "`notes` is gone: clients that send it are refused.",
    ),
    "a removed word": (
        lambda of: schema(of, "RejectionStage")["enum"].remove("final_round"),
        RECORD,
        "`stage` no longer takes `final_round`: clients that send it are refused.",
    ),
    "a removed word of a filter": (
        lambda of: schema(of, "RejectionStage")["enum"].remove("final_round"),
        "list_rejections (GET /v1/rejections)",
        "`query.stage` no longer takes `final_round`",
    ),
    "a removed word below a list": (
        lambda of: schema(of, "ReasonCode")["enum"].remove("compensation"),
        RECORD,
        "`reasons[].code` no longer takes `compensation`",
    ),
    "a narrowed bound": (
        lambda of: body(of, "record_rejection")["properties"]["company_name"].update(maxLength=99),
        RECORD,
        "`company_name` takes at most 99 characters now, at most 200 characters before",
    ),
    "another default": (
        lambda of: parameter(of, "list_rejections", "sort")["schema"].update(default="created_at"),
        "list_rejections (GET /v1/rejections)",
        "`query.sort` stands for `created_at` when left out, `-rejected_on` before",
    ),
    "another default in words": (
        lambda of: body(of, "record_rejection")["properties"]["decided_by"].update(
            description='Who ended it. Default: `"me"`.'
        ),
        RECORD,
        "`decided_by` stands for `me` when left out, `employer` before",
    ),
    "a removed media type": (
        lambda of: called(of, "update_rejection")["requestBody"]["content"].pop(
            "application/merge-patch+json"
        ),
        UPDATE,
        "it no longer takes `application/merge-patch+json`: clients that send it get 415.",
    ),
    "a field that is no longer cleared by null": (
        lambda of: body(of, "update_rejection")["properties"]["notes"].update(type="string"),
        UPDATE,
        "`notes` no longer takes null",
    ),
    "a removed answer field": (
        lambda of: answer(of, "get_rejection")["properties"].pop("stage"),
        "get_rejection (GET ",
        "answer 200: `stage` is gone: clients that read it find nothing.",
    ),
    "a removed field of a list": (
        lambda of: answer(of, "get_rejection")["properties"].pop("stage"),
        "list_rejections (GET ",
        "answer 200: `items[].stage` is gone",
    ),
    "a field that may be missing": (
        lambda of: answer(of, "get_rejection")["required"].remove("stage"),
        RECORD,
        "answer 200 and 201: `stage` may be missing now: clients that read it unasked fail.",
    ),
    "a field that may be null": (
        lambda of: answer(of, "get_rejection")["properties"]["company_name"].update(
            type=["string", "null"]
        ),
        "get_rejection (GET ",
        "`company_name` may now be null",
    ),
    "a field of another type": (
        lambda of: answer(of, "get_rejection")["properties"]["revision"].update(type="string"),
        "get_rejection (GET ",
        "`revision` may now be a string: clients that read it as before fail.",
    ),
    "another success": (
        lambda of: called(of, "record_rejection")["responses"].update(
            {"202": called(of, "record_rejection")["responses"].pop("201")}
        ),
        RECORD,
        "it no longer answers 201: clients that wait for it fail.",
    ),
    "a removed answer media type": (
        lambda of: called(of, "get_rejection")["responses"]["200"]["content"].clear(),
        "get_rejection (GET ",
        "it no longer answers in `application/json`: clients cannot read the answer.",
    ),
    "a removed header": (
        lambda of: called(of, "get_rejection")["responses"]["200"]["headers"].pop("ETag"),
        "get_rejection (GET ",
        "answer 200: `header.ETag` is gone: clients that read it find nothing.",
    ),
    "a header that tells of a replay": (
        lambda of: called(of, "record_rejection")["responses"]["201"]["headers"].pop(
            "Idempotency-Replayed"
        ),
        RECORD,
        "answer 201: `header.Idempotency-Replayed` is gone",
    ),
    "a removed field of refusals": (
        lambda of: schema(of, "Problem")["properties"].pop("errors"),
        "create_account (POST /v1/accounts) and ",
        f" {len(operations()) - 1} more, refusals: `errors` is gone",
    ),
    "a new need to sign in": (
        lambda of: called(of, "list_vocabularies").update(security=[{"accessToken": []}]),
        "list_vocabularies (GET /v1/vocabularies)",
        "it needs other credentials now: clients as they are get 401.",
    ),
}


@pytest.fixture(scope="module")
def released() -> Json:
    return parse_contract(to_text(contract()).encode())


@pytest.mark.parametrize("case", MUST_FAIL)
def test_a_change_that_breaks_clients_is_told(released: Json, case: str) -> None:
    change, label, says = MUST_FAIL[case]
    current = deepcopy(released)
    change(current)
    told = sentences(released, current)
    assert [one for one in told if one.startswith(label) and says in one], told


def _every_text(of: Json) -> None:
    """Other words wherever people read: descriptions, summaries, examples."""
    for one in of["paths"].values():
        for says in one.values():
            says["summary"] = "Another summary"
            says["description"] += "\n\nAnd one more sentence."
    for one in of["components"]["schemas"].values():
        one.update(description="Other words.", examples=[{}])
    of["tags"][0]["description"] = "Other words."
    of["info"].update(version="9.9.9", description="Other words.")


MAY_PASS: dict[str, Change] = {
    "a release that changes nothing": lambda _: None,
    "other texts": _every_text,
    "a new operation": lambda of: of["paths"]["/v1/rejections"].update(
        put=called(of, "record_rejection") | {"operationId": "replace_rejections"}
    ),
    "a new path": lambda of: of["paths"].update(
        {"/v1/noes": {"post": called(of, "record_rejection") | {"operationId": "say_no"}}}
    ),
    "an optional request field": lambda of: body(of, "record_rejection")["properties"].update(
        mood=TEXT
    ),
    "an optional parameter": lambda of: called(of, "list_rejections")["parameters"].append(
        OPTIONAL
    ),
    "an answer field": lambda of: answer(of, "get_rejection")["properties"].update(mood=TEXT),
    "a widened bound": lambda of: body(of, "record_rejection")["properties"]["company_name"].update(
        maxLength=999
    ),
    "a new word": lambda of: schema(of, "RejectionStage")["enum"].append("trial_day"),
    "a new problem": lambda of: called(of, "get_rejection")["responses"].update({"418": {}}),
    "a removed problem": lambda of: called(of, "get_rejection")["responses"].pop("404"),
    "a new answer header": lambda of: called(of, "get_rejection")["responses"]["200"][
        "headers"
    ].update({"Link": {"schema": TEXT}}),
    "no need to sign in any more": lambda of: called(of, "get_me").update(security=[]),
    "no scope any more": lambda of: called(of, "get_me").update(description="For everyone."),
}


@pytest.mark.parametrize("case", MAY_PASS)
def test_a_change_that_adds_is_let_through(released: Json, case: str) -> None:
    current = deepcopy(released)
    MAY_PASS[case](current)
    assert sentences(released, current) == []


def alone(of: Json, operation: Operation) -> Json:
    """The contract with only one operation and its successes, on the same components."""
    says = of["paths"][operation.path][operation.method.lower()]
    successes = {status: one for status, one in says["responses"].items() if status < "4"}
    one = {operation.method.lower(): says | {"responses": successes}}
    return of | {"paths": {operation.path: one}}


def objects(of: Json, node: Any, entered: set[int]) -> Iterator[Json]:
    """Every object schema that a schema leads to, each once, to be changed in place."""
    if not isinstance(node, dict) or id(node := followed(of, node)) in entered:
        return
    entered.add(id(node))
    if "properties" in node:
        yield node
    inner = [*node.get("properties", {}).values(), node.get("items"), *node.get("anyOf", ())]
    for one in (*inner, node.get("additionalProperties")):
        yield from objects(of, one, entered)


def contents(of: Json, node: Json) -> Iterator[Json]:
    """Every object schema of a body or an answer."""
    entered: set[int] = set()
    for media in followed(of, node).get("content", {}).values():
        yield from objects(of, media["schema"], entered)


@pytest.fixture(scope="module")
def pliable(released: Json) -> Json:
    """A contract that a test changes and puts right again."""
    return deepcopy(released)


def check_each_removal(
    released: Json, pliable: Json, operation: Operation, found: Iterator[Json], word: str
) -> None:
    """Remove each property that `word` of its schema names; the operation must be named for it."""
    before, after = alone(released, operation), alone(pliable, operation)
    for one in found:
        for name in [name for name in one[word] if name in one["properties"]]:
            field = one["properties"].pop(name)
            told = breaking_changes(before, after)
            one["properties"][name] = field
            assert [
                breakage
                for breakage in told
                if breakage.operation == str(operation)
                and breakage.where.rpartition(".")[2] == name
                and f"`{breakage.where}` is gone" in breakage.sentence
            ], (name, told)
    assert breaking_changes(before, after) == []


every_operation = pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)


@every_operation
def test_every_removed_operation_is_told(released: Json, operation: Operation) -> None:
    (told,) = sentences(alone(released, operation), released | {"paths": {}})
    assert told == f"{operation} is gone: clients that call it get 404."


@every_operation
def test_every_removed_field_of_a_request_is_told(
    released: Json, pliable: Json, operation: Operation
) -> None:
    sent = contents(pliable, called(pliable, operation.id).get("requestBody", {}))
    check_each_removal(released, pliable, operation, sent, "properties")


@every_operation
def test_every_removed_required_field_of_an_answer_is_told(
    released: Json, pliable: Json, operation: Operation
) -> None:
    answers = called(pliable, operation.id)["responses"]
    for status in (status for status in answers if status < "3"):
        read = contents(pliable, answers[status])
        check_each_removal(released, pliable, operation, read, "required")


@every_operation
def test_every_removed_parameter_is_told(released: Json, operation: Operation) -> None:
    current = deepcopy(alone(released, operation))
    parameters = called(current, operation.id).pop("parameters", [])
    told = {one.where for one in breaking_changes(alone(released, operation), current)}
    assert told == {f"{one['in']}.{one['name']}" for one in parameters}


def test_every_scope_that_an_operation_needs_is_read_from_the_contract(released: Json) -> None:
    routes = [route for router in main.ROUTERS for route in router.routes]
    guarded = [one for one in routes if isinstance(one, Route) and one.guard is not None]
    assert guarded
    for route in guarded:
        assert route.guard is not None
        before = alone(released, Operation(route.path_format, route.method))
        after = deepcopy(before)
        says = called(after, route.operation)
        says["description"] = says["description"].replace(
            f"`{route.guard.scope_name}`", "`everything:write`"
        )
        (told,) = sentences(before, after)
        assert told.startswith(f"{route.operation} ({route.method} {route.path_format}): ")
        assert "it needs the scope `everything:write` now: clients whose token lacks it" in told
