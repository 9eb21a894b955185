"""The one sender of mails: over SMTP, or into files beside the embedded database.

Mails leave behind the answer to the request that caused them, so that no answer waits for a mail
server, and none tells by its time whether a mail was sent.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from app.kit.clock import Clock, SystemClock
from app.kit.ids import new_id
from app.settings import Settings

SUBMISSION_PORT, TLS_PORT = 587, 465  # RFC 6409 and RFC 8314
SMTP_TIMEOUT_S = 20.0
PERMANENT = 500
RETRIES_AFTER_S = (1.0, 5.0, 25.0)
MAX_WORKING = 4
MAX_WAITING = 1_000
DRAIN_TIMEOUT_S = 15.0

log = structlog.get_logger()

_UNICODE = SMTP.clone(utf8=True)


@dataclass(frozen=True)
class Mail:
    """A mail in plain text to one person. Its text holds tokens: it is never logged."""

    to: str
    subject: str
    text: str

    def __repr__(self) -> str:
        return "Mail(...)"


class _Transport(Protocol):
    async def deliver(self, message: EmailMessage) -> None: ...


class Mailer:
    """Sends mails, and runs the work that ends in one, behind the answer.

    At most four pieces of work run at a time; a thousand may wait, and more are refused with an
    entry in the log. What still waits when the process is killed is lost: people can ask again.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._sender = settings.mail_from
        self._transport: _Transport = (
            _Smtp(settings.mail_url.get_secret_value())
            if settings.mail_url
            else _Folder(settings.data_folder / "mail")
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(MAX_WORKING)

    async def post(self, mail: Mail) -> None:
        """Hand over a mail; it is sent soon, and tried four times."""
        await self.later(lambda: self.send(mail))

    async def later(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run work that the present answer neither waits for nor tells about."""
        if len(self._tasks) >= MAX_WAITING:
            log.error("mail_refused", waiting=len(self._tasks))
            return
        task = asyncio.create_task(self._run(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def make_room(self) -> None:
        """Wait until few mails are on their way, so that long work has none of its own refused."""
        while len(self._tasks) > MAX_WORKING:
            await asyncio.wait(tuple(self._tasks), return_when=asyncio.FIRST_COMPLETED)

    async def send(self, mail: Mail) -> None:
        """Send a mail and wait until it is gone; trying again takes up to half a minute.

        Raises:
            OSError, aiosmtplib.SMTPException: the last try failed as well, or the server said
                that trying again is of no use.
        """
        message = self._compose(mail)
        for pause_s in RETRIES_AFTER_S:
            try:
                return await self._transport.deliver(message)
            except (OSError, aiosmtplib.SMTPException) as error:
                if _is_final(error):
                    raise
                log.warning("mail_delayed", exception=type(error).__name__)
                await asyncio.sleep(pause_s)
        return await self._transport.deliver(message)

    async def drain(self, timeout_s: float = DRAIN_TIMEOUT_S) -> None:
        """Wait until nothing is left to send; what takes longer is given up and logged."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._tasks:
                    await asyncio.wait(tuple(self._tasks))
        except TimeoutError:
            log.warning("mail_given_up", waiting=len(self._tasks))
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._places:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 -- nobody waits for this work.
                # Its text and its traceback may quote an address, so only its kind is logged.
                log.error("mail_failed", exception=type(error).__name__)  # noqa: TRY400 -- as said above.

    def _compose(self, mail: Mail) -> EmailMessage:
        """An `EmailMessage` refuses line breaks in headers, so that none can be smuggled in."""
        message = EmailMessage(SMTP)
        message["From"] = self._sender
        username, _, domain = mail.to.rpartition("@")
        message["To"] = Address(username=username, domain=domain)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{new_id()}@{message['From'].addresses[0].domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices, please.
        # Not base64, so that a mail in a folder can be read; not 8bit, which not all servers take.
        cte = "7bit" if mail.text.isascii() else "quoted-printable"
        message.set_content(mail.text, cte=cte)
        return message


class _Folder:
    """Writes each mail as a file that only this user can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        # Ids grow with time, so the files stand in the order of sending.
        path = self._folder / f"{new_id()}.eml"
        await asyncio.to_thread(self._write, path, _bytes_of(message))

    def _write(self, path: Path, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Readers must never meet half a mail.
        unfinished = path.with_suffix(".part")
        with open(unfinished, "xb", opener=_private) as file:
            file.write(content)
        unfinished.rename(path)


class _Smtp:
    """Hands mails to a server: `smtp://[user:password@]host[:port]`, or `smtps://` for TLS.

    Raises:
        ValueError: the URL is none of these; its text is not repeated, it may hold a password.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("REBOUND_MAIL_URL is not a URL") from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("REBOUND_MAIL_URL must be smtp://... or smtps://...")
        with_tls = parts.scheme == "smtps"
        self._how: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": port or (TLS_PORT if with_tls else SUBMISSION_PORT),
            "use_tls": with_tls,
            "timeout": SMTP_TIMEOUT_S,
        }
        if parts.username is not None:
            self._how["username"] = unquote(parts.username)
            self._how["password"] = unquote(parts.password or "")
        if not with_tls:
            # None means: where offered. A password never crosses a network in the clear.
            must = parts.username is not None and not _is_this_machine(parts.hostname)
            self._how["start_tls"] = True if must else None

    async def deliver(self, message: EmailMessage) -> None:
        await aiosmtplib.send(message, **self._how)


def _is_final(error: Exception) -> bool:
    """Whether the server refused for good (RFC 5321, section 4.2.1: a code of 500 and up)."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= PERMANENT for refused in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and error.code >= PERMANENT


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bytes_of(message: EmailMessage) -> bytes:
    """With Unicode addresses as they are (RFC 6532)."""
    return message.as_bytes(policy=_UNICODE)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
