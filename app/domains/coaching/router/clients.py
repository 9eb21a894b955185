"""The operations on the clients of an organisation."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import OrganizationGuard
from app.auth.scopes import Scope
from app.auth.terms import ROLES_WITH_CLIENTS
from app.domains.coaching.errors import ExternalIdTaken
from app.domains.coaching.schemas.clients import (
    ClientPage,
    ClientPatch,
    ClientQuery,
    OrganizationClient,
)
from app.domains.coaching.service.clients import ClientService
from app.kit.fields import Id
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

ClientReader = Annotated[
    ClientService, OrganizationGuard(ClientService, Scope.ORG_READ, *ROLES_WITH_CLIENTS)
]
ClientWriter = Annotated[
    ClientService, OrganizationGuard(ClientService, Scope.ORG_WRITE, *ROLES_WITH_CLIENTS)
]

router = Router(prefix="/v1/organizations/{organization_id}/clients", tags=["Organizations"])


@router.get("", summary="List clients")
@manners(writes=True)
async def list_clients(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    query: Annotated[ClientQuery, Query()],
    clients: ClientReader,
) -> ClientPage:
    """The whole caseload at a glance: who is there, what they agreed to, and who may need you.

    Each figure needs its category of consent, and is null without it; nothing here tells how
    somebody feels. Only grants in force count: those to the organisation, and those to you alone.
    Each client sees in their access log that you looked.
    """
    return await clients.list(query)


@router.get("/{account_id}", summary="Get a client")
async def get_client(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    account_id: Id,
    clients: ClientReader,
) -> OrganizationClient:
    """What the organisation keeps of one client itself; for their records use `Rebound-Account`."""
    return await clients.get(account_id)


@router.patch("/{account_id}", summary="Change or end the relation to a client")
@manners(problems=(ExternalIdTaken,))
async def update_client(
    organization_id: Id,  # noqa: ARG001 -- the guard reads it.
    account_id: Id,
    body: ClientPatch,
    if_match: IfMatch,
    clients: ClientWriter,
) -> OrganizationClient:
    """Sort a client into a cohort, give them a coach or your own id, or end the relation.

    `status: ended` revokes at once all that the person let your organisation and its members do,
    and withdraws what they were asked for. Taking the relation up again brings none of it back.
    """
    return await clients.update(account_id, body, if_match)
