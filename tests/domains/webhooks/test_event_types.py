"""Every fact of the program is either told to webhooks, or named here as one of the inside."""

from collections.abc import Iterator

import app.main  # noqa: F401 -- brings in every room
from app.domains.webhooks.rules import COLLECTION_OF_TYPE
from app.domains.webhooks.terms import EventType
from app.kit.events import Event

INTERNAL = {
    "check_in.deleted",
    "check_in.updated",
    "comment.added",
    "company.deleted",
    "company.recorded",
    "company.updated",
    "contact.deleted",
    "contact.recorded",
    "contact.updated",
    "culture_fit.deleted",
    "culture_fit.recorded",
    "culture_fit.updated",
    "feedback.deleted",
    "feedback.updated",
    "feedback_request.deleted",
    "feedback_request.recorded",
    "feedback_request.updated",
    "feedback_request.withdrawn",
    "goal.deleted",
    "goal.recorded",
    "goal.updated",
    "grant.declined",
    "interaction.deleted",
    "interaction.recorded",
    "interaction.reopened",
    "interaction.updated",
    "lesson.deleted",
    "lesson.updated",
    "networking_event.deleted",
    "networking_event.recorded",
    "networking_event.updated",
    "opportunity.deleted",
    "opportunity.updated",
    "preparation_brief.opened",
    "profile.updated",
    "profile.wellbeing_tracking_switched_off",
    "recovery_plan.reopened",
    "recovery_step.reopened",
    "reflection.deleted",
    "reflection.updated",
    "rejection.reopened",
    "skill_gap.deleted",
    "skill_gap.updated",
}
"""Facts that rooms state to each other and nobody outside is told."""

STATED_BY_NO_ROOM = {EventType.PING}
"""Told, but stated by no room: an endpoint's owner asks for it."""


def stated(kind: type[Event] = Event) -> Iterator[type[Event]]:
    """Every fact of the program itself, none that a test made up."""
    for child in kind.__subclasses__():
        if child.__module__.startswith("app."):
            if "type" in vars(child):
                yield child
            yield from stated(child)


def test_every_fact_is_told_or_named_as_one_of_the_inside() -> None:
    types = {kind.type for kind in stated()}
    assert len(types) > 60
    assert types - set(COLLECTION_OF_TYPE) == INTERNAL
    assert not INTERNAL & set(COLLECTION_OF_TYPE)


def test_what_is_told_is_about_the_record_that_the_list_says() -> None:
    for kind in stated():
        if kind.type in COLLECTION_OF_TYPE and kind.type != "account.deleted":
            assert kind.collection == COLLECTION_OF_TYPE[EventType(kind.type)], kind


def test_what_is_listed_is_stated_somewhere() -> None:
    listed = set(EventType) - STATED_BY_NO_ROOM
    assert listed <= {kind.type for kind in stated()}
