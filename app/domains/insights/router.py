"""The operations of insights."""

from typing import Annotated

from fastapi import Query

from app.auth.guards import Guard
from app.auth.scopes import Scope
from app.domains.insights.schemas import (
    FeedbackInsight,
    FeedbackInsightQuery,
    InsightQuery,
    LearningInsight,
    NetworkInsight,
    Overview,
    PreparationBrief,
    RejectionInsight,
    RejectionInsightQuery,
    TimelinePage,
    TimelineQuery,
    WellbeingInsight,
    WellbeingInsightQuery,
)
from app.domains.insights.service.brief import BriefService
from app.domains.insights.service.figures import InsightService
from app.domains.insights.service.timeline import TimelineService
from app.domains.opportunities.errors import OpportunityIsOver
from app.kit.fields import Id
from app.web.markers import manners
from app.web.routing import Router

TimelineReader = Annotated[TimelineService, Guard(TimelineService, Scope.INSIGHTS_READ)]
InsightReader = Annotated[InsightService, Guard(InsightService, Scope.INSIGHTS_READ)]
# It shows how somebody was, so that it asks for the scope that check-ins ask for. A token that may
# read all other figures learns nothing of moods.
WellbeingReader = Annotated[InsightService, Guard(InsightService, Scope.WELLBEING_READ)]
# It speaks of lessons, people and values, of which `opportunities:read` alone may know nothing.
BriefReader = Annotated[BriefService, Guard(BriefService, Scope.INSIGHTS_READ)]

router = Router(prefix="/v1")


@router.get(
    "/rejections/{rejection_id}/timeline",
    tags=["Rejections"],
    summary="What happened around a rejection",
)
async def list_timeline(
    rejection_id: Id, query: Annotated[TimelineQuery, Query()], timeline: TimelineReader
) -> TimelinePage:
    """Everything around a rejection in one list, the latest first.

    Days stand at their first instant in your time zone. What a check-in says is not shown here.
    """
    return await timeline.list(rejection_id, query)


@router.get(
    "/opportunities/{opportunity_id}/preparation-brief",
    tags=["Insights"],
    summary="Prepare for what comes next",
)
@manners(problems=(OpportunityIsOver,), writes=True)
async def get_preparation_brief(opportunity_id: Id, briefs: BriefReader) -> PreparationBrief:
    """What to carry into the next conversation of an opportunity, from everything you noted before.

    - `lessons`: those not yet applied.
    - `answers`: the stronger answers you wrote, from this company, from reflections on a rejection
      at `next_stage`, and about what the question bank has questions about at that stage; all of
      them while `next_stage` is not set.
    - `gaps`: those open or in progress, first the one that most rejections name.
    - `red_flags`, `mismatches`: what put you off, here and elsewhere; each text once.
    - `people`: whom you know at this company.
    - `values`: yours, with what you last saw of each here.

    `reason` says why something is here; what comes from this company stands first, then what comes
    from the same stage. Each list has 20 entries at most. Opening a brief counts as preparing, so
    that a plan's step for it is ticked; only an opportunity that goes on has one.
    """
    return await briefs.open(opportunity_id)


@router.get("/insights/overview", tags=["Insights"], summary="Counts of everything, and goals")
async def get_overview(
    query: Annotated[InsightQuery, Query()], insights: InsightReader
) -> Overview:
    """A few counts of everything on some days, and how far each active goal is.

    A goal counts in its current period: this week from Monday, this month, or once from its first
    day to its last. `activity` counts the same for the days you ask for:

    - `applications`: opportunities and rejections without one, by `applied_on`. For an opportunity
      that has none it is the earliest of the rejections that name it.
    - `interviews`: opportunities that came to `interviewing`, and rejections with `interviewed_on`;
      each once.
    - `contacts_added`: contacts, by the day you added them.
    - `follow_ups_done`: interactions that went out from you and are done.
    - `feedback_requested`: requests, by `sent_on`.
    - `lessons_captured`, `lessons_applied`: lessons, by the day of each.
    - `practice_sessions`: recovery steps done with the practice `E2`, among them your own.

    How you were is not part of it; that needs the scope of check-ins.
    """
    return await insights.overview(query)


@router.get("/insights/rejections", tags=["Insights"], summary="How far, why, and how it ended")
async def get_rejection_insight(
    query: Annotated[RejectionInsightQuery, Query()], insights: InsightReader
) -> RejectionInsight:
    """Rejections of some days by stage, reason, source and month, and the funnel.

    Each list has every word, also those with 0, and every month. Reasons are counted apart by who
    named them: what employers state is often boilerplate. `funnel` counts the applications of these
    days by how far they came at least; a rejection without an opportunity is an application that
    ended at its stage. An application belongs to the day of `applied_on`, of an opportunity without
    one to the earliest of the rejections that name it, else to the day on which it was added or
    ended.

    Show `silence` as what it is, normal: in the Talent Board's research of 2022, between 53 and 71
    percent of candidates, by region, never got feedback.
    """
    return await insights.of_rejections(query)


@router.get("/insights/feedback", tags=["Insights"], summary="What comes back, and how often")
async def get_feedback_insight(
    query: Annotated[FeedbackInsightQuery, Query()], insights: InsightReader
) -> FeedbackInsight:
    """How often you ask, how often and how soon an answer comes, and what it says.

    `asked` counts rejections with somebody to ask: a contact is linked, or the "no" came at
    screening or later by other than portal or silence. `answered` leaves out requests that still
    wait. `themes` are the points of the feedback received on these days; `repeating` are those to
    improve that came with two rejections or more. The filters narrow what was said, not the rates.
    """
    return await insights.of_feedback(query)


@router.get("/insights/wellbeing", tags=["Insights"], summary="Mood and energy by week")
async def get_wellbeing_insight(
    query: Annotated[WellbeingInsightQuery, Query()], insights: WellbeingReader
) -> WellbeingInsight:
    """Mood and energy by week, from the check-ins there are; weeks begin on Monday.

    Every week of these days is there, also one without a check-in. There is no "time to recover",
    on purpose: it would be noise, and tell people that they heal slowly. Nothing here is a
    diagnosis.
    """
    return await insights.of_wellbeing(query)


@router.get("/insights/learning", tags=["Insights"], summary="What you learned")
async def get_learning_insight(
    query: Annotated[InsightQuery, Query()], insights: InsightReader
) -> LearningInsight:
    """Lessons, skill gaps and reflections of some days, and the gaps that rejections repeat.

    `lessons_by_practice` counts the lessons captured on these days that name a practice.
    `gaps_closed` counts by the gap's `closed_on`.
    """
    return await insights.of_learning(query)


@router.get("/insights/network", tags=["Insights"], summary="How your network grows")
async def get_network_insight(
    query: Annotated[InsightQuery, Query()], insights: InsightReader
) -> NetworkInsight:
    """People you met and how you stayed in touch on some days.

    With a cadence, a contact is due so many days after you added them, and after each time you were
    in touch since. `follow_ups_kept` counts what was due: kept on the day you were in touch by
    then, else missed on the day it was due. What is due today or later is open and not counted.
    An event counts on the day it began, else on the day you noted it.
    """
    return await insights.of_network(query)
