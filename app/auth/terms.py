"""The words of consent and delegation."""

from datetime import timedelta

from app.kit.terms import Term

MAX_PURPOSE_CHARACTERS = 500
MAX_KEY_NAME_CHARACTERS = 100
MAX_ACTOR_NAME_CHARACTERS = 200
MAX_CLIENT_NAME_CHARACTERS = 200
MAX_OPERATION_CHARACTERS = 80
LONGEST_GRANT = timedelta(days=365)
GRANT_EXPIRY_NOTICE = timedelta(days=14)
LONGEST_KEY = timedelta(days=365)


class ConsentCategory(Term):
    """A kind of data that a person shares or keeps to themselves."""

    PROFILE = "profile", "Profile", "Profil"
    REJECTIONS = "rejections", "Rejections", "Absagen"
    PLANS = "plans", "Recovery plans and steps", "Pläne und Schritte"
    WELLBEING = "wellbeing", "Mood and check-ins", "Stimmung und Check-ins"
    FEEDBACK = "feedback", "Feedback from employers", "Feedback von Arbeitgebern"
    REFLECTIONS = "reflections", "Reflections and lessons", "Reflexionen und Erkenntnisse"
    NETWORK = "network", "Contacts and companies", "Kontakte und Unternehmen"
    OPPORTUNITIES = "opportunities", "Applications and goals", "Bewerbungen und Ziele"
    INSIGHTS = "insights", "Figures and summaries", "Zahlen und Übersichten"


class ConsentAccess(Term):
    """What may be done with shared data; writing includes reading."""

    READ = "read", "Read", "Lesen"
    WRITE = "write", "Read and change", "Lesen und ändern"


class GrantStatus(Term):
    """Where a person's consent stands."""

    REQUESTED = "requested", "Asked for", "Angefragt"
    ACTIVE = "active", "Active", "Aktiv"
    DECLINED = "declined", "Declined", "Abgelehnt"
    REVOKED = "revoked", "Revoked", "Widerrufen"
    EXPIRED = "expired", "Expired", "Abgelaufen"


class OrganizationRole(Term):
    """What a member may do in an organisation."""

    ADMIN = "admin", "Admin", "Administration"
    COACH = "coach", "Coach", "Coach"
    ANALYST = "analyst", "Analyst", "Analyse"


ROLES_WITH_CLIENTS = (OrganizationRole.ADMIN, OrganizationRole.COACH)
"""Who may act for people who agreed to it; analysts see figures of groups only."""


class ActorKind(Term):
    """Who acted for a person."""

    MEMBER = "member", "A member of the organisation", "Ein Mitglied der Organisation"
    ORGANIZATION_KEY = (
        "organization_key",
        "A program of the organisation",
        "Ein Programm der Organisation",
    )
