"""How often somebody asks and answers, and what comes back."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from uuid import UUID

from app.domains.feedback.terms import FeedbackRequestStatus, PointDirection
from app.domains.insights.rules.figures import Figures, Records, Rows, head, share
from app.domains.insights.terms import REPEATS_FROM
from app.domains.recovery.rules.templates import human_contact
from app.kit.competencies import FAMILY_OF, Competency, CompetencyFamily
from app.kit.periods import Period

Point = tuple[Competency, PointDirection, UUID]
"""What a point of feedback is about, its direction, and the rejection it came with."""

_ORDER = {competency: place for place, competency in enumerate(Competency)}


def feedback_figures(
    records: Records,
    period: Period,
    *,
    competency: Competency | None,
    direction: PointDirection | None,
) -> Figures:
    """The figures of the feedback of a period; the filters narrow what it says, not the rates."""
    received = [one for one in records.feedback if one.received_on in period]
    sent = [one for one in records.requests if one.sent_on in period]
    statuses = [one.status for one in sent]
    answered = statuses.count(FeedbackRequestStatus.RECEIVED)
    decided = len(sent) - statuses.count(FeedbackRequestStatus.SENT)
    points = [
        point
        for point in _points(received)
        if competency in (None, point[0]) and direction in (None, point[1])
    ]
    days = _days_to_answer(sent, records.feedback)
    return {
        **head(period, len(received)),
        "requests_sent": len(sent),
        "asked": _asked(records, period),
        "answered": share(answered, decided),
        "median_days_to_answer": float(median(days)) if days else None,
        "themes": _themes(points),
        "by_family": _by_family(points),
        "repeating": _repeating(points),
    }


def _asked(records: Records, period: Period) -> Figures:
    """Of the rejections with somebody to ask, those after which the person did."""
    asked_about = {one.rejection_id for one in records.requests}
    with_somebody = [
        one.id
        for one in records.rejections
        if one.rejected_on in period
        and human_contact(one.stage, one.channel, contact_linked=one.contact_id is not None)
    ]
    return share(len(asked_about.intersection(with_somebody)), len(with_somebody))


def _days_to_answer(sent: Rows, feedback: Rows) -> list[int]:
    """How many days passed from each request to the first feedback that answers it."""
    first = {}
    for one in sorted(feedback, key=lambda row: row.received_on, reverse=True):
        first[one.request_id] = one.received_on
    return [
        max(0, (first[one.id] - one.sent_on).days)
        for one in sent
        if one.id in first and one.status is FeedbackRequestStatus.RECEIVED
    ]


def _points(received: Rows) -> Iterator[Point]:
    for row in received:
        for point in row.points:
            named = Competency(point["competency"]), PointDirection(point["direction"])
            yield *named, row.rejection_id


def _themes(points: list[Point]) -> list[Figures]:
    """What comes up, most often first."""
    found: defaultdict[tuple[Competency, PointDirection], list[UUID]] = defaultdict(list)
    for competency, direction, rejection_id in points:
        found[competency, direction].append(rejection_id)
    themes = [
        {
            "competency": competency,
            "family": FAMILY_OF[competency],
            "direction": direction,
            "count": len(named),
            "rejections": len(set(named)),
        }
        for (competency, direction), named in found.items()
    ]
    return sorted(
        themes, key=lambda one: (-one["count"], _ORDER[one["competency"]], one["direction"])
    )


def _by_family(points: list[Point]) -> list[Figures]:
    named = [(FAMILY_OF[competency], direction) for competency, direction, _ in points]
    return [
        {
            "family": family,
            "strengths": named.count((family, PointDirection.STRENGTH)),
            "improvements": named.count((family, PointDirection.IMPROVEMENT)),
        }
        for family in CompetencyFamily
    ]


def _repeating(points: list[Point]) -> list[Figures]:
    """What employers asked for more of after several rejections."""
    return [
        {name: one[name] for name in ("competency", "family", "rejections")}
        for one in sorted(_themes(points), key=lambda one: -one["rejections"])
        if one["direction"] is PointDirection.IMPROVEMENT and one["rejections"] >= REPEATS_FROM
    ]
