"""The table of practices in docs/practices.md, as the tests read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "practices.md"


@dataclass(frozen=True)
class Row:
    """A practice, the operations it needs, and the story that shows it."""

    practice: str
    label: str
    operations: tuple[str, ...]
    module: str
    story: str


def rows() -> Iterator[Row]:
    """The rows of the table, in their order."""
    for line in PAGE.read_text().splitlines():
        if re.match(r"\| [A-E]\d ", line):
            name, _, operations, story = (cell.strip() for cell in line.strip("|").split("|"))
            practice, _, label = name.partition(" ")
            module, _, function = story.strip("`").partition("::")
            yield Row(practice, label, tuple(re.findall(r"`(\w+)`", operations)), module, function)


def needed_by(module: str, story: str) -> list[str]:
    """The operations that the rows of a story name, each once."""
    found = [row for row in rows() if (row.module, row.story) == (module, story)]
    return sorted({operation for row in found for operation in row.operations})
