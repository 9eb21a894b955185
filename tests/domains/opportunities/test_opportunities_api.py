"""Adding, changing, listing and deleting opportunities over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.domains.opportunities.events import (
    OpportunityCreated,
    OpportunityDeleted,
    OpportunityUpdated,
)
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import RejectionStage
from app.kit.clock import SetClock
from app.kit.events import Event
from tests.conftest import MakePerson, Person
from tests.domains.acting import (
    change,
    code_of,
    delete,
    expect,
    finding_of,
    get,
    items,
    pages,
    patch,
    post,
)

PATH = "/v1/opportunities"
LEAST: dict[str, Any] = {"company_name": "Example GmbH", "role_title": "Data engineer"}
EVERYTHING: dict[str, Any] = {
    "company_name": "Größe & Söhne",
    "role_title": "Data engineer (m/w/d)",
    "source": "recruiter",
    "url": "https://example.com/jobs/7?lang=de#top",
    "status": "interviewing",
    "next_stage": "final_round",
    "next_event_at": "2026-03-20T09:00:00Z",
    "applied_on": "2026-02-02",
    "notes": "They were kind.\nAsk about the team.",
}
NULLABLE = (
    *("company_id", "source", "url", "next_stage", "next_event_at", "applied_on"),
    *("previous_opportunity_id", "notes"),
)
REQUIRED = ("company_name", "role_title", "status")


async def add(person: Person, **fields: Any) -> dict[str, Any]:
    return await post(person, PATH, **{**LEAST, **fields})


def path_of(opportunity: dict[str, Any]) -> str:
    return f"{PATH}/{opportunity['id']}"


async def test_company_and_role_are_enough(person: Person) -> None:
    answer = await person.http.post(PATH, json=LEAST)
    opportunity = expect(answer, 201)
    assert answer.headers["Location"] == path_of(opportunity)
    assert answer.headers["ETag"] == f'"{opportunity["revision"]}"'
    empty = {name for name, value in opportunity.items() if value is None}
    assert empty == set(NULLABLE) - {"company_id"}
    assert opportunity["status"] == "saved"
    assert await get(person, answer.headers["Location"]) == opportunity


async def test_everything_that_is_sent_comes_back(person: Person, stated: list[Event]) -> None:
    before = await add(person)
    opportunity = await add(person, **EVERYTHING, previous_opportunity_id=before["id"])
    sent = {**EVERYTHING, "previous_opportunity_id": before["id"]}
    assert {name: opportunity[name] for name in sent} == sent
    assert await get(person, path_of(opportunity)) == opportunity
    assert await items(person, PATH) == [opportunity, before]
    assert stated[-1] == OpportunityCreated(
        record_id=UUID(opportunity["id"]),
        company_id=UUID(opportunity["company_id"]),
        status=OpportunityStatus.INTERVIEWING,
        next_stage=RejectionStage.FINAL_ROUND,
        next_event_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
    )
    assert len(stated) == 2


async def test_the_name_of_a_company_finds_it_or_makes_it(person: Person, stranger: Person) -> None:
    first = await add(person, company_name="Größe GmbH")
    same = await add(person, company_name="GRÖSSE gmbh")
    other = await add(person, company_name="Other GmbH")
    theirs = await add(stranger, company_name="Größe GmbH")
    assert first["company_id"] == same["company_id"] != other["company_id"]
    assert same["company_name"] == "GRÖSSE gmbh"
    assert theirs["company_id"] != first["company_id"]
    company = await get(person, f"/v1/companies/{first['company_id']}")
    assert company["name"] == "Größe GmbH"


async def test_a_company_that_is_given_wins_over_its_name(person: Person) -> None:
    company = await post(person, "/v1/companies", name="Holding AG")
    by_id = await post(person, PATH, role_title="Analyst", company_id=company["id"])
    assert (by_id["company_id"], by_id["company_name"]) == (company["id"], "Holding AG")
    both = await add(person, company_id=company["id"], company_name="Holding, Vienna office")
    assert (both["company_id"], both["company_name"]) == (company["id"], "Holding, Vienna office")

    neither = await person.http.post(PATH, json={"role_title": "Analyst"})
    assert finding_of(neither) == ("/company_name", "missing")
    assert len(await items(person, PATH)) == 2


async def test_a_change_of_company_follows_the_same_rule(person: Person) -> None:
    holding = await post(person, "/v1/companies", name="Holding AG")
    opportunity = await add(person)
    path, first = path_of(opportunity), opportunity["company_id"]
    renamed = await change(person, path, company_name="EXAMPLE GmbH")
    assert (renamed["company_id"], renamed["company_name"]) == (first, "EXAMPLE GmbH")
    moved = await change(person, path, company_id=holding["id"])
    assert (moved["company_id"], moved["company_name"]) == (holding["id"], "Holding AG")
    detailed = await change(person, path, company_id=holding["id"], company_name="Holding, Graz")
    assert (detailed["company_id"], detailed["company_name"]) == (holding["id"], "Holding, Graz")
    detached = await change(person, path, company_id=None)
    assert (detached["company_id"], detached["company_name"]) == (None, "Holding, Graz")
    found = await change(person, path, company_name="Example GmbH")
    assert (found["company_id"], found["company_name"]) == (first, "Example GmbH")
    loose = await change(person, path, company_id=None, company_name="A name only")
    assert (loose["company_id"], loose["company_name"]) == (None, "A name only")


DAYS = [
    ("Pacific/Kiritimati", "2026-03-11T09:59:59", "2026-03-11"),
    ("Pacific/Kiritimati", "2026-03-11T10:00:00", "2026-03-12"),
    ("Pacific/Pago_Pago", "2026-03-11T10:59:59", "2026-03-10"),
]


async def test_applying_happens_today_where_the_person_lives(
    make_person: MakePerson, clock: SetClock
) -> None:
    for zone, at, today in DAYS:
        person = await make_person(time_zone=zone)
        clock.instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        assert (await add(person, status="applied"))["applied_on"] == today
        saved = await add(person)
        assert saved["applied_on"] is None
        assert (await change(person, path_of(saved), status="applied"))["applied_on"] == today


async def test_a_day_of_applying_that_is_known_is_kept(person: Person, clock: SetClock) -> None:
    told = await add(person, status="applied", applied_on="2026-02-01")
    assert told["applied_on"] == "2026-02-01"
    later = await add(person, status="interviewing")
    assert later["applied_on"] is None
    path = path_of(later)
    assert (await change(person, path, status="offered"))["applied_on"] is None
    unknown = await change(person, path, status="applied", applied_on=None)
    assert unknown["applied_on"] is None
    await change(person, path, status="saved")
    told = await change(person, path, status="applied", applied_on="2026-03-01")
    assert told["applied_on"] == "2026-03-01"
    await change(person, path, status="saved")
    clock.advance(timedelta(days=3))
    assert (await change(person, path, status="applied"))["applied_on"] == "2026-03-01"


async def test_null_clears_what_can_be_empty_and_nothing_else(
    person: Person, stated: list[Event]
) -> None:
    before = await add(person)
    opportunity = await add(person, **EVERYTHING, previous_opportunity_id=before["id"])
    path = path_of(opportunity)
    for name in REQUIRED:
        assert finding_of(await patch(person, path, **{name: None}))[0] == f"/{name}"
    assert await get(person, path) == opportunity
    stated.clear()
    cleared = await change(person, path, **dict.fromkeys(NULLABLE))
    assert {name for name, value in cleared.items() if value is None} == set(NULLABLE)
    assert {name: cleared[name] for name in REQUIRED} == {n: EVERYTHING[n] for n in REQUIRED}
    assert stated == [
        OpportunityUpdated(
            record_id=UUID(opportunity["id"]),
            company_id=None,
            status=OpportunityStatus.INTERVIEWING,
            next_stage=None,
            next_event_at=None,
            was={
                "company_id": UUID(opportunity["company_id"]),
                "status": OpportunityStatus.INTERVIEWING,
                "next_stage": RejectionStage(EVERYTHING["next_stage"]),
                "next_event_at": datetime.fromisoformat(EVERYTHING["next_event_at"]),
            },
        )
    ]


async def test_a_change_that_changes_nothing_is_no_change(
    person: Person, stated: list[Event]
) -> None:
    opportunity = await add(person, **EVERYTHING)
    stated.clear()
    headers = {"If-Match": '"1"'}
    same = await person.http.patch(path_of(opportunity), json=EVERYTHING, headers=headers)
    assert expect(same, 200) == opportunity
    other = await person.http.patch(path_of(opportunity), json={"notes": "x"}, headers=headers)
    assert code_of(other, 412) == "precondition-failed"
    assert stated == []


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"company_name": None}, "/company_name"),
    ({"company_name": " "}, "/company_name"),
    ({"company_name": "x" * 201}, "/company_name"),
    ({"role_title": None}, "/role_title"),
    ({"status": "ghosted"}, "/status"),
    ({"status": None}, "/status"),
    ({"applied_on": None}, "/applied_on"),
    ({"next_stage": "lunch"}, "/next_stage"),
    ({"next_event_at": "2026-03-20"}, "/next_event_at"),
    ({"url": "ftp://example.com/job"}, "/url"),
    ({"source": "dream"}, "/source"),
    ({"company_id": None}, "/company_id"),
    ({"company_id": "no id"}, "/company_id"),
    ({"company_id": str(uuid4())}, "/company_id"),
    ({"previous_opportunity_id": str(uuid4())}, "/previous_opportunity_id"),
    ({"rejection_id": str(uuid4())}, "/rejection_id"),
]


async def test_what_cannot_be_is_refused_and_leaves_nothing(person: Person) -> None:
    for fields, pointer in IMPOSSIBLE:
        assert finding_of(await person.http.post(PATH, json={**LEAST, **fields}))[0] == pointer
    assert await items(person, PATH) == []


async def test_a_reapplication_follows_one_that_was_there_and_never_itself(
    person: Person, stranger: Person
) -> None:
    first = await add(person)
    second = await add(person, previous_opportunity_id=first["id"])
    third = await add(person, previous_opportunity_id=second["id"])
    for later in (first, second, third):
        answer = await patch(person, path_of(first), previous_opportunity_id=later["id"])
        assert finding_of(answer) == ("/previous_opportunity_id", "circular")
    theirs = await add(stranger)
    for absent in (theirs["id"], str(uuid4())):
        answer = await patch(person, path_of(first), previous_opportunity_id=absent)
        assert finding_of(answer) == ("/previous_opportunity_id", "unknown")
    chosen = str(uuid4())
    itself = {**LEAST, "id": chosen, "previous_opportunity_id": chosen}
    answer = await person.http.post(PATH, json=itself)
    assert finding_of(answer) == ("/previous_opportunity_id", "unknown")
    moved = await change(person, path_of(third), previous_opportunity_id=first["id"])
    assert moved["previous_opportunity_id"] == first["id"]
    again = await change(person, path_of(second), previous_opportunity_id=third["id"])
    assert again["previous_opportunity_id"] == third["id"]


async def test_a_client_may_choose_the_id_and_send_it_again(person: Person) -> None:
    body = {"id": str(uuid4()), **LEAST, "status": "applied"}
    first = expect(await person.http.post(PATH, json=body), 201)
    assert first["id"] == body["id"]
    assert expect(await person.http.post(PATH, json=body), 200) == first
    assert len(await items(person, f"{path_of(first)}/stage-history")) == 1
    other = await person.http.post(PATH, json={**body, "role_title": "Another"})
    assert code_of(other, 409) == "id-taken"
    await delete(person, path_of(first))
    assert code_of(await person.http.post(PATH, json=body), 409) == "id-deleted"


async def test_deleting_detaches_what_followed(person: Person, stated: list[Event]) -> None:
    first = await add(person)
    second = await add(person, previous_opportunity_id=first["id"])
    rejection = await person.record_rejection(opportunity_id=first["id"])
    stated.clear()
    await delete(person, path_of(first))
    assert stated == [OpportunityDeleted(record_id=UUID(first["id"]))]
    assert (await person.http.get(path_of(first))).status_code == 404
    assert (await person.http.get(f"{path_of(first)}/stage-history")).status_code == 404
    assert (await get(person, path_of(second)))["previous_opportunity_id"] is None
    kept = await get(person, f"/v1/rejections/{rejection['id']}")
    assert kept["opportunity_id"] is None
    assert kept["revision"] > rejection["revision"]
    stated.clear()
    await delete(person, f"/v1/rejections/{rejection['id']}")
    assert stated == []


async def test_each_filter_finds_what_it_says(person: Person, clock: SetClock) -> None:
    fields: dict[str, dict[str, Any]] = {
        "a": {"company_name": "Straßen & 100% GmbH", "status": "applied"},
        "b": {"company_name": "Other AG", "status": "applied"},
        "c": {"company_name": "OTHER ag", "status": "offered"},
    }
    names, stored = {}, {}
    for name, values in fields.items():
        stored[name] = await add(person, **values)
        clock.advance(timedelta(minutes=1))
    stored["d"] = await add(person, previous_opportunity_id=stored["a"]["id"])
    names = {one["id"]: name for name, one in stored.items()}
    expected: list[tuple[dict[str, str], str]] = [
        ({}, "abcd"),
        ({"status": "applied"}, "ab"),
        ({"status": "rejected"}, ""),
        ({"company_id": stored["b"]["company_id"]}, "bc"),
        ({"company_id": stored["b"]["company_id"], "status": "offered"}, "c"),
        ({"company_name": "STRASSEN"}, "a"),
        ({"company_name": "other"}, "bc"),
        ({"company_name": "100%"}, "a"),
        ({"previous_opportunity_id": stored["a"]["id"]}, "d"),
        ({"previous_opportunity_id": stored["b"]["id"]}, ""),
    ]
    for params, wanted in expected:
        found = await items(person, PATH, **params)
        assert sorted(names[item["id"]] for item in found) == list(wanted), params
    await change(person, path_of(stored["a"]), notes="changed")
    clock.advance(timedelta(minutes=1))
    await change(person, path_of(stored["b"]), notes="changed")
    orders = {"created_at": "abcd", "-created_at": "dcba", "-updated_at": "bdac"}
    for sort, wanted in orders.items():
        found = await pages(person, PATH, sort=sort, limit=1)
        order = "".join(names[item["id"]] for item in found)
        if sort == "-updated_at":  # a and d were touched at the same instant.
            order = order[0] + "".join(sorted(order[1:3], reverse=True)) + order[3]
        assert order == wanted, sort
    default = await items(person, PATH)
    assert "".join(names[item["id"]] for item in default) == "dcba"
