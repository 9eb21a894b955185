"""The wire shapes of figures about feedback."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.feedback.terms import PointDirection
from app.domains.insights.schemas.fields import Count, Insight, InsightQuery, Share
from app.domains.insights.terms import MAX_COUNT, REPEATS_FROM
from app.kit.competencies import Competency, CompetencyFamily

Days = Annotated[float, Field(ge=0, le=MAX_COUNT, examples=[4.5])]


class FeedbackInsightQuery(InsightQuery):
    """Which feedback."""

    competency: Competency | None = Field(default=None, description="Narrows what was said.")
    direction: PointDirection | None = Field(default=None, description="Narrows what was said.")


class FeedbackTheme(BaseModel):
    """What feedback comes back to."""

    competency: Competency
    family: CompetencyFamily
    direction: PointDirection
    count: Count = Field(description="Points about it.")
    rejections: Count = Field(description="Rejections after which it was said.")


class FamilyCount(BaseModel):
    """What feedback says about a group of competencies."""

    family: CompetencyFamily
    strengths: Count
    improvements: Count


class RepeatingPoint(BaseModel):
    """What employers asked for more of, again and again."""

    competency: Competency
    family: CompetencyFamily
    rejections: Count = Field(description="Rejections after which it was said.")


class FeedbackInsight(Insight):
    """How often you ask, how often an answer comes, and what it says."""

    requests_sent: Count
    asked: Share = Field(description="Of the rejections with somebody to ask, those you asked.")
    answered: Share = Field(description="Of the requests that wait no longer, those answered.")
    median_days_to_answer: Days | None
    themes: Annotated[
        list[FeedbackTheme], Field(max_length=len(Competency) * len(PointDirection))
    ] = Field(description="Most often first.")
    by_family: Annotated[list[FamilyCount], Field(max_length=len(CompetencyFamily))]
    repeating: Annotated[list[RepeatingPoint], Field(max_length=len(Competency))] = Field(
        description=f"To improve, by {REPEATS_FROM} rejections or more; the most first."
    )
