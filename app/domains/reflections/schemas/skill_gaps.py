"""The wire shapes of skill gaps."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domains.reflections.terms import (
    MAX_EVIDENCE,
    MAX_NAME_CHARACTERS,
    MAX_PLAN_CHARACTERS,
    MAX_RESOURCES,
    MAX_TITLE_CHARACTERS,
    MAX_URL_CHARACTERS,
    Severity,
    SkillGapKind,
    SkillGapStatus,
)
from app.kit.fields import Day, Distinct, Id, Line, Text, WebAddress, whole
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

GapName = Annotated[str, Line(MAX_NAME_CHARACTERS)]
GapPlan = Annotated[str, Text(MAX_PLAN_CHARACTERS)]
Percent = Annotated[int, whole(0, 100)]
# Which rejections name a gap is a set: sorted, so that the same set is the same value.
RejectionIds = Annotated[
    list[Id], Field(max_length=MAX_EVIDENCE), Distinct(), AfterValidator(sorted)
]


class LearningResource(BaseModel):
    """Something to learn from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Line(MAX_TITLE_CHARACTERS)]
    url: Annotated[str, WebAddress(MAX_URL_CHARACTERS)]


Resources = Annotated[list[LearningResource], Field(max_length=MAX_RESOURCES)]


class SkillGapCreate(Request):
    """Something to learn. Its name is enough; you have one gap of each name."""

    examples: ClassVar[Examples] = {
        "A name is enough": {"name": "Forecasting"},
        "Named by a rejection, with a plan": {
            "name": "Forecasting",
            "kind": "skill",
            "severity": "high",
            "rejection_ids": [str(example_id("rejection_id"))],
            "plan": "One small forecast a week, with numbers I know.",
            "resources": [{"title": "An open course", "url": "https://example.com/forecasting"}],
            "target_on": "2026-05-01",
            "status": "in_progress",
            "progress_percent": 20,
        },
    }

    id: Id = OMITTABLE
    name: GapName
    kind: SkillGapKind = SkillGapKind.SKILL
    severity: Severity = Field(default=Severity.MEDIUM, description="How much it matters.")
    rejection_ids: RejectionIds = Field(
        default_factory=list, description="The rejections that name it, in any order."
    )
    plan: GapPlan | None = None
    resources: Resources = Field(default_factory=list)
    target_on: Day | None = Field(default=None, description="By when you want to close it.")
    status: SkillGapStatus = SkillGapStatus.OPEN
    progress_percent: Percent = omittable("0 unless you say so, and 100 when it is closed.")


class SkillGapPatch(Patch):
    """Changes to a gap. Set `status` to work on it, close it, let it go or take it up again."""

    examples: ClassVar[Examples] = {
        "Begin": {"status": "in_progress"},
        "Close it": {"status": "closed"},
        "Another rejection names it too": {
            "rejection_ids": [str(example_id("rejection_id")), str(example_id("id"))]
        },
    }

    name: GapName = OMITTABLE
    kind: SkillGapKind = OMITTABLE
    severity: Severity = OMITTABLE
    rejection_ids: RejectionIds = OMITTABLE
    plan: GapPlan | None = None
    resources: Resources = OMITTABLE
    target_on: Day | None = None
    status: SkillGapStatus = OMITTABLE
    progress_percent: Percent = omittable("Closing sets it to 100 unless you say so.")


class SkillGap(Record):
    """Something to learn, and the rejections that name it."""

    name: GapName
    kind: SkillGapKind
    severity: Severity
    rejection_ids: RejectionIds
    plan: GapPlan | None
    resources: Resources
    target_on: Day | None
    status: SkillGapStatus
    progress_percent: Percent
    closed_on: Day | None = Field(
        description="The day in your time zone on which it was closed; null while it is not.",
        examples=["2026-04-20"],
    )


class SkillGapPage(BaseModel):
    """Some skill gaps, in the order asked for."""

    items: Annotated[list[SkillGap], Field(max_length=100)]
    next_cursor: NextCursor


class SkillGapSort(StrEnum):
    """The orders of the list; a leading minus means the latest first."""

    CREATED_AT_DESC = "-created_at"
    CREATED_AT = "created_at"


class SkillGapQuery(ListQuery):
    """Which skill gaps, in which order."""

    sort: SkillGapSort = SkillGapSort.CREATED_AT_DESC
    status: SkillGapStatus | None = None
    kind: SkillGapKind | None = None
    severity: Severity | None = None
    name: GapName | None = Field(
        default=None, description="Is contained in the gap's name, whatever the case."
    )
    rejection_id: Id | None = Field(default=None, description="Is named by this rejection.")
