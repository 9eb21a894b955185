"""Handing over mails once what they tell is safely stored."""

from functools import partial

from app.db.transaction import Transaction
from app.domains.accounts.rules.mails import MailKind, write
from app.mail import Mailer
from app.settings import Settings


def post(
    transaction: Transaction, kind: MailKind, *, to: str, locale: str, token: str = ""
) -> None:
    """Send a mail after the commit, behind the answer."""
    base_url = transaction.shared(Settings).base_url
    mail = write(kind, to=to, locale=locale, base_url=base_url, token=token)
    transaction.after_commit(partial(transaction.shared(Mailer).post, mail))
