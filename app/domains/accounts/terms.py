"""The words of an account, and its limits with their units."""

from datetime import timedelta
from enum import StrEnum

from app.kit.terms import Term

MAX_EMAIL_CHARACTERS = 254
"""RFC 5321, section 4.5.3.1.3: the longest path, less its two angle brackets."""
MAX_EMAIL_KEY_CHARACTERS = 1_000
"""Case folding makes up to three characters of one, and an IDNA domain is longer in ASCII."""
MAX_DISPLAY_NAME_CHARACTERS = 100
MAX_LOCALE_CHARACTERS = 35
"""RFC 5646, section 4.4.1: what every reader of language tags must be ready for."""
MAX_TIME_ZONE_CHARACTERS = 64
MAX_PASSWORD_HASH_CHARACTERS = 200
MAX_VALUES = 20
MAX_PAUSE_HOURS = 14 * 24
MAX_NEXT_ACTIONS_PER_DAY = 10
MIN_IMPORTANCE, MAX_IMPORTANCE = 1, 5

DEFAULT_TIME_ZONE = "UTC"
DEFAULT_LOCALE = "en"
DEFAULT_PAUSE_HOURS = 48
DEFAULT_NEXT_ACTIONS_PER_DAY = 3

VERIFICATION_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(minutes=60)

MAX_MAILS_TO_ONE_ADDRESS = 5
"""So many mails of one kind go to an address while their tokens live; further ones are left out,
so that nobody's mailbox can be flooded through this service."""

DEFAULT_KEY_DAYS = 90
MAX_KEYS = 20
"""So many keys that are good may an owner have at a time."""

PRODUCT_NAME = "rebound"

EXAMPLE_PHRASE = "a walk by the river at dusk"
EXAMPLE_NEW_PHRASE = "two walks by the river at dawn"
"""What stands for a password in the contract's examples."""


class MailedTokenPurpose(StrEnum):
    """What a mailed token may be used for."""

    VERIFY_EMAIL = "verify_email"
    CHANGE_EMAIL = "change_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 -- a purpose, no password.  # nosec B105


class VerificationOutcome(StrEnum):
    """What a token that came back by `POST /v1/email-verifications` has brought about."""

    ACCOUNT_CREATED = "account_created"
    EMAIL_VERIFIED = "email_verified"
    EMAIL_CHANGED = "email_changed"


class Value(Term):
    """What somebody may look for at work."""

    AUTONOMY = "autonomy", "Autonomy", "Selbstständigkeit"
    BALANCE = "balance", "Time for life outside work", "Zeit für das Leben außerhalb der Arbeit"
    BELONGING = "belonging", "Belonging", "Zugehörigkeit"
    CHALLENGE = "challenge", "Challenge", "Herausforderung"
    COLLABORATION = "collaboration", "Collaboration", "Zusammenarbeit"
    CREATIVITY = "creativity", "Creativity", "Kreativität"
    CUSTOMER_FOCUS = "customer_focus", "Being useful to customers", "Nutzen für die Kundschaft"
    DIVERSITY = "diversity", "Diversity", "Vielfalt"
    FAIRNESS = "fairness", "Fairness", "Gerechtigkeit"
    FLEXIBILITY = "flexibility", "Flexible hours and places", "Flexible Zeiten und Orte"
    HONESTY = "honesty", "Honesty", "Ehrlichkeit"
    INFLUENCE = "influence", "Influence", "Einfluss"
    INNOVATION = "innovation", "Innovation", "Innovation"
    LEARNING = "learning", "Learning", "Lernen"
    PAY = "pay", "Good pay", "Gute Bezahlung"
    PURPOSE = "purpose", "Purpose", "Sinn"
    QUALITY = "quality", "Quality of the work", "Qualität der Arbeit"
    RECOGNITION = "recognition", "Recognition", "Anerkennung"
    RESPECT = "respect", "Respect", "Respekt"
    SECURITY = "security", "Job security", "Sicherer Arbeitsplatz"
    SUSTAINABILITY = "sustainability", "Sustainability", "Nachhaltigkeit"
