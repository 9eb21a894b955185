"""Inviting a whole class, as JSON or as the file of a spreadsheet."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, func, select, update

from app.auth.models import ApiKey
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Membership
from app.domains.coaching.terms import MAX_INVITATIONS_AT_ONCE, MembershipStatus
from app.domains.jobs.models import Job, JobRow
from app.domains.jobs.service import run_next_job
from app.main import ROW_WORKS
from tests.conftest import MakePerson, Person
from tests.domains.acting import code_of, expect, get
from tests.domains.organizing import add_member, make_key, make_organization

CSV = {"Content-Type": "text/csv"}


@pytest.fixture
async def organization(database: Database, person: Person) -> UUID:
    """An organisation in which the person is a coach."""
    organization_id = await make_organization(database)
    await add_member(database, organization_id, person)
    return organization_id


def path(organization_id: UUID) -> str:
    return f"/v1/organizations/{organization_id}/invitation-batches"


def clients(*addresses: str) -> dict[str, Any]:
    return {"invitations": [{"email": one, "kind": "client"} for one in addresses]}


async def work(database: Database) -> None:
    """What the worker does."""
    while await run_next_job(database, ROW_WORKS):
        pass


async def sent(database: Database) -> list[Any]:
    """What the rows of the only job were made from, before they are done."""
    async with database.read(everyone=True) as transaction:
        rows = table_of(JobRow)
        found = await transaction.execute(select(rows.c.input).order_by(rows.c.position))
        return list(found.scalars())


async def jobs(database: Database) -> int:
    async with database.read(everyone=True) as transaction:
        found = await transaction.execute(select(func.count()).select_from(table_of(Job)))
        return int(found.scalar_one())


async def test_a_batch_is_a_job_with_a_result_for_each_row(
    person: Person, database: Database, organization: UUID
) -> None:
    answer = await person.http.post(
        path(organization),
        json=clients("sam@example.com", "kim@example.com", "sam@example.com"),
    )
    job = expect(answer, 202)
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert (job["kind"], job["status"], job["total"]) == ("invitation_batch", "queued", 3)
    assert await get(person, answer.headers["Location"]) == job

    await work(database)
    job = await get(person, answer.headers["Location"])
    assert (job["status"], job["succeeded"], job["failed"]) == ("completed", 2, 1)
    assert [(row["outcome"], row["code"]) for row in job["items"]] == [
        ("succeeded", None),
        ("succeeded", None),
        ("failed", "already-invited"),
    ]
    assert [row["record_id"] is None for row in job["items"]] == [False, False, True]
    assert "example.com" not in str(job)
    assert await sent(database) == [None, None, None]


@pytest.mark.parametrize(
    "table",
    [
        'email,external_id,cohort,name\nsam@example.com,s-1,"Spring, 2026",\nkim@example.com,,,Kim',
        (
            "\ufeffE-Mail;External ID;Cohort;Name\r\n"
            "sam@example.com;s-1;Spring, 2026;\r\nkim@example.com;;;Kim\r\n"
        ),
        (
            'EMAIL , external-id , cohort , name \r\n"sam@example.com", s-1 ,"Spring, 2026"\r\n'
            "\r\nkim@example.com,,,Kim,,\r\n"
        ),
    ],
    ids=["plain", "as spreadsheets in Europe write it", "untidy"],
)
async def test_a_table_says_the_same_as_json(
    person: Person, database: Database, organization: UUID, table: str
) -> None:
    for media_type in ("text/csv", "Text/CSV; charset=UTF-8"):
        answer = await person.http.post(
            path(organization), content=table.encode(), headers={"Content-Type": media_type}
        )
        expect(answer, 202)
    same = [
        {
            "email": "sam@example.com",
            "kind": "client",
            "external_id": "s-1",
            "cohort": "Spring, 2026",
        },
        {"email": "kim@example.com", "kind": "client", "name": "Kim"},
    ]
    assert await sent(database) == [same[0], same[0], same[1], same[1]]


@pytest.mark.parametrize(
    ("table", "findings"),
    [
        (
            f"email\nsam@example.com\n{'x' * 300}@example.com\n",
            [("/invitations/1/email", "rule")],
        ),
        ("cohort\nSpring\n", [("/invitations/0/email", "missing")]),
        (
            "email,favourite\nsam@example.com,blue\n",
            [("/invitations/0/favourite", "extra_forbidden")],
        ),
        ("email\nsam@example.com,more\n", [("/invitations/0/?", "extra_forbidden")]),
        ("email,kind\nsam@example.com,friend\n", [("/invitations/0/kind", "enum")]),
        ("email,cohort\n", [("/invitations", "too_short")]),
        (
            "email\n" + "sam@example.com\n" * (MAX_INVITATIONS_AT_ONCE + 1),
            [("/invitations", "too_long")],
        ),
    ],
)
async def test_what_is_wrong_with_a_table_is_told_by_its_rows(
    person: Person,
    database: Database,
    organization: UUID,
    table: str,
    findings: list[tuple[str, str]],
) -> None:
    answer = await person.http.post(path(organization), content=table.encode(), headers=CSV)
    errors = expect(answer, 422)["errors"]
    assert [(one["pointer"], one["code"]) for one in errors] == findings
    assert await jobs(database) == 0


async def test_what_is_neither_json_nor_a_table_is_refused(
    person: Person, organization: UUID
) -> None:
    async def post(content: bytes, media_type: str, to: str = path(organization)) -> httpx.Response:
        return await person.http.post(to, content=content, headers={"Content-Type": media_type})

    assert code_of(await post(b"email\n\xff", "text/csv"), 400) == "invalid-csv"
    assert code_of(await post(b"", "text/csv"), 400) == "invalid-csv"
    assert code_of(await post(b"email\n", "application/json"), 400) == "invalid-json"
    for media_type in ("text/plain", "text/csv; charset=latin-1", "application/csv"):
        refused = await post(b"email\nsam@example.com\n", media_type)
        assert code_of(refused, 415) == "unsupported-media-type"
    elsewhere = await post(b"company_name,stage\nX,offer\n", "text/csv", "/v1/rejections")
    assert code_of(elsewhere, 415) == "unsupported-media-type"
    too_large = b"email\n" + b"sam@example.com\n" * 70_000
    assert code_of(await post(too_large, "text/csv"), 413) == "too-large"


@pytest.mark.parametrize("role", OrganizationRole)
async def test_admins_and_coaches_may_invite(
    make_person: MakePerson, database: Database, role: OrganizationRole
) -> None:
    organization, member, stranger = (
        await make_organization(database),
        await make_person(),
        await make_person(),
    )
    await add_member(database, organization, member, role)
    answer = await member.http.post(path(organization), json=clients("sam@example.com"))
    if role is OrganizationRole.ANALYST:
        assert code_of(answer, 403) == "role-missing"
    else:
        expect(answer, 202)
    hidden = await stranger.http.post(path(organization), json=clients("sam@example.com"))
    assert code_of(hidden, 404) == "not-found"


async def _deactivate(database: Database) -> None:
    async with database.write(everyone=True) as transaction:
        await transaction.execute(
            update(table_of(Membership)), {"status": MembershipStatus.DEACTIVATED}
        )


async def _make_analyst(database: Database) -> None:
    async with database.write(everyone=True) as transaction:
        await transaction.execute(update(table_of(Membership)), {"role": OrganizationRole.ANALYST})


@pytest.mark.parametrize("end", [_deactivate, _make_analyst])
async def test_who_may_no_longer_invite_has_rows_that_fail(
    person: Person, database: Database, organization: UUID, client: httpx.AsyncClient, end: Any
) -> None:
    key = await make_key(database, organization)
    answer = await person.http.post(path(organization), json=clients("sam@example.com"))
    at = answer.headers["Location"]
    await end(database)
    await work(database)
    job = expect(await client.get(at, headers={"Authorization": f"Bearer {key}"}), 200)
    assert [(row["outcome"], row["code"]) for row in job["items"]] == [("failed", "access-ended")]


async def test_a_key_invites_as_long_as_it_is_there(
    person: Person, database: Database, organization: UUID, client: httpx.AsyncClient
) -> None:
    key = {"Authorization": f"Bearer {await make_key(database, organization)}"}
    results: list[tuple[str, str | None]] = []
    for address in ("sam@example.com", "kim@example.com"):
        answer = await client.post(path(organization), json=clients(address), headers=key)
        at = answer.headers["Location"]
        if results:
            async with database.write(everyone=True) as transaction:
                await transaction.execute(delete(table_of(ApiKey)))
        await work(database)
        (row,) = (await get(person, at))["items"]
        results.append((row["outcome"], row["code"]))
    assert results == [("succeeded", None), ("failed", "access-ended")]


async def test_a_batch_that_is_sent_again_with_its_key_is_the_same_job(
    person: Person, database: Database, organization: UUID
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    body = clients("sam@example.com")
    first = await person.http.post(path(organization), json=body, headers=headers)
    expect(first, 202)
    await work(database)
    again = await person.http.post(path(organization), json=body, headers=headers)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.json(), again.headers["Location"]) == (first.json(), first.headers["Location"])
    table = await person.http.post(
        path(organization),
        content=b"email,kind\nsam@example.com,client\n",
        headers={**headers, **CSV},
    )
    assert expect(table, 202) == first.json(), "it says the same"
    other = await person.http.post(
        path(organization), json=clients("kim@example.com"), headers=headers
    )
    assert code_of(other, 422) == "idempotency-key-reused"
    assert await jobs(database) == 1


class TestWithAWorkerInside:
    @pytest.fixture
    def changed_settings(self) -> dict[str, Any]:
        return {"worker": "inside"}

    async def test_a_batch_is_done_soon(self, person: Person, organization: UUID) -> None:
        answer = await person.http.post(
            path(organization), json=clients(*(f"{number}@example.com" for number in range(20)))
        )
        job: dict[str, Any] = {}
        async with asyncio.timeout(20):
            while job.get("status") != "completed":
                await asyncio.sleep(0.05)
                job = await get(person, answer.headers["Location"])
        assert job["succeeded"] == 20
