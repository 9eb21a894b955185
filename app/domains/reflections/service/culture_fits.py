"""Comparing one's values with a company's."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.auth.caller import Caller, Service
from app.db.paging import Page
from app.db.transaction import Transaction
from app.domains.reflections.events import (
    CultureFitDeleted,
    CultureFitRecorded,
    CultureFitUpdated,
)
from app.domains.reflections.repository import CultureFitRepository
from app.domains.reflections.rules.alignment import (
    alignment_percent,
    check_subject,
    conclusion_of,
)
from app.domains.reflections.schemas import (
    CultureFitAssessmentCreate,
    CultureFitAssessmentPatch,
    CultureFitAssessmentQuery,
)
from app.kit.periods import Period
from app.kit.preconditions import Precondition
from app.kit.schemas import Existing

_SUBJECT = ("rejection_id", "company_id")


class CultureFitService(Service):
    """Records, lists, changes and deletes culture-fit assessments."""

    def __init__(self, transaction: Transaction, caller: Caller) -> None:
        super().__init__(transaction, caller)
        self.assessments = CultureFitRepository(transaction, caller)

    async def list(self, query: CultureFitAssessmentQuery) -> Page:
        """One page of the person's assessments."""
        return await self.assessments.page(query)

    async def get(self, culture_fit_assessment_id: UUID) -> Any:
        """One assessment; raises NotFound."""
        return await self.assessments.get(culture_fit_assessment_id)

    async def outline(self, period: Period | None = None) -> Sequence[Any]:
        """What counts of all assessments."""
        return await self.assessments.outline(period)

    async def record(self, body: CultureFitAssessmentCreate) -> Any:
        """Keep a comparison, with the alignment that follows from its ratings.

        Raises:
            Invalid: it is about nothing or about what is not there, or nothing says a conclusion.
            IdTaken, IdDeleted: the client's id cannot be used.
        """
        if repeated := await self.assessments.find_repeat(body):
            return Existing(repeated)
        check_subject(body.rejection_id, body.company_id)
        values = body.model_dump()
        values["alignment_percent"] = alignment_percent(values["ratings"])
        values["conclusion"] = conclusion_of(body.conclusion, values["alignment_percent"])
        await self.assessments.check_references(values)
        record = await self.assessments.insert(values)
        await self.state(CultureFitRecorded(record_id=record.id, **_facts(record)))
        return record

    async def update(
        self,
        culture_fit_assessment_id: UUID,
        patch: CultureFitAssessmentPatch,
        precondition: Precondition,
    ) -> Any:
        """Change an assessment. Its alignment follows the ratings, its conclusion does not.

        Raises:
            NotFound, PreconditionFailed.
            Invalid: it would be about nothing, or about what is not there.
        """
        before, changes = await self.assessments.change(
            culture_fit_assessment_id, patch, precondition
        )
        if not changes:
            return before
        if changes.keys() & set(_SUBJECT):
            check_subject(*(changes.get(name, getattr(before, name)) for name in _SUBJECT))
        if "ratings" in changes:
            changes["alignment_percent"] = alignment_percent(changes["ratings"])
        await self.assessments.check_references(changes)
        record = await self.assessments.update(culture_fit_assessment_id, changes)
        await self.state(
            CultureFitUpdated(record_id=record.id, **_facts(record), was=_facts(before))
        )
        return record

    async def delete(self, culture_fit_assessment_id: UUID, precondition: Precondition) -> None:
        """Delete an assessment.

        Raises:
            NotFound, PreconditionFailed.
        """
        record = await self.assessments.lock(culture_fit_assessment_id)
        precondition.check(record.revision)
        # Stated before the row goes, while others still know what refers to it.
        await self.state(CultureFitDeleted(record_id=culture_fit_assessment_id))
        await self.assessments.delete(culture_fit_assessment_id)


def _facts(record: Any) -> dict[str, Any]:
    """What other rooms need to know of an assessment."""
    return {"rejection_id": record.rejection_id, "company_id": record.company_id}
