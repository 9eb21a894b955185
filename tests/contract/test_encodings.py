"""Large answers are compressed as asked, stay the same, and are still not sent twice."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.contract.document import Operation, operations
from tests.contract.requests import good_request
from tests.contract.scene import Scene
from tests.contract.stocking import paged, stocked

ACCEPTED: Mapping[str, str | None] = {
    "br": "br",
    "gzip": "gzip",
    "gzip, deflate, br": "br",  # As browsers and iOS ask.
    "gzip, deflate": "gzip",  # As most libraries ask.
    "br;q=0.5, gzip;q=0.8": "gzip",
    "br;q=0, gzip;q=0.1": "gzip",
    "identity;q=0, gzip": "gzip",
    "br;q=0, gzip;q=0": None,
    "identity": None,
    "": None,
}
LARGE = 1_000
"""Bytes from which on an answer is worth compressing."""


@pytest.mark.parametrize(
    "operation", [one for one in operations() if one.method == "GET"], ids=lambda one: one.id
)
async def test_what_is_large_is_compressed_as_asked_and_what_is_held_is_not_sent(
    operation: Operation, scenes: tuple[Scene, ...]
) -> None:
    for scene in scenes:
        person = await scene.person()
        if operation in paged:
            request = await stocked(operation, person)
        else:
            # Without filters, so that there is something in the answer.
            request = replace(await good_request(operation, person), query=())
        plain = await person.send(request, **{"Accept-Encoding": "identity"})
        large = len(plain.content) >= LARGE
        assert large or operation not in paged, f"{operation}: too little to be compressed"
        tag = plain.headers.get("ETag")
        for accepted, coding in ACCEPTED.items():
            answer = await person.send(request, **{"Accept-Encoding": accepted})
            assert answer.headers.get("Content-Encoding") == (coding if large else None), accepted
            assert answer.content == plain.content
            sent = int(answer.headers["Content-Length"])
            assert (sent < len(plain.content)) == (large and coding is not None)
            vary = [name.strip() for name in answer.headers["Vary"].split(",")]
            assert vary.count("Accept-Encoding") == 1
            # The tag is that of the data, whatever it is packed in: a record's revision, or weak.
            assert answer.headers.get("ETag") == tag
            if tag is None:
                continue
            for held in (tag, f"W/{tag.removeprefix('W/')}"):
                again = await person.send(
                    request, **{"Accept-Encoding": accepted, "If-None-Match": held}
                )
                assert (again.status_code, again.content) == (304, b"")
                assert again.headers["ETag"] == tag
                assert again.headers["Vary"] == answer.headers["Vary"]
