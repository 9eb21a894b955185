"""The system's Chromium, driven by Playwright, for the tests of the pages and their pictures."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",  # Chromium refuses its sandbox to root, and containers run tests as root.
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless browser with a profile of its own, thrown away afterwards.

    Raises:
        LookupError: there is no Chromium on the PATH.
    """
    # Imported here, so that collecting the other tests needs no browser driver.
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise LookupError(f"no browser: install one of {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


def execute(page: Page, operation: str) -> int:
    """Press Execute in an open operation and return the status that the page shows."""
    block = page.locator(f"[id$='-{operation}'].opblock")
    block.locator(".btn.execute").click()
    block.locator(".loading-container").wait_for(state="detached")
    shown = block.locator(".live-responses-table .response-col_status").last
    shown.wait_for()
    return int(shown.inner_text().split()[0])
