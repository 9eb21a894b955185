"""The words of organisations, and their limits with their units."""

from datetime import timedelta

from app.kit.terms import Term

MAX_NAME_CHARACTERS = 200
MAX_EXTERNAL_ID_CHARACTERS = 100
MAX_COHORT_CHARACTERS = 100
MAX_EMAIL_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3: the longest path, less its two angle brackets."""

MAX_EMAIL_KEY_CHARACTERS = 1_000
"""Case folding makes up to three characters of one, and an IDNA domain is longer in ASCII."""

MAX_CLIENTS_ON_A_PAGE = 200
MAX_AFFILIATIONS = 100
"""As many organisations are shown to somebody who belongs to more."""

QUIET_FOR = timedelta(days=14)
"""After so long without anything recorded a client is shown under `no_activity`."""

DEFAULT_GRANT_DAYS, MAX_GRANT_DAYS = 90, 365
MAX_INVITATIONS_AT_ONCE = 1_000

INVITATION_LIFETIME = timedelta(days=14)
INVITATIONS_KEPT = timedelta(days=30)
"""How long an invitation that nobody accepted is kept after it has expired."""

FLOOD_WINDOW = timedelta(hours=24)
MAX_INVITATIONS_A_DAY = 2_000
MAX_INVITATIONS_TO_ONE_ADDRESS_A_DAY = 5
"""What one organisation may send within 24 hours, so that it floods nobody's mailbox."""


class MembershipStatus(Term):
    """Whether a member may act."""

    ACTIVE = "active", "Active", "Aktiv"
    DEACTIVATED = "deactivated", "Deactivated", "Deaktiviert"


class ClientStatus(Term):
    """Whether a person is still with an organisation."""

    ACTIVE = "active", "Active", "Aktiv"
    ENDED = "ended", "Ended", "Beendet"


class InvitationKind(Term):
    """As what somebody is invited."""

    CLIENT = "client", "To be accompanied", "Zur Begleitung"
    MEMBER = "member", "To work for the organisation", "Zur Mitarbeit"


class InvitationStatus(Term):
    """Where an invitation stands."""

    PENDING = "pending", "Waiting for an answer", "Wartet auf Antwort"
    ACCEPTED = "accepted", "Accepted", "Angenommen"
    EXPIRED = "expired", "Expired", "Abgelaufen"
    WITHDRAWN = "withdrawn", "Withdrawn", "Zurückgezogen"


class ConsentState(Term):
    """Where a client's consent stands, over all grants that the reader may use."""

    ACTIVE = "active", "Active", "Aktiv"
    REQUESTED = "requested", "Asked for", "Angefragt"
    EXPIRED = "expired", "Expired", "Abgelaufen"
    REVOKED = "revoked", "Revoked", "Widerrufen"
    DECLINED = "declined", "Declined", "Abgelehnt"
    NONE = "none", "Never asked for", "Nie angefragt"


class Attention(Term):
    """Why a coach may want to look at a client. It never tells how somebody is."""

    OVERDUE_STEPS = "overdue_steps", "Steps are overdue", "Schritte sind überfällig"
    NO_ACTIVITY = (
        "no_activity",
        "Nothing recorded for two weeks",
        "Seit zwei Wochen nichts eingetragen",
    )
    CONSENT_MISSING = "consent_missing", "No consent in force", "Keine gültige Einwilligung"
    CONSENT_EXPIRING = (
        "consent_expiring",
        "Consent ends within two weeks",
        "Einwilligung endet in zwei Wochen",
    )
