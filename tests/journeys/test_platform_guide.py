"""docs/coaching-platforms.md to the letter: its receiver runs, its answers are real ones."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domains.webhooks.schemas import MessageData, WebhookMessage
from tests.fixtures.guide import as_far_as_shown, blocks_of, followed, steady
from tests.fixtures.live import free_port, live_server, run_rebound

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "coaching-platforms.md"
WAIT_S = 30.0


def until(is_so: Callable[[], bool]) -> None:
    """Wait as a reader does who sees that it is not so yet."""
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Receiver:
    """The Python receiver of the guide, as its reader saves and starts it."""

    def __init__(self, folder: Path) -> None:
        [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        self.program, self.output = folder / "receiver.py", folder / "receiver.out"
        self.program.write_text(code, encoding="utf-8")
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, secret: str) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, self.program],
                env={**os.environ, "SECRET": secret, "PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.DEVNULL,
            )
        until(self._listens)

    def printed(self) -> list[str]:
        return self.output.read_text(encoding="utf-8").splitlines()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    yield receiver
    receiver.stop()


class Reader:
    """Does what the guide says between its calls, with the variables it has by then."""

    def __init__(self, folder: Path, database_url: str, api: str, receiver: Receiver) -> None:
        self.folder, self.database_url, self.receiver = folder, database_url, receiver
        hook = f"http://127.0.0.1:{receiver.port}/rebound"
        self.known = {"API": api, "HOOK": hook}

    def after(self, command: str, said: dict[str, Any]) -> None:
        """Go on once a call has been answered."""
        if "/sessions" in command and "ORGANIZATION" not in self.known:
            self._make_organization()
        elif "/step-assignments" in command:
            # Nobody reads so fast that the endpoint is there before the first fact is handed on.
            feed = f"/v1/organizations/{self.known['ORGANIZATION']}/events?type=rejection.recorded"
            until(lambda: bool(self._get(feed)["items"]))
        elif "secret" in said and self.receiver.process is None:
            self.receiver.start(said["secret"])
        elif "/pings" in command:
            until(lambda: f"ping {said['endpoint_id']}" in self.receiver.printed())
        elif "/redeliveries" in command:
            message = self.known["MESSAGE"]
            until(lambda: self._deliveries()[message]["status"] == "delivered")
        elif said.get("status") == "revoked":
            until(lambda: f"grant.revoked {said['id']}" in self.receiver.printed())
        elif "/invitation-batches" in command:
            until(lambda: self._get(f"/v1/jobs/{said['id']}")["status"] == "completed")

    def wait_for_message_about(self, record_id: str) -> None:
        """Wait until the receiver has printed it, and Rebound has noted that it did."""
        until(lambda: f"rejection.recorded {record_id}" in self.receiver.printed())
        until(lambda: all(one["finished_at"] for one in self._deliveries().values()))

    def _make_organization(self) -> None:
        text = GUIDE.read_text(encoding="utf-8")
        [command] = re.findall(r"^\.venv/bin/rebound ((?:.*\\\n)*.*)$", text, re.MULTILINE)
        arguments = shlex.split(command.replace("\\\n", " "))
        printed = run_rebound(self.folder, self.database_url, *arguments)
        self.known["ORGANIZATION"] = printed.removeprefix("organization: ").strip()

    def _deliveries(self) -> dict[str, dict[str, Any]]:
        page = self._get(f"/v1/webhook-endpoints/{self.known['ENDPOINT']}/deliveries")
        return {one["id"]: one for one in page["items"]}

    def _get(self, path: str) -> dict[str, Any]:
        key = {"Authorization": f"Bearer {self.known['KEY']}"}
        found: dict[str, Any] = httpx.get(self.known["API"] + path, headers=key).json()
        return found


def test_each_call_of_a_platform_answers_what_the_guide_shows(
    migrated_sqlite: bytes, tmp_path: Path, receiver: Receiver
) -> None:
    (tmp_path / "rebound.db").write_bytes(migrated_sqlite)
    database_url = f"sqlite:///{tmp_path}/rebound.db"
    settings = {"worker": "inside", "webhook_networks": "127.0.0.0/8"}
    calls = 0
    with live_server(tmp_path, database_url, **settings) as (api, _):
        reader = Reader(tmp_path, database_url, api, receiver)
        for command, answer, example in followed(blocks_of(GUIDE), reader.known):
            calls += 1
            said = answer.json()
            if "data" in example:
                # Here the page shows what the receiver was sent because of the call.
                reader.wait_for_message_about(said["id"])
                check_message(example)
            else:
                assert steady(as_far_as_shown(said, example)) == steady(example), command
                reader.after(command, said)
    assert calls == 26
    # The receiver still had the first secret, and printed nothing twice.
    printed = [line.split()[0] for line in receiver.printed()]
    assert printed == ["ping", "rejection.recorded", "grant.revoked"]


def check_message(example: dict[str, Any]) -> None:
    """That a message shown has the form of those that are sent, and says what it should."""
    WebhookMessage.model_validate_json(json.dumps(example))
    assert set(example["data"]) == set(MessageData.model_fields)
    assert example["type"] == "rejection.recorded"
    assert example["data"]["collection"] == example["data"]["category"] == "rejections"
