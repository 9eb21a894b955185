"""Go on: E3 the network grows, from an occasion in the calendar to people one knows."""

from datetime import timedelta

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, get, items, post


async def test_e3_an_evening_among_strangers_becomes_people_one_knows(
    person: Person, clock: SetClock
) -> None:
    # A plan suggested meeting someone new. He finds a meetup, and registers.
    meetup = await post(
        person,
        "/v1/networking-events",
        name="Data meetup",
        kind="meetup",
        url="https://example.com/meetup",
        starts_at="2026-03-18T18:00:00Z",
    )
    path = f"/v1/networking-events/{meetup['id']}"
    await change(person, path, status="registered")
    (ahead,) = await items(
        person, "/v1/networking-events", status="registered", starts_after="2026-03-11T12:00:00Z"
    )
    assert ahead["id"] == meetup["id"]

    # He goes there and speaks with two people; one of them works where he would like to.
    clock.advance(timedelta(days=8))
    ali = await post(
        person,
        "/v1/contacts",
        name="Ali Muster",
        company_name="Beispiel AG",
        relationship="peer",
        met_on="2026-03-18",
        how_met="At the data meetup.",
        cadence_days=60,
    )
    eva = await post(person, "/v1/contacts", name="Eva Exempel", relationship="recruiter")
    attended = await change(person, path, status="attended", contact_ids=[eva["id"], ali["id"]])
    assert attended["contact_ids"] == sorted([ali["id"], eva["id"]])
    assert [
        one["id"]
        for one in await items(
            person, "/v1/networking-events", contact_id=ali["id"], status="attended"
        )
    ] == [meetup["id"]]

    # The company came with the contact, and whom he knows there can be looked up.
    (company,) = await items(person, "/v1/companies", name="beispiel")
    known = await items(person, "/v1/contacts", company_id=company["id"])
    assert [one["name"] for one in known] == ["Ali Muster"]

    # Ali agrees to a talk over coffee: an occasion of its own, and an interaction once it was.
    coffee = await post(
        person,
        "/v1/networking-events",
        name="Coffee with Ali",
        kind="informational_interview",
        contact_ids=[ali["id"]],
    )
    talk = await post(
        person, "/v1/interactions", contact_id=ali["id"], kind="meeting", status="planned"
    )
    clock.advance(timedelta(days=5))
    await change(person, f"/v1/networking-events/{coffee['id']}", status="attended")
    await change(person, f"/v1/interactions/{talk['id']}", status="done")
    after = await get(person, f"/v1/contacts/{ali['id']}")
    assert after["last_interaction_at"] == "2026-03-24T12:00:00Z"
    assert after["next_follow_up_on"] == "2026-05-23"
    assert len(await items(person, "/v1/networking-events", contact_id=ali["id"])) == 2

    # On Sunday he looks at what has come of it: two people more than before, and one kept.
    grown = await get(person, "/v1/insights/network", **{"from": "2026-03-01"})
    assert grown["added_by_month"] == [{"month": "2026-03-01", "count": 2}]
    assert (grown["contacts_in_all"], grown["events_attended"]) == (2, 2)
    assert grown["follow_ups_kept"]["count"] == grown["follow_ups_kept"]["of"] == 1
    assert not grown["conclusive"]  # It is a beginning, and the app does not make more of it.
