"""The statements by which stated facts are handed on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, column, delete, exists, or_, select, table, update

from app.auth.terms import ConsentCategory
from app.db.base import table_of
from app.db.events import StoredEvent
from app.db.transaction import Transaction
from app.db.types import Id
from app.domains.recovery.terms import StepKind
from app.domains.webhooks.models import OrganizationEvent, WebhookEndpoint
from app.domains.webhooks.repository.consent import CLIENTS, GRANTS
from app.domains.webhooks.rules import SOMETIMES_WELLBEING, Fact, category_of, is_told

_events = table_of(StoredEvent)
_endpoints = table_of(WebhookEndpoint)
_feed = table_of(OrganizationEvent)
# The tables of other rooms are named, not imported.
_organizations = table("organizations", column("id", Id()))
_steps = table("recovery_steps", column("owner_id", Id()), column("id", Id()), column("kind"))

_IS_ORGANIZATION = exists().where(_organizations.c.id == _events.c.owner_id)
_IS_WAITING = _events.c.dispatched_at.is_(None)
_WAITING = (
    select(
        _events.c.owner_id,
        _events.c.id,
        or_(
            exists().where(_endpoints.c.owner_id == _events.c.owner_id),
            exists().where(CLIENTS.c.id == _events.c.owner_id),
            _IS_ORGANIZATION,
        ).label("concerns_somebody"),
        _IS_ORGANIZATION.label("is_organization"),
    )
    .where(_IS_WAITING)
    .order_by(_events.c.id)
    .limit(bindparam("most", type_=_events.c.revision.type))
)
_MARK = (
    update(_events)
    .where(
        _events.c.owner_id == bindparam("owner"), _events.c.id == bindparam("event"), _IS_WAITING
    )
    .values(dispatched_at=bindparam("now"))
)
_FACTS = (
    select(_events, _steps.c.kind.label("step_kind"), GRANTS.c.organization_id.label("grant_of"))
    .outerjoin(
        _steps,
        and_(
            _events.c.collection == SOMETIMES_WELLBEING,
            _steps.c.owner_id == _events.c.owner_id,
            _steps.c.id == _events.c.record_id,
        ),
    )
    .outerjoin(
        GRANTS,
        and_(
            _events.c.collection == "grants",
            GRANTS.c.owner_id == _events.c.owner_id,
            GRANTS.c.id == _events.c.record_id,
        ),
    )
    .where(_events.c.owner_id == bindparam("owner"))
    .limit(bindparam("most", type_=_events.c.revision.type))
)
_WAITING_OF = _FACTS.where(_IS_WAITING).order_by(_events.c.id)
_SINCE = _FACTS.where(
    _events.c.dispatched_at.is_not(None),
    _events.c.created_at >= bindparam("since", type_=_events.c.created_at.type),
).order_by(_events.c.created_at, _events.c.id)
_CLAIM = (
    update(_events)
    .where(
        _events.c.owner_id == bindparam("owner"),
        _events.c.id.in_(bindparam("ids", expanding=True)),
        _IS_WAITING,
    )
    .values(dispatched_at=bindparam("now"))
    .returning(_events.c.id)
)
_PURGES = (
    delete(_events).where(
        _events.c.dispatched_at.is_not(None), _events.c.created_at < bindparam("before")
    ),
    delete(_feed).where(_feed.c.occurred_at < bindparam("before")),
)


class StatedFacts:
    """The facts of everybody, as the worker finds them."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction

    async def waiting(self, most: int) -> Sequence[Row[Any]]:
        """Some that wait, the oldest first, and whether anybody could want to know."""
        return (await self.transaction.execute(_WAITING, {"most": most})).all()

    async def mark(self, events: Collection[tuple[UUID, UUID]], now: datetime) -> None:
        """Let facts wait no longer, named by owner and id."""
        values = [{"owner": owner, "event": event, "now": now} for owner, event in sorted(events)]
        if values:
            await self.transaction.execute(_MARK, values)

    async def waiting_of(self, owner_id: UUID, most: int) -> Sequence[Row[Any]]:
        """The facts of one owner that wait, the oldest first."""
        values = {"owner": owner_id, "most": most}
        return (await self.transaction.execute(_WAITING_OF, values)).all()

    async def dispatched_since(
        self, owner_id: UUID, since: datetime, most: int
    ) -> Sequence[Row[Any]]:
        """The facts of one owner that were handed on, stated since an instant, the oldest first."""
        values = {"owner": owner_id, "since": since, "most": most}
        return (await self.transaction.execute(_SINCE, values)).all()

    async def claim(self, owner_id: UUID, ids: Collection[UUID], now: datetime) -> set[UUID]:
        """Take facts of one owner to hand them on; those that nobody took before."""
        values = {"owner": owner_id, "ids": list(ids), "now": now}
        return set((await self.transaction.execute(_CLAIM, values)).scalars())

    async def purge(self, before: datetime) -> None:
        """Delete facts that were handed on, and the feeds, of before an instant."""
        for statement in _PURGES:
            await self.transaction.execute(statement, {"before": before})


def fact_of(row: Row[Any]) -> Fact | None:
    """A stored fact as it is handed on; None for one that stays in here."""
    if not is_told(row.type):
        return None
    # A step that is gone may have been one that says how a person feels.
    is_wellbeing = row.step_kind is None or row.step_kind == StepKind.REFOCUS.value
    return Fact(
        id=row.id,
        type=row.type,
        category=category_of(row.collection, is_wellbeing=is_wellbeing),
        collection=row.collection,
        record_id=row.record_id,
        revision=row.revision,
        occurred_at=row.created_at,
        grant_of=row.grant_of,
    )


def told_before(row: Row[Any]) -> Fact:
    """A fact as it stands in an organisation's feed."""
    return Fact(
        id=row.id,
        type=row.type,
        category=row.category and ConsentCategory(row.category),
        collection=row.collection,
        record_id=row.record_id,
        revision=row.revision,
        occurred_at=row.occurred_at,
    )
