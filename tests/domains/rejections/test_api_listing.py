"""Finding rejections over HTTP: filters, orders and pages."""

from datetime import timedelta
from typing import Any

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, code_of, expect, get, items, pages

SAMPLES: dict[str, dict[str, Any]] = {
    "a": {
        "company_name": "Straßenbau 100% AG",
        "stage": "application",
        "rejected_on": "2026-01-10",
        "tags": ["remote", 'say "hi"'],
        "reasons": [{"code": "no_response", "basis": "inferred"}],
    },
    "b": {
        "company_name": "ÜBERMUT under_score",
        "stage": "interview",
        "rejected_on": "2026-02-01",
        "decided_by": "candidate",
        "tags": ["remote"],
        "reasons": [
            {"code": "culture_values", "basis": "inferred"},
            {"code": "other", "basis": "stated"},
        ],
    },
    "c": {
        "company_name": "Example GmbH",
        "stage": "interview",
        "rejected_on": "2026-02-01",
        "tags": ["Remote", "inferred"],
    },
    "d": {
        "company_name": "Übermut 1000 GmbH",
        "stage": "offer",
        "rejected_on": "2026-03-05",
        "decided_by": "none",
        "reasons": [{"code": "other", "basis": "inferred"}],
    },
}


async def record_samples(person: Person, clock: SetClock) -> dict[str, str]:
    """Record the samples a minute apart and close one; from their ids to their names."""
    names = {}
    for name, fields in SAMPLES.items():
        clock.advance(timedelta(minutes=1))
        names[(await person.record_rejection(**fields, start_plan=False))["id"]] = name
    clock.advance(timedelta(minutes=1))
    first = next(iter(names))
    await change(person, f"/v1/rejections/{first}", status="closed")
    return names


async def test_each_filter_finds_what_it_says(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    names = await record_samples(person, clock)
    await stranger.record_rejection(company_name="Example GmbH", tags=["remote"])
    expected: list[tuple[dict[str, str], str]] = [
        ({}, "abcd"),
        ({"stage": "interview"}, "bc"),
        ({"stage": "assessment"}, ""),
        ({"status": "closed"}, "a"),
        ({"status": "open"}, "bcd"),
        ({"decided_by": "employer"}, "ac"),
        ({"decided_by": "none"}, "d"),
        ({"reason": "other"}, "bd"),
        ({"reason": "no_response"}, "a"),
        ({"reason": "skills_gap"}, ""),
        ({"tag": "remote"}, "ab"),
        ({"tag": "Remote"}, "c"),
        ({"tag": 'say "hi"'}, "a"),
        ({"tag": "inferred"}, "c"),
        ({"company_name": "übermut"}, "bd"),
        ({"company_name": "STRASSEN"}, "a"),
        ({"company_name": "100%"}, "a"),
        ({"company_name": "r_s"}, "b"),
        ({"company_name": "gmbh"}, "cd"),
        ({"company_name": "\\"}, ""),
        ({"rejected_on_after": "2026-02-01"}, "bcd"),
        ({"rejected_on_after": "2026-02-02"}, "d"),
        ({"rejected_on_before": "2026-02-01"}, "abc"),
        ({"rejected_on_before": "2026-01-31"}, "a"),
        ({"rejected_on_after": "2026-02-01", "rejected_on_before": "2026-02-01"}, "bc"),
        ({"stage": "interview", "decided_by": "candidate"}, "b"),
        ({"reason": "other", "company_name": "gmbh"}, "d"),
        ({"tag": "remote", "status": "open", "rejected_on_after": "2026-01-01"}, "b"),
        ({"tag": "remote", "stage": "offer"}, ""),
    ]
    for params, wanted in expected:
        found = await items(person, "/v1/rejections", **params)
        assert sorted(names[item["id"]] for item in found) == list(wanted), params


async def test_each_order_is_kept_and_ties_go_by_id(person: Person, clock: SetClock) -> None:
    names = await record_samples(person, clock)
    tied = "".join(sorted("bc", key={name: id_ for id_, name in names.items()}.__getitem__))
    expected = {
        "rejected_on": f"a{tied}d",
        "-rejected_on": f"d{tied[::-1]}a",
        "created_at": "abcd",
        "-created_at": "dcba",
        "updated_at": "bcda",
        "-updated_at": "adcb",
    }
    for sort, wanted in expected.items():
        found = await items(person, "/v1/rejections", sort=sort)
        assert "".join(names[item["id"]] for item in found) == wanted, sort
    default = await items(person, "/v1/rejections")
    assert "".join(names[item["id"]] for item in default) == expected["-rejected_on"]


async def test_pages_lose_and_repeat_nothing(person: Person, clock: SetClock) -> None:
    await record_samples(person, clock)
    for sort in ("rejected_on", "-rejected_on", "created_at", "-updated_at"):
        params = {"sort": sort, "rejected_on_before": "2026-03-01"}
        whole = await items(person, "/v1/rejections", **params)
        assert len(whole) == 3
        assert await pages(person, "/v1/rejections", limit=1, **params) == whole, sort
        assert await pages(person, "/v1/rejections", limit=2, **params) == whole, sort


async def test_a_cursor_is_good_for_its_own_list_only(
    person: Person, stranger: Person, clock: SetClock
) -> None:
    await record_samples(person, clock)
    page = await get(person, "/v1/rejections", limit=1, tag="remote")
    cursor = page["next_cursor"]
    for other in ({}, {"tag": "Remote"}, {"tag": "remote", "sort": "rejected_on"}):
        answer = await person.http.get("/v1/rejections", params={**other, "cursor": cursor})
        assert code_of(answer, 400) == "invalid-cursor"
    theirs = await stranger.http.get("/v1/rejections", params={"tag": "remote", "cursor": cursor})
    assert code_of(theirs, 400) == "invalid-cursor"
    more = await get(person, "/v1/rejections", tag="remote", cursor=cursor, limit=5)
    assert len(more["items"]) == 1


async def test_a_parameter_that_means_nothing_is_refused(person: Person) -> None:
    for params, pointer in (
        ({"colour": "blue"}, "query.colour"),
        ({"sort": "company_name"}, "query.sort"),
        ({"stage": "hired"}, "query.stage"),
        ({"rejected_on_after": "yesterday"}, "query.rejected_on_after"),
        ({"limit": "0"}, "query.limit"),
        ({"limit": "101"}, "query.limit"),
    ):
        answer = await person.http.get("/v1/rejections", params=params)
        found = {finding["pointer"] for finding in expect(answer, 422)["errors"]}
        assert found == {pointer}
    assert expect(await person.http.get("/v1/rejections?limit=100"), 200)["items"] == []
