"""The pages that people open in a browser: Swagger UI, the words for each problem, the icon.

Everything is served from files inside this package. A page loads nothing from another origin and
runs no inline script, and the content security policy holds it to that.
"""

import gzip
import hashlib
import html
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from string import Template
from typing import Annotated, Final

import msgspec
from starlette.responses import RedirectResponse, Response

from app.kit.problems import NotFound, Problem, catalogue
from app.kit.qualities import qualities
from app.web.etags import matches
from app.web.markers import Provided, public
from app.web.routing import Router

SWAGGER_UI_VERSION: Final = "5.35.0"
"""The release of the npm package swagger-ui-dist whose files lie unchanged in static/swagger-ui."""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    # Swagger UI's style sheet carries its small icons as data URLs.
    "img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# The vendor's files change only with a release. Our own are asked for each time (304 while they
# are unchanged), so that a page never meets the script of the version before.
_KEEP_FOR_A_DAY: Final = "public, max-age=86400"
_ASK_EACH_TIME: Final = "public, max-age=0, must-revalidate"

_STATIC = files("app.web") / "static"
_PAGE: Final = Template((_STATIC / "page.html").read_text(encoding="utf-8"))
_CODE_SPAN: Final = re.compile(r"`([^`]+)`")


class StaticFile:
    """A packaged file, ready to be sent, with an entity tag made from its content."""

    def __init__(self, path: str, media_type: str, cache_control: str = _ASK_EACH_TIME) -> None:
        self.content = _STATIC.joinpath(path).read_bytes()
        self.media_type = media_type
        self.cache_control = cache_control
        self.digest = hashlib.sha256(self.content).hexdigest()

    @cached_property
    def compressed(self) -> bytes:
        """The content in gzip, made once per process instead of for each answer.

        The Swagger UI script has 1.7 MB. `app.web.compression` passes on what has an encoding.
        """
        return gzip.compress(self.content, compresslevel=6, mtime=0)

    def respond(self, request_headers: Mapping[str, str]) -> Response:
        """Answer 200 with the bytes, in gzip where the client takes it, or 304 (RFC 9110, 13.1.2).

        The two encodings have different entity tags, since a tag names exact bytes.
        """
        in_gzip = self._is_text and _accepts_gzip(request_headers.get("accept-encoding", ""))
        tag = f'"{self.digest[:32]}{"-gzip" if in_gzip else ""}"'
        headers = {
            "Cache-Control": self.cache_control,
            "ETag": tag,
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        if matches(request_headers.get("if-none-match"), tag):
            return Response(status_code=304, headers=headers)
        if in_gzip:
            headers["Content-Encoding"] = "gzip"
        content = self.compressed if in_gzip else self.content
        return Response(content, headers=headers, media_type=self.media_type)

    @property
    def _is_text(self) -> bool:
        return self.media_type != "image/png"


STATIC_FILES: Final[Mapping[str, StaticFile]] = {
    "swagger-ui-bundle.js": StaticFile(
        "swagger-ui/swagger-ui-bundle.js", "text/javascript", _KEEP_FOR_A_DAY
    ),
    "swagger-ui.css": StaticFile("swagger-ui/swagger-ui.css", "text/css", _KEEP_FOR_A_DAY),
    # The script's first line refers its reader to this file.
    "swagger-ui-bundle.js.LICENSE.txt": StaticFile(
        "swagger-ui/swagger-ui-bundle.js.LICENSE.txt", "text/plain", _KEEP_FOR_A_DAY
    ),
    "docs.js": StaticFile("docs.js", "text/javascript"),
    "docs.css": StaticFile("docs.css", "text/css"),
    "favicon.svg": StaticFile("favicon.svg", "image/svg+xml"),
    "favicon.png": StaticFile("favicon.png", "image/png"),
}

_DOCS_HEAD: Final = """\
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<script src="/docs/static/docs.js"></script>
<script src="/docs/static/swagger-ui-bundle.js" defer></script>
"""

_DEMO_NOTICE: Final = """\
<aside class="notice demo" aria-label="Demo"><p>
<strong>Demo: sample data, thrown away when the server stops.</strong>
You are signed in as the demo person: open an operation and press Execute.
</p></aside>
"""

_SIGN_IN_NOTICE: Final = """\
<aside class="notice" aria-label="How to sign in"><p>
To try the operations, create an account with <code>POST /v1/accounts</code>, sign in with
<code>POST /v1/sessions</code>, and paste the <code>access_token</code> under
<strong>Authorize</strong>.
</p></aside>
"""


def docs_page(*, demo: bool) -> str:
    """The HTML of `/docs`, with the notice for a demo or for a person who still has to sign in."""
    notice = _DEMO_NOTICE if demo else _SIGN_IN_NOTICE
    body = (
        f'{notice}<main id="swagger-ui"></main>\n'
        '<noscript><div class="notice"><p>This page needs JavaScript. The same contract is at '
        '<a href="/openapi.json">/openapi.json</a>.</p></div></noscript>'
    )
    return _PAGE.substitute(title="Rebound API", head=_DOCS_HEAD, body=body)


def problem_list_page(problems: Iterable[type[Problem]]) -> str:
    """The HTML of `/problems`: every problem by status, each with a link to its words."""
    rows = "\n".join(
        f'<li><span class="status">{problem.status}</span> '
        f'<a href="/problems/{html.escape(problem.code)}">{_prose(problem.title)}</a></li>'
        for problem in sorted(problems, key=lambda problem: (problem.status, problem.code))
    )
    body = (
        '<main class="reading"><h1>Problems</h1>\n'
        "<p>A request that is refused is answered with a problem document "
        "(<code>application/problem+json</code>, RFC 9457). Its <code>type</code> is the address "
        f"of one of these pages.</p>\n<ul>\n{rows}\n</ul></main>"
    )
    return _PAGE.substitute(title="Problems · Rebound API", head="", body=body)


def problem_page(problem: type[Problem]) -> str:
    """The HTML of `/problems/{code}`: what the problem means and what to do about it."""
    body = (
        f'<main class="reading"><h1>{_prose(problem.title)}</h1>\n'
        f"<p>{_prose(problem.explanation)}</p>\n"
        f"<dl><dt>HTTP status</dt><dd>{problem.status}</dd>\n"
        f"<dt>Type</dt><dd><code>/problems/{html.escape(problem.code)}</code></dd></dl>\n"
        '<p><a href="/problems">All problems</a></p></main>'
    )
    title = f"{html.escape(problem.title)} · Rebound API"
    return _PAGE.substitute(title=title, head="", body=body)


def problem_words(problem: type[Problem]) -> dict[str, str | int]:
    """The words of one problem as JSON members."""
    return {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "explanation": problem.explanation,
    }


def prefers_json(accept: str) -> bool:
    """Whether an `Accept` header ranks JSON above HTML (RFC 9110, 12.5.1); a tie goes to HTML."""
    ranked = qualities(accept)
    anything = ranked.get("*/*", 0.0)
    json = ranked.get("application/json", ranked.get("application/*", anything))
    page = ranked.get("text/html", ranked.get("text/*", anything))
    return json > page


RequestHeaders = Annotated[Mapping[str, str], Provided(provide=lambda request, _: request.headers)]
"""The headers of the request, with names in any case."""


def routes(*, demo_token: str | None = None) -> Router:
    """The router with every page of this module; all of them are public.

    `demo_token` is the access token of the demo person. Only a demo server passes one: whoever
    reaches the server can read it at `/docs/config.json`.
    """
    router = Router(include_in_schema=False)
    _add_docs(router, demo_token)
    _add_files(router)
    _add_problems(router)
    return router


def _add_docs(router: Router, demo_token: str | None) -> None:
    docs = docs_page(demo=demo_token is not None)
    config = msgspec.json.encode({"access_token": demo_token})

    @router.get("/")
    @public("it only leads to the docs")
    async def open_docs() -> Response:
        return RedirectResponse("/docs", status_code=307)

    @router.get("/docs")
    @public("the contract is public, and people read it before they have an account")
    async def show_docs() -> Response:
        return _page(docs, cache_control="no-cache")

    @router.get("/docs/config.json")
    @public("it holds a token only on a demo server, where all data is sample data")
    async def show_docs_config() -> Response:
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        return Response(config, headers=headers, media_type="application/json")


def _add_files(router: Router) -> None:
    @router.get("/docs/static/{name}")
    @public("scripts and styles of public pages")
    async def send_static_file(name: str, headers: RequestHeaders) -> Response:
        found = STATIC_FILES.get(name)
        if found is None:
            raise NotFound
        return found.respond(headers)

    @router.get("/favicon.ico")
    @public("browsers ask for it unprompted")
    async def send_icon(headers: RequestHeaders) -> Response:
        return STATIC_FILES["favicon.png"].respond(headers)


def _add_problems(router: Router) -> None:
    @router.get("/problems")
    @public("a refusal must be understandable to whoever was refused")
    async def list_problems(headers: RequestHeaders) -> Response:
        problems = catalogue().values()
        if prefers_json(headers.get("accept", "")):
            return _json({"items": [problem_words(problem) for problem in problems]})
        return _page(problem_list_page(problems), cache_control=_ASK_EACH_TIME)

    @router.get("/problems/{code}")
    @public("a refusal must be understandable to whoever was refused")
    async def explain_problem(code: str, headers: RequestHeaders) -> Response:
        problem = catalogue().get(code)
        if problem is None:
            raise NotFound
        if prefers_json(headers.get("accept", "")):
            return _json(problem_words(problem))
        return _page(problem_page(problem), cache_control=_ASK_EACH_TIME)


def _page(content: str, *, cache_control: str) -> Response:
    headers = {**PAGE_HEADERS, "Cache-Control": cache_control, "Vary": "Accept"}
    return Response(content, headers=headers, media_type="text/html")


def _json(content: object) -> Response:
    headers = {
        "Cache-Control": _ASK_EACH_TIME,
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept",
    }
    return Response(msgspec.json.encode(content), headers=headers, media_type="application/json")


def _prose(text: str) -> str:
    """Text as HTML, with `code` spans; everything else is escaped."""
    return _CODE_SPAN.sub(r"<code>\1</code>", html.escape(text))


def _accepts_gzip(accept_encoding: str) -> bool:
    ranked = qualities(accept_encoding)
    return ranked.get("gzip", ranked.get("*", 0.0)) > 0
