"""The wire shapes of the overview."""

from typing import Annotated

from pydantic import BaseModel, Field, StrictBool

from app.domains.insights.schemas.fields import Count, Insight
from app.domains.opportunities.terms import (
    MAX_ACTIVE_GOALS,
    MAX_TARGET,
    MAX_TITLE_CHARACTERS,
    GoalMetric,
)
from app.kit.fields import Day, Id, Line, whole


class MetricCount(BaseModel):
    """How often something was done that goals count."""

    metric: GoalMetric
    count: Count


class GoalProgress(BaseModel):
    """How far an active goal is in its current period. A new period begins at zero, and no harm."""

    goal_id: Id
    title: Annotated[str, Line(MAX_TITLE_CHARACTERS)] = Field(examples=["Two good applications"])
    metric: GoalMetric
    target: Annotated[int, whole(1, MAX_TARGET)]
    done: Count
    first: Day = Field(alias="from", description="Where its current period begins.")
    last: Day | None = Field(alias="to", description="Where it ends; null for a goal without end.")
    achieved: StrictBool


class Overview(Insight):
    """A few counts of everything, and how far the goals are."""

    rejections: Count
    feedback_received: Count
    reflections: Count
    events_attended: Count
    steps_done: Count
    activity: Annotated[list[MetricCount], Field(max_length=len(GoalMetric))] = Field(
        description="What you did on these days, by what goals count."
    )
    goals: Annotated[list[GoalProgress], Field(max_length=MAX_ACTIVE_GOALS)] = Field(
        description="Active goals, whatever days you ask for; the earliest start first."
    )
