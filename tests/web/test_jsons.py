"""Strict JSON: what two parsers would read differently is refused, the rest is read exactly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.problems import MalformedJson
from app.web.jsons import MAX_DEPTH, parse

TEXT = st.text(st.characters(codec="utf-8"))
NUMBERS = st.integers(-(10**19) + 1, 10**19 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans())
def test_every_value_is_read_as_it_was_written(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_problem_that_does_not_repeat_them(raw: bytes) -> None:
    try:
        parse(raw)
    except MalformedJson as problem:
        detail = problem.detail or ""
        assert detail.endswith(".")
        assert len(detail) < 60
    else:
        json.loads(raw)


@given(TEXT, VALUES, VALUES)
def test_a_key_may_stand_once(key: str, first: Any, second: Any) -> None:
    name = json.dumps(key)
    twice = f"{{{name}: {json.dumps(first)}, {name}: {json.dumps(second)}}}"
    for body in (twice, f'[{{"a": {twice}}}]'):
        with pytest.raises(MalformedJson, match="twice"):
            parse(body.encode())


def test_a_key_that_is_only_spelt_otherwise_is_the_same_key() -> None:
    with pytest.raises(MalformedJson, match="twice"):
        parse(b'{"a": 1, "\\u0061": 2}')


@given(st.integers(1, 80), st.sampled_from(["[", '{"a":']))
def test_nesting_ends_at_thirty_two_levels(depth: int, opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    body = (opening * depth + "0" + closing * depth).encode()
    if depth <= MAX_DEPTH:
        parse(body)
    else:
        with pytest.raises(MalformedJson, match="32 levels"):
            parse(body)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_bottomless_body_is_a_problem_too(opening: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse(opening * 200_000)
    closing = b"]" if opening == b"[" else b"}"
    with pytest.raises(MalformedJson, match="32 levels"):
        parse(opening * 100_000 + b"0" + closing * 100_000)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"NaN", "NaN and Infinity are not numbers in JSON."),
        (b"[-Infinity]", "NaN and Infinity are not numbers in JSON."),
        (b'{"a": Infinity}', "NaN and Infinity are not numbers in JSON."),
        (b"1e400", "A number is too large."),
        (b"-1e400", "A number is too large."),
        (b"1" * 20, "A number is too large."),
        (b"1" * 100_000, "A number is too large."),
        (b'"\xff"', "Not valid UTF-8."),
        (b'"\xed\xa0\x80"', "Not valid UTF-8."),
        (b'"\\ud800"', "A lone surrogate is not text."),
        (b'{"\\udfff": 1}', "A lone surrogate is not text."),
        (b'["\\udc00\\ud800"]', "A lone surrogate is not text."),
        (b"", "Syntax error at line 1, column 1."),
        (b"\xef\xbb\xbf{}", "Syntax error at line 1, column 1."),
        (b'{"a": 1,\n "b": }', "Syntax error at line 2, column 7."),
        (b"{} {}", "Syntax error at line 1, column 4."),
        (b"{'a': 1}", None),
        (b"[01]", None),
        (b"[1,]", None),
        (b'"\t"', None),
    ],
)
def test_what_is_not_i_json_is_refused_with_the_reason(body: bytes, detail: str | None) -> None:
    with pytest.raises(MalformedJson) as refused:
        parse(body)
    if detail is not None:
        assert refused.value.detail == detail


def test_a_whole_pair_of_surrogates_is_one_character() -> None:
    assert parse(b'"\\ud83e\\udd94"') == "\N{HEDGEHOG}"
