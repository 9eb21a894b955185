"""What to ask oneself."""

from typing import Any

from app.auth.caller import Caller, Service
from app.auth.terms import ConsentCategory
from app.db.transaction import Transaction
from app.domains.reflections.rules.data import SELF_COMPASSION, SERIES, SOURCES, Exercise, Prompt
from app.domains.reflections.rules.prompts import Subject, choose_prompts
from app.domains.reflections.schemas import ReflectionPromptQuery
from app.domains.rejections.service import RejectionService
from app.kit.problems import NotFound
from app.kit.terms import Language


class PromptService(Service):
    """Chooses the questions that fit."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def list(self, query: ReflectionPromptQuery) -> dict[str, Any]:
        """Questions that fit a rejection, or general ones; none for one that is not there."""
        language = self.caller.language
        return {
            "minutes": query.minutes,
            "items": [_present(prompt, language) for prompt in await self._chosen(query)],
            "writing": _present_exercise(SELF_COMPASSION, language),
            "writing_series": {
                "title": SERIES.title[language],
                "text": SERIES.text[language],
                "sessions": [_present_exercise(one, language) for one in SERIES.sessions],
            },
            "sources": [vars(source) for source in SOURCES],
        }

    async def _chosen(self, query: ReflectionPromptQuery) -> tuple[Prompt, ...]:
        if query.rejection_id is None:
            return choose_prompts(None, query.minutes)
        if not self.caller.may(ConsentCategory.REJECTIONS):
            return ()
        try:
            rejection = await self.rejections.get(query.rejection_id)
        except NotFound:
            # As in every list: a filter by what is not there finds nothing.
            return ()
        subject = Subject.of(rejection.stage, rejection.decided_by, rejection.reasons)
        return choose_prompts(subject, query.minutes)


def _present(prompt: Prompt, language: Language) -> dict[str, Any]:
    return {
        "key": prompt.key,
        "part": prompt.part,
        "question": prompt.question[language],
        "hint": prompt.hint[language] if prompt.hint else None,
        "minutes": prompt.minutes,
        "operation_id": prompt.operation_id,
        "field": prompt.field,
    }


def _present_exercise(exercise: Exercise, language: Language) -> dict[str, Any]:
    return {
        "title": exercise.title[language],
        "text": exercise.text[language],
        "minutes": exercise.minutes,
    }
