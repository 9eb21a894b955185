"""Takes the pictures of the README from a demo server: `make screenshots`.

The pictures are always of the same size; what they show is sample data, and says so.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.browser.chromium import chromium, execute
from tests.fixtures.live import demo_server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDTH = 1280
MOST_BYTES = 200_000


def show_operations(page: Page) -> None:
    """What there is, in the order of a person's way; signing up is left folded."""
    page.locator("#operations-tag-Account button").click()
    page.locator(".opblock[id^='operations-Account-']").first.wait_for(state="detached")


def show_answer(page: Page) -> None:
    """An operation that was executed, with its answer, but no token and nothing empty."""
    block = page.locator("[id$='-list_next_actions'].opblock")
    block.locator(".opblock-summary-control").click()
    block.locator(".btn.execute").wait_for()
    execute(page, "list_next_actions")
    page.evaluate(
        """document.querySelectorAll(
          `.opblock-tag, .opblock:not(.is-open), .is-open .opblock-section,
           .scheme-container, .filter, .request-snippets,
           .responses-table:not(.live-responses-table)`
        ).forEach((rest) => rest.remove())"""
    )


Scene = tuple[Literal["light", "dark"], int, "Callable[[Page], None]"]
SCENES: Mapping[str, Scene] = {
    "docs-light": ("light", 1340, show_operations),
    "docs-dark": ("dark", 1180, show_answer),
}
"""By name: on which ground, how high, and what is done before the picture is taken."""


def take(browser: Browser, base_url: str, name: str) -> None:
    """One picture, which keeps the line that calls the data sample data."""
    color_scheme, height, prepare = SCENES[name]
    page = browser.new_page(color_scheme=color_scheme, viewport={"width": WIDTH, "height": height})
    page.goto(f"{base_url}/docs")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    # The contract's introduction is read on the page; it would fill the picture.
    page.evaluate("document.querySelector('.information-container .info').replaceChildren()")
    prepare(page)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.mouse.move(0, 0)
    picture = page.screenshot(animations="disabled", path=IMAGES / f"{name}.png")
    page.close()
    if len(picture) > MOST_BYTES:
        raise ValueError(f"{name}.png has {len(picture)} bytes, more than {MOST_BYTES}")
    sys.stdout.write(f"docs/images/{name}.png: {WIDTH} x {height}, {len(picture)} bytes\n")


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder)) as (base_url, _),
        chromium() as browser,
    ):
        for name in SCENES:
            take(browser, base_url, name)


if __name__ == "__main__":
    main()
