"""Row-level security: the second wall, for the day on which a statement forgets its owner.

On PostgreSQL, with a role of its own for the program, the database itself shows and changes only
rows of the owner that the transaction has entered (`Transaction.enter`). SQLite promises no such
wall. Policies and grants follow from the registrations of the tables, after every migration.

Security is enabled, not forced: the program's role owns no table, so it is bound; the role that
migrates owns them all and is not. Forced, it would let a migration change 0 rows without a word.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.db.base import Base, Registration

if TYPE_CHECKING:
    from app.db.transaction import Transaction

OWNER, REACH, EVERYONE = "rebound.owner", "rebound.reach", "everyone"

EXEMPT: Final[Mapping[str, str]] = {
    "accounts": "signing in finds an account by its e-mail, authenticating joins it to the token",
    "access_tokens": "a request is known by its token, and by nothing else before",
    "refresh_tokens": "a session is prolonged by whoever holds the token",
    "mailed_tokens": "a token from a mail says who hands it in",
    "api_keys": "a program is known by its key, and by nothing else before",
    "memberships": "whether somebody belongs to an organisation is asked before they act for it",
    "organizations": "a key is told apart by what its organisation is; grants show its name",
}
"""Tables that are read before it is known who asks, each with the reason.

Only reading is exempt: their rows too are added, changed and deleted by their owner alone.
"""

_MINE = (
    "{owner} = (SELECT nullif(current_setting('" + OWNER + "', true), '')::uuid)"
    " OR (SELECT current_setting('" + REACH + "', true)) = '" + EVERYONE + "'"
)
"""Settings are asked in subqueries, so that a statement asks once and not for each row."""

_CHANGES = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_ADDITIONS = frozenset({"SELECT", "INSERT"})

SET_REACH = select(
    func.set_config(OWNER, bindparam("owner", type_=String), true()),
    func.set_config(REACH, bindparam("reach", type_=String), true()),
)
"""Lasts until the transaction ends, so that the next user of a connection inherits nothing."""

_IS_ACTIVE = select(func.row_security_active(literal_column("'heads'")))

_ROLE = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = :role")
_TABLES = text(
    "SELECT relname, relrowsecurity,"
    " pg_has_role(CAST(:role AS name), relowner, 'MEMBER') AS is_owner"
    " FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
)
_POLICIES = text(
    "SELECT polrelid::regclass::text AS relname, polname, obj_description(oid, 'pg_policy') AS said"
    " FROM pg_policy"
)
_GRANTS = text(
    "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)"
    " WHERE relnamespace = current_schema()::regnamespace"
    " AND grantee = (SELECT oid FROM pg_roles WHERE rolname = :role)"
)


class RoleUnfitError(RuntimeError):
    """The role in REBOUND_DATABASE_URL cannot be held to row security; the message says why."""


class entering(FunctionElement[str]):  # noqa: N801 -- reads as the function it is in a statement.
    """A column by which a statement itself enters the owner that it finds (PostgreSQL only).

    It saves authenticating a round trip. Tell the transaction: `Transaction.entered`.
    """

    type = String()
    inherit_cache = True
    name = "entering"

    def __init__(self, owner: ColumnElement[Any]) -> None:
        super().__init__(owner)


@compiles(entering)
def _nothing(_: entering, __: Any, **___: Any) -> str:
    return "NULL"


@compiles(entering, "postgresql")
def _set_config(element: entering, compiler: Any, **given: Any) -> str:
    return f"set_config('{OWNER}', ({compiler.process(element.clauses, **given)})::text, true)"


def policies_of(table: Table, registration: Registration) -> dict[str, str]:
    """The policies of a table by their names, and no others; none where nobody owns the rows."""
    if registration.owner is None:
        return {}
    mine = _MINE.format(owner=registration.owner)
    policies = {"own": f"USING ({mine}) WITH CHECK ({mine})"}
    if table.name in EXEMPT:
        policies["found_first"] = "FOR SELECT USING (true)"
    return policies


def protect(connection: Connection, role: str) -> None:
    """Hold a role to the rows of whoever a transaction has entered, in every registered table.

    It is safe to repeat, and locks nothing where all is as it should be. A table that an older
    revision of the schema lacks is left for later.

    Raises:
        RoleUnfitError: there is no such role, or nothing in the database would hold it back.
    """
    _check(connection, role)
    found = {row.relname: row for row in connection.execute(_TABLES, {"role": role})}
    owned = sorted(name for name, row in found.items() if row.is_owner)
    if owned:
        raise RoleUnfitError(
            f'The role "{role}" of REBOUND_DATABASE_URL owns the table {owned[0]}, so row security'
            " does not bind it; give its tables to the role of REBOUND_ADMIN_DATABASE_URL:"
            f' REASSIGN OWNED BY "{role}" TO ...'
        )
    policies: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in connection.execute(_POLICIES):
        policies[row.relname][row.polname] = row.said
    granted: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(_GRANTS, {"role": role}):
        granted[row.relname].add(row.privilege_type)
    for name, wanted, privileges in _wanted():
        if name not in found:
            continue
        if policies[name] != wanted or found[name].relrowsecurity is not bool(wanted):
            _police(connection, name, policies[name], wanted)
        if granted[name] != privileges:
            _grant(connection, name, privileges, role)


def _check(connection: Connection, role: str) -> None:
    passes = connection.execute(_ROLE, {"role": role}).scalar_one_or_none()
    if passes is None:
        raise RoleUnfitError(
            f'PostgreSQL has no role "{role}", which REBOUND_DATABASE_URL names; make it:'
            f" CREATE ROLE \"{role}\" LOGIN PASSWORD '...'"
        )
    if passes:
        raise RoleUnfitError(
            f'Row security does not bind the role "{role}" of REBOUND_DATABASE_URL:'
            f' ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS'
        )


def _wanted() -> Iterator[tuple[str, dict[str, str], frozenset[str]]]:
    """Each table with its policies, and what the program's role may do to it."""
    for mapper in Base.registry.mappers:
        table, registration = mapper.local_table, mapper.class_.registration
        if isinstance(table, Table):
            privileges = _ADDITIONS if registration.append_only else _CHANGES
            yield table.name, policies_of(table, registration), privileges
    yield "alembic_version", {}, frozenset({"SELECT"})


def _police(
    connection: Connection, table: str, present: Mapping[str, str], wanted: Mapping[str, str]
) -> None:
    for name in map(connection.dialect.identifier_preparer.quote_identifier, present):
        _run(connection, f"DROP POLICY {name} ON {table}")
    for name, said in wanted.items():
        _run(connection, f"CREATE POLICY {name} ON {table} {said}")
        # PostgreSQL tells a policy in words of its own; the comment is compared next time.
        quoted = said.replace("'", "''")
        _run(connection, f"COMMENT ON POLICY {name} ON {table} IS '{quoted}'")
    _run(connection, f"ALTER TABLE {table} {'ENABLE' if wanted else 'DISABLE'} ROW LEVEL SECURITY")


def _grant(connection: Connection, table: str, privileges: frozenset[str], role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    _run(connection, f"REVOKE ALL ON {table} FROM {quoted}")
    _run(connection, f"GRANT {', '.join(sorted(privileges))} ON {table} TO {quoted}")


def _run(connection: Connection, definition: str) -> None:
    """Definitions take no parameters; names come from the models, the role from the settings."""
    connection.exec_driver_sql(definition)


async def is_as_told(transaction: "Transaction") -> bool:
    """Whether the database holds this program's role to row security exactly if it was told so.

    A program that does not know of it would enter nobody, and everybody's records would seem gone.
    """
    if transaction.dialect != "postgresql":
        return True
    is_active = (await transaction.execute(_IS_ACTIVE)).scalar_one()
    return bool(is_active) is transaction.database.engine.row_security
