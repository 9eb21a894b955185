"""Stage E, go on: a goal in one's own hands, the next application, an evening among people."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.network import add_networking_event, update_networking_event
from rebound_client.api.reflections import update_lesson
from rebound_client.api.search import (
    add_opportunity,
    list_stage_history,
    set_goal,
    update_goal,
    update_opportunity,
)
from rebound_client.models import (
    Contact,
    Goal,
    GoalCreate,
    GoalMetric,
    GoalPatch,
    GoalPeriod,
    GoalStatus,
    Lesson,
    LessonPatch,
    LessonStatus,
    NetworkingEvent,
    NetworkingEventCreate,
    NetworkingEventKind,
    NetworkingEventPatch,
    NetworkingEventStatus,
    Opportunity,
    OpportunityCreate,
    OpportunityPatch,
    OpportunityStatus,
    RejectionStage,
    StageHistory,
    StageHistorySort,
)
from story import check, etag_of, every_page, expect, refused


def aim(client: AuthenticatedClient) -> Goal:
    """Set a goal that counts what one does. There is none that counts rejections avoided."""
    said = GoalCreate(
        id=uuid4(),
        title="Use one lesson a week",
        metric=GoalMetric.LESSONS_APPLIED,
        target=1,
        period=GoalPeriod.WEEK,
    )
    goal = expect(set_goal.sync_detailed(client=client, body=said), 201, Goal)
    check(goal.id == said.id, "the id is the server's")
    check(goal.status is GoalStatus.ACTIVE, f"it is {goal.status}")
    return goal


def apply(client: AuthenticatedClient) -> Opportunity:
    """Keep a role in view, apply for it, and be invited to an interview."""
    said = OpportunityCreate(id=uuid4(), company_name="Sample AG", role_title="Data engineer")
    added = add_opportunity.sync_detailed(client=client, body=said)
    opportunity = expect(added, 201, Opportunity)
    soon = datetime.now(UTC) + timedelta(days=7)
    for change in (
        OpportunityPatch(status=OpportunityStatus.APPLIED),
        OpportunityPatch(
            status=OpportunityStatus.INTERVIEWING,
            next_stage=RejectionStage.INTERVIEW,
            next_event_at=soon,
        ),
    ):
        changed = update_opportunity.sync_detailed(
            opportunity.id, client=client, body=change, if_match=etag_of(opportunity)
        )
        opportunity = expect(changed, 200, Opportunity)
    check(opportunity.applied_on is not None, "nobody knows since when")
    return opportunity


def accept(client: AuthenticatedClient, opportunity: Opportunity) -> Opportunity:
    """Get an offer, and take it."""
    for status in (OpportunityStatus.OFFERED, OpportunityStatus.ACCEPTED):
        changed = update_opportunity.sync_detailed(
            opportunity.id,
            client=client,
            body=OpportunityPatch(status=status),
            if_match=etag_of(opportunity),
        )
        opportunity = expect(changed, 200, Opportunity)

    # What was accepted cannot become an application again. The problem lists what it can become.
    back = update_opportunity.sync_detailed(
        opportunity.id,
        client=client,
        body=OpportunityPatch(status=OpportunityStatus.APPLIED),
        if_match=etag_of(opportunity),
    )
    allowed = refused(back, 409, "invalid-transition").allowed
    check(allowed == [OpportunityStatus.REJECTED, OpportunityStatus.WITHDRAWN], f"{allowed}")
    return opportunity


def see_history(client: AuthenticatedClient, opportunity: Opportunity) -> list[str]:
    """Every change of the status is kept, once; here two of them a page."""
    pages = every_page(
        lambda cursor: list_stage_history.sync_detailed(
            opportunity.id,
            client=client,
            sort=StageHistorySort.CHANGED_AT,
            limit=2,
            cursor=cursor,
        ),
        StageHistory,
    )
    steps = [str(step.to_status) for page in pages for step in page.items]
    check(steps == ["saved", "applied", "interviewing", "offered", "accepted"], f"{steps}")
    return steps


def use_lesson(client: AuthenticatedClient, lesson: Lesson, opportunity: Opportunity) -> Lesson:
    """Use what was learned where it counts."""
    changed = update_lesson.sync_detailed(
        lesson.id,
        client=client,
        body=LessonPatch(status=LessonStatus.APPLIED, applied_to_opportunity_id=opportunity.id),
        if_match=etag_of(lesson),
    )
    used = expect(changed, 200, Lesson)
    check(used.applied_on is not None, "nobody knows when")
    return used


def achieve(client: AuthenticatedClient, goal: Goal) -> Goal:
    """Say that the goal is reached; nothing else decides that."""
    changed = update_goal.sync_detailed(
        goal.id,
        client=client,
        body=GoalPatch(status=GoalStatus.ACHIEVED),
        if_match=etag_of(goal),
    )
    return expect(changed, 200, Goal)


def meet_people(client: AuthenticatedClient, contact: Contact) -> NetworkingEvent:
    """Go to a meetup, and note whom one met there."""
    said = NetworkingEventCreate(
        id=uuid4(),
        name="Data meetup",
        kind=NetworkingEventKind.MEETUP,
        status=NetworkingEventStatus.REGISTERED,
    )
    added = add_networking_event.sync_detailed(client=client, body=said)
    event = expect(added, 201, NetworkingEvent)
    changed = update_networking_event.sync_detailed(
        event.id,
        client=client,
        body=NetworkingEventPatch(status=NetworkingEventStatus.ATTENDED, contact_ids=[contact.id]),
        if_match=etag_of(event),
    )
    attended = expect(changed, 200, NetworkingEvent)
    check(attended.contact_ids == [contact.id], "nobody was there")
    return attended
