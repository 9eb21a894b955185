"""The operations on invitations, and accepting one."""

# ruff: noqa: ARG001 -- the guard reads `organization_id`, and the contract names it.

from typing import Annotated

from fastapi import Query

from app.auth.errors import RoleMissing
from app.auth.guards import Guard, OrganizationGuard
from app.auth.scopes import Scope
from app.auth.terms import ROLES_WITH_CLIENTS
from app.domains.coaching.errors import (
    AlreadyInvited,
    ExternalIdTaken,
    InvitationRefused,
    SyntheticOnly,
)
from app.domains.coaching.schemas.invitations import (
    Invitation,
    InvitationAccept,
    InvitationAccepted,
    InvitationCreate,
    InvitationPage,
    InvitationPatch,
    InvitationQuery,
    InvitationSent,
)
from app.domains.coaching.service.acceptances import AcceptanceService
from app.domains.coaching.service.invitations import InvitationService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition, TooManyRequests
from app.web.conditional import IfMatch
from app.web.markers import Caching, manners
from app.web.routing import Router

InvitationReader = Annotated[
    InvitationService,
    OrganizationGuard(InvitationService, Scope.ORG_READ, *ROLES_WITH_CLIENTS),
]
InvitationWriter = Annotated[
    InvitationService,
    OrganizationGuard(InvitationService, Scope.ORG_WRITE, *ROLES_WITH_CLIENTS),
]
Invited = Annotated[AcceptanceService, Guard(AcceptanceService, Scope.GRANTS_MANAGE)]

router = Router(prefix="/v1", tags=["Organizations"])

INVITATIONS = "/organizations/{organization_id}/invitations"


@router.get(INVITATIONS, summary="List invitations")
async def list_invitations(
    organization_id: Id,
    query: Annotated[InvitationQuery, Query()],
    invitations: InvitationReader,
) -> InvitationPage:
    """Who was invited, the latest first unless you choose another order. For admins and coaches."""
    return await invitations.list(query)


@router.post(INVITATIONS, status_code=201, summary="Invite somebody")
@manners(problems=(AlreadyInvited, ExternalIdTaken, RoleMissing, TooManyRequests))
async def create_invitation(
    organization_id: Id, body: InvitationCreate, invitations: InvitationWriter
) -> InvitationSent:
    """Mail somebody a token that is good for 14 days; whether they have an account is not told.

    Admins and coaches invite clients, and so do the organisation's programs; only admins, in
    person, invite members. A client who accepts shows you nothing by that: `ask` names the consent
    they are then asked for. In a test organisation nothing is mailed, only addresses in reserved
    domains such as example.com are taken, and the answer carries the `token`. At most 2,000
    invitations leave an organisation within 24 hours, and 5 to one address.
    """
    return await invitations.send(body)


@router.get(f"{INVITATIONS}/{{invitation_id}}", summary="Get an invitation")
async def get_invitation(
    organization_id: Id, invitation_id: Id, invitations: InvitationReader
) -> Invitation:
    """One invitation; `account_id` says who accepted it. For admins and coaches."""
    return await invitations.get(invitation_id)


@router.patch(f"{INVITATIONS}/{{invitation_id}}", summary="Withdraw an invitation")
@manners(problems=(InvalidTransition, RoleMissing))
async def update_invitation(
    organization_id: Id,
    invitation_id: Id,
    body: InvitationPatch,
    if_match: IfMatch,
    invitations: InvitationWriter,
) -> Invitation:
    """Set `status` to `withdrawn`: the token is refused from the next request on.

    To send an invitation once more, withdraw it and invite again.
    """
    return await invitations.update(invitation_id, body, if_match)


@router.post("/invitation-acceptances", summary="Accept an invitation")
@manners(caching=Caching.SECRET, problems=(InvitationRefused, SyntheticOnly))
async def accept_invitation(body: InvitationAccept, invited: Invited) -> InvitationAccepted:
    """Join the organisation that mailed you a token, with the account you are signed in to.

    As a client you show nobody anything yet: `grant_id` names the consent you are asked for, if
    any, and you decide on it (`PATCH /v1/grants/{grant_id}`). The same token again gets you the
    same answer, so a lost one does no harm; anybody else is refused with it.
    """
    return await invited.accept(body.token)
