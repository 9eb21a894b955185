"""Counts of what the rooms hold, and how far goals are."""

from datetime import date

from app.auth.caller import Caller, Service
from app.auth.terms import ConsentCategory
from app.db.transaction import Transaction
from app.domains.contacts.service import (
    CompanyService,
    ContactService,
    InteractionService,
    NetworkingEventService,
)
from app.domains.feedback.service.feedback import FeedbackService
from app.domains.feedback.service.requests import FeedbackRequestService
from app.domains.insights.rules.feedback import feedback_figures
from app.domains.insights.rules.figures import Figures, Records, period_of
from app.domains.insights.rules.goals import covering, overview_figures, window_of
from app.domains.insights.rules.learning import learning_figures
from app.domains.insights.rules.network import network_figures, reaching_back
from app.domains.insights.rules.rejections import rejection_figures
from app.domains.insights.rules.wellbeing import wellbeing_figures
from app.domains.insights.schemas import (
    FeedbackInsightQuery,
    InsightQuery,
    RejectionInsightQuery,
    WellbeingInsightQuery,
)
from app.domains.opportunities.service.goals import GoalService
from app.domains.opportunities.service.opportunities import OpportunityService
from app.domains.recovery.service.check_ins import CheckInService
from app.domains.recovery.service.steps import StepService
from app.domains.reflections.service.lessons import LessonService
from app.domains.reflections.service.reflections import ReflectionService
from app.domains.reflections.service.skill_gaps import SkillGapService
from app.domains.rejections.service import RejectionService
from app.kit.clock import local_day
from app.kit.periods import Period


class InsightService(Service):
    """Counts. Each method asks the rooms for outlines, and lets the rules read them.

    A room gives no outline of what the caller does not see, and a filter by it finds nothing.
    All raise Invalid for a period that ends before it starts or is longer than five years.
    """

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.rejections = RejectionService(transaction, caller)
        self.opportunities = OpportunityService(transaction, caller)
        self.requests = FeedbackRequestService(transaction, caller)
        self.answers = FeedbackService(transaction, caller)
        self.lessons = LessonService(transaction, caller)
        self.reflections = ReflectionService(transaction, caller)
        self.contacts = ContactService(transaction, caller)
        self.interactions = InteractionService(transaction, caller)
        self.events = NetworkingEventService(transaction, caller)

    async def overview(self, query: InsightQuery) -> Figures:
        """A few counts of everything, and how far the active goals are."""
        period, today = self._period(query), self._today()
        goals = await GoalService(self.transaction, self.caller).active()
        windows = [window_of(goal, today) for goal in goals]
        known = covering(period, windows, today)
        records = Records(
            rejections=await self.rejections.outline(known),
            # All of them: a rejection of the period may name the day of one that is older.
            opportunities=await self.opportunities.outline(),
            reached=await self.opportunities.reached(),
            contacts=await self.contacts.outline(known),
            interactions=await self.interactions.outline(known),
            requests=await self.requests.outline(known),
            feedback=await self.answers.outline(known),
            lessons=await self.lessons.outline(known),
            reflections=await self.reflections.outline(known),
            events=await self.events.outline(known),
            steps=await StepService(self.transaction, self.caller).outline(known),
        )
        return self._told(overview_figures(records, period, windows, today))

    async def of_rejections(self, query: RejectionInsightQuery) -> Figures:
        """How far applications came, why and how they ended."""
        period = self._period(query)
        records = Records(
            rejections=await self.rejections.outline(period),
            opportunities=await self.opportunities.outline(),
            reached=await self.opportunities.reached(),
        )
        if query.company_id is not None and not self.caller.may(ConsentCategory.NETWORK):
            records = Records()
        return self._told(rejection_figures(records, period, query.model_dump()))

    async def of_feedback(self, query: FeedbackInsightQuery) -> Figures:
        """How often the person asks, how often an answer comes, and what it says."""
        period = self._period(query)
        records = Records(
            rejections=await self.rejections.outline(period),
            requests=await self.requests.outline(period),
            feedback=await self.answers.outline(period),
        )
        figures = feedback_figures(
            records, period, competency=query.competency, direction=query.direction
        )
        return self._told(figures)

    async def of_wellbeing(self, query: WellbeingInsightQuery) -> Figures:
        """Mood and energy by week."""
        period = self._period(query)
        check_ins = await CheckInService(self.transaction, self.caller).outline(period)
        if query.rejection_id is not None and not self.caller.may(ConsentCategory.REJECTIONS):
            check_ins = ()
        records = Records(check_ins=check_ins)
        return self._told(wellbeing_figures(records, period, rejection_id=query.rejection_id))

    async def of_learning(self, query: InsightQuery) -> Figures:
        """Lessons, gaps and reflections."""
        period = self._period(query)
        records = Records(
            lessons=await self.lessons.outline(period),
            gaps=await SkillGapService(self.transaction, self.caller).outline(),
            reflections=await self.reflections.outline(period),
            rejections=await self.rejections.outline(period),
        )
        return self._told(learning_figures(records, period))

    async def of_network(self, query: InsightQuery) -> Figures:
        """People, follow-ups and occasions."""
        period = self._period(query)
        records = Records(
            contacts=await self.contacts.outline(),
            interactions=await self.interactions.outline(reaching_back(period)),
            companies=await CompanyService(self.transaction, self.caller).outline(),
            events=await self.events.outline(period),
        )
        return self._told(network_figures(records, period, self._today()))

    def _told(self, figures: Figures) -> Figures:
        return {**figures, "left_out": self.caller.left_out}

    def _period(self, query: InsightQuery) -> Period:
        return period_of(query.first, query.last, self._today(), self.caller.zone)

    def _today(self) -> date:
        return local_day(self.clock.now(), self.caller.zone)
