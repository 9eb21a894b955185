"""Drafting and checking letters: computations, of which nothing is stored and nothing is sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.auth.terms import ConsentCategory
from app.db.references import unknown
from app.db.transaction import Transaction
from app.domains.accounts.service import AccountService
from app.domains.feedback.rules import drafting
from app.domains.feedback.rules.data import QUESTIONS, WORDS
from app.domains.feedback.rules.letters import Finding, LetterContext, check_letter, language_of
from app.domains.feedback.schemas.letters import (
    MessageCheckCreate,
    MessageDraftCreate,
    QuestionQuery,
)
from app.domains.rejections.service import RejectionService
from app.kit.clock import local_day
from app.kit.problems import NotFound

CONTEXT_FIELDS = (
    "role_title",
    "company_name",
    "contact_name",
    "stage",
    "had_human_contact",
    "rejected_on",
)


class LetterService(Service):
    """Drafts letters, checks them, and knows what can be asked."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.rejections = RejectionService(transaction, caller)

    async def draft(self, body: MessageDraftCreate) -> Mapping[str, Any]:
        """A letter from what is known, with what the checks say of it.

        Raises:
            Invalid: the rejection is none of the person's.
        """
        language = body.language or self.caller.language
        context = await self._known(body)
        written = drafting.draft(
            body.kind,
            body.tone,
            language,
            drafting.Known(
                role_title=context["role_title"],
                company_name=context["company_name"],
                contact_name=body.contact_name,
                sender_name=body.sender_name or await self._display_name(),
                memory=body.memory,
                questions=body.questions or drafting.usual_questions(context["stage"], language),
            ),
        )
        findings = check_letter(
            body.kind, written.subject, written.body, self._context(context), WORDS[language]
        )
        return {
            "kind": body.kind,
            "tone": body.tone,
            "language": language,
            "subject": written.subject,
            "body": written.body,
            "context": context,
            "checks": _presented(findings),
        }

    async def check(self, body: MessageCheckCreate) -> Mapping[str, Any]:
        """What the rules say of a letter."""
        language = body.language or language_of(body.body, self.caller.language)
        known = {name: getattr(body.context, name, None) for name in CONTEXT_FIELDS}
        findings = check_letter(
            body.kind, body.subject, body.body, self._context(known), WORDS[language]
        )
        return {"kind": body.kind, "language": language, "items": _presented(findings)}

    def questions(self, query: QuestionQuery) -> Mapping[str, Any]:
        """The questions of the bank that fit, in the person's language."""
        return {
            "items": [
                {
                    "key": one.key,
                    "text": one.text[self.caller.language],
                    "stages": one.stages,
                    "competency": one.competency,
                    "usual": one.usual,
                }
                for one in QUESTIONS
                if query.stage in {None, *one.stages} and query.competency in {None, one.competency}
            ],
            "next_cursor": None,
        }

    async def _known(self, body: MessageDraftCreate) -> dict[str, Any]:
        """What is known of the occasion, from the request and the rejection it names."""
        rejection = await self._rejection(body.rejection_id)
        stage = rejection.stage if rejection else None
        return {
            "role_title": body.role_title or (rejection and rejection.role_title),
            "company_name": body.company_name or (rejection and rejection.company_name),
            "contact_name": body.contact_name,
            "stage": stage,
            "had_human_contact": drafting.human_contact(
                stage,
                rejection.channel if rejection else None,
                contact_named=body.contact_name is not None,
            ),
            "rejected_on": rejection.rejected_on if rejection else None,
        }

    async def _rejection(self, rejection_id: UUID | None) -> Any:
        if rejection_id is None:
            return None
        if not self.caller.may(ConsentCategory.REJECTIONS):
            raise unknown("/rejection_id")
        try:
            return await self.rejections.get(rejection_id)
        except NotFound:
            raise unknown("/rejection_id") from None

    async def _display_name(self) -> str | None:
        if not self.caller.may(ConsentCategory.PROFILE):
            return None
        profile = await AccountService(self.transaction, self.caller).get()
        name: str | None = profile.display_name
        return name

    def _context(self, known: Mapping[str, Any]) -> LetterContext:
        """What the rules need to know; days are counted in the person's zone."""
        rejected_on: date | None = known["rejected_on"]
        days = None
        if rejected_on is not None:
            days = (local_day(self.clock.now(), self.caller.zone) - rejected_on).days
        facts = {name: value for name, value in known.items() if name != "rejected_on"}
        return LetterContext(**facts, days_since_rejection=days)


def _presented(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "rule": one.rule,
            "outcome": one.outcome,
            "severity": one.severity,
            "hint": one.hint,
            "span": vars(one.span) if one.span else None,
        }
        for one in findings
    ]
