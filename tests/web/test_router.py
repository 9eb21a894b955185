"""The index finds the routes that asking each of them in turn would find."""

import asyncio
from typing import Any, Self

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.routing import Match, Mount

from app.web.markers import public
from app.web.router import index_routes
from app.web.routing import Route, Router

METHODS = ("GET", "POST", "PATCH", "DELETE")
WORDS = ("v1", "things", "parts", "current", "a.b", "{}")
SEGMENT = st.sampled_from([*WORDS, "{first}", "{second}"])
PATTERNS = st.lists(SEGMENT, min_size=0, max_size=4).map(
    lambda parts: "/" + "/".join(_distinct(parts))
)
PATHS = st.one_of(
    st.lists(st.sampled_from([*WORDS, "x", "y z", "", "\u00e4", "%2F"]), max_size=5).map(
        lambda parts: "/" + "/".join(parts)
    ),
    st.text("abv1/{}.", max_size=12).map(lambda text: f"/{text}"),
)


def _distinct(parts: list[str]) -> list[str]:
    return [
        f"{{p{place}}}" if part.startswith("{") and part != "{}" else part.replace("{}", "curly")
        for place, part in enumerate(parts)
    ]


def make_app(patterns: list[tuple[str, str]]) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = type("Settings", (), {"body_timeout_seconds": 1})
    app.state.database = NoDatabase()
    router = Router()
    for number, (method, path) in enumerate(patterns):
        router.routes.append(Route(path, _numbered(number), methods=[method], name=f"r{number}"))
    app.router.routes.extend(router.routes)
    index_routes(app)
    return app


def _numbered(number: int) -> Any:
    @public("a test")
    async def endpoint() -> Response:
        return Response(str(number))

    return endpoint


class NoDatabase:
    """These endpoints ask nothing of it."""

    def read(self) -> Self:
        return self

    write = read

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


async def ask(app: FastAPI, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("rebound.test", 80),
        "client": ("192.0.2.1", 1),
    }
    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], sent[1]["body"], headers


def expected(app: FastAPI, method: str, path: str) -> tuple[int, bytes | None, set[str]]:
    """What Starlette's way finds: every route in turn, the first full match wins."""
    wanted = "GET" if method == "HEAD" else method
    allowed: set[str] = set()
    scope = {"type": "http", "method": wanted, "path": path, "root_path": ""}
    for route in app.router.routes:
        assert isinstance(route, Route)
        match, _ = route.matches(dict(scope))
        if match is Match.FULL:
            return 200, route.name.removeprefix("r").encode(), set()
        if match is Match.PARTIAL:
            allowed |= route.methods or set()
    if allowed:
        return 405, None, allowed | ({"HEAD"} if "GET" in allowed else set())
    return 404, None, set()


def is_ambiguous(app: FastAPI, method: str, path: str) -> bool:
    """Whether routes of several shapes answer: then the most literal one wins, not the first."""
    wanted = "GET" if method == "HEAD" else method
    shapes = {
        ("{" in route.path_format, *("{" in part for part in route.path_format.split("/")[1:3]))
        for route in app.router.routes
        if isinstance(route, Route)
        and wanted in (route.methods or ())
        and route.path_regex.match(path)
    }
    return len(shapes) > 1


@settings(max_examples=60, deadline=None)
@given(
    routes=st.lists(st.tuples(st.sampled_from(METHODS), PATTERNS), min_size=1, max_size=100),
    asked=st.lists(st.tuples(st.sampled_from([*METHODS, "HEAD", "PUT"]), PATHS), max_size=25),
    data=st.data(),
)
def test_a_hundred_routes_are_found_as_starlette_finds_them(
    routes: list[tuple[str, str]], asked: list[tuple[str, str]], data: st.DataObject
) -> None:
    app = make_app(routes)
    known = [(m, p.replace("{p", "x{p").replace("{", "").replace("}", "")) for m, p in routes]
    asked = [*asked, *data.draw(st.lists(st.sampled_from(known), max_size=25))]

    async def compare() -> None:
        for method, path in asked:
            if is_ambiguous(app, method, path):
                continue
            status, body, headers = await ask(app, method, path)
            wanted_status, wanted_body, allowed = expected(app, method, path)
            assert status == wanted_status, (method, path)
            if wanted_body is not None:
                assert body == wanted_body, (method, path)
            if allowed:
                assert set(headers["allow"].split(", ")) == allowed

    asyncio.run(compare())


@pytest.mark.parametrize("reverse", [False, True])
async def test_a_static_path_wins_over_a_placeholder_whichever_came_first(reverse: bool) -> None:
    patterns = [("GET", "/v1/things/{p}"), ("GET", "/v1/things/current")]
    app = make_app(patterns[::-1] if reverse else patterns)
    current = await ask(app, "GET", "/v1/things/current")
    other = await ask(app, "GET", "/v1/things/7")
    assert current[1] != other[1]
    assert app.router.routes[int(current[1])].path == "/v1/things/current"  # type: ignore[attr-defined]  # all are Routes


async def test_routes_that_are_added_later_are_found() -> None:
    app = make_app([("GET", "/a")])
    assert (await ask(app, "GET", "/b"))[0] == 404
    app.router.routes.append(Route("/b", _numbered(7), methods=["GET"], name="r7"))
    assert (await ask(app, "GET", "/b"))[:2] == (200, b"7")


async def test_what_is_no_route_of_ours_cannot_be_mounted() -> None:
    app = make_app([("GET", "/a")])
    app.router.routes.append(Mount("/files", FastAPI()))
    with pytest.raises(TypeError, match="cannot index"):
        await ask(app, "GET", "/files")


async def test_the_path_decides_and_not_its_spelling(any_app: FastAPI) -> None:
    transport = httpx.ASGITransport(any_app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rebound.test") as client:
        for path in ("/%68ealthz", "/healthz"):
            assert (await client.get(path)).status_code == 200
        for path in ("/healthz/", "/healthz%2F", "/Healthz", "/healthz%00"):
            assert (await client.get(path)).status_code == 404
