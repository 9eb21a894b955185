"""What happened to opportunities and goals."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.domains.opportunities.terms import GoalMetric, OpportunityStatus
from app.domains.rejections.terms import RejectionStage
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _OpportunityEvent(Event):
    collection: ClassVar[str] = "opportunities"


@dataclass(frozen=True, kw_only=True)
class _OpportunityDescribed(_OpportunityEvent):
    company_id: UUID | None
    status: OpportunityStatus
    next_stage: RejectionStage | None
    next_event_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpportunityCreated(_OpportunityDescribed):
    """A person goes for a role."""

    type: ClassVar[str] = "opportunity.created"


@dataclass(frozen=True, kw_only=True)
class OpportunityUpdated(_OpportunityDescribed):
    """Something about an opportunity was changed; its status was not."""

    type: ClassVar[str] = "opportunity.updated"


@dataclass(frozen=True, kw_only=True)
class OpportunityStatusChanged(_OpportunityDescribed):
    """An opportunity stands somewhere else now."""

    type: ClassVar[str] = "opportunity.status_changed"


@dataclass(frozen=True, kw_only=True)
class OpportunityDeleted(_OpportunityEvent):
    """An opportunity is gone, with its history."""

    type: ClassVar[str] = "opportunity.deleted"


@dataclass(frozen=True, kw_only=True)
class PreparationBriefOpened(_OpportunityEvent):
    """A person prepares for what comes next in an opportunity."""

    type: ClassVar[str] = "preparation_brief.opened"


@dataclass(frozen=True, kw_only=True)
class _GoalEvent(Event):
    collection: ClassVar[str] = "goals"


@dataclass(frozen=True, kw_only=True)
class GoalRecorded(_GoalEvent):
    """A person set themselves a goal."""

    type: ClassVar[str] = "goal.recorded"
    metric: GoalMetric


@dataclass(frozen=True, kw_only=True)
class GoalUpdated(_GoalEvent):
    """A goal was changed, taken up again or let go."""

    type: ClassVar[str] = "goal.updated"
    metric: GoalMetric


@dataclass(frozen=True, kw_only=True)
class GoalCompleted(_GoalEvent):
    """A person says that a goal is achieved."""

    type: ClassVar[str] = "goal.completed"
    metric: GoalMetric


@dataclass(frozen=True, kw_only=True)
class GoalDeleted(_GoalEvent):
    """A goal is gone."""

    type: ClassVar[str] = "goal.deleted"
