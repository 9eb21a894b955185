"""The words of insights."""

from app.kit.terms import Term


class TimelineType(Term):
    """What an item of a timeline tells; later rooms add theirs."""

    APPLIED = "rejection.applied", "Applied", "Beworben"
    INTERVIEWED = "rejection.interviewed", "Interviewed", "Gespräch geführt"
    REJECTED = "rejection.rejected", "The no", "Die Absage"
    RECORDED = "rejection.recorded", "Recorded", "Festgehalten"
    CLOSED = "rejection.closed", "Closed", "Abgeschlossen"
    PLAN_STARTED = "recovery_plan.started", "Plan started", "Plan begonnen"
    STEP_COMPLETED = "recovery_step.completed", "Step done", "Schritt erledigt"
    CHECKED_IN = "check_in.recorded", "Check-in", "Befinden notiert"
