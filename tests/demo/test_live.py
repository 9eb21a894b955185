"""What a platform's program on the same machine needs of a running demo."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread

import httpx
import pytest

from tests.fixtures.live import demo_server

PATIENCE_S = 30


@pytest.fixture
def heard() -> Iterator[tuple[str, "Queue[bytes]"]]:
    """The address of a listener on this machine, and what it is sent."""
    bodies: Queue[bytes] = Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", bodies
        server.shutdown()


def test_webhooks_of_the_organisation_reach_a_program_on_this_machine(
    live_server: str, printed: dict[str, str], heard: tuple[str, "Queue[bytes]"]
) -> None:
    url, bodies = heard
    program = {"Authorization": f"Bearer {printed['key']}"}
    with httpx.Client(base_url=live_server, headers=program, timeout=PATIENCE_S) as http:
        endpoint = http.post("/v1/webhook-endpoints", json={"url": url})
        assert endpoint.status_code == 201, endpoint.text
        address = f"/v1/webhook-endpoints/{endpoint.json()['id']}"
        assert http.post(f"{address}/pings").status_code == 202
        assert json.loads(bodies.get(timeout=PATIENCE_S))["type"] == "ping"
        tag = http.get(address).headers["ETag"]
        assert http.delete(address, headers={"If-Match": tag}).status_code == 204


def test_nothing_is_left_of_it_when_it_was_told_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with demo_server(tmp_path):
        assert len(list(tmp_path.glob("rebound-demo-*/rebound.db"))) == 1
    assert list(tmp_path.glob("rebound-demo-*")) == []
