"""The words of plans, steps and check-ins, and their limits with their units."""

from app.kit.terms import Language, Term

MAX_STEPS_PER_PLAN = 30
MAX_TITLE_CHARACTERS = 200
MAX_GUIDANCE_CHARACTERS = 2_000
MAX_CUE_CHARACTERS = 500
MAX_ACTION_CHARACTERS = 500
MAX_EFFORT_MINUTES = 480
MAX_NOTE_CHARACTERS = 5_000
MAX_EMOTIONS = 10

LEAST_RATING, MOST_RATING = 1, 5
"""Bounds of mood and energy: single items of our own, not a validated scale."""

MAX_PAUSE_HOURS = 14 * 24
DEFAULT_PAUSE_HOURS = 48
"""Elapsed hours."""

DEFAULT_NEXT_ACTIONS_PER_DAY = 3
MAX_NEXT_ACTIONS = 1_000
"""How many are answered when the daily cap is lifted."""

MAX_REMINDERS = 64
"""As many local notifications as a phone keeps at once (iOS keeps the soonest 64)."""

MAX_REMINDER_DAYS, DEFAULT_REMINDER_DAYS = 60, 14


MAX_ASSIGNED_AT_ONCE = 200
"""People who are given a step or a plan in one request."""

MAX_TEMPLATE_DAYS = 365

COACH_PLAN_TITLES = {Language.EN: "From {name}", Language.DE: "Von {name}"}
"""What the plan is called that gathers what an organisation assigns."""


class AssignmentOutcome(Term):
    """What became of an assignment for one person."""

    ASSIGNED = "assigned", "Assigned", "Zugewiesen"
    NOT_FOUND = "not_found", "No client who gave consent", "Keine einwilligende Person"
    CONSENT_MISSING = (
        "consent_missing",
        "They did not agree to have plans changed",
        "Keine Einwilligung zum Ändern von Plänen",
    )


class StepKind(Term):
    """What there is to do in a step."""

    DECOMPRESS = "decompress", "Take a break", "Durchatmen"
    CHECK_IN = "check_in", "Check in", "Befinden notieren"
    REQUEST_FEEDBACK = "request_feedback", "Ask for feedback", "Um Feedback bitten"
    REFLECT = "reflect", "Look back", "Zurückblicken"
    ASSESS_GAPS = "assess_gaps", "Look at skill gaps", "Lücken ansehen"
    ASSESS_FIT = "assess_fit", "Look at the fit", "Passung ansehen"
    THANK = "thank", "Say thank you", "Danke sagen"
    CONNECT = "connect", "Connect", "Vernetzen"
    FOLLOW_COMPANY = "follow_company", "Follow the company", "Dem Unternehmen folgen"
    CAPTURE_LESSON = "capture_lesson", "Write down a lesson", "Eine Lehre festhalten"
    PREPARE_NEXT = "prepare_next", "Prepare what comes next", "Das Nächste vorbereiten"
    EXPAND_NETWORK = "expand_network", "Meet someone new", "Jemanden kennenlernen"
    REFOCUS = "refocus", "Turn to what comes next", "Den Blick nach vorn richten"
    CUSTOM = "custom", "My own step", "Eigener Schritt"


class StepOrigin(Term):
    """Who put a step into a plan."""

    TEMPLATE = "template", "Plan template", "Vorlage"
    PERSON = "person", "Me", "Ich"
    COACH = "coach", "My coach", "Mein Coach"
    ENGINE = "engine", "Rebound", "Rebound"


class StepStatus(Term):
    """Where a step stands."""

    PENDING = "pending", "To do", "Offen"
    IN_PROGRESS = "in_progress", "In progress", "Begonnen"
    DONE = "done", "Done", "Erledigt"
    SKIPPED = "skipped", "Left out", "Ausgelassen"


class DoneBy(Term):
    """What completed a step: the person's own tick, or an event that stands for it."""

    PERSON = "person", "Ticked by me", "Von mir abgehakt"
    EVENT = "event", "Ticked by what I did", "Durch mein Tun abgehakt"


class PlanStatus(Term):
    """Where a plan stands."""

    ACTIVE = "active", "Active", "Aktiv"
    COMPLETED = "completed", "Completed", "Abgeschlossen"
    ABANDONED = "abandoned", "Let go", "Aufgegeben"


class SkipReason(Term):
    """Why a step was left out; `rejection_closed` is set by closing the rejection only."""

    REJECTION_CLOSED = "rejection_closed", "The rejection was closed", "Absage abgeschlossen"
    NOT_RELEVANT = "not_relevant", "Does not apply here", "Passt hier nicht"
    NOT_NOW = "not_now", "Not now", "Jetzt nicht"
    OTHER = "other", "Something else", "Etwas anderes"


class Emotion(Term):
    """What a person feels: twelve pleasant words and twelve hard ones."""

    CALM = "calm", "calm", "ruhig"
    RELIEVED = "relieved", "relieved", "erleichtert"
    HOPEFUL = "hopeful", "hopeful", "hoffnungsvoll"
    GRATEFUL = "grateful", "grateful", "dankbar"
    PROUD = "proud", "proud", "stolz"
    CURIOUS = "curious", "curious", "neugierig"
    DETERMINED = "determined", "determined", "entschlossen"
    CONFIDENT = "confident", "confident", "zuversichtlich"
    CONTENT = "content", "content", "zufrieden"
    MOTIVATED = "motivated", "motivated", "motiviert"
    AMUSED = "amused", "amused", "belustigt"
    SUPPORTED = "supported", "supported", "unterstützt"
    SAD = "sad", "sad", "traurig"
    DISAPPOINTED = "disappointed", "disappointed", "enttäuscht"
    ANGRY = "angry", "angry", "wütend"
    FRUSTRATED = "frustrated", "frustrated", "frustriert"
    ANXIOUS = "anxious", "anxious", "ängstlich"
    ASHAMED = "ashamed", "ashamed", "beschämt"
    HURT = "hurt", "hurt", "verletzt"
    LONELY = "lonely", "lonely", "einsam"
    OVERWHELMED = "overwhelmed", "overwhelmed", "überfordert"
    EXHAUSTED = "exhausted", "exhausted", "erschöpft"
    CONFUSED = "confused", "confused", "verwirrt"
    NUMB = "numb", "numb", "wie taub"


class WhyNow(Term):
    """Why a next action is offered now."""

    EVENT_SOON = (
        "event_soon",
        "This is coming up within a day.",
        "Das steht innerhalb eines Tages an.",
    )
    WINDOW_CLOSING = (
        "window_closing",
        "This is best done soon: the good moment passes within a day.",
        "Jetzt passt es noch gut: Der richtige Zeitpunkt ist innerhalb eines Tages vorbei.",
    )
    PART_OF_PAUSE = (
        "part_of_pause",
        "This does you good during your pause. Everything else can wait.",
        "Das tut dir in deiner Pause gut. Alles andere kann warten.",
    )
    DUE_TODAY = "due_today", "It is planned for today.", "Es ist für heute vorgesehen."
    OVERDUE = (
        "overdue",
        "Its day has just passed; there is still time.",
        "Der Tag dafür ist gerade vorbei; es ist noch Zeit.",
    )
    DUE_SOON = (
        "due_soon",
        "This comes up in the next three days.",
        "Das steht in den nächsten drei Tagen an.",
    )
    NUDGE_DUE = (
        "nudge_due",
        "A week has passed without an answer; one friendly reminder is fine.",
        "Eine Woche ist ohne Antwort vergangen; eine freundliche Erinnerung ist in Ordnung.",
    )
    FOLLOW_UP_DUE = (
        "follow_up_due",
        "By your plan it is time for a few words.",
        "Nach deinem Plan ist es Zeit für ein paar Worte.",
    )
    REAPPLY_DATE = (
        "reapply_date",
        "You wanted to think about applying again around now.",
        "Um diese Zeit wolltest du über eine neue Bewerbung nachdenken.",
    )
    REAPPLY_SUGGESTED = (
        "reapply_suggested",
        "Six months have passed; applying again can make sense now.",
        "Sechs Monate sind vorbei; eine neue Bewerbung kann jetzt sinnvoll sein.",
    )
    WHEN_READY = "when_ready", "Whenever you are ready.", "Wann immer du so weit bist."


class ReminderText(Term):
    """What a reminder says where anybody may read it: no name, no employer, no "no"."""

    STEP = "step", "Something small is planned for today.", "Heute ist etwas Kleines geplant."
    EVENT = (
        "event",
        "Something you want to be ready for is coming up.",
        "Etwas, worauf du vorbereitet sein willst, steht an.",
    )
    NUDGE = (
        "nudge",
        "A message of yours may be followed up today.",
        "Heute kannst du an eine deiner Nachrichten erinnern.",
    )
    FOLLOW_UP = (
        "follow_up",
        "You wanted to get in touch with someone around now.",
        "Um diese Zeit wolltest du dich bei jemandem melden.",
    )
    REAPPLY = (
        "reapply",
        "You set yourself this day to think something over.",
        "Für diesen Tag hast du dir vorgenommen, über etwas nachzudenken.",
    )


class SupportResourceKind(Term):
    """What a support resource offers."""

    CRISIS_LINE = "crisis_line", "Crisis line", "Krisentelefon"
    LISTENING_LINE = "listening_line", "Someone who listens", "Jemand, der zuhört"
    DIRECTORY = "directory", "Directory of help lines", "Verzeichnis von Hilfsangeboten"
