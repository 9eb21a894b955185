"""Keep the relationships: D1 a thank-you note, D2 connecting, D3 staying engaged.

Each story is lived over HTTP, a day at a time.
"""

from datetime import timedelta

from app.kit.clock import SetClock
from tests.conftest import Person
from tests.domains.acting import change, get, items, patch, post


async def test_d1_a_thank_you_note_is_tracked_from_its_draft_to_sent(
    person: Person, clock: SetClock
) -> None:
    # After the interview she writes down whom she spoke with, and the "no" that came by phone.
    sam = await post(
        person,
        "/v1/contacts",
        name="Sam Sample",
        company_name="Example GmbH",
        relationship="interviewer",
    )
    rejection = await person.record_rejection(channel="phone", contact_id=sam["id"])
    assert rejection["company_id"] == sam["company_id"]

    # In the evening she drafts the note. It counts for nothing yet.
    note = await post(
        person,
        "/v1/interactions",
        contact_id=sam["id"],
        rejection_id=rejection["id"],
        kind="thank_you_note",
        status="draft",
        subject="Thank you for the interview",
        body="Dear Sam, thank you for the talk.",
    )
    assert (note["contact_name"], note["occurred_at"]) == ("Sam Sample", None)
    assert (await get(person, f"/v1/contacts/{sam['id']}"))["last_interaction_at"] is None
    path = f"/v1/interactions/{note['id']}"
    assert (await patch(person, path, status="done")).status_code == 409

    # The next morning she plans it, and sends it from her own mail program.
    clock.advance(timedelta(hours=20))
    await change(person, path, status="planned", body="Dear Sam, thank you for your time.")
    (planned,) = await items(person, "/v1/interactions", status="planned")
    assert planned["id"] == note["id"]
    clock.advance(timedelta(minutes=10))
    sent = await change(person, path, status="done")
    assert sent["occurred_at"] == "2026-03-12T08:10:00Z"
    told = await get(person, f"/v1/contacts/{sam['id']}")
    assert told["last_interaction_at"] == sent["occurred_at"]
    timeline = await items(person, f"/v1/rejections/{rejection['id']}/timeline")
    (shown,) = [one for one in timeline if one["type"] == "interaction.completed"]
    assert (shown["id"], shown["title"]) == (note["id"], "Sam Sample")

    # It came back: a wrong address. She takes it back and sends it again.
    await change(person, path, status="planned")
    assert (await get(person, f"/v1/contacts/{sam['id']}"))["last_interaction_at"] is None
    again = await change(person, path, status="done")
    (done,) = await items(
        person, "/v1/interactions", contact_id=sam["id"], kind="thank_you_note", status="done"
    )
    assert done == again


async def test_d2_an_invitation_is_known_as_sent_and_then_as_taken(
    person: Person, clock: SetClock
) -> None:
    rejection = await person.record_rejection(channel="video")
    kim = await post(person, "/v1/contacts", name="Kim Beispiel", company_name="Example GmbH")
    assert kim["connection_status"] == "none"
    invitation = await post(
        person,
        "/v1/interactions",
        contact_id=kim["id"],
        rejection_id=rejection["id"],
        kind="connection_request",
        status="planned",
        body="We spoke about forecasting on Tuesday. I would like to stay in touch.",
    )
    await change(person, f"/v1/interactions/{invitation['id']}", status="done")
    (waiting,) = await items(person, "/v1/contacts", connection_status="requested")
    assert waiting["id"] == kim["id"]

    clock.advance(timedelta(days=2))
    connected = await change(
        person, f"/v1/contacts/{kim['id']}", connection_status="connected", cadence_days=42
    )
    # Six weeks after the invitation a few words are due.
    assert connected["next_follow_up_on"] == "2026-04-22"
    assert await items(person, "/v1/contacts", connection_status="requested") == []


async def test_d3_staying_engaged_is_a_gentle_rhythm(person: Person, clock: SetClock) -> None:
    # She would still like to work there: she follows the company, and keeps Sam in view.
    rejection = await person.record_rejection(company_name="Example GmbH")
    company_id = rejection["company_id"]
    await change(
        person,
        f"/v1/companies/{company_id}",
        following=True,
        follow_channels=["linkedin", "newsletter"],
        cadence_days=30,
    )
    sam = await post(
        person, "/v1/contacts", name="Sam Sample", company_id=company_id, cadence_days=45
    )
    assert (await get(person, "/v1/follow-ups"))["items"] == []

    # A month later it is the company's turn, and then she is left alone again.
    clock.advance(timedelta(days=30))
    (due,) = (await get(person, "/v1/follow-ups"))["items"]
    assert (due["collection"], due["record_id"]) == ("companies", company_id)
    assert due["name"] == "Example GmbH"
    await post(
        person,
        "/v1/interactions",
        company_id=due["record_id"],
        kind="social_engagement",
        body="A comment on their post about hiring.",
    )
    assert (await get(person, "/v1/follow-ups"))["items"] == []

    # Two weeks on, Sam is due for the first time; a short message moves the day on.
    clock.advance(timedelta(days=15))
    (due,) = (await get(person, "/v1/follow-ups"))["items"]
    assert (due["record_id"], due["reason"]) == (sam["id"], "first_contact")
    assert due["why_now"]
    await post(person, "/v1/interactions", contact_id=due["record_id"], kind="message")
    moved = await get(person, f"/v1/contacts/{sam['id']}")
    assert moved["next_follow_up_on"] == "2026-06-09"

    # What comes next can be looked up; nothing is ever more than a suggestion.
    preview = (await get(person, "/v1/follow-ups", on="2026-06-09"))["items"]
    assert [(one["name"], one["due_on"]) for one in preview] == [
        ("Example GmbH", "2026-05-10"),
        ("Sam Sample", "2026-06-09"),
    ]
    await change(person, f"/v1/companies/{company_id}", following=False)
    preview = (await get(person, "/v1/follow-ups", on="2026-06-09"))["items"]
    assert [one["name"] for one in preview] == ["Sam Sample"]
    engaged = await items(person, "/v1/interactions", company_id=company_id)
    assert [one["kind"] for one in engaged] == ["social_engagement"]
