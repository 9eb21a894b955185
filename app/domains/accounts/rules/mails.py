"""What the mails of this room say, in each language (`mails.json`).

A mail never holds a word that somebody typed in, such as a name: it would let strangers send texts
of their own to any address through this service.
"""

import json
from enum import StrEnum
from importlib.resources import files

from app.domains.accounts.rules.emails import mailbox_of
from app.kit.terms import negotiate
from app.mail import Mail


class MailKind(StrEnum):
    """One mail in `mails.json`."""

    VERIFY_EMAIL = "verify_email"
    SIGN_UP = "sign_up"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 -- a kind of mail, no password.  # nosec B105
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- as above, no password.  # nosec B105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    FAREWELL = "farewell"


_TEXTS: dict[str, dict[str, dict[str, str]]] = json.loads(
    files("app.domains.accounts").joinpath("mails.json").read_text(encoding="utf-8")
)


def write(kind: MailKind, *, to: str, locale: str, base_url: str, token: str = "") -> Mail:
    """The mail of a kind in the language of a locale, with its token where it has one."""
    words = _TEXTS[kind][negotiate(None, locale)]
    text = words["text"].format(base_url=base_url.rstrip("/"), token=token)
    return Mail(to=mailbox_of(to), subject=f"Rebound: {words['subject']}", text=f"{text}\n")
