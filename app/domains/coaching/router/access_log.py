"""The operations on the access log."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.coaching.schemas.access_log import AccessEntryPage, AccessLogQuery
from app.domains.coaching.service.access_log import AccessLogService
from app.web.routing import Router

AccessLogReader = Annotated[AccessLogService, Guard(AccessLogService, Scope.ACCESS_LOG_READ)]

router = Router(prefix="/v1/access-log", tags=["Consent"])


@router.get("", summary="See who looked at your data")
async def list_access_log(
    query: Annotated[AccessLogQuery, Query()], log: AccessLogReader
) -> AccessEntryPage:
    """Everything that others read or changed of yours under your grants, the latest first.

    Every change stands here, also one that was tried and refused. Reading stands here once for
    each hour, actor, app and category. Nobody can change or delete an entry; they go with your
    account. Only you can see them.
    """
    return await log.list(query)
