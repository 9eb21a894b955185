"""The wire shapes of figures about learning."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.insights.schemas.fields import Count, Insight
from app.domains.insights.terms import MAX_SHOWN, REPEATS_FROM
from app.domains.reflections.terms import MAX_NAME_CHARACTERS, SkillGapStatus
from app.kit.fields import Id, Line
from app.kit.practices import Practice


class PracticeCount(BaseModel):
    """How many lessons belong to a practice."""

    practice: Practice
    count: Count


class GapStatusCount(BaseModel):
    """How many gaps stand somewhere."""

    status: SkillGapStatus
    count: Count


class RepeatingGap(BaseModel):
    """A gap that several rejections name."""

    skill_gap_id: Id
    name: Annotated[str, Line(MAX_NAME_CHARACTERS)] = Field(examples=["Forecasting"])
    status: SkillGapStatus
    rejections: Count


class LearningInsight(Insight):
    """What you learned, and what became of it."""

    lessons_captured: Count
    lessons_applied: Count = Field(description="Applied on these days, whenever captured.")
    lessons_retired: Count = Field(description="Of those captured, retired by now.")
    lessons_by_practice: Annotated[list[PracticeCount], Field(max_length=len(Practice))]
    gaps_by_status: Annotated[list[GapStatusCount], Field(max_length=len(SkillGapStatus))] = Field(
        description="Where the gaps noted on these days stand by now."
    )
    gaps_closed: Count = Field(
        description="Closed on these days and not taken up again, whenever noted."
    )
    repeating_gaps: Annotated[list[RepeatingGap], Field(max_length=MAX_SHOWN)] = Field(
        description=f"Named by {REPEATS_FROM} rejections of these days or more; the most first."
    )
    reflections: Count
    minutes_reflected: Count
