"""Each generated client drives the whole journey against a real server, answers lost or not."""

from pathlib import Path

import pytest

from tests.clients.travelling import CLIENTS, losing_line, travel
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
            assert line.lost == 5
            told[language] = ended.said
    assert told["python"] == told["typescript"]
    assert "lost_answers: 5 requests took 10 attempts, each was carried out once" in told["python"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_reliable_line_needs_no_second_attempt(
    language: str, migrated_sqlite: bytes, tmp_path: Path
) -> None:
    (tmp_path / "rebound.db").write_bytes(migrated_sqlite)
    with live_server(tmp_path, f"sqlite:///{tmp_path}/rebound.db") as (base_url, _):
        ended = await travel(language, base_url)
    assert ended.code == 0, ended.complained
    assert "lost_answers: 5 requests took 5 attempts, each was carried out once" in ended.said


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


def test_the_chapters_are_the_same_in_both_languages() -> None:
    in_python = {path.stem for path in CLIENTS.glob("python/chapters/[a-z]*.py")}
    assert in_python == {path.stem for path in CLIENTS.glob("typescript/src/chapters/*.ts")}
    assert in_python >= {"account", "lost_answers"}
