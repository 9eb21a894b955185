"""What a person sees and can do at /docs, in a real browser against a running demo server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.browser.chromium import execute

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

DARK_GROUND = "rgb(28, 32, 34)"
READABLE = 4.5
"""The least contrast of text to its ground, WCAG 2.2 success criterion 1.4.3 (AA)."""

HARD_TO_READ = (Path(__file__).parent / "hard_to_read.js").read_text(encoding="utf-8")


def wait_for_operations(page: Page) -> None:
    page.wait_for_selector(".opblock")


def unreadable(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(HARD_TO_READ, READABLE)
    return found


def test_the_page_shows_every_operation_and_says_that_the_data_is_sample_data(
    open_page: OpenPage,
) -> None:
    page = open_page("/docs")
    wait_for_operations(page)
    contract = page.evaluate("fetch('/openapi.json').then((answer) => answer.json())")
    methods = {"get", "post", "put", "patch", "delete"}
    operations = [
        operation
        for item in (*contract["paths"].values(), *contract.get("webhooks", {}).values())
        for method, operation in item.items()
        if method in methods
    ]
    assert page.locator(".opblock").count() == len(operations) > 0
    assert page.title() == "Rebound API"
    banner = page.get_by_role("complementary", name="Demo")
    assert "sample data, thrown away when the server stops" in banner.inner_text()


def test_the_page_opens_authorised_and_the_first_list_answers_200(open_page: OpenPage) -> None:
    page = open_page("/docs")
    wait_for_operations(page)
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    first_list = page.locator(".opblock-get[id*='-list_']").first
    operation = re.sub(r"^.*-", "", first_list.get_attribute("id") or "")
    first_list.locator(".opblock-summary-control").click()
    assert execute(page, operation) == 200


def test_a_deep_link_opens_its_operation_ready_to_execute(open_page: OpenPage) -> None:
    page = open_page("/docs#/Rejections/list_rejections")
    page.wait_for_selector(".opblock.is-open")
    opened = page.locator(".opblock.is-open")
    assert opened.count() == 1
    assert opened.get_attribute("id") == "operations-Rejections-list_rejections"
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    assert execute(page, "list_rejections") == 200


def test_the_first_operation_of_every_tag_opens_without_an_error(open_page: OpenPage) -> None:
    page = open_page("/docs")
    wait_for_operations(page)
    tags = page.locator(".opblock-tag-section")
    assert tags.count() > 1
    for number in range(tags.count()):
        block = tags.nth(number).locator(".opblock").first
        block.locator(".opblock-summary-control").click()
        block.locator(".opblock-body .responses-table").first.wait_for()
        # Closed again: each open operation slows the next one down.
        block.locator(".opblock-summary-control").click()
    assert page.locator(".errors-wrapper").count() == 0


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "operation", ["list_rejections", "record_rejection"], ids=["a list", "a form"]
)
def test_all_text_is_readable_in_light_and_in_dark(
    open_page: OpenPage, operation: str, color_scheme: Literal["light", "dark"]
) -> None:
    page = open_page(f"/docs#/Rejections/{operation}", color_scheme=color_scheme)
    page.wait_for_selector(".opblock.is-open .btn.execute")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert (ground == DARK_GROUND) == (color_scheme == "dark")
    assert execute(page, operation) in {200, 201}
    opened = page.locator(".opblock.is-open")
    opened.locator(".refusal summary").first.click()
    opened.locator(".refusal .highlight-code").wait_for()
    assert unreadable(page) == []
    for tab in opened.get_by_role("tab", name="Schema").all():
        tab.click()
    opened.get_by_role("button", name="Expand all").first.click()
    opened.locator(".json-schema-2020-12__constraint").first.wait_for()
    assert unreadable(page) == []
    page.locator(".btn.authorize").click()
    page.locator(".dialog-ux .modal-ux-content").wait_for()
    assert unreadable(page) == []


@pytest.mark.parametrize("path", ["/problems", "/problems/invalid"])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_words_of_problems_are_readable_too(
    open_page: OpenPage, path: str, color_scheme: Literal["light", "dark"]
) -> None:
    assert unreadable(open_page(path, color_scheme=color_scheme)) == []


@pytest.mark.parametrize(
    "path", ["/docs#/Rejections/list_rejections", "/problems", "/problems/invalid"]
)
def test_a_phone_never_scrolls_sideways(open_page: OpenPage, path: str) -> None:
    page = open_page(path, width=360, height=780)
    if path.startswith("/docs"):
        page.wait_for_selector(".opblock.is-open .btn.execute")
        assert execute(page, "list_rejections") == 200
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_whoever_uses_the_keyboard_sees_where_they_are(open_page: OpenPage) -> None:
    page = open_page("/docs")
    wait_for_operations(page)
    for _ in range(15):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert outline == ["solid", 3]


def test_the_problems_can_be_read_from_the_docs(open_page: OpenPage) -> None:
    page = open_page("/docs")
    page.get_by_role("link", name="Problems").click()
    page.get_by_role("link", name="The record has changed since you read it").click()
    assert page.url.endswith("/problems/precondition-failed")
    assert page.get_by_role("heading", level=1).inner_text() == (
        "The record has changed since you read it"
    )
