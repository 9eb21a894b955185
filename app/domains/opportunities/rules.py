"""Pure decisions about opportunities and goals: statuses, their history, and days."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from app.domains.opportunities.errors import ends_before_it_starts
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import DecidedBy
from app.kit.problems import InvalidTransition

SAVED, APPLIED = OpportunityStatus.SAVED, OpportunityStatus.APPLIED
INTERVIEWING, OFFERED = OpportunityStatus.INTERVIEWING, OpportunityStatus.OFFERED
ACCEPTED = OpportunityStatus.ACCEPTED
REJECTED, WITHDRAWN = OpportunityStatus.REJECTED, OpportunityStatus.WITHDRAWN
CLOSED = OpportunityStatus.CLOSED

OPPORTUNITY_TRANSITIONS: Mapping[OpportunityStatus, tuple[OpportunityStatus, ...]] = {
    SAVED: (APPLIED, INTERVIEWING, OFFERED, REJECTED, WITHDRAWN, CLOSED),
    APPLIED: (SAVED, INTERVIEWING, OFFERED, REJECTED, WITHDRAWN, CLOSED),
    INTERVIEWING: (SAVED, APPLIED, OFFERED, REJECTED, WITHDRAWN, CLOSED),
    OFFERED: (SAVED, APPLIED, INTERVIEWING, ACCEPTED, REJECTED, WITHDRAWN, CLOSED),
    ACCEPTED: (REJECTED, WITHDRAWN),
    REJECTED: (),
    WITHDRAWN: (),
    CLOSED: (),
}
"""Which status can follow which by a person's hand. Staying is no transition and always possible.

What has ended goes back to where it stood before, which only its history knows.
"""

ENDINGS: Mapping[DecidedBy, OpportunityStatus] = {
    DecidedBy.EMPLOYER: REJECTED,
    DecidedBy.CANDIDATE: WITHDRAWN,
    DecidedBy.NONE: CLOSED,
}
"""What an opportunity becomes through a rejection, by who decided."""

ENDED = frozenset(ENDINGS.values())
GOING_ON = (SAVED, APPLIED, INTERVIEWING, OFFERED)
"""The statuses of an opportunity that can still become a job."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of status that stands in a history; `from_status` of the first is None."""

    id: UUID
    from_status: OpportunityStatus | None
    to_status: OpportunityStatus
    changed_at: datetime
    rejection_id: UUID | None = None


def allowed_after(
    status: OpportunityStatus, history: Sequence[Change]
) -> tuple[OpportunityStatus, ...]:
    """The statuses to which a person can take an opportunity with this history."""
    if status not in ENDED:
        return OPPORTUNITY_TRANSITIONS[status]
    before = status_before_end(history)
    return () if before is None else (before,)


def check_transition(
    before: OpportunityStatus, after: OpportunityStatus, history: Sequence[Change]
) -> None:
    """Let a change of status by a person's hand through if it is possible.

    Raises:
        InvalidTransition: the table does not list it, and it is no correction of an ending.
    """
    allowed = allowed_after(before, history)
    if after not in (before, *allowed):
        raise InvalidTransition(
            f"An opportunity that is {before} cannot become {after}.", allowed=list(allowed)
        )


def status_before_end(history: Sequence[Change]) -> OpportunityStatus | None:
    """Where an opportunity last stood while it went on; None if it has never done so."""
    return next(
        (change.to_status for change in reversed(history) if change.to_status not in ENDED), None
    )


def without_rejection(history: Sequence[Change], rejection_id: UUID) -> list[Change]:
    """The history as if a rejection had never been."""
    return list(_chained(change for change in history if change.rejection_id != rejection_id))


def with_other_ending(
    history: Sequence[Change], rejection_id: UUID, ending: OpportunityStatus
) -> list[Change]:
    """The history as if a rejection had brought another ending, in the same place."""
    return list(
        _chained(
            replace(change, to_status=ending) if change.rejection_id == rejection_id else change
            for change in history
        )
    )


def _chained(changes: Collection[Change] | Iterator[Change]) -> Iterator[Change]:
    """Each change from where the one before led to; what then changes nothing by hand goes.

    A rejection stays even so: it says once more what stood already, and may be taken back alone.
    """
    status: OpportunityStatus | None = None
    for change in changes:
        if change.to_status is status and change.rejection_id is None:
            continue
        yield replace(change, from_status=status)
        status = change.to_status


def changed_at(now: datetime, history: Sequence[Change]) -> datetime:
    """The instant of a further change, which is later than the last, whatever the clocks say."""
    return max(now, history[-1].changed_at + _TICK) if history else now


def check_days(starts_on: date, ends_on: date | None, *, field: str) -> None:
    """Let the days of a goal through unless it ends before it starts.

    Raises:
        Invalid: it does; `field` is the one to name.
    """
    if ends_on is not None and ends_on < starts_on:
        raise ends_before_it_starts(field)
