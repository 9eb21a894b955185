"""The operations on organisations and their members."""

# ruff: noqa: ARG001 -- the guard reads `organization_id`, and the contract names it.

from typing import Annotated

from fastapi import Query

from app.auth.errors import RoleMissing
from app.auth.guards import OrganizationGuard, OwnerGuard
from app.auth.scopes import Scope
from app.auth.terms import OrganizationRole
from app.domains.coaching.errors import AlreadyMember, LastAdmin
from app.domains.coaching.schemas.organizations import (
    AffiliationPage,
    Membership,
    MembershipCreate,
    MembershipPage,
    MembershipPatch,
    MembershipQuery,
    Organization,
    OrganizationPatch,
)
from app.domains.coaching.service.memberships import MembershipService
from app.domains.coaching.service.organizations import AffiliationService, OrganizationService
from app.kit.fields import Id
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

OrganizationReader = Annotated[
    OrganizationService, OrganizationGuard(OrganizationService, Scope.ORG_READ)
]
OrganizationWriter = Annotated[
    OrganizationService,
    OrganizationGuard(OrganizationService, Scope.ORG_WRITE, OrganizationRole.ADMIN),
]
MembershipReader = Annotated[
    MembershipService, OrganizationGuard(MembershipService, Scope.ORG_READ)
]
MembershipWriter = Annotated[
    MembershipService,
    OrganizationGuard(MembershipService, Scope.ORG_WRITE, OrganizationRole.ADMIN),
]
MembershipLeaver = Annotated[
    MembershipService, OrganizationGuard(MembershipService, Scope.ORG_WRITE)
]

AffiliationReader = Annotated[AffiliationService, OwnerGuard(AffiliationService, Scope.ORG_READ)]

router = Router(prefix="/v1/organizations", tags=["Organizations"])


@router.get("", summary="List your organisations")
async def list_organizations(affiliations: AffiliationReader) -> AffiliationPage:
    """The organisations you work for or that accompany you, by name, at most a hundred.

    Begin here after signing in: `role` tells whether to show a coach's screen. The key of an
    organisation sees that one.
    """
    return await affiliations.list()


@router.get("/{organization_id}", summary="Get an organisation")
async def get_organization(organization_id: Id, organizations: OrganizationReader) -> Organization:
    """The organisation you work for: its name, and for how long it asks for consent."""
    return await organizations.get()


@router.patch("/{organization_id}", summary="Change an organisation")
async def update_organization(
    organization_id: Id,
    body: OrganizationPatch,
    if_match: IfMatch,
    organizations: OrganizationWriter,
) -> Organization:
    """Change its name, or for how many days consent is asked for. For admins.

    Consent that was asked for before keeps its day.
    """
    return await organizations.update(body, if_match)


@router.get("/{organization_id}/memberships", summary="List members")
async def list_memberships(
    organization_id: Id,
    query: Annotated[MembershipQuery, Query()],
    memberships: MembershipReader,
) -> MembershipPage:
    """Everybody who works for the organisation. For every member."""
    return await memberships.list(query)


@router.post(
    "/{organization_id}/memberships", status_code=201, summary="Add a known account as a member"
)
@manners(problems=(AlreadyMember, RoleMissing))
async def add_membership(
    organization_id: Id, body: MembershipCreate, memberships: MembershipWriter
) -> Membership:
    """Let an account work for the organisation that it knows already. For admins, in person.

    Known are its clients, and whoever once accepted an invitation. Invite everybody else
    (`POST /v1/organizations/{organization_id}/invitations`): nobody learns here whether somebody
    has an account.
    """
    return await memberships.add(body)


@router.get("/{organization_id}/memberships/{membership_id}", summary="Get a member")
async def get_membership(
    organization_id: Id, membership_id: Id, memberships: MembershipReader
) -> Membership:
    """One member of the organisation. For every member."""
    return await memberships.get(membership_id)


@router.patch(
    "/{organization_id}/memberships/{membership_id}",
    summary="Change, deactivate or reactivate a member",
)
@manners(problems=(LastAdmin, RoleMissing))
async def update_membership(
    organization_id: Id,
    membership_id: Id,
    body: MembershipPatch,
    if_match: IfMatch,
    memberships: MembershipWriter,
) -> Membership:
    """Change the role or the name, or set `status`. For admins, in person.

    A deactivated member can do nothing for the organisation from the next request on. What people
    granted to them alone is revoked, and does not come back when they are active again; what was
    granted to the organisation stays. The last active admin stays one.
    """
    return await memberships.update(membership_id, body, if_match)


@router.delete(
    "/{organization_id}/memberships/{membership_id}",
    status_code=204,
    summary="Remove a member, or leave",
)
@manners(problems=(LastAdmin, RoleMissing))
async def delete_membership(
    organization_id: Id, membership_id: Id, if_match: IfMatch, memberships: MembershipLeaver
) -> None:
    """End a membership: anybody's as an admin, your own in any role.

    What people granted to this member alone is revoked, and their clients have no coach until you
    name another. The last active admin cannot leave.
    """
    await memberships.delete(membership_id, if_match)
