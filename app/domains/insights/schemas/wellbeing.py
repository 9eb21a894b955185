"""The wire shapes of figures about how a person is."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.insights.schemas.fields import Count, Insight, InsightQuery
from app.domains.insights.terms import MAX_WEEKS
from app.domains.recovery.terms import LEAST_RATING, MOST_RATING, Emotion
from app.kit.fields import Day, Id

Mean = Annotated[float, Field(ge=LEAST_RATING, le=MOST_RATING, examples=[3.4])]


class WellbeingInsightQuery(InsightQuery):
    """Which check-ins."""

    rejection_id: Id | None = Field(default=None, description="About this rejection.")


class WellbeingWeek(BaseModel):
    """How a week was. Means have one decimal place and are null in a week without a check-in."""

    week: Day = Field(description="Its Monday.")
    count: Count
    mood: Mean | None
    energy: Mean | None


class EmotionCount(BaseModel):
    """How often an emotion was named."""

    emotion: Emotion
    count: Count


class WellbeingInsight(Insight):
    """Mood and energy by week, and what was felt."""

    by_week: Annotated[list[WellbeingWeek], Field(max_length=MAX_WEEKS)]
    emotions: Annotated[list[EmotionCount], Field(max_length=len(Emotion))]
