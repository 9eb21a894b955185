"""Says at the end of a run how much of the contract, and of its authorisation, it has covered.

A plugin of its own, because where worker processes run the tests, another process reports, and
that one never reads this folder's conftest. Loaded from both places, it takes part once.
"""

from typing import Any

import pytest

NAME = "contract-tally"
KEY = "contract_covered"

covered: set[str] = set()
"""Operations that were answered as the contract says."""

cells: set[str] = set()
"""Cells of the authorisation matrix: an engine, an operation and a caller."""

leaks: list[str] = []
"""What is wrong in those cells."""


def pytest_configure(config: pytest.Config) -> None:
    """Let this module take part in a run, once."""
    if not config.pluginmanager.has_plugin(NAME):
        config.pluginmanager.register(_Tally(config), NAME)


class _Tally:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        found = getattr(node, "workeroutput", {}).get(KEY)
        if found is not None:
            covered.update(found["covered"])
            cells.update(found["cells"])
            leaks.extend(found["leaks"])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workeroutput"):
            found = {"covered": sorted(covered), "cells": sorted(cells), "leaks": leaks}
            self.config.workeroutput[KEY] = found
        elif cells and self._is_whole() and not is_complete(cells):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _is_whole(self) -> bool:
        """Whether nobody asked for some of the tests only."""
        chosen = self.config.option.keyword or any("::" in one for one in self.config.args)
        return not chosen and not self.config.getoption("lf", default=False)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if hasattr(self.config, "workerinput"):
            return
        for sentence in (_of_operations(covered), _of_cells(cells, leaks)):
            if sentence:
                terminalreporter.write_line(sentence)


def _of_operations(found: set[str]) -> str:
    """The figures, equal or not."""
    from tests.contract.document import operations

    if not found:
        return ""
    sign = "=" if found == {one.id for one in operations()} else "!="
    return f"operations in the contract {len(operations())} {sign} operations covered {len(found)}"


def _of_cells(found: set[str], wrong: list[str]) -> str:
    if not found:
        return ""
    wanted = _wanted()
    engines, rows, columns = (len({one[i] for one in wanted}) for i in range(3))
    sign = "=" if is_complete(found) else "!="
    return (
        f"authorisation matrix: {rows} operations x {columns} callers x {engines} engines "
        f"= {len(wanted)} cells {sign} {len(found)} cells seen, {len(wrong)} leaks"
    )


def is_complete(found: set[str]) -> bool:
    """Whether every caller has called every operation on every engine."""
    return found == {" ".join(one) for one in _wanted()}


def _wanted() -> set[tuple[str, str, str]]:
    from tests.conftest import ENGINES
    from tests.contract.callers import CALLERS
    from tests.contract.document import operations

    return {
        (engine, operation.id, caller.name)
        for engine in ENGINES
        for operation in operations()
        for caller in CALLERS
    }
