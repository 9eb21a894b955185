"""The README's tour, followed to the letter against a running demo: its answers are real ones."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)


def tour() -> list[tuple[str, str]]:
    """The calls of the tour, each with the answer that the README shows."""
    section = (
        README.read_text(encoding="utf-8").split("## A tour in five calls")[1].split("\n## ")[0]
    )
    blocks = BLOCK.findall(section)
    return [
        (text, answer)
        for (kind, text), (after, answer) in pairwise(blocks)
        if (kind, after) == ("sh", "json")
    ]


def call(script: str, known: dict[str, str]) -> httpx.Response:
    """Send what a `curl` command says."""
    command = script[script.index("curl") :].replace("\\\n", " ")
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    words = iter(shlex.split(command)[1:])
    method, url, body, headers = "GET", "", None, {}
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
            method = "POST" if method == "GET" else method
        elif word == "-X":
            method = next(words)
        else:
            url = word
    return httpx.request(method, url, headers=headers, content=body, timeout=30)


def shape(value: Any) -> Any:
    """What of an answer stays the same from one day to the next: its fields, not their values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


@pytest.fixture
def known(live_server: str) -> dict[str, str]:
    token = httpx.get(f"{live_server}/docs/config.json").json()["access_token"]
    return {"TOKEN": token, "API": live_server}


def test_each_call_of_the_tour_answers_what_the_readme_shows(known: dict[str, str]) -> None:
    calls = tour()
    assert len(calls) == 5
    for script, shown in calls:
        answer = call(script, known).json()
        expected = json.loads(shown)
        assert shape(answer) == shape(expected), script
        for name in ("company_name", "type", "title", "mood"):
            assert answer.get(name) == expected.get(name)
        known.setdefault("ID", str(answer.get("id")))

    # And the last one works with the ETag, as the README says.
    record = httpx.get(
        f"{known['API']}/v1/rejections/{known['ID']}",
        headers={"Authorization": f"Bearer {known['TOKEN']}"},
    )
    closed = httpx.patch(
        str(record.url),
        json={"status": "closed"},
        headers={
            "Authorization": f"Bearer {known['TOKEN']}",
            "If-Match": record.headers["ETag"],
        },
    )
    assert closed.json()["status"] == "closed"
