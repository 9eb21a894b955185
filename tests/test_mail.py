"""The one sender of mails: to a folder, or to a server that really listens."""

import asyncio
import socket
import stat
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession
from pydantic import SecretStr

from app import mail as mail_module
from app.kit.clock import SetClock
from app.mail import Mail, Mailer
from app.settings import Settings
from app.web.observing import configure_logging
from tests.conftest import NOON

MAIL = Mail("sam@example.com", "Grüße", "Schöne Grüße,\n\nrbm_" + "a" * 48 + "\n")


class Inbox:
    """What a mail server of these tests does with what it gets."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.answers: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, _: SMTP, __: SmtpSession, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name for it.
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.received.append(envelope)
        return answer

    def authenticate(self, *arguments: Any) -> AuthResult:
        login = arguments[-1]
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=True)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    # The controller knocks at the port it was told, so it cannot be left to choose one.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        enable_SMTPUTF8=True,
        authenticator=inbox.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    yield controller
    controller.stop()


def make_settings(tmp_path: Path, mail_url: str | None = None) -> Settings:
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path}/rebound.db",
        mail_url=SecretStr(mail_url) if mail_url else None,
        mail_from="Rebound <hello@rebound.example>",
    )


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "RETRIES_AFTER_S", (0.01, 0.01, 0.01))


@pytest.fixture
def mailer(tmp_path: Path, server: Controller, quick_retries: None) -> Mailer:
    url = f"smtp://127.0.0.1:{server.port}"
    return Mailer(make_settings(tmp_path, url), SetClock(NOON))


@pytest.fixture
def logged() -> Iterator[StringIO]:
    before, stream = structlog.get_config(), StringIO()
    configure_logging("debug", stream)
    yield stream
    structlog.configure(**before)


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, EmailMessage, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def content_of(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


# To a folder


async def test_without_a_server_mails_are_files_beside_the_database(tmp_path: Path) -> None:
    mailer = Mailer(make_settings(tmp_path), SetClock(NOON))
    await mailer.send(MAIL)
    (path,) = (tmp_path / "mail").iterdir()
    message = read(path.read_bytes())
    assert (message["To"], message["Subject"]) == ("sam@example.com", "Grüße")
    assert message["From"] == "Rebound <hello@rebound.example>"
    assert message["Date"].datetime == NOON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


async def test_only_this_user_can_read_mails_in_the_folder(tmp_path: Path) -> None:
    await Mailer(make_settings(tmp_path)).send(MAIL)
    folder = tmp_path / "mail"
    (path,) = folder.iterdir()
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(path.stat().st_mode)) == (
        0o700,
        0o600,
    )


async def test_a_token_can_be_copied_from_the_file_as_it_stands(tmp_path: Path) -> None:
    await Mailer(make_settings(tmp_path)).send(MAIL)
    (path,) = (tmp_path / "mail").iterdir()
    assert b"\nrbm_" + b"a" * 48 + b"\r\n" in path.read_bytes()


async def test_files_stand_in_the_order_of_sending(tmp_path: Path) -> None:
    mailer = Mailer(make_settings(tmp_path))
    for n in range(5):
        await mailer.send(Mail("sam@example.com", f"number {n}", "text"))
    subjects = [read(p.read_bytes())["Subject"] for p in sorted((tmp_path / "mail").iterdir())]
    assert subjects == [f"number {n}" for n in range(5)]


# To a server


async def test_a_server_receives_the_mail(mailer: Mailer, inbox: Inbox) -> None:
    await mailer.send(MAIL)
    (envelope,) = inbox.received
    assert envelope.rcpt_tos == ["sam@example.com"]
    assert envelope.mail_from == "hello@rebound.example"
    message = read(content_of(envelope))
    assert message["Subject"] == "Grüße"
    assert message.get_content().replace("\r\n", "\n") == MAIL.text
    assert all(len(line) <= 998 for line in content_of(envelope).splitlines())


async def test_an_address_with_other_letters_is_reached(mailer: Mailer, inbox: Inbox) -> None:
    await mailer.send(Mail("jürgen@xn--mnchen-3ya.example.com", "Hello", "text\n"))
    assert inbox.received[0].rcpt_tos == ["jürgen@xn--mnchen-3ya.example.com"]


async def test_credentials_are_taken_from_the_url_and_decoded(
    tmp_path: Path, server: Controller, inbox: Inbox
) -> None:
    url = f"smtp://rebound%40example.com:p%3Ass%2Fword@127.0.0.1:{server.port}"
    await Mailer(make_settings(tmp_path, url)).send(MAIL)
    assert inbox.logins == [(b"rebound@example.com", b"p:ss/word")]
    assert len(inbox.received) == 1


def test_a_password_crosses_a_network_only_encrypted(tmp_path: Path) -> None:
    def how(url: str) -> Any:
        return Mailer(make_settings(tmp_path, url))._transport._how  # type: ignore[attr-defined]  # an SMTP transport

    assert how("smtp://u:p@mail.example")["start_tls"] is True
    assert how("smtp://mail.example")["start_tls"] is None
    assert how("smtp://u:p@127.0.0.1")["start_tls"] is None
    assert (how("smtp://mail.example")["port"], how("smtps://mail.example")["port"]) == (587, 465)
    assert how("smtps://u:p@mail.example")["use_tls"] is True


@pytest.mark.parametrize(
    "url",
    ["http://mail.example", "smtp://", "mail.example:25", "smtp://h:port", "smtp://u:hush@h/path"],
)
def test_another_url_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="REBOUND_MAIL_URL") as refused:
        Mailer(make_settings(tmp_path, url))
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "odd", ["sam@example.com\r\nBcc: kim@example.com", "sam@example.com\nX-Header: y"]
)
async def test_headers_cannot_be_smuggled_in(mailer: Mailer, inbox: Inbox, odd: str) -> None:
    with pytest.raises(ValueError, match=r"CR or LF|linefeed"):
        await mailer.send(Mail(odd, "Hello", "text"))
    with pytest.raises(ValueError, match=r"CR or LF|linefeed"):
        await mailer.send(Mail("sam@example.com", odd, "text"))
    assert inbox.received == []


async def test_a_busy_server_is_asked_again(mailer: Mailer, inbox: Inbox) -> None:
    inbox.answers = ["451 later, please", "451 later, please"]
    await mailer.send(MAIL)
    assert len(inbox.received) == 1


async def test_a_server_that_refuses_for_good_is_not_asked_again(
    mailer: Mailer, inbox: Inbox
) -> None:
    inbox.answers = ["550 no", "250 OK"]
    await mailer.post(MAIL)
    await mailer.drain()
    assert (inbox.received, inbox.answers) == ([], ["250 OK"])


async def test_a_server_that_is_away_breaks_nothing_and_no_address_is_logged(
    tmp_path: Path, quick_retries: None, logged: StringIO
) -> None:
    mailer = Mailer(make_settings(tmp_path, "smtp://127.0.0.1:1"))
    await mailer.post(MAIL)
    await mailer.drain()
    log = logged.getvalue()
    assert (log.count("mail_delayed"), log.count("mail_failed")) == (3, 1)
    assert "sam@" not in log
    assert "rbm_" not in log


# Behind the answer


async def test_posting_waits_for_nothing_and_draining_for_everything(
    mailer: Mailer, inbox: Inbox
) -> None:
    for _ in range(6):
        await mailer.post(MAIL)
    assert inbox.received == []
    await mailer.drain()
    assert len(inbox.received) == 6


async def test_draining_waits_for_mails_that_work_leads_to(mailer: Mailer, inbox: Inbox) -> None:
    async def work() -> None:
        await asyncio.sleep(0.01)
        await mailer.post(MAIL)

    await mailer.later(work)
    await mailer.drain()
    assert len(inbox.received) == 1


async def test_draining_gives_up_after_its_time(tmp_path: Path) -> None:
    mailer = Mailer(make_settings(tmp_path))
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    await mailer.later(endless)
    await mailer.drain(timeout_s=0.05)
    assert ended == ["cancelled"]
    await mailer.drain(timeout_s=0.05)


async def test_long_work_waits_until_there_is_room_for_more(tmp_path: Path) -> None:
    mailer = Mailer(make_settings(tmp_path))
    waiting = asyncio.Event()
    ended = 0

    async def work() -> None:
        nonlocal ended
        await waiting.wait()
        ended += 1

    await mailer.make_room()
    for _ in range(6):
        await mailer.later(work)
    room = asyncio.create_task(mailer.make_room())
    await asyncio.sleep(0.01)
    assert not room.done()
    waiting.set()
    async with asyncio.timeout(5):
        await room
    assert ended >= 2
    await mailer.drain()


async def test_four_pieces_of_work_run_at_a_time(tmp_path: Path) -> None:
    mailer = Mailer(make_settings(tmp_path))
    running: list[int] = []
    now = 0

    async def work() -> None:
        nonlocal now
        now += 1
        running.append(now)
        await asyncio.sleep(0.005)
        now -= 1

    for _ in range(12):
        await mailer.later(work)
    await mailer.drain()
    assert (len(running), max(running)) == (12, 4)


async def test_work_beyond_a_thousand_is_refused_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: StringIO
) -> None:
    monkeypatch.setattr(mail_module, "MAX_WAITING", 2)
    mailer = Mailer(make_settings(tmp_path))
    for _ in range(3):
        await mailer.post(MAIL)
    await mailer.drain()
    assert len(list((tmp_path / "mail").iterdir())) == 2
    assert "mail_refused" in logged.getvalue()


def test_a_mail_keeps_its_text_out_of_logs() -> None:
    assert "rbm_" not in repr(MAIL)
    assert "sam" not in f"{MAIL!r}"
