"""The first story, as a mobile app lives it: over HTTP, against a real server process.

Somebody signs up on a Friday evening, records a "no", is left alone for a while, checks in, does
the next thing, and closes it. One test, in order, because a story has an order.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.fixtures.live import live_server

PASSWORD = "four cats on a warm roof"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    with live_server(tmp_path, database_url) as (base_url, _):
        yield base_url


def expect(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


def test_from_the_mail_on_friday_to_closing_the_rejection(server: str) -> None:
    with httpx.Client(base_url=server) as app:
        # She signs up with an e-mail address and a password, and signs in.
        email = f"{uuid4().hex}@example.com"
        account = expect(
            app.post(
                "/v1/accounts",
                json={"email": email, "password": PASSWORD, "time_zone": "Europe/Berlin"},
            ),
            201,
        )
        session = expect(app.post("/v1/sessions", json={"email": email, "password": PASSWORD}), 201)
        assert session["account_id"] == account["id"]
        app.headers["Authorization"] = f"{session['token_type']} {session['access_token']}"

        # She allows check-ins, which are off until she says so.
        me = app.get("/v1/me")
        refused = app.post("/v1/check-ins", json={"mood": 2, "energy": 2})
        assert expect(refused, 403)["consent"] == "wellbeing_tracking"
        expect(
            app.patch(
                "/v1/me",
                json={"wellbeing_tracking": True, "next_actions_per_day": 5},
                headers={"If-Match": me.headers["ETag"]},
            ),
            200,
        )

        # Two fields record the "no". Her phone loses the answer and sends it again.
        key = {"Idempotency-Key": uuid4().hex}
        said = {"company_name": "Example GmbH", "stage": "interview", "channel": "phone"}
        recorded = app.post("/v1/rejections", json=said, headers=key)
        rejection = expect(recorded, 201)
        again = app.post("/v1/rejections", json=said, headers=key)
        assert again.json() == rejection
        assert again.headers["Idempotency-Replayed"] == "true"
        assert len(expect(app.get("/v1/rejections"), 200)["items"]) == 1
        assert app.get(recorded.headers["Location"]).json() == rejection

        # A plan has started by itself, and it is quiet: she gave herself two days.
        [summary] = expect(
            app.get("/v1/recovery-plans", params={"rejection_id": rejection["id"]}), 200
        )["items"]
        plan = expect(app.get(f"/v1/recovery-plans/{summary['id']}"), 200)
        pause = datetime.fromisoformat(plan["pause_until"]) - datetime.now(UTC)
        assert timedelta(hours=47) < pause <= timedelta(hours=48)
        assert [step["kind"] for step in plan["steps"]] == [
            "decompress",
            "check_in",
            "thank",
            "request_feedback",
            "reflect",
            "assess_gaps",
            "capture_lesson",
            "connect",
            "prepare_next",
        ]
        offered = expect(app.get("/v1/next-actions"), 200)["items"]
        assert [item["reason"] for item in offered] == ["part_of_pause"]

        # She notes how she is. That counts as the step, and the way to support is at hand.
        checked_in = expect(
            app.post(
                "/v1/check-ins",
                json={"rejection_id": rejection["id"], "mood": 2, "energy": 2, "dwelling": True},
            ),
            201,
        )
        support = expect(app.get(checked_in["support"]["href"]), 200)
        assert support["items"]
        steps = expect(app.get("/v1/recovery-steps", params={"plan_id": plan["id"]}), 200)["items"]
        ticked = [step for step in steps if step["status"] == "done"]
        assert {step["kind"] for step in ticked} == {"check_in", "decompress"}
        assert all(step["evidence"]["id"] == checked_in["id"] for step in ticked)

        # On Sunday she is ready sooner than she thought, and ends the pause herself.
        current = app.get(f"/v1/recovery-plans/{plan['id']}")
        resumed = app.patch(
            f"/v1/recovery-plans/{plan['id']}",
            json={"pause_until": None},
            headers={"If-Match": current.headers["ETag"]},
        )
        assert expect(resumed, 200)["pause_until"] is None
        [action] = expect(app.get("/v1/next-actions"), 200)["items"]
        assert action["operation_id"] == "update_recovery_step"

        # One tap is one request: the item says what to call with which revision.
        tapped = app.patch(
            f"/v1/recovery-steps/{action['record_id']}",
            json={"status": "done"},
            headers={"If-Match": f'"{action["revision"]}"'},
        )
        assert expect(tapped, 200)["done_by"] == "person"
        [following] = expect(app.get("/v1/next-actions"), 200)["items"]
        assert following["record_id"] != action["record_id"]

        # It is enough. She closes it: what was open is left out, without a word of blame.
        held = app.get(f"/v1/rejections/{rejection['id']}").headers["ETag"]
        closed = app.patch(
            f"/v1/rejections/{rejection['id']}",
            json={"status": "closed"},
            headers={"If-Match": held},
        )
        assert expect(closed, 200)["closed_on"]
        ended = expect(app.get(f"/v1/recovery-plans/{plan['id']}"), 200)
        assert ended["status"] == "completed"
        left_out = [step for step in ended["steps"] if step["status"] == "skipped"]
        assert {step["skip_reason"] for step in left_out} == {"rejection_closed"}
        assert expect(app.get("/v1/next-actions"), 200)["items"] == []

        # All of it is there to look back on.
        happened = expect(app.get(f"/v1/rejections/{rejection['id']}/timeline"), 200)["items"]
        assert {item["type"] for item in happened} == {
            "rejection.rejected",
            "rejection.recorded",
            "rejection.closed",
            "recovery_plan.started",
            "recovery_step.completed",
            "check_in.recorded",
        }

        # She signs out, and the token is worth nothing from then on.
        expect(app.delete("/v1/sessions/current"), 204)
        expect(app.get("/v1/me"), 401)
