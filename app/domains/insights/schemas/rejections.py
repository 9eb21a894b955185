"""The wire shapes of figures about rejections."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domains.insights.schemas.fields import ByMonth, Count, Insight, InsightQuery, Share
from app.domains.opportunities.terms import OpportunityStatus
from app.domains.rejections.terms import (
    MAX_REASONS,
    MAX_TAG_CHARACTERS,
    DecidedBy,
    ReasonCode,
    RejectionSource,
    RejectionStage,
)
from app.kit.fields import Id, Line


class RejectionInsightQuery(InsightQuery):
    """Which rejections."""

    stage: RejectionStage | None = None
    source: RejectionSource | None = Field(default=None, description="Narrows the funnel, too.")
    decided_by: DecidedBy | None = None
    company_id: Id | None = Field(default=None, description="Narrows the funnel, too.")
    tag: Annotated[str, Line(MAX_TAG_CHARACTERS)] | None = None


class StageCount(BaseModel):
    """How many ended at a stage."""

    stage: RejectionStage
    count: Count


class ReasonCount(BaseModel):
    """How often a reason was named, and by whom. Stated reasons are often boilerplate."""

    reason: ReasonCode
    stated: Count = Field(description="By the employer.")
    inferred: Count = Field(description="By you, as a guess.")


class SourceCount(BaseModel):
    """How many openings came from a source."""

    source: RejectionSource
    count: Count


class DeciderCount(BaseModel):
    """How many were ended by somebody."""

    decided_by: DecidedBy
    count: Count


class FunnelStep(BaseModel):
    """How many applications came at least so far."""

    status: OpportunityStatus
    count: Count


class RejectionInsight(Insight):
    """How far applications came, why and how they ended."""

    by_stage: Annotated[list[StageCount], Field(max_length=len(RejectionStage))]
    by_reason: Annotated[list[ReasonCount], Field(max_length=MAX_REASONS)]
    by_source: Annotated[list[SourceCount], Field(max_length=len(RejectionSource))]
    by_decider: Annotated[list[DeciderCount], Field(max_length=len(DecidedBy))]
    by_month: ByMonth
    silence: Share = Field(description="Those that ended in silence.")
    funnel: Annotated[list[FunnelStep], Field(max_length=len(OpportunityStatus))]
