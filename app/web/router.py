"""Finding the route: one dictionary look-up, so that the hundredth route costs what the first does.

Starlette asks every route in turn. Here static paths are found by their text and the others by
their shape (number of segments and the first two of them); 405 knows every method of a path, HEAD
is answered wherever GET is, and there are no trailing slashes.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from app.kit.problems import MethodNotAllowed, NotFound
from app.web.problems import respond

Shape = tuple[int, str | None, str | None]


class IndexedRouter(APIRouter):
    """The application's router, with an index over its routes."""

    _static: dict[str, list[APIRoute]]
    _shaped: dict[Shape, list[APIRoute]]
    _indexed: int = -1

    def _index(self) -> None:
        self._static, self._shaped = {}, {}
        for route in self.routes:
            if not isinstance(route, APIRoute):
                raise TypeError(f"{route!r} is not an APIRoute; the router cannot index it")
            path = route.path_format
            if "{" not in path:
                self._static.setdefault(path, []).append(route)
            else:
                segments = path.split("/")
                first, second, *_ = [
                    None if "{" in part else part for part in (*segments[1:3], "{", "{")
                ]
                self._shaped.setdefault((len(segments), first, second), []).append(route)
        self._indexed = len(self.routes)

    def _candidates(self, path: str) -> list[APIRoute]:
        if self._indexed != len(self.routes):
            self._index()
        if (literal := self._static.get(path)) is not None:
            # `/sessions/current` is its own address, whatever `/sessions/{id}` answers to.
            return literal
        found: list[APIRoute] = []
        segments = path.split("/")
        first, second, *_ = (*segments[1:3], None, None)
        for shape in ((first, second), (first, None), (None, second), (None, None)):
            found += self._shaped.get((len(segments), *shape), ())
        return found

    @override
    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().app(scope, receive, send)
            return
        scope["router"] = self
        path, method = scope["path"], scope["method"]
        wanted = "GET" if method == "HEAD" else method
        allowed: set[str] = set()
        for route in self._candidates(path):
            found = route.path_regex.match(path)
            if found is None:
                continue
            if route.methods is None or wanted in route.methods:
                scope["route"] = route
                scope["endpoint"] = route.endpoint
                scope["path_params"] = {
                    name: route.param_convertors[name].convert(value)
                    for name, value in found.groupdict().items()
                }
                # HEAD runs the GET handler; the server leaves out the body.
                await route.app(scope, receive, send)
                return
            allowed |= route.methods
        problem: Any = NotFound()
        if allowed:
            allowed |= {"HEAD"} if "GET" in allowed else set()
            problem = MethodNotAllowed(headers={"Allow": ", ".join(sorted(allowed))})
        await respond(problem, path)(scope, receive, send)


def index_routes(app: FastAPI) -> None:
    """Let an application find its routes by the index."""
    app.router.__class__ = IndexedRouter
    # The constructor of the old class bound its own `app` method here.
    app.router.middleware_stack = app.router.app
    app.router.redirect_slashes = False
