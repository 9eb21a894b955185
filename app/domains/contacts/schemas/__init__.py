"""The wire shapes of contacts, companies, interactions, networking events and follow-ups."""

from app.domains.contacts.schemas.companies import (
    Company,
    CompanyCreate,
    CompanyPage,
    CompanyPatch,
    CompanyQuery,
    CompanySort,
)
from app.domains.contacts.schemas.contacts import (
    Contact,
    ContactCreate,
    ContactPage,
    ContactPatch,
    ContactQuery,
    ContactSort,
)
from app.domains.contacts.schemas.follow_ups import FollowUp, FollowUpQuery, FollowUps
from app.domains.contacts.schemas.interactions import (
    Interaction,
    InteractionCreate,
    InteractionPage,
    InteractionPatch,
    InteractionQuery,
    InteractionSort,
)
from app.domains.contacts.schemas.networking_events import (
    NetworkingEvent,
    NetworkingEventCreate,
    NetworkingEventPage,
    NetworkingEventPatch,
    NetworkingEventQuery,
    NetworkingEventSort,
)

__all__ = [
    "Company",
    "CompanyCreate",
    "CompanyPage",
    "CompanyPatch",
    "CompanyQuery",
    "CompanySort",
    "Contact",
    "ContactCreate",
    "ContactPage",
    "ContactPatch",
    "ContactQuery",
    "ContactSort",
    "FollowUp",
    "FollowUpQuery",
    "FollowUps",
    "Interaction",
    "InteractionCreate",
    "InteractionPage",
    "InteractionPatch",
    "InteractionQuery",
    "InteractionSort",
    "NetworkingEvent",
    "NetworkingEventCreate",
    "NetworkingEventPage",
    "NetworkingEventPatch",
    "NetworkingEventQuery",
    "NetworkingEventSort",
]
