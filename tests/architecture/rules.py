"""Rules that imports alone can't show.

Each rule is one function: it takes a parsed file and yields what it finds wrong there. `RULES`
lists them all. Each has a sample of the same name in `samples/` that it must find wrong.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.architecture.source import Finding, Module, is_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Rule = Callable[[Module], Iterator[Finding]]

MAX_LINES = 400

TRANSACTION_ENDS = {"begin", "commit", "rollback"}

STATEMENTS = {"select", "insert", "update", "delete", "text"}

PRESENT_TIME = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.current_date",
)
NEW_IDS = (
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
    "uuid.uuid8",
    "uuid_utils",
)

ENVIRONMENT = (
    "os.environ",
    "os.environb",
    "os.getenv",
    "os.getenvb",
    "os.putenv",
    "os.unsetenv",
    "dotenv",
    "pydantic_settings",
)

HTTP_CLIENTS = (
    "aiohttp",
    "h11",
    "http.client",
    "httpcore",
    "httpx",
    "httpx2",
    "requests",
    "urllib.request",
    "urllib3",
)
CONNECTIONS = (
    "anyio.connect_tcp",
    "asyncio.open_connection",
    "socket.create_connection",
    "socket.getaddrinfo",
    "socket.gethostbyname",
)

BARE_TYPES = {"str", "int", "float"}

# A directive counts where its tool would read it: right after a `#`.
IGNORE = re.compile(
    r"""\#\s*(?:
        (?:(?:ruff|flake8):\s*)?(?P<noqa>noqa\b)(?::\s*(?P<rules>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+\b)*))?
      | (?P<type>type:\s*ignore\b)(?:\[(?P<errors>[^\]]+)\])?
      | (?P<nosec>nosec\b)(?::?\s*(?P<tests>B\d+(?:[,\s]+B\d+\b)*))?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]{2,}")
MIN_WORDS_OF_A_REASON = 2


def transactions_end_in_one_place(module: Module) -> Iterator[Finding]:
    """Only `db/transaction.py`, and the engine below it, begins, commits and rolls back.

    `begin` counts because SQLAlchemy's block of that name commits where it ends.
    """
    if not module.is_in("app") or module.is_in(
        "app/db/transaction", "app/db/engine", "app/db/sqlite"
    ):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in TRANSACTION_ENDS:
            yield module.find(node.lineno, f"{node.attr} belongs to app/db/transaction.py")


def statements_stand_in_repositories(module: Module) -> Iterator[Finding]:
    """Only a repository and `db/` make SQL statements; models name tables and constraints."""
    if not module.is_in("app") or module.is_in(
        "app/db", "app/auth/repository", "app/domains/*/repository"
    ):
        return
    for name, line in module.uses:
        if is_below(name, "sqlalchemy") and name.rpartition(".")[2] in STATEMENTS:
            yield module.find(line, f"{name} belongs to a repository.py")


def time_and_ids_come_from_the_kit(module: Module) -> Iterator[Finding]:
    """Only `kit/` asks for the present time or a new id; a `Clock` and `kit.ids` hand them on.

    `time.monotonic` and `time.perf_counter` measure durations and are free to use.
    """
    if not module.is_in("app") or module.is_in("app/kit"):
        return
    for name, line in module.uses:
        if is_below(name, *PRESENT_TIME, *NEW_IDS):
            yield module.find(line, f"{name} belongs to app/kit")


def domains_raise_problems(module: Module) -> Iterator[Finding]:
    """A domain raises the problems of its `errors.py`, never an `HTTPException`."""
    if not module.is_in("app/domains"):
        return
    for name, line in module.uses:
        if name.rpartition(".")[2] == "HTTPException":
            yield module.find(line, "a domain raises a Problem, not an HTTPException")


def environment_is_read_in_settings(module: Module) -> Iterator[Finding]:
    """Only `settings.py` reads the environment."""
    if not module.is_in("app") or module.is_in("app/settings"):
        return
    for name, line in module.uses:
        if is_below(name, *ENVIRONMENT):
            yield module.find(line, f"{name} belongs to app/settings.py")


def outbound_http_goes_through_one_client(module: Module) -> Iterator[Finding]:
    """Only the guarded client, `outbound.py`, calls other hosts."""
    if not module.is_in("app") or module.is_in("app/outbound"):
        return
    for name, line in module.uses:
        if is_below(name, *HTTP_CLIENTS, *CONNECTIONS):
            yield module.find(line, f"{name} belongs to app/outbound.py")


def chance_is_secret(module: Module) -> Iterator[Finding]:
    """Random values come from `secrets`; only sample data may be predictable."""
    if not module.is_in("app") or module.is_in("app/demo"):
        return
    for name, line in module.uses:
        if is_below(name, "random"):
            yield module.find(line, f"{name} is predictable; use secrets")


def wire_fields_are_bounded(module: Module) -> Iterator[Finding]:
    """Every field of a wire shape has limits: a type alias or `Annotated`, never a bare type."""
    if not module.is_in("app/domains/*/schemas"):
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for field in node.body:
            if isinstance(field, ast.AnnAssign):
                for bare in sorted(_bare_types(field.annotation)):
                    name = ast.unparse(field.target)
                    yield module.find(field.lineno, f"{node.name}.{name} is a bare {bare}")


def _bare_types(annotation: ast.expr) -> set[str]:
    """Name the bare types in an annotation, also inside unions and containers."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return _bare_types(ast.parse(annotation.value, mode="eval").body)
    if isinstance(annotation, ast.Name):
        return {annotation.id} & BARE_TYPES
    if isinstance(annotation, ast.Subscript):
        container = ast.unparse(annotation.value).rpartition(".")[2]
        # Annotated is where limits stand, Literal lists its values, a ClassVar is no field.
        if container in {"Annotated", "Literal", "ClassVar"}:
            return set()
        return _bare_types(annotation.slice)
    return {
        bare
        for child in ast.iter_child_nodes(annotation)
        if isinstance(child, ast.expr)
        for bare in _bare_types(child)
    }


def ignores_have_a_code_and_a_reason(module: Module) -> Iterator[Finding]:
    """A lint ignore says what it ignores and why, after itself or in the comment above it."""
    for line, comment in module.comments.items():
        ignores = list(IGNORE.finditer(comment))
        for ignore in ignores:
            if not (ignore["rules"] or ignore["errors"] or ignore["tests"]):
                kind = ignore["noqa"] or ignore["type"] or ignore["nosec"]
                yield module.find(line, f"{kind} without a code")
        if ignores and not _has_reason(module, line):
            yield module.find(line, "a lint ignore without a reason")


def _has_reason(module: Module, line: int) -> bool:
    if _is_reason(IGNORE.sub("", module.comments[line])):
        return True
    above = module.comments.get(line - 1, "")
    if not above or module.text.splitlines()[line - 2].strip() != above:
        return False
    return not IGNORE.search(above) and _is_reason(above)


def _is_reason(text: str) -> bool:
    return len(WORD.findall(text)) >= MIN_WORDS_OF_A_REASON


def only_the_cli_prints(module: Module) -> Iterator[Finding]:
    """Only `cli.py` writes to the terminal; everything else logs."""
    if not module.is_in("app") or module.is_in("app/cli"):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id == "print":
            yield module.find(node.lineno, "print belongs to app/cli.py")


def files_stay_small(module: Module) -> Iterator[Finding]:
    """A file that passes 400 lines becomes a package; only what stands in `data/` may grow."""
    if not module.is_in("app") or "data" in module.path.parent.parts:
        return
    lines = len(module.text.splitlines())
    if lines > MAX_LINES:
        yield module.find(lines, f"{lines} lines; at most {MAX_LINES}")


def rooms_open_with_a_docstring_only(module: Module) -> Iterator[Finding]:
    """The `__init__.py` of a domain says what the room is for; it re-exports nothing."""
    if not module.path.match("app/domains/*/__init__.py"):
        return
    statements = module.tree.body
    if ast.get_docstring(module.tree) is None:
        yield module.find(1, "a room says in a docstring what it is for")
    else:
        statements = statements[1:]
    for statement in statements:
        yield module.find(statement.lineno, "a room's __init__.py holds its docstring only")


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        transactions_end_in_one_place,
        statements_stand_in_repositories,
        time_and_ids_come_from_the_kit,
        domains_raise_problems,
        environment_is_read_in_settings,
        outbound_http_goes_through_one_client,
        chance_is_secret,
        wire_fields_are_bounded,
        ignores_have_a_code_and_a_reason,
        only_the_cli_prints,
        files_stay_small,
        rooms_open_with_a_docstring_only,
    )
}
