"""Recording a rejection over HTTP."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from app.kit.clock import SetClock
from tests.conftest import MakePerson, Person
from tests.domains.acting import change, code_of, delete, expect, finding_of, get, items, post

EVERYTHING: dict[str, Any] = {
    "company_name": "Größe & Söhne",
    "role_title": "Data engineer",
    "stage": "final_round",
    "decided_by": "none",
    "applied_on": "2026-01-05",
    "interviewed_on": "2026-02-20",
    "rejected_on": "2026-03-09",
    "channel": "video",
    "stated_reason": "We froze the role.\nIt was not about you.",
    "reasons": [
        {"code": "role_closed_or_frozen", "basis": "stated"},
        {"code": "compensation", "basis": "inferred"},
    ],
    "source": "referral",
    "job_url": "https://example.com/jobs/7?lang=de#top",
    "location": "Łódź",
    "work_mode": "hybrid",
    "notes": "They were kind.",
    "tags": ["dream job", "data"],
    "reapply_on": "2026-09-01",
}


async def test_two_fields_are_enough(person: Person) -> None:
    answer = await person.http.post(
        "/v1/rejections", json={"company_name": "Example GmbH", "stage": "screening"}
    )
    rejection = expect(answer, 201)
    assert answer.headers["Location"] == f"/v1/rejections/{rejection['id']}"
    assert answer.headers["ETag"] == f'"{rejection["revision"]}"'
    assert {name for name, value in rejection.items() if value is not None} == {
        *("id", "created_at", "updated_at", "revision"),
        *("company_name", "stage", "decided_by", "rejected_on", "reasons", "tags", "status"),
        "company_id",
    }
    assert rejection["decided_by"] == "employer"
    assert rejection["rejected_on"] == "2026-03-11"
    assert rejection["status"] == "open"
    assert rejection["reasons"] == rejection["tags"] == []
    assert await get(person, answer.headers["Location"]) == rejection


DAYS = [
    ("Pacific/Kiritimati", "2026-03-11T09:59:59", "2026-03-11"),
    ("Pacific/Kiritimati", "2026-03-11T10:00:00", "2026-03-12"),
    ("Pacific/Pago_Pago", "2026-03-11T10:59:59", "2026-03-10"),
    ("Pacific/Pago_Pago", "2026-03-11T11:00:00", "2026-03-11"),
    # Clocks went forward on 29 March: midnight in Berlin came at 22:00 UTC from then on.
    ("Europe/Berlin", "2026-03-28T22:30:00", "2026-03-28"),
    ("Europe/Berlin", "2026-03-29T22:30:00", "2026-03-30"),
]


async def test_today_is_the_day_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    for zone, at, today in DAYS:
        person = await make_person(time_zone=zone)
        clock.instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        assert (await person.record_rejection())["rejected_on"] == today, (zone, at)


async def test_everything_that_is_sent_comes_back(person: Person) -> None:
    rejection = await post(person, "/v1/rejections", **EVERYTHING)
    assert {name: rejection[name] for name in EVERYTHING} == EVERYTHING
    stored = await get(person, f"/v1/rejections/{rejection['id']}")
    assert stored == rejection
    assert await items(person, "/v1/rejections") == [stored]


async def test_a_no_can_come_a_day_ahead_of_the_profile_but_no_later(person: Person) -> None:
    assert (await person.record_rejection(rejected_on="2026-03-12"))["rejected_on"] == "2026-03-12"
    body = {"company_name": "Example GmbH", "stage": "offer", "rejected_on": "2026-03-13"}
    answer = await person.http.post("/v1/rejections", json=body)
    assert finding_of(answer) == ("/rejected_on", "in_the_future")
    recorded = await person.record_rejection()
    later = await person.http.patch(
        f"/v1/rejections/{recorded['id']}",
        json={"rejected_on": "2027-03-12"},
        headers={"If-Match": "*"},
    )
    assert finding_of(later) == ("/rejected_on", "in_the_future")
    assert len(await items(person, "/v1/rejections")) == 2


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"job_url": "ftp://example.com/job"}, "/job_url"),
    ({"job_url": "javascript:alert(1)"}, "/job_url"),
    ({"job_url": "https://example.com/two words"}, "/job_url"),
    ({"compnay_name": "Example GmbH"}, "/compnay_name"),
    ({"status": "closed"}, "/status"),
    ({"company_name": "  "}, "/company_name"),
    ({"company_name": "x" * 201}, "/company_name"),
    ({"stage": "hired"}, "/stage"),
    ({"decided_by": None}, "/decided_by"),
    ({"rejected_on": None}, "/rejected_on"),
    ({"rejected_on": "11.03.2026"}, "/rejected_on"),
    ({"start_plan": "no"}, "/start_plan"),
    ({"tags": ["same", "same"]}, "/tags"),
    ({"tags": [f"tag {number}" for number in range(21)]}, "/tags"),
    ({"reasons": [{"code": "other"}]}, "/reasons/0/basis"),
    ({"reasons": [{"code": "other", "basis": b} for b in ("stated", "inferred")]}, "/reasons"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        body = {"company_name": "Example GmbH", "stage": "interview", **fields}
        assert finding_of(await person.http.post("/v1/rejections", json=body))[0] == pointer
    assert await items(person, "/v1/rejections") == []
    assert await items(person, "/v1/recovery-plans") == []


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    body = {"id": str(uuid4()), **EVERYTHING}
    first = expect(await person.http.post("/v1/rejections", json=body), 201)
    assert first["id"] == body["id"]
    assert expect(await person.http.post("/v1/rejections", json=body), 200) == first
    assert len(await items(person, "/v1/recovery-plans")) == 1

    other = {**body, "company_name": "Other GmbH"}
    assert code_of(await person.http.post("/v1/rejections", json=other), 409) == "id-taken"
    await delete(person, f"/v1/rejections/{first['id']}")
    assert code_of(await person.http.post("/v1/rejections", json=body), 409) == "id-deleted"


async def test_two_people_may_choose_the_same_id(person: Person, stranger: Person) -> None:
    chosen = str(uuid4())
    mine = await person.record_rejection(id=chosen)
    theirs = await stranger.record_rejection(id=chosen, company_name="Theirs")
    await change(stranger, f"/v1/rejections/{chosen}", notes="changed")
    assert await get(person, f"/v1/rejections/{chosen}") == mine
    assert theirs["id"] == mine["id"]
