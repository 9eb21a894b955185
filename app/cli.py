"""The `rebound` command."""

import asyncio
import contextlib
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from alembic import command
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from app import demo as sample
from app import worker as worker_process
from app.db.engine import is_temporary
from app.db.row_security import RoleUnfitError
from app.db.schema_version import ROOT, alembic_config, table_names
from app.db.words import SearchWord, rebuild
from app.domains.coaching.schemas.organizations import OrganizationCreate
from app.domains.coaching.service.organizations import NoSuchAccountError, create_organization
from app.kit.cursors import CursorCodec
from app.main import create_database, specification
from app.settings import SecretMissingError, Settings, hand_down
from app.web.breaking import breaking_changes, parse_contract
from app.web.contract import to_text
from app.web.observing import configure_logging, serve_metrics

DRAIN_S = 20
DEMO_TOKEN_SECONDS = 86_400
THIS_MACHINE = {name: (IPv4Network("127.0.0.0/8"),) for name in ("127.0.0.1", "localhost")}
BREAKS_CLIENTS = (
    "These changes break clients of openapi/released.json: "
    "make them additive, or release a new version of the API."
)
_PASSWORD_IN_URL = re.compile(r"(://[^:/@]*:)[^/]*(@)")

cli = typer.Typer(
    name="rebound",
    help="Rebound: what to do after a job rejection, as an HTTP API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
organizations = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(organizations, name="organizations", help="Coaching platforms, career services.")
console = Console(stderr=True)

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for all.")]
Port = Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on.")]


def main() -> None:
    """Run the command line."""
    try:
        cli()
    except ValidationError as invalid:
        for error in invalid.errors():
            name = "REBOUND_" + "_".join(map(str, error["loc"])).upper()
            console.print(f"{name}: {error['msg']}", style="red", markup=False)
        console.print("`rebound settings` lists all settings with their units.", markup=False)
        sys.exit(2)
    except (SecretMissingError, RoleUnfitError) as unusable:
        console.print(str(unusable), style="red", markup=False)
        sys.exit(2)


@cli.command()
def demo(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Try it: a throw-away database full of sample data, with the docs page ready to click.

    Prints the demo person's bearer token and account id, and the id and API key of a sample
    organisation that they let see a part. Everything is gone when you stop it.
    """
    _check_free(host, port)
    # Being told to stop is like Ctrl-C: an exception, so that the folder goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="rebound-demo-") as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/rebound.db",
            admin_database_url=None,
            access_token_seconds=DEMO_TOKEN_SECONDS,
            sqlite_synchronous="NORMAL",
            base_url=f"http://{host}:{port}",
            sign_up="open",
            mail_url=None,
            worker="inside",
            # Whoever has the key could make an open demo call what listens on this machine only.
            webhook_networks=THIS_MACHINE.get(host, ()),
        )
        _migrate(settings)
        person = _fill(settings)
        settings = settings.model_copy(update={"demo_token": SecretStr(person.token)})
        typer.echo(f"{person.introduction}\nOpen {settings.base_url}/docs - all is sample data.")
        sys.stdout.flush()
        _serve(settings, host, port)


@cli.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Number of processes.")] = 1,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Run due and queued work in here as well.")
    ] = False,
    migrate: Annotated[bool, typer.Option(help="Bring the database to this version first.")] = True,
) -> None:
    """Serve your own data, by default in data/rebound.db; brings the database up to date first."""
    _check_free(host, port)
    settings = Settings()
    if with_worker:
        settings = settings.model_copy(update={"worker": "inside"})
    if migrate:
        _migrate(settings)
    typer.echo(f"Open http://{host}:{port}/docs")
    sys.stdout.flush()
    _serve(settings, host, port, workers)


@cli.command()
def worker() -> None:
    """Run what is due (purges and the like) and what was queued, until it is told to stop."""
    settings = Settings()
    configure_logging(settings.log_level)
    asyncio.run(worker_process.run(settings))


@cli.command()
def migrate() -> None:
    """Bring the database to the version of this program."""
    _migrate(Settings())


@cli.command()
def openapi(
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Write nothing; fail if openapi/openapi.json is not up to date, or if a change "
            "breaks clients of the released contract, openapi/released.json.",
        ),
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Write nothing; say what breaks for a client of this older contract.",
        ),
    ] = None,
    release: Annotated[
        bool,
        typer.Option(
            "--release",
            help="Write the contract to openapi/released.json; done when a version is published.",
        ),
    ] = False,
) -> None:
    """Write the contract to openapi/openapi.json."""
    if check + release + (since is not None) > 1:
        raise typer.BadParameter("Choose one of --check, --since and --release.")
    if since is not None:
        _say_what_breaks(since)
    elif check:
        _check_contract()
    else:
        path = ROOT / "openapi" / ("released.json" if release else "openapi.json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(to_text(specification()), encoding="utf-8")
        typer.echo(f"Wrote {path.relative_to(ROOT)}.")


def _check_contract() -> None:
    """Compare the code's contract with both committed ones, and say everything that is wrong."""
    written, released = ROOT / "openapi" / "openapi.json", ROOT / "openapi" / "released.json"
    complaints = []
    text = to_text(specification())
    if not written.exists() or written.read_text(encoding="utf-8") != text:
        complaints.append(
            "openapi/openapi.json is not what the routers and schemas say. "
            "Run `rebound openapi` and commit the result."
        )
    if not released.exists():
        complaints.append(
            "openapi/released.json is missing: it is the contract of the last published version. "
            "Bring it back, or write the first one with `rebound openapi --release`."
        )
    elif sentences := _breaking_since(released):
        complaints += [BREAKS_CLIENTS, *sentences]
    for complaint in complaints:
        typer.echo(complaint, err=True)
    if complaints:
        raise typer.Exit(1)
    typer.echo("openapi/openapi.json is up to date and breaks no client of openapi/released.json.")


def _say_what_breaks(since: Path) -> None:
    sentences = _breaking_since(since)
    for sentence in sentences or (f"Nothing breaks for a client of {since}.",):
        typer.echo(sentence)
    if sentences:
        raise typer.Exit(1)


def _breaking_since(path: Path) -> list[str]:
    try:
        older = parse_contract(path.read_bytes())
        return [one.sentence for one in breaking_changes(older, specification())]
    except ValueError as unreadable:
        typer.echo(f"{path} is no contract that can be compared: {unreadable}.", err=True)
        raise typer.Exit(2) from None


@cli.command("demo-data")
def demo_data() -> None:
    """Add a demo person and organisation to your database, and print what `demo` prints."""
    settings = Settings()
    _migrate(settings)
    typer.echo(_fill(settings).introduction)


@cli.command("search-index")
def search_index() -> None:
    """Read the words of all records anew, and say how many entries of the search were wrong.

    Nobody needs it in daily life: the words are kept with every change. It can run while others
    use the database.
    """
    settings = Settings()
    _migrate(settings)
    people, changed = _read_words(settings)
    typer.echo(f"people: {people}")
    typer.echo(f"entries changed: {changed}")


@organizations.command("create")
def create(
    name: Annotated[str, typer.Option(help="What clients and members read.")],
    admin_email: Annotated[
        str, typer.Option(help="The e-mail address of the account of its first admin.")
    ],
    test: Annotated[
        bool, typer.Option("--test", help="Only for trying out: mails nobody.")
    ] = False,
) -> None:
    """Make an organisation with its first admin; you vouch for the name that people read."""
    try:
        wanted = OrganizationCreate(name=name, is_test=test, admin_email=admin_email)
    except ValidationError as invalid:
        for error in invalid.errors():
            option = str(error["loc"][0]).replace("_", "-")
            typer.echo(f"--{option} {error['msg']}.", err=True)
        raise typer.Exit(2) from None
    settings = Settings()
    _migrate(settings)
    database = create_database(settings)

    async def make() -> None:
        try:
            typer.echo(f"organization: {await create_organization(database, wanted)}")
        except NoSuchAccountError:
            typer.echo("No account has the address of --admin-email: sign up first.", err=True)
            raise typer.Exit(1) from None
        finally:
            await database.engine.dispose()

    asyncio.run(make())


@cli.command("settings")
def show_settings() -> None:
    """List all settings with their values, defaults and units. Secrets are not shown."""
    settings = Settings()
    table = Table("Variable", "Value", "Default", "Meaning", show_lines=False, expand=True)
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        table.add_row(
            f"REBOUND_{name.upper()}",
            _plain(value),
            _plain(field.default),
            field.description or "",
        )
    Console(width=None if sys.stdout.isatty() else 240).print(table)


def _check_free(host: str, port: int) -> None:
    """Say at once that a port is taken, before any work is done for it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.echo(f"Cannot listen on {host}:{port}: {error.strerror}.", err=True)
            typer.echo("Another program may use it; choose one with --port.", err=True)
            raise typer.Exit(1) from None


def _plain(value: object) -> str:
    if value is None or value == ():
        return "-"
    if isinstance(value, SecretStr):
        return "(set)"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return _PASSWORD_IN_URL.sub(r"\1(set)\2", text)


def _migrate(settings: Settings) -> None:
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = settings.admin_database_url or settings.database_url
    with _progress() as bars:
        task = bars.add_task("Bringing the database up to date", total=1)
        try:
            before = asyncio.run(table_names(url))
            command.upgrade(alembic_config(url, settings.restricted_role), "head")
        except Exception as error:
            if not is_temporary(error):
                raise
            typer.echo("The database is out of reach; see REBOUND_DATABASE_URL.", err=True)
            raise typer.Exit(1) from None
        bars.advance(task)
    if before and SearchWord.__tablename__ not in before:
        _read_words(settings)  # The records are older than the search.


def _read_words(settings: Settings) -> tuple[int, int]:
    """Rebuild what the search knows; of how many people, and how many entries changed."""
    database = create_database(settings)

    async def read() -> tuple[int, int]:
        people = changed = 0
        try:
            async for entries in rebuild(database):
                people, changed = people + 1, changed + entries
                bars.update(task, completed=people)
        finally:
            await database.engine.dispose()
        return people, changed

    with _progress() as bars:
        task = bars.add_task("Reading the words of all records", total=None)
        return asyncio.run(read())


def _fill(settings: Settings) -> sample.DemoPerson:
    database = create_database(settings)
    with _progress() as bars:
        task = bars.add_task("Writing sample data", total=None)

        def tell(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        async def fill() -> sample.DemoPerson:
            try:
                return await sample.fill(database, tell)
            finally:
                await database.engine.dispose()

        return asyncio.run(fill())


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bars:
        yield bars


def _serve(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    CursorCodec(settings.secret)  # A missing key is told here, not by each server process.
    configure_logging(settings.log_level)
    if settings.metrics_port is not None and workers == 1:
        serve_metrics(settings.metrics_port)
    hand_down(settings)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        log_level="warning",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies) or None,
        timeout_graceful_shutdown=DRAIN_S,
    )
