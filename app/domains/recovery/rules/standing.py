"""What a record stands for: the table of facts that tick steps (domain rule of this product).

    check-in recorded                                   check_in, decompress
    feedback request sent                               request_feedback; thank, if to a contact
    feedback recorded                                   request_feedback
    reflection recorded                                 reflect
    skill gap recorded for, or linked to, a rejection   assess_gaps, of each rejection
    culture fit assessed                                assess_fit
    thank-you note sent                                 thank
    invitation sent, or contact connected               connect
    company followed                                    follow_company
    lesson captured from a rejection                    capture_lesson
    lesson applied to another opportunity               prepare_next
    preparation brief opened for another opportunity    prepare_next
    contact added, networking event attended            expand_network

A row is a pure function of the fact, so that a change is compared with what stood before: what a
record stands for newly ticks, what it no longer stands for reopens, and any other change of it
leaves steps alone, also those that the person has reopened by hand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.domains.contacts import events as contacts
from app.domains.contacts.terms import (
    ConnectionStatus,
    InteractionDirection,
    InteractionKind,
    InteractionStatus,
    NetworkingEventStatus,
)
from app.domains.feedback import events as feedback
from app.domains.feedback.terms import FeedbackRequestStatus
from app.domains.opportunities import events as opportunities
from app.domains.recovery import events as recovery
from app.domains.recovery.terms import StepKind
from app.domains.reflections import events as reflections
from app.domains.reflections.terms import LessonStatus
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A step of a `kind` that a record stands for, and in which plan it is looked for.

    With `rejection_id` that is a plan of this rejection, else the plan of a rejection that names
    the contact, else of one at the company. With `anywhere` any plan will do when none of these
    has such a step, but none that is about `elsewhere_than`, an opportunity.
    """

    kind: StepKind
    rejection_id: UUID | None = None
    contact_id: UUID | None = None
    company_id: UUID | None = None
    anywhere: bool = False
    elsewhere_than: UUID | None = None
    through: UUID | None = None
    """A record through which it stands for the step: with another one it is another claim."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the plan of a step is about."""

    rejection_id: UUID | None = None
    contact_id: UUID | None = None
    company_id: UUID | None = None
    opportunity_id: UUID | None = None


_NEAREST_FIRST = ("rejection_id", "contact_id", "company_id")


def distance(claim: Claim, place: Place) -> int | None:
    """How far a plan is from what a claim names, 0 being the nearest; `None` if out of reach."""
    if claim.elsewhere_than is not None and claim.elsewhere_than == place.opportunity_id:
        return None
    # A claim about one rejection does not look for another one at the same company.
    names = _NEAREST_FIRST if claim.rejection_id is None else _NEAREST_FIRST[:1]
    for away, name in enumerate(names):
        named = getattr(claim, name)
        if named is not None and named == getattr(place, name):
            return away
    return len(_NEAREST_FIRST) if claim.anywhere else None


_ASKED = frozenset(FeedbackRequestStatus) - {
    FeedbackRequestStatus.DRAFT,
    FeedbackRequestStatus.CANCELLED,
}


def _check_in(fact: Any) -> Iterator[Claim]:
    if fact.rejection_id is not None:
        for kind in (StepKind.CHECK_IN, StepKind.DECOMPRESS):
            yield Claim(kind=kind, rejection_id=fact.rejection_id)


def _feedback_request(fact: Any) -> Iterator[Claim]:
    if fact.status in _ASKED:
        yield Claim(kind=StepKind.REQUEST_FEEDBACK, rejection_id=fact.rejection_id)
        if fact.contact_id is not None:
            # Two mails within 48 hours to one person are one too many.
            yield Claim(kind=StepKind.THANK, rejection_id=fact.rejection_id)


def _feedback(fact: Any) -> Iterator[Claim]:
    # When the request is gone that had ticked the step, what answered it takes its place.
    yield Claim(
        kind=StepKind.REQUEST_FEEDBACK,
        rejection_id=fact.rejection_id,
        through=fact.request_id,
    )


def _reflection(fact: Any) -> Iterator[Claim]:
    if fact.rejection_id is not None:
        yield Claim(kind=StepKind.REFLECT, rejection_id=fact.rejection_id)


def _skill_gap(fact: Any) -> Iterator[Claim]:
    for rejection_id in sorted(fact.rejection_ids):
        yield Claim(kind=StepKind.ASSESS_GAPS, rejection_id=rejection_id)


def _culture_fit(fact: Any) -> Iterator[Claim]:
    yield Claim(
        kind=StepKind.ASSESS_FIT, rejection_id=fact.rejection_id, company_id=fact.company_id
    )


_INTERACTIONS = {
    InteractionKind.THANK_YOU_NOTE: StepKind.THANK,
    InteractionKind.CONNECTION_REQUEST: StepKind.CONNECT,
}


def _interaction(fact: Any) -> Iterator[Claim]:
    kind = _INTERACTIONS.get(fact.kind)
    outgoing = fact.direction is InteractionDirection.OUTGOING
    if kind is not None and outgoing and fact.status is InteractionStatus.DONE:
        yield Claim(
            kind=kind,
            rejection_id=fact.rejection_id,
            contact_id=fact.contact_id,
            company_id=fact.company_id,
        )


def _contact(fact: Any) -> Iterator[Claim]:
    yield Claim(kind=StepKind.EXPAND_NETWORK, anywhere=True)
    if fact.connection_status is ConnectionStatus.CONNECTED:
        yield Claim(kind=StepKind.CONNECT, contact_id=fact.record_id, company_id=fact.company_id)


def _company(fact: Any) -> Iterator[Claim]:
    if fact.following:
        yield Claim(kind=StepKind.FOLLOW_COMPANY, company_id=fact.record_id)


def _networking_event(fact: Any) -> Iterator[Claim]:
    if fact.status is NetworkingEventStatus.ATTENDED:
        yield Claim(kind=StepKind.EXPAND_NETWORK, anywhere=True)


def _lesson(fact: Any) -> Iterator[Claim]:
    source = fact.source_rejection_id
    if source is not None:
        yield Claim(kind=StepKind.CAPTURE_LESSON, rejection_id=source)
    # To retire a lesson is not to take back that it was applied.
    retired = fact.status is LessonStatus.RETIRED
    applied_to = ((retired and fact.before()) or fact).applied_to_opportunity_id
    if applied_to is not None:
        yield Claim(
            kind=StepKind.PREPARE_NEXT,
            rejection_id=source,
            anywhere=True,
            elsewhere_than=applied_to,
        )


def _brief(fact: Any) -> Iterator[Claim]:
    yield Claim(kind=StepKind.PREPARE_NEXT, anywhere=True, elsewhere_than=fact.record_id)


Row = Callable[[Any], Iterator[Claim]]

STANDING: Mapping[type[Event], Row] = MappingProxyType(
    {
        kind: row
        for row, kinds in (
            (_check_in, (recovery.CheckInRecorded, recovery.CheckInUpdated)),
            (
                _feedback_request,
                (
                    feedback.FeedbackRequestRecorded,
                    feedback.FeedbackRequestUpdated,
                    feedback.FeedbackRequestSent,
                    feedback.FeedbackRequestWithdrawn,
                    feedback.FeedbackRequestReceived,
                    feedback.FeedbackRequestDeclined,
                    feedback.FeedbackRequestNoResponse,
                ),
            ),
            (_feedback, (feedback.FeedbackRecorded, feedback.FeedbackUpdated)),
            (_reflection, (reflections.ReflectionRecorded, reflections.ReflectionUpdated)),
            (
                _skill_gap,
                (
                    reflections.SkillGapOpened,
                    reflections.SkillGapUpdated,
                    reflections.SkillGapClosed,
                ),
            ),
            (_culture_fit, (reflections.CultureFitRecorded, reflections.CultureFitUpdated)),
            (
                _interaction,
                (
                    contacts.InteractionCompleted,
                    contacts.InteractionUpdated,
                    contacts.InteractionReopened,
                ),
            ),
            (_contact, (contacts.ContactRecorded, contacts.ContactUpdated)),
            (_company, (contacts.CompanyRecorded, contacts.CompanyUpdated)),
            (
                _networking_event,
                (contacts.NetworkingEventRecorded, contacts.NetworkingEventUpdated),
            ),
            (
                _lesson,
                (
                    reflections.LessonCaptured,
                    reflections.LessonUpdated,
                    reflections.LessonApplied,
                ),
            ),
            (_brief, (opportunities.PreparationBriefOpened,)),
        )
        for kind in kinds
    }
)
"""The facts that can change what a record stands for, and how to read each."""

GONE: tuple[type[Event], ...] = (
    recovery.CheckInDeleted,
    feedback.FeedbackRequestDeleted,
    feedback.FeedbackDeleted,
    reflections.ReflectionDeleted,
    reflections.SkillGapDeleted,
    reflections.CultureFitDeleted,
    reflections.LessonDeleted,
    contacts.InteractionDeleted,
    contacts.ContactDeleted,
    contacts.CompanyDeleted,
    contacts.NetworkingEventDeleted,
    opportunities.OpportunityDeleted,
)
"""The facts after which a record stands for nothing."""


def standing(fact: Event | None) -> tuple[Claim, ...]:
    """Everything that the record of a fact stands for, as the fact tells it."""
    return () if fact is None else tuple(STANDING[type(fact)](fact))
