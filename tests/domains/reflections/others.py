"""Records of other rooms that these tests refer to, stored without asking those rooms."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from app.db.base import Base
from app.db.transaction import Database
from app.kit.events import Event
from tests.conftest import NOON, Person
from tests.db.rows import row_of


async def store(database: Database, person: Person, table: str, **references: str) -> str:
    """The id of a new row of a table, which refers to nothing but what is said."""
    model = Base.metadata.tables[table]
    row = row_of(model, person.id, {}) | {"created_at": NOON, "updated_at": NOON}
    for reference in model.foreign_key_constraints:
        for element in reference.elements:
            if element.parent.name != "owner_id":
                row[element.parent.name] = None
    row |= {"id": uuid4(), **{name: UUID(text) for name, text in references.items()}}
    async with database.write(everyone=True) as transaction:
        await transaction.execute(insert(model), row)
    return str(row["id"])


class Witness:
    """Remembers every fact that is stated, with all its fields."""

    def __init__(self, database: Database, *kinds: type[Event]) -> None:
        self.seen: list[Any] = []
        for kind in kinds:
            database.reactions.on(kind, self._see)

    async def _see(self, _: Any, __: Any, event: Event) -> None:
        self.seen.append(event)

    def told(self) -> list[Any]:
        """What was stated since the last time."""
        seen, self.seen = self.seen, []
        return seen


async def stored_types(database: Database, person: Person, record_id: str) -> list[str]:
    """The types of the stored facts about a record, in their order."""
    events = Base.metadata.tables["events"]
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(
            select(events.c.type)
            .where(events.c.owner_id == person.id, events.c.record_id == UUID(record_id))
            .order_by(events.c.revision, events.c.id)
        )
        return list(found.scalars())
