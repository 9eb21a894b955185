"""Record a rejection with an id of one's own, and see the plan that started by itself."""

from uuid import UUID, uuid4

from rebound_client import AuthenticatedClient
from rebound_client.api.recovery import get_recovery_plan, list_recovery_plans
from rebound_client.api.rejections import record_rejection
from rebound_client.models import (
    RecoveryPlan,
    RecoveryPlanPage,
    Rejection,
    RejectionChannel,
    RejectionCreate,
    RejectionStage,
)
from story import check, expect


def record_with_own_id(client: AuthenticatedClient) -> Rejection:
    """Record a "no". An app that works offline chooses the id itself."""
    said = RejectionCreate(
        id=uuid4(),
        company_name="Example GmbH",
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
