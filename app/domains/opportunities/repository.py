"""The statements on opportunities, their stage history, and goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from typing_extensions import override

from app.db.base import table_of
from app.db.caseload import NOW, PERSON, Figure, register
from app.db.outlines import Outline
from app.db.paging import Listing, Page, Query, contains, equals, fold
from app.db.repository import Repository
from app.domains.opportunities.models import Goal, Opportunity, StageChange
from app.domains.opportunities.rules import GOING_ON
from app.domains.opportunities.terms import MAX_ACTIVE_GOALS, GoalStatus

_opportunities = table_of(Opportunity)
_changes = table_of(StageChange)
_goals = table_of(Goal)

MAX_COMING_UP = 200

register(
    Figure(
        "next_event_at",
        "opportunities",
        select(func.min(_opportunities.c.next_event_at))
        .where(
            _opportunities.c.owner_id == PERSON,
            _opportunities.c.next_event_at >= NOW,
            _opportunities.c.status.in_(GOING_ON),
        )
        .scalar_subquery(),
    )
)

_earlier = (
    select(_opportunities.c.id, _opportunities.c.previous_opportunity_id)
    .where(
        _opportunities.c.owner_id == bindparam("owner"),
        _opportunities.c.id == bindparam("record"),
    )
    .cte("earlier", recursive=True)
)
# UNION drops what was found before, so that even a circle would come to an end.
_earlier = _earlier.union(
    select(_opportunities.c.id, _opportunities.c.previous_opportunity_id).where(
        _opportunities.c.owner_id == bindparam("owner"),
        _opportunities.c.id == _earlier.c.previous_opportunity_id,
    )
)


class OpportunityRepository(Repository):
    """The opportunities of one person."""

    table = _opportunities
    listing = Listing(
        table=_opportunities,
        sorts={
            "created_at": _opportunities.c.created_at,
            "-created_at": _opportunities.c.created_at,
            "updated_at": _opportunities.c.updated_at,
            "-updated_at": _opportunities.c.updated_at,
        },
        filters={
            "status": equals(_opportunities.c.status),
            "company_id": equals(_opportunities.c.company_id),
            "company_name": contains(_opportunities.c.company_folded),
            "previous_opportunity_id": equals(_opportunities.c.previous_opportunity_id),
        },
    )

    outlined = Outline(
        _opportunities,
        "id company_id source applied_on created_at",
        days="applied_on created_at",
    )
    _LEADS_BACK_TO = select(_earlier.c.id).where(_earlier.c.id == bindparam("sought"))

    _COMING_UP = (
        select(_opportunities)
        .where(
            _opportunities.c.owner_id == bindparam("owner"),
            _opportunities.c.next_event_at.between(
                bindparam("since", type_=_opportunities.c.next_event_at.type),
                bindparam("until", type_=_opportunities.c.next_event_at.type),
            ),
            _opportunities.c.status.in_(GOING_ON),
        )
        .order_by(_opportunities.c.next_event_at, _opportunities.c.id)
        .limit(MAX_COMING_UP)
    )

    async def coming_up(self, since: datetime, until: datetime) -> Sequence[Row[Any]]:
        """Opportunities that go on, with something ahead between two instants, soonest first."""
        found = await self.transaction.execute(
            self._COMING_UP, {"owner": self.owner_id, "since": since, "until": until}
        )
        return found.all()

    async def leads_back_to(self, record_id: UUID, sought: UUID) -> bool:
        """Whether an opportunity is another one, or a reapplication after it at any remove."""
        found = await self.transaction.execute(
            self._LEADS_BACK_TO, {"owner": self.owner_id, "record": record_id, "sought": sought}
        )
        return found.one_or_none() is not None

    @override
    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        return await super().insert(_with_folded_name(values))

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        return await super().update(record_id, _with_folded_name(changes))


def _with_folded_name(values: Mapping[str, Any]) -> Mapping[str, Any]:
    name = values.get("company_name")
    return values if name is None else {**values, "company_folded": fold(name)}


@dataclass(frozen=True)
class _ShownOf:
    """A query for the history of one opportunity, without what was undone."""

    query: Query
    opportunity_id: UUID

    @property
    def limit(self) -> int:
        return self.query.limit

    @property
    def cursor(self) -> str | None:
        return self.query.cursor

    @property
    def order(self) -> str:
        return self.query.order

    @property
    def filters(self) -> Mapping[str, Any]:
        of = {"opportunity_id": self.opportunity_id, "undone": False}
        return {**self.query.filters, **of}


class StageChangeRepository(Repository):
    """The stage histories of one person's opportunities."""

    table = _changes
    listing = Listing(
        table=_changes,
        sorts={"changed_at": _changes.c.changed_at, "-changed_at": _changes.c.changed_at},
        filters={
            "opportunity_id": equals(_changes.c.opportunity_id),
            "rejection_id": equals(_changes.c.rejection_id),
            "undone": equals(_changes.c.undone),
        },
    )
    _SHOWN = (
        select(_changes)
        .where(
            _changes.c.owner_id == bindparam("owner"),
            _changes.c.opportunity_id == bindparam("opportunity"),
            _changes.c.undone.is_(False),
        )
        .order_by(_changes.c.changed_at, _changes.c.id)
    )

    _REACHED = (
        select(
            _changes.c.opportunity_id,
            _changes.c.to_status,
            func.min(_changes.c.changed_at).label("first_at"),
        )
        .where(_changes.c.owner_id == bindparam("owner"), _changes.c.undone.is_(False))
        .group_by(_changes.c.opportunity_id, _changes.c.to_status)
    )

    async def reached(self) -> Sequence[Row[Any]]:
        """When each opportunity that is seen first had each status in its history."""
        if not self.caller.sees(self.table.name):
            return ()
        return (await self.transaction.execute(self._REACHED, {"owner": self.owner_id})).all()

    async def page_of(self, opportunity_id: UUID, query: Query) -> Page:
        """One page of the history of an opportunity.

        Raises:
            InvalidCursor: the cursor was made for another list, sort or filter.
        """
        return await self.page(_ShownOf(query, opportunity_id))

    async def of(self, opportunity_id: UUID) -> Sequence[Row[Any]]:
        """The whole history of an opportunity, the earliest first, without what was undone."""
        found = await self.transaction.execute(
            self._SHOWN, {"owner": self.owner_id, "opportunity": opportunity_id}
        )
        return found.all()


class GoalRepository(Repository):
    """The goals of one person."""

    table = _goals
    listing = Listing(
        table=_goals,
        sorts={
            "starts_on": _goals.c.starts_on,
            "-starts_on": _goals.c.starts_on,
            "created_at": _goals.c.created_at,
            "-created_at": _goals.c.created_at,
        },
        filters={"status": equals(_goals.c.status), "metric": equals(_goals.c.metric)},
    )
    _ACTIVE = (
        select(_goals)
        .where(_goals.c.owner_id == bindparam("owner"), _goals.c.status == GoalStatus.ACTIVE)
        .order_by(_goals.c.starts_on, _goals.c.id)
        .limit(MAX_ACTIVE_GOALS)
    )

    async def active(self) -> Sequence[Row[Any]]:
        """The active goals that are seen: the earliest start first, and as many as stay in view."""
        if not self.caller.sees(self.table.name):
            return ()
        return (await self.transaction.execute(self._ACTIVE, {"owner": self.owner_id})).all()
