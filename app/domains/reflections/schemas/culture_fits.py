"""The wire shapes of culture-fit assessments."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from app.domains.accounts.terms import Value
from app.domains.reflections.schemas.fields import Items, Rating
from app.domains.reflections.terms import MAX_FITS, FitConclusion
from app.kit.fields import Distinct, Id, whole
from app.kit.ids import example_id
from app.kit.schemas import (
    OMITTABLE,
    Examples,
    ListQuery,
    NextCursor,
    Patch,
    Record,
    Request,
    omittable,
)

Percent = Annotated[int, whole(0, 100)]


class ValueRating(BaseModel):
    """A value: how much it matters to you, and how much of it you saw there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Value
    importance: Rating = Field(description="1 hardly to 5 very much.")
    observed: Rating = Field(description="1 nothing of it to 5 fully.")


def _by_value(rating: ValueRating) -> Value:
    return rating.value


ValueRatings = Annotated[list[ValueRating], Field(max_length=MAX_FITS), Distinct(_by_value)]


class CultureFitAssessmentCreate(Request):
    """Your values against what you saw of a company: by a rejection, a company, or both."""

    examples: ClassVar[Examples] = {
        "In one word": {
            "rejection_id": str(example_id("rejection_id")),
            "conclusion": "misaligned",
        },
        "Value by value": {
            "rejection_id": str(example_id("rejection_id")),
            "company_id": None,
            "ratings": [
                {"value": "learning", "importance": 5, "observed": 4},
                {"value": "flexibility", "importance": 3, "observed": 2},
            ],
            "red_flags": ["Two of the three people I met were leaving."],
            "conclusion": "mixed",
        },
    }

    id: Id = OMITTABLE
    rejection_id: Id | None = Field(
        default=None, description="Needed unless there is a `company_id`."
    )
    company_id: Id | None = None
    ratings: ValueRatings = Field(default_factory=list)
    red_flags: Items = Field(default_factory=list)
    conclusion: FitConclusion = omittable(
        "Your own word. Left out, it follows from the alignment: aligned from 70 percent, mixed "
        "from 40, misaligned below; it is needed where no value is rated."
    )


class CultureFitAssessmentPatch(Patch):
    """Changes to an assessment. A conclusion stays yours: other ratings do not change it."""

    examples: ClassVar[Examples] = {
        "Rate other values": {
            "ratings": [{"value": "learning", "importance": 5, "observed": 2}],
            "conclusion": "misaligned",
        },
        "Change your mind": {"conclusion": "aligned"},
    }

    rejection_id: Id | None = None
    company_id: Id | None = None
    ratings: ValueRatings = OMITTABLE
    red_flags: Items = OMITTABLE
    conclusion: FitConclusion = OMITTABLE


class CultureFitAssessment(Record):
    """Your values against what you saw of a company."""

    rejection_id: Id | None
    company_id: Id | None
    ratings: ValueRatings
    red_flags: Items
    conclusion: FitConclusion
    alignment_percent: Percent | None = Field(
        description=(
            "How much you saw of what you value: the mean of (observed - 1) / 4 over your "
            "ratings, weighted by importance, in percent. Null where nothing is rated."
        )
    )


class CultureFitAssessmentPage(BaseModel):
    """Some assessments, in the order asked for."""

    items: Annotated[list[CultureFitAssessment], Field(max_length=100)]
    next_cursor: NextCursor


class CultureFitAssessmentSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class CultureFitAssessmentQuery(ListQuery):
    """Which assessments, in which order."""

    sort: CultureFitAssessmentSort = CultureFitAssessmentSort.CREATED_AT_DESC
    rejection_id: Id | None = None
    company_id: Id | None = None
    conclusion: FitConclusion | None = None
