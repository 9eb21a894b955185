"""Entity tags of answers, and conditional reads (RFC 9110, section 13)."""

import hashlib
from typing import Any

from app.kit.preconditions import entity_tag


def tag_of(content: Any, body: bytes) -> str:
    """The tag of an answer: a record's revision, else a weak digest of the bytes.

    Lists and computed answers have no revision. Their tag serves `If-None-Match` as well, and can
    never be taken for a revision by `If-Match`.
    """
    revision = getattr(content, "revision", None)
    if revision is not None:
        return entity_tag(revision)
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Weak comparison, as section 13.1.2 asks for `If-None-Match`."""
    if if_none_match is None:
        return False
    wanted = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in wanted or tag.removeprefix("W/") in wanted
