"""The import contracts of `.importlinter` hold, and each of them can be broken.

The proof runs the real configuration on a small house of made-up modules: as it stands it keeps
every contract, and one added line breaks exactly the contract that the line offends.
"""

from __future__ import annotations

import configparser
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from grimp import ImportGraph, build_graph
from importlinter import configuration as importlinter_configuration
from importlinter.application import use_cases

from tests.architecture.import_contracts import PrivateContract

if TYPE_CHECKING:
    from collections.abc import Callable

importlinter_configuration.configure()

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / ".importlinter"

LINT_TIMEOUT_S = 60

HOUSE = {
    "app/__init__.py": "",
    "app/__main__.py": "import app.cli",
    "app/cli.py": "import app.main",
    "app/worker.py": "import app.main",
    "app/main.py": "import app.domains.insights.router",
    "app/settings.py": "",
    "app/kit/__init__.py": "",
    "app/kit/ids.py": "import app.settings",
    "app/db/__init__.py": "",
    "app/db/repository.py": "import sqlalchemy, app.kit.ids",
    "app/mail.py": "import app.db",
    "app/outbound.py": "import httpx, app.kit.ids",
    "app/web/__init__.py": "",
    "app/web/routing.py": "import fastapi, app.db",
    "app/auth/__init__.py": "",
    "app/auth/guards.py": "import app.web.routing",
    "app/auth/models.py": "import sqlalchemy",
    "app/auth/repository.py": "import app.auth.models, app.db.repository",
    "app/auth/service.py": "import app.auth.repository",
    "app/domains/__init__.py": "",
    "app/domains/accounts/__init__.py": "",
    "app/domains/accounts/service.py": "import app.auth.service",
    "app/domains/rejections/__init__.py": "",
    "app/domains/rejections/router.py": "import app.auth.guards, app.domains.rejections.service",
    "app/domains/rejections/service.py": (
        "import app.domains.rejections.repository, app.domains.rejections.schemas\n"
        "import app.domains.accounts.service"
    ),
    "app/domains/rejections/repository.py": (
        "import app.db.repository\nimport app.domains.rejections.models"
    ),
    "app/domains/rejections/schemas.py": "import app.domains.rejections.terms",
    "app/domains/rejections/models.py": "import sqlalchemy, app.domains.rejections.terms",
    "app/domains/rejections/rules/__init__.py": "import app.domains.rejections.events",
    "app/domains/rejections/rules/stages.py": "import app.domains.rejections.errors",
    "app/domains/rejections/events.py": "import app.kit.ids",
    "app/domains/rejections/errors.py": "",
    "app/domains/rejections/terms.py": "",
    "app/domains/recovery/__init__.py": "",
    "app/domains/recovery/service.py": "",
    "app/domains/recovery/reactions.py": "import app.domains.rejections.events",
    "app/domains/insights/__init__.py": "",
    "app/domains/insights/router.py": "import app.domains.rejections.service",
    "migrations/__init__.py": "",
    "migrations/versions/__init__.py": "",
    "migrations/env.py": "import app.auth.models, app.domains.rejections.models",
    "migrations/versions/0001_first.py": "import sqlalchemy",
}


@dataclass(frozen=True)
class Offence:
    """One file added to the house (or one line added to it) and the contracts it breaks."""

    file: str
    line: str
    broken: frozenset[str]


def offence(file: str, line: str, *broken: str) -> Offence:
    return Offence(file, line, frozenset(broken))


OFFENCES = {
    "a package imports a higher one": offence(
        "app/db/engine.py", "import app.web.routing", "house", "packages", "http-blind"
    ),
    "packages on one floor see each other": offence(
        "app/web/letters.py", "import app.mail", "house", "packages"
    ),
    "the guarded client knows the web": offence(
        "app/outbound.py", "import app.web.routing", "house", "packages"
    ),
    "the settings import upwards": offence(
        "app/settings.py", "import app.kit.ids", "house", "packages"
    ),
    "a domain imports a higher one": offence(
        "app/domains/rejections/service.py",
        "import app.domains.recovery.service",
        "house",
        "domains",
    ),
    "a later domain imports a higher one": offence(
        "app/domains/contacts/__init__.py",
        "import app.domains.rejections.service",
        "house",
        "domains",
    ),
    "a new domain has no floor": offence("app/domains/hobbies/__init__.py", "", "domains"),
    "a new package has no floor": offence("app/helpers.py", "", "packages"),
    "a term imports a rule": offence(
        "app/domains/rejections/terms.py", "import app.domains.rejections.rules.stages", "rooms"
    ),
    "a repository knows wire shapes": offence(
        "app/domains/rejections/repository.py", "import app.domains.rejections.schemas", "rooms"
    ),
    "a room has a file of no known kind": offence("app/domains/rejections/utils.py", "", "rooms"),
    "a neighbour imports a repository": offence(
        "app/domains/insights/service.py",
        "import app.domains.rejections.repository",
        "private-repository",
    ),
    "a domain imports the repository of auth": offence(
        "app/domains/accounts/service.py", "import app.auth.repository", "private-repository"
    ),
    "the migration environment imports a repository": offence(
        "migrations/env.py", "import app.domains.rejections.repository", "private-repository"
    ),
    "a neighbour imports a table": offence(
        "app/domains/insights/repository.py",
        "from app.domains.rejections import models",
        "private-models",
    ),
    "a migration imports a table": offence(
        "migrations/versions/0001_first.py",
        "import app.domains.rejections.models",
        "private-models",
    ),
    "a rule speaks SQL": offence(
        "app/domains/rejections/rules/stages.py", "import sqlalchemy", "pure"
    ),
    "an event knows the framework": offence(
        "app/domains/insights/events.py", "import starlette.requests", "pure"
    ),
    "the kit speaks HTTP": offence("app/kit/clients.py", "import httpx", "pure"),
    "a wire shape imports its table": offence(
        "app/domains/rejections/schemas.py", "import app.domains.rejections.models", "wire"
    ),
    "a wire shape imports SQLAlchemy": offence(
        "app/domains/rejections/schemas.py", "import sqlalchemy", "wire"
    ),
    "a service imports the framework": offence(
        "app/domains/rejections/service.py", "import fastapi", "http-blind"
    ),
    "a service reaches the framework through another module": offence(
        "app/auth/service.py", "import app.auth.guards", "http-blind"
    ),
    "a reaction imports the framework": offence(
        "app/domains/recovery/reactions.py", "import starlette.responses", "http-blind"
    ),
}


def options_of_contracts() -> dict[str, configparser.SectionProxy]:
    """Map each contract's short id to its options."""
    configuration = configparser.ConfigParser()
    configuration.read_string(CONFIGURATION.read_text(encoding="utf-8"))
    prefix = "importlinter:contract:"
    return {
        section.removeprefix(prefix): configuration[section]
        for section in configuration.sections()
        if section.startswith(prefix)
    }


def floors_of(contract: str, parent: str = "") -> list[set[str]]:
    """Read the floors of a layers contract, high to low, each as full module names."""
    layers = options_of_contracts()[contract]["layers"].strip().splitlines()
    return [{parent + name.strip(" ()") for name in layer.split("|")} for layer in layers]


def files_hidden_from_the_linter(root: Path) -> list[str]:
    """List the Python files below `root` that the linter doesn't see, so that no contract counts.

    In a regular package it passes over folders that have no `__init__.py`.
    """
    seen = build_graph("app", "migrations", cache_dir=None).modules
    files = [
        file.relative_to(root)
        for folder in ("app", "migrations")
        for file in (root / folder).rglob("*.py")
    ]
    return sorted(
        file.as_posix()
        for file in files
        if ".".join(file.with_suffix("").parts).removesuffix(".__init__") not in seen
    )


@pytest.fixture
def build_house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, str]], Path]:
    """Write a made-up house and let the linter find it ahead of the real one.

    The linter reads the files and never runs them, so only the search path changes and the loaded
    packages of the same names step aside.
    """

    def build(files: dict[str, str]) -> Path:
        for file, text in files.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        for package in ("app", "migrations"):
            monkeypatch.delitem(sys.modules, package, raising=False)
        return tmp_path

    return build


@pytest.fixture
def broken_contracts(
    build_house: Callable[[dict[str, str]], Path], capsys: pytest.CaptureFixture[str]
) -> Callable[[dict[str, str]], set[str]]:
    """Lint a made-up house with the real configuration; answer the ids of its broken contracts."""

    def lint(files: dict[str, str]) -> set[str]:
        build_house(files)
        use_cases.lint_imports(str(CONFIGURATION), cache_dir=None, no_logo=True)

        lines = capsys.readouterr().out.splitlines()
        broken = set()
        for contract, options in options_of_contracts().items():
            result = [line for line in lines if line.startswith(f"{options['name']} ")]
            assert len(result) == 1, "\n".join(lines)
            if result[0].endswith(" BROKEN"):
                broken.add(contract)
        return broken

    return lint


def test_every_import_of_the_house_keeps_the_contracts() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    linter = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LINT_TIMEOUT_S,
        check=False,
    )

    assert linter.returncode == 0, linter.stdout + linter.stderr


def test_the_made_up_house_keeps_every_contract(
    broken_contracts: Callable[[dict[str, str]], set[str]],
) -> None:
    assert broken_contracts(HOUSE) == set()


@pytest.mark.parametrize("offence", OFFENCES.values(), ids=OFFENCES.keys())
def test_one_offence_breaks_exactly_its_contracts(
    broken_contracts: Callable[[dict[str, str]], set[str]], offence: Offence
) -> None:
    before = HOUSE.get(offence.file, "")

    assert broken_contracts(HOUSE | {offence.file: f"{before}\n{offence.line}"}) == offence.broken


def test_every_contract_is_broken_by_an_offence() -> None:
    broken = {contract for offence in OFFENCES.values() for contract in offence.broken}

    assert broken == options_of_contracts().keys()


def test_the_three_house_contracts_tell_the_same_floors() -> None:
    house = floors_of("house")
    packages = floors_of("packages", parent="app.")
    domains = floors_of("domains", parent="app.domains.")

    split = packages.index({"app.domains"})
    assert house == [*packages[:split], *domains, *packages[split + 1 :]]


def test_no_file_of_the_house_is_hidden_from_the_linter() -> None:
    assert files_hidden_from_the_linter(ROOT) == []


def test_a_file_in_a_folder_without_init_is_hidden(
    build_house: Callable[[dict[str, str]], Path],
) -> None:
    root = build_house(HOUSE | {"app/domains/contacts/service.py": ""})

    assert files_hidden_from_the_linter(root) == ["app/domains/contacts/service.py"]


def test_a_private_contract_on_a_file_that_no_room_has_is_an_error() -> None:
    contract = PrivateContract(
        name="misspelt",
        session_options={"root_packages": ["app"]},
        contract_options={"rooms": ["app.domains.*"], "file": "(models)"},
    )
    graph = ImportGraph()
    graph.add_module("app.domains.rejections.models")

    with pytest.raises(ValueError, match=r"No room has a file named '\(models\)'"):
        contract.check(graph, verbose=False)
