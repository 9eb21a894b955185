"""Secrets at rest: readable by the one key, for the one record, and unchanged only."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.sealing import Sealer, UnsealError

SEALER = Sealer(b"a secret of the tests, long enough")
HERE, THERE = UUID(int=1), UUID(int=2)


@given(st.binary(max_size=100))
def test_what_was_sealed_is_opened_and_shows_nothing(plain: bytes) -> None:
    sealed = SEALER.seal(plain, HERE)
    assert SEALER.open(sealed, HERE) == plain
    assert len(sealed) == len(plain) + 29
    assert len(plain) < 4 or plain not in sealed
    assert SEALER.seal(plain, HERE) != sealed


@given(st.binary(max_size=40), st.data())
def test_one_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(plain, HERE))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnsealError):
        SEALER.open(bytes(sealed), HERE)


@pytest.mark.parametrize(
    ("sealer", "record_id"),
    [(SEALER, THERE), (Sealer(b"another secret of the tests, long"), HERE)],
    ids=["for another record", "by another key"],
)
def test_neither_another_record_nor_another_key_opens_it(sealer: Sealer, record_id: UUID) -> None:
    with pytest.raises(UnsealError):
        sealer.open(SEALER.seal(b"a webhook's secret", HERE), record_id)


@given(st.binary(max_size=60))
def test_what_was_never_sealed_is_not_opened(found: bytes) -> None:
    with pytest.raises(UnsealError):
        SEALER.open(found, HERE)
