"""How far applications came, why and how they ended."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.domains.insights.rules.figures import (
    Figures,
    Records,
    Rows,
    by_month,
    days_applied,
    head,
    share,
    tally,
)
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import (
    DecidedBy,
    ReasonBasis,
    ReasonCode,
    RejectionChannel,
    RejectionSource,
    RejectionStage,
)
from app.kit.periods import Period

FUNNEL = (
    OpportunityStatus.APPLIED,
    OpportunityStatus.INTERVIEWING,
    OpportunityStatus.OFFERED,
    OpportunityStatus.ACCEPTED,
)
"""How far an application can come."""

REACHED_BY: Mapping[RejectionStage, OpportunityStatus] = {
    RejectionStage.APPLICATION: OpportunityStatus.APPLIED,
    RejectionStage.SCREENING: OpportunityStatus.APPLIED,
    RejectionStage.ASSESSMENT: OpportunityStatus.APPLIED,
    RejectionStage.INTERVIEW: OpportunityStatus.INTERVIEWING,
    RejectionStage.FINAL_ROUND: OpportunityStatus.INTERVIEWING,
    RejectionStage.OFFER: OpportunityStatus.OFFERED,
}
"""How far an application had come that ended at a stage."""

ALIKE = ("stage", "source", "decided_by", "company_id")
ALIKE_IN_FUNNEL = ("source", "company_id")
"""What an opportunity knows of itself, too."""


def rejection_figures(records: Records, period: Period, wanted: Mapping[str, Any]) -> Figures:
    """The figures of the rejections of a period that fit, and the funnel of its applications.

    `wanted` are values by the filter; a funnel is narrowed by those alone that an opportunity has.
    """
    counted = [
        one for one in records.rejections if one.rejected_on in period and _fits(one, wanted)
    ]
    silent = sum(one.channel is RejectionChannel.SILENCE for one in counted)
    return {
        **head(period, len(counted)),
        "by_stage": tally("stage", RejectionStage, (one.stage for one in counted)),
        "by_reason": _by_reason(counted),
        "by_source": tally("source", RejectionSource, (one.source for one in counted)),
        "by_decider": tally("decided_by", DecidedBy, (one.decided_by for one in counted)),
        "by_month": by_month((one.rejected_on for one in counted), period),
        "silence": share(silent, len(counted)),
        "funnel": _funnel(records, period, wanted),
    }


def _fits(row: Any, wanted: Mapping[str, Any], names: tuple[str, ...] = ALIKE) -> bool:
    alike = all(wanted.get(name) in (None, getattr(row, name)) for name in names)
    return alike and (names is ALIKE_IN_FUNNEL or wanted.get("tag") in (None, *row.tags))


def _by_reason(rejections: Rows) -> list[Figures]:
    named = [(one["code"], one["basis"]) for row in rejections for one in row.reasons]
    return [
        {"reason": code, **{str(basis): named.count((code, basis)) for basis in ReasonBasis}}
        for code in ReasonCode
    ]


def _funnel(records: Records, period: Period, wanted: Mapping[str, Any]) -> list[Figures]:
    """How many applications of the period came at least so far."""
    furthest = [
        place
        for row, day, place in _applications(records, period)
        if day in period and _fits(row, wanted, ALIKE_IN_FUNNEL)
    ]
    return [
        {"status": step, "count": sum(one >= place for one in furthest)}
        for place, step in enumerate(FUNNEL)
    ]


def _applications(records: Records, period: Period) -> Iterator[tuple[Any, date, int]]:
    """Each application, the day it belongs to, and the place in the funnel to which it came.

    An opportunity counts once it was applied for, and as far as its history or its rejections ever
    say. A rejection without one is an application that ended at its stage.
    """
    places: defaultdict[UUID, set[int]] = defaultdict(set)
    for one in records.reached:
        if one.to_status in FUNNEL:
            places[one.opportunity_id].add(FUNNEL.index(one.to_status))
    for one in records.rejections:
        place = FUNNEL.index(REACHED_BY[one.stage])
        if one.opportunity_id is None:
            yield one, one.applied_on or one.rejected_on, place
        else:
            places[one.opportunity_id].add(place)
    applied = days_applied(records)
    for one in records.opportunities:
        came = places[one.id] | ({0} if one.id in applied else set())
        if came:
            yield one, applied.get(one.id) or period.day_of(one.created_at), max(came)
