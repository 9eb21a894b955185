"""The wire shapes of insights, the timeline and the preparation brief."""

from app.domains.insights.schemas.brief import PreparationBrief
from app.domains.insights.schemas.feedback import FeedbackInsight, FeedbackInsightQuery
from app.domains.insights.schemas.fields import InsightQuery
from app.domains.insights.schemas.learning import LearningInsight
from app.domains.insights.schemas.network import NetworkInsight
from app.domains.insights.schemas.overview import Overview
from app.domains.insights.schemas.rejections import RejectionInsight, RejectionInsightQuery
from app.domains.insights.schemas.timeline import TimelinePage, TimelineQuery
from app.domains.insights.schemas.wellbeing import WellbeingInsight, WellbeingInsightQuery

__all__ = [
    "FeedbackInsight",
    "FeedbackInsightQuery",
    "InsightQuery",
    "LearningInsight",
    "NetworkInsight",
    "Overview",
    "PreparationBrief",
    "RejectionInsight",
    "RejectionInsightQuery",
    "TimelinePage",
    "TimelineQuery",
    "WellbeingInsight",
    "WellbeingInsightQuery",
]
