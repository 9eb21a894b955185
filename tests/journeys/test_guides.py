"""The README's tour and the guides, followed to the letter: the answers they show are real ones."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.fixtures.guide import as_far_as_shown, blocks_of, followed, shape

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def known(live_server: str) -> dict[str, str]:
    token = httpx.get(f"{live_server}/docs/config.json").json()["access_token"]
    return {"TOKEN": token, "API": live_server}


def test_each_call_of_the_tour_answers_what_the_readme_shows(known: dict[str, str]) -> None:
    calls = 0
    for command, answer, example in followed(
        blocks_of(ROOT / "README.md", "A tour through the five stages"), known
    ):
        calls += 1
        found = as_far_as_shown(answer.json(), example)
        assert shape(found) == shape(example), command
        for name in ("company_name", "type", "title", "mood", "kind", "text", "subject", "body"):
            assert found.get(name) == example.get(name), command
        if "items" in example:
            # Everything above has ticked its step, and nothing else has.
            assert [step["kind"] for step in found["items"]] == [
                step["kind"] for step in example["items"]
            ]
    assert calls == 10

    # And the last one works with the ETag, as the README says.
    path = f"{known['API']}/v1/rejections/{known['ID']}"
    signed_in = {"Authorization": f"Bearer {known['TOKEN']}"}
    record = httpx.get(path, headers=signed_in)
    closed = httpx.patch(
        path,
        json={"status": "closed"},
        headers={**signed_in, "If-Match": record.headers["ETag"]},
    )
    assert closed.json()["status"] == "closed"


def test_each_call_of_the_first_hour_answers_what_the_guide_shows(known: dict[str, str]) -> None:
    del known["TOKEN"]  # A person of the guide's own signs up.
    calls = 0
    for command, answer, example in followed(blocks_of(ROOT / "docs" / "first-hour.md"), known):
        calls += 1
        assert shape(answer.json()) == shape(example), command
        for name in ("company_name", "type", "title", "mood", "status", "errors"):
            assert answer.json().get(name) == example.get(name), command
    assert calls == 12


@pytest.mark.parametrize("name", ["first-hour.md", "coaching-platforms.md"])
def test_every_operation_that_a_guide_names_is_in_the_contract(name: str) -> None:
    paths = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    guide = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = re.findall(r"`(GET|POST|PATCH|DELETE) (/[^`? ]+)`", guide)
    assert named
    assert [(method, path) for method, path in named if method.lower() not in paths[path]] == []
