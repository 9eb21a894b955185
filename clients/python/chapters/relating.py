"""Stage D, keep the relationships: say thank you, connect, and stay in touch."""

from datetime import date
from uuid import uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.network import (
    add_contact,
    get_contact,
    list_companies,
    list_follow_ups,
    record_interaction,
    update_company,
    update_contact,
    update_interaction,
)
from rebound_client.models import (
    Company,
    CompanyPage,
    CompanyPatch,
    ConnectionStatus,
    Contact,
    ContactCreate,
    ContactPatch,
    ContactRelationship,
    FollowChannel,
    FollowUps,
    Interaction,
    InteractionCreate,
    InteractionKind,
    InteractionPatch,
    InteractionStatus,
    Rejection,
)
from rebound_client.types import UNSET
from story import check, etag_of, expect, refused


def remember(client: AuthenticatedClient, rejection: Rejection) -> Contact:
    """Remember whom one spoke with; the company is the one that came with the rejection."""
    said = ContactCreate(
        id=uuid4(),
        name="Mara Winter",
        company_name="example gmbh",
        relationship=ContactRelationship.INTERVIEWER,
    )
    contact = expect(add_contact.sync_detailed(client=client, body=said), 201, Contact)
    check(contact.id == said.id, "the id is the server's")
    check(contact.company_id == rejection.company_id, "there are two companies of one name")
    return contact


def thank(client: AuthenticatedClient, contact: Contact, rejection: Rejection) -> Interaction:
    """Write the thank-you note in the evening, send it in the morning, and say so."""
    said = InteractionCreate(
        id=uuid4(),
        contact_id=contact.id,
        rejection_id=rejection.id,
        kind=InteractionKind.THANK_YOU_NOTE,
        status=InteractionStatus.DRAFT,
        body="Dear Mara, thank you for the open talk.",
    )
    note = expect(record_interaction.sync_detailed(client=client, body=said), 201, Interaction)
    # What is only a draft has not been sent. The problem lists what can follow.
    done = InteractionPatch(status=InteractionStatus.DONE)
    hasty = update_interaction.sync_detailed(
        note.id, client=client, body=done, if_match=etag_of(note)
    )
    allowed = refused(hasty, 409, "invalid-transition").allowed
    check(allowed == [InteractionStatus.PLANNED, InteractionStatus.CANCELLED], f"{allowed}")

    for status in (InteractionStatus.PLANNED, InteractionStatus.DONE):
        changed = update_interaction.sync_detailed(
            note.id,
            client=client,
            body=InteractionPatch(status=status),
            if_match=etag_of(note),
        )
        note = expect(changed, 200, Interaction)
    check(note.occurred_at is not None, "nobody knows when it was sent")
    return note


def connect(client: AuthenticatedClient, contact: Contact, note: Interaction) -> Contact:
    """Note that the invitation was taken, and ask to be reminded every six weeks."""
    # The note has stamped the contact, which is a new revision: read it again.
    found = expect(get_contact.sync_detailed(contact.id, client=client), 200, Contact)
    check(found.last_interaction_at == note.occurred_at, "the note left no trace")
    changed = update_contact.sync_detailed(
        found.id,
        client=client,
        body=ContactPatch(connection_status=ConnectionStatus.CONNECTED, cadence_days=42),
        if_match=etag_of(found),
    )
    return expect(changed, 200, Contact)


def follow(client: AuthenticatedClient, rejection: Rejection) -> Company:
    """Keep the company in view that one would still like to work for."""
    listed = list_companies.sync_detailed(client=client, name=rejection.company_name)
    [found] = expect(listed, 200, CompanyPage).items
    check(found.id == rejection.company_id, "another company has that name")
    changed = update_company.sync_detailed(
        found.id,
        client=client,
        body=CompanyPatch(
            following=True, follow_channels=[FollowChannel.NEWSLETTER], cadence_days=30
        ),
        if_match=etag_of(found),
    )
    company = expect(changed, 200, Company)
    check(company.following, "nobody follows it")
    return company


def see_follow_ups(client: AuthenticatedClient, contact: Contact, company: Company) -> int:
    """Nothing is due today. Look ahead to the day on which it is time to write again."""
    now = expect(list_follow_ups.sync_detailed(client=client), 200, FollowUps)
    check(now.items == [], "it is too early")
    ahead = contact.next_follow_up_on
    day = ahead if isinstance(ahead, date) else UNSET
    then = expect(list_follow_ups.sync_detailed(client=client, on=day), 200, FollowUps)
    names = [item.name for item in then.items]
    check(names == [company.name, contact.name], f"due: {names}")
    return len(names)
