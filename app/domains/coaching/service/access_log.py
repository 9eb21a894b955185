"""What a person asks of their access log."""

from app.auth.access_log import page_of_log
from app.auth.caller import Service
from app.db.paging import Page
from app.domains.coaching.schemas.access_log import AccessLogQuery


class AccessLogService(Service):
    """Shows a person who used what they agreed to."""

    async def list(self, query: AccessLogQuery) -> Page:
        """One page of what others read and changed, the latest first."""
        return await page_of_log(self.transaction, self.caller, query)
