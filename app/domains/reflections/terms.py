"""The words of reflections, lessons, skill gaps and culture fit, and their limits."""

from app.kit.terms import Term

MAX_NAME_CHARACTERS = 200
MAX_ITEM_CHARACTERS = 500
MAX_TEXT_CHARACTERS = 5_000
MAX_LESSON_CHARACTERS = 2_000
MAX_PLAN_CHARACTERS = 5_000
MAX_TITLE_CHARACTERS = 200
MAX_URL_CHARACTERS = 2_000
MAX_CUE_CHARACTERS = 500
MAX_ACTION_CHARACTERS = 500
MAX_ITEMS = 20
"""Of each list in a reflection or an assessment."""
MAX_ANSWERS = 20
MAX_RESOURCES = 20
MAX_EVIDENCE = 50
"""Rejections that one skill gap can name."""
MAX_MINUTES = 600
LEAST_RATING, MOST_RATING = 1, 5

MAX_FITS = 21
"""Values that one assessment can rate: each word of the vocabulary once."""

ALIGNED_FROM_PERCENT, MIXED_FROM_PERCENT = 70, 40
"""From which alignment on a company counts as aligned, or at least as mixed, unless said so."""

MAX_DAYS_AHEAD = 1
"""Local days that a day of the past may lie ahead, for a person who travels east of their
profile."""

LEAST_PROMPT_MINUTES, MOST_PROMPT_MINUTES, DEFAULT_PROMPT_MINUTES = 15, 60, 30
"""How long a reflection can be planned to take: it is bounded, so that it ends."""
MAX_PROMPTS = 60
MAX_QUESTION_CHARACTERS = 300
MAX_HINT_CHARACTERS = 500
MAX_WRITING_CHARACTERS = 2_000
MAX_SESSIONS = 5
MAX_SOURCES = 20


class ReflectionKind(Term):
    """What a person looks back on."""

    APPLICATION = "application", "An application", "Eine Bewerbung"
    INTERVIEW = "interview", "An interview", "Ein Gespräch"
    PROCESS = "process", "The whole process", "Der ganze Ablauf"


class SkillGapKind(Term):
    """What is missing."""

    SKILL = "skill", "Skill", "Fähigkeit"
    QUALIFICATION = "qualification", "Qualification", "Abschluss"
    EXPERIENCE = "experience", "Experience", "Erfahrung"
    TOOL = "tool", "Tool", "Werkzeug"
    LANGUAGE = "language", "Language", "Sprache"


class Severity(Term):
    """How much a gap matters."""

    LOW = "low", "A little", "Wenig"
    MEDIUM = "medium", "Somewhat", "Mittel"
    HIGH = "high", "A lot", "Viel"


class SkillGapStatus(Term):
    """Where a skill gap stands."""

    OPEN = "open", "Open", "Offen"
    IN_PROGRESS = "in_progress", "In progress", "In Arbeit"
    CLOSED = "closed", "Closed", "Geschlossen"
    DISMISSED = "dismissed", "Not worth it", "Nicht lohnend"


class LessonStatus(Term):
    """Where a lesson stands."""

    OPEN = "open", "Not applied yet", "Noch nicht angewandt"
    APPLIED = "applied", "Applied", "Angewandt"
    RETIRED = "retired", "No longer useful", "Nicht mehr nützlich"


class FitConclusion(Term):
    """What a person makes of a company's culture."""

    ALIGNED = "aligned", "It would have fitted", "Es hätte gepasst"
    MIXED = "mixed", "Some things fitted", "Manches hat gepasst"
    MISALIGNED = "misaligned", "It did not fit", "Es hat nicht gepasst"


class LessonOrigin(Term):
    """What a lesson comes from, as the collection of that record is called."""

    REJECTIONS = "rejections", "A rejection", "Eine Absage"
    FEEDBACK = "feedback", "Feedback", "Feedback"
    REFLECTIONS = "reflections", "A reflection", "Ein Rückblick"


class PromptPart(Term):
    """Where a prompt stands in a reflection; the order of declaration is the order of the parts."""

    CHECK_IN = "check_in", "First, how you are", "Zuerst: wie es dir geht"
    LOOK_BACK = "look_back", "Look back", "Zurückblicken"
    LEARN = "learn", "Take something with you", "Etwas mitnehmen"
    NEXT_TIME = "next_time", "Next time", "Beim nächsten Mal"
