"""The operations on opportunities, their stage history, and goals."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.opportunities.schemas import (
    Goal,
    GoalCreate,
    GoalPage,
    GoalPatch,
    GoalQuery,
    Opportunity,
    OpportunityCreate,
    OpportunityPage,
    OpportunityPatch,
    OpportunityQuery,
    StageHistory,
    StageHistoryQuery,
)
from app.domains.opportunities.service.goals import GoalService
from app.domains.opportunities.service.opportunities import OpportunityService
from app.kit.fields import Id
from app.kit.problems import InvalidTransition
from app.web.conditional import IfMatch
from app.web.markers import manners
from app.web.routing import Router

OpportunityReader = Annotated[
    OpportunityService, Guard(OpportunityService, Scope.OPPORTUNITIES_READ)
]
OpportunityWriter = Annotated[
    OpportunityService, Guard(OpportunityService, Scope.OPPORTUNITIES_WRITE)
]
GoalReader = Annotated[GoalService, Guard(GoalService, Scope.OPPORTUNITIES_READ)]
GoalWriter = Annotated[GoalService, Guard(GoalService, Scope.OPPORTUNITIES_WRITE)]

router = Router(prefix="/v1", tags=["Search"])


@router.get("/opportunities", summary="List opportunities")
async def list_opportunities(
    query: Annotated[OpportunityQuery, Query()], opportunities: OpportunityReader
) -> OpportunityPage:
    """The roles you go for, the latest first unless you choose another order."""
    return await opportunities.list(query)


@router.post("/opportunities", status_code=201, summary="Add an opportunity")
async def add_opportunity(body: OpportunityCreate, opportunities: OpportunityWriter) -> Opportunity:
    """Add a role you go for, in whatever status it has.

    The company is found by its name, or made. A reapplication is a new opportunity that names the
    one before.
    """
    return await opportunities.add(body)


@router.get("/opportunities/{opportunity_id}", summary="Get an opportunity")
async def get_opportunity(opportunity_id: Id, opportunities: OpportunityReader) -> Opportunity:
    """One opportunity with everything known about it."""
    return await opportunities.get(opportunity_id)


@router.patch("/opportunities/{opportunity_id}", summary="Change an opportunity or its status")
@manners(problems=(InvalidTransition,))
async def update_opportunity(
    opportunity_id: Id, body: OpportunityPatch, if_match: IfMatch, opportunities: OpportunityWriter
) -> Opportunity:
    """Change what is known, or set `status`.

    Until it ends, an opportunity moves freely; one that ended by mistake goes back to where it
    stood. Record a rejection with `opportunity_id` instead of setting `rejected` by hand, and it
    gets a recovery plan too.
    """
    return await opportunities.update(opportunity_id, body, if_match)


@router.delete("/opportunities/{opportunity_id}", status_code=204, summary="Delete an opportunity")
async def delete_opportunity(
    opportunity_id: Id, if_match: IfMatch, opportunities: OpportunityWriter
) -> None:
    """Delete an opportunity with its history; rejections and reapplications stay with you."""
    await opportunities.delete(opportunity_id, if_match)


@router.get(
    "/opportunities/{opportunity_id}/stage-history", summary="List the stages of an opportunity"
)
async def list_stage_history(
    opportunity_id: Id,
    query: Annotated[StageHistoryQuery, Query()],
    opportunities: OpportunityReader,
) -> StageHistory:
    """Every change of its status, the latest first unless you choose another order.

    What a rejection brought goes when the rejection does.
    """
    return await opportunities.stage_history(opportunity_id, query)


@router.get("/goals", summary="List goals")
async def list_goals(query: Annotated[GoalQuery, Query()], goals: GoalReader) -> GoalPage:
    """Your goals, the latest start first unless you choose another order."""
    return await goals.list(query)


@router.post("/goals", status_code=201, summary="Set a goal")
async def set_goal(body: GoalCreate, goals: GoalWriter) -> Goal:
    """Set yourself a goal that counts what you do and learn.

    No goal counts rejections, and none is lost by a week without: the next one begins anew.
    """
    return await goals.set(body)


@router.get("/goals/{goal_id}", summary="Get a goal")
async def get_goal(goal_id: Id, goals: GoalReader) -> Goal:
    """One goal."""
    return await goals.get(goal_id)


@router.patch("/goals/{goal_id}", summary="Change a goal or its status")
async def update_goal(goal_id: Id, body: GoalPatch, if_match: IfMatch, goals: GoalWriter) -> Goal:
    """Change a goal, call it achieved, let it go, or take it up again; any of it at any time."""
    return await goals.update(goal_id, body, if_match)


@router.delete("/goals/{goal_id}", status_code=204, summary="Delete a goal")
async def delete_goal(goal_id: Id, if_match: IfMatch, goals: GoalWriter) -> None:
    """Delete a goal; what you did for it stays."""
    await goals.delete(goal_id, if_match)
