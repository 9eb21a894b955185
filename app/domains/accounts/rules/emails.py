"""E-mail addresses: what is one, which two are the same, and where mail for it goes."""

import unicodedata
from typing import Annotated

from email_validator import ValidatedEmail, validate_email
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.domains.accounts.terms import MAX_EMAIL_CHARACTERS


def key_of(email: str) -> str:
    """The one form under which an address is unique.

    NFC, the domain as lower-case IDNA, the local part case-folded. Nothing that only some mail
    providers do (dots, `+tags`): those may be two people elsewhere.
    """
    valid = _read(email)
    local = unicodedata.normalize("NFC", valid.local_part.casefold())
    return f"{local}@{valid.ascii_domain.lower()}"


def mailbox_of(email: str) -> str:
    """Where mail for an address is sent: with its domain in ASCII, which every server takes."""
    valid = _read(email)
    return f"{valid.local_part}@{valid.ascii_domain}"


def _read(email: str) -> ValidatedEmail:
    return validate_email(email, check_deliverability=False)


def _email(value: object) -> str:
    if isinstance(value, str) and len(value) <= MAX_EMAIL_CHARACTERS:
        try:
            email = _read(value).normalized
        except ValueError:
            pass
        else:
            if len(email) <= MAX_EMAIL_CHARACTERS:
                return email
    raise PydanticCustomError("rule", "must be an e-mail address like name@example.com")


EmailAddress = Annotated[
    str,
    BeforeValidator(_email, json_schema_input_type=str),
    Field(
        min_length=3,
        max_length=MAX_EMAIL_CHARACTERS,
        json_schema_extra={"format": "email"},
        examples=["sam@example.com"],
    ),
]
"""An address as it is stored and written to; whether it exists, only a mail can tell."""
