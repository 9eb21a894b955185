"""Every refusal is a typed `Problem` that says what is the matter."""

from rebound_client import AuthenticatedClient
from rebound_client.api.recovery import update_recovery_step
from rebound_client.api.rejections import record_rejection
from rebound_client.models import (
    RecoveryStep,
    RejectionCreate,
    RejectionStage,
    StepPatch,
    StepStatus,
)
from story import check, etag_of, findings_of, refused


def change_what_has_changed(client: AuthenticatedClient, step: RecoveryStep) -> None:
    """An ETag that is no longer right: somebody, perhaps another device, was faster."""
    patch = StepPatch(title="Write the thank-you note")
    stale = f'"{step.revision - 1}"'
    answer = update_recovery_step.sync_detailed(step.id, client=client, body=patch, if_match=stale)
    refused(answer, 412, "precondition-failed")

    # And none at all: the server does not guess which revision was meant.
    answer = update_recovery_step.sync_detailed(step.id, client=client, body=patch)
    refused(answer, 428, "precondition-missing")


def skip_what_is_done(client: AuthenticatedClient, step: RecoveryStep) -> None:
    """A status that cannot follow; the problem lists those that can."""
    answer = update_recovery_step.sync_detailed(
        step.id,
        client=client,
        body=StepPatch(status=StepStatus.SKIPPED),
        if_match=etag_of(step),
    )
    problem = refused(answer, 409, "invalid-transition")
    check(problem.allowed == [StepStatus.PENDING], f"allowed: {problem.allowed}")


def forget_the_company(client: AuthenticatedClient) -> None:
    """A body that is not valid: each finding points to its field, for the form to show it there."""
    answer = record_rejection.sync_detailed(
        client=client, body=RejectionCreate(company_name="", stage=RejectionStage.INTERVIEW)
    )
    found = findings_of(refused(answer, 422, "invalid"))
    check(found == ["/company_name string_too_short"], f"found {found}")
