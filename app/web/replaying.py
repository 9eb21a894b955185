"""`Idempotency-Key` on the wire: reading the key, and what makes two requests the same."""

import hashlib
import re
from collections.abc import Collection, Mapping

import msgspec
from pydantic import BaseModel
from sqlalchemy import Row
from starlette.requests import Request
from starlette.responses import Response

from app.db.idempotency import MAX_KEY_CHARACTERS
from app.kit import problems
from app.web.reading import JSON

KEY_PATTERN = (
    rf'^(?:"([ -~]{{1,{MAX_KEY_CHARACTERS}}})"|[!#-~][ -~]{{0,{MAX_KEY_CHARACTERS - 1}}})$'
)
"""The form of a key: quoted, or bare and then not beginning with a quote."""

MAX_QUOTED_KEY_CHARACTERS = MAX_KEY_CHARACTERS + 2

_FORM = re.compile(KEY_PATTERN)
KEPT_HEADERS = ("location", "etag")


def key_of(request: Request) -> str | None:
    """The key of a request, quoted or bare; None without one.

    Raises:
        Invalid: it is not 1 to 255 printable ASCII characters.
    """
    header = request.headers.get("idempotency-key")
    if header is None:
        return None
    found = _FORM.fullmatch(header.strip())
    if found is None:
        raise problems.invalid(
            "header.Idempotency-Key", "key", "must be 1 to 255 printable ASCII characters"
        )
    return found[1] or found[0]


def digest_of(
    request: Request,
    body: BaseModel | None,
    transient: Collection[str],
    hidden: Collection[str],
) -> bytes:
    """What makes two requests the same: their address and what they say, not how it is spelled.

    Fields that leave no trace are left out of it too. What is `hidden` from who asks belongs to
    it: an answer from before a person agreed to less is not given again.
    """
    said = None
    if body is not None:
        said = body.model_dump(mode="json", exclude_unset=True, exclude=set(transient))
    text = msgspec.json.encode(
        [request.url.path, request.url.query, said, sorted(hidden)], order="sorted"
    )
    return hashlib.sha256(text).digest()


def replayed(answer: Row[tuple[object, ...]], headers: Mapping[str, str]) -> Response:
    """The stored first answer, with the headers that every answer of the operation has."""
    headers = {**headers, **(answer.headers or {}), "Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, headers, JSON)
