"""Ids are UUIDs of version 7: random enough to be unguessable, ordered enough to index well."""

from hashlib import blake2b
from uuid import UUID

from uuid_utils.compat import uuid7

EXAMPLE_TIME = "019400000000"
"""The 48-bit time of example ids, in January 2025, so that they sort before fresh ones."""


def example_id(name: str) -> UUID:
    """The id that examples of the contract use for a parameter such as `rejection_id`.

    The sample data has records under these ids, so that a first try in the browser finds one.
    """
    random = blake2b(name.encode(), person=b"rebound-example", digest_size=10).hexdigest()
    # 48 bits of time, the version, 12 random bits, the variant, 62 random bits (RFC 9562).
    return UUID(f"{EXAMPLE_TIME}7{random[:3]}8{random[3:18]}")


def new_id() -> UUID:
    """A fresh id, greater than those made in earlier milliseconds (RFC 9562, section 5.7)."""
    return uuid7()
