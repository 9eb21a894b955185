"""The wire shapes of plans, steps, check-ins, next actions, reminders and support."""

from app.domains.recovery.schemas.check_ins import (
    CheckIn,
    CheckInCreate,
    CheckInPage,
    CheckInPatch,
    CheckInQuery,
    CheckInSort,
    RecordedCheckIn,
)
from app.domains.recovery.schemas.next_actions import (
    IncludeActions,
    NextAction,
    NextActions,
    NextActionsQuery,
    Reminder,
    Reminders,
    RemindersQuery,
)
from app.domains.recovery.schemas.plans import (
    PlanCreate,
    PlanPatch,
    PlanQuery,
    PlanSort,
    PlanTemplates,
    RecoveryPlan,
    RecoveryPlanPage,
)
from app.domains.recovery.schemas.steps import (
    MAX_POSITION,
    RecoveryStep,
    RecoveryStepPage,
    StepCreate,
    StepPatch,
    StepQuery,
    StepSort,
)
from app.domains.recovery.schemas.support import (
    RefocusOffer,
    SupportCard,
    SupportQuery,
    SupportResources,
)

__all__ = [
    "MAX_POSITION",
    "CheckIn",
    "CheckInCreate",
    "CheckInPage",
    "CheckInPatch",
    "CheckInQuery",
    "CheckInSort",
    "IncludeActions",
    "NextAction",
    "NextActions",
    "NextActionsQuery",
    "PlanCreate",
    "PlanPatch",
    "PlanQuery",
    "PlanSort",
    "PlanTemplates",
    "RecordedCheckIn",
    "RecoveryPlan",
    "RecoveryPlanPage",
    "RecoveryStep",
    "RecoveryStepPage",
    "RefocusOffer",
    "Reminder",
    "Reminders",
    "RemindersQuery",
    "StepCreate",
    "StepPatch",
    "StepQuery",
    "StepSort",
    "SupportCard",
    "SupportQuery",
    "SupportResources",
]
