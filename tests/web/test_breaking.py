"""The breaking-change check: what breaks clients is told in a sentence, what adds is let through.

Small documents show each rule here; tests/contract/test_older_clients.py takes the real contract.
"""

from copy import deepcopy
from typing import Any

import pytest

from app.web.breaking import breaking_changes, parse_contract

Json = dict[str, Any]

LABEL = "record_note (POST /v1/notes)"
TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 200}
NUMBER: Json = {"type": "integer", "minimum": 1, "maximum": 9}
LIST: Json = {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 9}
WORD: Json = {"type": "string", "enum": ["calm", "tense", "other"]}
MAP: Json = {"type": "object", "additionalProperties": TEXT}
OPEN: Json = {"type": "object"}


def sentences(released: Json, current: Json) -> list[str]:
    return [one.sentence for one in breaking_changes(released, current)]


def document(sent: Any = TEXT, read: Any = TEXT, **components: Any) -> Json:
    """A contract of one operation, whose body and answer have the field `text`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sample", "version": "1"},
        "paths": {
            "/v1/notes": {
                "post": {
                    "operationId": "record_note",
                    "requestBody": {"content": {"application/json": {"schema": holding(sent)}}},
                    "responses": {
                        "201": {"content": {"application/json": {"schema": holding(read)}}}
                    },
                }
            }
        },
        "components": components,
    }


def holding(schema: Any) -> Json:
    return {
        "type": "object",
        "required": ["text"],
        "properties": {"text": schema},
        "additionalProperties": False,
    }


def but(schema: Json, **changed: Any) -> Json:
    """The schema with some words changed; None takes a word away."""
    return {word: said for word, said in {**schema, **changed}.items() if said is not None}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (TEXT, NUMBER, "`text` no longer takes a string: clients that send it are refused."),
        (but(NUMBER, type="number"), NUMBER, "no longer takes a fraction"),
        (but(TEXT, type=["string", "null"]), TEXT, "no longer takes null"),
        ({"anyOf": [TEXT, {"type": "null"}]}, TEXT, "no longer takes null"),
        (but(WORD, type=["string", "null"], enum=["calm", None]), WORD, "no longer takes null"),
        ({}, TEXT, "no longer takes null or a boolean or a whole number or a fraction"),
        ({"anyOf": [TEXT, NUMBER]}, TEXT, "no longer takes a whole number"),
        ({"oneOf": [TEXT, NUMBER, LIST]}, {"oneOf": [TEXT, LIST]}, "no longer takes `integer`"),
        (
            {"oneOf": [TEXT, LIST]},
            {"oneOf": [but(TEXT, maxLength=5), LIST]},
            "`text` takes at most 5 characters now",
        ),
        (TEXT, but(TEXT, minLength=2), "at least 2 characters now, at least 1 characters before"),
        (TEXT, but(TEXT, maxLength=100), "at most 100 characters now, at most 200 characters"),
        (but(TEXT, maxLength=None), TEXT, "at most 200 characters now, without such a limit"),
        (NUMBER, but(NUMBER, minimum=2), "at least 2 now, at least 1 before"),
        (NUMBER, but(NUMBER, maximum=8), "at most 8 now, at most 9 before"),
        (NUMBER, but(NUMBER, exclusiveMinimum=1), "only more than 1 now, without such a limit"),
        (NUMBER, but(NUMBER, exclusiveMaximum=9), "only less than 9 now, without such a limit"),
        (NUMBER, but(NUMBER, multipleOf=2), "`text` has a new `multipleOf` now"),
        (LIST, but(LIST, minItems=2), "at least 2 items now, at least 1 items before"),
        (LIST, but(LIST, maxItems=8), "at most 8 items now, at most 9 items before"),
        (LIST, but(LIST, uniqueItems=True), "has a new `uniqueItems` now"),
        (LIST, but(LIST, items=but(TEXT, maxLength=5)), "`text[]` takes at most 5 characters now"),
        (but(LIST, items=None), LIST, "`text[]` no longer takes null"),
        (TEXT, but(TEXT, pattern="^a$"), "has a new `pattern` now"),
        (but(TEXT, pattern="^.$"), but(TEXT, pattern="^a$"), "has another `pattern` now"),
        (TEXT, but(TEXT, format="date"), "has the format `date` now, any before"),
        (but(TEXT, format="date"), but(TEXT, format="uuid"), "`uuid` now, `date` before"),
        (but(NUMBER, format="int64"), but(NUMBER, format="int32"), "`int32` now, `int64` before"),
        (WORD, but(WORD, enum=["calm", "other"]), "`text` no longer takes `tense`: clients"),
        (WORD, but(WORD, enum=None, const="calm"), "no longer takes `other`"),
        (but(WORD, enum=None), WORD, "takes only `calm`, `tense`, `other` now"),
        ({"enum": [1, 2]}, {"enum": [1]}, "no longer takes `2`"),
        (OPEN, but(OPEN, additionalProperties=False), "`text` takes no further fields now"),
        (MAP, but(MAP, additionalProperties=NUMBER), "`text.*` no longer takes a string"),
        (OPEN, but(OPEN, additionalProperties=NUMBER), "`text.*` no longer takes null"),
        (OPEN, but(OPEN, minProperties=1), "at least 1 fields now"),
        (OPEN, but(OPEN, maxProperties=5), "at most 5 fields now"),
        (
            holding(TEXT),
            but(holding(TEXT), properties={}),
            "`text.text` is gone: clients that send",
        ),
        (
            but(OPEN, properties={"a": TEXT}),
            but(OPEN, properties={}),
            "`text.a` is gone: clients that send it are no longer heard.",
        ),
        (
            but(OPEN, properties={"a": but(TEXT, default="x")}),
            but(OPEN, properties={"a": but(TEXT, default="y")}),
            "`text.a` stands for `y` when left out, `x` before",
        ),
        (OPEN, {"allOf": [OPEN, {"maxProperties": 5}]}, "at most 5 fields now"),
        (TEXT, False, "no longer takes a string"),
    ],
)
def test_what_a_request_no_longer_takes_is_told(old: Any, new: Any, says: str) -> None:
    told = sentences(document(sent=old), document(sent=new))
    assert any(says in sentence for sentence in told), told
    assert all(sentence.startswith(f"{LABEL}: ") for sentence in told)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (TEXT, NUMBER, "`text` may now be a whole number: clients that read it as before fail."),
        (NUMBER, but(NUMBER, type="number"), "`text` may now be a fraction"),
        (TEXT, but(TEXT, type=["string", "null"]), "may now be null"),
        (WORD, {"anyOf": [WORD, {"type": "null"}]}, "may now be null"),
        (WORD, but(WORD, type=["string", "null"], enum=["calm", None]), "may now be null"),
        (TEXT, {"anyOf": [TEXT, NUMBER]}, "may now be a whole number"),
        ({"oneOf": [TEXT, LIST]}, {"oneOf": [TEXT, NUMBER, LIST]}, "may now be `integer`"),
        (but(TEXT, format="date"), but(TEXT, format="date-time"), "in the format `date-time` inst"),
        (but(TEXT, format="date"), TEXT, "in any format instead of `date`: clients cannot parse"),
        (but(NUMBER, format="int32"), but(NUMBER, format="int64"), "instead of `int32`"),
        (LIST, but(LIST, items=NUMBER), "`text[]` may now be a whole number"),
        (MAP, but(MAP, additionalProperties=NUMBER), "`text.*` may now be a whole number"),
        (
            holding(TEXT),
            but(holding(TEXT), properties={}),
            "`text.text` is gone: clients that read",
        ),
        (holding(TEXT), but(holding(TEXT), required=[]), "`text.text` may be missing now"),
    ],
)
def test_what_an_answer_no_longer_keeps_is_told(old: Any, new: Any, says: str) -> None:
    told = sentences(document(read=old), document(read=new))
    assert any(says in sentence for sentence in told)
    assert all(sentence.startswith(f"{LABEL}, answer 201: ") for sentence in told)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (TEXT, but(TEXT, type=["string", "null"])),
        (TEXT, {"anyOf": [TEXT, {"type": "null"}]}),
        (but(TEXT, type=["string", "null"]), {"anyOf": [TEXT, {"type": "null"}]}),
        (NUMBER, but(NUMBER, type="number")),
        (TEXT, {"anyOf": [TEXT, NUMBER]}),
        (TEXT, but(TEXT, minLength=None, maxLength=300)),
        (TEXT, but(TEXT, minLength=0)),
        (NUMBER, but(NUMBER, minimum=0, maximum=None)),
        (but(NUMBER, minimum=None, exclusiveMinimum=1), NUMBER),
        (LIST, but(LIST, minItems=None, maxItems=10, uniqueItems=False)),
        (but(TEXT, pattern="^a$", format="date"), TEXT),
        (but(NUMBER, format="int32"), but(NUMBER, format="int64")),
        (WORD, but(WORD, enum=[*WORD["enum"], "new"])),
        (WORD, but(WORD, enum=None)),
        (WORD, but(WORD, enum=["other", "tense", "calm"])),
        (holding(TEXT), but(holding(TEXT), required=[])),
        (holding(TEXT), but(holding(TEXT), properties={"text": TEXT, "more": TEXT})),
        (but(OPEN, additionalProperties=False), OPEN),
        (TEXT, {"allOf": [TEXT]}),
        (TEXT, but(TEXT, description="More words.", examples=["a"], deprecated=True, title="T")),
        (TEXT, but(TEXT, **{"x-note": "ours"})),
        (
            but(OPEN, properties={"a": but(TEXT, default="x")}),
            but(OPEN, properties={"a": but(TEXT, description='Words. Default: `"x"`.')}),
        ),
        (TEXT, True),
    ],
)
def test_a_request_may_take_more(narrow: Any, wide: Any) -> None:
    assert sentences(document(sent=narrow), document(sent=wide)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (but(TEXT, type=["string", "null"]), TEXT),
        (but(NUMBER, type="number"), NUMBER),
        (TEXT, but(TEXT, minLength=0, maxLength=300, pattern="^a$")),
        (NUMBER, but(NUMBER, minimum=-5, maximum=99)),
        (LIST, but(LIST, minItems=0, maxItems=99)),
        (WORD, but(WORD, enum=[*WORD["enum"], "new"])),
        (WORD, but(WORD, enum=["other"])),
        (TEXT, but(TEXT, format="date")),
        (holding(TEXT), but(holding(TEXT), properties={"text": TEXT, "more": TEXT})),
        (but(holding(TEXT), required=[]), holding(TEXT)),
        (TEXT, but(TEXT, default="x", description="More words.")),
    ],
)
def test_an_answer_may_hold_more_and_its_bounds_and_enums_may_grow(old: Any, new: Any) -> None:
    assert sentences(document(read=old), document(read=new)) == []


def test_schemas_that_contain_themselves_are_compared_to_their_end() -> None:
    def tree(label: Json) -> Json:
        child = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        return {"Tree": {"type": "object", "properties": {"label": label, "children": child}}}

    ref = {"$ref": "#/components/schemas/Tree"}
    old = document(sent=ref, schemas=tree(TEXT))
    assert sentences(old, deepcopy(old)) == []
    told = breaking_changes(old, document(sent=ref, schemas=tree(but(TEXT, maxLength=5))))
    assert [one.where for one in told] == ["text.label", "text.children[].label"]


def test_a_schema_may_move_behind_a_reference() -> None:
    ref = {"$ref": "#/components/schemas/a~1b"}
    old, new = document(TEXT, TEXT), document(ref, ref, schemas={"a/b": TEXT})
    assert sentences(old, new) == sentences(new, old) == []


def test_a_reference_that_leads_nowhere_is_no_contract() -> None:
    lost = document(sent={"$ref": "#/components/schemas/Gone"})
    with pytest.raises(ValueError, match="#/components/schemas/Gone leads nowhere"):
        breaking_changes(lost, document())


@pytest.mark.parametrize("raw", [b"{", b"[]", b"\xff", b'{"openapi": "3.0.3", "paths": {}}', b"{}"])
def test_what_is_no_contract_is_not_taken_for_one(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_contract(raw)


def post(of: Json) -> Json:
    found: Json = of["paths"]["/v1/notes"]["post"]
    return found


def limit(place: str = "query", *, required: bool = False, **schema: Any) -> Json:
    return {"name": "Limit", "in": place, "required": required, "schema": NUMBER | schema}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (limit(), None, "`query.Limit` is gone: clients that send it there are refused."),
        (limit("header"), None, "`header.Limit` is gone: clients that send it there are no longer"),
        (limit(), limit("header"), "`query.Limit` moved to the header"),
        (None, limit(required=True), "`query.Limit` is new and required"),
        (limit(), limit(required=True), "`query.Limit` is required now"),
        (limit(), limit(maximum=5), "`query.Limit` takes at most 5 now"),
        (limit(default=2), limit(default=3), "`query.Limit` stands for `3` when left out, `2` bef"),
        (limit(default=2), limit(), "stands for nothing when left out, `2` before"),
    ],
)
def test_what_a_parameter_no_longer_does_is_told(old: Any, new: Any, says: str) -> None:
    released, current = document(), document()
    post(released)["parameters"] = [one for one in (old,) if one]
    post(current)["parameters"] = [one for one in (new,) if one]
    (sentence,) = sentences(released, current)
    assert says in sentence
    assert sentences(released, deepcopy(released)) == []


def test_a_header_is_the_same_in_any_case_and_a_parameter_may_stand_with_its_path() -> None:
    released, current = document(), document(parameters={"L": limit("header")})
    post(released)["parameters"] = [limit("header")]
    current["paths"]["/v1/notes"]["parameters"] = [{"$ref": "#/components/parameters/L"}]
    current["components"]["parameters"]["L"]["name"] = "LIMIT"
    assert sentences(released, current) == []


def test_an_optional_parameter_and_an_optional_body_break_nothing() -> None:
    released, current = document(), document()
    del post(released)["requestBody"]
    post(current)["parameters"] = [limit()]
    assert sentences(released, current) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (None, {"required": True}, "it needs a body now"),
        ({}, {"required": True}, "its body is required now"),
        ({}, None, "it takes no body any more"),
    ],
)
def test_whether_a_body_is_needed_is_watched(old: Any, new: Any, says: str) -> None:
    released, current = document(), document()
    for said, one in ((old, released), (new, current)):
        body = post(one).pop("requestBody")
        if said is not None:
            post(one)["requestBody"] = body | said
    (sentence,) = sentences(released, current)
    assert says in sentence


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"schema": TEXT}, {"schema": NUMBER}, "`header.ETag` may now be a whole number"),
        ({"required": True}, {}, "`header.ETag` may be missing now: clients that read it unasked"),
    ],
)
def test_what_a_header_of_an_answer_no_longer_keeps_is_told(old: Any, new: Any, says: str) -> None:
    released, current = document(), document()
    post(released)["responses"]["201"]["headers"] = {"ETag": old}
    post(current)["responses"]["201"]["headers"] = {"etag": new}
    (sentence,) = sentences(released, current)
    assert sentence.startswith(f"{LABEL}, answer 201: ")
    assert says in sentence


def test_a_credential_is_known_by_what_it_is_and_not_by_its_name() -> None:
    bearer, key = {"type": "http", "scheme": "bearer"}, {"type": "apiKey", "in": "header"}
    released = document(securitySchemes={"token": bearer, "key": key})
    released["security"] = [{"token": []}]
    renamed = document(securitySchemes={"accessToken": bearer})
    renamed["security"] = [{"accessToken": []}]
    assert sentences(released, renamed) == []
    current = deepcopy(released)
    others: list[list[Json]] = [[{"key": []}], [{"token": ["a"]}], [{"token": [], "key": []}]]
    for other in others:
        current["security"] = other
        (sentence,) = sentences(released, current)
        assert "it needs other credentials now: clients as they are get 401." in sentence
        current["security"] = [*other, {"token": []}]
        assert sentences(released, current) == []
    current["security"] = []
    assert sentences(released, current) == []


def test_webhooks_are_read_by_those_who_get_them() -> None:
    def sent(schema: Any) -> Json:
        body = {"content": {"application/json": {"schema": holding(schema)}}}
        hook = {"post": {"operationId": "tell_note", "requestBody": body, "responses": {}}}
        return {"openapi": "3.1.0", "paths": {}, "webhooks": {"note.recorded": hook}}

    label = "webhook tell_note (POST note.recorded)"
    assert sentences(sent(TEXT), sent(but(TEXT, maxLength=5))) == []
    (sentence,) = sentences(sent(TEXT), sent(NUMBER))
    assert sentence.startswith(f"{label}: `text` may now be a whole number: clients that read")
    (sentence,) = sentences(sent(TEXT), but(sent(TEXT), webhooks=None))
    assert sentence == f"{label} is no longer sent: whoever waits for it hears nothing."
