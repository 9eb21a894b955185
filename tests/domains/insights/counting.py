"""Every figure counted once more: from the API's own lists, day by day, without the program."""

from datetime import date, datetime, timedelta
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.conftest import Person
from tests.domains.acting import pages

Items = list[dict[str, Any]]

LISTS = (
    "rejections",
    "opportunities",
    "goals",
    "feedback-requests",
    "feedback",
    "lessons",
    "skill-gaps",
    "reflections",
    "contacts",
    "interactions",
    "companies",
    "networking-events",
    "recovery-steps",
    "check-ins",
)
FAMILIES = {
    "teamwork": "collaboration",
    "writing": "communication",
    "listening": "communication",
    "numbers": "thinking",
    "design": "craft",
}
STEPS = ("applied", "interviewing", "offered", "accepted")
ENOUGH = 5


class Book:
    """Everything a person has, as lists, and how to count it on some days."""

    def __init__(self, lists: dict[str, Items], words: dict[str, list[str]], zone: str) -> None:
        self.lists, self.words, self.zone = lists, words, zone

    @classmethod
    async def read(cls, person: Person, zone: str) -> "Book":
        lists = {name: await pages(person, f"/v1/{name}", limit=100) for name in LISTS}
        for one in lists["opportunities"]:
            path = f"/v1/opportunities/{one['id']}/stage-history"
            one["history"] = await pages(person, path, limit=100)
        vocabularies: httpx.Response = await person.http.get("/v1/vocabularies")
        words = {
            item["name"]: [term["code"] for term in item["terms"]]
            for item in vocabularies.json()["items"]
        }
        return cls(lists, words, zone)

    def day(self, moment: str | None) -> str | None:
        """The person's day of a day or an instant."""
        if moment is None or len(moment) == len("2026-03-01"):
            return moment
        instant = datetime.fromisoformat(moment)
        return instant.astimezone(ZoneInfo(self.zone)).date().isoformat()

    def on(self, days: list[str], name: str, field: str) -> Items:
        """The records of a list one of whose days is among these."""
        wanted = set(days)
        return [one for one in self.lists[name] if self.day(one[field]) in wanted]

    def counts(self, vocabulary: str, name: str, found: list[Any]) -> Items:
        return [{name: word, "count": found.count(word)} for word in self.words[vocabulary]]


def days_between(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def head(book: Book, days: list[str], sample: int) -> dict[str, Any]:
    return {
        "from": days[0],
        "to": days[-1],
        "time_zone": book.zone,
        "sample_size": sample,
        "conclusive": sample >= ENOUGH,
        "left_out": [],
    }


def share(part: int, whole: int) -> dict[str, Any]:
    percent = None if whole == 0 else int(100 * part / whole + 0.5)
    return {"count": part, "of": whole, "percent": percent, "conclusive": whole >= ENOUGH}


def months(days: list[str], found: list[str | None]) -> Items:
    """By the first seven letters of each day."""
    each = sorted({day[:7] for day in days})
    return [
        {"month": f"{month}-01", "count": sum((day or "")[:7] == month for day in found)}
        for month in each
    ]


def rejections(book: Book, days: list[str], **wanted: str) -> dict[str, Any]:
    found = [
        one
        for one in book.on(days, "rejections", "rejected_on")
        if all(one[name] == value for name, value in wanted.items() if name != "tag")
        and ("tag" not in wanted or wanted["tag"] in one["tags"])
    ]
    named = [reason for one in found for reason in one["reasons"]]
    return {
        **head(book, days, len(found)),
        "by_stage": book.counts("rejection_stage", "stage", [one["stage"] for one in found]),
        "by_reason": [
            {
                "reason": code,
                "stated": named.count({"code": code, "basis": "stated"}),
                "inferred": named.count({"code": code, "basis": "inferred"}),
            }
            for code in book.words["reason_code"]
        ],
        "by_source": book.counts("rejection_source", "source", [one["source"] for one in found]),
        "by_decider": book.counts("decided_by", "decided_by", [one["decided_by"] for one in found]),
        "by_month": months(days, [one["rejected_on"] for one in found]),
        "silence": share([one["channel"] for one in found].count("silence"), len(found)),
        "funnel": funnel(
            book, days, {n: wanted[n] for n in ("source", "company_id") if n in wanted}
        ),
    }


def funnel(book: Book, days: list[str], wanted: dict[str, str]) -> Items:
    reached_at = {
        **dict.fromkeys(("application", "screening", "assessment"), "applied"),
        **dict.fromkeys(("interview", "final_round"), "interviewing"),
        "offer": "offered",
    }
    applications = []
    for one in book.lists["opportunities"]:
        said = {change["to_status"] for change in one["history"]}
        for rejection in book.lists["rejections"]:
            if rejection["opportunity_id"] == one["id"]:
                said.add(reached_at[rejection["stage"]])
        day = applied_on(book, one)
        said |= {"applied"} if day else set()
        applications.append((one, day or book.day(one["created_at"]), said))
    for one in book.lists["rejections"]:
        if one["opportunity_id"] is None:
            day = one["applied_on"] or one["rejected_on"]
            applications.append((one, day, {reached_at[one["stage"]]}))
    chosen = [
        said
        for one, day, said in applications
        if day in days and all(one[name] == value for name, value in wanted.items())
    ]
    return [
        {"status": step, "count": sum(bool(said & set(STEPS[place:])) for said in chosen)}
        for place, step in enumerate(STEPS)
    ]


def applied_on(book: Book, opportunity: dict[str, Any]) -> str | None:
    """The first day anybody can tell."""
    if opportunity["applied_on"] is not None:
        return str(opportunity["applied_on"])
    told = [
        one["applied_on"]
        for one in book.lists["rejections"]
        if one["opportunity_id"] == opportunity["id"] and one["applied_on"] is not None
    ]
    return min(told, default=None)


def feedback(book: Book, days: list[str], **wanted: str) -> dict[str, Any]:
    received = book.on(days, "feedback", "received_on")
    sent = book.on(days, "feedback-requests", "sent_on")
    over = [one for one in sent if one["status"] != "sent"]
    ever_asked = {
        one["rejection_id"] for one in book.lists["feedback-requests"] if one["sent_on"] is not None
    }
    somebody = [
        one
        for one in book.on(days, "rejections", "rejected_on")
        if one["contact_id"]
        or (
            one["stage"] != "application"
            and one["channel"] in ("email", "phone", "video", "in_person")
        )
    ]
    waits = []
    for one in sent:
        came = [f["received_on"] for f in book.lists["feedback"] if f["request_id"] == one["id"]]
        if came:
            wait = date.fromisoformat(min(came)) - date.fromisoformat(one["sent_on"])
            waits.append(max(wait.days, 0))
    points = [
        (point["competency"], point["direction"], one["rejection_id"])
        for one in received
        for point in one["points"]
        if all(point[name] == value for name, value in wanted.items())
    ]
    order = book.words["competency"]
    themes = []
    for competency, direction in sorted({point[:2] for point in points}):
        about = [p[2] for p in points if p[:2] == (competency, direction)]
        theme = {"competency": competency, "family": FAMILIES[competency], "direction": direction}
        themes.append({**theme, "count": len(about), "rejections": len(set(about))})
    themes.sort(key=lambda one: (-one["count"], order.index(one["competency"]), one["direction"]))
    repeating = [
        {name: one[name] for name in ("competency", "family", "rejections")}
        for one in themes
        if one["direction"] == "improvement" and one["rejections"] > 1
    ]
    families = [(FAMILIES[point[0]], point[1]) for point in points]
    return {
        **head(book, days, len(received)),
        "requests_sent": len(sent),
        "asked": share(sum(one["id"] in ever_asked for one in somebody), len(somebody)),
        "answered": share(sum(one["status"] == "received" for one in over), len(over)),
        "median_days_to_answer": median(waits) if waits else None,
        "themes": themes,
        "by_family": [
            {
                "family": family,
                "strengths": families.count((family, "strength")),
                "improvements": families.count((family, "improvement")),
            }
            for family in book.words["competency_family"]
        ],
        "repeating": sorted(repeating, key=lambda one: -one["rejections"]),
    }


def wellbeing(book: Book, days: list[str], **wanted: str) -> dict[str, Any]:
    found = [
        one
        for one in book.on(days, "check-ins", "checked_in_at")
        if all(one[name] == value for name, value in wanted.items())
    ]
    weeks: dict[str, Items] = {}
    for text in days:
        day = date.fromisoformat(text)
        while day.isoweekday() != 1:
            day -= timedelta(days=1)
        of_day = [one for one in found if book.day(one["checked_in_at"]) == text]
        weeks.setdefault(day.isoformat(), []).extend(of_day)
    return {
        **head(book, days, len(found)),
        "by_week": [
            {
                "week": monday,
                "count": len(those),
                "mood": round(mean(one["mood"] for one in those), 1) if those else None,
                "energy": round(mean(one["energy"] for one in those), 1) if those else None,
            }
            for monday, those in weeks.items()
        ],
        "emotions": book.counts(
            "emotion", "emotion", [word for one in found for word in one["emotions"]]
        ),
    }


def learning(book: Book, days: list[str]) -> dict[str, Any]:
    captured = book.on(days, "lessons", "created_at")
    gaps = book.on(days, "skill-gaps", "created_at")
    reflections = book.on(days, "reflections", "occurred_on")
    of_days = {one["id"] for one in book.on(days, "rejections", "rejected_on")}
    repeating = [
        {
            "skill_gap_id": one["id"],
            "name": one["name"],
            "status": one["status"],
            "rejections": len(of_days & set(one["rejection_ids"])),
        }
        for one in sorted(book.lists["skill-gaps"], key=lambda gap: gap["id"])
        if len(of_days & set(one["rejection_ids"])) > 1
    ]
    return {
        **head(book, days, len(captured) + len(gaps) + len(reflections)),
        "lessons_captured": len(captured),
        "lessons_applied": len(book.on(days, "lessons", "applied_on")),
        "lessons_retired": [one["status"] for one in captured].count("retired"),
        "lessons_by_practice": book.counts(
            "practice", "practice", [one["practice"] for one in captured]
        ),
        "gaps_by_status": book.counts(
            "skill_gap_status", "status", [one["status"] for one in gaps]
        ),
        "gaps_closed": len(book.on(days, "skill-gaps", "closed_on")),
        "repeating_gaps": sorted(repeating, key=lambda one: -one["rejections"])[:20],
        "reflections": len(reflections),
        "minutes_reflected": sum(one["time_spent_minutes"] or 0 for one in reflections),
    }


def network(book: Book, days: list[str], today: date) -> dict[str, Any]:
    contacts = book.lists["contacts"]
    added = book.on(days, "contacts", "created_at")
    done = [one for one in book.on(days, "interactions", "occurred_at") if one["status"] == "done"]
    kept, missed = follow_ups(book, days, today)
    return {
        **head(book, days, len(added) + len(done)),
        "contacts_in_all": len(contacts),
        "contacts_added": len(added),
        "added_by_month": months(days, [book.day(one["created_at"]) for one in added]),
        "by_relationship": book.counts(
            "contact_relationship", "relationship", [one["relationship"] for one in contacts]
        ),
        "connected": [one["connection_status"] for one in contacts].count("connected"),
        "interactions_by_kind": book.counts(
            "interaction_kind", "kind", [one["kind"] for one in done]
        ),
        "follow_ups_kept": share(kept, kept + missed),
        "companies_followed": [one["following"] for one in book.lists["companies"]].count(True),
        "events_attended": attended(book, days),
    }


def follow_ups(book: Book, days: list[str], today: date) -> tuple[int, int]:
    """Walk through the life of each contact, day by day, with the clock of its cadence."""
    kept = missed = 0
    for contact in book.lists["contacts"]:
        if contact["cadence_days"] is None:
            continue
        in_touch = {
            book.day(one["occurred_at"])
            for one in book.lists["interactions"]
            if one["contact_id"] == contact["id"] and one["status"] == "done"
        }
        day = date.fromisoformat(book.day(contact["created_at"]) or "")
        left = contact["cadence_days"]
        while day < today + timedelta(days=2):  # A device may run ahead of its person.
            day += timedelta(days=1)
            left -= 1
            if day.isoformat() in in_touch:
                kept += left >= 0 and day.isoformat() in days
                left = contact["cadence_days"]
            elif left == 0 and day < today:
                missed += day.isoformat() in days
    return kept, missed


def attended(book: Book, days: list[str]) -> int:
    return sum(
        one["status"] == "attended" and book.day(one["starts_at"] or one["created_at"]) in days
        for one in book.lists["networking-events"]
    )


def moments(book: Book, metric: str) -> list[str | None]:
    """The days on which something happened that a metric counts."""
    lists = book.lists
    steps = [one for one in lists["recovery-steps"] if one["status"] == "done"]
    if metric == "applications":
        apart = [one for one in lists["rejections"] if one["opportunity_id"] is None]
        return [
            *(applied_on(book, one) for one in lists["opportunities"]),
            *(one["applied_on"] for one in apart),
        ]
    if metric == "interviews":
        first: dict[str, str] = {}
        for one in lists["opportunities"]:
            at = [c["changed_at"] for c in one["history"] if c["to_status"] == "interviewing"]
            if at:
                first[one["id"]] = min(at)
        others = [one for one in lists["rejections"] if one["opportunity_id"] not in first]
        return [*first.values(), *(one["interviewed_on"] for one in others)]
    sources = {
        "contacts_added": (lists["contacts"], "created_at"),
        "follow_ups_done": (
            [
                one
                for one in lists["interactions"]
                if one["status"] == "done" and one["direction"] == "outgoing"
            ],
            "occurred_at",
        ),
        "feedback_requested": (lists["feedback-requests"], "sent_on"),
        "lessons_captured": (lists["lessons"], "created_at"),
        "lessons_applied": (lists["lessons"], "applied_on"),
        "practice_sessions": ([one for one in steps if one["practice"] == "E2"], "done_at"),
    }
    found, field = sources[metric]
    return [one[field] for one in found]


def overview(book: Book, days: list[str], today: date) -> dict[str, Any]:
    metrics = book.words["goal_metric"]
    done = {metric: [book.day(at) for at in moments(book, metric)] for metric in metrics}
    steps = [one for one in book.on(days, "recovery-steps", "done_at") if one["status"] == "done"]
    counts = {
        "rejections": len(book.on(days, "rejections", "rejected_on")),
        "feedback_received": len(book.on(days, "feedback", "received_on")),
        "reflections": len(book.on(days, "reflections", "occurred_on")),
        "events_attended": attended(book, days),
        "steps_done": len(steps),
    }
    activity = {metric: sum(day in days for day in done[metric] if day) for metric in metrics}
    active = [one for one in book.lists["goals"] if one["status"] == "active"]
    return {
        **head(book, days, sum(counts.values()) + sum(activity.values())),
        **counts,
        "activity": [{"metric": metric, "count": n} for metric, n in activity.items()],
        "goals": [
            progress(one, done[one["metric"]], today)
            for one in sorted(active, key=lambda goal: (goal["starts_on"], goal["id"]))
        ],
    }


def progress(goal: dict[str, Any], done: list[str | None], today: date) -> dict[str, Any]:
    """Look for the one week or month of a goal that is its current one, among all its days."""
    starts_on = date.fromisoformat(goal["starts_on"])
    ends_on = date.fromisoformat(goal["ends_on"]) if goal["ends_on"] else None
    last: str | None
    if goal["period"] == "once":
        last = goal["ends_on"]
        window = days_between(starts_on, ends_on or today)
    else:
        own_days = days_between(starts_on, ends_on or max(today, starts_on) + timedelta(days=40))
        spot = min(max(today.isoformat(), own_days[0]), own_days[-1])
        window = [day for day in own_days if _bout(goal, day) == _bout(goal, spot)]
        last = window[-1]
    count = sum(day in window for day in done if day)
    return {
        "goal_id": goal["id"],
        "title": goal["title"],
        "metric": goal["metric"],
        "target": goal["target"],
        "done": count,
        "from": goal["starts_on"] if goal["period"] == "once" else window[0],
        "to": last,
        "achieved": count >= goal["target"],
    }


def _bout(goal: dict[str, Any], day: str) -> Any:
    """The week or the month of a day, by its number in the calendar."""
    return date.fromisoformat(day).isocalendar()[:2] if goal["period"] == "week" else day[:7]
