"""The words of contacts, companies, interactions and networking events, and their limits."""

from app.kit.terms import Term

CONTACT_DETAILS = ("email", "phone", "linkedin_url")
"""How to reach a contact. Somebody who acts for the person neither sees nor writes it."""

MAX_NAME_CHARACTERS = 200
MAX_EMAIL_CHARACTERS = 254
MAX_PHONE_CHARACTERS = 40
MAX_URL_CHARACTERS = 2_000
MAX_HOW_MET_CHARACTERS = 500
MAX_NOTES_CHARACTERS = 10_000
MAX_SUBJECT_CHARACTERS = 200
MAX_BODY_CHARACTERS = 10_000
MAX_LOCATION_CHARACTERS = 200
MAX_TAG_CHARACTERS = 40
MAX_TAGS = 20
MAX_CADENCE_DAYS = 366
MAX_CONTACTS_MET = 50
MAX_FOLLOW_UPS = 100


class ContactRelationship(Term):
    """Who a contact is to the person."""

    RECRUITER = "recruiter", "Recruiter", "Recruiting"
    HIRING_MANAGER = "hiring_manager", "Hiring manager", "Fachvorgesetzte Person"
    INTERVIEWER = "interviewer", "Interviewer", "Gesprächsführung"
    PEER = "peer", "Peer", "Kollegiales Umfeld"
    REFERRER = "referrer", "Referrer", "Empfehlende Person"
    MENTOR = "mentor", "Mentor", "Mentorin oder Mentor"
    OTHER = "other", "Someone else", "Jemand anderes"


class ConnectionStatus(Term):
    """Whether the two are connected on a professional network."""

    NONE = "none", "Not connected", "Nicht vernetzt"
    REQUESTED = "requested", "Invitation sent", "Einladung gesendet"
    CONNECTED = "connected", "Connected", "Vernetzt"
    DECLINED = "declined", "Declined", "Abgelehnt"


class InteractionKind(Term):
    """What an interaction is."""

    THANK_YOU_NOTE = "thank_you_note", "Thank-you note", "Dankschreiben"
    CONNECTION_REQUEST = "connection_request", "Invitation to connect", "Vernetzungsanfrage"
    FOLLOW_UP = "follow_up", "Follow-up", "Nachfassen"
    MESSAGE = "message", "Message", "Nachricht"
    CALL = "call", "Call", "Anruf"
    MEETING = "meeting", "Meeting", "Treffen"
    REFERRAL = "referral", "Referral", "Empfehlung"
    SOCIAL_ENGAGEMENT = "social_engagement", "Comment or like", "Kommentar oder Reaktion"


class InteractionDirection(Term):
    """Who turned to whom."""

    OUTGOING = "outgoing", "From me", "Von mir"
    INCOMING = "incoming", "To me", "An mich"


class InteractionStatus(Term):
    """Where an interaction stands."""

    DRAFT = "draft", "Draft", "Entwurf"
    PLANNED = "planned", "Planned", "Geplant"
    DONE = "done", "Done", "Erledigt"
    CANCELLED = "cancelled", "Cancelled", "Abgesagt"


class FollowChannel(Term):
    """Where a company is followed."""

    LINKEDIN = "linkedin", "LinkedIn", "LinkedIn"
    NEWSLETTER = "newsletter", "Newsletter", "Newsletter"
    CAREER_PAGE = "career_page", "Career page", "Karriereseite"
    BLOG = "blog", "Blog or news", "Blog oder Neuigkeiten"
    EVENTS = "events", "Events", "Veranstaltungen"
    OTHER = "other", "Somewhere else", "Anderswo"


class NetworkingEventKind(Term):
    """What kind of occasion to meet people it is."""

    MEETUP = "meetup", "Meetup", "Meetup"
    CONFERENCE = "conference", "Conference", "Konferenz"
    CAREER_FAIR = "career_fair", "Career fair", "Karrieremesse"
    WEBINAR = "webinar", "Webinar", "Webinar"
    GROUP = "group", "Group", "Gruppe"
    PLATFORM = "platform", "Platform", "Plattform"
    INFORMATIONAL_INTERVIEW = (
        "informational_interview",
        "Informational interview",
        "Informationsgespräch",
    )


class NetworkingEventStatus(Term):
    """Where the person stands with an occasion."""

    INTERESTED = "interested", "Interested", "Interessiert"
    REGISTERED = "registered", "Registered", "Angemeldet"
    ATTENDED = "attended", "Attended", "Teilgenommen"
    SKIPPED = "skipped", "Left out", "Ausgelassen"


class FollowUpReason(Term):
    """Why a contact or a company is due."""

    PLANNED = (
        "planned",
        "You planned to get in touch around now.",
        "Um diese Zeit wolltest du dich melden.",
    )
    CADENCE = (
        "cadence",
        "By the rhythm you chose, it is time for a few words again.",
        "Nach dem Rhythmus, den du gewählt hast, ist es Zeit für ein paar Worte.",
    )
    FIRST_CONTACT = (
        "first_contact",
        "There has been nothing between you yet; a short hello is enough.",
        "Bisher gab es noch nichts zwischen euch; ein kurzer Gruß genügt.",
    )
