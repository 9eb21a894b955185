"""Reading a request: media types, the body within its time, and no parameter left unexplained."""

import asyncio
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import unquote_to_bytes

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from app.kit import problems
from app.kit.qualities import qualities
from app.kit.sheets import Sheet
from app.web import jsons

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
CSV = "text/csv"
MAX_HEADER_VALUE_CHARACTERS = 1_000
"""The length of a header that an operation reads."""

PRINTABLE = "^[ -~]*$"
"""What a header may hold, in requests and answers: printable ASCII (RFC 9110, section 5.5)."""

FREE_HEADERS = frozenset({"Accept-Language", "If-None-Match"})
"""Headers of which any printable ASCII is taken; what means nothing is passed over."""

BODY_TYPES = {"PATCH": (JSON, MERGE_PATCH)}


def check_accept(request: Request) -> None:
    """Refuse a caller that cannot read JSON.

    Raises:
        NotAcceptable: no media range of `Accept` covers `application/json`.
    """
    accept = request.headers.get("accept")
    if not accept:
        return
    ranked = qualities(accept)
    if any(ranked.get(media, 0) > 0 for media in ("*/*", "application/*", JSON)):
        return
    raise problems.NotAcceptable


async def read_body(request: Request, timeout_s: float) -> bytes:
    """The whole body; its size is bounded by `app.web.limits`.

    Raises:
        RequestTimeout: it did not arrive in time, or the caller went away.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await request.body()
    except TimeoutError:
        raise problems.RequestTimeout(headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise problems.RequestTimeout from None


def check_query(
    request: Request, known: Collection[str], singles: Collection[str]
) -> list[dict[str, Any]]:
    """What is wrong with the query as such: its coding, unknown names, single ones given twice."""
    errors: list[dict[str, Any]] = []
    if not request.scope["query_string"]:
        return errors
    try:
        unquote_to_bytes(request.scope["query_string"]).decode()
    except UnicodeDecodeError:
        # Starlette would put U+FFFD in place of what is no UTF-8.
        errors.append({"loc": ("query",), "type": "string_unicode"})
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in known:
            errors.append({"loc": ("query", name), "type": "extra_forbidden"})
        elif name in seen and name in singles:
            errors.append({"loc": ("query", name), "type": "repeated"})
        seen.add(name)
    return errors


def check_headers(request: Request, known: Collection[str]) -> list[dict[str, Any]]:
    """What is wrong with the headers that the operation reads: their length, and odd characters."""
    errors: list[dict[str, Any]] = []
    for name in known:
        value, where = request.headers.get(name, ""), ("header", name)
        if len(value) > MAX_HEADER_VALUE_CHARACTERS:
            bound = {"max_length": MAX_HEADER_VALUE_CHARACTERS}
            errors.append({"loc": where, "type": "string_too_long", "ctx": bound})
        elif name in FREE_HEADERS and not re.fullmatch(PRINTABLE, value):
            errors.append({"loc": where, "type": "string_pattern_mismatch"})
    return errors


def read_content(
    request: Request, raw: bytes, schema: type[BaseModel], sheet: Sheet | None = None
) -> tuple[BaseModel | None, list[dict[str, Any]]]:
    """The body as its schema, or what is wrong with it; with a `sheet` it may be a table too.

    Raises:
        UnsupportedMedia: it is not said to be plain JSON (or a table, with a `sheet`) in UTF-8.
        MalformedJson: it is not I-JSON.
        MalformedCsv: it is no table.
    """
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    media = media.strip().lower()
    accepted = (*BODY_TYPES.get(request.method, (JSON,)), *((CSV,) if sheet else ()))
    if media not in accepted or charset not in ("", "utf-8", "utf8"):
        raise problems.UnsupportedMedia
    if request.headers.get("content-encoding", "identity") != "identity":
        raise problems.UnsupportedMedia
    try:
        said = sheet.parse(raw) if sheet and media == CSV else jsons.parse(raw)
        return schema.model_validate(said), []
    except ValidationError as invalid:
        found = invalid.errors(include_url=False, include_input=False)
        return None, [{**error, "loc": ("body", *error["loc"])} for error in found]
