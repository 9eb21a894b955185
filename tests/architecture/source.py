"""A parsed Python file, and what the rules ask of it."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One place where a rule is broken."""

    path: str
    line: int
    message: str

    def describe(self) -> str:
        """Give the place and the message in one line, as linters do."""
        return f"{self.path}:{self.line}: {self.message}"


class Use(NamedTuple):
    """One place where a name is imported or used, by its full dotted name."""

    name: str
    line: int


def is_below(name: str, *tops: str) -> bool:
    """Tell whether a full dotted name is one of the tops or lies below one of them."""
    return any(name == top or name.startswith(f"{top}.") for top in tops)


class Module:
    """One Python file: its text, its syntax tree, and its path from the repository's root."""

    def __init__(self, path: str, text: str) -> None:
        """Parse the text; raises `SyntaxError` if it is not Python."""
        self.path = PurePosixPath(path)
        self.text = text
        self.tree = ast.parse(text, filename=path)

    @classmethod
    def read(cls, root: Path, file: Path) -> Module:
        """Read and parse a file below the repository's root."""
        return cls(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))

    def is_in(self, *places: str) -> bool:
        """Tell whether the file is one of the places or stands in one.

        A place is a path without suffix, such as `app/db/sqlite`: it means the module and the
        package of that name alike. `*` stands for any one folder name.
        """
        parts = self.path.with_suffix("").parts
        return any(
            len(parts) >= len(place)
            and all(wanted in ("*", part) for wanted, part in zip(place, parts, strict=False))
            for place in (tuple(place.split("/")) for place in places)
        )

    def find(self, line: int, message: str) -> Finding:
        """Make a finding in this file."""
        return Finding(str(self.path), line, message)

    @cached_property
    def uses(self) -> list[Use]:
        """Every import and every use of an imported name, as full dotted names.

        `from datetime import datetime as d` and a later `d.now` are the uses `datetime.datetime`
        and `datetime.datetime.now`. Scopes are not told apart: a name that is imported anywhere
        in the file means the import everywhere in it.
        """
        return [*self._imports(), *self._uses_below(self.tree)]

    @cached_property
    def comments(self) -> dict[int, str]:
        """The comment on each line that has one."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    @cached_property
    def _full_names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    names[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return names

    def _imports(self) -> Iterator[Use]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (Use(alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield from (Use(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def _uses_below(self, node: ast.AST) -> Iterator[Use]:
        if isinstance(node, (ast.Attribute, ast.Name)):
            name = self._full_name(node)
            if name is not None:
                yield Use(name, node.lineno)
                return
        for child in ast.iter_child_nodes(node):
            yield from self._uses_below(child)

    def _full_name(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self._full_names.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self._full_name(node.value)
            return f"{owner}.{node.attr}" if owner else None
        return None
