"""The operations of insights."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.insights.schemas import TimelinePage, TimelineQuery
from app.domains.insights.service import InsightService
from app.kit.fields import Id
from app.web.routing import Router

InsightReader = Annotated[InsightService, Guard(InsightService, Scope.INSIGHTS_READ)]

router = Router(prefix="/v1")


@router.get(
    "/rejections/{rejection_id}/timeline",
    tags=["Rejections"],
    summary="What happened around a rejection",
)
async def list_timeline(
    rejection_id: Id, query: Annotated[TimelineQuery, Query()], insights: InsightReader
) -> TimelinePage:
    """Everything around a rejection in one list, the latest first.

    Days stand at their first instant in your time zone. What a check-in says is not shown here.
    """
    return await insights.timeline(rejection_id, query)
