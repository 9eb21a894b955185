"""A person whose records are made at random over HTTP, at moments where days are hard to count."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, pages, patch, post

BEGINS_ON = date(2026, 2, 20)
"""From then on for ten months: clocks change in spring and autumn, in Europe and in America."""
DAYS = 300

STAGES = ("application", "screening", "assessment", "interview", "final_round", "offer")
SOURCES = ("referral", "job_board", "recruiter", "company_site", "event", "other", None)
CHANNELS = ("email", "phone", "video", "in_person", "portal", "silence", "silence", None)
REASONS = ("skills_gap", "experience_level", "culture_values", "no_response", "not_stated")
COMPETENCIES = ("teamwork", "writing", "numbers", "design", "listening")
PRACTICES = ("A3", "C1", "C2", "E2", None)
COMPANIES = ("Example GmbH", "Sample AG", "Beispiel KG")

Act = Callable[["Life"], Awaitable[None]]


class Life:
    """What there is so far, and what can happen next."""

    def __init__(self, person: Person, clock: SetClock, zone: ZoneInfo, seed: int) -> None:
        self.person, self.clock, self.zone = person, clock, zone
        self.random = Random(seed)  # noqa: S311 -- it invents test data, no secret
        self.made: dict[str, list[dict[str, Any]]] = {}

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(self.zone).date()

    async def live(self, acts: int) -> None:
        """Let so many things happen, one after the other."""
        for moment in sorted(self.moment() for _ in range(acts)):
            self.clock.instant = moment
            await self.random.choice(ACTS)(self)
        self.clock.instant = datetime.combine(
            BEGINS_ON + timedelta(days=DAYS), time(12), self.zone
        ).astimezone(UTC)

    def moment(self) -> datetime:
        """Some instant, mostly close to where one day becomes the next."""
        day = BEGINS_ON + timedelta(days=self.random.randrange(DAYS))
        if self.random.random() < 0.4:  # Where a week or a month begins.
            day = self.random.choice([day.replace(day=1), day - timedelta(days=day.weekday())])
        begins = datetime.combine(day, time(), self.zone).astimezone(UTC)
        seconds = self.random.choice([-3601, -1, 0, 1, 3600, self.random.randrange(86_400)])
        return begins + timedelta(seconds=seconds)

    def lately(self, days: int = 40) -> str:
        """A day that has been."""
        return (self.today - timedelta(days=self.random.randrange(days))).isoformat()

    def one_of(self, kind: str) -> str | None:
        """The id of some record, if there is one."""
        made = self.made.get(kind)
        return str(self.random.choice(made)["id"]) if made else None

    def maybe(self, value: Any) -> Any:
        return value if self.random.random() < 0.5 else None

    async def make(self, path: str, **fields: Any) -> None:
        given = {name: value for name, value in fields.items() if value is not None}
        record = await post(self.person, f"/v1/{path}", **given)
        self.made.setdefault(path, []).append(record)


async def add_opportunity(life: Life) -> None:
    await life.make(
        "opportunities",
        company_name=life.random.choice(COMPANIES),
        role_title="Data analyst",
        source=life.random.choice(SOURCES),
        status=life.random.choice(["saved", "applied", "interviewing", "offered", "accepted"]),
        applied_on=life.maybe(life.lately()),
    )


async def move_opportunity(life: Life) -> None:
    statuses = ["applied", "interviewing", "offered", "accepted", "withdrawn", "saved"]
    if opportunity_id := life.one_of("opportunities"):
        # Some moves are impossible, which is no matter here.
        status = life.random.choice(statuses)
        await patch(life.person, f"/v1/opportunities/{opportunity_id}", status=status)


async def record_rejection(life: Life) -> None:
    codes = life.random.sample(REASONS, life.random.randrange(3))
    bases = ("stated", "inferred")
    await life.make(
        "rejections",
        company_name=life.random.choice(COMPANIES),
        stage=life.random.choice(STAGES),
        decided_by=life.random.choice(["employer", "employer", "candidate", "none"]),
        channel=life.random.choice(CHANNELS),
        source=life.random.choice(SOURCES),
        reasons=[{"code": code, "basis": life.random.choice(bases)} for code in codes],
        tags=life.random.sample(["data", "dream job"], life.random.randrange(3)),
        applied_on=life.maybe(life.lately(90)),
        interviewed_on=life.maybe(life.lately()),
        rejected_on=life.maybe(life.lately()),
        opportunity_id=life.maybe(life.one_of("opportunities")),
        contact_id=life.maybe(life.maybe(life.one_of("contacts"))),
        start_plan=False,
    )


async def ask_for_feedback(life: Life) -> None:
    if rejection_id := life.one_of("rejections"):
        status = life.random.choice(["draft", "sent", "sent", "sent", "no_response", "declined"])
        sent = status != "draft"
        await life.make(
            "feedback-requests",
            rejection_id=rejection_id,
            channel="email",
            questions=["What would have made the difference?"],
            status=status,
            sent_on=life.maybe(life.lately(20)) if sent else None,
        )


async def receive_feedback(life: Life) -> None:
    if rejection_id := life.one_of("rejections"):
        points = [
            {
                "competency": life.random.choice(COMPETENCIES),
                "direction": life.random.choice(["strength", "improvement"]),
                "statement": "Noted.",
                "actionable": True,
            }
            for _ in range(life.random.randrange(4))
        ]
        asked = [one for one in life.made.get("feedback-requests", ()) if one["status"] == "sent"]
        request = life.random.choice(asked) if asked and life.random.random() < 0.7 else None
        await life.make(
            "feedback",
            rejection_id=request["rejection_id"] if request else rejection_id,
            request_id=request["id"] if request else None,
            source="reply",
            received_on=life.maybe(life.lately(10)),
            verbatim="You were well prepared.",
            points=points,
        )


async def check_in(life: Life) -> None:
    await life.make(
        "check-ins",
        rejection_id=life.maybe(life.one_of("rejections")),
        mood=life.random.randint(1, 5),
        energy=life.random.randint(1, 5),
        emotions=life.random.sample(["calm", "hopeful", "ashamed"], life.random.randrange(3)),
    )


async def capture_lesson(life: Life) -> None:
    status = life.random.choice(["open", "open", "applied", "retired"])
    await life.make(
        "lessons", text="Ask sooner.", practice=life.random.choice(PRACTICES), status=status
    )


async def use_lesson(life: Life) -> None:
    if lesson_id := life.one_of("lessons"):
        status = life.random.choice(["applied", "applied", "retired"])
        await patch(life.person, f"/v1/lessons/{lesson_id}", status=status)


async def note_gap(life: Life) -> None:
    rejections = life.made.get("rejections", ())
    named = life.random.sample(rejections, min(len(rejections), life.random.randrange(5)))
    await life.make(
        "skill-gaps",
        name=f"Skill {len(life.made.get('skill-gaps', ()))}",
        kind="skill",
        severity=life.random.choice(["low", "medium", "high"]),
        status=life.random.choice(["open", "open", "in_progress", "closed", "dismissed"]),
        rejection_ids=sorted(one["id"] for one in named),
    )


async def learn(life: Life) -> None:
    if skill_gap_id := life.one_of("skill-gaps"):
        status = life.random.choice(["in_progress", "closed", "closed", "open"])
        await patch(life.person, f"/v1/skill-gaps/{skill_gap_id}", status=status)


async def reflect(life: Life) -> None:
    await life.make(
        "reflections",
        kind="interview",
        rejection_id=life.maybe(life.one_of("rejections")),
        occurred_on=life.maybe(life.lately()),
        time_spent_minutes=life.maybe(life.random.randint(1, 60)),
    )


async def add_contact(life: Life) -> None:
    await life.make(
        "contacts",
        name="Ali Muster",
        company_name=life.maybe(life.random.choice(COMPANIES)),
        relationship=life.random.choice(["recruiter", "peer", "mentor"]),
        connection_status=life.random.choice(["none", "connected"]),
        cadence_days=life.maybe(life.random.choice([7, 30, 90])),
    )


async def be_in_touch(life: Life) -> None:
    if contact_id := life.one_of("contacts"):
        ago = timedelta(days=life.random.randrange(4), seconds=life.random.randrange(86_400))
        occurred_at = life.maybe((life.clock.now() - ago).isoformat())
        status = life.random.choice(["done", "done", "done", "planned"])
        await life.make(
            "interactions",
            contact_id=contact_id,
            kind=life.random.choice(["message", "call", "follow_up", "thank_you_note"]),
            direction=life.random.choice(["outgoing", "outgoing", "incoming"]),
            status=status,
            occurred_at=occurred_at if status == "done" else None,
        )


async def go_out(life: Life) -> None:
    began = (life.clock.now() - timedelta(hours=life.random.randrange(200))).isoformat()
    await life.make(
        "networking-events",
        name="Data meetup",
        kind="meetup",
        starts_at=life.maybe(began),
        status=life.random.choice(["interested", "attended", "attended"]),
    )


async def practise(life: Life) -> None:
    if (plan_id := life.one_of("recovery-plans")) is None or life.random.random() < 0.1:
        await life.make("recovery-plans", title="Mine")
        plan_id = life.one_of("recovery-plans")
    practice = life.random.choice(["E2", "E2", "C2"])
    fields = {"plan_id": plan_id, "title": "Aloud, once", "practice": practice}
    answer = await life.person.http.post("/v1/recovery-steps", json=fields)
    if answer.status_code == 201 and life.random.random() < 0.8:  # A plan may be full.
        await change(life.person, f"/v1/recovery-steps/{answer.json()['id']}", status="done")


async def follow_company(life: Life) -> None:
    found = await pages(life.person, "/v1/companies", limit=100)
    if found:
        path = f"/v1/companies/{life.random.choice(found)['id']}"
        await change(life.person, path, following=life.random.random() < 0.7)


ACTS: tuple[Act, ...] = (
    *(record_rejection, add_opportunity, move_opportunity, move_opportunity) * 2,
    *(ask_for_feedback, receive_feedback, check_in, be_in_touch, capture_lesson) * 2,
    *(use_lesson, note_gap, learn, reflect, add_contact, go_out, practise, follow_company),
)


async def set_goals(life: Life) -> None:
    """Goals for every metric and period: running, not begun yet, and over."""
    metrics = (
        "applications",
        "interviews",
        "contacts_added",
        "follow_ups_done",
        "feedback_requested",
        "lessons_captured",
        "lessons_applied",
        "practice_sessions",
    )
    for place, metric in enumerate(metrics):
        for period in ("week", "month", "once"):
            begins = life.today - timedelta(days=life.random.choice([-9, 0, 3, 20, 120, 250]))
            length = timedelta(days=life.random.choice([2, 30, 200]))
            await life.make(
                "goals",
                title=f"{metric} each {period}",
                metric=metric,
                target=life.random.choice([1, 3, 10]),
                period=period,
                starts_on=begins.isoformat(),
                ends_on=life.maybe((begins + length).isoformat()),
                status="dropped" if (place, period) == (0, "month") else "active",
            )
