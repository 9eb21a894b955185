"""The pages for browsers, asked for over HTTP; how they look and work is in tests/browser."""

import gzip
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr

from app.kit.problems import Problem, catalogue
from app.main import create_app
from app.settings import Settings
from app.web import docs

# swagger-ui-dist 5.35.0, as published.
VENDOR_FILES = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}
VENDOR_VERSION = "5.35.0"

PAGES = ("/docs", "/problems", "/problems/invalid")
TOKEN = "rba_sample"


def application(folder: Path, **changed: Any) -> httpx.ASGITransport:
    """The whole application without a database behind it: no page here may ask for one."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/absent/rebound.db",
        secret_key=SecretStr("a secret of the tests, long enough"),
        rate_limits="off",
        log_level="error",
        **changed,
    )
    return httpx.ASGITransport(create_app(settings))


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server with a person's own data."""
    transport = application(tmp_path)
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as client:
        yield client


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a demo server."""
    transport = application(tmp_path, demo_token=SecretStr(TOKEN))
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as client:
        yield client


@pytest.mark.parametrize(("name", "digest"), VENDOR_FILES.items())
def test_swagger_ui_lies_here_exactly_as_its_makers_published_it(name: str, digest: str) -> None:
    assert docs.SWAGGER_UI_VERSION == VENDOR_VERSION
    assert hashlib.sha256(docs.STATIC_FILES[name].content).hexdigest() == digest


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
def test_the_licence_of_swagger_ui_travels_with_it(name: str) -> None:
    folder = Path(docs.__file__).parent / "static" / "swagger-ui"
    assert (folder / name).stat().st_size > 0


async def test_the_root_leads_to_the_docs(http: httpx.AsyncClient) -> None:
    answer = await http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_may_load_nothing_but_files_of_its_own_origin(
    http: httpx.AsyncClient, path: str
) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert re.findall(r"https?://|<style|<script>|\sstyle=|\son\w+=", answer.text) == []


@pytest.mark.parametrize("path", PAGES)
async def test_everything_a_page_refers_to_is_there(http: httpx.AsyncClient, path: str) -> None:
    page = (await http.get(path)).text
    addresses = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert "/docs/static/docs.css" in addresses
    for address in addresses:
        assert (await http.get(address)).status_code == 200, address


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/docs/static/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("/docs/static/swagger-ui.css", "text/css; charset=utf-8"),
        ("/docs/static/docs.js", "text/javascript; charset=utf-8"),
        ("/docs/static/docs.css", "text/css; charset=utf-8"),
        ("/docs/static/favicon.svg", "image/svg+xml"),
        ("/docs/static/favicon.png", "image/png"),
        ("/favicon.ico", "image/png"),
    ],
)
async def test_a_file_has_its_type_and_is_sent_again_only_when_it_has_changed(
    http: httpx.AsyncClient, path: str, media_type: str
) -> None:
    first = await http.get(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == media_type
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = await http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    changed = await http.get(path, headers={"If-None-Match": '"of another version"'})
    assert (changed.status_code, changed.content) == (200, first.content)


async def test_each_encoding_of_a_file_has_an_entity_tag_of_its_own(
    http: httpx.AsyncClient,
) -> None:
    path = "/docs/static/swagger-ui-bundle.js"
    plain = await http.get(path, headers={"Accept-Encoding": "identity"})
    refused = await http.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    zipped = await http.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert plain.content == refused.content == zipped.content
    assert plain.headers["etag"] != zipped.headers["etag"]
    assert "Accept-Encoding" in plain.headers["vary"]
    assert int(zipped.headers["content-length"]) < len(plain.content) / 3


@pytest.mark.parametrize("name", ["absent.js", "docs.py", "page.html", "..%2Fdocs.py", "%2e%2e"])
async def test_only_the_listed_files_are_served(http: httpx.AsyncClient, name: str) -> None:
    answer = await http.get(f"/docs/static/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_demo_server_hands_its_token_to_the_page_and_says_that_it_is_a_demo(
    demo: httpx.AsyncClient,
) -> None:
    config = await demo.get("/docs/config.json")
    assert config.json() == {"access_token": TOKEN}
    assert config.headers["cache-control"] == "no-store"
    page = (await demo.get("/docs")).text
    assert "Demo: sample data, thrown away when the server stops." in page
    assert TOKEN not in page


async def test_any_other_server_hands_out_no_token_and_says_how_to_get_one(
    http: httpx.AsyncClient,
) -> None:
    config = await http.get("/docs/config.json")
    assert config.json() == {"access_token": None}
    assert config.headers["cache-control"] == "no-store"
    page = (await http.get("/docs")).text
    assert "POST /v1/accounts" in page
    assert "POST /v1/sessions" in page
    assert "Demo" not in page


async def test_every_problem_has_a_page_in_words(http: httpx.AsyncClient) -> None:
    overview = (await http.get("/problems")).text
    for code, problem in catalogue().items():
        assert f'href="/problems/{code}"' in overview
        page = await http.get(f"/problems/{code}")
        assert page.status_code == 200
        assert str(problem.status) in page.text
        assert "`" not in page.text
        words = await http.get(f"/problems/{code}", headers={"Accept": "application/json"})
        assert words.json() == {
            "type": f"/problems/{code}",
            "title": problem.title,
            "status": problem.status,
            "explanation": problem.explanation,
        }


async def test_the_list_of_problems_is_there_for_programs_too(http: httpx.AsyncClient) -> None:
    answer = await http.get("/problems", headers={"Accept": "application/json"})
    assert {item["type"] for item in answer.json()["items"]} == {
        f"/problems/{code}" for code in catalogue()
    }
    assert "Accept" in answer.headers["vary"]


async def test_an_unknown_problem_is_a_404(http: httpx.AsyncClient) -> None:
    answer = await http.get("/problems/no-such-problem")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


def test_words_of_a_problem_never_become_markup() -> None:
    class Hostile:
        status, code, title = 400, 'a"><b>', "<script>alert(1)</script>"
        explanation = "`<img src=x>` & `code`"

    # It only looks like a problem: a subclass would join the catalogue of the whole program.
    hostile = cast("type[Problem]", Hostile)
    page = docs.problem_page(hostile) + docs.problem_list_page([hostile])
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "<b>" not in page
    assert "<code>&lt;img src=x&gt;</code> &amp; <code>code</code>" in page


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", False),
        ("*/*", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("application/json", True),
        ("Application/JSON; q=0.5", True),
        ("application/*", True),
        ("application/json, */*;q=0.1", True),
        ("application/json;q=0.4, text/html;q=0.5", False),
        ("application/json;q=0, text/*;q=0.1", False),
        # A weight that cannot be read passes its choice over, as everywhere else.
        ("application/json;q=nonsense, text/html;q=0.9", False),
        (";,;q=1,,", False),
    ],
)
def test_json_is_answered_only_to_who_prefers_it(accept: str, expected: bool) -> None:
    assert docs.prefers_json(accept) is expected


def test_the_compressed_bytes_are_the_file() -> None:
    for file in docs.STATIC_FILES.values():
        assert gzip.decompress(file.compressed) == file.content
