"""Which passwords are accepted, and how they are hashed."""

import asyncio
import threading
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import BaseModel, SecretStr, ValidationError
from typing_extensions import override

from app.auth.passwords import (
    MAX_WAITING,
    GivenPassword,
    NewPassword,
    Passwords,
    weakness,
)
from app.kit.problems import Unavailable

GOOD = "a quiet walk along the river"


class Form(BaseModel):
    new: NewPassword
    given: GivenPassword = SecretStr("x")


class CountingHasher(Argon2Hasher):
    """A cheap hasher that notes how many of its calls overlap."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.now, self.most, self.calls, self.lock = 0, 0, 0, threading.Lock()
        self.may_go = threading.Event()
        self.may_go.set()

    @override
    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with self.lock:
            self.now, self.calls = self.now + 1, self.calls + 1
            self.most = max(self.most, self.now)
        self.may_go.wait(timeout=10)
        try:
            return super().hash(password, salt=salt)
        finally:
            with self.lock:
                self.now -= 1


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def passwords(hasher: CountingHasher) -> Iterator[Passwords]:
    made = Passwords(2, hasher=hasher)
    yield made
    made.close()


def code_of(password: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"new": password})
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize("length", [15, 128])
def test_fifteen_to_128_characters_are_accepted(length: int) -> None:
    assert Form.model_validate({"new": "ü" * length}).new.get_secret_value() == "ü" * length


def test_shorter_and_longer_ones_are_not() -> None:
    assert code_of("ü" * 14) == "string_too_short"
    assert code_of("ü" * 129) == "string_too_long"
    assert code_of("ü" * 1_000) == "string_too_long"


def test_length_is_counted_in_normal_form() -> None:
    # Decomposed, each of these is two characters.
    assert code_of("u\u0308" * 14) == "string_too_short"
    assert Form.model_validate({"new": "u\u0308" * 128}).new.get_secret_value() == "ü" * 128


@pytest.mark.parametrize("odd", ["\0", "\n", "\x7f"])
def test_control_characters_are_refused(odd: str) -> None:
    assert code_of(GOOD + odd) == "control_character"


def test_only_text_is_a_password() -> None:
    assert code_of(123456789012345678) == "string_type"
    assert code_of("lone surrogate \ud800 inside") in ("surrogate", "string_unicode")


def test_spaces_and_any_letters_are_fine_and_nothing_is_demanded() -> None:
    for password in ("nur kleine buchstaben", "дождь над рекой весной", "   spaces   around   "):
        assert Form.model_validate({"new": password}).new.get_secret_value() == password


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=30, max_size=60))
def test_whatever_is_accepted_is_in_normal_form(password: str) -> None:
    normal = unicodedata.normalize("NFC", password)
    if 15 <= len(normal) <= 128:
        assert Form.model_validate({"new": password}).new.get_secret_value() == normal


def test_a_password_stands_in_no_repr_dump_or_error() -> None:
    form = Form.model_validate({"new": GOOD})
    assert GOOD not in repr(form) + str(form.model_dump()) + form.model_dump_json()
    assert form.model_dump(mode="json")["new"] == "**********"


def test_the_contract_calls_it_a_password() -> None:
    schema = Form.model_json_schema()["properties"]["new"]
    assert (schema["format"], schema["minLength"], schema["maxLength"]) == ("password", 15, 128)


@pytest.mark.parametrize(
    "common", ["password1234567", "Password1234567", "aaaaaaaaaaaaaaa", "123456789012345"]
)
def test_commonly_used_passwords_are_weak(common: str) -> None:
    found = weakness(SecretStr(common), email="sam@example.com", product="rebound")
    assert found == "is one of the most commonly used passwords"


@pytest.mark.parametrize(
    "own",
    [
        "samantha@example.com",
        "Samantha@Example.com!",
        "samanthasamantha1",
        "rebound-rebound-26",
        "reboundsamantha2026",
    ],
)
def test_passwords_made_of_ones_own_address_or_the_product_are_weak(own: str) -> None:
    found = weakness(SecretStr(own), email="samantha@example.com", product="rebound")
    assert found is not None
    assert "e-mail address" in found


@pytest.mark.parametrize(
    "fine", [GOOD, "samantha walks along the river", "on the rebound since tuesday"]
)
def test_passwords_that_only_mention_them_are_not(fine: str) -> None:
    assert weakness(SecretStr(fine), email="samantha@example.com", product="rebound") is None


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=15, max_size=128))
def test_the_blocklist_answers_for_every_password(password: str) -> None:
    found = weakness(SecretStr(password), email="sam@example.com", product="rebound")
    assert found is None or found.startswith("is ")


async def test_a_hash_is_argon2id_and_only_its_password_fits(passwords: Passwords) -> None:
    stored = await passwords.hash(SecretStr(GOOD))
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert await passwords.verify(SecretStr(GOOD), stored)
    assert not await passwords.verify(SecretStr(GOOD + "!"), stored)


def test_the_default_cost_is_that_of_rfc_9106() -> None:
    made = Passwords(1)
    strong = asyncio.run(made.hash(SecretStr(GOOD)))
    made.close()
    # Section 4, the second recommended option: 64 MiB, three passes, four lanes.
    assert strong.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_an_account_that_does_not_exist_costs_a_check_and_is_never_right(
    passwords: Passwords, hasher: CountingHasher
) -> None:
    assert not await passwords.verify(SecretStr(GOOD), None)
    stored = await passwords.hash(SecretStr(GOOD))
    before = hasher.calls
    await passwords.verify(SecretStr(GOOD), None)
    await passwords.verify(SecretStr(GOOD), stored)
    # The hash it is compared with is made once, not for each stranger.
    assert hasher.calls == before


async def test_weaker_parameters_of_the_past_are_noticed(passwords: Passwords) -> None:
    assert not passwords.is_outdated(await passwords.hash(SecretStr(GOOD)))
    stronger = Passwords(1, hasher=Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1))
    assert stronger.is_outdated(await passwords.hash(SecretStr(GOOD)))
    stronger.close()


async def test_so_many_hashes_run_at_once_and_the_loop_stays_free(
    passwords: Passwords, hasher: CountingHasher
) -> None:
    hasher.may_go.clear()
    work = [asyncio.create_task(passwords.hash(SecretStr(GOOD))) for _ in range(8)]
    # The loop answers although both threads are busy.
    while hasher.now < 2:  # noqa: ASYNC110 -- threads count here; they cannot set an asyncio event.
        await asyncio.sleep(0.005)
    hasher.may_go.set()
    await asyncio.gather(*work)
    assert (hasher.most, hasher.calls) == (2, 8)


async def test_who_would_wait_too_long_is_told_to_come_back(
    passwords: Passwords, hasher: CountingHasher
) -> None:
    hasher.may_go.clear()
    work = [asyncio.create_task(passwords.hash(SecretStr(GOOD))) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await passwords.hash(SecretStr(GOOD))
    assert refused.value.headers == {"Retry-After": "5"}
    hasher.may_go.set()
    await asyncio.gather(*work)
    assert await passwords.hash(SecretStr(GOOD))
