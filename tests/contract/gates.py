"""What every operation of the contract has to keep, as sentences that name the operation.

A gate takes a contract and tells what is wrong with it; nothing is said of a good one. The gates
stand apart from their tests so that a bad room can be shown to them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from jsonschema import (  # type: ignore[import-untyped]  # it ships no types.
    Draft202012Validator,
    FormatChecker,
)

from app.kit.problems import catalogue
from tests.contract.document import (
    Json,
    Operation,
    answer_schemas,
    followed,
    kind_of,
    operations_of,
    request_schemas,
)

Gate = Callable[[Json], Iterator[str]]

BOUNDED = {
    "string": ("maxLength",),
    "array": ("maxItems",),
    "integer": ("minimum", "maximum", "format"),
    "number": ("minimum", "maximum"),
}


def every_value_is_bounded(contract: Json) -> Iterator[str]:
    for operation in operations_of(contract):
        for where, schema in _schemas(operation):
            kind = kind_of(schema)
            if kind == "anything":
                yield f"{operation}: {where} takes anything; give it a type"
            for bound in BOUNDED.get(kind, ()):
                if bound not in schema:
                    yield f"{operation}: {where} is of type {kind}, without `{bound}`"
            if kind == "string" and not {"pattern", "format"} & schema.keys():
                yield f"{operation}: {where} is of type string, without `pattern` or `format`"


def every_object_of_a_request_is_closed(contract: Json) -> Iterator[str]:
    for operation in operations_of(contract):
        for where, schema in request_schemas(operation):
            if kind_of(schema) == "object" and schema.get("additionalProperties") is not False:
                yield f"{operation}: {where} takes unknown fields; build it on `Request`"


def every_operation_is_named_and_explained(contract: Json) -> Iterator[str]:
    tags = [tag["name"] for tag in contract["tags"]]
    found = list(operations_of(contract))
    for name, times in Counter(one.id for one in found).items():
        if times > 1:
            yield f"{times} operations are called {name}"
    for operation in found:
        says = operation.says
        if not re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id):
            yield f"{operation}: its name is no verb with a noun"
        for part in ("summary", "description"):
            if not says.get(part, "").strip():
                yield f"{operation}: it has no {part}"
        if len(says.get("tags", ())) != 1 or says["tags"][0] not in tags:
            yield f"{operation}: it needs exactly one of the tags {tags}"
        for parameter in says.get("parameters", ()):
            if not parameter.get("description", "").strip():
                yield f"{operation}: its parameter `{parameter['name']}` has no description"


def every_request_has_examples(contract: Json) -> Iterator[str]:
    for operation in operations_of(contract):
        for media_type, content in operation.says.get("requestBody", {}).get("content", {}).items():
            if not content.get("examples"):
                yield f"{operation}: its {media_type} has no example; add `examples` to its schema"
            yield from _unfit(operation, content)


def every_answer_has_an_example(contract: Json) -> Iterator[str]:
    for operation in operations_of(contract):
        for status, answer in operation.says["responses"].items():
            for media_type, content in answer.get("content", {}).items():
                where = f"{operation}: its {status} answer ({media_type})"
                if not content.get("examples"):
                    yield (
                        f"{where} has no example: give its texts `Field(examples=[...])`, or name "
                        "them in the examples of the request that makes the record"
                    )
                yield from _unfit(operation, content)


def every_problem_is_one_of_the_catalogue(contract: Json) -> Iterator[str]:
    for operation in operations_of(contract):
        for status in map(int, operation.says["responses"]):
            codes = operation.problem_codes(status)
            if bool(codes) != (status >= 400):
                yield f"{operation}: its {status} names the problems {sorted(codes)}"
            for code in sorted(codes):
                if code not in catalogue() or catalogue()[code].status != status:
                    yield f"{operation}: `{code}` is no problem of status {status}"


def every_record_is_linked(contract: Json) -> Iterator[str]:
    """From the answer that made a record one gets to the record."""
    ids = {(one.method, one.path): one.id for one in operations_of(contract)}
    for operation in operations_of(contract):
        shown = [
            name
            for (method, path), name in ids.items()
            if method == "GET" and re.fullmatch(re.escape(operation.path) + r"/\{\w+\}", path)
        ]
        answer = operation.says["responses"].get("201", {})
        if operation.method == "POST" and answer and shown:
            for name in shown:
                if name not in answer.get("links", {}):
                    yield f"{operation}: its 201 answer has no link to {name}"


def no_word_stays_that_json_schema_lacks(contract: Json) -> Iterator[str]:
    """Pydantic writes `ge` where a bound stands on the wrong side of a validator."""
    for operation in operations_of(contract):
        for where, schema in _schemas(operation):
            for word in ("ge", "gt", "le", "lt", "multiple_of", "x-transient", "title"):
                if word in schema:
                    yield f"{operation}: {where} says `{word}`, which is no word of the contract"


GATES: tuple[Gate, ...] = (
    every_value_is_bounded,
    every_object_of_a_request_is_closed,
    every_operation_is_named_and_explained,
    every_request_has_examples,
    every_answer_has_an_example,
    every_problem_is_one_of_the_catalogue,
    every_record_is_linked,
    no_word_stays_that_json_schema_lacks,
)


def remarks(contract: Json) -> list[str]:
    """What is wrong with a contract, by every gate."""
    return [sentence for gate in GATES for sentence in gate(contract)]


def _schemas(operation: Operation) -> Iterator[tuple[str, Json]]:
    """Every schema in an operation's requests and answers, with where it stands in words."""
    for where, schema in request_schemas(operation):
        yield (f"`{where}` of its request" if where else "its request"), schema
    for status, where, schema in answer_schemas(operation):
        yield f"`{where}` of its {status} answer", schema


def _unfit(operation: Operation, content: Json) -> Iterator[str]:
    """What the examples of a body say that its schema does not take."""
    schema = {**content["schema"], "components": operation.contract["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for name, example in content.get("examples", {}).items():
        for error in validator.iter_errors(followed(example, operation.contract)["value"]):
            yield f"{operation}: its example `{name}` at {error.json_path}: {error.message}"
