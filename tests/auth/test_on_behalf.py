"""Acting for a person who agreed to it, under what they agreed to and no longer."""

from sqlalchemy import select, update

from app.auth.models import AccessEntry, Grant
from app.auth.terms import ConsentAccess, ConsentCategory, GrantStatus, OrganizationRole
from app.db.base import table_of
from app.db.transaction import Database
from app.domains.coaching.terms import MembershipStatus
from tests.conftest import MakePerson, Person
from tests.domains.acting import code_of, expect
from tests.domains.organizing import (
    add_member,
    give_grant,
    make_key,
    make_organization,
    on_behalf,
)


async def test_a_coach_reads_what_the_person_agreed_to(
    person: Person, stranger: Person, database: Database
) -> None:
    rejection = await person.record_rejection()
    organization = await make_organization(database)
    await add_member(database, organization, stranger)
    path = f"/v1/rejections/{rejection['id']}"
    assert code_of(await stranger.http.get(path, headers=on_behalf(person)), 404) == "not-found"

    await give_grant(database, organization, person, ConsentCategory.REJECTIONS)
    read = expect(await stranger.http.get(path, headers=on_behalf(person)), 200)
    # The company is no record that they may know of.
    assert read == {**rejection, "company_id": None}
    assert code_of(await stranger.http.get(path), 404) == "not-found"
    lessons = await stranger.http.get("/v1/lessons", headers=on_behalf(person))
    assert code_of(lessons, 403) == "consent-missing"
    assert lessons.json()["consent"] == "reflections"
    change = await stranger.http.patch(
        path, json={"notes": "x"}, headers={**on_behalf(person), "If-Match": "*"}
    )
    assert code_of(change, 403) == "consent-missing"
    assert code_of(await stranger.http.get("/v1/sessions", headers=on_behalf(person)), 403) == (
        "owner-only"
    )

    async with database.read(everyone=True) as transaction:
        rows = (await transaction.execute(select(table_of(AccessEntry)))).all()
    (entry,) = rows
    assert (entry.owner_id, entry.actor_id) == (person.id, stranger.id)
    assert (entry.category, entry.access) == (ConsentCategory.REJECTIONS, ConsentAccess.READ)


async def test_a_refused_change_stands_in_the_access_log(
    person: Person, stranger: Person, database: Database
) -> None:
    """What the answer tells is told, whether or not the change is made."""
    rejection = await person.record_rejection()
    organization = await make_organization(database)
    await add_member(database, organization, stranger)
    await give_grant(database, organization, person, access=ConsentAccess.WRITE)
    path = f"/v1/rejections/{rejection['id']}"
    stale = {**on_behalf(person), "If-Match": '"1"'}
    refused = await stranger.http.patch(path, json={"notes": "Call them"}, headers=stale)
    assert code_of(refused, 412) == "precondition-failed"
    done = await stranger.http.patch(
        path, json={"notes": "Call them"}, headers={**on_behalf(person), "If-Match": "*"}
    )
    assert expect(done, 200)["notes"] == "Call them"
    async with database.read(everyone=True) as transaction:
        rows = (await transaction.execute(select(table_of(AccessEntry)))).all()
    assert [row.access for row in rows] == [ConsentAccess.WRITE] * 2


async def test_nothing_but_an_active_grant_to_an_active_coach_lets_anybody_in(
    person: Person, make_person: MakePerson, database: Database
) -> None:
    organization, other = await make_organization(database), await make_organization(database)
    coach, analyst, gone, outsider = [await make_person() for _ in range(4)]
    await add_member(database, organization, coach)
    await add_member(database, organization, analyst, OrganizationRole.ANALYST)
    await add_member(database, organization, gone, status=MembershipStatus.DEACTIVATED)
    await add_member(database, other, outsider)
    grant = await give_grant(database, organization, person)
    headers = on_behalf(person)
    for someone, answer in ((coach, 200), (analyst, 404), (gone, 404), (outsider, 404)):
        assert (await someone.http.get("/v1/rejections", headers=headers)).status_code == answer

    grants = table_of(Grant)
    for status in GrantStatus:
        async with database.write(everyone=True) as transaction:
            transaction.enter(person.id)
            await transaction.execute(
                update(grants).where(grants.c.id == grant).values(status=status)
            )
        found = (await coach.http.get("/v1/rejections", headers=headers)).status_code
        assert found == (200 if status is GrantStatus.ACTIVE else 404)


async def test_an_organisations_key_acts_for_who_agreed_to_it(
    person: Person, stranger: Person, database: Database
) -> None:
    organization = await make_organization(database)
    await give_grant(database, organization, person, ConsentCategory.PLANS)
    bearer = {"Authorization": f"Bearer {await make_key(database, organization)}"}
    plans = "/v1/recovery-plans"
    assert code_of(await person.http.get(plans, headers=bearer), 403) == "account-not-named"
    expect(await person.http.get(plans, headers={**bearer, **on_behalf(person)}), 200)
    absent = await person.http.get(plans, headers={**bearer, **on_behalf(stranger)})
    assert code_of(absent, 404) == "not-found"
