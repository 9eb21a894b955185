"""Facts for the tests of this room, and strategies that make many of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from app.domains.recovery.rules.candidates import Candidate, InPause
from app.domains.recovery.rules.facts import CheckInFacts, PlanFacts, StepFacts
from app.domains.recovery.terms import PlanStatus, SkipReason, StepKind, StepStatus
from app.kit.practices import Practice

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY = date(2026, 3, 10)
REJECTION = UUID(int=1)
PLAN = UUID(int=2)
BERLIN = ZoneInfo("Europe/Berlin")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")  # UTC+14, the first to see a day.
PAGO_PAGO = ZoneInfo("Pacific/Pago_Pago")  # UTC-11, among the last.

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",  # Clocks change in March and October.
        "America/New_York",  # On other Sundays than in Europe.
        "America/Santiago",  # At midnight, so that a day begins at 01:00.
        "Australia/Lord_Howe",  # By half an hour.
        "Pacific/Auckland",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    )
]

zones = st.sampled_from(ZONES)
days = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 1, 1))


def instants_between(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    """Instants in UTC; Hypothesis takes naive bounds and adds the zone itself."""
    return st.datetimes(
        first.replace(tzinfo=None), last.replace(tzinfo=None), timezones=st.just(UTC)
    )


instants = instants_between(datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


def step(number: int = 10, **changes: Any) -> StepFacts:
    values: dict[str, Any] = {
        "id": UUID(int=number),
        "revision": 1,
        "created_at": NOW,
        "plan_id": PLAN,
        "practice": Practice.NOT_DWELL,
        "kind": StepKind.CHECK_IN,
        "title": f"step {number}",
        "effort_minutes": 5,
        "position": number,
        "opens_on": None,
        "due_on": None,
        "status": StepStatus.PENDING,
        "done_by": None,
        "done_at": None,
        "evidence": None,
        "skip_reason": None,
        "skipped_from": None,
    }
    return StepFacts(**values | changes)


def plan(**changes: Any) -> PlanFacts:
    values: dict[str, Any] = {
        "id": PLAN,
        "rejection_id": REJECTION,
        "status": PlanStatus.ACTIVE,
        "pause_until": None,
        "completed_with_rejection": False,
    }
    return PlanFacts(**values | changes)


def check_in(
    number: int, at: datetime, mood: int = 3, *, dwelling: bool | None = None
) -> CheckInFacts:
    return CheckInFacts(
        id=UUID(int=number), rejection_id=REJECTION, checked_in_at=at, mood=mood, dwelling=dwelling
    )


def candidate(number: int = 10, **changes: Any) -> Candidate:
    values: dict[str, Any] = {
        "collection": "recovery_steps",
        "record_id": UUID(int=number),
        "revision": 1,
        "operation_id": "update_recovery_step",
        "title": f"candidate {number}",
        "effort_minutes": 5,
        "created_at": NOW,
        "practice": Practice.LEARN,
    }
    return Candidate(**values | changes)


statuses = st.sampled_from(StepStatus)


@st.composite
def step_lists(draw: st.DrawFn) -> list[StepFacts]:
    count = draw(st.integers(0, 8))
    made = []
    for number in range(count):
        status = draw(statuses)
        skipped = status is StepStatus.SKIPPED
        made.append(
            step(
                100 + number,
                kind=draw(
                    st.sampled_from([StepKind.CHECK_IN, StepKind.DECOMPRESS, StepKind.THANK])
                ),
                position=draw(st.integers(1, 30)),
                opens_on=draw(st.none() | st.dates(date(2026, 3, 5), date(2026, 3, 15))),
                status=status,
                skip_reason=SkipReason.NOT_NOW if skipped else None,
            )
        )
    return made


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    """Candidates with many ties; a rejection has one pause and one mute, as in the database."""
    rejections = [UUID(int=n) for n in range(1, 5)]
    near = st.none() | instants_between(NOW - timedelta(days=2), NOW + timedelta(days=3))
    pauses = {one: draw(near) for one in rejections}
    mutes = {one: draw(near) for one in rejections}
    made = []
    for number in range(draw(st.integers(0, 12))):
        rejection = draw(st.none() | st.sampled_from(rejections))
        made.append(
            candidate(
                1000 + number,
                rejection_id=rejection,
                pause_until=pauses.get(rejection) if rejection else None,
                muted_until=mutes.get(rejection) if rejection else None,
                in_pause=draw(st.sampled_from(InPause)),
                effort_minutes=draw(st.sampled_from([5, 10])),
                practice=draw(st.sampled_from([Practice.LEARN, Practice.THANK])),
                created_at=NOW - timedelta(days=draw(st.integers(0, 1))),
                due_on=draw(st.none() | st.dates(date(2026, 2, 25), date(2026, 3, 20))),
                window_closes_at=draw(near),
                event_at=draw(near),
            )
        )
    return made
