"""Compare what is stored with what was told: each record once, as the last answer showed it."""

from collections.abc import Iterable

from rebound_client import AuthenticatedClient
from rebound_client.api.check_ins import list_check_ins
from rebound_client.api.feedback import list_feedback, list_feedback_requests
from rebound_client.api.network import (
    list_companies,
    list_contacts,
    list_interactions,
    list_networking_events,
)
from rebound_client.api.reflections import (
    list_culture_fit_assessments,
    list_lessons,
    list_reflections,
    list_skill_gaps,
)
from rebound_client.api.rejections import list_rejections
from rebound_client.api.search import list_goals, list_opportunities
from rebound_client.models import (
    CheckInPage,
    CompanyPage,
    ContactPage,
    CultureFitAssessmentPage,
    FeedbackPage,
    FeedbackRequestPage,
    GoalPage,
    InteractionPage,
    LessonPage,
    NetworkingEventPage,
    OpportunityPage,
    ReflectionPage,
    RejectionPage,
    SkillGapPage,
)
from story import AnyRecord, check, expect


def read_everything(client: AuthenticatedClient) -> list[AnyRecord]:
    """Every record of the person's own, read from its list."""
    rejections = list_rejections.sync_detailed(client=client)
    check_ins = list_check_ins.sync_detailed(client=client)
    requests = list_feedback_requests.sync_detailed(client=client)
    feedback = list_feedback.sync_detailed(client=client)
    reflections = list_reflections.sync_detailed(client=client)
    lessons = list_lessons.sync_detailed(client=client)
    gaps = list_skill_gaps.sync_detailed(client=client)
    fits = list_culture_fit_assessments.sync_detailed(client=client)
    contacts = list_contacts.sync_detailed(client=client)
    # A company comes into being by its name alone; those that are followed were told.
    companies = list_companies.sync_detailed(client=client, following=True)
    interactions = list_interactions.sync_detailed(client=client)
    events = list_networking_events.sync_detailed(client=client)
    opportunities = list_opportunities.sync_detailed(client=client)
    goals = list_goals.sync_detailed(client=client)
    return [
        *expect(rejections, 200, RejectionPage).items,
        *expect(check_ins, 200, CheckInPage).items,
        *expect(requests, 200, FeedbackRequestPage).items,
        *expect(feedback, 200, FeedbackPage).items,
        *expect(reflections, 200, ReflectionPage).items,
        *expect(lessons, 200, LessonPage).items,
        *expect(gaps, 200, SkillGapPage).items,
        *expect(fits, 200, CultureFitAssessmentPage).items,
        *expect(contacts, 200, ContactPage).items,
        *expect(companies, 200, CompanyPage).items,
        *expect(interactions, 200, InteractionPage).items,
        *expect(events, 200, NetworkingEventPage).items,
        *expect(opportunities, 200, OpportunityPage).items,
        *expect(goals, 200, GoalPage).items,
    ]


def compare(told: Iterable[AnyRecord], stored: Iterable[AnyRecord]) -> int:
    """Nothing is missing, nothing is there twice, and nothing differs. Returns how many it are."""
    wanted, found = (sorted(records, key=lambda record: record.id) for records in (told, stored))
    for one, other in zip(wanted, found, strict=False):
        check(one == other, f"told: {one}\nstored: {other}")
    check(len(wanted) == len(found), f"told: {len(wanted)}, stored: {len(found)}")
    return len(found)
