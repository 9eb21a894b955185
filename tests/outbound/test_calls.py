"""Calls over real connections on this machine: what arrives, what comes back, and what it costs."""

import asyncio
import socket
import threading
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest

from app.kit.networks import CallFailure, IpAddress
from app.outbound import Answer, CallFailedError, Outbound
from app.settings import Settings
from tests.outbound.conftest import THIS_MACHINE, MakeOutbound, Names
from tests.outbound.receiver import (
    OK,
    Behaviour,
    answering,
    answering_without_end,
    listening,
    make_certificate,
    resetting,
    silent,
)

NAME = "receiver.example.com"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"


def no_such_name(name: str, *_: object, **__: object) -> list[IpAddress]:
    raise socket.gaierror(socket.EAI_NONAME, f"{name} is not known")


async def failure_of(outbound: Outbound, url: str) -> CallFailure:
    with pytest.raises(CallFailedError) as failed:
        await outbound.send("POST", url, content=b"{}")
    return failed.value.failure


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for NAME that the system trusts for now."""
    path = make_certificate(tmp_path / "trusted.pem", NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


async def test_a_call_carries_what_was_given_and_brings_the_answer(
    make_outbound: MakeOutbound,
) -> None:
    behave = answering(
        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 4\r\n\r\nbusy"
    )
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    async with listening(behave) as receiver:
        answer = await outbound.send(
            "POST",
            f"http://{NAME.upper()}.:{receiver.port}/hook/ü?for=us",
            headers={"webhook-id": "msg_1", "Content-Type": "application/json"},
            content=b'{"type":"ping"}',
        )
        url = f"{NAME}:{receiver.port}"

    assert (answer.status, answer.retry_after) == (429, "120")
    assert (answer.body, answer.is_whole) == (b"busy", True)
    assert 0 < answer.elapsed_s < 10
    assert "busy" not in repr(answer)
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert first == "POST /hook/%C3%BC?for=us HTTP/1.1"
    assert sorted(headers) == sorted(
        [
            f"Host: {url}",
            "webhook-id: msg_1",
            "Content-Type: application/json",
            "Content-Length: 15",
            "User-Agent: Rebound",
            "Accept-Encoding: identity",
            "Connection: close",
        ]
    )
    assert body == b'{"type":"ping"}'


async def test_a_get_has_no_body(make_outbound: MakeOutbound) -> None:
    async with listening() as receiver:
        answer = await make_outbound(*THIS_MACHINE).send("GET", f"http://127.1:{receiver.port}")

    assert answer.status == 200
    assert receiver.requests[0].startswith(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:")
    assert receiver.requests[0].endswith(b"\r\n\r\n")


# Names and what they lead to.


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1"],
        ["::1"],
        ["fd00::1"],
        ["fe80::1%lo"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["2606:4700:4700::1111", "1.1.1.1", "::1"],
        ["8.8.8.8"] * 20 + ["10.0.0.1"],
    ],
    ids=",".join,
)
async def test_a_name_is_refused_if_any_of_its_addresses_lies_inside(
    addresses: list[str], make_outbound: MakeOutbound
) -> None:
    names = Names(addresses)
    async with listening() as receiver:
        failure = await failure_of(
            make_outbound(look_up=names), f"https://{NAME}:{receiver.port}/hook"
        )
        assert failure is CallFailure.ADDRESS_INSIDE
        assert receiver.connections == 0
    assert names.asked == [NAME]


async def test_one_address_outside_the_allowed_networks_spoils_the_name(
    make_outbound: MakeOutbound,
) -> None:
    async with listening() as receiver:
        outbound = make_outbound("127.0.0.1/32", look_up=Names(["127.0.0.1", "10.0.0.1"]))
        failure = await failure_of(outbound, f"http://{NAME}:{receiver.port}/hook")
        assert failure is CallFailure.ADDRESS_INSIDE
        assert receiver.connections == 0


async def test_a_name_is_looked_up_once_however_its_answers_change(
    make_outbound: MakeOutbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look-up would lead to an address that is not allowed, or ask the system."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    outbound = make_outbound("127.0.0.1/32", look_up=names)
    async with listening() as receiver:
        monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
        answer = await outbound.send("POST", f"http://{NAME}:{receiver.port}/hook")
        assert (answer.status, receiver.connections) == (200, 1)
        assert names.asked == [NAME]

        failure = await failure_of(outbound, f"http://{NAME}:{receiver.port}/hook")
        assert failure is CallFailure.ADDRESS_INSIDE
        assert receiver.connections == 1


async def test_the_next_address_is_tried_where_one_does_not_listen(
    make_outbound: MakeOutbound,
) -> None:
    names = Names(["::1", "127.0.0.1", "127.0.0.1"])
    async with listening() as receiver:
        answer = await make_outbound(*THIS_MACHINE, look_up=names).send(
            "POST", f"http://{NAME}:{receiver.port}/hook"
        )
        assert answer.status == 200
        assert (receiver.connections, len(receiver.requests)) == (1, 1)


@pytest.mark.parametrize(("others", "reached"), [(3, 1), (4, 0)])
async def test_no_more_than_four_addresses_of_a_name_are_tried(
    others: int, reached: int, make_outbound: MakeOutbound
) -> None:
    addresses = [f"127.0.0.{number}" for number in range(2, 2 + others)]
    outbound = make_outbound(*THIS_MACHINE, look_up=Names([*addresses, "127.0.0.1"]))
    async with listening() as receiver:
        with suppress(CallFailedError):
            await outbound.send("POST", f"http://{NAME}:{receiver.port}/hook")
        assert receiver.connections == reached


@pytest.mark.parametrize("look_up", [no_such_name, Names([])], ids=["unknown", "no address"])
async def test_a_name_without_address_is_not_resolved(
    look_up: Names, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(look_up=look_up)
    assert await failure_of(outbound, f"https://{NAME}/") is CallFailure.NOT_RESOLVED


async def test_a_silent_name_server_costs_no_more_than_the_time(
    make_outbound: MakeOutbound,
) -> None:
    end = threading.Event()

    def wait(_: str) -> list[IpAddress]:
        end.wait(10)
        return []

    started = perf_counter()
    try:
        outbound = make_outbound(look_up=wait, timeout_s=0.2)
        assert await failure_of(outbound, f"https://{NAME}/") is CallFailure.TIMED_OUT
        assert perf_counter() - started < 2
    finally:
        end.set()


# Ways around.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_is_not_followed(
    status: int, make_outbound: MakeOutbound
) -> None:
    async with listening() as inner:
        where = f"http://127.0.0.1:{inner.port}/secret".encode()
        head = b"HTTP/1.1 %d Elsewhere\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n"
        async with listening(answering(head % (status, where))) as outer:
            answer = await make_outbound(*THIS_MACHINE).send(
                "POST", f"http://127.0.0.1:{outer.port}/hook"
            )
        assert (answer.status, outer.connections, inner.connections) == (status, 1, 0)


async def test_proxies_of_the_environment_are_not_used(
    make_outbound: MakeOutbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening() as proxy, listening() as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.upper(), f"http://127.0.0.1:{proxy.port}")
        await make_outbound(*THIS_MACHINE).send("POST", f"http://127.0.0.1:{receiver.port}/hook")
        assert (proxy.connections, receiver.connections) == (0, 1)


async def test_plain_http_goes_only_to_networks_that_are_allowed(
    make_outbound: MakeOutbound,
) -> None:
    outbound = make_outbound("127.0.0.0/8", look_up=Names(["8.8.8.8"]))
    assert await failure_of(outbound, f"http://{NAME}/") is CallFailure.NOT_HTTPS


# TLS.


async def test_the_name_is_what_the_certificate_is_checked_for(
    certificate: Path, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    async with listening(certificate=certificate) as receiver:
        answer = await outbound.send("POST", f"https://{NAME}:{receiver.port}/hook")

        assert (answer.status, answer.body) == (200, b"ok")
        assert receiver.names_asked_for == [NAME]
        assert f"\r\nHost: {NAME}:{receiver.port}\r\n".encode() in receiver.requests[0]


async def test_an_address_can_have_a_certificate_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_outbound: MakeOutbound
) -> None:
    path = make_certificate(tmp_path / "address.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with listening(certificate=path) as receiver:
        answer = await make_outbound(*THIS_MACHINE).send("GET", f"https://127.1:{receiver.port}/")
        assert answer.status == 200


@pytest.mark.parametrize("host", ["other.example.com", "example.com", "127.0.0.1"])
async def test_a_certificate_for_another_name_is_refused_before_anything_is_sent(
    host: str, certificate: Path, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    async with listening(certificate=certificate) as receiver:
        failure = await failure_of(outbound, f"https://{host}:{receiver.port}/hook")
        assert failure is CallFailure.TLS_FAILED
        assert (receiver.connections, receiver.requests) == (1, [])


async def test_a_certificate_of_nobody_known_is_refused(
    tmp_path: Path, certificate: Path, make_outbound: MakeOutbound
) -> None:
    stranger = make_certificate(tmp_path / "stranger.pem", NAME)
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    async with listening(certificate=stranger) as receiver:
        failure = await failure_of(outbound, f"https://{NAME}:{receiver.port}/hook")
        assert (failure, receiver.requests) == (CallFailure.TLS_FAILED, [])


async def test_a_certificate_that_has_expired_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_outbound: MakeOutbound
) -> None:
    path = make_certificate(tmp_path / "expired.pem", NAME, days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    async with listening(certificate=path) as receiver:
        failure = await failure_of(outbound, f"https://{NAME}:{receiver.port}/hook")
        assert (failure, receiver.requests) == (CallFailure.TLS_FAILED, [])


async def test_a_server_that_speaks_no_tls_is_refused(make_outbound: MakeOutbound) -> None:
    garbage = answering_at_once(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    async with listening(garbage) as receiver:
        failure = await failure_of(
            make_outbound(*THIS_MACHINE), f"https://127.0.0.1:{receiver.port}/hook"
        )
        assert failure is CallFailure.TLS_FAILED


def answering_at_once(text: bytes) -> Behaviour:
    async def behave(_: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await reader.read()

    return behave


# Servers that misbehave.


async def test_nobody_listens(make_outbound: MakeOutbound) -> None:
    async with listening() as receiver:
        pass
    failure = await failure_of(make_outbound(*THIS_MACHINE), f"http://127.1:{receiver.port}/")
    assert failure is CallFailure.NOT_CONNECTED


BROKEN: dict[str, Behaviour] = {
    "cuts the connection": resetting,
    "hangs up at once": answering(),
    "speaks another protocol": answering(b"+OK ready\r\n\r\n"),
    "breaks off in the head": answering(b"HTTP/1.1 200 OK\r\nContent-"),
    "breaks off in the body": answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"),
    "has a huge header": answering(
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\nContent-Length: 0\r\n\r\n"
    ),
    "has headers without end": answering_without_end(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n" * 1_000),
    "says to go on without end": answering_without_end(b"", b"HTTP/1.1 100 Go on\r\n\r\n" * 1_000),
    "has chunks without content": answering_without_end(
        CHUNKED, b"1;" + b"x" * 10_000 + b"\r\nx\r\n"
    ),
}


@pytest.mark.parametrize("behave", BROKEN.values(), ids=BROKEN)
async def test_an_answer_that_cannot_be_read_is_broken(
    behave: Behaviour, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE)
    started = perf_counter()
    async with listening(behave) as receiver:
        failure = await failure_of(outbound, f"http://127.0.0.1:{receiver.port}/hook")
    assert failure is CallFailure.BROKEN_ANSWER
    assert perf_counter() - started < 5


SLOW: dict[str, Behaviour] = {
    "keeps silent": silent,
    "has a slow head": answering_without_end(b"HTTP/1.1 200 OK\r\n", b"X: x\r\n", 0.02),
    "has a slow body": answering_without_end(LONG, b"x", 0.02),
    "has slow chunks": answering_without_end(CHUNKED, b"1\r\nx\r\n", 0.02),
    "says slowly to go on": answering_without_end(b"", b"HTTP/1.1 100 Go on\r\n\r\n", 0.02),
}


@pytest.mark.parametrize("behave", SLOW.values(), ids=SLOW)
async def test_a_slow_server_costs_no_more_than_the_time(
    behave: Behaviour, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE, timeout_s=0.2)
    started = perf_counter()
    async with listening(behave) as receiver:
        failure = await failure_of(outbound, f"http://127.0.0.1:{receiver.port}/hook")
        assert failure is CallFailure.TIMED_OUT
        assert 0.2 <= perf_counter() - started < 2
        await receiver.is_left()


async def test_a_silent_tls_server_costs_no_more_than_the_time(
    make_outbound: MakeOutbound,
) -> None:
    outbound = make_outbound(*THIS_MACHINE, timeout_s=0.2)
    started = perf_counter()
    async with listening(silent) as receiver:
        failure = await failure_of(outbound, f"https://127.0.0.1:{receiver.port}/hook")
        assert failure is CallFailure.TIMED_OUT
        assert perf_counter() - started < 2
        await receiver.is_left()


ENDLESS: dict[str, Behaviour] = {
    "by length": answering_without_end(LONG, b"x" * 100_000),
    "in chunks": answering_without_end(CHUNKED, b"400\r\n" + b"x" * 1_024 + b"\r\n"),
    "until it closes": answering_without_end(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000),
    "in small pieces": answering_without_end(LONG, b"x" * 100, 0.001),
}


@pytest.mark.parametrize("behave", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("with_tls", [False, True], ids=["http", "https"])
async def test_of_a_body_without_end_the_beginning_is_kept(
    behave: Behaviour, with_tls: bool, certificate: Path, make_outbound: MakeOutbound
) -> None:
    outbound = make_outbound(*THIS_MACHINE, look_up=Names(["127.0.0.1"]))
    started = perf_counter()
    async with listening(behave, certificate=certificate if with_tls else None) as receiver:
        scheme = "https" if with_tls else "http"
        answer = await outbound.send("POST", f"{scheme}://{NAME}:{receiver.port}/hook")
    assert (answer.body, answer.is_whole) == (b"x" * 1_000, False)
    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    ("length", "is_whole"), [(0, True), (999, True), (1_000, True), (1_001, False)]
)
async def test_a_body_is_whole_up_to_the_cap(
    length: int, is_whole: bool, make_outbound: MakeOutbound
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % length
    async with listening(answering(head + b"x" * length)) as receiver:
        answer = await make_outbound(*THIS_MACHINE).send("GET", f"http://127.1:{receiver.port}/")
    assert (answer.body, answer.is_whole) == (b"x" * min(length, 1_000), is_whole)


async def test_a_packed_body_stays_packed(make_outbound: MakeOutbound) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"
    async with listening(answering(head + b"\x1f\x8b\x08")) as receiver:
        answer = await make_outbound(*THIS_MACHINE).send("GET", f"http://127.1:{receiver.port}/")
    assert answer.body == b"\x1f\x8b\x08"


async def test_an_early_answer_to_a_large_request_is_read(make_outbound: MakeOutbound) -> None:
    early = answering_at_once(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
    async with listening(early) as receiver:
        answer = await make_outbound(*THIS_MACHINE).send(
            "POST", f"http://127.1:{receiver.port}/", content=b"x" * 3_000_000
        )
    assert answer.status == 413


async def test_calls_do_not_wait_for_each_other(make_outbound: MakeOutbound) -> None:
    outbound = make_outbound(*THIS_MACHINE)
    async with listening(silent) as slow, listening(OK) as quick:
        waiting = asyncio.create_task(failure_of(outbound, f"http://127.1:{slow.port}/"))
        answers = await asyncio.gather(
            *(outbound.send("GET", f"http://127.1:{quick.port}/") for _ in range(20))
        )
        assert not waiting.done()
        assert {type(answer) for answer in answers} == {Answer}
        assert quick.connections == 20
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_call_that_is_cancelled_leaves_no_connection(
    scheme: str, make_outbound: MakeOutbound
) -> None:
    async with listening(silent) as receiver:
        url = f"{scheme}://127.1:{receiver.port}/"
        call = asyncio.create_task(make_outbound(*THIS_MACHINE).send("GET", url))
        await receiver.is_met()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await receiver.is_left()


async def test_the_setting_says_what_may_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REBOUND_WEBHOOK_NETWORKS", "10.0.0.0/8, 127.0.0.0/8")
    outbound = Outbound(Settings(_env_file=None).webhook_networks)
    async with listening() as receiver:
        answer = await outbound.send("POST", f"http://127.0.0.1:{receiver.port}/hook")
        assert answer.status == 200
    outbound.close()
