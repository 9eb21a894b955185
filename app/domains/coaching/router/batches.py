"""The operation that invites many people at once."""

from typing import Annotated

from app.auth.guards import OrganizationGuard
from app.auth.scopes import Scope
from app.auth.terms import ROLES_WITH_CLIENTS
from app.domains.coaching.schemas.batches import ROSTER, InvitationBatchCreate
from app.domains.coaching.service.batches import InvitationBatchService
from app.domains.jobs.schemas import Job
from app.kit.fields import Id
from app.web.markers import manners
from app.web.routing import Router

BatchInviter = Annotated[
    InvitationBatchService,
    OrganizationGuard(InvitationBatchService, Scope.ORG_WRITE, *ROLES_WITH_CLIENTS),
]

router = Router(prefix="/v1/organizations/{organization_id}", tags=["Organizations"])


@router.post("/invitation-batches", status_code=202, summary="Invite a whole class")
@manners(location="/v1/jobs/{id}", csv=ROSTER)
async def invite_batch(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it; the contract names it.
    body: InvitationBatchCreate,
    batches: BatchInviter,
) -> Job:
    """Invite up to 1000 people in one call, as JSON or as the CSV file of a spreadsheet.

    The answer comes at once with a job; `Location` is where to see how far it is and what became
    of each row. A row that cannot be stored (somebody is invited already) fails alone. A batch with
    a malformed row is refused as a whole, and the answer points at the row. In a CSV file the first
    line names the columns (`email`, `external_id`, `cohort`, `name`, `locale`), and every row is a
    client. If your membership ends meanwhile, the rest of the rows fail.
    """
    return await batches.invite_all(body)
