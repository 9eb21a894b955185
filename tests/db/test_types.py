"""A value comes back from both databases as it went in."""

import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.base import bound_texts
from app.db.engine import Mode, connect, create_engine
from app.db.types import Id, UtcDateTime, enum_type, json_type, render_item


class Stage(StrEnum):
    APPLICATION = "application"
    FINAL_ROUND = "final_round"


METADATA = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
SAMPLES = Table(
    "samples",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime()),
    Column("id", Id(), unique=True),
    Column("document", json_type()),
    Column("stage", enum_type(Stage, "stage")),
    Column("company", String(5)),
)
bound_texts(SAMPLES)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/types.db"
    postgres_url: str = request.getfixturevalue("postgres_url")
    return postgres_url


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield engine
    await engine.dispose()


async def store(engine: AsyncEngine, **values: Any) -> None:
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        await connection.execute(insert(SAMPLES), values)
        await connection.commit()


async def load(engine: AsyncEngine, column: str) -> list[Any]:
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        query = select(SAMPLES.c[column]).order_by(SAMPLES.c.number)
        return list((await connection.execute(query)).scalars())


# Instants

INSTANTS = [
    datetime(2026, 1, 31, 23, 59, 59, 999_999, UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2026, 2, 1, tzinfo=UTC),
    datetime(2200, 12, 31, 12, 30, tzinfo=UTC),
    datetime(2026, 1, 31, 23, 59, 59, 1, UTC),
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(9999, 12, 30, tzinfo=UTC),
    datetime(2026, 2, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))),
]


@pytest.mark.anyio
async def test_instants_come_back_equal_and_in_utc(engine: AsyncEngine) -> None:
    for instant in INSTANTS:
        await store(engine, at=instant)
    await store(engine, at=None)
    *found, nothing = await load(engine, "at")
    assert nothing is None
    assert found == INSTANTS
    assert all(instant.utcoffset() == timedelta(0) for instant in found)


@pytest.mark.anyio
async def test_instants_are_ordered_and_compared_as_time(engine: AsyncEngine) -> None:
    for instant in INSTANTS:
        await store(engine, at=instant)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        ordered = await connection.execute(select(SAMPLES.c.at).order_by(SAMPLES.c.at))
        assert list(ordered.scalars()) == sorted(INSTANTS)
        for limit in INSTANTS:
            later = select(func.count()).where(SAMPLES.c.at > limit)
            assert await connection.scalar(later) == sum(at > limit for at in INSTANTS)
        assert await connection.scalar(select(func.max(SAMPLES.c.at))) == max(INSTANTS)


@pytest.mark.anyio
async def test_a_datetime_without_time_zone_is_refused(engine: AsyncEngine) -> None:
    with pytest.raises(StatementError, match="without a time zone"):
        await store(engine, at=datetime(2026, 1, 1))  # noqa: DTZ001 -- the point of the test


# Ids


@pytest.mark.anyio
async def test_ids_come_back_as_uuids(engine: AsyncEngine) -> None:
    sample = uuid.UUID("0190a3c2-0000-7000-8000-00000000000a")
    await store(engine, id=sample)
    await store(engine, id=None)
    found, nothing = await load(engine, "id")
    assert isinstance(found, uuid.UUID)
    assert found == sample
    assert hash(found) == hash(sample)
    assert nothing is None
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(select(SAMPLES.c.number).where(SAMPLES.c.id == sample)) == 1
        either = select(SAMPLES.c.number).where(SAMPLES.c.id.in_([sample, uuid.UUID(int=1)]))
        assert await connection.scalar(either) == 1


@pytest.mark.anyio
async def test_ids_are_ordered_alike_on_both_databases(engine: AsyncEngine) -> None:
    samples = [uuid.UUID(int=number << 64) for number in (2**63, 1, 2**60, 255, 256)]
    for sample in samples:
        await store(engine, id=sample)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        ordered = await connection.execute(select(SAMPLES.c.id).order_by(SAMPLES.c.id))
        assert list(ordered.scalars()) == sorted(samples)


@pytest.mark.anyio
async def test_ids_take_their_native_form(engine: AsyncEngine) -> None:
    await store(engine, id=uuid.UUID(int=7))
    question = {
        "sqlite": "SELECT typeof(id) || length(id) FROM samples",
        "postgresql": "SELECT pg_typeof(id)::text FROM samples",
    }[engine.dialect.name]
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(text(question)) in {"blob16", "uuid"}


@pytest.mark.anyio
async def test_text_is_no_id(engine: AsyncEngine) -> None:
    with pytest.raises(StatementError, match="must be a UUID, not str"):
        await store(engine, id="0190a3c2-0000-7000-8000-00000000000a")


# Documents

DOCUMENT = {
    "reasons": ["timing", "seniority"],
    "score": 0.5,
    "count": 2**53,
    "none": None,
    "ü": "€",
}


@pytest.mark.parametrize("document", [DOCUMENT, [], {}, [1, "zwei", None], "text", 0, False])
@pytest.mark.anyio
async def test_documents_come_back_equal(engine: AsyncEngine, document: object) -> None:
    await store(engine, document=document)
    assert await load(engine, "document") == [document]


@pytest.mark.anyio
async def test_no_document_is_null_and_not_the_text_null(engine: AsyncEngine) -> None:
    await store(engine, document=None)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        empty = select(func.count()).where(SAMPLES.c.document.is_(None))
        assert await connection.scalar(empty) == 1


@pytest.mark.anyio
async def test_a_document_can_be_searched_by_key(engine: AsyncEngine) -> None:
    await store(engine, document=DOCUMENT)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        found = select(SAMPLES.c.number).where(
            SAMPLES.c.document["reasons"][0].as_string() == "timing"
        )
        assert await connection.scalar(found) == 1


# Enums and bounds


@pytest.mark.anyio
async def test_enums_store_their_values(engine: AsyncEngine) -> None:
    await store(engine, stage=Stage.FINAL_ROUND)
    await store(engine, stage="application")
    found = await load(engine, "stage")
    assert found == [Stage.FINAL_ROUND, Stage.APPLICATION]
    assert all(isinstance(stage, Stage) for stage in found)
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        raw = await connection.execute(text("SELECT stage FROM samples ORDER BY number"))
        assert list(raw.scalars()) == ["final_round", "application"]


@pytest.mark.anyio
async def test_other_text_is_no_member_of_an_enum(engine: AsyncEngine) -> None:
    with pytest.raises(StatementError, match="FINAL_ROUND"):
        await store(engine, stage="FINAL_ROUND")
    async with aclosing(await connect(engine, Mode.WRITE)) as connection:
        with pytest.raises(IntegrityError, match="ck_samples_stage"):
            await connection.execute(text("INSERT INTO samples (stage) VALUES ('FINAL_ROUND')"))


@pytest.mark.anyio
async def test_text_longer_than_its_bound_is_refused_by_the_database(engine: AsyncEngine) -> None:
    await store(engine, company="ünïcö")
    with pytest.raises(DBAPIError, match=r"ck_samples_company_length|too long"):
        await store(engine, company="ünïcöd")
    assert await load(engine, "company") == ["ünïcö"]


# Statements and migrations as text


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", uuid.UUID("0190a3c2-0000-7000-8000-00000000000a")),
        ("at", datetime(2026, 1, 31, 12, 0, 0, 5, UTC)),
        ("stage", Stage.FINAL_ROUND),
    ],
)
@pytest.mark.anyio
async def test_values_can_be_written_into_the_text_of_a_statement(
    engine: AsyncEngine, column: str, value: object
) -> None:
    query = select(SAMPLES.c.number).where(SAMPLES.c[column] == value)
    written = str(query.compile(engine.sync_engine, compile_kwargs={"literal_binds": True}))
    await store(engine, **{column: value})
    async with aclosing(await connect(engine, Mode.READ)) as connection:
        assert await connection.scalar(text(written)) == 1


@pytest.mark.anyio
async def test_alembic_finds_no_difference_after_creating_the_tables(engine: AsyncEngine) -> None:
    def difference(connection: Connection) -> Any:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, METADATA)

    async with engine.begin() as connection:
        assert await connection.run_sync(difference) == []


@pytest.mark.anyio
async def test_a_generated_migration_names_our_types_and_imports_them(engine: AsyncEngine) -> None:
    def render(connection: Connection) -> tuple[str, set[str]]:
        context = MigrationContext.configure(connection, opts={"target_metadata": METADATA})
        upgrade = ops.UpgradeOps([ops.CreateTableOp.from_table(SAMPLES)])
        code = render_python_code(upgrade, render_item=render_item, migration_context=context)
        autogen = AutogenContext(context, METADATA, opts={"render_item": render_item})
        assert render_item("type", Id(), autogen) == "types.Id()"
        assert render_item("type", String(5), autogen) is False
        return code, autogen.imports

    async with engine.begin() as connection:
        code, imports = await connection.run_sync(render)
    assert "sa.Column('at', types.UtcDateTime(), nullable=True)" in code
    assert "sa.Column('id', types.Id(), nullable=True)" in code
    assert "from app.db import types" in imports
