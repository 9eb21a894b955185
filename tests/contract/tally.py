"""Says at the end of a run how many operations of the contract it has covered.

A plugin of its own, because where worker processes run the tests, another process reports, and
that one never reads this folder's conftest. Loaded from both places, it takes part once.
"""

from typing import Any

import pytest

NAME = "contract-tally"
KEY = "contract_operations_covered"

covered: set[str] = set()
_from_workers: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    """Let this module take part in a run, once."""
    if not config.pluginmanager.has_plugin(NAME):
        config.pluginmanager.register(_Tally(config), NAME)


class _Tally:
    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_sessionfinish(self) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput[KEY] = sorted(covered)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        _from_workers.update(getattr(node, "workeroutput", {}).get(KEY, ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        found = covered | _from_workers
        if found and not hasattr(self.config, "workerinput"):
            terminalreporter.write_line(sentence(found))


def sentence(found: set[str]) -> str:
    """The figures, equal or not."""
    from tests.contract.document import operations

    sign = "=" if found == {one.id for one in operations()} else "!="
    return f"operations in the contract {len(operations())} {sign} operations covered {len(found)}"
