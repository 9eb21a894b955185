"""What happened around a rejection."""

from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.timeline import Timeline
from app.db.transaction import Transaction
from app.domains.insights.rules.timeline import milestones
from app.domains.insights.schemas import TimelineQuery
from app.domains.insights.terms import TimelineType
from app.domains.rejections.service import RejectionService


class TimelineService(Service):
    """Tells what happened around a rejection, over all rooms."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def list(self, rejection_id: UUID, query: TimelineQuery) -> Page:
        """What happened around a rejection, the latest first.

        Raises:
            NotFound: the person has no such rejection.
            InvalidCursor: the cursor was made for another timeline.
        """
        rejection = await self.rejections.get(rejection_id)
        timeline = Timeline(self.transaction, self.caller)
        page = await timeline.page(
            rejection_id,
            milestones(rejection, self.caller.zone),
            zone=self.caller.zone,
            limit=query.limit,
            cursor=query.cursor,
        )
        return Page([self._titled(item) for item in page.items], page.next_cursor)

    def _titled(self, item: Any) -> dict[str, Any]:
        label = TimelineType(item["type"]).label(self.caller.language)
        return {**item, "title": item["title"] or label}
