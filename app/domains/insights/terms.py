"""The words of insights, and their limits with their units."""

from app.kit.terms import Term

CONCLUSIVE_FROM = 5
"""How many records there must be before a figure says more than chance does.

Rebound's own rule: with fewer, one record more can move a share by a fifth.
"""

DEFAULT_PERIOD_DAYS = 365
MAX_PERIOD_DAYS = 5 * 365 + 2
"""Five years: with at most two leap days."""
MAX_WEEKS, MAX_MONTHS = 262, 62
"""So many have a day in the longest period."""

REPEATS_FROM = 2
"""Rejections that name the same thing before it counts as a pattern."""

MAX_COUNT = 10_000_000
MAX_SHOWN = 20
"""Of each list that a person is to look through."""


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
    COMMENTED = "comment.added", "Comment", "Kommentar"


class BriefReason(Term):
    """Why something stands in a preparation brief."""

    SAME_COMPANY = "same_company", "From this company", "Aus diesem Unternehmen"
    SAME_STAGE = "same_stage", "From the same stage", "Aus derselben Phase"
    ASKED_HERE = "asked_here", "Asked at this stage", "In dieser Phase gefragt"
    OPEN = "open", "Carried forward", "Mitgenommen"


class ChecklistItem(Term):
    """What to do before the next conversation; the order of declaration is that of the list."""

    WRITE_DOWN_THE_DATE = (
        "write_down_the_date",
        "Write down when and where it takes place, and with whom.",
        "Schreib auf, wann und wo es stattfindet und mit wem.",
    )
    READ_ABOUT_THEM = (
        "read_about_them",
        "Read what they say about the role and about themselves.",
        "Lies nach, was sie über die Stelle und über sich selbst sagen.",
    )
    CHOOSE_A_LESSON = (
        "choose_a_lesson",
        "Choose one lesson that you will apply this time.",
        "Such dir eine Lehre aus, die du diesmal anwendest.",
    )
    SAY_ANSWERS_ALOUD = (
        "say_answers_aloud",
        "Say your stronger answers aloud once.",
        "Sprich deine stärkeren Antworten einmal laut.",
    )
    SPEAK_OF_A_GAP = (
        "speak_of_a_gap",
        "Have a sentence ready on what you are learning just now.",
        "Leg dir einen Satz zurecht über das, was du gerade lernst.",
    )
    ASK_ABOUT_RED_FLAGS = (
        "ask_about_red_flags",
        "Ask about what has put you off before.",
        "Frag nach dem, was dich früher schon gestört hat.",
    )
    CHECK_VALUES = (
        "check_values",
        "Prepare a question about what matters most to you.",
        "Bereite eine Frage zu dem vor, was dir am wichtigsten ist.",
    )
    WRITE_TO_SOMEBODY = (
        "write_to_somebody",
        "Send a few words to somebody you know there.",
        "Schreib jemandem, den du dort kennst, ein paar Worte.",
    )
    PLAN_TO_LOOK_BACK = (
        "plan_to_look_back",
        "Keep half an hour free afterwards to look back.",
        "Halte danach eine halbe Stunde frei, um zurückzublicken.",
    )
