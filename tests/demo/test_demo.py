"""The sample data keep what `rebound demo` promises, on both engines and at any hour."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.db.transaction import Database
from app.demo import DemoPerson, fill
from app.demo.acts import USE_CASES
from app.demo.story import acts
from app.domains.recovery.terms import PlanStatus, StepStatus
from app.domains.rejections.terms import DecidedBy, RejectionStage, RejectionStatus
from app.kit.clock import SetClock
from app.kit.ids import example_id
from app.main import create_app
from app.settings import Settings
from tests.conftest import ENGINES, NOON, TEMPLATE
from tests.fixtures.postgres import PostgresServer, as_owner

BERLIN = ZoneInfo("Europe/Berlin")
FOUR_MONTHS = timedelta(days=120)

JUST_AFTER_MIDNIGHT = datetime(2026, 3, 11, 0, 1, tzinfo=BERLIN).astimezone(UTC)
JUST_BEFORE_MIDNIGHT = datetime(2026, 3, 11, 23, 58, tzinfo=BERLIN).astimezone(UTC)
CLOCKS_WERE_CHANGED = datetime(2026, 10, 25, 12, 0, tzinfo=BERLIN).astimezone(UTC)
LEAP_DAY = datetime(2028, 2, 29, 18, 30, tzinfo=BERLIN).astimezone(UTC)
HOURS = {
    "just after midnight": JUST_AFTER_MIDNIGHT,
    "just before midnight": JUST_BEFORE_MIDNIGHT,
    "on a day with 25 hours": CLOCKS_WERE_CHANGED,
    "on a leap day": LEAP_DAY,
}


def ignore_progress(done: int, total: int) -> None:
    pass


@dataclass
class Reader:
    """The demo person's view of the API."""

    person: DemoPerson
    http: httpx.AsyncClient

    async def get(self, path: str) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def all(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, over all its pages."""
        items: list[dict[str, Any]] = []
        page = await self.get(f"{path}?limit=100")
        items += page["items"]
        while page["next_cursor"] is not None:
            page = await self.get(f"{path}?limit=100&cursor={page['next_cursor']}")
            items += page["items"]
        return items


def reader_of(app: FastAPI, person: DemoPerson) -> Reader:
    return Reader(
        person,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=True),
            base_url="http://rebound.test",
            headers={"Authorization": f"Bearer {person.token}"},
        ),
    )


@pytest.fixture(scope="module", params=ENGINES)
def filled_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database for this module's tests that only read."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("demo") / "rebound.db"
        path.write_bytes(request.getfixturevalue("migrated_sqlite"))
        yield f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("migrated_postgres")
        name = f"t{uuid4().hex}"
        yield server.create_program_database(name, template=TEMPLATE)
        server.drop_database(name)


@pytest.fixture(scope="module")
async def demo(
    filled_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Reader]:
    """A demo person made at noon, to read only."""
    settings = Settings(
        _env_file=None,
        database_url=filled_database_url,
        admin_database_url=as_owner(filled_database_url),
        secret_key=SecretStr("a secret of the tests, long enough"),
        sqlite_synchronous="NORMAL",
        rate_limits="off",
        data_path=tmp_path_factory.mktemp("data"),
        log_level="error",
    )
    app = create_app(settings, SetClock(NOON))
    async with app.router.lifespan_context(app):
        reader = reader_of(app, await fill(app.state.database, ignore_progress))
        async with reader.http:
            yield reader


async def test_the_demo_person_is_named_as_sample_data_and_tracks_how_they_are(
    demo: Reader,
) -> None:
    me = await demo.get("/v1/me")

    assert me["id"] == str(demo.person.account_id)
    assert me["display_name"] == "Demo Person (sample data)"
    assert me["email"] == "demo@example.com"
    assert (me["time_zone"], me["country"], me["locale"]) == ("Europe/Berlin", "DE", "en")
    assert me["wellbeing_tracking"] is True


async def test_thirty_rejections_show_every_stage_decider_and_status(demo: Reader) -> None:
    rejections = await demo.all("/v1/rejections")

    assert len(rejections) == 30
    assert {one["stage"] for one in rejections} == set(RejectionStage)
    assert {one["decided_by"] for one in rejections} == set(DecidedBy)
    assert {one["status"] for one in rejections} == set(RejectionStatus)
    assert {reason["basis"] for one in rejections for reason in one["reasons"]} == {
        "stated",
        "inferred",
    }
    assert any(one["reapply_on"] for one in rejections)
    assert all("sample" in one["tags"] for one in rejections)


async def test_at_least_three_rejections_in_ten_came_by_silence(demo: Reader) -> None:
    rejections = await demo.all("/v1/rejections")
    silent = [one for one in rejections if one["channel"] == "silence"]

    assert len(silent) >= 0.3 * len(rejections)
    for one in silent:
        assert "no_response" in {reason["code"] for reason in one["reasons"]}
        assert one["stated_reason"] is None


async def test_everything_happened_within_four_months_and_nothing_in_the_future(
    demo: Reader,
) -> None:
    now, today = NOON, NOON.astimezone(BERLIN).date()
    rejections = await demo.all("/v1/rejections")
    check_ins = await demo.all("/v1/check-ins")
    instants = [
        datetime.fromisoformat(one[name])
        for path in ("/v1/rejections", "/v1/recovery-plans", "/v1/recovery-steps", "/v1/check-ins")
        for one in await demo.all(path)
        for name in ("created_at", "updated_at", "done_at", "checked_in_at")
        if one.get(name) is not None
    ]
    days = sorted(date.fromisoformat(one["rejected_on"]) for one in rejections)

    assert now - FOUR_MONTHS <= min(instants)
    assert max(instants) <= now
    assert today - FOUR_MONTHS <= days[0] < today - timedelta(days=100)
    assert days[-1] == today
    assert len(check_ins) == 60
    assert {one["mood"] for one in check_ins} == {1, 2, 3, 4, 5}


async def test_plans_and_steps_are_in_every_state_and_some_plans_are_paused_now(
    demo: Reader,
) -> None:
    plans = await demo.all("/v1/recovery-plans")
    steps = await demo.all("/v1/recovery-steps")
    paused = [
        plan
        for plan in plans
        if plan["status"] == "active"
        and plan["pause_until"] is not None
        and datetime.fromisoformat(plan["pause_until"]) > NOON
    ]

    assert {plan["status"] for plan in plans} == set(PlanStatus)
    assert {step["status"] for step in steps} == set(StepStatus)
    assert {step["done_by"] for step in steps} == {None, "person", "event"}
    assert {step["skip_reason"] for step in steps} == {
        None,
        "not_now",
        "not_relevant",
        "other",
        "rejection_closed",
    }
    assert {step["origin"] for step in steps} == {"template", "person", "engine"}
    assert len(paused) >= 2


async def test_a_spell_of_dwelling_led_to_one_step_forward_with_words_of_their_own(
    demo: Reader,
) -> None:
    page = await demo.get("/v1/recovery-steps?kind=refocus")
    [step] = page["items"]

    assert step["status"] == "done"
    assert step["cue"].startswith("If ")
    assert step["action"].startswith("then ")


async def test_no_two_texts_of_the_sample_data_are_equal(demo: Reader) -> None:
    rejections = await demo.all("/v1/rejections")
    plans = await demo.all("/v1/recovery-plans")
    steps = await demo.all("/v1/recovery-steps")
    check_ins = await demo.all("/v1/check-ins")
    words = ("company_name", "role_title", "stated_reason", "location", "job_url", "notes")
    texts = [one[name] for one in rejections for name in words]
    texts += [one["note"] for one in check_ins]
    texts += [plan["title"] for plan in plans if plan["template_key"] is None]
    texts += [step[name] for step in steps for name in ("cue", "action")]
    texts += [
        step[name] for step in steps if step["origin"] == "person" for name in ("title", "guidance")
    ]
    given = [text.casefold() for text in texts if text is not None]

    assert [text for text, number in Counter(given).items() if number > 1] == []
    assert len(given) > 150


async def test_the_latest_interview_has_a_rich_timeline(demo: Reader) -> None:
    page = await demo.get("/v1/rejections?stage=interview&limit=1")
    timeline = await demo.all(f"/v1/rejections/{page['items'][0]['id']}/timeline")

    assert len(timeline) >= 9
    assert {item["type"] for item in timeline} == {
        "rejection.applied",
        "rejection.interviewed",
        "rejection.rejected",
        "rejection.recorded",
        "recovery_plan.started",
        "recovery_step.completed",
        "check_in.recorded",
    }


async def test_next_actions_offer_a_closing_window_a_step_for_today_and_rest(
    demo: Reader,
) -> None:
    actions = await demo.get("/v1/next-actions")

    assert [item["reason"] for item in actions["items"]] == [
        "window_closing",
        "due_today",
        "part_of_pause",
    ]


@pytest.mark.parametrize("hour", ["just after midnight", "just before midnight"])
async def test_there_is_something_to_do_at_any_hour(
    app: FastAPI, database: Database, clock: SetClock, hour: str
) -> None:
    clock.instant = HOURS[hour]
    reader = reader_of(app, await fill(database, ignore_progress))
    async with reader.http:
        actions = await reader.get("/v1/next-actions")

    assert actions["on"] == "2026-03-11"
    assert [item["reason"] for item in actions["items"]] == [
        "window_closing",
        "due_today",
        "part_of_pause",
    ]


async def test_a_sample_organisation_may_change_rejections_and_plans_and_see_nothing_else(
    demo: Reader,
) -> None:
    organization = demo.person.organization
    [grant] = await demo.all("/v1/grants")
    given = (grant["organization_name"], grant["categories"], grant["access"], grant["status"])
    assert given == (
        "Sample Career Service (sample data)",
        ["rejections", "plans"],
        "write",
        "active",
    )
    assert grant["organization_id"] == str(organization.id)
    assert organization.key.startswith("rbk_test_")

    program = {"Authorization": f"Bearer {organization.key}"}
    acting = {**program, "Rebound-Account": str(demo.person.account_id)}
    readable = await demo.http.get("/v1/rejections?limit=1", headers=acting)
    step = (await demo.http.get("/v1/recovery-steps?limit=1", headers=acting)).json()["items"][0]
    assert (readable.status_code, len(readable.json()["items"])) == (200, 1)
    answer = await demo.http.patch(
        f"/v1/recovery-steps/{step['id']}",
        headers={**acting, "If-Match": "*"},
        json={"title": step["title"]},
    )
    assert answer.status_code == 200, answer.text
    for path, category in (("check-ins", "wellbeing"), ("feedback", "feedback"), ("me", "profile")):
        refusal = await demo.http.get(f"/v1/{path}", headers=acting)
        assert refusal.status_code == 403
        assert refusal.json()["consent"] == category


async def test_the_key_is_enough_for_all_that_a_platform_does(demo: Reader) -> None:
    organization = demo.person.organization
    path = f"/v1/organizations/{organization.id}"
    demo_key = {"Authorization": f"Bearer {organization.key}"}

    async def ask(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = await demo.http.request(method, path, headers=demo_key, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    assert (await ask("GET", path))["is_test"] is True
    [client] = (await ask("GET", f"{path}/clients"))["items"]
    assert client["account_id"] == str(demo.person.account_id)
    assert client["consent"]["writable"] == ["rejections", "plans"]
    [admin] = (await ask("GET", f"{path}/memberships"))["items"]
    assert (admin["name"], admin["role"]) == ("Sample Admin (sample data)", "admin")
    assert admin["account_id"] != client["account_id"]
    for more in (f"{path}/events", f"{path}/plan-templates", "/v1/webhook-endpoints"):
        assert (await ask("GET", more))["items"] == []
    guest = {"email": f"{uuid4().hex}@example.com", "kind": "client"}
    assert (await ask("POST", f"{path}/invitations", guest))["token"].startswith("rbi_")


async def test_each_use_case_is_told_and_the_token_lasts_as_long_as_the_settings_say(
    app: FastAPI, database: Database, clock: SetClock, settings: Settings
) -> None:
    told: list[tuple[int, int]] = []

    person = await fill(database, lambda done, total: told.append((done, total)))

    total = 2 + len(acts(NOON, BERLIN))
    assert told == [(done, total) for done in range(1, total + 1)]
    reader = reader_of(app, person)
    async with reader.http:
        clock.advance(timedelta(seconds=settings.access_token_seconds - 1))
        assert (await reader.http.get("/v1/me")).status_code == 200
        clock.advance(timedelta(seconds=2))
        assert (await reader.http.get("/v1/me")).status_code == 401


@pytest.mark.parametrize("changed_settings", [{"sign_up": "closed"}])
async def test_each_demo_person_is_a_new_one_even_where_sign_up_is_closed(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    emails, ids = [], []
    for _ in range(2):
        reader = reader_of(app, await fill(database, ignore_progress))
        async with reader.http:
            emails.append((await reader.get("/v1/me"))["email"])
            ids.append({one["id"] for one in await reader.all("/v1/rejections")})

    assert emails[0] == "demo@example.com"
    assert emails[1].startswith("demo-")
    assert emails[1].endswith("@example.com")
    assert [len(one) for one in ids] == [30, 30]
    # The contract's example is one record of each person's own; ids are unique per person.
    assert ids[0] & ids[1] == {str(example_id("rejection_id"))}
    assert not list(settings.data_folder.rglob("*.eml"))


@pytest.mark.parametrize("now", HOURS.values(), ids=HOURS)
def test_the_story_runs_forward_and_ends_now(now: datetime) -> None:
    story = acts(now, BERLIN)
    instants = [act.at for act in story]

    assert instants == sorted(instants)
    assert now - FOUR_MONTHS <= instants[0]
    assert instants[-1] <= now
    assert {act.kind for act in story} == set(USE_CASES)


def test_the_story_is_the_same_each_time_it_is_told() -> None:
    first, again = (
        [(act.at, act.kind, act.step, act.body) for act in acts(LEAP_DAY, BERLIN)] for _ in range(2)
    )

    assert first == again


async def test_the_examples_of_the_contract_exist(demo: Reader) -> None:
    for path, parameter in (
        ("/v1/rejections/{}", "rejection_id"),
        ("/v1/rejections/{}/timeline", "rejection_id"),
        ("/v1/recovery-plans/{}", "plan_id"),
        ("/v1/recovery-steps/{}", "step_id"),
        ("/v1/check-ins/{}", "check_in_id"),
        ("/v1/companies/{}", "company_id"),
        ("/v1/contacts/{}", "contact_id"),
        ("/v1/interactions/{}", "interaction_id"),
        ("/v1/networking-events/{}", "networking_event_id"),
        ("/v1/feedback-requests/{}", "feedback_request_id"),
        ("/v1/feedback/{}", "feedback_id"),
        ("/v1/reflections/{}", "reflection_id"),
        ("/v1/skill-gaps/{}", "skill_gap_id"),
        ("/v1/culture-fit-assessments/{}", "culture_fit_assessment_id"),
        ("/v1/lessons/{}", "lesson_id"),
        ("/v1/opportunities/{}", "opportunity_id"),
        ("/v1/opportunities/{}/stage-history", "opportunity_id"),
        ("/v1/goals/{}", "goal_id"),
        ("/v1/comments/{}", "comment_id"),
    ):
        assert await demo.get(path.format(example_id(parameter)))
