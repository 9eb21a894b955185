"""What the mail of an invitation says, in each language (`mails.json`).

It names the organisation, for which the operator of this server vouches, and holds no other word
that somebody typed in. The subject says nothing of the organisation, nor of what Rebound is for:
others may see it on a screen.
"""

import json
from importlib.resources import files

from app.domains.accounts.rules.emails import mailbox_of
from app.domains.coaching.terms import InvitationKind
from app.kit.terms import Language
from app.mail import Mail

_TEXTS: dict[str, dict[str, dict[str, str]]] = json.loads(
    files("app.domains.coaching").joinpath("mails.json").read_text(encoding="utf-8")
)


def write_invitation(
    kind: InvitationKind, language: Language, *, to: str, organization: str, **given: str
) -> Mail:
    """The mail that invites somebody; `base_url` and `token` are given with it."""
    words = _TEXTS[kind][language]
    text = words["text"].format(organization=organization, **given)
    return Mail(to=mailbox_of(to), subject=f"Rebound: {words['subject']}", text=f"{text}\n")
