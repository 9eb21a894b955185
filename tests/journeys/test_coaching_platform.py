"""examples/coaching_platform, told against a real server: what it says of consent is true."""

import base64
import hmac
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from examples.coaching_platform.run import Mailbox
from tests.fixtures.live import live_server
from tests.fixtures.organization import make_organization

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "coaching_platform"
SECRET = "whsec_" + "c2FtcGxl" * 5
BODY = '{"type":"ping","data":{}}'


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLE / "run.py", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def story(database_url: str, tmp_path: Path) -> Sequence[str]:
    """The lines that the example prints, having come to its end."""
    settings = {"webhook_networks": "127.0.0.0/8"}
    with live_server(tmp_path, database_url, "--with-worker", **settings) as (api, _):
        sample = make_organization(api, tmp_path, database_url)
        ended = run("--api", api, "--organization", sample.id, "--key", sample.key)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr == ""
    return ended.stdout.splitlines()


def test_the_platform_sees_what_people_agreed_to_and_nothing_else(story: Sequence[str]) -> None:
    # Each of these holds a fact that the server told; together, in order, they are the story.
    facts = [
        "a ping has come, and it was signed",
        "asks for Ana's rejections: 404 not-found",
        "asks to write rejections and plans",
        "Webhooks (grant.activated) tell of Ana and Ben.",
        "A webhook (rejection.recorded) tells of Ana's.",
        "account_id, category, collection, organization_id, record_id, revision",
        "assigns a step to Ana: assigned",
        "assigns a step to Ben: assigned",
        "assigns a step to Cleo: not_found",
        "of Ana: consent active, open rejections 1, open plans 2",
        "of Ben: consent active, open rejections not shared, open plans 2",
        "of Cleo: consent declined, open rejections not shared, open plans not shared",
        "reads Ana's rejection by Example GmbH",
        "Ana's check-ins: 403 consent-missing",
        "Ben's rejections: 403 consent-missing",
        "Cleo's plans: 404 not-found",
        "Example Career Service (sample data): read plans, read rejections, write plans.",
        "The very next request: 404 not-found",
        "A webhook (grant.revoked) tells of it.",
        "Rejections that webhooks told of: 1.",
    ]
    told = iter(story)
    assert [fact for fact in facts if not any(fact in line for line in told)] == []

    # And the page beside it shows the whole of it, word for word.
    page = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert page.split("```text\n")[1].split("```")[0].splitlines() == story


def test_it_takes_no_key_that_reaches_real_people() -> None:
    ended = run("--organization", "any", "--key", "rbk_live_any")
    assert ended.returncode == 1
    assert "rbk_test_" in ended.stderr
    assert ended.stdout == ""


def headers(*, secret: str = SECRET, minutes: int = 0) -> dict[str, str]:
    """What comes with a message, as the reference library signs it."""
    sent_at = datetime.now(UTC) + timedelta(minutes=minutes)
    return {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign("m1", sent_at, BODY),
    }


@pytest.fixture
def mailbox() -> Mailbox:
    mailbox = Mailbox()
    mailbox.secret = SECRET
    mailbox.server.shutdown()
    mailbox.server.server_close()
    return mailbox


def test_its_mailbox_takes_a_signed_message_once(mailbox: Mailbox) -> None:
    assert [mailbox.receive(headers(), BODY.encode()) for _ in range(2)] == [204, 204]
    assert len(mailbox.of_type("ping")) == 1


def test_its_mailbox_believes_nobody_before_it_has_a_secret(mailbox: Mailbox) -> None:
    mailbox.secret = ""
    nobody = hmac.digest(b"", b"m1.1." + BODY.encode(), "sha256")
    signature = "v1," + base64.b64encode(nobody).decode()
    said = {"webhook-id": "m1", "webhook-timestamp": "1", "webhook-signature": signature}
    assert mailbox.receive(said, BODY.encode()) == 401


def test_while_a_secret_is_replaced_either_signature_will_do(mailbox: Mailbox) -> None:
    new = headers(secret="whsec_" + "bmV3" * 10)
    both = {**new, "webhook-signature": new["webhook-signature"] + " "}
    both["webhook-signature"] += headers()["webhook-signature"]
    assert mailbox.receive(both, BODY.encode()) == 204


@pytest.mark.parametrize(
    ("said", "body", "status"),
    [
        (headers(secret="whsec_" + "bmV3" * 10), BODY, 401),
        (headers(), BODY.replace("ping", "gong"), 401),
        ({**headers(), "webhook-id": "m2"}, BODY, 401),
        ({}, BODY, 401),
        (headers(minutes=-6), BODY, 400),
    ],
    ids=["another secret", "another body", "another id", "no signature", "too old"],
)
def test_its_mailbox_turns_away_what_rebound_did_not_send_now(
    mailbox: Mailbox, said: dict[str, str], body: str, status: int
) -> None:
    assert mailbox.receive(said, body.encode()) == status
    assert mailbox.messages == {}
