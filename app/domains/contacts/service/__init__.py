"""What a person does in this room, and what rooms above ask it for.

companies          keeping companies in view; finding or making one by its name
contacts           keeping people in view, and the rhythm of contact
interactions       noting what was said and done, which moves that rhythm
networking_events  occasions to meet people
follow_ups         who is due
"""

from app.domains.contacts.service.companies import CompanyService
from app.domains.contacts.service.contacts import ContactService
from app.domains.contacts.service.follow_ups import FollowUpService
from app.domains.contacts.service.interactions import InteractionService
from app.domains.contacts.service.networking_events import NetworkingEventService

__all__ = [
    "CompanyService",
    "ContactService",
    "FollowUpService",
    "InteractionService",
    "NetworkingEventService",
]
