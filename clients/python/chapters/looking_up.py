"""Look up what one has: a brief before an interview, a word, the days ahead, how far one is."""

from rebound_client import AuthenticatedClient
from rebound_client.api.find import search_records
from rebound_client.api.insights import get_overview, get_preparation_brief
from rebound_client.api.recovery import list_recovery_steps, list_reminders
from rebound_client.models import (
    BriefReason,
    CultureFitAssessment,
    DoneBy,
    Goal,
    GoalProgress,
    Lesson,
    Opportunity,
    Overview,
    PreparationBrief,
    RecordRef,
    RecoveryStepPage,
    Rejection,
    Reminders,
    SearchCollection,
    SearchResults,
    StepKind,
    StepStatus,
)
from story import check, expect


def open_brief(client: AuthenticatedClient, opportunity: Opportunity, lesson: Lesson) -> int:
    """Read before an interview what earlier ones taught. Returns how many lessons are in it."""
    answer = get_preparation_brief.sync_detailed(opportunity.id, client=client)
    brief = expect(answer, 200, PreparationBrief)
    check(brief.next_stage == opportunity.next_stage, f"it is for {brief.next_stage}")
    [found] = [one for one in brief.lessons if one.lesson_id == lesson.id]
    check(found.text == lesson.text, f"it says '{found.text}'")
    # The lesson comes from feedback on an interview, and an interview is what comes next.
    check(found.reason is BriefReason.SAME_STAGE, f"it is there for {found.reason}")
    return len(brief.lessons)


def see_ticks(client: AuthenticatedClient, rejection: Rejection, opportunity: Opportunity) -> int:
    """What one did elsewhere has ticked the plan. Returns how many steps it were."""
    listed = list_recovery_steps.sync_detailed(
        client=client, rejection_id=rejection.id, status=StepStatus.DONE
    )
    done = expect(listed, 200, RecoveryStepPage).items
    ticked = {step.kind: step for step in done if step.done_by is DoneBy.EVENT}
    kinds = {
        StepKind.DECOMPRESS,
        StepKind.CHECK_IN,
        StepKind.REQUEST_FEEDBACK,
        StepKind.REFLECT,
        StepKind.ASSESS_GAPS,
        StepKind.CAPTURE_LESSON,
        StepKind.CONNECT,
        StepKind.PREPARE_NEXT,
    }
    check(set(ticked) == kinds, f"ticked: {sorted(ticked)}")
    # Each names the record that ticked it: the brief was opened for this opportunity.
    evidence = ticked[StepKind.PREPARE_NEXT].evidence
    shown = evidence.id if isinstance(evidence, RecordRef) else None
    check(shown == opportunity.id, f"ticked by {evidence}")
    return len(ticked)


def find(client: AuthenticatedClient, fit: CultureFitAssessment) -> str:
    """Find a record while the word is still being typed. Returns what is marked in its text."""
    answer = search_records.sync_detailed(client=client, q="nobod")
    [hit] = expect(answer, 200, SearchResults).items
    named = (hit.collection, hit.id)
    check(named == (SearchCollection.CULTURE_FIT_ASSESSMENTS, fit.id), f"found {named}")
    # Parts of plain text: an app shows those that are a hit in bold, and never needs HTML.
    text = "".join(part.text for part in hit.snippet)
    check(text in fit.red_flags, f"it shows '{text}'")
    marked = [part.text for part in hit.snippet if part.hit]
    check(marked == ["Nobody"], f"marked: {marked}")
    return marked[0]


def plan_reminders(client: AuthenticatedClient, opportunity: Opportunity) -> str:
    """What a phone schedules by itself, for there is no push. Returns what it will show."""
    items = expect(list_reminders.sync_detailed(client=client), 200, Reminders).items
    check(items == sorted(items, key=lambda item: item.at), "the soonest comes first")
    [interview] = [item for item in items if item.record_id == opportunity.id]
    check(interview.collection == "opportunities", f"it is one of {interview.collection}")
    text = interview.neutral_text
    check(opportunity.company_name not in text, f"a locked screen would show '{text}'")
    return text


def see_progress(client: AuthenticatedClient, goal: Goal) -> GoalProgress:
    """How far a goal is, counted from what one did."""
    overview = expect(get_overview.sync_detailed(client=client), 200, Overview)
    [progress] = [one for one in overview.goals if one.goal_id == goal.id]
    check(progress.achieved, f"{progress.done} of {progress.target}")
    [counted] = [one.count for one in overview.activity if one.metric is goal.metric]
    check(counted == progress.done, f"{counted} in all, {progress.done} for the goal")
    return progress
