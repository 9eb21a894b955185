"""How many attempts to sign in are let through, so that guessing is hopeless and owners get in.

An attempt is a pair of an account and a network address. Failures are counted for the pair, for
the address over all accounts, and for the account over all addresses. The last alone never shuts
an account: while it is attacked, addresses that have never succeeded get one attempt in a quarter
of an hour, and those from which the person signed in within 90 days keep their five. So a stranger
can lock out neither the owner nor, by the count of an address, anyone elsewhere.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kit.addresses import network_of

WINDOW = timedelta(minutes=15)
MAX_FAILURES_OF_PAIR = 5
MAX_FAILURES_OF_STRANGER_UNDER_ATTACK = 1
MAX_FAILURES_OF_ADDRESS = 20
ATTACK_WINDOW = timedelta(hours=1)
FAILURES_OF_AN_ATTACK = 50
FAILURES_KEPT = ATTACK_WINDOW
SUCCESSES_KEPT = timedelta(days=90)

DIGEST_BYTES = 16


@dataclass(frozen=True)
class Subject:
    """Which account is tried from where, as keyed digests: the pair itself is not stored."""

    email_digest: bytes
    address_digest: bytes

    @classmethod
    def of(cls, secret: bytes, email_key: str, address: str | None) -> "Subject":
        """The digests under a key that only this service knows."""
        return cls(
            _digest(secret, b"email", email_key), _digest(secret, b"address", network_of(address))
        )

    @property
    def lock_keys(self) -> list[int]:
        """64-bit numbers by which two requests with a common part wait for each other."""
        digests = (self.email_digest, self.address_digest)
        return sorted(int.from_bytes(digest[:8], "big", signed=True) for digest in digests)


@dataclass(frozen=True)
class History:
    """The failures that still count, each list latest first."""

    of_pair: Sequence[datetime]
    of_address: Sequence[datetime]
    of_account: Sequence[datetime]
    is_known: bool
    """Whether the account was signed in to from that address within 90 days."""


def wait_before(history: History, now: datetime) -> timedelta | None:
    """How long this attempt has to wait; `None` lets it through."""
    is_attack = len(history.of_account) >= FAILURES_OF_AN_ATTACK
    of_pair = MAX_FAILURES_OF_PAIR
    if is_attack and not history.is_known:
        of_pair = MAX_FAILURES_OF_STRANGER_UNDER_ATTACK
    waits = [
        failures[allowed - 1] + WINDOW - now
        for failures, allowed in (
            (history.of_pair, of_pair),
            (history.of_address, MAX_FAILURES_OF_ADDRESS),
        )
        if len(failures) >= allowed
    ]
    return max(waits, default=None)


def _digest(secret: bytes, purpose: bytes, text: str) -> bytes:
    key = hashlib.blake2b(secret, person=b"rebound-attempts", digest_size=32).digest()
    return hashlib.blake2b(
        text.encode(), key=key, person=purpose, digest_size=DIGEST_BYTES
    ).digest()
