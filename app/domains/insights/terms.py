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
    FEEDBACK_ASKED = "feedback_request.sent", "Asked for feedback", "Um Feedback gebeten"
    FEEDBACK_RECEIVED = "feedback.received", "Feedback came back", "Feedback erhalten"
    CHECKED_IN = "check_in.recorded", "Check-in", "Befinden notiert"
    INTERACTION_COMPLETED = "interaction.completed", "In touch", "In Kontakt"
    REFLECTED = "reflection.recorded", "Reflection", "Rückblick"
    LESSON_CAPTURED = "lesson.captured", "Lesson", "Lehre"
    SKILL_GAP_OPENED = "skill_gap.opened", "Skill gap", "Lücke"
    FIT_ASSESSED = "culture_fit.recorded", "Culture fit", "Passung zur Kultur"
