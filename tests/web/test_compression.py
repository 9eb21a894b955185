"""Answers over a kilobyte are compressed with what the caller prefers."""

import gzip

import brotli
import httpx
import pytest

LARGE, SMALL = "/v1/vocabularies", "/healthz"


async def fetch(
    any_client: httpx.AsyncClient, path: str, accepted: str
) -> tuple[httpx.Response, bytes]:
    request = any_client.build_request("GET", path, headers={"Accept-Encoding": accepted})
    answer = await any_client.send(request, stream=True)
    raw = b"".join([part async for part in answer.aiter_raw()])
    return answer, raw


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("GZIP", "gzip"),
        ("br;q=nonsense", None),
        ("deflate, zstd", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_the_caller_gets_the_coding_it_prefers(
    any_client: httpx.AsyncClient, accepted: str, coding: str | None
) -> None:
    _, plain = await fetch(any_client, LARGE, "identity")
    answer, raw = await fetch(any_client, LARGE, accepted)
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(raw)
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    assert decode(raw) == plain
    assert len(plain) > 1000
    assert (len(raw) < len(plain) / 2) == (coding is not None)


async def test_a_small_answer_is_sent_as_it_is(any_client: httpx.AsyncClient) -> None:
    for accepted in ("br", "gzip"):
        answer, raw = await fetch(any_client, SMALL, accepted)
        assert "Content-Encoding" not in answer.headers
        assert raw == b'{"status":"ok"}'


async def test_other_vary_headers_are_kept(any_client: httpx.AsyncClient) -> None:
    answer, _ = await fetch(any_client, LARGE, "br")
    assert {part.strip() for part in answer.headers["Vary"].split(",")} == {
        "Accept-Language",
        "Accept-Encoding",
    }
