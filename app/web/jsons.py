"""Strict JSON in: what two parsers would read differently is refused, not guessed.

Follows I-JSON (RFC 7493): UTF-8, no duplicate keys, no lone surrogates, finite numbers; plus a
bound on nesting.
"""

import json
from itertools import chain
from math import isfinite
from typing import Any, Never

from app.kit.problems import MalformedJson

MAX_DEPTH = 32
MAX_DIGITS = 19


def parse(body: bytes) -> Any:
    """The value in `body`.

    Raises:
        MalformedJson: it is not I-JSON, or is nested deeper than 32 levels.
    """
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_bounded,
        )
        if "\\u" in text:
            # Only an escape can smuggle in half of a surrogate pair: UTF-8 itself has none.
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise MalformedJson("Nested deeper than 32 levels.") from None
    except ValueError as error:
        raise MalformedJson(_reason(error)) from None
    _check_depth(value)
    return value


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"Syntax error at line {error.lineno}, column {error.colno}."
    if isinstance(error, UnicodeDecodeError):
        return "Not valid UTF-8."
    if isinstance(error, UnicodeEncodeError):
        return "A lone surrogate is not text."
    return str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("An object has the same key twice.")
    return found


def _refuse(_: str) -> Never:
    raise ValueError("NaN and Infinity are not numbers in JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError("A number is too large.")
    return number


def _bounded(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_DIGITS:
        raise ValueError("A number is too large.")
    return int(digits)


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise MalformedJson("Nested deeper than 32 levels.")
        level = list(chain.from_iterable(i.values() if isinstance(i, dict) else i for i in level))
