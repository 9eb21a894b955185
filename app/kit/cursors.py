"""Opaque list cursors: signed, bound to one list with its sort and filters."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from app.kit.problems import InvalidCursor

SIGNATURE_BYTES = 16
MAX_CURSOR_CHARACTERS = 1_000


class CursorCodec:
    """Turns the position in a list into text and back; anything else is `InvalidCursor`."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.blake2b(secret, person=b"rebound-cursors", digest_size=32).digest()

    def encode(self, binding: str, position: list[Any]) -> str:
        """A cursor for `position`, a list of JSON values, good for the list `binding` names."""
        payload = json.dumps(position, separators=(",", ":"), ensure_ascii=False).encode()
        return urlsafe_b64encode(self._sign(binding, payload) + payload).decode().rstrip("=")

    def decode(self, binding: str, cursor: str) -> list[Any]:
        """The position in `cursor`.

        Raises:
            InvalidCursor: it was altered, or made for another list, sort or filter.
        """
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError:
            raise InvalidCursor from None
        signature, payload = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(binding, payload)):
            raise InvalidCursor
        position: list[Any] = json.loads(payload)
        return position

    def _sign(self, binding: str, payload: bytes) -> bytes:
        message = hashlib.blake2b(binding.encode()).digest() + payload
        return hashlib.blake2b(message, key=self._key, digest_size=SIGNATURE_BYTES).digest()
