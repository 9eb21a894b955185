"""Looking how far a job is: who sees it, and how its rows are paged."""

from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from app.auth.caller import Caller
from app.auth.scopes import Scope
from app.auth.terms import OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.models import Membership
from app.domains.coaching.terms import MembershipStatus
from app.domains.jobs.service import JobService, run_next_job
from app.domains.jobs.terms import JobKind
from app.kit.terms import Language
from tests.conftest import Person
from tests.domains.acting import code_of, expect, get
from tests.domains.jobs.recording import RECORDING, queue
from tests.domains.organizing import add_member, make_key, make_organization, on_behalf


async def queue_for_organization(database: Database, organization_id: UUID) -> str:
    caller = Caller(
        owner_id=organization_id,
        actor_id=uuid4(),
        session_id=None,
        signed_in_at=None,
        scopes=frozenset(),
        language=Language.EN,
        time_zone="UTC",
        country=None,
    )
    async with database.write() as transaction:
        transaction.enter(organization_id)
        job = await JobService(transaction, caller).queue(JobKind.INVITATION_BATCH, [{}])
    return f"/v1/jobs/{job['id']}"


async def test_a_job_is_hidden_from_others(
    person: Person, stranger: Person, database: Database
) -> None:
    path = f"/v1/jobs/{await queue(database, person.id, ['A'])}"
    assert (await person.http.get(path)).status_code == 200
    assert code_of(await stranger.http.get(path), 404) == "not-found"
    assert code_of(await person.http.get(f"/v1/jobs/{uuid4()}"), 404) == "not-found"


@pytest.mark.parametrize(
    ("role", "status", "sees"),
    [
        (OrganizationRole.ADMIN, MembershipStatus.ACTIVE, True),
        (OrganizationRole.COACH, MembershipStatus.ACTIVE, True),
        (OrganizationRole.ANALYST, MembershipStatus.ACTIVE, False),
        (OrganizationRole.COACH, MembershipStatus.DEACTIVATED, False),
    ],
)
async def test_an_organizations_job_is_seen_by_who_works_with_its_clients(
    person: Person,
    database: Database,
    role: OrganizationRole,
    status: MembershipStatus,
    sees: bool,
) -> None:
    organization, other = [await make_organization(database) for _ in range(2)]
    await add_member(database, organization, person, role, status)
    mine = await person.http.get(await queue_for_organization(database, organization))
    assert (mine.status_code == 200) is sees
    assert code_of(await person.http.get(await queue_for_organization(database, other)), 404)
    if not sees:
        assert code_of(mine, 404) == "not-found"


async def test_membership_is_asked_at_each_request(person: Person, database: Database) -> None:
    organization = await make_organization(database)
    await add_member(database, organization, person)
    path = await queue_for_organization(database, organization)
    assert (await person.http.get(path)).status_code == 200
    async with database.write() as transaction:
        transaction.enter(organization)
        await transaction.execute(
            update(table_of(Membership)), {"status": MembershipStatus.DEACTIVATED}
        )
    assert code_of(await person.http.get(path), 404) == "not-found"


async def test_a_key_sees_the_jobs_of_its_organization_only(
    person: Person, database: Database, client: httpx.AsyncClient
) -> None:
    organization, other = [await make_organization(database) for _ in range(2)]
    path = await queue_for_organization(database, organization)

    async def ask(key: str, **headers: str) -> httpx.Response:
        return await client.get(path, headers={"Authorization": f"Bearer {key}", **headers})

    assert (await ask(await make_key(database, organization, Scope.JOBS_READ))).status_code == 200
    assert code_of(await ask(await make_key(database, other)), 404) == "not-found"
    unfit = await ask(await make_key(database, organization, Scope.ORG_READ))
    assert code_of(unfit, 403) == "missing-scope"
    assert unfit.json()["required_scope"] == "jobs:read"
    assert code_of(await person.http.get(path, headers=on_behalf(person)), 404) == "not-found"


async def test_rows_come_in_pages_in_their_order(person: Person, database: Database) -> None:
    job_id = await queue(database, person.id, [str(number) for number in range(25)])
    other_id = await queue(database, person.id, ["A"])
    path = f"/v1/jobs/{job_id}"
    page = await get(person, path, limit=10)
    found = page["items"]
    while (cursor := page["next_cursor"]) is not None:
        page = await get(person, path, limit=10, cursor=cursor)
        found += page["items"]
    assert [row["position"] for row in found] == list(range(25))
    assert len(page["items"]) == 5
    assert len((await get(person, path))["items"]) == 20

    first = (await get(person, path, limit=10))["next_cursor"]
    foreign = await person.http.get(f"/v1/jobs/{other_id}", params={"cursor": first})
    assert code_of(foreign, 400) == "invalid-cursor"
    assert (await get(person, path, limit=25))["next_cursor"] is None


async def test_asking_again_costs_nothing_until_something_has_happened(
    person: Person, database: Database
) -> None:
    path = f"/v1/jobs/{await queue(database, person.id, ['A'])}"
    first = await person.http.get(path)
    expect(first, 200)
    again = {"If-None-Match": first.headers["ETag"]}
    assert (await person.http.get(path, headers=again)).status_code == 304
    await run_next_job(database, [RECORDING])
    assert expect(await person.http.get(path, headers=again), 200)["status"] == "completed"
