"""The `rebound` command, as a person meets it."""

import contextlib
import os
import re
import socket
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from alembic import command

from app import cli
from app.db.schema_version import alembic_config
from app.settings import Settings
from tests.fixtures.postgres import OWNER_ROLE, PROGRAM_ROLE, as_role

COMMANDS = (
    "demo",
    "serve",
    "worker",
    "migrate",
    "openapi",
    "demo-data",
    "search-index",
    "organizations",
    "settings",
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder of its own; its exit code, what it printed and complained."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "environ", {k: v for k, v in os.environ.items() if "REBOUND" not in k})

    def run(*arguments: str, **settings: str) -> tuple[int, str, str]:
        os.environ.update({f"REBOUND_{name.upper()}": v for name, v in settings.items()})
        monkeypatch.setattr(sys, "argv", ["rebound", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        code = ended.value.code
        return code if isinstance(code, int) else int(code is not None), printed.out, printed.err

    return run


def test_help_names_every_command_and_what_it_does(run: Run) -> None:
    code, printed, _ = run("--help")
    assert code == 0
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S", printed, re.MULTILINE), name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_options(run: Run, command: str) -> None:
    code, printed, _ = run(command, "--help")
    assert code == 0
    assert f"rebound {command}" in printed
    sentences = printed.split("Options:")[0].split("\n\n")[1:]
    assert sentences[0].strip().endswith(".")
    for option in re.findall(r"^  (--[a-z-]+)", printed, re.MULTILINE):
        assert re.search(rf"{option}.*\s{{2,}}\S", printed), option
    assert "[/" not in printed


def test_an_unknown_command_is_told_in_words(run: Run) -> None:
    code, _, complaint = run("rejoice")
    assert code == 2
    assert "rejoice" in complaint
    assert "Traceback" not in complaint


def test_settings_lists_every_setting_and_hides_what_is_secret(run: Run) -> None:
    code, printed, _ = run(
        "settings",
        secret_key="hunter2 " * 5,
        mail_url="smtp://user:hunter2@mail.example.com",
        database_url="postgresql://user:hunter2@db.example.com/rebound",
        admin_database_url="postgresql://admin:hunter2@db.example.com/rebound",
        rate_limit_store="redis://:hunter2@redis.example.com:6379/0",
    )
    assert code == 0
    for name in Settings.model_fields:
        assert f"REBOUND_{name.upper()} " in printed
    assert "hunter2" not in printed
    assert "db.example.com" in re.sub(r"[\s\u2502]", "", printed)
    assert "(set)" in printed


def test_a_bad_setting_is_named_in_one_line(run: Run) -> None:
    code, _, complaint = run("settings", pool_size="many", database_url="sqlite:///x.db")
    assert code == 2
    lines = [line for line in complaint.splitlines() if line.startswith("REBOUND_")]
    assert len(lines) == 1
    assert lines[0].startswith("REBOUND_POOL_SIZE: ")
    assert "many" not in lines[0]
    assert "Traceback" not in complaint


def test_migrating_twice_does_no_harm(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        code, _, complaint = run("migrate")
        assert code == 0, complaint
    with sqlite3.connect(tmp_path / "data" / "rebound.db") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    database.close()
    assert {"alembic_version", "accounts", "rejections"} <= tables
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def words_in(database: sqlite3.Connection) -> set[tuple[object, ...]]:
    return set(database.execute("SELECT owner_id, word, collection, id, weight FROM search_words"))


def test_records_that_are_older_than_the_search_are_found_after_migrating(
    run: Run, tmp_path: Path
) -> None:
    assert run("demo-data")[0] == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "rebound.db")) as database:
        # Comments came later: an older version has none, and loses them.
        with database:
            database.execute("DELETE FROM search_words WHERE collection = 'comments'")
        before = words_in(database)
        assert before
        command.downgrade(alembic_config(f"sqlite:///{tmp_path}/data/rebound.db"), "0002")
        assert run("migrate")[0] == 0
        assert words_in(database) == before
        with database:
            database.execute("DELETE FROM search_words WHERE collection = 'rejections'")
        missing = len(before - words_in(database))
        for wrong in (missing, 0):
            code, printed, complaint = run("search-index")
            assert code == 0, complaint
            assert printed.splitlines() == ["people: 2", f"entries changed: {wrong}"]
            assert words_in(database) == before


def test_sample_data_print_what_opens_them(run: Run) -> None:
    code, printed, complaint = run("demo-data")
    assert code == 0, complaint
    said = dict(line.split(": ") for line in printed.splitlines())
    assert list(said) == ["token", "account", "organization", "key"]
    assert said["token"].startswith("rba_")
    assert said["key"].startswith("rbk_test_")
    assert UUID(said["account"]) != UUID(said["organization"])


def test_an_organisation_is_made_with_its_first_admin(run: Run, tmp_path: Path) -> None:
    assert run("demo-data")[0] == 0
    making = ("organizations", "create", "--name", "Example Career Service")
    made = {}
    for more, is_test in (((), 0), (("--test",), 1)):
        code, printed, complaint = run(*making, "--admin-email", "DEMO@example.com", *more)
        assert code == 0, complaint
        made[UUID(printed.removeprefix("organization: ").strip()).bytes] = is_test
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "rebound.db")) as database:
        organizations = database.execute(
            "SELECT id, name, is_test FROM organizations WHERE name NOT LIKE '%(sample data)'"
        )
        assert {(id_, name): is_test for id_, name, is_test in organizations} == {
            (id_, "Example Career Service"): is_test for id_, is_test in made.items()
        }
        admins = database.execute(
            "SELECT m.owner_id, m.name, m.email, m.role, m.status, h.revision FROM memberships m"
            " JOIN accounts a ON a.id = m.account_id JOIN heads h ON h.owner_id = m.owner_id"
            " WHERE m.email = 'demo@example.com'"
        ).fetchall()
    assert {owner for owner, *_ in admins} == set(made)
    for _, name, email, role, status, revision in admins:
        assert (name, email) == ("Demo Person (sample data)", "demo@example.com")
        assert (role, status) == ("admin", "active")
        assert revision > 1


@pytest.mark.parametrize(
    ("name", "email", "code", "said"),
    [
        ("Example", "nobody@example.com", 1, "sign up first"),
        ("  ", "nobody@example.com", 2, "--name must not be blank."),
        ("Example", "nobody", 2, "--admin-email must be an e-mail address"),
    ],
)
def test_an_organisation_that_cannot_be_made_is_told_in_words(
    run: Run, name: str, email: str, code: int, said: str
) -> None:
    arguments = ("--name", name, "--admin-email", email)
    ended, printed, complaint = run("organizations", "create", *arguments)
    assert ended == code
    assert said in complaint
    assert "Traceback" not in complaint
    assert printed == ""


def test_a_database_out_of_reach_is_told_without_its_password(run: Run) -> None:
    code, printed, complaint = run(
        "migrate", database_url="postgresql://user:hunter2@127.0.0.1:1/rebound"
    )
    assert code != 0
    assert "hunter2" not in printed + complaint
    assert "Traceback" not in complaint
    assert "REBOUND_DATABASE_URL" in complaint


def test_a_role_that_does_not_exist_is_told_with_the_statement_that_makes_it(
    run: Run, postgres_url: str
) -> None:
    urls = {"admin_database_url": as_role(postgres_url, OWNER_ROLE)}
    code, _, complaint = run("migrate", **urls, database_url=as_role(postgres_url, "absent"))
    assert code == 2
    assert 'CREATE ROLE "absent" LOGIN' in re.sub(r"\s+", " ", complaint)
    assert "Traceback" not in complaint
    urls["database_url"] = as_role(postgres_url, PROGRAM_ROLE)
    for name in ("migrate", "demo-data"):
        code, _, complaint = run(name, **urls, secret_key="any " * 8)
        assert code == 0, complaint
    _, printed, _ = run("search-index")
    assert printed.splitlines() == ["people: 2", "entries changed: 0"]


def test_a_port_in_use_is_told_before_anything_is_done(run: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for command in ("serve", "demo"):
            code, _, complaint = run(command, "--port", port)
            assert code == 1
            assert port in complaint
            assert "--port" in complaint
            assert "Traceback" not in complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("--port", "99999"), ("--workers", "0"), ("--port", "x")])
def test_an_option_out_of_bounds_is_told_in_words(run: Run, arguments: tuple[str, str]) -> None:
    code, _, complaint = run("serve", *arguments)
    assert code == 2
    assert arguments[0] in complaint
