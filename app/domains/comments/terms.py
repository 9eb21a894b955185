"""The words of comments, and their limits with their units."""

from app.kit.terms import Term

MAX_COMMENT_CHARACTERS = 5_000
MAX_AUTHOR_CHARACTERS = 200


class CommentedCollection(Term):
    """What a comment can be about; the label names one such record."""

    REJECTIONS = "rejections", "Rejection", "Absage"
    RECOVERY_PLANS = "recovery_plans", "Recovery plan", "Plan"
    RECOVERY_STEPS = "recovery_steps", "Step", "Schritt"
    CHECK_INS = "check_ins", "Check-in", "Check-in"
    FEEDBACK_REQUESTS = "feedback_requests", "Request for feedback", "Bitte um Feedback"
    FEEDBACK = "feedback", "Feedback", "Feedback"
    REFLECTIONS = "reflections", "Reflection", "Rückblick"
    LESSONS = "lessons", "Lesson", "Lehre"
    SKILL_GAPS = "skill_gaps", "Skill gap", "Lücke"
    CULTURE_FIT_ASSESSMENTS = "culture_fit_assessments", "Culture fit", "Passung zur Kultur"
    COMPANIES = "companies", "Company", "Unternehmen"
    CONTACTS = "contacts", "Contact", "Kontakt"
    INTERACTIONS = "interactions", "Interaction", "Austausch"
    NETWORKING_EVENTS = "networking_events", "Event", "Veranstaltung"
    OPPORTUNITIES = "opportunities", "Opportunity", "Chance"
    GOALS = "goals", "Goal", "Ziel"
