"""Each generated client drives the whole journey against a real server, answers lost or not."""

import re
from pathlib import Path

import pytest

from tests.clients.travelling import chapters, losing_line, travel
from tests.fixtures.live import live_server

pytestmark = pytest.mark.clients

LANGUAGES = ("python", "typescript")


async def test_both_clients_tell_the_same_story(database_url: str, tmp_path: Path) -> None:
    told = {}
    with live_server(tmp_path, database_url) as (base_url, _):
        for language in LANGUAGES:
            async with losing_line(base_url) as (unreliable_url, line):
                ended = await travel(language, base_url, unreliable_url)
            assert ended.code == 0, ended.complained
            requests, attempts = requests_and_attempts(ended.said)
            assert attempts == requests + line.lost
            assert line.lost >= len(chapters(language))
            told[language] = ended.said
    assert told["python"] == told["typescript"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_reliable_line_needs_no_second_attempt(
    language: str, migrated_sqlite: bytes, tmp_path: Path
) -> None:
    (tmp_path / "rebound.db").write_bytes(migrated_sqlite)
    with live_server(tmp_path, f"sqlite:///{tmp_path}/rebound.db") as (base_url, _):
        ended = await travel(language, base_url)
    assert ended.code == 0, ended.complained
    requests, attempts = requests_and_attempts(ended.said)
    assert requests == attempts


def requests_and_attempts(said: list[str]) -> list[int]:
    """The figures that a journey tells."""
    (line,) = [line for line in said if line.endswith(" attempts")]
    return [int(figure) for figure in re.findall(r"\d+", line)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_first_surprise_ends_the_journey(
    language: str, migrated_sqlite: bytes, tmp_path: Path
) -> None:
    (tmp_path / "rebound.db").write_bytes(migrated_sqlite)
    database_url = f"sqlite:///{tmp_path}/rebound.db"
    with live_server(tmp_path, database_url, sign_up="closed") as (base_url, _):
        ended = await travel(language, base_url)
    assert ended.code == 1
    assert ended.said == []
    assert "sign-up-closed" in ended.complained


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_server_that_is_not_there_ends_it_too(language: str) -> None:
    ended = await travel(language, "http://127.0.0.1:9")
    assert ended.code == 1
    assert "The journey ends early" in ended.complained
