"""The operations on rejections."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.rejections.schemas import (
    Rejection,
    RejectionCreate,
    RejectionPage,
    RejectionPatch,
    RejectionQuery,
)
from app.domains.rejections.service import RejectionService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

RejectionReader = Annotated[RejectionService, Guard(RejectionService, Scope.REJECTIONS_READ)]
RejectionWriter = Annotated[RejectionService, Guard(RejectionService, Scope.REJECTIONS_WRITE)]

router = Router(prefix="/v1/rejections", tags=["Rejections"])


@router.get("", summary="List rejections")
async def list_rejections(
    query: Annotated[RejectionQuery, Query()], rejections: RejectionReader
) -> RejectionPage:
    """Your recorded rejections, the latest first unless you choose another order."""
    return await rejections.list(query)


@router.post("", status_code=201, summary="Record a rejection")
async def record_rejection(body: RejectionCreate, rejections: RejectionWriter) -> Rejection:
    """Record a "no" with as little as company and stage; the name finds or makes the company.

    A recovery plan that fits the stage starts with it; it respects your pause, so nothing is asked
    of you at once. Send `start_plan: false` if you want none.
    """
    return await rejections.record(body)


@router.get("/{rejection_id}", summary="Get a rejection")
async def get_rejection(rejection_id: Id, rejections: RejectionReader) -> Rejection:
    """One rejection with everything recorded about it."""
    return await rejections.get(rejection_id)


@router.patch("/{rejection_id}", summary="Change, close or reopen a rejection")
@manners(problems=(InvalidTransition,))
async def update_rejection(
    rejection_id: Id, body: RejectionPatch, if_match: IfMatch, rejections: RejectionWriter
) -> Rejection:
    """Change what is recorded, or set `status`.

    Closing leaves out the open steps of its plan and completes the plan; reopening restores
    exactly those.
    """
    return await rejections.update(rejection_id, body, if_match)


@router.delete("/{rejection_id}", status_code=204, summary="Delete a rejection")
async def delete_rejection(
    rejection_id: Id, if_match: IfMatch, rejections: RejectionWriter
) -> None:
    """Delete a rejection with its plans and their steps.

    Check-ins and interactions about it stay with you.
    """
    await rejections.delete(rejection_id, if_match)
