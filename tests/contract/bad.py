"""Bad requests: each is a good one in which a single value was changed.

Values are JSON as text, so that those can be sent which no JSON library would write.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from tests.contract.document import WHOSE, Json, kind_of, plain
from tests.contract.requests import DAY, Request

MARKER = "Zq7xMarker"
"""Stands in every text that is sent in a bad request; no answer may hold it."""

MAX_BODY_BYTES = 1024 * 1024
MAX_DEPTH = 32
UUID = "018f2b7e-6c1d-7d3a-9f5e-2a4b6c8d0e1f"
NO_UTF8 = b"\xed\xa0\x80"
"""Half of a surrogate pair, as an encoder that does not know UTF-8 would write it."""

Token = tuple[str, str]
"""What is wrong with a value, and the value as JSON."""

INVALID, MALFORMED, MEDIA, LARGE = "invalid", "invalid-json", "unsupported-media-type", "too-large"


@dataclass(frozen=True)
class Case:
    """A bad request, what is wrong with it, and the codes of the problems it may be told."""

    wrong: str
    request: Request
    codes: tuple[str, ...] = (INVALID,)


def bad_requests(good: Request) -> Iterator[Case]:
    """Every way to spoil a good request."""
    yield from _in_path(good)
    yield from _in_query(good)
    yield from _in_headers(good)
    if good.body is None:
        yield Case("a body where none belongs", good.saying(json.dumps({MARKER: MARKER})))
        return
    yield from _in_body(good)
    yield from _as_body(good)


def _in_body(good: Request) -> Iterator[Case]:
    """One value of the body, at any depth."""

    def visit(where: str, schema: Json, value: Any, put: Callable[[str], str]) -> Iterator[Case]:
        for wrong, token in bad_values(schema, value):
            yield Case(f"{where or 'body'}: {wrong}", good.saying(put(token)), (INVALID, MALFORMED))
        if isinstance(value, dict):
            for name, inner in value.items():
                below = plain(schema["properties"][name])
                others = {k: json.dumps(v) for k, v in value.items()}
                yield from visit(
                    f"{where}/{name}",
                    below,
                    inner,
                    lambda token, n=name, o=others: put(_object({**o, n: token})),  # type: ignore[misc]  # bound now
                )
        if isinstance(value, list):
            yield from visit(
                f"{where}/0", plain(schema["items"]), value[0], lambda token: put(f"[{token}]")
            )

    assert good.operation.body is not None
    yield from visit("", good.operation.body, good.body, lambda token: token)


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in members.items()) + "}"


def bad_values(schema: Json, value: Any) -> Iterator[Token]:
    """What cannot stand where a schema is, as JSON."""
    kind = kind_of(schema)
    if not schema.get("nullable"):
        yield "null", "null"
    for other, token in {
        "object": _object({"a": f'"{MARKER}"'}),
        "array": f'["{MARKER}"]',
        "boolean": "true",
        "integer": "1772000000",
    }.items():
        if kind != other:
            yield f"{other} instead", token
    if kind in ("object", "array", "boolean", "integer"):
        yield "text instead", f'"{MARKER}"'
    yield from OF_KIND[kind](schema, value)


def _bad_objects(_: Json, value: Any) -> Iterator[Token]:
    yield "an unknown field", _with(value, "unknown_field", f'"{MARKER}"')
    yield "an unknown field with an odd name", _with(value, f"{MARKER} !", "1")
    yield "the same key twice", _with(value, *_first(value))
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    yield "33 levels below an unknown field", _with(value, "unknown_field", deep)


def _bad_lists(schema: Json, value: Any) -> Iterator[Token]:
    yield "one item too many", json.dumps(value[:1] * (schema["maxItems"] + 1))


def _bad_truths(_: Json, __: Any) -> Iterator[Token]:
    yield from [("the word true", '"true"'), ("the number 1", "1")]


def _bad_numbers(schema: Json, _: Any) -> Iterator[Token]:
    yield from [("NaN", "NaN"), ("Infinity", "Infinity"), ("-Infinity", "-Infinity")]
    yield from [("2^63", str(2**63)), ("-2^63-1", str(-(2**63) - 1)), ("10^30", str(10**30))]
    yield from [("1e999", "1e999"), ("a numeric text", '"1"'), ("a fraction", "1.5")]
    yield "more than most", str(schema["maximum"] + 1)
    yield "less than least", str(schema["minimum"] - 1)


def _bad_words(_: Json, value: Any) -> Iterator[Token]:
    yield from _quoted([("an unknown word", MARKER), ("a word with NUL", f"{value}\0")])


def _bad_ids(_: Json, __: Any) -> Iterator[Token]:
    yield from _quoted(_odd_uuids())


def _bad_dates(_: Json, __: Any) -> Iterator[Token]:
    yield from _quoted([*_odd_days(), ("a date-time", f"{DAY}T00:00:00Z")])


def _bad_instants(_: Json, __: Any) -> Iterator[Token]:
    yield from _quoted(_odd_instants())


def _bad_strings(schema: Json, value: Any) -> Iterator[Token]:
    yield "NUL", f'"{MARKER}\\u0000"'
    yield "a lone surrogate", f'"{MARKER}\\ud800"'
    yield "one character too many", json.dumps(_too_long(schema, value))
    if schema.get("minLength"):
        yield "nothing", '""'


OF_KIND: Mapping[str, Callable[[Json, Any], Iterator[Token]]] = {
    "object": _bad_objects,
    "array": _bad_lists,
    "boolean": _bad_truths,
    "integer": _bad_numbers,
    "enum": _bad_words,
    "uuid": _bad_ids,
    "date": _bad_dates,
    "date-time": _bad_instants,
    "string": _bad_strings,
}


def _with(value: Json, name: str, token: str) -> str:
    """An object as JSON with one more member, perhaps of a name it has already."""
    return f"{json.dumps(value)[:-1]}{', ' if value else ''}{json.dumps(name)}:{token}}}"


def _first(value: Json) -> tuple[str, str]:
    name = next(iter(value))
    return name, json.dumps(value[name])


def _quoted(texts: Any) -> Iterator[Token]:
    for wrong, text in texts:
        yield wrong, json.dumps(text)


def _too_long(schema: Json, value: str) -> str:
    """The good value, made one character longer than allowed where that keeps its form."""
    return f"{value}{MARKER}{'x' * schema['maxLength']}"[: max(schema["maxLength"], 12) + 1]


def _odd_uuids() -> Iterator[Token]:
    yield from [("garbage", MARKER), ("in braces", f"{{{UUID}}}"), ("URN", f"urn:uuid:{UUID}")]
    yield from [("bare digits", UUID.replace("-", "")), ("one digit more", f"{UUID}0")]
    yield from [("with NUL", f"{UUID}\0"), ("with a line break", f"{UUID}\n")]


def _odd_days() -> Iterator[Token]:
    yield from [("year 1", "0001-01-01"), ("year 9999", "9999-12-31")]
    yield from [("words", MARKER), ("a numeric text", "1772000000")]
    yield from [("30 February", "2026-02-30"), ("wide digits", f"{_wide('2026')}-03-02")]


def _odd_instants() -> Iterator[Token]:
    for wrong, day in _odd_days():
        yield wrong, f"{day}T09:30:00Z" if "-" in day else day
    yield from [("no time", DAY), ("no offset", f"{DAY}T09:30:00")]


def _wide(digits: str) -> str:
    """Full-width digits, which Python's `int` and `\\d` take for digits too."""
    return "".join(chr(ord(digit) + 0xFEE0) for digit in digits)


def _as_body(good: Request) -> Iterator[Case]:
    """The body as a whole."""
    text = good.text
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        yield Case(f"{kind}", good.saying(text, **{"Content-Type": kind}), (MEDIA,))
    yield Case("no content type", good.with_headers(Content_Type=None), (MEDIA,))
    utf16 = {"Content-Type": "application/json; charset=utf-16"}
    yield Case("UTF-16", good.saying(text.encode("utf-16"), **utf16), (MEDIA,))
    yield Case("UTF-16 unsaid", good.saying(text.encode("utf-16")), (MALFORMED,))
    zipped = gzip.compress(text.encode())
    yield Case("gzip", good.saying(zipped, **{"Content-Encoding": "gzip"}), (MEDIA,))
    yield Case("invalid UTF-8", good.saying(text.encode()[:-1] + b', "\xff": 1}'), (MALFORMED,))
    yield Case("a byte order mark", good.saying(b"\xef\xbb\xbf" + text.encode()), (MALFORMED,))
    yield Case("cut short", good.saying(text[:-1]), (MALFORMED,))
    yield Case("more after the end", good.saying(f'{text} "{MARKER}"'), (MALFORMED,))
    yield Case("nothing", good.saying(b""), (MALFORMED,))
    for levels in (MAX_DEPTH + 1, 100_000):
        yield Case(f"{levels} levels", good.saying("[" * levels + "]" * levels), (MALFORMED,))
    large = good.saying(text.ljust(MAX_BODY_BYTES + 1))
    yield Case("1 MiB and a byte", large, (LARGE,))
    yield Case("1 MiB and a byte in chunks", replace(large, chunked=True), (LARGE,))


def _in_path(good: Request) -> Iterator[Case]:
    for name in good.path:
        odd: list[tuple[str, str | bytes]] = [*_odd_uuids(), ("300 characters", MARKER * 30)]
        for wrong, text in (*odd, ("invalid UTF-8", NO_UTF8)):
            path = {**good.path, name: quote(text, safe="")}
            yield Case(f"path.{name}: {wrong}", replace(good, path=path))


def _in_query(good: Request) -> Iterator[Case]:
    yield Case("query: an unknown parameter", good.asking("unknown_parameter", MARKER))
    yield Case("query: an odd parameter", good.asking(f"{MARKER}%20!", "1"))
    for name, schema in good.operation.parameters("query").items():
        if name in ("cursor", WHOSE):
            continue
        (value,) = (value for one, value in good.query if one == name)
        twice = replace(good, query=(*good.query, (name, value)))
        yield Case(f"query.{name}: twice", twice)
        for wrong, text in _bad_texts(schema, value):
            yield Case(f"query.{name}: {wrong}", good.asking(name, quote(text, safe="")))


def _bad_texts(schema: Json, value: str) -> Iterator[tuple[str, str | bytes]]:
    """What cannot stand in a query where a schema is."""
    yield "nothing", ""
    yield "NUL", f"{value}\0"
    yield "invalid UTF-8", NO_UTF8
    kind = kind_of(schema)
    if kind == "integer":
        odd = [
            "0",
            str(schema["maximum"] + 1),
            "-1",
            "1.5",
            "1e1",
            "NaN",
            "Infinity",
            "-Infinity",
            "1e999",
            "true",
            "+1",
            "1_0",
            "0x1",
        ]
        for text in (*odd, _wide("10"), " 1", str(2**63), str(10**30), MARKER):
            yield text, text
    if kind == "boolean":
        yield from [("yes", "yes"), ("the number 1", "1"), ("capitals", value.upper())]
    if kind == "enum":
        yield from [
            ("an unknown word", MARKER),
            ("small and capital letters exchanged", value.swapcase()),
        ]
    if kind == "string":
        yield "one character too many", _too_long(schema, value)
    odd_ones = {"uuid": _odd_uuids, "date": _odd_days, "date-time": _odd_instants}
    if kind in odd_ones:
        yield from odd_ones[kind]()


def _in_headers(good: Request) -> Iterator[Case]:
    named = good.operation.parameters("header")
    if good.operation.success != 204:
        yield Case("Accept", good.with_headers(Accept=f"text/{MARKER}"), ("not-acceptable",))
    if "Idempotency-Key" in named:
        keys: dict[str, str | bytes] = {
            "empty": "",
            "256 characters": (MARKER * 26)[:256],
            "not ASCII": f"{MARKER}ü".encode(),
        }
        for wrong, key in keys.items():
            yield Case(f"Idempotency-Key: {wrong}", good.with_headers(Idempotency_Key=key))
    for name in named.keys() & {"Accept-Language", "If-None-Match"}:
        request = good.with_headers(**{name.replace("-", "_"): MARKER * 200})
        yield Case(f"{name}: too long", request, ("invalid",))
        request = good.with_headers(**{name.replace("-", "_"): f"{MARKER}ü".encode()})
        yield Case(f"{name}: not ASCII", request, ("invalid",))
    if "If-Match" in named:
        tag = str(good.headers["If-Match"])
        yield Case("no If-Match", good.with_headers(If_Match=None), ("precondition-missing",))
        for wrong, other, code in [
            ("stale", '"0"', "precondition-failed"),
            ("weak", f"W/{tag}", "precondition-failed"),
            ("bare", tag[1:-1], "invalid"),
            ("odd", MARKER, "invalid"),
            ("too long", f'"{MARKER * 200}"', "invalid"),
        ]:
            yield Case(f"If-Match: {wrong}", good.with_headers(If_Match=other), (code,))
