"""The words of organisations, and their limits with their units."""

from app.kit.terms import Term

MAX_NAME_CHARACTERS = 200
MAX_EXTERNAL_ID_CHARACTERS = 100
MAX_COHORT_CHARACTERS = 100
MAX_EMAIL_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3: the longest path, less its two angle brackets."""

DEFAULT_GRANT_DAYS, MAX_GRANT_DAYS = 90, 365
MAX_INVITATIONS_AT_ONCE = 1_000


class MembershipStatus(Term):
    """Whether a member may act."""

    ACTIVE = "active", "Active", "Aktiv"
    DEACTIVATED = "deactivated", "Deactivated", "Deaktiviert"


class ClientStatus(Term):
    """Whether a person is still with an organisation."""

    ACTIVE = "active", "Active", "Aktiv"
    ENDED = "ended", "Ended", "Beendet"
