"""A real server process: slow callers, bodies left out, and what others notice of them."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import httpx
import pytest

from tests.web.conftest import BODY_TIMEOUT_S, Live

PASSWORD = "nine plums in a blue bowl"
SLOW_SOCKETS = 200
BODY = b'{"company_name": "Example GmbH", "stage": "offer"}'


@pytest.fixture(scope="module")
def token(live: Live) -> str:
    account = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    assert httpx.post(f"{live.base_url}/v1/accounts", json=account).status_code == 201
    session = httpx.post(f"{live.base_url}/v1/sessions", json=account)
    found: str = session.json()["access_token"]
    return found


@pytest.fixture
def client(live: Live, token: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=live.base_url, headers=headers) as client:
        yield client


def connect(live: Live) -> socket.socket:
    return socket.create_connection(("127.0.0.1", live.port), timeout=10)


def read_all(sock: socket.socket) -> bytes:
    found = b""
    while part := sock.recv(65_536):
        found += part
    return found


def head_of(path: str, token: str, *more: str, method: str = "POST") -> bytes:
    lines = (f"{method} {path} HTTP/1.1", "Host: rebound.test", f"Authorization: Bearer {token}")
    return "\r\n".join((*lines, *more, "", "")).encode()


def test_head_is_get_without_the_body(live: Live, token: str, client: httpx.Client) -> None:
    for path in ("/v1/me", "/v1/rejections", "/healthz", "/nowhere", "/docs"):
        with connect(live) as sock:
            sock.sendall(head_of(path, token, "Connection: close", method="HEAD"))
            head, _, body = read_all(sock).partition(b"\r\n\r\n")
        read = client.get(path, headers={"Accept-Encoding": "identity"})
        assert body == b""
        assert int(head.split()[1]) == read.status_code
        length = f"content-length: {read.headers['Content-Length']}".encode()
        assert length in head.lower()


def test_a_body_that_does_not_come_is_408_and_holds_nothing_meanwhile(
    live: Live, token: str, client: httpx.Client
) -> None:
    """The server has one database connection; waiting bodies hold none, and no writer's turn."""
    waiting = head_of(
        "/v1/rejections", token, "Content-Type: application/json", f"Content-Length: {len(BODY)}"
    )
    with ExitStack() as stack:
        sockets = [stack.enter_context(connect(live)) for _ in range(5)]
        began = time.monotonic()
        for sock in sockets:
            sock.sendall(waiting + BODY[:10])
        body = {"company_name": "Example GmbH", "stage": "offer"}
        assert client.post("/v1/rejections", json=body).status_code == 201
        assert client.get("/v1/rejections").status_code == 200
        assert time.monotonic() - began < BODY_TIMEOUT_S - 0.5
        answers = [read_all(sock) for sock in sockets]
    assert BODY_TIMEOUT_S - 0.2 < time.monotonic() - began < BODY_TIMEOUT_S + 3
    for answer in answers:
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"connection: close" in answer.lower()
        assert b"/problems/request-timeout" in answer


def test_two_hundred_slow_callers_do_not_keep_anyone_waiting(
    live: Live, token: str, client: httpx.Client
) -> None:
    unfinished = b"GET /v1/me HTTP/1.1\r\nHost: rebound.test\r\nX-Slow: "
    sending = head_of(
        "/v1/rejections", token, "Content-Type: application/json", "Content-Length: 500"
    )
    with ExitStack() as stack:
        sockets = [stack.enter_context(connect(live)) for _ in range(SLOW_SOCKETS)]
        for number, sock in enumerate(sockets):
            sock.sendall(unfinished if number % 2 else sending)
        slowest = 0.0
        for round_ in range(8):
            for sock in sockets[round_::8]:
                sock.sendall(b" ")
            began = time.monotonic()
            assert client.get("/v1/rejections").status_code == 200
            body = {"company_name": "Example GmbH", "stage": "offer"}
            assert client.post("/v1/rejections", json=body).status_code == 201
            slowest = max(slowest, (time.monotonic() - began) / 2)
    assert slowest < 1


def test_a_large_chunked_body_is_cut_off(live: Live, token: str, client: httpx.Client) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with connect(live) as sock:
        sock.sendall(
            head_of(
                "/v1/rejections",
                token,
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
            )
        )
        answer = b""
        try:
            for _ in range(64):
                sock.sendall(chunk)
            answer = read_all(sock)
        except ConnectionError:
            # The server has closed its end while this one was still sending.
            answer = answer or b"HTTP/1.1 413 "
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert client.get("/healthz").status_code == 200


def test_what_is_no_http_ends_its_own_connection_only(live: Live, client: httpx.Client) -> None:
    with connect(live) as sock:
        sock.sendall(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
        assert b"Traceback" not in read_all(sock)
    assert client.get("/healthz").status_code == 200
