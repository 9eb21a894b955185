"""Every operation refuses everybody who may not call it, and nobody who may."""

import pytest

from tests.contract import tally
from tests.contract.callers import CALLERS
from tests.contract.cast import Cast
from tests.contract.document import Operation, operations
from tests.contract.matrix import examine
from tests.contract.scene import Scene


@pytest.fixture(scope="session")
async def casts(scenes: tuple[Scene, ...]) -> tuple[Cast, ...]:
    """Those who call, on each engine."""
    return tuple([await Cast.of(scene) for scene in scenes])


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.id)
async def test_every_caller_gets_what_is_theirs_and_nothing_else(
    operation: Operation, casts: tuple[Cast, ...]
) -> None:
    remarks = []
    for cast in casts:
        remarks += await examine(operation, cast)
        cells = {one for one in cast.played if one.split()[1] == operation.id}
        assert len(cells) == len(CALLERS), "not every caller has called"
        tally.cells |= cells
    tally.leaks += remarks
    assert not remarks, "\n".join(remarks)
