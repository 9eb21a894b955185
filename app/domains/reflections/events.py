"""What happened to reflections, lessons, skill gaps and culture-fit assessments."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.domains.reflections.terms import LessonStatus, SkillGapStatus
from app.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class _ReflectionEvent(Event):
    collection: ClassVar[str] = "reflections"


@dataclass(frozen=True, kw_only=True)
class _ReflectionDescribed(_ReflectionEvent):
    rejection_id: UUID | None
    opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ReflectionRecorded(_ReflectionDescribed):
    """A person looked back."""

    type: ClassVar[str] = "reflection.recorded"


@dataclass(frozen=True, kw_only=True)
class ReflectionUpdated(_ReflectionDescribed):
    """Something about a reflection was changed."""

    type: ClassVar[str] = "reflection.updated"


@dataclass(frozen=True, kw_only=True)
class ReflectionDeleted(_ReflectionEvent):
    """A reflection is gone."""

    type: ClassVar[str] = "reflection.deleted"


@dataclass(frozen=True, kw_only=True)
class _SkillGapEvent(Event):
    collection: ClassVar[str] = "skill_gaps"


@dataclass(frozen=True, kw_only=True)
class _SkillGapDescribed(_SkillGapEvent):
    status: SkillGapStatus
    rejection_ids: frozenset[UUID]


@dataclass(frozen=True, kw_only=True)
class SkillGapOpened(_SkillGapDescribed):
    """A person noted something to learn, or took it up again."""

    type: ClassVar[str] = "skill_gap.opened"


@dataclass(frozen=True, kw_only=True)
class SkillGapUpdated(_SkillGapDescribed):
    """Something about a gap was changed, such as the rejections that name it."""

    type: ClassVar[str] = "skill_gap.updated"


@dataclass(frozen=True, kw_only=True)
class SkillGapClosed(_SkillGapDescribed):
    """A gap is closed."""

    type: ClassVar[str] = "skill_gap.closed"


@dataclass(frozen=True, kw_only=True)
class SkillGapDeleted(_SkillGapEvent):
    """A gap is gone."""

    type: ClassVar[str] = "skill_gap.deleted"


@dataclass(frozen=True, kw_only=True)
class _CultureFitEvent(Event):
    collection: ClassVar[str] = "culture_fit_assessments"


@dataclass(frozen=True, kw_only=True)
class _CultureFitDescribed(_CultureFitEvent):
    rejection_id: UUID | None
    company_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CultureFitRecorded(_CultureFitDescribed):
    """A person compared their values with a company's."""

    type: ClassVar[str] = "culture_fit.recorded"


@dataclass(frozen=True, kw_only=True)
class CultureFitUpdated(_CultureFitDescribed):
    """Something about an assessment was changed."""

    type: ClassVar[str] = "culture_fit.updated"


@dataclass(frozen=True, kw_only=True)
class CultureFitDeleted(_CultureFitEvent):
    """An assessment is gone."""

    type: ClassVar[str] = "culture_fit.deleted"


@dataclass(frozen=True, kw_only=True)
class _LessonEvent(Event):
    collection: ClassVar[str] = "lessons"


@dataclass(frozen=True, kw_only=True)
class _LessonDescribed(_LessonEvent):
    """`source_rejection_id` is the rejection it comes from, also through feedback on it."""

    status: LessonStatus
    source_rejection_id: UUID | None
    applied_to_opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class LessonCaptured(_LessonDescribed):
    """A person wrote a lesson down."""

    type: ClassVar[str] = "lesson.captured"


@dataclass(frozen=True, kw_only=True)
class LessonUpdated(_LessonDescribed):
    """Something about a lesson was changed; it also tells that it is not applied any more."""

    type: ClassVar[str] = "lesson.updated"


@dataclass(frozen=True, kw_only=True)
class LessonApplied(_LessonDescribed):
    """A person used a lesson."""

    type: ClassVar[str] = "lesson.applied"


@dataclass(frozen=True, kw_only=True)
class LessonDeleted(_LessonEvent):
    """A lesson is gone."""

    type: ClassVar[str] = "lesson.deleted"
