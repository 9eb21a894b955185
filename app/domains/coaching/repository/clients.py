"""The statements on clients, among them the one that shows a whole caseload."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Exists,
    Row,
    and_,
    bindparam,
    case,
    column,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    table,
    true,
)
from typing_extensions import override

from app.auth.consent import COLLECTIONS
from app.auth.terms import GRANT_EXPIRY_NOTICE, ConsentCategory, GrantStatus
from app.db.base import table_of
from app.db.caseload import NOW, PERSON, GatheredRows, figures, moment
from app.db.events import StoredEvent
from app.db.paging import Filter, Listing, Page, Query, contains, equals, has_item
from app.db.repository import Repository
from app.db.types import Id, UtcDateTime, json_type
from app.domains.coaching.errors import ExternalIdTaken
from app.domains.coaching.models import Client, folded_of
from app.domains.coaching.terms import QUIET_FOR, Attention, ClientStatus

_t = table_of(Client)
_events = table_of(StoredEvent)
# The table of grants belongs to `app.auth`, which keeps its models to itself: it is named.
_grants = table(
    "grants",
    column("owner_id", Id()),
    column("id", Id()),
    column("organization_id", Id()),
    column("membership_id", Id()),
    column("categories", json_type()),
    column("access"),
    column("status"),
    column("expires_at", UtcDateTime()),
)

_THAT_COUNT = (
    _grants.c.owner_id == PERSON,
    _grants.c.organization_id == bindparam("owner", type_=Id()),
    or_(
        _grants.c.membership_id.is_(None),
        _grants.c.membership_id == bindparam("membership", type_=Id()),
    ),
)


def _in_force(*conditions: ColumnElement[bool]) -> Exists:
    """There is a grant in force, with further conditions on when it ends."""
    return exists().where(
        *_THAT_COUNT,
        _grants.c.status == GrantStatus.ACTIVE.value,
        # Within CASE no index serves the times: SQLite would take the one that finds whose grants
        # run out, and read those of everybody for each client.
        case((and_(_grants.c.expires_at > NOW, *conditions), true()), else_=false()),
    )


OF_TIME = ("contact.follow_up_due", "feedback_request.no_response", "recovery_step.overdue")
"""Events that come by themselves: nobody was active."""


def _granted(category: str) -> ColumnElement[bool]:
    """The person agreed to a category, and the credential of the one who asks covers it."""
    return _in_force().where(
        literal(category).in_(bindparam("covered", expanding=True)),
        has_item(_grants.c.categories).condition(literal(category)),
    )


_ACTIVITY = {
    category: [name for name, of in COLLECTIONS.items() if of is category]
    for category in ConsentCategory
    if category in COLLECTIONS.values() and category is not ConsentCategory.PROFILE
}
_LAST_ACTIVITY: ColumnElement[Any] = (
    select(_events.c.created_at)
    .where(
        _events.c.owner_id == PERSON,
        _events.c.type.not_in(OF_TIME),
        or_(
            *(
                and_(_events.c.collection.in_(names), _granted(category))
                for category, names in _ACTIVITY.items()
            )
        ),
    )
    # Ids grow with time, and the key of the table is in their order.
    .order_by(_events.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_GRANTS = (
    select(
        GatheredRows(
            _grants.c.id,
            _grants.c.status,
            _grants.c.categories,
            _grants.c.access,
            _grants.c.expires_at,
        )
    )
    .where(*_THAT_COUNT)
    .scalar_subquery()
)


@cache
def _caseload() -> Listing:
    """The list of clients with all figures that rooms have registered by its first use."""
    shown = {one.name: case((_granted(one.category), one.value)) for one in figures()}
    attention = {
        Attention.OVERDUE_STEPS: shown["overdue_steps"] > 0,
        Attention.NO_ACTIVITY: and_(
            or_(*map(_granted, _ACTIVITY)),
            func.coalesce(_LAST_ACTIVITY, _t.c.created_at)
            < bindparam("quiet_since", type_=UtcDateTime()),
        ),
        Attention.CONSENT_MISSING: ~_in_force(),
        Attention.CONSENT_EXPIRING: _in_force(
            _grants.c.expires_at <= bindparam("soon", type_=UtcDateTime())
        ),
    }
    ours, name = contains(_t.c.folded), contains(shown["name_folded"])
    return Listing(
        table=_t,
        sorts={"created_at": _t.c.created_at, "-created_at": _t.c.created_at},
        filters={
            "coach": equals(_t.c.coach_id),
            "cohort": equals(_t.c.cohort),
            "external_id": equals(_t.c.external_id),
            "status": equals(_t.c.status),
            "attention": Filter(
                lambda value: case(
                    *((value == one.value, condition) for one, condition in attention.items())
                )
            ),
            "q": Filter(lambda value: or_(ours.condition(value), name.condition(value)), ours.bind),
        },
        columns=[
            *_t.c,
            _GRANTS.label("grants"),
            _LAST_ACTIVITY.label("last_activity_at"),
            *(value.label(figure) for figure, value in shown.items()),
        ],
    )


class ClientRepository(Repository):
    """The clients of one organisation."""

    table = _t

    _ACTIVE = select(_t.c.id).where(
        _t.c.owner_id == bindparam("owner"),
        _t.c.id.in_(bindparam("people", expanding=True)),
        _t.c.status == ClientStatus.ACTIVE,
    )
    _HOLDER = select(_t).where(
        _t.c.owner_id == bindparam("owner"), _t.c.external_id == bindparam("external")
    )

    async def caseload(
        self,
        query: Query,
        *,
        membership_id: UUID | None,
        covered: Collection[ConsentCategory],
        now: datetime,
    ) -> Page:
        """One page of clients with what the reader may see of each, in one statement.

        The grants that count are those to the organisation, and to the membership if there is one.
        `covered` are the categories that the reader's credential is good for.

        Raises:
            InvalidCursor: the cursor was made for another list, sort or filter.
        """
        cursors, listing = self.transaction.database.cursors, _caseload()
        statement, parameters, binding = listing.prepare(self.owner_id, query, cursors)
        further = {
            "membership": membership_id,
            "covered": [category.value for category in covered],
            "quiet_since": now - QUIET_FOR,
            "soon": now + GRANT_EXPIRY_NOTICE,
        }
        rows = await self.transaction.execute(statement, {**parameters, **further, **moment(now)})
        return listing.page(rows.all(), query, binding, cursors)

    async def active_among(self, people: Collection[UUID]) -> Sequence[UUID]:
        """Those of some people who are clients still."""
        values = {"owner": self.owner_id, "people": list(people)}
        return (await self.transaction.execute(self._ACTIVE, values)).scalars().all()

    async def holder_of(self, external_id: str) -> Row[Any] | None:
        """The client who has an external id."""
        found = await self.transaction.execute(
            self._HOLDER, {"owner": self.owner_id, "external": external_id}
        )
        return found.one_or_none()

    async def holds(self, external_id: str) -> bool:
        """Whether an active client has an external id."""
        holder = await self.holder_of(external_id)
        return holder is not None and holder.status is ClientStatus.ACTIVE

    async def free(self, external_id: str) -> None:
        """Take an external id back from a client with whom the relation has ended.

        Raises:
            ExternalIdTaken: an active client has it.
        """
        holder = await self.holder_of(external_id)
        if holder is not None:
            if holder.status is ClientStatus.ACTIVE:
                raise ExternalIdTaken
            await self.update(holder.id, {"external_id": None})

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        if changes.keys() & {"external_id", "cohort"}:
            before = (await self.get(record_id))._mapping  # noqa: SLF001 -- SQLAlchemy's public name
            after = {**before, **changes}
            changes = {**changes, "folded": folded_of(after["external_id"], after["cohort"])}
        return await super().update(record_id, changes)
