"""Pure decisions about the network: what can follow what, the rhythm of contact, who is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domains.contacts.errors import occurred_but_not_done, occurred_in_the_future
from app.domains.contacts.terms import (
    MAX_FOLLOW_UPS,
    ConnectionStatus,
    FollowUpReason,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
)
from app.kit.clock import local_day
from app.kit.problems import InvalidTransition

INTERACTION_TRANSITIONS: Mapping[InteractionStatus, tuple[InteractionStatus, ...]] = {
    InteractionStatus.DRAFT: (InteractionStatus.PLANNED, InteractionStatus.CANCELLED),
    InteractionStatus.PLANNED: (
        InteractionStatus.DRAFT,
        InteractionStatus.DONE,
        InteractionStatus.CANCELLED,
    ),
    InteractionStatus.DONE: (InteractionStatus.PLANNED,),
    InteractionStatus.CANCELLED: (),
}
"""Which status can follow which. Staying is no transition and always possible."""

AHEAD = timedelta(hours=24)
"""What is allowed for a device whose clock is wrong."""

ANOTHER_ZONE = timedelta(days=1)
"""How far apart the days of one instant are in two time zones, but for both ends of the world."""


def check_transition(before: InteractionStatus, after: InteractionStatus) -> None:
    """Let a change of status through if the table lists it.

    Raises:
        InvalidTransition: the table does not list it.
    """
    allowed = INTERACTION_TRANSITIONS[before]
    if after not in (before, *allowed):
        raise InvalidTransition(
            f"An interaction that is {before} cannot become {after}.", allowed=list(allowed)
        )


def occurrence(
    status: InteractionStatus, occurred_at: datetime | None, now: datetime
) -> datetime | None:
    """The `occurred_at` to store: the given time or now once it is done, nothing before.

    Pass `occurred_at=None` when an interaction is taken back, so that its old time does not count
    as given.

    Raises:
        Invalid: a time was given for what is not done, or lies more than 24 hours ahead.
    """
    if status is not InteractionStatus.DONE:
        if occurred_at is not None:
            raise occurred_but_not_done()
        return None
    if occurred_at is not None and occurred_at > now + AHEAD:
        raise occurred_in_the_future()
    return occurred_at or now


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often to be in touch, and since when the days are counted.

    `base_on` is the day of the latest done interaction, or that on which the record was made.
    """

    cadence_days: int | None
    last_at: datetime | None
    base_on: date

    @classmethod
    def of(
        cls,
        cadence_days: int | None,
        last_at: datetime | None,
        created_at: datetime,
        zone: ZoneInfo,
    ) -> "Rhythm":
        """The rhythm of a record; its days are those of the person."""
        base_on = local_day(last_at or created_at, zone)
        return cls(cadence_days=cadence_days, last_at=last_at, base_on=base_on)

    @property
    def next_on(self) -> date | None:
        """The day on which it is time again; None without a cadence."""
        if self.cadence_days is None:
            return None
        return self.base_on + timedelta(days=self.cadence_days)

    def has_set(self, day: date) -> bool:
        """Whether a day is this rhythm's own, and not one that the person chose.

        One day more or less is still its own: days are stored as they were counted where the
        person lived at the time, and an instant has another day in another zone.
        """
        return self.next_on is not None and abs(day - self.next_on) <= ANOTHER_ZONE

    def goes_on_from(self, before: "Rhythm") -> bool:
        """Whether there was something between the two since `before`."""
        return self.last_at is not None and (
            before.last_at is None or self.last_at > before.last_at
        )


def next_day(planned_on: date | None, before: Rhythm, after: Rhythm) -> date | None:
    """The day to get in touch next, after a rhythm went from `before` to `after`.

    A day that the old rhythm had set follows the new one, as when there was a later interaction,
    one is taken back, or the cadence changed. A day the person chose stays, until a later
    interaction moves it on: to the day of the cadence, if that does not come before the chosen
    one, so that noting what was long ago takes no plan away; without a cadence it settles a plan
    whose day has come. Where no day is planned, a later interaction or a new cadence sets one.
    """
    if after == before:
        return planned_on
    goes_on = after.goes_on_from(before)
    if planned_on is None:
        begins = goes_on or before.cadence_days != after.cadence_days
        return after.next_on if begins else None
    if before.has_set(planned_on):
        return after.next_on
    moves_on = goes_on and planned_on <= (after.next_on or after.base_on)
    return after.next_on if moves_on else planned_on


def is_invitation(
    kind: InteractionKind, direction: InteractionDirection, status: InteractionStatus
) -> bool:
    """Whether an interaction means that the person has asked to connect."""
    return (
        kind is InteractionKind.CONNECTION_REQUEST
        and direction is InteractionDirection.OUTGOING
        and status is InteractionStatus.DONE
    )


def connection_after(
    status: ConnectionStatus, *, invited: bool, withdrawn: bool
) -> ConnectionStatus:
    """Where the connection stands after an invitation was sent, or the only one taken back.

    What is known beyond the invitation, connected or declined, stays.
    """
    if invited and status is ConnectionStatus.NONE:
        return ConnectionStatus.REQUESTED
    if withdrawn and status is ConnectionStatus.REQUESTED:
        return ConnectionStatus.NONE
    return status


@dataclass(frozen=True, kw_only=True)
class FollowUpFacts:
    """A contact or a company with a day on which to get in touch."""

    collection: str
    record_id: UUID
    revision: int
    name: str
    created_at: datetime
    cadence_days: int | None
    due_on: date
    last_interaction_at: datetime | None

    def reason(self, zone: ZoneInfo) -> FollowUpReason:
        """Why it is due: by its rhythm, or because the person planned it so."""
        rhythm = Rhythm.of(self.cadence_days, self.last_interaction_at, self.created_at, zone)
        if not rhythm.has_set(self.due_on):
            return FollowUpReason.PLANNED
        if self.last_interaction_at is None:
            return FollowUpReason.FIRST_CONTACT
        return FollowUpReason.CADENCE


def due_follow_ups(facts: Iterable[FollowUpFacts], on: date) -> list[FollowUpFacts]:
    """Who is due on a day, the longest due first, and no more than can be looked through."""
    due = [one for one in facts if one.due_on <= on]
    return sorted(due, key=lambda one: (one.due_on, one.record_id))[:MAX_FOLLOW_UPS]
