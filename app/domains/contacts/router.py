"""The operations on contacts, companies, interactions, networking events and follow-ups."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.contacts.errors import CompanyExists
from app.domains.contacts.schemas import (
    Company,
    CompanyCreate,
    CompanyPage,
    CompanyPatch,
    CompanyQuery,
    Contact,
    ContactCreate,
    ContactPage,
    ContactPatch,
    ContactQuery,
    FollowUpQuery,
    FollowUps,
    Interaction,
    InteractionCreate,
    InteractionPage,
    InteractionPatch,
    InteractionQuery,
    NetworkingEvent,
    NetworkingEventCreate,
    NetworkingEventPage,
    NetworkingEventPatch,
    NetworkingEventQuery,
)
from app.domains.contacts.service import (
    CompanyService,
    ContactService,
    FollowUpService,
    InteractionService,
    NetworkingEventService,
)
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

_READ, _WRITE = Scope.NETWORK_READ, Scope.NETWORK_WRITE

FollowUpReader = Annotated[FollowUpService, Guard(FollowUpService, _READ)]
ContactReader = Annotated[ContactService, Guard(ContactService, _READ)]
ContactWriter = Annotated[ContactService, Guard(ContactService, _WRITE)]
InteractionReader = Annotated[InteractionService, Guard(InteractionService, _READ)]
InteractionWriter = Annotated[InteractionService, Guard(InteractionService, _WRITE)]
CompanyReader = Annotated[CompanyService, Guard(CompanyService, _READ)]
CompanyWriter = Annotated[CompanyService, Guard(CompanyService, _WRITE)]
EventReader = Annotated[NetworkingEventService, Guard(NetworkingEventService, _READ)]
EventWriter = Annotated[NetworkingEventService, Guard(NetworkingEventService, _WRITE)]

router = Router(prefix="/v1", tags=["Network"])


@router.get("/follow-ups", summary="Who is due")
async def list_follow_ups(
    query: Annotated[FollowUpQuery, Query()], follow_ups: FollowUpReader
) -> FollowUps:
    """Contacts and followed companies to have a few words with, the longest due first.

    A record is due from its `next_follow_up_on` or `next_engagement_on` on; a done interaction
    moves that day. Nothing happens to who is left waiting.
    """
    return await follow_ups.list(query)


@router.get("/contacts", summary="List contacts")
async def list_contacts(
    query: Annotated[ContactQuery, Query()], contacts: ContactReader
) -> ContactPage:
    """The people in your network, by name unless you choose another order."""
    return await contacts.list(query)


@router.post("/contacts", status_code=201, summary="Add a contact")
async def add_contact(body: ContactCreate, contacts: ContactWriter) -> Contact:
    """Add somebody to your network; a name is enough.

    A company's name finds or makes the company. With `cadence_days` they are due again and again.
    """
    return await contacts.add(body)


@router.get("/contacts/{contact_id}", summary="Get a contact")
async def get_contact(contact_id: Id, contacts: ContactReader) -> Contact:
    """One contact with everything you keep about them."""
    return await contacts.get(contact_id)


@router.patch("/contacts/{contact_id}", summary="Change a contact")
async def update_contact(
    contact_id: Id, body: ContactPatch, if_match: IfMatch, contacts: ContactWriter
) -> Contact:
    """Change what you keep about somebody, or when to get in touch next."""
    return await contacts.update(contact_id, body, if_match)


@router.delete("/contacts/{contact_id}", status_code=204, summary="Delete a contact")
async def delete_contact(contact_id: Id, if_match: IfMatch, contacts: ContactWriter) -> None:
    """Delete a contact; your interactions with them stay under the name."""
    await contacts.delete(contact_id, if_match)


@router.get("/interactions", summary="List interactions")
async def list_interactions(
    query: Annotated[InteractionQuery, Query()], interactions: InteractionReader
) -> InteractionPage:
    """What was said and done between you and others, the latest recorded first."""
    return await interactions.list(query)


@router.post("/interactions", status_code=201, summary="Record an interaction")
async def record_interaction(
    body: InteractionCreate, interactions: InteractionWriter
) -> Interaction:
    """Note what you did, or draft or plan it; you send it yourself, outside of Rebound.

    A done interaction moves the next follow-up of its contact, and the next engagement of its
    company. An invitation that you sent sets `connection_status` to `requested`.
    """
    return await interactions.record(body)


@router.get("/interactions/{interaction_id}", summary="Get an interaction")
async def get_interaction(interaction_id: Id, interactions: InteractionReader) -> Interaction:
    """One interaction with its text."""
    return await interactions.get(interaction_id)


@router.patch("/interactions/{interaction_id}", summary="Change an interaction, or have it done")
@manners(problems=(InvalidTransition,))
async def update_interaction(
    interaction_id: Id,
    body: InteractionPatch,
    if_match: IfMatch,
    interactions: InteractionWriter,
) -> Interaction:
    """Change what you noted, or set `status`.

    A draft is planned, then done; what is done can be planned again, and then no longer counts.
    """
    return await interactions.update(interaction_id, body, if_match)


@router.delete("/interactions/{interaction_id}", status_code=204, summary="Delete an interaction")
async def delete_interaction(
    interaction_id: Id, if_match: IfMatch, interactions: InteractionWriter
) -> None:
    """Delete an interaction; it no longer counts for its contact and company."""
    await interactions.delete(interaction_id, if_match)


@router.get("/companies", summary="List companies")
async def list_companies(
    query: Annotated[CompanyQuery, Query()], companies: CompanyReader
) -> CompanyPage:
    """The companies you came across, by name unless you choose another order."""
    return await companies.list(query)


@router.post("/companies", status_code=201, summary="Add a company")
@manners(problems=(CompanyExists,))
async def add_company(body: CompanyCreate, companies: CompanyWriter) -> Company:
    """Add a company to keep in view; one whose name you typed elsewhere is there already."""
    return await companies.add(body)


@router.get("/companies/{company_id}", summary="Get a company")
async def get_company(company_id: Id, companies: CompanyReader) -> Company:
    """One company, and whether you follow it."""
    return await companies.get(company_id)


@router.patch("/companies/{company_id}", summary="Change or follow a company")
@manners(problems=(CompanyExists,))
async def update_company(
    company_id: Id, body: CompanyPatch, if_match: IfMatch, companies: CompanyWriter
) -> Company:
    """Change a company; set `following` to keep in view what it does.

    A new name does not change the name in what you recorded before.
    """
    return await companies.update(company_id, body, if_match)


@router.delete("/companies/{company_id}", status_code=204, summary="Delete a company")
async def delete_company(company_id: Id, if_match: IfMatch, companies: CompanyWriter) -> None:
    """Delete a company; contacts, rejections and opportunities keep its name."""
    await companies.delete(company_id, if_match)


@router.get("/networking-events", summary="List networking events")
async def list_networking_events(
    query: Annotated[NetworkingEventQuery, Query()], events: EventReader
) -> NetworkingEventPage:
    """Occasions to meet people, the latest noted first."""
    return await events.list(query)


@router.post("/networking-events", status_code=201, summary="Add a networking event")
async def add_networking_event(body: NetworkingEventCreate, events: EventWriter) -> NetworkingEvent:
    """Note an occasion to meet people: an event, a group, or a talk over coffee."""
    return await events.add(body)


@router.get("/networking-events/{networking_event_id}", summary="Get a networking event")
async def get_networking_event(networking_event_id: Id, events: EventReader) -> NetworkingEvent:
    """One occasion, and whom you met there."""
    return await events.get(networking_event_id)


@router.patch("/networking-events/{networking_event_id}", summary="Change a networking event")
async def update_networking_event(
    networking_event_id: Id, body: NetworkingEventPatch, if_match: IfMatch, events: EventWriter
) -> NetworkingEvent:
    """Change an occasion: whether you go there, and whom you met."""
    return await events.update(networking_event_id, body, if_match)


@router.delete(
    "/networking-events/{networking_event_id}", status_code=204, summary="Delete a networking event"
)
async def delete_networking_event(
    networking_event_id: Id, if_match: IfMatch, events: EventWriter
) -> None:
    """Delete an occasion; the contacts you met there stay."""
    await events.delete(networking_event_id, if_match)
