"""The moments that a rejection itself tells."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domains.insights.terms import TimelineType
from app.kit.clock import start_of_day


def milestones(rejection: Any, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The moments that a rejection itself tells: its days, and when it was recorded.

    A day stands at its first instant where the person lives.
    """
    days: dict[TimelineType, date | None] = {
        TimelineType.APPLIED: rejection.applied_on,
        TimelineType.INTERVIEWED: rejection.interviewed_on,
        TimelineType.REJECTED: rejection.rejected_on,
        TimelineType.CLOSED: rejection.closed_on,
    }
    moments: dict[TimelineType, datetime] = {
        kind: start_of_day(day, zone) for kind, day in days.items() if day is not None
    }
    moments[TimelineType.RECORDED] = rejection.created_at
    title = rejection.company_name
    return [
        {"at": at, "type": kind, "collection": "rejections", "id": rejection.id, "title": title}
        for kind, at in moments.items()
    ]
