"""Two hundred clients among many other people cost one statement, which reads no table whole."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import Table, event, func, insert, select

from app.auth.models import AccessEntry, Grant
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus
from app.db.base import table_of
from app.db.events import StoredEvent
from app.db.revisions import BEGIN_HEAD
from app.db.transaction import Database
from app.domains.accounts.models import Account
from app.domains.coaching.models import Client
from app.domains.coaching.terms import ClientStatus
from app.domains.opportunities.models import Opportunity
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.recovery.models import EVIDENCE, RecoveryPlan, RecoveryStep
from app.domains.recovery.terms import PlanStatus, StepKind, StepOrigin, StepStatus
from app.domains.rejections.models import Rejection
from app.domains.rejections.terms import DecidedBy, RejectionStage, RejectionStatus
from app.kit.ids import new_id
from app.kit.practices import Practice
from tests.conftest import Person
from tests.db.rows import row_of
from tests.domains.acting import get
from tests.domains.organizing import add_member, make_organization
from tests.fixtures.postgres import as_owner

CLIENTS, OTHERS = 200, 600
BIG = (
    "accounts",
    "clients",
    "events",
    "grants",
    "opportunities",
    "recovery_plans",
    "recovery_steps",
    "rejections",
)


def rows_of(
    person: UUID, organization: UUID, now: datetime
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """A person with a little of everything: three plans of four steps each, half of them open."""
    stamp = {"owner_id": person, "created_at": now, "updated_at": now, "revision": 2}

    def row(model: type[Any], **fields: Any) -> tuple[type[Any], dict[str, Any]]:
        blank = {column.name: None for column in table_of(model).c if column.nullable}
        return model, {**blank, **stamp, "id": new_id(), **fields}

    for status in (GrantStatus.ACTIVE, *[GrantStatus.REVOKED] * 4):
        yield row(
            Grant,
            organization_id=organization,
            categories=list(ConsentCategory),
            access=ConsentAccess.READ,
            purpose="A sample purpose",
            status=status,
            expires_at=now + timedelta(days=90),
        )
    for _ in range(3):
        rejection = row(
            Rejection,
            company_name="Example GmbH",
            company_folded="example gmbh",
            stage=RejectionStage.INTERVIEW,
            decided_by=DecidedBy.EMPLOYER,
            rejected_on=now.date(),
            reasons=[],
            tags=[],
            status=RejectionStatus.OPEN,
        )
        yield rejection
        plan = row(
            RecoveryPlan,
            rejection_id=rejection[1]["id"],
            title="A plan",
            status=PlanStatus.ACTIVE,
            completed_with_rejection=False,
        )
        yield plan
        for position in range(1, 5):
            yield row(
                RecoveryStep,
                **dict.fromkeys(EVIDENCE.values()),
                plan_id=plan[1]["id"],
                practice=Practice.PERSIST,
                kind=StepKind.CUSTOM,
                title="A step",
                effort_minutes=5,
                position=position,
                due_on=now.date() - timedelta(days=2),
                origin=StepOrigin.PERSON,
                status=StepStatus.PENDING if position % 2 else StepStatus.SKIPPED,
            )
    yield row(
        Opportunity,
        company_name="Example GmbH",
        company_folded="example gmbh",
        role_title="Analyst",
        status=OpportunityStatus.APPLIED,
        next_event_at=now + timedelta(days=2),
    )
    for _ in range(10):
        stated = row(
            StoredEvent, type="rejection.recorded", collection="rejections", record_id=uuid4()
        )
        stated[1].pop("updated_at")
        yield stated


async def people(transaction: Any, count: int, now: datetime) -> list[UUID]:
    accounts = table_of(Account)
    found = [new_id() for _ in range(count)]
    rows = [
        {
            **row_of(accounts, one, {}),
            "display_name": f"Sample {number}",
            "name_folded": f"sample {number}",
            "time_zone": "Europe/Berlin",
            "country": None,
        }
        for number, one in enumerate(found)
    ]
    await transaction.execute(insert(accounts), rows)
    await transaction.execute(BEGIN_HEAD, [{"owner_id": one, "revision": 2} for one in found])
    return found


async def fill(database: Database, organization: UUID, other: UUID) -> None:
    """The clients of an organisation, and many people of another one."""
    now = database.clock.now()
    async with database.write(everyone=True) as transaction:
        for owner, count in ((organization, CLIENTS), (other, OTHERS)):
            of_table: dict[Table, list[Mapping[str, Any]]] = {}
            for number, one in enumerate(await people(transaction, count, now)):
                client = {
                    "owner_id": owner,
                    "id": one,
                    "external_id": f"S-{number:04}",
                    "cohort": f"Cohort {number % 5}",
                    "coach_id": None,
                    "status": ClientStatus.ACTIVE,
                    "created_at": now,
                    "updated_at": now,
                    "revision": 2,
                }
                of_table.setdefault(table_of(Client), []).append(client)
                for model, row in rows_of(one, owner, now):
                    of_table.setdefault(table_of(model), []).append(row)
            for table, rows in of_table.items():
                await transaction.execute(insert(table), rows)


async def plan_of(database: Database, statement: str, parameters: Any) -> str:
    """How the database would run a statement."""
    command = "EXPLAIN" if database.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    async with database.engine.connect() as connection:
        if database.engine.dialect.name == "postgresql":
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            found = await driver.fetch(f"{command} {statement}", *parameters)
            return "\n".join(row[0] for row in found)
        found = await connection.exec_driver_sql(f"{command} {statement}", parameters)
        return "\n".join(str(row[-1]) for row in found)


@contextmanager
def captured(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run inside the block, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT set_config")):
            found.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def scanned(plan: str) -> set[str]:
    """The tables that a plan reads from one end to the other."""
    return set(re.findall(r"(?:Seq Scan on|SCAN) (\w+)", plan))


FOUND: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, CLIENTS),
    ({"attention": "overdue_steps"}, CLIENTS),
    ({"attention": "no_activity"}, 0),
    ({"attention": "consent_missing"}, 0),
    ({"attention": "consent_expiring"}, 0),
    ({"q": "cohort 3"}, CLIENTS // 5),
)
"""How many clients each filter finds."""


async def test_a_whole_caseload_is_one_statement_that_uses_indexes(
    person: Person, database: Database, database_url: str
) -> None:
    organization, other = await make_organization(database), await make_organization(database)
    await add_member(database, organization, person)
    await fill(database, organization, other)
    if database.engine.dialect.name == "postgresql":
        # The program's own role may not: the planner would know nothing of the tables.
        owner = await asyncpg.connect(as_owner(database_url))
        await owner.execute("ANALYZE")
        await owner.close()
    path = f"/v1/organizations/{organization}/clients"
    for filters, expected in FOUND:
        with captured(database) as runs:
            found = (await get(person, path, limit=CLIENTS, **filters))["items"]
        assert len(found) == expected, filters
        assert {one["overdue_steps"] for one in found} <= {6}
        ((statement, parameters),) = [one for one in runs if " clients" in one[0]]
        # Who asks, in which capacity and by which name; the caseload; what is noted of it.
        assert len(runs) == 4 + bool(found), runs
        plan = await plan_of(database, statement, parameters)
        assert not scanned(plan) & {*BIG}, plan
        # That index leads to everybody's grants.
        assert "ix_grants_status_expires_at" not in plan

    entries = table_of(AccessEntry)
    async with database.read(everyone=True) as transaction:
        noted = select(func.count(entries.c.id)).group_by(entries.c.owner_id)
        counts = (await transaction.execute(noted)).scalars().all()
    # All that is shared but insights, of which the caseload tells nothing.
    assert counts == [len(ConsentCategory) - 1] * CLIENTS
