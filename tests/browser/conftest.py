"""A real browser for the pages that people see: the system's Chromium, driven by Playwright."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

    OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium.

    It ends with its module: while it lives, Playwright's event loop runs in this thread, and the
    async tests of other modules could not start theirs.
    """
    with chromium() as found:
        yield found


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[OpenPage]:
    """Opens a path of the demo server in a window of its own.

    Afterwards no page may have asked another origin for anything, or have written an error to the
    console; what the content security policy blocks is such an error.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A refused request is what some tests ask for; Chromium notes it down as an error.
        refused = message.location["url"].startswith(f"{live_server}/v1/")
        if message.type == "error" and not refused:
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((f"{live_server}/", "data:", "blob:")):
            complaints.append(f"foreign origin: {request.url}")

    def open_at(
        path: str,
        *,
        color_scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        height: int = 900,
    ) -> Page:
        context = browser.new_context(
            color_scheme=color_scheme, viewport={"width": width, "height": height}
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", watch)
        page.goto(live_server + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []
