"""The table of practices is whole: every practice, real operations, real stories."""

import importlib
from collections import Counter

from app.kit.practices import Practice
from app.kit.terms import Language
from app.main import specification
from tests.contract.document import operations_of
from tests.journeys.practices import rows


def test_every_practice_stands_in_the_table_under_its_name() -> None:
    assert [(row.practice, row.label) for row in rows()] == [
        (one.value, one.label(Language.EN)) for one in Practice
    ]


def test_every_row_names_operations_of_the_contract_once() -> None:
    known = {operation.id for operation in operations_of(specification())}
    for row in rows():
        assert len(row.operations) > 1, row.practice
        assert set(row.operations) <= known, row.practice
        assert set(Counter(row.operations).values()) == {1}, row.practice


def test_every_row_names_a_story() -> None:
    for row in rows():
        module = importlib.import_module(f"tests.journeys.{row.module.removesuffix('.py')}")
        assert callable(getattr(module, row.story)), row.practice
