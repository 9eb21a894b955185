"""Every table says whose rows it holds, and lets go of them with their person."""

from typing import Any, ClassVar
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.base import Base, Registration, owned_tables
from app.db.transaction import Database
from tests.conftest import Person
from tests.db.rows import fill, personal_tables


def complaints(models: list[type[Any]]) -> list[str]:
    """What is wrong with how tables say whose rows they hold."""
    found = []
    for model in models:
        registration = getattr(model, "registration", None)
        columns = model.__table__.c
        if not isinstance(registration, Registration):
            found.append(f"{model.__name__} has no registration")
        elif registration.owner is not None and registration.owner not in columns:
            found.append(f"{model.__name__} has no column {registration.owner}")
        elif registration.owner is None and ("owner_id" in columns or registration.export):
            found.append(f"{model.__name__} holds personal data of nobody")
        elif (registration.erasure == "cascade") != (registration.owner is not None):
            found.append(f"{model.__name__} does not go with its person")
    return found


def test_every_table_is_registered() -> None:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    assert {model.__table__.name for model in models} == set(Base.metadata.tables)
    assert len(models) > 10
    assert complaints(models) == []


def test_a_table_that_is_not_registered_is_found() -> None:
    class Elsewhere(DeclarativeBase):
        pass

    class Silent(Elsewhere):
        __tablename__ = "silent"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Wrong(Elsewhere):
        __tablename__ = "wrong"
        registration: ClassVar[Registration] = Registration(
            "person", export=True, erasure="cascade"
        )
        id: Mapped[int] = mapped_column(primary_key=True)

    class Nobodys(Elsewhere):
        __tablename__ = "nobodys"
        registration: ClassVar[Registration] = Registration(None, export=False, erasure="expiry")
        owner_id: Mapped[int] = mapped_column(primary_key=True)

    class Lasting(Elsewhere):
        __tablename__ = "lasting"
        registration: ClassVar[Registration] = Registration("id", export=False, erasure="none")
        id: Mapped[int] = mapped_column(primary_key=True)

    assert [line.split()[0] for line in complaints([Silent, Wrong, Nobodys, Lasting])] == [
        "Silent",
        "Wrong",
        "Nobodys",
        "Lasting",
    ]


def test_what_expires_has_a_day_on_which_it_does() -> None:
    for mapper in Base.registry.mappers:
        if mapper.class_.registration.erasure == "expiry":
            assert {"expires_at", "attempted_at"} & set(mapper.local_table.c.keys())


def test_every_record_begins_with_its_owner() -> None:
    for table in owned_tables():
        if table.name != "accounts":
            assert [column.name for column in table.primary_key] == ["owner_id", "id"], table
        for index in table.indexes:
            if index.info.get("across_people"):
                continue
            assert index.columns.keys()[0] == "owner_id", index


def test_only_what_is_named_looks_across_people() -> None:
    """Each index that does not begin with the owner is named here, with what needs it."""
    indexes = (index for table in Base.metadata.tables.values() for index in table.indexes)
    found = {index.name for index in indexes if index.info.get("across_people")}
    assert found == {
        "ix_feedback_requests_status_closes_on",  # Requests whose time is over.
        "ix_recovery_steps_due_on",  # Steps whose day is over.
        "ix_contacts_next_follow_up_on",  # Contacts whose day has come.
        "ix_webhook_deliveries_finished_at",  # Deliveries that are forgotten.
        "ix_organization_events_occurred_at",
        "ix_webhook_deliveries_account_id",  # What goes with an account.
        "ix_organization_events_account_id",
        "ix_grants_status_expires_at",  # Grants whose time is over.
        "ix_jobs_unfinished",  # Jobs that somebody waits for.
        "ix_invitations_expires_at",  # Invitations whose time is over.
        # These find out who calls, and for whom.
        "ix_api_keys_key_hash",
        "ix_memberships_account_id",
        "ix_clients_id",
        "ix_grants_organization_id_id",
        "ix_grants_organization_id_status_owner_id",
        "ix_invitations_token_hash",
        "ix_invitations_account_id",
    }


async def count(database: Database, owner: Any) -> dict[str, int]:
    """How many rows of a person each table has."""
    found = {}
    async with database.read(everyone=True) as transaction:
        for table in personal_tables():
            column = table.c.id if table.name == "accounts" else table.c.owner_id
            statement = select(func.count()).select_from(table).where(column == owner)
            found[table.name] = (await transaction.execute(statement)).scalar_one()
    return found


async def test_deleting_the_account_leaves_nothing_of_a_person_in_any_table(
    database: Database, person: Person
) -> None:
    """A person with a row in every table deletes the account; a stranger keeps theirs."""
    neighbour = uuid4()
    async with database.write(everyone=True) as transaction:
        await fill(transaction, neighbour)
        await fill(transaction, person.id, but={"accounts", "heads"})
    before = await count(database, person.id)
    assert all(before.values()), before
    kept = await count(database, neighbour)

    gone = await person.http.delete("/v1/me", headers={"If-Match": "*"})
    assert gone.status_code == 204, gone.text
    assert not any((await count(database, person.id)).values())
    assert await count(database, neighbour) == kept
    assert all(kept.values())


@pytest.mark.parametrize("export", [True, False])
def test_what_a_person_takes_along_is_decided_for_each_table(export: bool) -> None:
    assert [m for m in Base.registry.mappers if m.class_.registration.export is export]
