"""The words of webhooks, and their limits with their units."""

from datetime import timedelta

from app.kit.terms import Term

MAX_URL_CHARACTERS = 2_000
MAX_DESCRIPTION_CHARACTERS = 200
MAX_ENDPOINTS = 20
"""Endpoints of one person or organisation."""

MAX_EVENT_TYPES = 100
SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 -- how every secret begins, no secret  # nosec B105
BOTH_SIGN_FOR = timedelta(hours=24)
"""After a secret is replaced, the one before signs as well for so long."""

KEPT = timedelta(days=30)
"""How long dispatched facts, the feed and ended deliveries are kept."""


class EventType(Term):
    """What can be told to a webhook."""

    REJECTION_RECORDED = (
        "rejection.recorded",
        "A rejection was recorded",
        "Eine Absage wurde festgehalten",
    )
    REJECTION_UPDATED = (
        "rejection.updated",
        "A rejection was changed",
        "Eine Absage wurde geändert",
    )
    REJECTION_CLOSED = (
        "rejection.closed",
        "The person is done with a rejection",
        "Eine Absage ist abgeschlossen",
    )
    REJECTION_DELETED = (
        "rejection.deleted",
        "A rejection was deleted",
        "Eine Absage wurde gelöscht",
    )
    RECOVERY_PLAN_STARTED = (
        "recovery_plan.started",
        "A plan has started",
        "Ein Plan hat begonnen",
    )
    RECOVERY_PLAN_COMPLETED = (
        "recovery_plan.completed",
        "A plan came to its end",
        "Ein Plan ist abgeschlossen",
    )
    RECOVERY_PLAN_ABANDONED = (
        "recovery_plan.abandoned",
        "The person let a plan go",
        "Ein Plan wurde aufgegeben",
    )
    RECOVERY_STEP_COMPLETED = (
        "recovery_step.completed",
        "A step was done",
        "Ein Schritt ist erledigt",
    )
    RECOVERY_STEP_SKIPPED = (
        "recovery_step.skipped",
        "A step was left out",
        "Ein Schritt wurde ausgelassen",
    )
    RECOVERY_STEP_OVERDUE = (
        "recovery_step.overdue",
        "A step was not done on its day",
        "Ein Schritt wurde an seinem Tag nicht erledigt",
    )
    CHECK_IN_RECORDED = (
        "check_in.recorded",
        "The person noted how they are; how is not told",
        "Die Person hat ihr Befinden notiert; welches, wird nicht gesagt",
    )
    FEEDBACK_REQUEST_SENT = (
        "feedback_request.sent",
        "Feedback was asked for",
        "Um Feedback wurde gebeten",
    )
    FEEDBACK_REQUEST_NUDGED = (
        "feedback_request.nudged",
        "The employer was reminded",
        "Der Arbeitgeber wurde erinnert",
    )
    FEEDBACK_REQUEST_RECEIVED = (
        "feedback_request.received",
        "A request for feedback was answered",
        "Eine Bitte um Feedback wurde beantwortet",
    )
    FEEDBACK_REQUEST_DECLINED = (
        "feedback_request.declined",
        "The employer gives no feedback",
        "Der Arbeitgeber gibt kein Feedback",
    )
    FEEDBACK_REQUEST_NO_RESPONSE = (
        "feedback_request.no_response",
        "No answer came in time",
        "Es kam keine Antwort in der Zeit",
    )
    FEEDBACK_RECEIVED = (
        "feedback.received",
        "Feedback came back",
        "Feedback ist eingegangen",
    )
    REFLECTION_RECORDED = (
        "reflection.recorded",
        "The person looked back",
        "Eine Reflexion wurde festgehalten",
    )
    SKILL_GAP_OPENED = (
        "skill_gap.opened",
        "There is something to learn",
        "Es gibt etwas zu lernen",
    )
    SKILL_GAP_CLOSED = (
        "skill_gap.closed",
        "A skill gap is closed",
        "Eine Lücke ist geschlossen",
    )
    LESSON_CAPTURED = (
        "lesson.captured",
        "A lesson was written down",
        "Eine Erkenntnis wurde festgehalten",
    )
    LESSON_APPLIED = (
        "lesson.applied",
        "A lesson was used",
        "Eine Erkenntnis wurde angewendet",
    )
    INTERACTION_COMPLETED = (
        "interaction.completed",
        "The person was in touch with somebody",
        "Ein Kontakt hat stattgefunden",
    )
    CONTACT_FOLLOW_UP_DUE = (
        "contact.follow_up_due",
        "The day to get in touch with a contact has come",
        "Der Tag, sich bei einem Kontakt zu melden, ist da",
    )
    OPPORTUNITY_CREATED = (
        "opportunity.created",
        "The person goes for a role",
        "Eine Bewerbung ist hinzugekommen",
    )
    OPPORTUNITY_STATUS_CHANGED = (
        "opportunity.status_changed",
        "An application stands somewhere else",
        "Der Stand einer Bewerbung hat sich geändert",
    )
    GOAL_COMPLETED = "goal.completed", "A goal is achieved", "Ein Ziel ist erreicht"
    GRANT_REQUESTED = (
        "grant.requested",
        "Consent was asked for",
        "Um eine Einwilligung wurde gebeten",
    )
    GRANT_ACTIVATED = (
        "grant.activated",
        "The person agreed",
        "Die Person hat eingewilligt",
    )
    GRANT_EXPIRING = (
        "grant.expiring",
        "Consent ends within 14 days",
        "Eine Einwilligung endet innerhalb von 14 Tagen",
    )
    GRANT_REVOKED = (
        "grant.revoked",
        "Consent was taken back",
        "Eine Einwilligung wurde widerrufen",
    )
    GRANT_EXPIRED = "grant.expired", "Consent has ended", "Eine Einwilligung ist abgelaufen"
    ACCOUNT_DELETED = (
        "account.deleted",
        "A client has deleted their account",
        "Ein Konto wurde gelöscht",
    )
    WEBHOOK_ENDPOINT_DISABLED = (
        "webhook_endpoint.disabled",
        "An endpoint is told nothing more",
        "Ein Endpunkt erhält nichts mehr",
    )
    PING = "ping", "Only a test", "Nur ein Test"


class EndpointStatus(Term):
    """Whether an endpoint is told anything."""

    ACTIVE = "active", "Active", "Aktiv"
    DISABLED = "disabled", "Disabled", "Abgeschaltet"


class DisabledReason(Term):
    """Why an endpoint is told nothing."""

    BY_OWNER = "by_owner", "You switched it off", "Von Ihnen abgeschaltet"
    GONE = "gone", "It answered that it is gone (410)", "Es antwortete, nicht mehr da zu sein (410)"


class DeliveryStatus(Term):
    """Where the delivery of a message stands."""

    PENDING = "pending", "Waiting, or under way", "Wartet oder ist unterwegs"
    DELIVERED = "delivered", "Delivered", "Zugestellt"
    FAILED = "failed", "Given up", "Aufgegeben"
    SKIPPED = (
        "skipped",
        "Not sent: no consent, or the endpoint is disabled",
        "Nicht gesendet: keine Einwilligung, oder der Endpunkt ist abgeschaltet",
    )
