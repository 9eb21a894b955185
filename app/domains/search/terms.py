"""The words of the search, and its limits with their units."""

from app.kit.terms import Term

MAX_QUERY_CHARACTERS = 200
MAX_SOUGHT_WORDS = 16
"""Different words of a query that count; those after them do not narrow it."""

MAX_HITS = 50
"""Records that one answer has at most."""

MAX_TITLE_CHARACTERS = 200
CHARACTERS_BEFORE_HIT = 60
MAX_CHARACTERS_READ, MAX_CHARACTERS_READ_OF_ONE = 200_000, 20_000
"""How far the snippets of one answer look for their hits: a tenth of a second or two."""

MAX_SNIPPET_CHARACTERS = 200
MAX_SNIPPET_PARTS = MAX_SNIPPET_CHARACTERS + 1
"""Every hit has a character at least, and so has what stands between two of them."""


class SearchCollection(Term):
    """What can be found; the label names one record that has no name of its own."""

    REJECTIONS = "rejections", "Rejection", "Absage"
    COMPANIES = "companies", "Company", "Unternehmen"
    CONTACTS = "contacts", "Contact", "Kontakt"
    INTERACTIONS = "interactions", "Interaction", "Austausch"
    NETWORKING_EVENTS = "networking_events", "Event", "Veranstaltung"
    OPPORTUNITIES = "opportunities", "Opportunity", "Chance"
    FEEDBACK_REQUESTS = "feedback_requests", "Request for feedback", "Bitte um Feedback"
    FEEDBACK = "feedback", "Feedback", "Feedback"
    REFLECTIONS = "reflections", "Reflection", "Rückblick"
    LESSONS = "lessons", "Lesson", "Lehre"
    SKILL_GAPS = "skill_gaps", "Skill gap", "Lücke"
    CULTURE_FIT_ASSESSMENTS = "culture_fit_assessments", "Culture fit", "Passung zur Kultur"
    COMMENTS = "comments", "Comment", "Kommentar"
