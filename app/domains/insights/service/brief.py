"""What to carry into the next conversation."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Service
from app.auth.terms import ConsentCategory
from app.domains.accounts.service import AccountService
from app.domains.contacts.service import ContactService
from app.domains.feedback.service.feedback import FeedbackService
from app.domains.insights.rules.brief import Past, preparation_brief
from app.domains.insights.rules.figures import Figures
from app.domains.opportunities.service.opportunities import OpportunityService
from app.domains.reflections.service.culture_fits import CultureFitService
from app.domains.reflections.service.lessons import LessonService
from app.domains.reflections.service.reflections import ReflectionService
from app.domains.reflections.service.skill_gaps import SkillGapService
from app.domains.rejections.service import RejectionService


class BriefService(Service):
    """Gathers what the person has learned for what comes next."""

    async def open(self, opportunity_id: UUID) -> Figures:
        """The brief for an opportunity; that it was opened is a fact for other rooms.

        What the caller does not see is not in it: the rooms give no outlines of that.

        Raises:
            NotFound: the person has no such opportunity.
            OpportunityIsOver: it has ended.
        """
        me = self.transaction, self.caller
        opportunities = OpportunityService(*me)
        opportunity = await opportunities.open_brief(opportunity_id)
        past = Past(
            rejections=await RejectionService(*me).outline(),
            opportunities=await opportunities.outline(),
            reflections=await ReflectionService(*me).looks_back(),
            feedback=await FeedbackService(*me).outline(),
            lessons=await LessonService(*me).open(),
            gaps=await SkillGapService(*me).outline(),
            fits=await CultureFitService(*me).outline(),
            contacts=await ContactService(*me).outline(),
            values=await self._values(),
        )
        brief = preparation_brief(opportunity, past, self.caller.language)
        return {**brief, "left_out": self.caller.left_out}

    async def _values(self) -> Sequence[Any]:
        if not self.caller.may(ConsentCategory.PROFILE):
            return ()
        values: Sequence[Any] = (await AccountService(self.transaction, self.caller).get()).values
        return values
