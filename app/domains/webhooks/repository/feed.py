"""The statements on what organisations were told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, insert, or_, select

from app.db.base import table_of
from app.db.paging import JsonHolds, Listing, equals
from app.db.repository import Repository
from app.domains.webhooks.models import OrganizationEvent
from app.domains.webhooks.repository.consent import CLIENTS, GRANTS, IN_FORCE, IS_ACTIVE

_t = table_of(OrganizationEvent)
_WHOLE: Any = bindparam("path", "{}", literal_execute=True, unique=True)

_IS_SHOWN = or_(
    _t.c.account_id.is_(None),
    _t.c.collection == "grants",
    and_(
        exists().where(
            CLIENTS.c.owner_id == _t.c.owner_id, CLIENTS.c.id == _t.c.account_id, IS_ACTIVE
        ),
        or_(
            _t.c.category.is_(None),
            exists().where(
                GRANTS.c.owner_id == _t.c.account_id,
                GRANTS.c.organization_id == _t.c.owner_id,
                IN_FORCE,
                JsonHolds(GRANTS.c.categories, _WHOLE, _t.c.category),
            ),
        ),
    ),
)
"""What the people concerned let the organisation know, at the time of reading."""


class FeedRepository(Repository):
    """What one organisation was told."""

    table = _t
    listing = Listing(
        table=_t,
        sorts={"revision": _t.c.revision},
        filters={"type": equals(_t.c.type), "account_id": equals(_t.c.account_id)},
        always=_IS_SHOWN,
    )
    _ADD = insert(_t)
    _SINCE = (
        select(_t)
        .where(
            _t.c.owner_id == bindparam("owner"),
            _t.c.occurred_at >= bindparam("since", type_=_t.c.occurred_at.type),
        )
        .order_by(_t.c.occurred_at, _t.c.id)
        .limit(bindparam("most", type_=_t.c.revision.type))
    )

    async def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Note what the organisation is told."""
        if rows:
            await self.transaction.execute(
                self._ADD, [{**row, "owner_id": self.owner_id} for row in rows]
            )

    async def since(self, since: datetime, most: int) -> Sequence[Row[Any]]:
        """What it was told since an instant, the oldest first."""
        values = {"owner": self.owner_id, "since": since, "most": most}
        return (await self.transaction.execute(self._SINCE, values)).all()

    async def read(
        self, query: Any, now: datetime
    ) -> tuple[Sequence[Row[Any]], str | None, str | None]:
        """One page of what may be shown now, the cursor of the next one, and that to resume by."""
        cursors = self.transaction.database.cursors
        statement, parameters, binding = self.listing.prepare(self.owner_id, query, cursors)
        with self.transaction.everyone():
            rows = (await self.transaction.execute(statement, {**parameters, "now": now})).all()
        page = self.listing.page(rows, query, binding, cursors)
        resume = query.cursor
        if page.items:
            resume = self.listing.cursor_after(page.items[-1], query, binding, cursors)
        return page.items, page.next_cursor, resume
