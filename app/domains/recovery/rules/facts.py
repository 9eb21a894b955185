"""What the rules know of stored records, and the changes they answer with."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from app.domains.recovery.terms import DoneBy, PlanStatus, SkipReason, StepKind, StepStatus
from app.kit.practices import Practice

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Facts = TypeVar("Facts", bound="DataclassInstance")

OPEN = frozenset({StepStatus.PENDING, StepStatus.IN_PROGRESS})
"""The statuses of a step in which there is still something to do."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The record whose event ticked a step."""

    collection: str
    id: UUID


@dataclass(frozen=True, kw_only=True)
class StepState:
    """Everything about a step that its status decides; stored together, so never half-changed.

    `skipped_from` keeps the open status that closing the rejection took away.
    """

    status: StepStatus
    done_by: DoneBy | None = None
    done_at: datetime | None = None
    evidence: Evidence | None = None
    skip_reason: SkipReason | None = None
    skipped_from: StepStatus | None = None


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A stored step."""

    id: UUID
    revision: int
    created_at: datetime
    plan_id: UUID
    practice: Practice
    kind: StepKind
    title: str
    effort_minutes: int
    position: int
    opens_on: date | None
    due_on: date | None
    status: StepStatus
    done_by: DoneBy | None
    done_at: datetime | None
    evidence: Evidence | None
    skip_reason: SkipReason | None
    skipped_from: StepStatus | None

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in OPEN

    def opened(self, today: date) -> bool:
        """Whether its opening day has come."""
        return self.opens_on is None or self.opens_on <= today


@dataclass(frozen=True, kw_only=True)
class StepChange:
    """A step and what becomes of it."""

    step: StepFacts
    state: StepState


@dataclass(frozen=True, kw_only=True)
class PlanState:
    """Everything about a plan that its status decides.

    `completed_with_rejection` tells a plan that closing the rejection completed from others.
    """

    status: PlanStatus
    completed_with_rejection: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """A stored plan."""

    id: UUID
    rejection_id: UUID | None
    status: PlanStatus
    pause_until: datetime | None
    completed_with_rejection: bool


@dataclass(frozen=True, kw_only=True)
class CheckInFacts:
    """A stored check-in."""

    id: UUID
    rejection_id: UUID | None
    checked_in_at: datetime
    mood: int
    dwelling: bool | None


def from_row(kind: type[Facts], row: object) -> Facts:
    """Facts of a `kind` from a row that has an attribute for each of its fields."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})
