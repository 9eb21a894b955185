"""Secrets that the program must be able to read again, such as those that sign webhooks."""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
FORM = b"\x01"
"""The first byte of what is sealed: another way to seal gets another one."""


class UnsealError(Exception):
    """What is stored was sealed with another key or for another record, or was changed."""


class Sealer:
    """Seals secrets at rest (AES-256-GCM), each for the one record that holds it.

    The key comes from the process's secret by HKDF (RFC 5869); with another secret nothing that is
    stored can be read.
    """

    def __init__(self, secret: bytes) -> None:
        derive = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"rebound: secrets at rest")
        self._cipher = AESGCM(derive.derive(secret))

    def seal(self, plain: bytes, record_id: UUID) -> bytes:
        """A secret in the form in which it is stored: 29 bytes longer, and different each time."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return FORM + nonce + self._cipher.encrypt(nonce, plain, record_id.bytes)

    def open(self, sealed: bytes, record_id: UUID) -> bytes:
        """The secret that was sealed for a record.

        Raises:
            UnsealError: it was not sealed so for this record, or by another key.
        """
        form, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if form != FORM:
            raise UnsealError
        try:
            return self._cipher.decrypt(nonce, rest, record_id.bytes)
        except (InvalidTag, ValueError):
            raise UnsealError from None
