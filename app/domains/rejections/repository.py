"""The statements on rejections."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, func, or_, select
from typing_extensions import override

from app.db.base import table_of
from app.db.caseload import PERSON, Figure, register
from app.db.outlines import Outline
from app.db.paging import Listing, contains, equals, fold, has_item, on_or_after, on_or_before
from app.db.repository import Repository
from app.domains.rejections.models import Rejection
from app.domains.rejections.terms import RejectionStatus

_t = table_of(Rejection)
register(
    Figure(
        "open_rejections",
        "rejections",
        select(func.count())
        .where(_t.c.owner_id == PERSON, _t.c.status == RejectionStatus.OPEN)
        .scalar_subquery(),
    )
)

MAX_TO_REAPPLY = 500


class RejectionRepository(Repository):
    """The rejections of one person."""

    table = _t
    listing = Listing(
        table=_t,
        sorts={
            "rejected_on": _t.c.rejected_on,
            "-rejected_on": _t.c.rejected_on,
            "created_at": _t.c.created_at,
            "-created_at": _t.c.created_at,
            "updated_at": _t.c.updated_at,
            "-updated_at": _t.c.updated_at,
        },
        filters={
            "stage": equals(_t.c.stage),
            "status": equals(_t.c.status),
            "decided_by": equals(_t.c.decided_by),
            "reason": has_item(_t.c.reasons, "code"),
            "company_name": contains(_t.c.company_folded),
            "company_id": equals(_t.c.company_id),
            "contact_id": equals(_t.c.contact_id),
            "opportunity_id": equals(_t.c.opportunity_id),
            "tag": has_item(_t.c.tags),
            "rejected_on_after": on_or_after(_t.c.rejected_on),
            "rejected_on_before": on_or_before(_t.c.rejected_on),
        },
    )

    outlined = Outline(
        _t,
        "id company_id contact_id opportunity_id stage decided_by channel reasons source tags"
        " applied_on interviewed_on rejected_on",
        days="rejected_on applied_on interviewed_on",
        # How far an opportunity had come is known by the rejection that ended it, whenever it did.
        always=_t.c.opportunity_id.is_not(None),
    )

    _TO_REAPPLY = (
        select(_t)
        .where(
            _t.c.owner_id == bindparam("owner"),
            or_(
                _t.c.reapply_on <= bindparam("today", type_=_t.c.reapply_on.type),
                and_(
                    _t.c.reapply_on.is_(None),
                    _t.c.rejected_on >= bindparam("since", type_=_t.c.rejected_on.type),
                ),
            ),
        )
        .order_by(_t.c.rejected_on.desc(), _t.c.id.desc())
        .limit(MAX_TO_REAPPLY)
    )

    _TIES = select(
        *(_t.c.id, _t.c.status, _t.c.company_name),
        *(_t.c.company_id, _t.c.contact_id, _t.c.opportunity_id),
    ).where(_t.c.owner_id == bindparam("owner"), _t.c.id.in_(bindparam("ids", expanding=True)))

    async def ties(self, rejection_ids: Collection[UUID]) -> Sequence[Row[Any]]:
        """What some rejections are tied to, and whether they are open."""
        found = await self.transaction.execute(
            self._TIES, {"owner": self.owner_id, "ids": list(rejection_ids)}
        )
        return found.all()

    async def to_reapply(self, today: date, since: date) -> Sequence[Row[Any]]:
        """Rejections with a reapply day that has come, or without one since a day."""
        found = await self.transaction.execute(
            self._TO_REAPPLY, {"owner": self.owner_id, "today": today, "since": since}
        )
        return found.all()

    @override
    async def insert(self, values: Mapping[str, Any]) -> Row[Any]:
        return await super().insert(_with_folded_name(values))

    @override
    async def update(self, record_id: UUID, changes: Mapping[str, Any]) -> Row[Any]:
        return await super().update(record_id, _with_folded_name(changes))


def _with_folded_name(values: Mapping[str, Any]) -> Mapping[str, Any]:
    name = values.get("company_name")
    return values if name is None else {**values, "company_folded": fold(name)}
