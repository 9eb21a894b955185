"""The wire shapes of figures about the network."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.contacts.terms import ContactRelationship, InteractionKind
from app.domains.insights.schemas.fields import ByMonth, Count, Insight, Share


class RelationshipCount(BaseModel):
    """How many people are something to you."""

    relationship: ContactRelationship
    count: Count


class InteractionCount(BaseModel):
    """How often you were in touch in some way."""

    kind: InteractionKind
    count: Count


class NetworkInsight(Insight):
    """How your network grows, and how you keep it."""

    contacts_in_all: Count = Field(description="Today, whenever added.")
    contacts_added: Count
    added_by_month: ByMonth
    by_relationship: Annotated[
        list[RelationshipCount], Field(max_length=len(ContactRelationship))
    ] = Field(description="Of all contacts, today.")
    connected: Count = Field(description="Of all contacts, today.")
    interactions_by_kind: Annotated[list[InteractionCount], Field(max_length=len(InteractionKind))]
    follow_ups_kept: Share = Field(
        description="Of the follow-ups due by a cadence on these days, those done in time."
    )
    companies_followed: Count = Field(description="Today.")
    events_attended: Count
