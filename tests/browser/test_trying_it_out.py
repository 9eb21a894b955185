"""What a person does at /docs by hand: records, changes, sends again, reads what was refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.browser.chromium import execute

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

MOST_STEPS = 80


def operation(page: Page, name: str) -> Locator:
    """An operation of the page, open and ready."""
    block = page.locator(f"[id$='-{name}'].opblock")
    if "is-open" not in (block.get_attribute("class") or ""):
        block.locator(".opblock-summary-control").click()
    block.locator(".btn.execute").wait_for()
    return block


def fill(block: Locator, parameter: str, value: str) -> None:
    block.locator(f"tr[data-param-name='{parameter}'] input").fill(value)


def answer(block: Locator) -> tuple[Any, str]:
    """The body and the headers that the page shows."""
    shown = block.locator(".live-responses-table")
    body = shown.locator(".highlight-code pre").first.inner_text()
    headers = shown.locator(".headerline")
    return json.loads(body), "\n".join(headers.all_inner_texts())


def test_a_rejection_is_recorded_from_its_example_and_changed_with_its_etag(
    open_page: OpenPage,
) -> None:
    page = open_page("/docs#/Rejections/record_rejection")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    recording = operation(page, "record_rejection")
    assert execute(page, "record_rejection") == 201
    record, headers = answer(recording)
    tag = re.search(r'(?m)^ *etag: ("\d+")', headers)
    assert tag is not None, headers
    assert tag[1] == f'"{record["revision"]}"'
    recording.locator(".opblock-summary-control").click()

    changing = operation(page, "update_rejection")
    fill(changing, "rejection_id", record["id"])
    assert execute(page, "update_rejection") == 428
    refusal, _ = answer(changing)
    assert refusal["type"] == "/problems/precondition-missing"

    fill(changing, "If-Match", tag[1])
    assert execute(page, "update_rejection") == 200
    changed, _ = answer(changing)
    sent = json.loads(changing.locator("textarea.body-param__text").input_value())
    assert {**changed, **sent} == changed
    assert changed["revision"] > record["revision"]


def test_what_is_sent_twice_with_a_key_is_there_once(open_page: OpenPage) -> None:
    page = open_page("/docs#/Rejections/record_rejection")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    recording = operation(page, "record_rejection")
    company = f"Example {uuid4().hex}"
    body = {"company_name": company, "stage": "application"}
    recording.locator("textarea.body-param__text").fill(json.dumps(body))
    fill(recording, "Idempotency-Key", uuid4().hex)
    assert execute(page, "record_rejection") == 201
    first, headers = answer(recording)
    assert "idempotency-replayed" not in headers
    assert execute(page, "record_rejection") == 201
    recording.locator(".headerline", has_text="idempotency-replayed: true").wait_for()
    assert answer(recording)[0] == first
    recording.locator(".opblock-summary-control").click()

    listing = operation(page, "list_rejections")
    fill(listing, "company_name", company)
    assert execute(page, "list_rejections") == 200
    assert [item["id"] for item in answer(listing)[0]["items"]] == [first["id"]]


def test_a_refusal_is_one_line_that_opens(open_page: OpenPage) -> None:
    page = open_page("/docs#/Rejections/update_rejection")
    block = operation(page, "update_rejection")
    refusals = block.locator(".refusal details")
    assert refusals.count() > 5
    missing = refusals.filter(has_text="precondition-missing")
    assert missing.locator(".highlight-code").count() == 0
    missing.locator("summary").click()
    example = json.loads(missing.locator(".highlight-code pre").inner_text())
    assert (example["type"], example["status"]) == ("/problems/precondition-missing", 428)


def test_a_deep_link_to_a_tag_shows_its_operations(open_page: OpenPage) -> None:
    page = open_page("/docs#/Recovery")
    tag = page.locator("#operations-tag-Recovery")
    page.wait_for_function(
        "(tag) => Math.abs(tag.getBoundingClientRect().top) < innerHeight / 2",
        arg=tag.element_handle(),
    )
    assert tag.get_attribute("data-is-open") == "true"
    assert page.locator(".opblock[id^='operations-Recovery-']").count() > 0
    assert page.locator(".opblock.is-open").count() == 0


def test_every_schema_of_an_operation_can_be_read(open_page: OpenPage) -> None:
    page = open_page("/docs#/Rejections/record_rejection")
    block = operation(page, "record_rejection")
    for tab in block.get_by_role("tab", name="Schema").all():
        tab.click()
    fields = block.locator(".json-schema-2020-12-property").filter(has_text="company_name")
    fields.first.wait_for()
    assert "characters" in fields.first.inner_text()
    assert page.locator(".errors-wrapper").count() == 0


def test_the_keyboard_alone_opens_an_operation_and_executes_it(open_page: OpenPage) -> None:
    page = open_page("/docs#/Rejections")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    wanted = page.locator("[id$='-list_rejections'].opblock")
    wanted.wait_for()

    def walk_to(target: Locator) -> None:
        for _ in range(MOST_STEPS):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("the keyboard does not lead there")

    page.locator("#operations-tag-Rejections button").focus()
    walk_to(wanted.locator(".opblock-summary-control"))
    page.keyboard.press("Enter")
    wanted.locator(".btn.execute").wait_for()
    walk_to(wanted.locator(".btn.execute"))
    page.keyboard.press("Enter")
    shown = wanted.locator(".live-responses-table .response-col_status").last
    shown.wait_for()
    assert shown.inner_text().split()[0] == "200"
