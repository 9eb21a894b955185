"""The story as the files tell it, set on days relative to today.

A month holds `rejections`, `plans` without a rejection, free `check_ins`, and the lists that
`BEGINNINGS` names. Each begins so many
`day`s ago at a local `time`; what happens in `then` follows `after` so many days. A whole number
under a name that ends in `_on` counts days from the beginning as well.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.kit.clock import local_day
from app.kit.ids import example_id

MONTHS = ("month_1.json", "month_2.json", "month_3.json", "month_4.json")
BEGINNINGS = {
    "rejections": "record",
    "plans": "start",
    "check_ins": "check_in",
    "companies": "company",
    "occasions": "occasion",
    "opportunities": "opportunity",
    "goals": "goal",
}
"""Which act each list of a month begins with."""

EXAMPLES = {
    "record": "rejection_id",
    "start": "plan_id",
    "add_step": "step_id",
    "check_in": "check_in_id",
    "company": "company_id",
    "contact": "contact_id",
    "interaction": "interaction_id",
    "occasion": "networking_event_id",
    "ask": "feedback_request_id",
    "feedback": "feedback_id",
    "reflection": "reflection_id",
    "gap": "skill_gap_id",
    "fit": "culture_fit_assessment_id",
    "lesson": "lesson_id",
    "opportunity": "opportunity_id",
    "goal": "goal_id",
    "comment": "comment_id",
}
"""The newest record of each kind has the id that the contract's examples name."""

WHEN = frozenset({"after", "time"})


@dataclass
class Thread:
    """What later acts need to know of earlier ones: the records by the names the files use."""

    rejection_id: UUID | None = None
    plan_id: UUID | None = None
    steps: dict[str, UUID] = field(default_factory=dict)
    records: dict[str, UUID] = field(default_factory=dict)
    """The latest record of each kind that was added."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing the person does, at an instant. `step` names the step that a change is about."""

    at: datetime
    kind: str
    body: dict[str, Any]
    thread: Thread
    step: str | None = None


def acts(now: datetime, zone: ZoneInfo) -> list[Act]:
    """Everything that happens, in the order of time; nothing lies after `now`."""
    found = sorted(
        (act for name in MONTHS for act in _month(name, now, zone)), key=lambda act: act.at
    )
    for kind, parameter in EXAMPLES.items():
        newest = max(place for place, act in enumerate(found) if act.kind == kind)
        body = {**found[newest].body, "id": str(example_id(parameter))}
        found[newest] = replace(found[newest], body=body)
    return found


def _month(name: str, now: datetime, zone: ZoneInfo) -> Iterator[Act]:
    month = json.loads(files("app.demo").joinpath(name).read_text("utf-8"))
    for part, kind in BEGINNINGS.items():
        for entry in month.get(part, ()):
            first_day = local_day(now, zone) - timedelta(days=entry["day"])
            beginning = {"after": 0, "time": entry["time"], kind: entry[kind]}
            thread = Thread()
            for told in (beginning, *entry.get("then", ())):
                at = _instant(first_day + timedelta(days=told["after"]), told["time"], zone)
                yield _act(told, min(at, now), first_day, thread)


def _act(told: dict[str, Any], at: datetime, first_day: date, thread: Thread) -> Act:
    what = {name: value for name, value in told.items() if name not in WHEN}
    step = what.pop("step", None)
    [(kind, body)] = what.items()
    return Act(at=at, kind=kind, body=_with_days(body, first_day), thread=thread, step=step)


def _with_days(body: dict[str, Any], first_day: date) -> dict[str, Any]:
    return {
        name: (first_day + timedelta(days=value)).isoformat() if name.endswith("_on") else value
        for name, value in body.items()
    }


def _instant(day: date, told: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(told), zone).astimezone(UTC)
