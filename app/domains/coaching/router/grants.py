"""The operations on grants."""

from typing import Annotated

from fastapi import Query

from app.auth.errors import RoleMissing, SessionNeeded
from app.auth.guards import OwnerGuard
from app.auth.scopes import Scope
from app.domains.coaching.schemas.grants import (
    Grant,
    GrantCreate,
    GrantPage,
    GrantPatch,
    GrantQuery,
)
from app.domains.coaching.service.grants import GrantService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

GrantManager = Annotated[GrantService, OwnerGuard(GrantService, Scope.GRANTS_MANAGE)]

router = Router(prefix="/v1/grants", tags=["Consent"])


@router.get("", summary="List grants")
@manners(problems=(RoleMissing,))
async def list_grants(query: Annotated[GrantQuery, Query()], grants: GrantManager) -> GrantPage:
    """What you were asked for and agreed to, the latest first unless you choose another order.

    With `organization_id`, or with an organisation's key: what people gave that organisation, and
    what it has asked for.
    """
    return await grants.list(query)


@router.post("", status_code=201, summary="Give consent, or ask for it")
@manners(problems=(RoleMissing, SessionNeeded))
async def create_grant(body: GrantCreate, grants: GrantManager) -> Grant:
    """Let an organisation that accompanies you do something, from now on: the grant is `active`.

    With `account_id` of one of its clients, an organisation asks: the grant is `requested`, and
    allows nothing until the person sets it to `active`. It asks by its key, or by the session of
    an admin or coach. Giving needs you to be signed in; an API key cannot.
    """
    return await grants.create(body)


@router.get("/{grant_id}", summary="Get a grant")
async def get_grant(grant_id: Id, grants: GrantManager) -> Grant:
    """One grant, for the person whose it is and for the organisation it is for."""
    return await grants.get(grant_id)


@router.patch("/{grant_id}", summary="Agree, decline, change or revoke")
@manners(problems=(InvalidTransition, SessionNeeded))
async def update_grant(
    grant_id: Id, body: GrantPatch, if_match: IfMatch, grants: GrantManager
) -> Grant:
    """Decide on a grant; what you revoke or narrow is refused from the next request on.

    The person: `requested` can become `active`, with other categories, access or end if they like,
    or `declined`. What an `active` one allows can change, and it can be `revoked`. Agreeing and
    widening need a session. The organisation: `revoked` gives a grant up, or withdraws a request.
    What has ended stays so; make a new one.
    """
    return await grants.update(grant_id, body, if_match)
