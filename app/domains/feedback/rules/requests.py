"""The machine of feedback requests, their days, and the one nudge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.domains.feedback.errors import (
    AlreadyNudged,
    nudged_before_sending,
    nudged_in_the_future,
    nudged_while_not_sent,
    sent_after_the_nudge,
    sent_in_the_future,
    sent_on_while_not_sent,
)
from app.domains.feedback.terms import (
    CLOSES_AFTER_DAYS,
    MAX_DAYS_AHEAD,
    NUDGE_AFTER_DAYS,
    FeedbackRequestStatus,
)
from app.kit.problems import InvalidTransition

REQUEST_TRANSITIONS: Mapping[FeedbackRequestStatus, tuple[FeedbackRequestStatus, ...]] = {
    FeedbackRequestStatus.DRAFT: (FeedbackRequestStatus.SENT, FeedbackRequestStatus.CANCELLED),
    FeedbackRequestStatus.SENT: (
        FeedbackRequestStatus.DRAFT,
        FeedbackRequestStatus.RECEIVED,
        FeedbackRequestStatus.DECLINED,
        FeedbackRequestStatus.NO_RESPONSE,
    ),
    FeedbackRequestStatus.RECEIVED: (),
    FeedbackRequestStatus.DECLINED: (FeedbackRequestStatus.RECEIVED,),
    FeedbackRequestStatus.NO_RESPONSE: (FeedbackRequestStatus.RECEIVED,),
    FeedbackRequestStatus.CANCELLED: (),
}
"""Which status can follow which. Staying is no transition and always possible.

A request can be taken back to a draft while nothing came back: what feedback names is received.
"""

NEVER_SENT = frozenset({FeedbackRequestStatus.DRAFT, FeedbackRequestStatus.CANCELLED})


@dataclass(frozen=True)
class RequestDays:
    """The days of a request; all but `nudged_on` are set exactly on a request that was sent."""

    sent_on: date | None = None
    nudge_on: date | None = None
    nudged_on: date | None = None
    closes_on: date | None = None


def check_transition(before: FeedbackRequestStatus, after: FeedbackRequestStatus) -> None:
    """Let a change of status through if the table lists it.

    Raises:
        InvalidTransition: the table does not list it.
    """
    allowed = REQUEST_TRANSITIONS[before]
    if after not in (before, *allowed):
        raise InvalidTransition(
            f"A feedback request that is {before} cannot become {after}.", allowed=list(allowed)
        )


def standing(
    before: FeedbackRequestStatus, after: FeedbackRequestStatus
) -> dict[str, FeedbackRequestStatus | None]:
    """The columns of a request that goes over into a status.

    While it is received, it keeps where it stood before: somebody who had declined is not waited
    for again when their feedback is deleted.
    """
    received = after is FeedbackRequestStatus.RECEIVED
    return {"status": after, "answered_from": before if received else None}


def days_of_new(status: FeedbackRequestStatus, sent_on: date | None, today: date) -> RequestDays:
    """The days of a request that is recorded in some status; sent today unless a day is given.

    Raises:
        Invalid: the day lies in the future, or the request was never sent.
    """
    return days_after(RequestDays(), {} if sent_on is None else {"sent_on": sent_on}, status, today)


def days_after(
    before: RequestDays,
    changes: Mapping[str, date | None],
    status: FeedbackRequestStatus,
    today: date,
) -> RequestDays:
    """The days of a request once `changes` are made and its status is `status`.

    The nudge is suggested, and the request closes, so many days after it was sent. Taking a
    request back to a draft forgets its days.

    Raises:
        AlreadyNudged: another day of a nudge is noted.
        Invalid: a day lies in the future or before the one it follows, or the request was not
            sent.
    """
    if status in NEVER_SENT:
        if changes.get("sent_on") is not None:
            raise sent_on_while_not_sent()
        if changes.get("nudged_on") is not None:
            raise nudged_while_not_sent()
        return RequestDays()
    sent_on = changes.get("sent_on") or before.sent_on or today
    nudged_on = changes.get("nudged_on", before.nudged_on)
    if "sent_on" in changes and sent_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise sent_in_the_future()
    if nudged_on != before.nudged_on:
        _check_nudge(before.nudged_on, nudged_on, status, today)
    if nudged_on is not None and nudged_on < sent_on:
        raise nudged_before_sending() if "nudged_on" in changes else sent_after_the_nudge()
    return RequestDays(
        sent_on=sent_on,
        nudge_on=sent_on + timedelta(days=NUDGE_AFTER_DAYS),
        nudged_on=nudged_on,
        closes_on=sent_on + timedelta(days=CLOSES_AFTER_DAYS),
    )


def _check_nudge(
    before: date | None, after: date | None, status: FeedbackRequestStatus, today: date
) -> None:
    """Let a nudge be noted once, or be taken back, while the request waits for its answer."""
    if status is not FeedbackRequestStatus.SENT:
        raise nudged_while_not_sent()
    if before is not None and after is not None:
        raise AlreadyNudged(nudged_on=before.isoformat())
    if after is not None and after > today + timedelta(days=MAX_DAYS_AHEAD):
        raise nudged_in_the_future()
