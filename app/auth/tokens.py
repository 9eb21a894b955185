"""The form of tokens: a prefix that secret scanners know, 256 random bits, and a checksum.

The checksum lets a mistyped or foreign token be refused without asking the database.
"""

import hashlib
import secrets
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

ACCESS, REFRESH, MAILED = "rba_", "rbr_", "rbm_"
LIVE_KEY, TEST_KEY, INVITATION = "rbk_live_", "rbk_test_", "rbi_"
RANDOM_BYTES = 32
CHECKSUM_BYTES = 4
MAX_TOKEN_CHARACTERS = 64
SHOWN_CHARACTERS = 14
"""Of a key, five after `rbk_live_`: enough to tell one from others, nothing to guess with."""


@dataclass(frozen=True)
class Token:
    """A token as it is handed out once, and the hash that stays."""

    text: str
    digest: bytes


def new_token(prefix: str) -> Token:
    """A fresh token with 256 random bits."""
    text = _text_of(prefix, secrets.token_bytes(RANDOM_BYTES))
    return Token(text, digest_of(text))


def example_token(prefix: str) -> str:
    """A text with the form of a token, which nobody was ever given."""
    return _text_of(prefix, bytes(RANDOM_BYTES))


def _text_of(prefix: str, random: bytes) -> str:
    checksum = zlib.crc32(prefix.encode() + random).to_bytes(CHECKSUM_BYTES, "big")
    return prefix + urlsafe_b64encode(random + checksum).decode().rstrip("=")


def digest_of(text: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(text.encode()).digest()


def is_well_formed(text: str, prefix: str) -> bool:
    """Whether a text has the form of a token with that prefix."""
    if not text.startswith(prefix) or len(text) > MAX_TOKEN_CHARACTERS or not text.isascii():
        return False
    try:
        raw = urlsafe_b64decode(text.removeprefix(prefix) + "==")
    except ValueError:
        return False
    random, checksum = raw[:RANDOM_BYTES], raw[RANDOM_BYTES:]
    return zlib.crc32(prefix.encode() + random).to_bytes(CHECKSUM_BYTES, "big") == checksum
