"""The words of opportunities and goals, and their limits with their units."""

from app.kit.terms import Term

MAX_NAME_CHARACTERS = 200
MAX_URL_CHARACTERS = 2_000
MAX_NOTES_CHARACTERS = 10_000
MAX_TITLE_CHARACTERS = 200
MAX_TARGET = 10_000
MAX_ACTIVE_GOALS = 50
"""Whose progress is shown at once."""


class OpportunityStatus(Term):
    """Where an opportunity stands."""

    SAVED = "saved", "Saved", "Gemerkt"
    APPLIED = "applied", "Applied", "Beworben"
    INTERVIEWING = "interviewing", "Interviewing", "Im Gespräch"
    OFFERED = "offered", "Offered", "Angebot erhalten"
    ACCEPTED = "accepted", "Accepted", "Angenommen"
    REJECTED = "rejected", "Rejected", "Abgesagt"
    WITHDRAWN = "withdrawn", "Withdrawn", "Zurückgezogen"
    CLOSED = "closed", "Closed by the employer", "Vom Unternehmen geschlossen"


class GoalMetric(Term):
    """What a goal counts: learning and effort."""

    APPLICATIONS = "applications", "Applications sent", "Bewerbungen"
    INTERVIEWS = "interviews", "Interviews", "Gespräche"
    CONTACTS_ADDED = "contacts_added", "People met", "Neue Kontakte"
    FOLLOW_UPS_DONE = "follow_ups_done", "Follow-ups", "Kontakte gepflegt"
    FEEDBACK_REQUESTED = "feedback_requested", "Requests for feedback", "Um Feedback gebeten"
    LESSONS_CAPTURED = "lessons_captured", "Lessons written down", "Lehren festgehalten"
    LESSONS_APPLIED = "lessons_applied", "Lessons applied", "Lehren angewandt"
    PRACTICE_SESSIONS = "practice_sessions", "Practice sessions", "Übungseinheiten"


class GoalPeriod(Term):
    """How often a goal begins anew. Weeks start on Monday."""

    WEEK = "week", "Each week", "Jede Woche"
    MONTH = "month", "Each month", "Jeden Monat"
    ONCE = "once", "Once", "Einmal"


class GoalStatus(Term):
    """Where a goal stands."""

    ACTIVE = "active", "Active", "Aktiv"
    ACHIEVED = "achieved", "Achieved", "Erreicht"
    DROPPED = "dropped", "Let go", "Aufgegeben"
