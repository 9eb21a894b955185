"""Wire shapes of accounts, sessions and mailed tokens."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.auth import tokens
from app.auth.passwords import GivenPassword, NewPassword
from app.auth.tokens import MAX_TOKEN_CHARACTERS
from app.domains.accounts.rules.countries import COUNTRY_CODES
from app.domains.accounts.rules.emails import EmailAddress
from app.domains.accounts.terms import (
    EXAMPLE_NEW_PHRASE,
    EXAMPLE_PHRASE,
    MAX_DISPLAY_NAME_CHARACTERS,
    MAX_IMPORTANCE,
    MAX_LOCALE_CHARACTERS,
    MAX_NEXT_ACTIONS_PER_DAY,
    MAX_PAUSE_HOURS,
    MAX_VALUES,
    MIN_IMPORTANCE,
    Value,
    VerificationOutcome,
)
from app.kit.fields import Distinct, Id, Instant, Line, Text, TimeZone, whole
from app.kit.schemas import OMITTABLE, Examples, NextCursor, Patch, Record, Request

_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_MAX_SECONDS = 86_400
_MAX_SESSIONS_SHOWN = 100
_MAX_CLIENT_CHARACTERS = 200


def _locale(value: object) -> str:
    if (
        isinstance(value, str)
        and len(value) <= MAX_LOCALE_CHARACTERS
        and value.isascii()
        and _LOCALE.fullmatch(value)
    ):
        return value
    raise PydanticCustomError("rule", "must be a language tag like en or de-AT")


def _country(value: object) -> str:
    if isinstance(value, str) and value in COUNTRY_CODES:
        return value
    raise PydanticCustomError("rule", "must be a country code of ISO 3166-1 like DE")


def _local_time(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return value
    raise PydanticCustomError("rule", "must be a local time like 22:00")


DisplayName = Annotated[str, Line(MAX_DISPLAY_NAME_CHARACTERS)]
Locale = Annotated[
    str,
    BeforeValidator(_locale, json_schema_input_type=str),
    Field(
        min_length=2,
        max_length=MAX_LOCALE_CHARACTERS,
        json_schema_extra={"pattern": r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
        examples=["de-AT"],
        description="A language tag (BCP 47). The product speaks English and German.",
    ),
]
Country = Annotated[
    str,
    BeforeValidator(_country, json_schema_input_type=str),
    Field(
        min_length=2,
        max_length=2,
        json_schema_extra={"pattern": "^[A-Z]{2}$"},
        description="ISO 3166-1 alpha-2. It is your choice and never guessed.",
    ),
]
LocalTime = Annotated[
    str,
    BeforeValidator(_local_time, json_schema_input_type=str),
    Field(
        min_length=5,
        max_length=5,
        json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        examples=["22:00"],
    ),
]
PauseHours = Annotated[int, whole(0, MAX_PAUSE_HOURS)]
NextActionsPerDay = Annotated[int, whole(1, MAX_NEXT_ACTIONS_PER_DAY)]
Choice = Annotated[bool, Field(strict=True)]
MailedTokenText = Annotated[
    str,
    Field(
        strict=True,
        min_length=1,
        max_length=MAX_TOKEN_CHARACTERS,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="The token from the mail, unchanged.",
    ),
]


class QuietHours(Request):
    """Local times between which reminders wait; they may span midnight."""

    starts: LocalTime = Field(alias="from")
    ends: LocalTime = Field(alias="to")


def _apart(hours: QuietHours) -> QuietHours:
    if hours.starts == hours.ends:
        raise PydanticCustomError("rule", "must begin and end at different times")
    return hours


QuietTime = Annotated[QuietHours, AfterValidator(_apart)]


class ValueWeight(Request):
    """Something the person looks for at work, and how much it matters to them."""

    value: Value
    importance: Annotated[int, whole(MIN_IMPORTANCE, MAX_IMPORTANCE)]


def _by_value(weight: ValueWeight) -> Value:
    return weight.value


Values = Annotated[list[ValueWeight], Field(max_length=MAX_VALUES), Distinct(_by_value)]


class AccountCreate(Request):
    """What is needed to sign up: an address and a password."""

    examples: ClassVar[Examples] = {
        "With the device's time zone": {
            "email": "sam@example.com",
            "password": EXAMPLE_PHRASE,
            "time_zone": "Europe/Berlin",
        },
        "Everything": {
            "email": "sam@example.com",
            "password": EXAMPLE_PHRASE,
            "display_name": "Sam",
            "time_zone": "Europe/Berlin",
            "locale": "de-DE",
            "country": "DE",
        },
    }

    email: EmailAddress
    password: NewPassword
    display_name: DisplayName | None = None
    time_zone: TimeZone = OMITTABLE
    locale: Locale = OMITTABLE
    country: Country | None = None


class Me(Record):
    """The signed-in person: account and profile."""

    email: EmailAddress
    email_verified_at: Instant | None = Field(
        description="When the address was last proven by a mailed token."
    )
    display_name: DisplayName | None
    locale: Locale
    time_zone: TimeZone = Field(description="Days and due dates are counted in this time zone.")
    country: Country | None
    pause_hours: PauseHours = Field(description="Rest at the head of a new plan, in hours.")
    allow_during_pause: Choice = Field(
        description="Whether a thank-you or feedback window may show up during a pause."
    )
    quiet_hours: QuietHours | None
    wellbeing_tracking: Choice = Field(description="Consent to keeping check-ins.")
    wellbeing_tracking_set_at: Instant | None = Field(
        description="When that consent was last given or withdrawn."
    )
    values: Values
    next_actions_per_day: NextActionsPerDay


class MePatch(Patch):
    """Changes to the profile. The e-mail address and password have operations of their own."""

    examples: ClassVar[Examples] = {
        "Agree to keeping check-ins": {"wellbeing_tracking": True},
        "Rest longer, and be left alone at night": {
            "pause_hours": 72,
            "quiet_hours": {"from": "21:00", "to": "08:00"},
        },
        "What matters to you at work": {
            "values": [
                {"value": "learning", "importance": 5},
                {"value": "flexibility", "importance": 4},
            ]
        },
    }

    display_name: DisplayName | None = None
    locale: Locale = OMITTABLE
    time_zone: TimeZone = OMITTABLE
    country: Country | None = None
    pause_hours: PauseHours = OMITTABLE
    allow_during_pause: Choice = OMITTABLE
    quiet_hours: QuietTime | None = None
    wellbeing_tracking: Choice = OMITTABLE
    values: Values = OMITTABLE
    next_actions_per_day: NextActionsPerDay = OMITTABLE


class SessionCreate(Request):
    """Signing in."""

    examples: ClassVar[Examples] = {
        "Sign in": {"email": "sam@example.com", "password": EXAMPLE_PHRASE}
    }

    email: EmailAddress
    password: GivenPassword


class SessionRefresh(Request):
    """Exchanging a refresh token for the next pair of tokens."""

    examples: ClassVar[Examples] = {
        "The latest refresh token": {"refresh_token": tokens.example_token(tokens.REFRESH)}
    }

    refresh_token: Annotated[
        str,
        Field(
            strict=True,
            min_length=1,
            max_length=MAX_TOKEN_CHARACTERS,
            pattern=r"^[A-Za-z0-9_-]+$",
            description="The latest refresh token of the session.",
        ),
    ]


TokenText = Annotated[
    str, Field(min_length=1, max_length=MAX_TOKEN_CHARACTERS, pattern=r"^[A-Za-z0-9_-]+$")
]


class SessionTokens(BaseModel):
    """Shown once: the tokens of a session."""

    access_token: TokenText = Field(
        description="For `Authorization: Bearer`.", examples=[tokens.example_token(tokens.ACCESS)]
    )
    refresh_token: TokenText = Field(
        description="Good once, for the next pair.",
        examples=[tokens.example_token(tokens.REFRESH)],
    )
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1, le=_MAX_SECONDS)] = Field(
        description="Lifetime of the access token, in seconds.", examples=[900]
    )
    account_id: Id
    session_id: Id


class SessionItem(BaseModel):
    """A device or browser that is signed in."""

    id: Id
    client: Annotated[str, Text(_MAX_CLIENT_CHARACTERS)] | None = Field(
        description="The User-Agent it signed in with.", examples=["Sample App 1.0 (Android)"]
    )
    created_at: Instant
    last_used_at: Instant = Field(description="When its tokens were last refreshed.")
    expires_at: Instant
    current: Choice = Field(description="Whether this request belongs to it.")


class SessionPage(BaseModel):
    """The sessions of the person, the last used first; at most a hundred."""

    items: Annotated[list[SessionItem], Field(max_length=_MAX_SESSIONS_SHOWN)]
    next_cursor: NextCursor


class PasswordChange(Request):
    """A new password, and the present one as proof."""

    examples: ClassVar[Examples] = {
        "The present and the new one": {
            "current_password": EXAMPLE_PHRASE,
            "new_password": EXAMPLE_NEW_PHRASE,
        }
    }

    current_password: GivenPassword
    new_password: NewPassword


class EmailChangeCreate(Request):
    """A new address, and the password as proof."""

    examples: ClassVar[Examples] = {
        "Move to another address": {
            "new_email": "sam.new@example.com",
            "password": EXAMPLE_PHRASE,
        }
    }

    new_email: EmailAddress
    password: GivenPassword


class PasswordResetCreate(Request):
    """The address of the account whose password was forgotten."""

    examples: ClassVar[Examples] = {"Ask for a mail": {"email": "sam@example.com"}}

    email: EmailAddress


class PasswordResetConfirm(Request):
    """The mailed token, and the password it sets."""

    examples: ClassVar[Examples] = {
        "The token from the mail": {
            "token": tokens.example_token(tokens.MAILED),
            "new_password": EXAMPLE_NEW_PHRASE,
        }
    }

    token: MailedTokenText
    new_password: NewPassword


class EmailVerify(Request):
    """The mailed token that proves an address."""

    examples: ClassVar[Examples] = {
        "The token from the mail": {"token": tokens.example_token(tokens.MAILED)}
    }

    token: MailedTokenText


class VerificationSent(BaseModel):
    """The answer to whoever asked for a mail: the same whether one was sent or not."""

    status: Literal["verification_sent"]


class EmailVerified(BaseModel):
    """What the token has brought about."""

    status: VerificationOutcome
