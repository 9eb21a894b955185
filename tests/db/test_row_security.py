"""The second wall: on PostgreSQL a statement that forgets its owner reaches nobody else's rows."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from alembic import command
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from app.auth.models import AccessEntry
from app.db.base import Base, Registration, table_of
from app.db.engine import ModalEngine, create_engine
from app.db.revisions import END_HEAD
from app.db.row_security import EXEMPT, RoleUnfitError, protect
from app.db.schema_version import alembic_config
from app.db.transaction import Database, Transaction
from app.domains.rejections.models import Rejection
from app.domains.rejections.repository import RejectionRepository
from app.kit.clock import SetClock
from app.main import create_app
from app.settings import Settings
from tests.conftest import TEMPLATE, Person
from tests.db.rows import fill, personal_tables, row_of
from tests.fixtures.postgres import OWNER_ROLE, PROGRAM_ROLE, PostgresServer, as_owner

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

REJECTIONS = table_of(Rejection)
REFUSED = "42501"  # insufficient_privilege
EVERYTHING = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def owner_of(table: Table) -> ColumnElement[UUID]:
    return table.c.id if table.name == "accounts" else table.c.owner_id


def count_of(table: Table) -> Select[Any]:
    return select(func.count()).select_from(table)


async def refusal(house: Database, owner_id: UUID, statement: Any) -> str | None:
    """The SQLSTATE with which PostgreSQL refuses a statement of that person, if it does."""
    try:
        async with house.write() as transaction:
            transaction.enter(owner_id)
            await transaction.execute(statement)
    except DBAPIError as error:
        return str(error.orig.sqlstate)  # type: ignore[union-attr]  # asyncpg's errors have one
    return None


@pytest.fixture
async def victim(house: Database) -> UUID:
    """Somebody with a row in every personal table."""
    owner_id = uuid4()
    async with house.write() as transaction:
        transaction.enter(owner_id)
        await fill(transaction, owner_id)
    return owner_id


@pytest.fixture
async def as_admin(settings: Settings) -> AsyncIterator[ModalEngine]:
    """The role that migrates: it owns the tables, and is no superuser."""
    assert settings.admin_database_url
    engine = create_engine(settings.admin_database_url)
    yield engine
    await engine.dispose()


# What a statement without an owner reaches


def of_organizations(table: Table) -> int:
    """How many rows of a table belong to the organisation that knows the victim."""
    return int(table.name == "heads")


@pytest.mark.parametrize("who", ["a stranger", "nobody", "the victim"])
async def test_only_the_owner_is_reached_by_a_statement_that_names_none(
    house: Database, victim: UUID, who: str
) -> None:
    here = int(who == "the victim")
    for table in personal_tables():
        async with house.write() as transaction:
            if who != "nobody":
                transaction.enter(victim if here else uuid4())
            same = {owner_of(table): owner_of(table)}
            seen = (await transaction.execute(count_of(table))).scalar_one()
            found = seen, here, here
            if not registered()[table.name].append_only:
                changed = (await transaction.execute(update(table).values(same))).rowcount
                found = seen, changed, (await transaction.execute(delete(table))).rowcount
            await transaction.discard()
        assert found == (1 if table.name in EXEMPT else here, here, here), table


async def test_what_is_only_added_to_is_changed_and_deleted_by_nobody(
    house: Database, victim: UUID
) -> None:
    lasting = [one for one in personal_tables() if registered()[one.name].append_only]
    assert "access_log" in {table.name for table in lasting}
    for table in lasting:
        same = update(table).values({owner_of(table): owner_of(table)})
        for statement in (same, delete(table)):
            assert await refusal(house, victim, statement) == REFUSED, table


async def test_nobody_adds_a_row_for_somebody_else_or_gives_theirs_away(
    house: Database, victim: UUID
) -> None:
    stranger = uuid4()
    async with house.write() as transaction:
        transaction.enter(stranger)
        rows = await fill(transaction, stranger)
    for table in personal_tables():
        smuggled = insert(table).values(row_of(table, victim, {}))
        given_away = update(table).values({owner_of(table): victim})
        assert await refusal(house, stranger, smuggled) == REFUSED, table
        assert await refusal(house, stranger, given_away) == REFUSED, table
    fresh = {**row_of(REJECTIONS, stranger, rows), "id": uuid4()}
    assert await refusal(house, stranger, insert(REJECTIONS).values(fresh)) is None


async def test_whoever_may_reach_everyone_does(house: Database, victim: UUID) -> None:
    async with house.read(everyone=True) as transaction:
        for table in personal_tables():
            found = (await transaction.execute(count_of(table))).scalar_one()
            assert found == 1 + of_organizations(table), table
    async with house.write(everyone=True) as transaction:
        for table in reversed(personal_tables()):
            if registered()[table.name].append_only:
                continue
            gone = (await transaction.execute(delete(table))).rowcount
            assert gone == 1 + of_organizations(table), table


async def test_one_transaction_may_act_for_one_person_after_another(
    house: Database, victim: UUID
) -> None:
    async with house.write() as transaction:
        for owner_id, seen in ((uuid4(), 0), (victim, 1), (uuid4(), 0)):
            transaction.enter(owner_id)
            assert (await transaction.execute(count_of(REJECTIONS))).scalar_one() == seen


# How long it lasts


async def seen_by(transaction: Transaction) -> int:
    found: int = (await transaction.execute(count_of(REJECTIONS))).scalar_one()
    return found


async def failing(begun: Transaction, owner_id: UUID) -> None:
    async with begun as transaction:
        transaction.enter(owner_id)
        await transaction.execute(text("SELECT 1 / 0"))


@pytest.mark.parametrize("changed_settings", [{"pool_size": 1}])
async def test_the_next_user_of_a_connection_inherits_nobody(house: Database, victim: UUID) -> None:
    for everyone in (False, True):
        for begin in (house.read, house.write, house.snapshot):
            async with begin(everyone=everyone) as transaction:
                transaction.enter(victim)
                assert await seen_by(transaction) == 1
            async with house.read() as transaction:
                assert await seen_by(transaction) == 0
            with pytest.raises(DBAPIError):
                await failing(begin(everyone=everyone), victim)
            async with house.write() as transaction:
                assert await seen_by(transaction) == 0


async def test_it_outlives_a_rest_and_a_rollback_within_a_transaction(
    house: Database, victim: UUID
) -> None:
    async with house.write() as transaction:
        transaction.enter(victim)
        assert await seen_by(transaction) == 1
        async with transaction.suspended():
            pass
        assert await seen_by(transaction) == 1
        await transaction.execute(delete(REJECTIONS))
        assert await seen_by(transaction) == 0
        await transaction.discard()
        assert await seen_by(transaction) == 1


# In the program


@dataclass
class Server:
    """The application, behind the wall or not."""

    http: httpx.AsyncClient
    is_walled: bool


@pytest.fixture(params=[True, False], ids=["walled", "open"])
async def server(
    request: pytest.FixtureRequest, settings: Settings, clock: SetClock
) -> AsyncIterator[Server]:
    if not request.param:
        alone = {"database_url": settings.admin_database_url, "admin_database_url": None}
        settings = settings.model_copy(update=alone)
    async with serving(settings, clock) as http:
        yield Server(http, request.param)


@asynccontextmanager
async def serving(settings: Settings, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as http,
    ):
        yield http


async def test_a_repository_that_forgets_the_owner_shows_nothing_of_others(
    server: Server, person: Person, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the wall the same mistake would show it, which is what the wall is for."""
    theirs = await person.record_rejection()
    forgetful = select(REJECTIONS).where(REJECTIONS.c.id == UUID(theirs["id"]))
    monkeypatch.setattr(RejectionRepository, "_find", forgetful)
    for reader, status in ((person, 200), (stranger, 404 if server.is_walled else 200)):
        answer = await server.http.get(
            f"/v1/rejections/{theirs['id']}", headers={"Authorization": f"Bearer {reader.token}"}
        )
        assert answer.status_code == status, answer.text


async def test_a_request_enters_its_person_without_a_statement_of_its_own(
    database: Database, person: Person
) -> None:
    made = await person.record_rejection()
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    assert (await person.http.get(f"/v1/rejections/{made['id']}")).status_code == 200
    assert len(statements) == 2
    assert "set_config('rebound.owner'" in statements[0]


@pytest.mark.parametrize("told", ["of two roles", "of one role"])
async def test_a_server_that_was_told_wrongly_is_not_ready(
    settings: Settings, clock: SetClock, told: str
) -> None:
    """It would show everybody an empty house, or believe in a wall that is not there."""
    wrong: dict[str, Any] = {"admin_database_url": None}
    if told == "of two roles":
        owners = settings.admin_database_url
        wrong = {"database_url": owners, "admin_database_url": settings.database_url}
    async with serving(settings.model_copy(update=wrong), clock) as http:
        answer = await http.get("/readyz")
    assert answer.status_code == 503
    assert "row security" in answer.json()["detail"]


# What it costs


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


async def test_a_policy_asks_once_and_leaves_the_index_to_the_statement(
    house: Database, victim: UUID
) -> None:
    async with house.write() as transaction:
        transaction.enter(victim)
        await RejectionRepository(transaction, Victim(victim)).insert_all(
            [row_of(REJECTIONS, victim, {}) for _ in range(50)]
        )
    mine = select(REJECTIONS).where(REJECTIONS.c.owner_id == victim)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own has no types
    sql = mine.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    async with house.read() as transaction:
        transaction.enter(victim)
        await transaction.execute(text("SET LOCAL enable_seqscan = off"))
        found = await transaction.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}"))
        told = found.scalar_one()
    plan = json.loads(told) if isinstance(told, str) else told
    found_nodes = nodes(plan[0]["Plan"])
    settings = [one for one in found_nodes if one.get("Parent Relationship") == "InitPlan"]
    assert len(settings) == 2
    assert {one["Actual Loops"] for one in settings} <= {0, 1}
    (condition,) = {one["Index Cond"] for one in found_nodes if "Index Cond" in one}
    assert str(victim) in condition
    assert max(one["Actual Rows"] for one in found_nodes) == 51


class Victim:
    """Whoever's records are written."""

    def __init__(self, owner_id: UUID) -> None:
        self.owner_id = owner_id

    def sees(self, _: str) -> bool:
        return True


# Which tables, and for whom


def registered() -> dict[str, Registration]:
    return {one.local_table.name: one.class_.registration for one in Base.registry.mappers}  # type: ignore[attr-defined]  # all are tables


async def test_every_personal_table_is_protected_and_those_read_by_all_say_why(
    as_admin: ModalEngine,
) -> None:
    async with as_admin.connect() as connection:
        tables = await connection.execute(
            text(
                "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
                " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            )
        )
        is_protected = {row.relname: row.relrowsecurity for row in tables}
        policies: dict[str, set[str]] = {name: set() for name in is_protected}
        for row in await connection.execute(text("SELECT tablename, policyname FROM pg_policies")):
            policies[row.tablename].add(row.policyname)
    assert set(is_protected) == {*registered(), "alembic_version"}
    for name, registration in registered().items():
        assert is_protected[name] is (registration.owner is not None), name
        wanted = {"own", "found_first"} if name in EXEMPT else {"own"}
        assert policies[name] == (wanted if registration.owner is not None else set()), name
    assert EXEMPT.keys() <= registered().keys()
    assert all(len(reason.split()) > 3 for reason in EXEMPT.values())


async def test_the_program_may_change_rows_and_no_schema(as_admin: ModalEngine) -> None:
    async with as_admin.connect() as connection:
        roles = await connection.execute(
            text(
                "SELECT oid, rolname FROM pg_roles WHERE rolname = ANY(:names)"
                " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
            ),
            {"names": [OWNER_ROLE, PROGRAM_ROLE]},
        )
        number_of = {row.rolname: row.oid for row in roles}
        assert set(number_of) == {OWNER_ROLE, PROGRAM_ROLE}
        found = await connection.execute(
            text(
                "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl)"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND grantee = :role"
            ),
            {"role": number_of[PROGRAM_ROLE]},
        )
        granted: dict[str, set[str]] = {}
        for row in found:
            granted.setdefault(row.relname, set()).add(row.privilege_type)
    assert granted.pop("alembic_version") == {"SELECT"}
    assert granted == {
        name: {"INSERT", "SELECT"} if one.append_only else EVERYTHING
        for name, one in registered().items()
    }


async def test_what_a_migration_fills_in_reaches_every_row(
    as_admin: ModalEngine, victim: UUID
) -> None:
    """The owner of the tables is not bound; under FORCE it would change nothing, without a word."""
    async with as_admin.begin() as connection:
        for table in personal_tables():
            filled = await connection.execute(
                update(table).values({owner_of(table): owner_of(table)})
            )
            assert filled.rowcount == 1 + of_organizations(table), table


async def test_deleting_an_account_takes_all_rows_along(house: Database, victim: UUID) -> None:
    accounts = Base.metadata.tables["accounts"]
    async with house.write() as transaction:
        transaction.enter(victim)
        assert (await transaction.execute(END_HEAD, {"owner": victim})).rowcount == 1
        assert (await transaction.execute(delete(accounts))).rowcount == 1
    async with house.read(everyone=True) as transaction:
        for table in personal_tables():
            left = (await transaction.execute(count_of(table))).scalar_one()
            assert left == of_organizations(table), table


# Putting it up


@pytest.fixture
def scratch(migrated_postgres: PostgresServer, database_url: str) -> Iterator[str]:
    """A migrated database of its own, whose security may be changed."""
    name = f"t{uuid4().hex}"
    yield migrated_postgres.create_program_database(name, template=TEMPLATE)
    migrated_postgres.drop_database(name)


async def protecting(url: str, role: str = PROGRAM_ROLE) -> None:
    """What a migration does at its end."""
    engine = create_engine(as_owner(url) or url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(protect, role)
    finally:
        await engine.dispose()


async def security_of(url: str) -> dict[str, tuple[Any, ...]]:
    """By table what protects it, followed by which transactions wrote that."""
    engine = create_engine(as_owner(url) or url)
    async with engine.connect() as connection:
        found = await connection.execute(
            text(
                "SELECT relname, relrowsecurity, relacl::text,"
                " (SELECT string_agg(concat(policyname, cmd, qual, with_check), ' '"
                "    ORDER BY policyname)"
                "    FROM pg_policies WHERE tablename = relname),"
                " xmin::text, (SELECT string_agg(xmin::text, ' ') FROM pg_policy"
                "    WHERE polrelid = pg_class.oid)"
                " FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
        )
        rows = {row[0]: tuple(row[1:]) for row in found}
    await engine.dispose()
    return rows


def without_times(security: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    return {name: said[:3] for name, said in security.items()}


async def run_as_owner(url: str, *statements: str) -> None:
    engine = create_engine(as_owner(url) or url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_protecting_again_changes_nothing_and_mends_what_was_changed(scratch: str) -> None:
    before = await security_of(scratch)
    await protecting(scratch)
    assert await security_of(scratch) == before
    await run_as_owner(
        scratch,
        "DROP POLICY own ON rejections",
        'CREATE POLICY "Open house" ON recovery_steps USING (true)',
        "ALTER TABLE lessons DISABLE ROW LEVEL SECURITY",
        f"REVOKE DELETE ON contacts FROM {PROGRAM_ROLE}",
        f"GRANT TRUNCATE ON companies TO {PROGRAM_ROLE}",
    )
    assert without_times(await security_of(scratch)) != without_times(before)
    await protecting(scratch)
    mended = await security_of(scratch)
    assert without_times(mended) == without_times(before)
    touched = {"rejections", "recovery_steps", "lessons", "contacts", "companies"}
    assert {name for name in mended if mended[name] != before[name]} == touched


async def test_an_account_takes_along_what_nobody_deletes(house: Database, victim: UUID) -> None:
    """The database's cascade acts for the tables' owner."""
    log = table_of(AccessEntry)
    assert await refusal(house, victim, delete(log)) == REFUSED
    assert await refusal(house, victim, delete(Base.metadata.tables["accounts"])) is None
    async with house.read(everyone=True) as transaction:
        assert (await transaction.execute(count_of(log))).scalar_one() == 0


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        ("SELECT 1", r'no role "unfit".*CREATE ROLE'),
        ("CREATE ROLE unfit SUPERUSER", "ALTER ROLE .* NOSUPERUSER"),
        ("CREATE ROLE unfit BYPASSRLS", "ALTER ROLE .* NOSUPERUSER NOBYPASSRLS"),
        (f"CREATE ROLE unfit IN ROLE {OWNER_ROLE}", "owns the table .* REASSIGN OWNED"),
    ],
)
async def test_a_role_that_nothing_would_hold_back_is_refused(
    postgres: PostgresServer, scratch: str, prepare: str, told: str
) -> None:
    postgres.execute(prepare)
    try:
        with pytest.raises(RoleUnfitError, match=told):
            await protecting(scratch, "unfit")
    finally:
        postgres.execute("DROP ROLE IF EXISTS unfit")


def test_migrating_protects_whatever_it_has_made(scratch: str) -> None:
    """Down and up again: tables made anew are as protected as before."""
    before = without_times(asyncio.run(security_of(scratch)))
    config = alembic_config(as_owner(scratch), PROGRAM_ROLE)
    command.downgrade(config, "0001")
    older = without_times(asyncio.run(security_of(scratch)))
    # Heads had another name then: this version of the program knows nothing of such a table.
    del older["account_heads"]
    assert older == {name: before[name] for name in older}
    assert len(older) < len(before)
    command.upgrade(config, "head")
    assert without_times(asyncio.run(security_of(scratch))) == before
