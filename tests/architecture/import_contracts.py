"""The import-linter contract type `private`, which `.importlinter` uses for contract 3.

import-linter's own `protected` type names fixed importers. It can't say "only the room this file
stands in", so a list for it would have to grow with every new domain. This type can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from importlinter import Contract, ContractCheck, fields, output
from typing_extensions import override

if TYPE_CHECKING:
    from grimp import ImportGraph


class ForeignImport(TypedDict):
    """One import of a private file from outside its room."""

    importer: str
    imported: str
    line_numbers: list[int]


class PrivateContract(Contract):
    """A file with this name may be imported only from inside the room it stands in.

    Only direct imports count: to reach a repository through the service of its room is the way
    a neighbour is meant to go.

    Options:

    - `rooms`: module expressions, such as `app.auth` or `app.domains.*`.
    - `file`: the name of the private module or package in each room, such as `repository`.
    - `allowed_importers`: modules outside the room that may import the file (optional).

    Raises `ValueError` if no room has such a file: a misspelt name would keep this contract
    forever.
    """

    type_name = "private"

    rooms = fields.ListField(subfield=fields.StringField())
    file = fields.StringField()
    allowed_importers = fields.ListField(subfield=fields.StringField(), required=False)

    @override
    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of a private file that comes from outside its room."""
        file = cast("str", self.file)
        rooms = {
            room
            for expression in cast("list[str]", self.rooms)
            for room in graph.find_matching_modules(expression)
        }
        rooms_with_file = sorted(room for room in rooms if f"{room}.{file}" in graph.modules)
        if not rooms_with_file:
            raise ValueError(f"No room has a file named '{file}'.")

        foreign_imports = [
            foreign_import
            for room in rooms_with_file
            for foreign_import in self._foreign_imports(graph, room, f"{room}.{file}")
        ]
        return ContractCheck(
            kept=not foreign_imports, metadata={"foreign_imports": foreign_imports}
        )

    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that the contract refuses."""
        for foreign in cast("list[ForeignImport]", check.metadata["foreign_imports"]):
            lines = ", ".join(f"l.{number}" for number in foreign["line_numbers"])
            output.print_error(
                f"- {foreign['importer']} -> {foreign['imported']} ({lines})", bold=False
            )
        output.new_line()

    def _foreign_imports(
        self, graph: ImportGraph, room: str, private_file: str
    ) -> list[ForeignImport]:
        allowed_importers = cast("list[str] | None", self.allowed_importers) or []
        return [
            {
                "importer": importer,
                "imported": imported,
                "line_numbers": [
                    detail["line_number"]
                    for detail in graph.get_import_details(importer=importer, imported=imported)
                ],
            }
            for imported in sorted({private_file, *graph.find_descendants(private_file)})
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if not _is_inside(importer, room) and importer not in allowed_importers
        ]


def _is_inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
