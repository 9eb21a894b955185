"""Every operation and every table says which consent it needs."""

from sqlalchemy import Table

from app.auth.consent import COLLECTIONS, MIXED_COLLECTIONS, OPERATIONS
from app.auth.guards import _PersonGuard
from app.db.base import Base, owned_tables
from app.main import ROUTERS
from app.web.routing import Route
from tests.auth.consent_page import PAGE, page


def personal_operations() -> set[str]:
    """The operations that are about one person's records."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, Route)]
    return {route.operation for route in routes if isinstance(route.guard, _PersonGuard)}


def test_every_operation_on_a_persons_records_says_which_consent_it_needs() -> None:
    assert set(OPERATIONS) == personal_operations()
    assert len(OPERATIONS) > 100


def test_every_table_of_a_person_belongs_to_a_category() -> None:
    owned = {table.name for table in owned_tables()}
    personal = {
        table
        for table in owned
        if any(f.target_fullname == "accounts.id" for f in _table(table).c.owner_id.foreign_keys)
    }
    assert personal - set(COLLECTIONS) - MIXED_COLLECTIONS == {"grants"}
    assert set(COLLECTIONS) - personal == {"accounts"}
    assert personal >= MIXED_COLLECTIONS


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def test_the_page_for_coaches_and_privacy_officers_says_what_the_tables_say() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.auth.consent_page"
    assert all(f"| `{name}` |" in page() for name in OPERATIONS)
