"""The words of a rejection, and its limits with their units."""

from app.kit.terms import Term

MAX_NAME_CHARACTERS = 200
MAX_LOCATION_CHARACTERS = 200
MAX_URL_CHARACTERS = 2_000
MAX_STATED_REASON_CHARACTERS = 5_000
MAX_NOTES_CHARACTERS = 10_000
MAX_TAG_CHARACTERS = 40
MAX_TAGS = 20
MAX_REASONS = 18
"""One entry for each reason code."""

MAX_DAYS_AHEAD = 1
"""Local days that `rejected_on` may lie ahead, for a person who travels east of their profile."""

REAPPLY_AFTER_MONTHS = 6
"""Calendar months after which applying again is suggested."""

REAPPLY_LOOK_BACK_DAYS = 220
"""Days: six months and the 30 for which a suggestion is shown."""


class RejectionStage(Term):
    """How far the application had come; the order of declaration is the order of the stages."""

    APPLICATION = "application", "Application", "Bewerbung"
    SCREENING = "screening", "Screening", "Vorauswahl"
    ASSESSMENT = "assessment", "Assessment", "Test oder Aufgabe"
    INTERVIEW = "interview", "Interview", "Gespräch"
    FINAL_ROUND = "final_round", "Final round", "Letzte Runde"
    OFFER = "offer", "Offer", "Angebot"


class DecidedBy(Term):
    """Who ended it."""

    EMPLOYER = "employer", "The employer", "Das Unternehmen"
    CANDIDATE = "candidate", "I did", "Ich selbst"
    NONE = (
        "none",
        "Nobody: the role was frozen or closed",
        "Niemand: Stelle gestoppt oder gestrichen",
    )


class RejectionChannel(Term):
    """How the "no" arrived."""

    EMAIL = "email", "E-mail", "E-Mail"
    PHONE = "phone", "Phone", "Telefon"
    VIDEO = "video", "Video call", "Videoanruf"
    IN_PERSON = "in_person", "In person", "Persönlich"
    PORTAL = "portal", "Applicant portal", "Bewerbungsportal"
    SILENCE = "silence", "Silence", "Keine Antwort"


class ReasonCode(Term):
    """Why it was a "no", as far as anyone knows."""

    SKILLS_GAP = "skills_gap", "A skill was missing", "Eine Fähigkeit fehlte"
    EXPERIENCE_LEVEL = "experience_level", "Level of experience", "Umfang der Erfahrung"
    STRONGER_CANDIDATE = (
        "stronger_candidate",
        "Another candidate fitted better",
        "Jemand passte besser",
    )
    INTERNAL_CANDIDATE = "internal_candidate", "An internal candidate", "Interne Besetzung"
    INTERVIEW_PERFORMANCE = "interview_performance", "The interview", "Das Gespräch"
    ASSESSMENT_RESULT = "assessment_result", "The assessment", "Das Testergebnis"
    CULTURE_VALUES = "culture_values", "Culture and values", "Kultur und Werte"
    COMMUNICATION = "communication", "Communication", "Kommunikation"
    LOCATION_TIMEZONE = "location_timezone", "Location or time zone", "Ort oder Zeitzone"
    WORK_AUTHORISATION = "work_authorisation", "Work authorisation", "Arbeitserlaubnis"
    COMPENSATION = "compensation", "Compensation", "Gehalt"
    AVAILABILITY = "availability", "Availability", "Verfügbarkeit"
    REFERENCES = "references", "References", "Referenzen"
    ROLE_CLOSED_OR_FROZEN = (
        "role_closed_or_frozen",
        "The role was closed or frozen",
        "Stelle gestoppt",
    )
    DUPLICATE_OR_ROUTING = (
        "duplicate_or_routing",
        "Duplicate or sent astray",
        "Doppelt oder fehlgeleitet",
    )
    NO_RESPONSE = "no_response", "No response", "Keine Antwort"
    NOT_STATED = "not_stated", "Not stated", "Nicht genannt"
    OTHER = "other", "Something else", "Etwas anderes"


class ReasonBasis(Term):
    """Whether the employer named the reason or the person supposes it."""

    STATED = "stated", "Stated by the employer", "Vom Unternehmen genannt"
    INFERRED = "inferred", "My own guess", "Meine Vermutung"


class RejectionSource(Term):
    """Where the opening came from."""

    REFERRAL = "referral", "Referral", "Empfehlung"
    JOB_BOARD = "job_board", "Job board", "Stellenbörse"
    RECRUITER = "recruiter", "Recruiter", "Personalvermittlung"
    COMPANY_SITE = "company_site", "Company site", "Website des Unternehmens"
    EVENT = "event", "Event", "Veranstaltung"
    OTHER = "other", "Something else", "Etwas anderes"


class WorkMode(Term):
    """Where the work would have been done."""

    ON_SITE = "on_site", "On site", "Vor Ort"
    HYBRID = "hybrid", "Hybrid", "Hybrid"
    REMOTE = "remote", "Remote", "Remote"


class RejectionStatus(Term):
    """Whether the person still works with it."""

    OPEN = "open", "Open", "Offen"
    CLOSED = "closed", "Closed", "Abgeschlossen"
