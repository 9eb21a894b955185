"""Stage A, accept and process: record the "no", take the pause, check in, do the next thing."""

from uuid import UUID, uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.check_ins import get_check_in, list_support_resources, record_check_in
from rebound_client.api.recovery import (
    get_recovery_plan,
    get_recovery_step,
    list_next_actions,
    list_recovery_plans,
    list_recovery_steps,
    update_recovery_plan,
    update_recovery_step,
)
from rebound_client.api.rejections import record_rejection
from rebound_client.models import (
    CheckIn,
    CheckInCreate,
    DoneBy,
    Emotion,
    NextActions,
    PlanPatch,
    RecordedCheckIn,
    RecordRef,
    RecoveryPlan,
    RecoveryPlanPage,
    RecoveryStep,
    RecoveryStepPage,
    Rejection,
    RejectionChannel,
    RejectionCreate,
    RejectionStage,
    StepPatch,
    StepStatus,
    SupportResources,
)
from story import check, expect


def record_with_own_id(client: AuthenticatedClient) -> Rejection:
    """Record a "no". An app that works offline chooses the id itself."""
    said = RejectionCreate(
        id=uuid4(),
        company_name="Example GmbH",
        role_title="Data analyst",
        stage=RejectionStage.INTERVIEW,
        channel=RejectionChannel.PHONE,
    )
    answer = record_rejection.sync_detailed(client=client, body=said)
    rejection = expect(answer, 201, Rejection)
    check(rejection.id == said.id, "the id is the server's")
    location = f"/v1/rejections/{rejection.id}"
    check(answer.headers["Location"] == location, "the record stands elsewhere")

    # Sent again, it is found by its id: 200 instead of 201, and nothing is stored twice.
    again = record_rejection.sync_detailed(client=client, body=said)
    check(expect(again, 200, Rejection) == rejection, "the same id gave another record")
    return rejection


def find_plan(client: AuthenticatedClient, rejection_id: UUID) -> RecoveryPlan:
    """The plan that started with the rejection, with its steps."""
    page = expect(
        list_recovery_plans.sync_detailed(client=client, rejection_id=rejection_id),
        200,
        RecoveryPlanPage,
    )
    [summary] = page.items
    plan = expect(get_recovery_plan.sync_detailed(summary.id, client=client), 200, RecoveryPlan)
    check(plan.pause_until is not None, "a new plan leaves its person alone for a while")
    check(len(plan.steps) > 1, "the plan has no steps")
    return plan


def check_in(client: AuthenticatedClient, rejection_id: UUID, plan_id: UUID) -> CheckIn:
    """Note how one is. It ticks the plan's step, and the way to support is in the answer."""
    said = CheckInCreate(
        rejection_id=rejection_id, mood=2, energy=3, emotions=[Emotion.DISAPPOINTED]
    )
    noted = expect(record_check_in.sync_detailed(client=client, body=said), 201, RecordedCheckIn)
    check(noted.support.href.startswith("/v1/support-resources"), noted.support.href)
    support = list_support_resources.sync_detailed(client=client, country="DE")
    check(bool(expect(support, 200, SupportResources).items), "no support is listed")

    done = list_recovery_steps.sync_detailed(client=client, plan_id=plan_id, status=StepStatus.DONE)
    ticked = expect(done, 200, RecoveryStepPage).items
    check(bool(ticked), "the check-in ticked nothing")
    for step in ticked:
        check(step.done_by is DoneBy.EVENT, f"who ticked '{step.title}'?")
        evidence = step.evidence.id if isinstance(step.evidence, RecordRef) else None
        check(evidence == noted.id, f"what ticked '{step.title}'?")
    return expect(get_check_in.sync_detailed(noted.id, client=client), 200, CheckIn)


def end_pause(client: AuthenticatedClient, plan_id: UUID) -> None:
    """Be ready sooner than planned. `None` clears a field; what is not named stays."""
    # The check-in has ticked a step, which is a new revision of the plan: read it again.
    found = get_recovery_plan.sync_detailed(plan_id, client=client)
    changed = update_recovery_plan.sync_detailed(
        plan_id,
        client=client,
        body=PlanPatch(pause_until=None),
        if_match=found.headers["ETag"],
    )
    check(expect(changed, 200, RecoveryPlan).pause_until is None, "the pause goes on")


def do_next(client: AuthenticatedClient) -> RecoveryStep:
    """Do the first thing that is offered: the item says what to change, with which revision."""
    offered = expect(list_next_actions.sync_detailed(client=client), 200, NextActions).items
    check(bool(offered), "nothing is offered")
    action = offered[0]
    check(action.operation_id == "update_recovery_step", action.operation_id)

    started = update_recovery_step.sync_detailed(
        action.record_id,
        client=client,
        body=StepPatch(status=StepStatus.IN_PROGRESS),
        if_match=f'"{action.revision}"',
    )
    check(expect(started, 200, RecoveryStep).status is StepStatus.IN_PROGRESS, "not started")

    # The other way to the same revision: the ETag header of any answer that shows the record.
    shown = get_recovery_step.sync_detailed(action.record_id, client=client)
    check(shown.headers["ETag"] == started.headers["ETag"], "two ETags for one revision")
    ticked = update_recovery_step.sync_detailed(
        action.record_id,
        client=client,
        body=StepPatch(status=StepStatus.DONE),
        if_match=shown.headers["ETag"],
    )
    step = expect(ticked, 200, RecoveryStep)
    check(step.done_by is DoneBy.PERSON, "somebody else did it")

    left = expect(list_next_actions.sync_detailed(client=client), 200, NextActions).items
    check(all(item.record_id != step.id for item in left), "it is still offered")
    return step
