"""The wire shapes of lessons."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from app.domains.reflections.rules.sources import as_columns
from app.domains.reflections.terms import MAX_LESSON_CHARACTERS, LessonOrigin, LessonStatus
from app.kit.competencies import Competency
from app.kit.fields import Day, Id, Text
from app.kit.ids import example_id
from app.kit.practices import Practice
from app.kit.schemas import OMITTABLE, Examples, ListQuery, NextCursor, Patch, Record, Request

LessonText = Annotated[str, Text(MAX_LESSON_CHARACTERS)]


class LessonSource(BaseModel):
    """The record a lesson comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    collection: LessonOrigin
    id: Id


class _Sourced(Request):
    """A request with a `source`, which is compared and stored by its columns."""

    @override
    def given(self) -> dict[str, Any]:
        return as_columns(super().given())


class LessonCreate(_Sourced):
    """A lesson to keep. Its text is enough; what worked counts as much as what to change."""

    examples: ClassVar[Examples] = {
        "One sentence": {"text": "Say the result first, then how I got there."},
        "From a rejection, and used already": {
            "text": "Ask how the team decides before the last round.",
            "practice": "E2",
            "competency": "speaking",
            "source": {"collection": "rejections", "id": str(example_id("rejection_id"))},
            "status": "applied",
            "applied_to_opportunity_id": None,
            "applied_on": "2026-03-09",
        },
    }

    id: Id = OMITTABLE
    text: LessonText
    practice: Practice | None = Field(default=None, description="What it trains.")
    competency: Competency | None = Field(default=None, description="What it is about.")
    source: LessonSource | None = Field(default=None, description="Where it comes from.")
    status: LessonStatus = LessonStatus.OPEN
    applied_to_opportunity_id: Id | None = Field(
        default=None, description="Where you used it; only while it is applied."
    )
    applied_on: Day | None = Field(
        default=None, description="Only while it is applied; today unless you say so."
    )


class LessonPatch(_Sourced, Patch):
    """Changes to a lesson. Set `status` to apply it, to take that back, or to retire it."""

    examples: ClassVar[Examples] = {
        "You used it": {"status": "applied"},
        "You used it on another day": {"status": "applied", "applied_on": "2026-03-08"},
        "It has served": {"status": "retired"},
    }

    text: LessonText = OMITTABLE
    practice: Practice | None = None
    competency: Competency | None = None
    source: LessonSource | None = None
    status: LessonStatus = OMITTABLE
    applied_to_opportunity_id: Id | None = None
    applied_on: Day | None = None


class Lesson(Record):
    """Something learned, to carry forward."""

    text: LessonText
    practice: Practice | None
    competency: Competency | None
    source: LessonSource | None
    status: LessonStatus
    applied_to_opportunity_id: Id | None
    applied_on: Day | None


class LessonPage(BaseModel):
    """Some lessons, in the order asked for."""

    items: Annotated[list[Lesson], Field(max_length=100)]
    next_cursor: NextCursor


class LessonSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class LessonQuery(ListQuery):
    """Which lessons, in which order."""

    sort: LessonSort = LessonSort.CREATED_AT_DESC
    status: LessonStatus | None = None
    practice: Practice | None = None
    competency: Competency | None = None
    rejection_id: Id | None = Field(default=None, description="Comes from this rejection.")
    feedback_id: Id | None = Field(default=None, description="Comes from this feedback.")
    reflection_id: Id | None = Field(default=None, description="Comes from this reflection.")
    applied_to_opportunity_id: Id | None = Field(default=None, description="Was used there.")
