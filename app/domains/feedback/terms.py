"""The words of feedback and letters, and their limits with their units."""

from app.kit.terms import Term

MAX_QUESTIONS = 3
MAX_QUESTION_CHARACTERS = 500
MAX_SUBJECT_CHARACTERS = 200
MAX_MESSAGE_CHARACTERS = 10_000
MAX_VERBATIM_CHARACTERS = 20_000
MAX_RESTATED_CHARACTERS = 5_000
MAX_POINTS = 30
MAX_STATEMENT_CHARACTERS = 500
MAX_QUOTE_CHARACTERS = 1_000
LEAST_USEFULNESS, MOST_USEFULNESS = 1, 5

CLOSES_AFTER_DAYS = 21
NUDGE_AFTER_DAYS = 7
WARN_AFTER_DAYS = 7
"""Calendar days in the person's time zone."""

MAX_DAYS_AHEAD = 1
"""Local days that a day may lie ahead, for a person who travels east of their profile."""


class RequestChannel(Term):
    """How feedback is asked for."""

    EMAIL = "email", "E-mail", "E-Mail"
    LINKEDIN = "linkedin", "LinkedIn", "LinkedIn"
    PHONE = "phone", "Phone", "Telefon"
    VIDEO = "video", "Video call", "Videoanruf"
    IN_PERSON = "in_person", "In person", "Persönlich"
    PORTAL = "portal", "Applicant portal", "Bewerbungsportal"


class FeedbackRequestStatus(Term):
    """Where a request for feedback stands."""

    DRAFT = "draft", "Draft", "Entwurf"
    SENT = "sent", "Sent", "Gesendet"
    RECEIVED = "received", "Answered", "Beantwortet"
    DECLINED = "declined", "Declined", "Abgelehnt"
    NO_RESPONSE = "no_response", "No response", "Keine Antwort"
    CANCELLED = "cancelled", "Cancelled", "Verworfen"


class FeedbackSource(Term):
    """How feedback arrived."""

    REJECTION_MESSAGE = "rejection_message", "In the rejection itself", "In der Absage selbst"
    REPLY = "reply", "As a reply", "Als Antwort"
    CALL = "call", "In a call", "Im Telefonat"
    RECRUITER = "recruiter", "Through a recruiter", "Über eine Personalvermittlung"
    PORTAL = "portal", "In the portal", "Im Portal"
    OTHER = "other", "Some other way", "Auf anderem Weg"


class PointDirection(Term):
    """Whether a point of feedback praises or asks for more."""

    STRENGTH = "strength", "Strength", "Stärke"
    IMPROVEMENT = "improvement", "To improve", "Verbesserung"


MAX_MEMORY_CHARACTERS = 300
MAX_SENDER_CHARACTERS = 100
MAX_LETTER_CHARACTERS = 10_000
"""How long a letter may be to be drafted or checked, in Unicode code points."""

MAX_INVITATION_CHARACTERS = 300
SAFE_INVITATION_CHARACTERS = 200
"""LinkedIn takes invitations of 300 characters, from some accounts only of 200."""

FEWEST_QUESTIONS = 1


class MessageKind(Term):
    """What a letter is for."""

    FEEDBACK_REQUEST = "feedback_request", "Request for feedback", "Bitte um Rückmeldung"
    FEEDBACK_NUDGE = "feedback_nudge", "Reminder of a request", "Erinnerung an eine Bitte"
    FEEDBACK_THANKS = "feedback_thanks", "Thanks for feedback", "Dank für Rückmeldung"
    THANK_YOU_NOTE = "thank_you_note", "Thank-you note", "Dankesnachricht"
    CONNECTION_REQUEST = "connection_request", "Invitation to connect", "Kontaktanfrage"
    FOLLOW_UP = "follow_up", "Follow-up", "Nachfrage"
    REAPPLICATION = "reapplication", "Applying again", "Erneute Bewerbung"


class MessageTone(Term):
    """How a letter sounds."""

    WARM = "warm", "Warm", "Herzlich"
    FORMAL = "formal", "Formal", "Förmlich"
    BRIEF = "brief", "Brief", "Knapp"


class LetterRule(Term):
    """What a letter is checked for."""

    ADDRESSED_TO_PERSON = "addressed_to_person", "Addressed to a person", "An eine Person gerichtet"
    EXPRESSES_GRATITUDE = "expresses_gratitude", "Says thank you", "Sagt Danke"
    ACCEPTS_DECISION = "accepts_decision", "Accepts the decision", "Nimmt die Entscheidung an"
    SPECIFIC_QUESTIONS = "specific_questions", "One to three questions", "Eine bis drei Fragen"
    EASY_WAY_OUT = "easy_way_out", "Leaves a way out", "Lässt einen Ausweg"
    FUTURE_INTEREST = "future_interest", "Stays interested", "Bleibt interessiert"
    MAX_WORDS = "max_words", "Short enough", "Kurz genug"
    SUBJECT_NAMES_ROLE = "subject_names_role", "Role in the subject", "Stelle im Betreff"
    NO_ARGUING = "no_arguing", "Does not argue", "Streitet nicht"
    NO_COMPARISON = "no_comparison", "Compares with nobody", "Vergleicht mit niemandem"
    NO_LEGAL_OR_SALARY_COMPLAINT = (
        "no_legal_or_salary_complaint",
        "No complaint about law or pay",
        "Keine Beschwerde über Recht oder Geld",
    )
    NO_JUST_CHECKING_IN = "no_just_checking_in", "Not just checking in", "Hakt nicht nur nach"
    NO_UNFILLED_PLACEHOLDER = "no_unfilled_placeholder", "Nothing left to fill in", "Nichts offen"
    HUMAN_CONTACT = "human_contact", "To somebody you have met", "An jemanden, der dich kennt"
    ASKED_IN_TIME = "asked_in_time", "Asked within a week", "Innerhalb einer Woche gefragt"
    NAMES_ROLE = "names_role", "Names the role", "Nennt die Stelle"
    ONE_CONCRETE_THING = "one_concrete_thing", "One concrete thing", "Etwas Konkretes"
    OPEN_DOOR = "open_door", "Leaves a door open", "Lässt eine Tür offen"
    CONTEXT_OF_MEETING = "context_of_meeting", "Says where you met", "Sagt, woher ihr euch kennt"
    NO_ASK = "no_ask", "Asks for nothing", "Bittet um nichts"
    MAX_CHARACTERS = "max_characters", "Fits an invitation", "Passt in eine Einladung"
    REFERS_TO_EARLIER_MESSAGE = (
        "refers_to_earlier_message",
        "Refers to what came before",
        "Knüpft an Früheres an",
    )


class CheckOutcome(Term):
    """What a check found; skipped means that it could not be decided."""

    PASSED = "passed", "Passed", "Erfüllt"
    FAILED = "failed", "Failed", "Nicht erfüllt"
    SKIPPED = "skipped", "Skipped", "Übersprungen"


class CheckSeverity(Term):
    """Whether a finding is certain or a suggestion."""

    ERROR = "error", "Error", "Fehler"
    HINT = "hint", "Hint", "Hinweis"


class LetterPart(Term):
    """Where in a letter something stands."""

    SUBJECT = "subject", "Subject", "Betreff"
    BODY = "body", "Body", "Text"
