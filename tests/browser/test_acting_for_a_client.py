"""How the guide says that a platform's program is tried at /docs: with the Authorize dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.browser.chromium import execute
from tests.browser.test_trying_it_out import answer, operation

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def authorize(page: Page, **values: str) -> None:
    """Open the dialog, log out of every scheme in it, and fill in those that are given."""
    page.locator(".auth-wrapper .btn.authorize").click()
    dialog = page.locator(".dialog-ux")
    for scheme in ("accessToken", "onBehalfOf"):
        form = dialog.locator(".auth-container").filter(has=page.get_by_text(scheme, exact=True))
        log_out = form.get_by_text("Logout", exact=True)
        if log_out.count():
            log_out.click()
        if scheme in values:
            form.get_by_role("textbox").fill(values[scheme])
            form.get_by_text("Authorize", exact=True).click()
            log_out.wait_for()
    dialog.locator(".close-modal").click()


def test_a_program_acts_for_a_client_who_reads_of_it(
    open_page: OpenPage, live_server: str, printed: dict[str, str]
) -> None:
    page = open_page("/docs#/Rejections/list_rejections")
    page.wait_for_selector(".auth-wrapper .authorize.locked")
    authorize(page, accessToken=printed["key"], onBehalfOf=printed["account"])

    listing = operation(page, "list_rejections")
    assert execute(page, "list_rejections") == 200
    shown = answer(listing)[0]["items"]
    signed_in = {"Authorization": f"Bearer {printed['token']}"}
    own = httpx.get(f"{live_server}/v1/rejections", headers=signed_in).json()["items"]
    assert [one["id"] for one in shown] == [one["id"] for one in own] != []
    listing.locator(".opblock-summary-control").click()

    moods = operation(page, "list_check_ins")
    assert execute(page, "list_check_ins") == 403
    refusal, _ = answer(moods)
    assert (refusal["type"], refusal["consent"]) == ("/problems/consent-missing", "wellbeing")
    moods.locator(".opblock-summary-control").click()

    authorize(page, accessToken=printed["token"])
    log = operation(page, "list_access_log")
    assert execute(page, "list_access_log") == 200
    entry = answer(log)[0]["items"][0]
    assert (entry["operation_id"], entry["category"]) == ("list_rejections", "rejections")
    assert entry["actor_kind"] == "organization_key"
    assert entry["organization_id"] == printed["organization"]
